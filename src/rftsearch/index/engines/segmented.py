"""Two segments of vectors that are searched as one: those of a whole build, and what came since."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rftsearch.index.engines.base import Selection, VectorIndex
from rftsearch.types import FloatArray, IdArray

__all__ = ["SegmentedVectors"]


@dataclass(frozen=True)
class SegmentedVectors:
    """A base segment, a delta segment with what was added, and tombstones of what was removed."""

    base: VectorIndex
    delta: VectorIndex
    """Under greater ids than all of the base."""
    tombstones: IdArray
    """(g,) int64 ids of the base that are no longer found, ascending."""
    last_base_id: int
    """The greatest id of the base."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self.base.dimension

    def __len__(self) -> int:
        """Return how many vectors there are."""
        return len(self.base) - len(self.tombstones) + len(self.delta)

    def vector(self, identifier: int) -> FloatArray:
        """Return the vector of an id; see `VectorIndex.vector`."""
        segment = self.base if identifier <= self.last_base_id else self.delta
        return segment.vector(identifier)

    def vectors(self, ids: IdArray) -> FloatArray:
        """Return the vectors of known ids, (n, dimension) float32."""
        rows = np.empty((len(ids), self.dimension), np.float32)
        old = ids <= self.last_base_id
        rows[old], rows[~old] = self.base.vectors(ids[old]), self.delta.vectors(ids[~old])
        return rows

    def search(
        self, query: FloatArray, k: int, selection: Selection | None = None
    ) -> tuple[FloatArray, IdArray]:
        """Find the k nearest vectors of both segments; see `VectorIndex.search`."""
        in_base, in_delta = self._split(selection)
        found = [self.base.search(query, k, in_base), self.delta.search(query, k, in_delta)]
        scores, ids = (np.concatenate(part) for part in zip(*found, strict=True))
        order = np.argsort(-scores, kind="stable")[:k]
        return scores[order], ids[order]

    def _split(self, selection: Selection | None) -> tuple[Selection, Selection]:
        """What of a selection lies in either segment."""
        if selection is None or (selection.ids is None and selection.excluded is None):
            return Selection(excluded=self.tombstones), Selection()
        if selection.ids is not None:
            old = selection.ids <= self.last_base_id
            return (
                replace(selection, ids=selection.ids[old]),
                replace(selection, ids=selection.ids[~old]),
            )
        excluded = np.asarray(selection.excluded, np.int64)
        old = excluded <= self.last_base_id
        return (
            Selection(excluded=np.union1d(self.tombstones, excluded[old])),
            Selection(excluded=excluded[~old]),
        )
