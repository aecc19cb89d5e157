"""The words of papers as sparse rows: what each paper is about, weighted by how rare it is."""

from __future__ import annotations

from collections import Counter
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
            for term in dict.fromkeys((*head, *body))  # A set has another order in each run.
        )
        self.terms = [term for term, count in self.counts.items() if count >= least]
        self._place = {term: place for place, term in enumerate(self.terms)}
        self._rarities = np.array([self.rarity(term) for term in self.terms], np.float64)

    def rarity(self, term: str) -> float:
        """Return the inverse document frequency of a term, which may be unknown."""
        return float(np.log((self.papers + 1) / (self.counts[term] + 0.5)))

    def rows(self, evidence: Evidence) -> Any:  # noqa: ANN401 - scipy has no types
        """Return one row of unit length for each paper, sparse (n, terms).

        A term of the title counts twice; terms that the known papers lack are left out.
        """
        columns: list[int] = []
        counts: list[int] = []
        ends = [0]
        place = self._place
        for head, body in zip(evidence.heads, evidence.bodies, strict=True):
            # Terms that no paper has are taken out before they are counted.
            found = Counter(place[term] for term in (*body, *head, *head) if term in place)
            columns += found
            counts += found.values()
            ends.append(len(columns))
        shape = (len(evidence), len(self._place))
        times = np.array(counts, np.float64)
        values = times / (times + _SATURATION) * self._rarities[columns]
        lengths = np.sqrt(csr_matrix((values**2, columns, ends), shape=shape).sum(axis=1))
        divisors = np.repeat(np.where(lengths > 0, lengths, 1.0), np.diff(ends))
        return csr_matrix((values / divisors, columns, ends), shape=shape)
