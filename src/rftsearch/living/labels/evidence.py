"""What is known of papers before anything is predicted: their vectors and their terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from rftsearch.papers.documents import LONGEST_TEXT
from rftsearch.papers.paper import Paper
from rftsearch.text.terms import prose_terms
from rftsearch.types import FloatArray, IndexArray

__all__ = ["Evidence", "unit"]

_OF_TITLE = 0.5
"""How much the vector of a title counts beside that of title and abstract."""


@dataclass(frozen=True)
class Evidence:
    """Vectors and terms of some papers."""

    texts: FloatArray
    """Vectors of title and abstract, (n, dimension) of unit norm."""
    titles: FloatArray
    """Vectors of the titles, (n, dimension) of unit norm."""
    heads: Sequence[Sequence[str]]
    """The terms of each title, in order."""
    bodies: Sequence[Sequence[str]]
    """The terms of each abstract and of what the list says of the paper, in order."""

    @classmethod
    def of(cls, papers: Sequence[Paper], texts: FloatArray, titles: FloatArray) -> Self:
        """Read the terms of papers whose vectors are known.

        Args:
            papers: The papers.
            texts: Their vectors, as for `Evidence`.
            titles: The vectors of their titles.
        """
        heads = [prose_terms(paper.title[:LONGEST_TEXT]) for paper in papers]
        bodies = [
            prose_terms(f"{paper.abstract} {paper.description}"[:LONGEST_TEXT]) for paper in papers
        ]
        return cls(np.asarray(texts, np.float32), np.asarray(titles, np.float32), heads, bodies)

    def __len__(self) -> int:
        """Return how many papers there are."""
        return len(self.heads)

    def rows(self, rows: IndexArray | Sequence[int]) -> Evidence:
        """Return the evidence of some of the papers."""
        at = np.asarray(rows, np.intp)
        return Evidence(
            self.texts[at],
            self.titles[at],
            [self.heads[row] for row in at],
            [self.bodies[row] for row in at],
        )

    def joined(self, other: Evidence) -> Evidence:
        """Return the evidence of these papers and then of others."""
        return Evidence(
            np.vstack([self.texts, other.texts]),
            np.vstack([self.titles, other.titles]),
            [*self.heads, *other.heads],
            [*self.bodies, *other.bodies],
        )

    def vectors(self) -> FloatArray:
        """Return one vector of each paper, of its text and its title, (n, 2 * dimension)."""
        return unit(np.hstack([self.texts, _OF_TITLE * self.titles]))


def unit(rows: FloatArray) -> FloatArray:
    """Return rows scaled to length 1; rows of zeros stay as they are."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), np.float32)
