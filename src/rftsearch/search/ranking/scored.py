"""Scored candidates, and which of them are good matches."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from rftsearch.types import BoolArray, FloatArray, IdArray, IndexArray

__all__ = ["LEAST_GOOD_SCORE", "Scored"]

LEAST_GOOD_SCORE = 0.37
"""A query without a paper of this score has no good match. Of 20 queries about something
else altogether (bread, passports, roses), put to 299 papers of one field, 19 stayed below
it; of 60 queries on the field none did."""


@dataclass(frozen=True)
class Scored:
    """Candidates with the parts of their scores."""

    ids: IdArray
    """(c,) int64, each once."""
    rows: IndexArray
    """(c,) their rows in the generation's attributes; a lower row wins a tie."""
    parts: Mapping[str, FloatArray]
    """(c,) float32 arrays; a score is their sum."""
    nearest: IndexArray | None = None
    """Of a query: the places of the `FEEDBACK_PAPERS` best by meaning and words alone,
    best first."""
    complete: BoolArray | None = None
    """Of a query: which candidates have each of its words, (c,) bool."""

    @classmethod
    def nothing(cls) -> Self:
        """Return no candidates."""
        ids = np.zeros(0, np.int64)
        return cls(ids, ids, {"meaning": np.zeros(0, np.float32)})

    @cached_property
    def scores(self) -> FloatArray:
        """The sums of the parts, (c,) float32."""
        total = np.zeros(len(self.ids), np.float32)
        for part in self.parts.values():
            total = total + part
        return total

    @property
    def strengths(self) -> FloatArray:
        """The scores without the bonus for being named, (c,) float32."""
        return self.scores - self.parts["name"] if "name" in self.parts else self.scores

    def among(self, ids: Collection[int]) -> BoolArray:
        """Return which candidates are some of these integer ids, (c,) bool."""
        if not ids:  # As for nearly every query; `isin` is slow even for no ids.
            return np.zeros(len(self.ids), np.bool_)
        return np.isin(self.ids, list(ids))

    @property
    def named(self) -> BoolArray:
        """Which candidates the query names, (c,) bool."""
        return np.asarray(self.parts.get("name", np.zeros(len(self.ids))) > 0)

    def strongest(self, seeds: BoolArray | None = None) -> float:
        """Return the greatest strength among candidates that are neither named nor seeds.

        Args:
            seeds: (c,) bool; None for no seeds.
        """
        others = ~self.named if seeds is None else ~(self.named | seeds)
        return float(self.strengths[others].max(initial=0.0))

    def good(self, seeds: BoolArray | None = None, best: float | None = None) -> BoolArray:
        """Return which candidates are good matches, (c,) bool.

        A ranking has no end of its own; counting stops here. A good match is at least half
        as strong as the strongest candidate and, for a query, has at least the score
        `LEAST_GOOD_SCORE`. Papers that the query names are good matches as well, and so are
        papers that have each of its words: if the strongest has them in its title, the
        others are less than half as strong.

        Args:
            seeds: (c,) bool; see `strongest`.
            best: The strength to measure by; None for that of the strongest.
        """
        least = (self.strongest(seeds) if best is None else best) / 2
        if self.complete is None:
            return np.asarray((self.strengths >= least) | self.named)
        strong = self.strengths >= max(least, LEAST_GOOD_SCORE)
        return np.asarray(strong | self.named | self.complete)
