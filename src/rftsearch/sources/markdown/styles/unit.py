"""The unit of which a list is made: what may be a paper, or several."""

from __future__ import annotations

from dataclasses import dataclass, field

from rftsearch.sources.markdown.styles.columns import Cell
from rftsearch.sources.markdown.styles.pieces import Piece

__all__ = ["BREAK", "Unit"]

BREAK = Piece("", 0, is_break=True)


@dataclass(slots=True)
class Unit:
    """What may be a paper, or several."""

    kind: str
    """`item`, `row`, `paragraph` or `heading`."""
    line: int
    path: tuple[str, ...]
    """The headings above it, outermost first."""
    levels: tuple[float, float]
    """Of the outermost and of the innermost of them, 0 without any."""
    placed: bool
    """Whether one of them is a year that has the level of the subject above it."""
    cells: list[Cell]
    group: int
    """Number of the list, table or run of paragraphs that it is a part of."""
    remarks: tuple[Piece, ...] = ()
    """What stands in lists nested in it."""
    hidden_by: str | None = None
    """The heading that says that what follows is about the list itself."""
    title_column: int | None = None
    """Of a row: the column that has the titles."""

    pieces: list[Piece] = field(init=False)
    """All of it, without its remarks."""

    def __post_init__(self) -> None:
        """Collect its pieces."""
        self.pieces = [piece for cell in self.cells for piece in (*cell.pieces, BREAK)]
