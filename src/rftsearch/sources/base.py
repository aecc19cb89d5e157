"""What every source of papers gives: papers, and problems with their lines."""

from __future__ import annotations

from dataclasses import dataclass

from rftsearch.papers.paper import Paper

__all__ = ["ParsedList", "Problem"]


@dataclass(frozen=True, slots=True)
class Problem:
    """An entry that could not be read, or a part of one that had to be left out."""

    source: str
    """Name of the file."""
    line: int
    """Line of the entry, counted from 1."""
    text: str
    """How the entry begins."""
    reason: str


@dataclass(frozen=True, slots=True)
class ParsedList:
    """What a list holds."""

    papers: tuple[Paper, ...]
    """One record of each entry, in the list's order; a paper listed twice is here twice."""
    problems: tuple[Problem, ...]
    """In the list's order."""

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories that have entries, in the list's order."""
        return tuple(dict.fromkeys(paper.category for paper in self.papers))
