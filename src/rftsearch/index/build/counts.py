"""What an index counts of its papers, kept up to date as papers are added and removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from rftsearch.papers.paper import Paper

__all__ = ["PaperCounts"]

_COUNTED = {
    "paper": "papers",
    "project": "projects",
    "present": "with_abstract",
    "pending": "pending",
    "unknown": "unknown",
    "none": "without",
}
"""Kinds and states of abstracts, and what the manifest calls their numbers."""


class PaperCounts:
    """Counts papers by kind and by the state of their abstracts, and knows their categories."""

    def __init__(
        self, counts: Mapping[str, int] | None = None, categories: Iterable[str] = ()
    ) -> None:
        """Begin with nothing, or with the counts of another generation."""
        self._counts = Counter({name: (counts or {}).get(name, 0) for name in _COUNTED.values()})
        self._categories = dict.fromkeys(categories)

    def add(self, papers: Iterable[Paper]) -> None:
        """Count papers."""
        for paper in papers:
            self._count(paper, 1)
            self._categories |= dict.fromkeys(paper.categories)

    def remove(self, papers: Iterable[Paper]) -> None:
        """Stop counting papers; their categories stay."""
        for paper in papers:
            self._count(paper, -1)

    def _count(self, paper: Paper, one: int) -> None:
        self._counts[_COUNTED[paper.kind]] += one
        self._counts[_COUNTED[paper.abstract_state]] += one

    @property
    def papers(self) -> int:
        """Papers and projects together."""
        return self._counts["papers"] + self._counts["projects"]

    @property
    def counts(self) -> dict[str, int]:
        """The counts under the names that the manifest has."""
        return dict(self._counts)

    @property
    def categories(self) -> tuple[str, ...]:
        """In the order they came."""
        return tuple(self._categories)
