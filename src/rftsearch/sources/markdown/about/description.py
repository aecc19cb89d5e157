"""The title of a list and the paragraph that says what it collects."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from rftsearch.sources.markdown.outline import about_the_list, is_contents
from rftsearch.sources.markdown.styles.categories import says_nothing
from rftsearch.sources.markdown.styles.citations import cited_paper
from rftsearch.sources.markdown.styles.html_tree import Element
from rftsearch.sources.markdown.styles.pieces import (
    Piece,
    flat_text,
    line_of,
    pieces_of,
    split_lines,
)
from rftsearch.sources.markdown.words.features import words_in
from rftsearch.sources.markdown.words.people import looks_like_authors
from rftsearch.text.sentences import find_sentences

__all__ = ["Head", "read_head"]

LONGEST = 300
"""Characters of a description; it ends with a sentence before them, if one does."""
_CUT = " ..."


@dataclass(frozen=True, slots=True)
class _Heading:
    level: int
    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Head:
    """The headings of a list and the paragraphs that may introduce it."""

    headings: Sequence[_Heading]
    paragraphs: Sequence[tuple[int, str]]
    """Each with its line."""

    def title(self, first_entry: int) -> str:
        """Return the name of the list; empty if no heading is it.

        Args:
            first_entry: Line of the first entry, 0 without any.
        """
        return _title(self.headings, first_entry)

    def description(self, first_entry: int) -> str:
        """Return what the list says that it collects; empty if it says nothing.

        Args:
            first_entry: Line of the first entry, 0 without any.
        """
        texts = [text for line, text in self.paragraphs if not first_entry or line <= first_entry]
        return _shortened(_best(texts))


_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_TEXT_BLOCKS = {"p", "div", "center", "blockquote", "td", "body", "section", "article"}
_NO_INTRODUCTION = {"li", "table", "pre", "details", "script", "style", "summary"}
_INNER_BLOCKS = {*_HEADINGS, "p", "div", "ul", "ol", "table", "pre", "details", "blockquote"}
_INNER_BLOCKS |= {"center", "section", "article"}
_MOST_PARAGRAPHS = 40
_MOST_BLOCKS = 400
"""Blocks of a document among which a description is looked for."""


def read_head(body: Element) -> Head:
    """Return the headings of a list and the paragraphs that may say what it collects."""
    every = [one for element in body.iter(*_HEADINGS) if (one := _heading(element))]
    above: list[_Heading] = []
    paragraphs: list[tuple[int, str]] = []
    looked_at = 0
    for element in islice(_in_order(body), _MOST_BLOCKS):
        if element.tag in _HEADINGS:
            above += filter(None, [_heading(element)])
        elif looked_at < _MOST_PARAGRAPHS and _introduces(above):
            looked_at += 1
            inner = [e for e in element.iterdescendants() if e.tag in _INNER_BLOCKS]
            if text := _describing(pieces_of(element, skip=inner)):
                line = line_of(element, above[-1].line if above else 0)
                paragraphs.append((line, text))
    return Head(every, paragraphs)


def _heading(element: Element) -> _Heading | None:
    name = _heading_text(element)
    return _Heading(int(element.tag[1:]), name, line_of(element, 0)) if name else None


def _in_order(element: Element) -> Iterator[Element]:
    """Yield headings and blocks of text, but nothing of lists, tables and code."""
    for child in element:
        if not isinstance(child.tag, str) or child.tag in _NO_INTRODUCTION:
            continue
        if child.tag in _HEADINGS | _TEXT_BLOCKS:
            yield child
        if child.tag not in _HEADINGS:
            yield from _in_order(child)


def _heading_text(element: Element) -> str:
    pieces = [
        piece
        for piece in pieces_of(element)
        if not (piece.url and ("awesome.re" in piece.url or "sindresorhus" in piece.url))
    ]
    return flat_text(pieces).strip(" :#*-\u2013\u2014|")


# --- title -----------------------------------------------------------------------------

_LIST_NAME = re.compile(
    r"\b(?:awesome|papers?|reading|survey|list|collection|resources|roadmap|curated|arxiv)\b"
    r"|awesome|\u8bba\u6587|\u8ad6\u6587|\u6c47\u603b|\u6574\u7406|\u5217\u8868|\u6e05\u5355|\u307e\u3068\u3081",
    re.IGNORECASE,
)
_LONGEST_TITLE = 200


def _title(headings: Sequence[_Heading], first_entry: int) -> str:
    """Return the heading that is the name of the whole document; empty if none is."""
    names = [h for h in headings if not first_entry or h.line <= first_entry]
    if not names:
        return ""
    first = names[0]
    tops = [h for h in headings if h.level == min(h.level for h in headings)]
    inner = (
        about_the_list(first.name) or is_contents(first.name) or len(first.name) > _LONGEST_TITLE
    )
    if inner or (says_nothing(first.name) and len(words_in(first.name)) == 1):
        return ""
    follows = names[1:2]
    is_name = _LIST_NAME.search(first.name) is not None and bool(follows)
    if first.level == 1:
        alone = tops == [first]
        return first.name if alone or follows or is_name else ""
    return first.name if (tops == [first] and follows) or is_name else ""


def _is_section(name: str) -> bool:
    return about_the_list(name) or is_contents(name)


# --- description -----------------------------------------------------------------------

_ABOUT = re.compile(
    r"(?:introduction|intro|about|overview|description|background|what\s+is|why|motivation|scope"
    r"|abstract|summary|preface|foreword|readme|\u7b80\u4ecb|\u4ecb\u7ecd|\u524d\u8a00|\u6982\u8981"
    r"|\u306f\u3058\u3081\u306b|\u8aac\u660e|\u6982\u8ff0|\u80cc\u666f)\b",
    re.IGNORECASE,
)
_SAYS_WHAT = re.compile(
    r"\b(?:this|the|our)\s+(?:is\s+)?(?:\w+\s+){0,2}(?:repo(?:sitory)?|list|page|collection|project"
    r"|survey|paper\s*list|document|site|website|awesome)\b|\bthis\s+is\s+an?\b"
    r"|\b(?:curated|comprehensive|up-to-date|continuously\s+updated|reading|paper|awesome)\s+"
    r"(?:\w+\s+){0,2}(?:list|collection|set|repository|summary|survey)"
    r"|\b(?:list|collection|summary|compilation|repository|overview)\s+of\b"
    r"|\bwe\s+(?:\w+ly\s+)?(?:aim\s+to\s+)?(?:collect|present|provide|summari[sz]e|maintain|curate|list|"
    r"organi[sz]e|gather|track|review|survey)"
    r"|^(?:papers?|resources|must-read\s+papers|a\s+list|an?\s+\w+\s+list|collecti(?:on|ng)|tracking)\b"
    r"|\u672c(?:\u4ed3\u5e93|\u9879\u76ee|\u9875|\u5217\u8868|\u30ea\u30dd\u30b8\u30c8\u30ea)|\u6536\u96c6|\u6536\u5f55|\u6574\u7406|\u6c47\u603b|\u5f59\u6574|\u307e\u3068\u3081",
    re.IGNORECASE,
)
_NO_DESCRIPTION = re.compile(
    r"\W*(?:\[?20\d\d[./-]\d|\d{1,2}[./]\d{1,2}\b|news\b|updates?\b|latest\b|note\b|important\b|warning\b"
    r"|tips?\b|todo\b|if\s+you\b|please\b|feel\s+free|contribut|any\s+(?:suggest|contrib|issue)"
    r"|we\s+(?:welcome|appreciate|will|are\s+(?:happy|continu|keep|constant))|welcome\s+to\s+(?:contr|star"
    r"|follow|submit|pr)|pull\s+requests?|prs?\b|star\b|cite\b|thanks|thank\s+you|stay\s+tuned|maintained\s+by"
    r"|maintainers?\b|contact\b|e-?mail|authors?\s*:|last\s+update|updated\b|fig(?:ure|\.)|click\b|join\b"
    r"|follow\b|work\s+in\s+progress|under\s+construction|citation|licen[cs]e|table\s+of|contents?\b"
    r"|to\s+(?:contribute|add|cite)|tags?\s*:|keywords?\s*:|back\s+to|this\s+(?:repo(?:sitory)?|list|page|project)"
    r"\s+(?:will\s+be|is)\s+(?:\w+ly\s+)?(?:updat|maintain|under|licen|in\s+progress|still|being)"
    r"|\u66f4\u65b0|\u6b22\u8fce|\u5982\u679c)",
    re.IGNORECASE,
)
_RELEASED = re.compile(
    r"\b(?:has\s+been|have\s+been|is|was|are)\s+(?:now\s+)?(?:released|accepted|out)\b",
    re.IGNORECASE,
)
_QUOTE = re.compile(r"[\"\u201c\u2018'].*[\"\u201d\u2019']\.?(?:\s*[-\u2013\u2014].{0,60})?")
_FEW_WORDS, _FEW_SIGNS = 5, 8
_MOST_LINKED = 0.6


def _introduces(headings: Sequence[_Heading]) -> bool:
    """Return whether what stands below some headings may introduce the list."""
    if len(headings) <= 1:
        return not headings or not (
            about_the_list(headings[0].name) or is_contents(headings[0].name)
        )
    name = headings[-1].name
    first = headings[0]
    bare = re.sub(r"^\W*(?:\d+[.)]?\s+)?", "", name)
    if _ABOUT.match(bare):
        return True
    return headings[-1].line == first.line or name == first.name


_BREAK = Piece("", 0, is_break=True)


def _describing(pieces: Sequence[Piece]) -> str:
    """Return a paragraph's text if it may say what the list collects; else nothing."""
    lines = split_lines(pieces, soft=False)
    end = next((n for n, line in enumerate(lines) if n and _no_description(line)), len(lines))
    shown = (piece for line in lines[:end] for piece in (*line, _BREAK))
    words = [piece for piece in shown if not piece.is_badge]
    text = flat_text(words).strip(" |*>#")
    count = len(words_in(text))
    signs = len(re.findall(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]", text))
    if count < _FEW_WORDS and signs < _FEW_SIGNS:
        return ""
    linked = sum(len(piece.text) for piece in words if piece.url)
    if linked > _MOST_LINKED * len(text) or text.count("|") > 1 or text.count("\u2022") > 1:
        return ""
    leading = next((piece for piece in words if piece.text.strip(" \n*_|[(")), None)
    if leading is not None and leading.url and cited_paper(leading):
        return ""
    if (
        _RELEASED.search(text[:LONGEST])
        or _NO_DESCRIPTION.match(text)
        or _QUOTE.fullmatch(text)
        or re.search(r"\S@\S+\.\w", text)
    ):
        return ""
    return "" if looks_like_authors(text) else text


def _no_description(line: Sequence[Piece]) -> bool:
    return _NO_DESCRIPTION.match(flat_text(line)) is not None


def _best(paragraphs: Sequence[str]) -> str:
    """Return the paragraph that says best what the list is: that says it first, or the first."""
    for text in paragraphs:
        start, end = find_sentences(text)[0]
        if _SAYS_WHAT.search(text[start:end]):
            return text
    for text in paragraphs:
        for start, end in find_sentences(text):
            if _SAYS_WHAT.search(text[start:end]):
                return text if end <= LONGEST else text[start:]
    return next((text for text in paragraphs if text.endswith((".", "!", "\u3002"))), "")


def _shortened(text: str) -> str:
    """Return as many whole sentences as fit, or the first one cut at a word."""
    if len(text) <= LONGEST:
        return text.rstrip(" :\uff1a")
    ends = [end for _, end in find_sentences(text) if end <= LONGEST]
    if ends:
        return text[: ends[-1]].strip()
    return text[: LONGEST - len(_CUT)].rpartition(" ")[0].rstrip(" ,;:") + _CUT
