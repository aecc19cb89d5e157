"""The share of a query's words that papers have, as the ranking computes it, for training."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]  # it has no types

from rftsearch.index.tables.bm25 import inverse_frequencies, length_norms, tf_saturation
from rftsearch.text.terms import prose_terms

__all__ = ["Coverage"]


@dataclass(frozen=True)
class Coverage:
    """BM25 of papers for queries, divided by the most that a paper could have."""

    places: Mapping[str, int]
    """The row of each query."""
    queries: sparse.csr_matrix
    """(queries, terms) float32; the weights of a query's terms, which add up to 1."""
    papers: sparse.csr_matrix
    """(papers, terms) float32; BM25's saturation of the term's count."""

    @classmethod
    def of(cls, queries: Sequence[str], papers: Sequence[str]) -> Coverage:
        """Read queries, and the texts of papers."""
        terms: dict[str, int] = {}
        counts = [Counter(prose_terms(paper)) for paper in papers]
        for one in counts:
            for term in one:
                terms.setdefault(term, len(terms))
        found = sparse.csr_matrix(_matrix(counts, terms))
        lengths = np.asarray(found.sum(axis=1), np.float32).ravel()
        owners = np.repeat(np.arange(len(papers)), np.diff(found.indptr))
        norms = length_norms(lengths, float(lengths.mean()))
        found.data = tf_saturation(found.data, norms, owners)
        rare = inverse_frequencies(len(papers), np.bincount(found.indices, minlength=len(terms)))
        asked = _matrix([Counter(set(prose_terms(query))) for query in queries], terms)
        asked.data = np.asarray(rare, np.float32)[asked.indices]
        sums = np.maximum(np.asarray(asked.sum(axis=1)).ravel(), 1e-9)
        asked.data /= np.repeat(sums, np.diff(asked.indptr)).astype(np.float32)
        return cls({query: row for row, query in enumerate(queries)}, asked, found)

    def between(self, queries: Sequence[str], papers: Sequence[int] | np.ndarray) -> np.ndarray:
        """Return how much of each query each paper has, (queries, papers) float32, 0 to 1."""
        asked = self.queries[[self.places[query] for query in queries]]
        return np.asarray((asked @ self.papers[papers].T).toarray(), np.float32)


def _matrix(counts: Sequence[Counter[str]], terms: Mapping[str, int]) -> sparse.csr_matrix:
    """The counts of terms as a matrix, (texts, terms) float32; unknown terms are left out."""
    known = [[(terms[term], n) for term, n in one.items() if term in terms] for one in counts]
    ends = np.cumsum([0, *map(len, known)])
    flat = np.array([pair for row in known for pair in row], np.int64).reshape(-1, 2)
    values = flat[:, 1].astype(np.float32)
    return sparse.csr_matrix((values, flat[:, 0], ends), shape=(len(counts), len(terms)))
