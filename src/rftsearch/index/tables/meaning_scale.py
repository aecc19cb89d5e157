"""The scale of meaning in one collection: which cosine is that of strangers, and which of kin.

Every model has cosines of its own, and a list on one topic has higher ones than a library.
So the scale is measured in the collection itself: its titles are put to the texts of all its
papers, as if they were questions. What they reach at their own paper is 1, what they reach at
the papers that have least to do with them is 0.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rftsearch.types import FloatArray

__all__ = ["LEAST", "SAMPLED", "MeaningScale"]

SAMPLED = 300
"""At most this many papers are compared with each other: 90,000 pairs, a few milliseconds."""
LEAST = 8
"""Papers with more than a title that it takes to measure; otherwise bare titles are."""
_STRANGERS = 0.01
"""The quantile of the cosines between title and text of different papers that is 0. In five
lists on five topics it was 0.02 to 0.10 with MiniLM, where questions about bread and roses
reach 0.12 at their best."""
_KIN = 0.1
"""The quantile of the cosines between title and text of one paper that is 1. It was 0.67 to
0.78 in the same lists; a median is useless where descriptions repeat titles."""
_ODD = 3
"""Papers whose title says nothing of their text, such as a bare name; also in a short list."""
_TITLE_FOR_TEXT = 0.75
"""What is taken of the distance where only titles are known, which equal themselves."""


class MeaningScale(NamedTuple):
    """Turns cosines between a question and papers into numbers from about 0 to about 1."""

    strangers: float = 0.0
    kin: float = 1.0

    def of(self, cosines: FloatArray) -> FloatArray:
        """Return cosines on this scale, (n,) float32."""
        return np.asarray((cosines - self.strangers) / (self.kin - self.strangers), np.float32)

    @classmethod
    def measure(cls, titles: FloatArray, texts: FloatArray, *, described: bool) -> MeaningScale:
        """Measure it by some papers of a collection.

        Args:
            titles: (n, dimension) float32, of their titles.
            texts: (n, dimension) float32, what a question is compared with.
            described: Whether more than their titles is known.
        """
        if len(titles) < LEAST:
            return cls()
        cosines = titles @ texts.T
        # Two odd papers may be a tenth of a short list; so three are passed over at least.
        share = min(max(_KIN, _ODD / len(titles)), 0.5)
        own = _quantile(np.diagonal(cosines), share)
        others = cosines[~np.eye(len(cosines), dtype=np.bool_)]
        strangers = _quantile(others, _STRANGERS)
        if own - strangers < 1e-3:  # All papers have the same text.
            return cls()
        return cls(
            strangers, strangers + (own - strangers) * (1.0 if described else _TITLE_FOR_TEXT)
        )


def _quantile(values: FloatArray, share: float) -> float:
    """Return the value below which a share of (n,) values lie; NumPy's own takes 7 ms once."""
    place = int(share * (len(values) - 1))
    return float(np.partition(values, place)[place])
