"""Read CSV and TSV: which sign separates the columns, which row names them, what each row has."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from rftsearch.sources.tables.cells import unguarded
from rftsearch.sources.tables.columns import IDENTITY, known_fields

__all__ = ["MOST_ROWS", "Line", "Sheet", "read_sheet"]

_SIGNS = (",", ";", "\t", "|")
_SEPARATOR_LINE = re.compile(r"\ufeff?\"?sep=(.)\"?[,;\t|]*\r?\n", re.IGNORECASE)
"""How spreadsheets tell each other which sign separates columns, in a first line."""
MOST_ROWS = 200_000
"""Rows of a table that are read."""
_MOST_COLUMNS = 2_000
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
    # Only what CSV breaks lines at: a cell may hold other signs that break lines elsewhere.
    physical = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text)
    if sign is None:
        sign = max(_SIGNS, key=lambda one: _score(physical, one))
    lines = [
        line
        for line in islice(_lines(physical, sign, skipped), MOST_ROWS + 1)
        if line.reason or any(map(str.strip, line.cells))
    ]
    if len(lines) > MOST_ROWS:
        reason = f"the table has more than {MOST_ROWS:,} rows; the rest is not read"
        lines[-1] = replace(lines[-1], reason=reason)
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


def _score(physical: Sequence[str], sign: str) -> tuple[int, int, int]:
    """Return how well a sign separates the columns of a table."""
    lines = list(islice(_lines(physical, sign, 0), _LOOKED_AT))
    fields = max((len(known_fields(line.cells)) for line in lines), default=0)
    widths = [len(line.cells) for line in lines if any(map(str.strip, line.cells))]
    alike = max(map(widths.count, widths), default=0) if max(widths, default=0) > 1 else 0
    return fields, alike, -_SIGNS.index(sign)


def _lines(physical: Sequence[str], sign: str, skipped: int) -> Iterator[Line]:
    """Yield the rows with the lines on which they begin."""
    wide: dict[int, str] = {}

    def narrow() -> Iterator[str]:
        for number, line in enumerate(physical):
            if line.count(sign) > _MOST_COLUMNS:
                wide[number] = line[:100]
                yield "\n"
            else:
                yield line

    reader = csv.reader(narrow(), delimiter=sign)
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
        end = reader.line_num
        reason = _unclosed(physical[start:end]) if end == len(physical) else ""
        if start in wide:
            cells = [wide[start]]
            reason = f"it has more than {_MOST_COLUMNS:,} cells"
        yield Line(start + 1 + skipped, tuple(map(unguarded, cells)), reason)


def _unclosed(physical: Sequence[str]) -> str:
    """Return what is wrong with a last row that runs to the end of the file; mostly nothing."""
    if len(physical) > 1 and sum(line.count('"') for line in physical) % 2:
        return "a quotation mark is opened here and never closed"
    return ""


def _why(error: csv.Error) -> str:
    if "field larger" in str(error):
        return (
            f"a cell is longer than {csv.field_size_limit():,} characters; perhaps a quotation "
            "mark is never closed"
        )
    return f"it is not CSV: {error}"
