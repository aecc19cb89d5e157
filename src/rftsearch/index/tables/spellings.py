"""How the words of a collection are spelt, and how many papers have each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from rftsearch.errors import REPAIR, IndexDamagedError

__all__ = ["SHORTEST", "Spellings"]

SHORTEST = 4
"""Letters of the shortest word that is kept."""


@dataclass(frozen=True)
class Spellings:
    """Words in small letters that two papers have, or more."""

    papers: Mapping[str, int]
    """How many papers have each; of a large collection, how many of a sample."""

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what `save` wrote.

        Raises:
            IndexDamagedError: It is something else.
            OSError: The system refuses to read it.
        """
        try:
            rows = (line.split("\t") for line in path.read_text("utf-8").splitlines())
            return cls({word: int(papers) for word, papers in rows})
        except ValueError as error:
            raise IndexDamagedError(f"{error} in the spellings of the index; {REPAIR}") from error

    def save(self, path: Path) -> None:
        """Write a word and its number on each line, in the order of the alphabet."""
        lines = (f"{word}\t{self.papers[word]}\n" for word in sorted(self.papers))
        path.write_text("".join(lines), "utf-8")
