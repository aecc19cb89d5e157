"""The rows of a table with the column of each cell, where cells stand over several of them."""

from __future__ import annotations

from collections.abc import Iterator

from rftsearch.sources.markdown.styles.blocks import outer
from rftsearch.sources.markdown.styles.html_tree import Element

__all__ = ["Row", "rows_of"]

_MOST = 1000
"""Rows or columns over which one cell may stand."""

Row = list[tuple[int, Element, bool]]
"""Each cell with its column, and whether it stands in an earlier row and reaches down."""


def rows_of(table: Element) -> Iterator[tuple[Element, Row]]:
    """Yield each row of a table and its cells; those of tables in it are left out.

    A cell that stands over several rows is in each of them, but for one with links, which
    is only in the first: it is about one paper.
    """
    reaching: dict[int, tuple[int, Element]] = {}
    for element in table.iter("tr"):
        if outer(element, table, {"table"}) is not table:
            continue
        row: Row = []
        column = 0
        for cell in element:
            if cell.tag not in {"td", "th"}:
                continue
            column = _take_down(reaching, column, row)
            row.append((column, cell, False))
            if (rows := _number(cell, "rowspan")) > 1:
                reaching[column] = (rows, cell)
            column += _number(cell, "colspan")
        while column in reaching:
            column = _take_down(reaching, column, row)
        reaching = {at: (left - 1, cell) for at, (left, cell) in reaching.items() if left > 1}
        yield element, row


def _take_down(reaching: dict[int, tuple[int, Element]], column: int, row: Row) -> int:
    """Add the cells that reach down to a column; return the first free one behind them."""
    own = {at for at, _, _ in row}
    while column in reaching and column not in own:
        cell = reaching[column][1]
        if next(cell.iter("a"), None) is None:
            row.append((column, cell, True))
        column += 1
    return column


def _number(cell: Element, name: str) -> int:
    value = cell.get(name) or ""
    return min(int(value), _MOST) if value.isdecimal() and int(value) else 1
