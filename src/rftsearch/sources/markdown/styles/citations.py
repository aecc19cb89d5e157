"""Whether pieces of a list cite a paper, and whether lines begin with a title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.sources.markdown.styles.html_tree import Element
from rftsearch.sources.markdown.styles.pieces import Piece, flat_text, pieces_of, split_lines
from rftsearch.sources.markdown.unread import is_paper_page
from rftsearch.sources.markdown.words.features import (
    has_words,
    is_label,
    is_title_case,
    paper_in_text,
    words_in,
)
from rftsearch.sources.markdown.words.people import looks_like_authors
from rftsearch.text.addresses import is_web_address

__all__ = [
    "arxiv_id_of",
    "begins_with_title",
    "cited_paper",
    "has_only_facts",
    "has_own_entries",
    "has_titles",
    "ids_of",
    "leads_somewhere",
]


def arxiv_id_of(piece: Piece) -> str | None:
    """Return the arXiv id of the paper that a piece leads to or names; None if it has none."""
    if piece.url is None and not piece.images:
        return _id_in_words(piece.text) if piece.text else None
    if piece.url:
        found = _id_in_address(piece.url) or paper_in_text(piece.text)
        if found or not piece.is_badge:
            return found
    for alt, address in piece.images:
        shown = address.partition("/badge/")[2].replace("--", "-")
        if found := paper_in_text(alt) or paper_in_text(shown):
            return found
    return None


def _id_in_words(text: str) -> str | None:
    """Return the id that words name; nearly all name none, which is seen quickly."""
    if _MAY_BEGIN_WITH_ID.match(text) or "rxiv" in text.lower():
        return paper_in_text(text)
    return None


_MAY_BEGIN_WITH_ID = re.compile(r"\s*\[?\d{4}\.\d{4}")
_id_in_address = lru_cache(maxsize=16_384)(parse_arxiv_id)


def cited_paper(piece: Piece) -> bool:
    """Return whether a piece leads to a paper: on arXiv, at a publisher, or by its label."""
    if arxiv_id_of(piece):
        return True
    return piece.url is not None and _leads_to_paper(piece.url, piece.text)


def leads_somewhere(url: str) -> bool:
    """Return whether an address is of the web, or of a PDF file beside the list."""
    return is_web_address(url) or re.fullmatch(r"(?![a-z]+:)[^?#]+\.pdf", url, re.I) is not None


@lru_cache(maxsize=16_384)
def _leads_to_paper(url: str, label: str) -> bool:
    if not leads_somewhere(url):
        return False
    if is_paper_page(url) or not is_web_address(url):
        return True
    words = {word.casefold() for word in words_in(label)}
    return not words.isdisjoint(_OF_PAPERS) and is_label(label)


_OF_PAPERS = {"paper", "pdf", "arxiv", "论文", "論文", "논문", "openreview", "anthology"}


def ids_of(pieces: Iterable[Piece]) -> set[str]:
    """Return the arXiv ids that pieces cite."""
    return {found for piece in pieces if (found := arxiv_id_of(piece))}


def _lines_of_items(element: Element) -> Iterator[list[Piece]]:
    items = list(element.iter("li", "tr")) or [element]
    for item in items:
        yield [p for p in pieces_of(item) if p.is_break or p.text.strip() or p.images]


def begins_with_title(element: Element) -> bool:
    """Return whether a paragraph begins with what may be a title of its own."""
    lines = split_lines(pieces_of(element), soft=False)
    return bool(lines) and _titled(lines[0])


def _titled(pieces: list[Piece]) -> bool:
    """Return whether a line begins with a linked or bold text that is no label."""
    for piece in pieces:
        if piece.is_break or not has_words(piece.text):
            continue
        text = piece.text.strip(" \n*-:|[(")
        if is_label(text):
            continue
        return bool(piece.url or piece.bold or text[:1] in '"\u201c')
    return False


def has_titles(element: Element) -> bool:
    """Return whether items of a nested list have titles of their own, besides labels."""
    for item in _lines_of_items(element):
        if not any(map(cited_paper, item)):
            continue
        lines = [line for line in split_lines(item, soft=True) if not _is_fact(line)]
        words = sum(len(words_in(_bare(line))) for line in lines)
        if any(map(_titled, lines[:1])) or words > _FEW or any(map(_names_something, lines[:1])):
            return True
    return False


def _names_something(line: list[Piece]) -> bool:
    """Return whether a line begins with words in the case of titles, before its first link."""
    first = next((n for n, piece in enumerate(line) if piece.url), len(line))
    text = flat_text(line[:first]).strip(" [(|,-")
    return (
        len(words_in(text)) > 1 and ":" not in text and is_title_case(text) and not is_label(text)
    )


_FEW = 3
_FACT = re.compile(
    r"\W*(?:authors?|by|venue|conference|journal|published|publisher|date|year|affiliations?"
    r"|institut\w*|keywords?|tags?|task|tl;?dr|\u4f5c\u8005|\u4f1a\u8bae|\u65e5\u671f)\W*:",
    re.IGNORECASE,
)


def _is_fact(line: list[Piece]) -> bool:
    """Return whether a line states something of a paper that stands above it."""
    text = flat_text(line)
    parts = [part for part in _BETWEEN_FACTS.split(text) if not is_label(part)]
    named = bool(parts) and all(map(looks_like_authors, parts))
    named = named and not any(piece.bold for piece in line)
    return _FACT.match(text) is not None or named


_BETWEEN_FACTS = re.compile(r"\s+[-\u2013\u2014|]\s+")
"""`Ann Bee, Carl Dew - SOUP 2023`."""


def has_only_facts(pieces: Iterable[Piece]) -> bool:
    """Return whether pieces only state who wrote a paper, where it was published, and the like."""
    lines = split_lines(pieces, soft=True)
    return bool(lines) and all(map(_is_fact, lines))


def _bare(line: list[Piece]) -> str:
    """Return the words of a line that are no labels."""
    text = flat_text(p for p in line if not (p.url is not None and is_label(p.text)))
    return re.sub(r"(?i)\b(?:paper|pdf|link)s?\b", "", text)


def has_own_entries(element: Element, own: Iterable[Piece]) -> bool:
    """Return whether a list nested in an entry has entries too: other papers, titles first."""
    known = set(filter(None, map(arxiv_id_of, own)))
    for line in _lines_of_items(element):
        ids = set(filter(None, map(arxiv_id_of, line)))
        if ids - known and _titled(line):
            return True
    return False
