"""What a row says, by the fields that its columns hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rftsearch.sources.tables.cells import Cell, is_nothing, plain_text, read_cell, words_of
from rftsearch.sources.tables.columns import field_of
from rftsearch.sources.tables.tree import Fields, Items, Tree, texts_of

__all__ = ["Facts", "Row", "flattened", "paths_of_row"]


@dataclass(frozen=True, slots=True)
class Row:
    """What a file says of one paper."""

    line: int
    cells: tuple[tuple[str, Tree], ...]
    """Names of columns and what stands in them."""
    path: tuple[str, ...] = ()
    """The names of the groups that hold it, outermost first."""
    key: str = ""
    """The name under which a mapping holds it."""
    day_first: bool | None = None
    """Whether dates such as 3/4/2025 begin with the day; None if the file does not show it."""

    @property
    def start(self) -> str:
        """How it begins, for problems."""
        texts = (text for _, tree in self.cells for text in texts_of(tree))
        return plain_text(" | ".join(filter(None, (self.key, *texts)))[:400])[:100]


def flattened(cells: Iterable[tuple[str, Tree]], depth: int = 0) -> Iterator[tuple[str, Tree]]:
    """Yield the cells of a row, with those of mappings such as `links` or `identifiers`."""
    for name, tree in cells:
        field = field_of(name)
        whole = field in {"authors", "first_author"}
        if isinstance(tree, Fields) and not whole and depth < 3:
            known = any(field_of(inner) for inner, _ in tree.pairs)
            if field is None or (known and field in {"paper", "url"}):
                yield from flattened(tree.pairs, depth + 1)
                continue
        yield name, tree


_OWN = frozenset(("short_name", "kind", "generative"))
"""Columns that only what rftsearch wrote itself has together."""


class Facts:
    """The cells of a row by the fields that they hold.

    Attributes:
        is_own: rftsearch wrote the row itself.
    """

    def __init__(self, row: Row) -> None:
        """Sort the cells of a row."""
        self._cells: dict[str, list[tuple[str, Tree]]] = {}
        for name, tree in flattened(row.cells):
            if field := field_of(name):
                self._cells.setdefault(field, []).append((name, tree))
        self.is_own = {name for name, _ in row.cells} >= _OWN

    def trees(self, *fields: str) -> Iterator[Tree]:
        """Yield what stands in fields."""
        for field in fields:
            yield from (tree for _, tree in self._cells.get(field, ()))

    def named(self, field: str) -> list[tuple[str, Tree]]:
        """Return the columns of a field by their names, and what stands in them."""
        return self._cells.get(field, [])

    @property
    def heading_paths(self) -> tuple[tuple[str, ...], ...]:
        """The headings above the entries of a paper, as rftsearch writes them; else nothing."""
        paths = next(self.trees("heading_paths"), None)
        if not self.is_own or not isinstance(paths, Items):
            return ()
        found = (tuple(map(plain_text, texts_of(path))) for path in paths.items)
        return tuple(path for path in found if path)

    def texts(self, *fields: str) -> Iterator[str]:
        """Yield the texts of fields on one line, without those that say that there is none."""
        for tree in self.trees(*fields):
            text = plain_text("; ".join(texts_of(tree)))
            if not is_nothing(text):
                yield text

    def text(self, *fields: str) -> str:
        """Return the first of `texts`; empty if there is none."""
        return next(self.texts(*fields), "")

    def cells(self, *fields: str) -> Iterator[Cell]:
        """Yield what stands in fields, taken apart."""
        yield from map(read_cell, self.trees(*fields))


# --- categories -----------------------------------------------------------------------------


def paths_of_row(row: Row) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """Return the groups that a row stands in.

    Returns:
        Paths of groups, outermost first, of which categories are made together with those
        of all other rows; and categories that the row names itself.
    """
    facts = Facts(row)
    own = [word for tree in facts.trees("categories") for word in words_of(tree, ";|\n,")]
    own = [one for word in own for one in _arxiv_classes(word)]
    single = [word for tree in facts.trees("category") for word in words_of(tree, ";|\n")]
    inner = [word for tree in facts.trees("subcategory") for word in words_of(tree, ";|\n")]
    if single and inner:
        return ((*row.path, single[0], inner[0]),), tuple(own)
    if named := tuple(dict.fromkeys((*single, *own, *inner))):
        return ((row.path,) if row.path else ()), named
    if row.path:
        return (row.path,), ()
    return (), tuple(word for tree in facts.trees("tags") for word in words_of(tree, ";|\n,"))


_CLASS = re.compile(r"[a-z]+(?:-[a-z]+)?(?:\.[A-Z]{2}|\.[a-z]+(?:-[a-z]+)*)?")


def _arxiv_classes(word: str) -> list[str]:
    """Return `cs.CV cs.AI`, as arXiv writes its classes, as the first of them."""
    parts = word.split()
    if len(parts) > 1 and "." in word and all(map(_CLASS.fullmatch, parts)):
        return parts[:1]
    return [word]
