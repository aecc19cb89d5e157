"""When a paper appeared, as its entry or the headings above it say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rftsearch.papers.arxiv_id import month_of_id
from rftsearch.sources.markdown.styles.categories import is_date_only
from rftsearch.sources.markdown.styles.citations import arxiv_id_of
from rftsearch.sources.markdown.styles.entries import Entry
from rftsearch.sources.markdown.styles.pieces import Piece, flat_text, split_lines
from rftsearch.sources.markdown.words.features import find_month

__all__ = ["released_of"]

_DATE_HEADER = re.compile(r"\b(?:date|time|month|year|publish\w*|release\w*|submi\w*)\b|时间|日期")


def released_of(entry: Entry, title: str, venue: str | None) -> str | None:
    """Return when a paper appeared: `2025-03`, or `2025` if no month is known.

    That is the month which the entry states, else that of its arXiv id or of its headings,
    else the year of the entry, of its venue or of its headings.

    Args:
        entry: What was found.
        title: Its title, which states no date.
        venue: Where it was published.
    """
    texts = list(_dated_texts(entry, title))
    stated = next(filter(None, map(find_month, texts)), None)
    if stated or entry.arxiv_id:
        return stated or month_of_id(entry.arxiv_id or "")
    path = entry.unit.path
    if month := next(filter(None, map(find_month, reversed(path))), None):
        return month
    for cell in entry.unit.cells:
        dated = cell.header and _DATE_HEADER.search(cell.header)
        if dated and (found := _only_year(flat_text(cell.pieces))):
            return found
    found = _only_year(venue or "") or next(filter(None, map(_year_apart, texts)), None)
    years = (_only_year(name) for name in reversed(path) if _is_one_time(name))
    return found or next(filter(None, years), None)


def _is_one_time(name: str) -> bool:
    """Return whether a heading is a year, and no span that only begins or ends with it."""
    return is_date_only(name) and _SPAN.search(name) is None


_SPAN = re.compile(
    r"\b(?:before|after|since|until|from|to|earlier|older)\b|[-\u2013\u2014]", re.IGNORECASE
)


_A_YEAR = r"(?:19|20)\d\d"
_YEAR = re.compile(rf"(?<![\w./-])(?P<year>{_A_YEAR})(?![\w/-])|\w\s?['\u2019](?P<short>\d\d)\b")
_YEAR_APART = re.compile(
    rf"[(\[](?:[^()\[\]]{{0,40}}[\s,.])?{_A_YEAR}[)\]]|(?:^|[,.;|*_]\s*){_A_YEAR}\s*(?=$|[.,;|*_:\[(]|[-\u2013\u2014]\s)"
)
"""A year that is no word of a sentence: in brackets, or between signs."""


def _only_year(text: str) -> str | None:
    """Return the year of a text that names one and no other."""
    years = {found["year"] or f"20{found['short']}" for found in _YEAR.finditer(text)}
    return years.pop() if len(years) == 1 else None


def _year_apart(text: str) -> str | None:
    """Return the year that stands apart in a line; None if it names several."""
    return _only_year(text) if _YEAR_APART.search(text.strip()) else None


def _dated_texts(entry: Entry, title: str) -> Iterator[str]:
    """Yield what may state a month, the surest first: a column of dates, lines, badges."""
    for cell in entry.unit.cells:
        if cell.header and _DATE_HEADER.search(cell.header):
            yield flat_text(cell.pieces)
    row = entry.unit.kind == "row"
    for line in split_lines(entry.pieces, soft=False) if row else entry.lines:
        if any(map(_has_digit, line)):
            bare = flat_text(p for p in line if not (p.url and arxiv_id_of(p)))
            yield bare.replace(title, " ")
    for line in split_lines(entry.unit.remarks, soft=True):
        if _DATE_LABEL.match(text := flat_text(line)):
            yield text
    for piece in entry.pieces:
        for alt, address in piece.images:
            yield f"{alt} {address.partition('/badge/')[2]}".replace("--", "-")


_DATE_LABEL = re.compile(
    r"\W*(?:date|published|released?|time|submitted|year|\u65e5\u671f|\u65f6\u95f4)\b[^:\uff1a]{0,12}[:\uff1a]",
    re.IGNORECASE,
)


def _has_digit(piece: Piece) -> bool:
    return _DIGIT.search(piece.text) is not None


_DIGIT = re.compile(r"\d")
