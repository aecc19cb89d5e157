"""Titles and terms of papers, read from a collection as if they were rows of an array."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import numpy as np

from rftsearch.index.remote.packed import Row
from rftsearch.index.remote.reading.points import AT_ONCE, Points
from rftsearch.index.tables.forward_index import ForwardIndex
from rftsearch.types import AnyArray, IdArray, IndexArray, IntArray, RecordArray, TermArray

__all__ = ["RemoteTerms", "RemoteTitles", "each_row"]


def each_row(points: Points, ids: IdArray) -> Iterator[Row]:
    """Yield the rows of ids in their order, also of more than are kept."""
    wanted = ids.tolist()
    for at in range(0, len(wanted), 2 * AT_ONCE):
        some = wanted[at : at + 2 * AT_ONCE]
        found = points.rows(some)
        yield from (found[one] for one in some)


class RemoteTitles:
    """The vectors of titles, one row for each paper: `LazyRows`."""

    def __init__(self, points: Points, ids: IdArray) -> None:
        """Read titles.

        Args:
            points: Where they are.
            ids: (n,) int64, ascending: whose the rows are.
        """
        self._points = points
        self._ids = ids
        self.dtype: np.dtype[Any] = np.dtype(np.float16)
        self.shape = (len(ids), points.dimension)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._ids)

    def __getitem__(self, places: IndexArray) -> AnyArray:
        """Return the vectors at some places, (p, dimension) float16."""
        rows = np.empty((len(places), self.shape[1]), np.float16)
        for at, row in enumerate(each_row(self._points, self._ids[places])):
            rows[at] = row.title
        return rows

    def runs(self, begins: IntArray, ends: IntArray) -> AnyArray:
        """Return some runs of rows; see `runs_of`."""
        pairs = zip(begins.tolist(), ends.tolist(), strict=True)
        places = [np.arange(begin, end) for begin, end in pairs]
        return self[np.concatenate([np.zeros(0, np.intp), *places])]


class RemoteTerms:
    """The terms of papers: a `TermTable`."""

    postings: None = None

    def __init__(
        self,
        points: Points,
        ids: IdArray,
        entries: Callable[[Row], tuple[TermArray, RecordArray]],
        weights: np.dtype[Any],
    ) -> None:
        """Read terms.

        Args:
            points: Where they are.
            ids: (n,) int64, ascending: whose the rows are.
            entries: Returns the terms that are meant of a row.
            weights: Of what kind their weights are.
        """
        self._points = points
        self._ids = ids
        self._entries = entries
        self._weights = weights

    def __len__(self) -> int:
        """Return how many papers there are."""
        return len(self._ids)

    @cached_property
    def whole(self) -> ForwardIndex:
        """All rows, read once and kept."""
        return self.only(np.arange(len(self)))

    def only(self, rows: IndexArray) -> ForwardIndex:
        """Return an index of some rows, (r,), ascending, in memory."""
        own = [self._entries(row) for row in each_row(self._points, self._ids[rows])]
        lengths = np.array([len(terms) for terms, _ in own], np.int64)
        return ForwardIndex(
            np.concatenate([np.zeros(0, np.uint32), *(terms for terms, _ in own)]),
            np.concatenate([np.zeros(0, self._weights), *(weights for _, weights in own)]),
            np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        )

    def held(self, places: IndexArray) -> tuple[ForwardIndex, IndexArray]:
        """Return a forward index that has some papers, and where they are in it."""
        if len(places) == len(self) or "whole" in self.__dict__:
            return self.whole, places
        return self.only(places), np.arange(len(places))
