"""What YAML, JSON and rows of a table come to: texts, sequences and mappings with their lines.

Every value stays the text that the file has: as a number, the arXiv id `2503.01230` would
lose its last digit, and as a date a month would become a day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

__all__ = [
    "DEEPEST",
    "MOST_VALUES",
    "TOO_MANY",
    "Fields",
    "Items",
    "Passed",
    "Text",
    "Tree",
    "TreeError",
    "texts_of",
]

DEEPEST = 60
"""How deep values may be nested; data of papers needs five or six."""
MOST_VALUES = 3_000_000
"""Values of a file; 40,000 papers have a million."""
TOO_MANY = f"it holds more than {MOST_VALUES:,} values; split the file"


@dataclass(frozen=True, slots=True)
class Text:
    """A text, number, date or truth value, as it is written; empty for null."""

    line: int
    """Where it begins, counted from 1."""
    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A sequence."""

    line: int
    items: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping; a key that comes twice is here twice."""

    line: int
    pairs: tuple[tuple[str, Tree], ...]


Tree: TypeAlias = Text | Items | Fields

Passed = tuple[int, str, str]
"""Line and beginning of what of a file was passed over, and why."""


class TreeError(Exception):
    """Why a text is not the YAML or JSON that it should be.

    Attributes:
        line: Where that shows, counted from 1.
        start: Where what is broken begins.
    """

    def __init__(self, reason: str, line: int, start: int | None = None) -> None:
        """Keep the reason and the lines."""
        super().__init__(reason)
        self.line = line
        self.start = line if start is None else start


_NAMING = ("name", "title", "text", "value", "label")


def texts_of(tree: Tree) -> Iterator[str]:
    """Yield the texts of a value: itself, its items, or the names of mappings."""
    if isinstance(tree, Text):
        if tree.text.strip():
            yield tree.text
    elif isinstance(tree, Items):
        for item in tree.items:
            yield from texts_of(item)
    else:
        named = {key.casefold(): value for key, value in reversed(tree.pairs)}
        for key in _NAMING:
            if isinstance(value := named.get(key), Text) and value.text.strip():
                yield value.text
                return
