"""Read CSV and TSV: which sign separates the columns, which row names them, what each row has."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from rftsearch.sources.tables.cells import unguarded
from rftsearch.sources.tables.columns import IDENTITY, known_fields

__all__ = ["Line", "Sheet", "read_sheet"]

_SIGNS = (",", ";", "\t", "|")
_SEPARATOR_LINE = re.compile(r"\ufeff?\"?sep=(.)\"?[,;\t|]*\r?\n", re.IGNORECASE)
"""How spreadsheets tell each other which sign separates columns, in a first line."""
_LOOKED_AT = 20
"""Rows among which the names of columns are looked for."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row."""

    line: int
    """Where it begins, counted from 1."""
    cells: tuple[str, ...]
    reason: str = ""
    """Why it cannot be read; empty if it can."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole table."""

    header: Line | None
    """The names of the columns; None if no row holds any that is known."""
    above: tuple[Line, ...]
    """Rows above those names, blank ones left out."""
    rows: tuple[Line, ...]
    """Rows below, blank ones left out."""


def read_sheet(text: str, sign: str | None = None) -> Sheet:
    """Read a table.

    Args:
        text: CSV or TSV.
        sign: What separates columns; None to find out.
    """
    skipped = 0
    if found := _SEPARATOR_LINE.match(text):
        text, sign, skipped = text[found.end() :], found[1], 1
    if sign is None:
        sign = max(_SIGNS, key=lambda one: _score(text, one))
    lines = [
        line
        for line in _lines(text, sign, skipped)
        if line.reason or any(map(str.strip, line.cells))
    ]
    number = _header_among(lines)
    if number is None:
        return Sheet(None, tuple(lines), ())
    return Sheet(lines[number], tuple(lines[:number]), tuple(lines[number + 1 :]))


def _header_among(lines: Sequence[Line]) -> int | None:
    """Return the place of the row that names the columns."""
    best, place = 0, None
    for number, line in enumerate(lines[:_LOOKED_AT]):
        fields = known_fields(line.cells)
        short = all(len(cell) <= 60 for cell in line.cells)
        if short and fields & set(IDENTITY) and len(fields) > best:
            best, place = len(fields), number
    return place


def _score(text: str, sign: str) -> tuple[int, int, int]:
    """Return how well a sign separates the columns of a table."""
    lines = list(islice(_lines(text, sign, 0), _LOOKED_AT))
    fields = max((len(known_fields(line.cells)) for line in lines), default=0)
    widths = [len(line.cells) for line in lines if any(map(str.strip, line.cells))]
    alike = max(map(widths.count, widths), default=0) if max(widths, default=0) > 1 else 0
    return fields, alike, -_SIGNS.index(sign)


def _lines(text: str, sign: str, skipped: int) -> Iterator[Line]:
    """Yield the rows with the lines on which they begin."""
    # Only what CSV breaks lines at: a cell may hold other signs that break lines elsewhere.
    physical = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text)
    reader = csv.reader(physical, delimiter=sign)
    while True:
        start = reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if reader.line_num == start:
                return
            yield Line(start + 1 + skipped, tuple(physical[start][:200].split(sign)), _why(error))
            continue
        raw = "".join(physical[start : reader.line_num])
        end = reader.line_num == len(physical)
        never_ends = end and reader.line_num - start > 1 and raw.count('"') % 2 == 1
        reason = "a quotation mark is opened here and never closed" if never_ends else ""
        yield Line(start + 1 + skipped, tuple(map(unguarded, cells)), reason)


def _why(error: csv.Error) -> str:
    if "field larger" in str(error):
        return (
            f"a cell is longer than {csv.field_size_limit():,} characters; perhaps a quotation "
            "mark is never closed"
        )
    return f"it is not CSV: {error}"
