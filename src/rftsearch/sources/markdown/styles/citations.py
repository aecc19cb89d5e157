"""Whether pieces of a list cite a paper, and whether lines begin with a title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.sources.markdown.styles.features import is_label, paper_in_text, words_in
from rftsearch.sources.markdown.styles.html_tree import Element
from rftsearch.sources.markdown.styles.pieces import Piece, flat_text, pieces_of, split_lines
from rftsearch.sources.markdown.unread import is_paper_page
from rftsearch.text.addresses import is_web_address

__all__ = [
    "arxiv_id_of",
    "begins_with_title",
    "cited_paper",
    "has_own_entries",
    "has_titles",
    "ids_of",
]


@lru_cache(maxsize=4096)
def arxiv_id_of(piece: Piece) -> str | None:
    """Return the arXiv id of the paper that a piece leads to or names; None if it has none."""
    if piece.is_break:
        return None
    if piece.url:
        found = parse_arxiv_id(piece.url) or paper_in_text(piece.text)
        if found or not piece.is_badge:
            return found
    for alt, address in piece.images:
        shown = address.partition("/badge/")[2].replace("--", "-")
        if found := paper_in_text(alt) or paper_in_text(shown):
            return found
    return None if piece.url or piece.images else paper_in_text(piece.text)


@lru_cache(maxsize=4096)
def cited_paper(piece: Piece) -> bool:
    """Return whether a piece leads to a paper: on arXiv, at a publisher, or by its label."""
    if arxiv_id_of(piece):
        return True
    if piece.url is None or not is_web_address(piece.url):
        return False
    label = [word.casefold() for word in words_in(piece.text)]
    return is_paper_page(piece.url) or (
        is_label(piece.text) and bool({"paper", "pdf", "arxiv", "论文", "openreview"} & set(label))
    )


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
        if piece.is_break or not words_in(piece.text):
            continue
        text = piece.text.strip(" \n*-:|[(")
        if is_label(text):
            continue
        return bool(piece.url or piece.bold or text[:1] in '"\u201c')
    return False


def has_titles(element: Element) -> bool:
    """Return whether items of a nested list have titles of their own, besides labels."""
    for line in _lines_of_items(element):
        rest = [p for p in line if not (p.url is not None and is_label(p.text))]
        if any(map(cited_paper, line)) and (
            _titled(line)
            or len(words_in(re.sub(r"(?i)\b(?:paper|pdf|link)s?\b", "", flat_text(rest)))) > 3
        ):
            return True
    return False


def has_own_entries(element: Element, own: Iterable[Piece]) -> bool:
    """Return whether a list nested in an entry has entries too: other papers, titles first."""
    known = set(filter(None, map(arxiv_id_of, own)))
    for line in _lines_of_items(element):
        ids = set(filter(None, map(arxiv_id_of, line)))
        if ids - known and _titled(line):
            return True
    return False
