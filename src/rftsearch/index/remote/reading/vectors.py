"""Vectors of titles and abstracts, read from a collection and searched there."""

from __future__ import annotations

import numpy as np

from rftsearch.errors import IndexDamagedError
from rftsearch.index.engines.base import Selection
from rftsearch.index.remote.reading.points import Points
from rftsearch.index.remote.reading.proposing import RemoteProposer
from rftsearch.index.remote.reading.rows import each_row
from rftsearch.types import FloatArray, IdArray

__all__ = ["RemoteVectors"]


class RemoteVectors:
    """The vectors of a collection: a `VectorIndex`."""

    def __init__(self, points: Points, ids: IdArray, proposer: RemoteProposer) -> None:
        """Read vectors.

        Args:
            points: Where they are.
            ids: (n,) int64, ascending: whose.
            proposer: Searches.
        """
        self._points = points
        self._ids = ids
        self._proposer = proposer

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._points.dimension

    def __len__(self) -> int:
        """Return how many vectors there are."""
        return len(self._ids)

    def vector(self, identifier: int) -> FloatArray:
        """Return the vector of an id; see `VectorIndex.vector`."""
        try:
            return self._points.rows([identifier])[identifier].text
        except IndexDamagedError as error:
            if identifier in self._ids:
                raise
            raise KeyError(identifier) from error

    def vectors(self, ids: IdArray) -> FloatArray:
        """Return the vectors of known ids, (n, dimension) float32."""
        rows = np.empty((len(ids), self.dimension), np.float32)
        for at, row in enumerate(each_row(self._points, ids)):
            rows[at] = row.text
        return rows

    def search(
        self, query: FloatArray, k: int, selection: Selection | None = None
    ) -> tuple[FloatArray, IdArray]:
        """Find the k vectors of greatest inner product; see `VectorIndex.search`."""
        return self._proposer.nearest(query, k, selection or Selection())
