"""Scored candidates, and which of them are good matches."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from rftsearch.search.ranking.evidence import Evidence
from rftsearch.types import BoolArray, FloatArray, IdArray, IndexArray

__all__ = ["Scored"]


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
    """Of a query: the places of the `FEEDBACK_PAPERS` best by meaning and words, and
    by what they say of excluded things; best first."""
    evidence: Evidence | None = None
    """Of a query: what speaks for each candidate."""
    interest: IndexArray | None = None
    """Of a recommendation: (c,) the place of the liked paper that each is closest to."""
    only_named: bool = False
    """Whether the query is nothing but a name: what is similar to the paper is no match."""

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

    @property
    def surety(self) -> FloatArray:
        """What good matches are told by: of a query its evidence, else strengths, (c,) float32."""
        return self.strengths if self.evidence is None else self.evidence.values

    def strongest(self, seeds: BoolArray | None = None) -> float:
        """Return the greatest surety among candidates that are neither named nor seeds.

        Args:
            seeds: (c,) bool; None for no seeds.
        """
        others = ~self.named if seeds is None else ~(self.named | seeds)
        return float(self.surety[others].max(initial=0.0))

    def good(self, seeds: BoolArray | None = None, best: float | None = None) -> BoolArray:
        """Return which candidates are good matches, (c,) bool.

        Of a query see `Evidence.good`; of a query that is a name, the named papers are. What
        is similar to a paper or a text is a good match if it is at least half as strong as
        the strongest.

        Args:
            seeds: (c,) bool; see `strongest`.
            best: The surety to measure by; None for that of the strongest.
        """
        if self.only_named:
            return self.named
        best = self.strongest(seeds) if best is None else best
        if self.evidence is not None:
            return self.evidence.good(best, self.named)
        return np.asarray((self.strengths >= best / 2) | self.named)
