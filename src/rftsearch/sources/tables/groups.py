"""Categories that a spreadsheet shows by place: in a row of its own, in a cell over several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.sources.tables.cells import is_nothing, read_cell
from rftsearch.sources.tables.columns import field_of
from rftsearch.sources.tables.delimited import Line
from rftsearch.sources.tables.tree import Text

__all__ = ["filled_down", "headings_among"]

_OF_GROUPS = {"category", "categories", "subcategory", "tags"}
_LONGEST_HEADING = 6
"""Words of a row with a single cell that is a heading; what is longer is a title."""
_FULL_ROWS = 0.8
"""Share of the other rows that must fill more than one cell."""


def headings_among(names: Sequence[str], lines: Sequence[Line]) -> dict[int, str]:
    """Return the rows that are headings of those below them, by their places.

    A heading fills a single cell with a few words, in a table without a column of
    categories in which nearly all other rows fill several.

    Args:
        names: Of the columns.
        lines: The rows.
    """
    if len(names) < 3 or any(field_of(name) in _OF_GROUPS for name in names):
        return {}
    filled = [[cell for cell in line.cells if not is_nothing(cell)] for line in lines]
    found: dict[int, str] = {}
    for number, cells in enumerate(filled[:-1]):
        if len(cells) == 1 and len(filled[number + 1]) > 1 and _may_be_a_heading(cells[0]):
            found[number] = " ".join(cells[0].split())
    full = sum(len(cells) > 1 for cells in filled)
    return found if full >= _FULL_ROWS * (len(lines) - len(found)) else {}


def _may_be_a_heading(text: str) -> bool:
    words = text.split()
    return (
        len(words) <= _LONGEST_HEADING
        and any(map(str.isalpha, text))
        and not read_cell(Text(1, text)).links
        and parse_arxiv_id(text) is None
    )


def filled_down(names: Sequence[str], lines: Sequence[Line]) -> tuple[list[Line], list[str]]:
    """Fill the cells below one that was merged with them, in columns of categories.

    A spreadsheet writes a merged cell into its first row alone. So a column is filled down
    if its first row has a value, most others have none, and no value comes twice.

    Returns:
        The rows, and the names of the columns that were filled.
    """
    rows = [line for line in lines if not line.reason]
    columns = [
        column
        for column, name in enumerate(names)
        if field_of(name) in _OF_GROUPS and _is_merged([_cell(line, column) for line in rows])
    ]
    last = dict.fromkeys(columns, "")
    filled: list[Line] = []
    for line in lines:
        cells = list(line.cells)
        for column in columns:
            if not line.reason and column < len(cells):
                last[column] = cells[column] = cells[column].strip() or last[column]
        filled.append(replace(line, cells=tuple(cells)))
    return filled, [names[column] for column in columns]


def _is_merged(cells: Sequence[str]) -> bool:
    values = [cell for cell in cells if cell]
    return (
        bool(cells and cells[0])
        and len(values) > 1
        and 2 * len(values) <= len(cells)
        and len(set(values)) == len(values)
    )


def _cell(line: Line, column: int) -> str:
    return line.cells[column].strip() if column < len(line.cells) else ""
