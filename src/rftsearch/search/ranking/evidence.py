"""Evidence: how surely a paper answers a query, on a scale that is the same everywhere.

A score says which of two papers is better. Whether either is any good it does not say: the
cosines of models differ, and those of a list on one topic are higher than those of a library.
Evidence is meaning on the scale of the collection (`MeaningScale`) plus coverage, which has a
scale of its own. The words that the best papers share, which are in every score, are left out:
they speak for the best papers of any query, also of one about bread.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rftsearch.types import BoolArray, FloatArray

__all__ = [
    "COVERAGE_WEIGHT",
    "FEW_WORDS",
    "LEAST_BEST",
    "LEAST_EVIDENCE",
    "SHARE",
    "Evidence",
    "evidence_of",
]

LEAST_BEST = 0.55
"""If no paper has as much, nothing matches. Measured with 50 questions on something else and
60 on the list of 2026; then with 50 more, and four other lists (docs/quality.md)."""
LEAST_EVIDENCE = 0.4
"""A paper with less is no good match, however good others are."""
COVERAGE_WEIGHT = 0.7
"""Weight of coverage, where the meaning of a paper's own title is about 1."""
SHARE = 0.45
"""A good match has at least this share of the evidence of the best paper."""
FEW_WORDS = 2
"""A paper that has every word of a query of so few words is a good match: whoever asks for
GRPO means all papers with that word. A longer query is also in papers by chance."""


@dataclass(frozen=True)
class Evidence:
    """What speaks for each candidate of a query."""

    values: FloatArray
    """(c,) float32."""
    complete: BoolArray
    """(c,) bool, which have each word of a query of few words."""
    described: BoolArray
    """(c,) bool, of which more than a title is known."""

    def good(self, best: float, named: BoolArray) -> BoolArray:
        """Return which candidates are good matches, (c,) bool.

        A ranking has no end of its own; counting stops here. A good match has at least
        `SHARE` of the evidence of the best candidate, and at least `LEAST_EVIDENCE`; if the
        best has less than `LEAST_BEST`, there is none. Good matches are also papers that the
        query names, and `complete` ones. A paper of which only a title is known is never the
        only good match, unless no candidate has more.

        Args:
            best: The evidence to measure by.
            named: (c,) bool, which candidates the query names.
        """
        least = max(SHARE * best, LEAST_EVIDENCE) if best >= LEAST_BEST else np.inf
        good = (self.values >= least) | self.complete | named
        alone = good.sum() == 1 and not (good & (self.described | named)).any()
        if alone and self.described.any():
            return np.zeros(len(good), np.bool_)
        return np.asarray(good)


def evidence_of(meaning: FloatArray, coverage: FloatArray) -> FloatArray:
    """Return the evidence of papers, (c,) float32.

    Args:
        meaning: (c,) float32 on the scale of the collection.
        coverage: (c,) float32, BM25 over the most that a paper can have for the query.
    """
    return np.asarray(meaning + np.float32(COVERAGE_WEIGHT) * coverage, np.float32)
