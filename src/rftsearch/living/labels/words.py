"""The words of papers as sparse rows: what each paper is about, weighted by how rare it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # it has no types

from rftsearch.living.labels.evidence import Evidence

__all__ = ["WordTable"]

_SATURATION = 1.2
"""Occurrences of a term after which more of them hardly count, as in BM25."""


class WordTable:
    """The terms that some papers have, and how rare each of them is.

    Attributes:
        papers: How many papers there are.
        counts: In how many of them each term is.
        terms: The terms, in the order of the columns of `rows`.
    """

    def __init__(self, known: Evidence, least: int = 1) -> None:
        """Count in how many papers each term is.

        Args:
            known: The papers.
            least: Terms in fewer papers are left out: what only one has teaches nothing
                about the others.
        """
        self.papers = len(known)
        self.counts = Counter(
            term
            for head, body in zip(known.heads, known.bodies, strict=True)
            for term in {*head, *body}
        )
        self.terms = [term for term, count in self.counts.items() if count >= least]
        self._place = {term: place for place, term in enumerate(self.terms)}

    def rarity(self, term: str) -> float:
        """Return the inverse document frequency of a term, which may be unknown."""
        return float(np.log((self.papers + 1) / (self.counts[term] + 0.5)))

    def rows(self, evidence: Evidence) -> Any:  # noqa: ANN401 - scipy has no types
        """Return one row of unit length for each paper, sparse (n, terms).

        A term of the title counts twice; terms that the known papers lack are left out.
        """
        columns: list[int] = []
        values: list[float] = []
        ends = [0]
        for head, body in zip(evidence.heads, evidence.bodies, strict=True):
            weights = self._weights(Counter(body) + Counter(head) + Counter(head))
            length = np.sqrt(sum(value * value for value in weights.values())) or 1.0
            columns += weights
            values += [value / length for value in weights.values()]
            ends.append(len(columns))
        shape = (len(evidence), len(self._place))
        return csr_matrix((np.array(values), columns, ends), shape=shape)

    def present(self, papers: Iterable[Sequence[str]]) -> Any:  # noqa: ANN401 - as above
        """Return which of the terms each paper has, sparse (n, terms) of ones."""
        places = [sorted({self._place[t] for t in terms if t in self._place}) for terms in papers]
        columns = [place for row in places for place in row]
        ends = np.cumsum([0, *map(len, places)])
        shape = (len(places), len(self._place))
        return csr_matrix((np.ones(len(columns)), columns, ends), shape=shape)

    def _weights(self, counts: Mapping[str, int]) -> dict[int, float]:
        return {
            self._place[term]: count / (count + _SATURATION) * self.rarity(term)
            for term, count in counts.items()
            if term in self._place
        }
