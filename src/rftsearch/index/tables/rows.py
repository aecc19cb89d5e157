"""Rows of large arrays, in memory or in files: read by their places, or in runs."""

from __future__ import annotations

import math
import os
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from rftsearch.errors import REPAIR, IndexDamagedError
from rftsearch.index.tables.npy import read_header
from rftsearch.types import AnyArray, FloatArray, HalfArray, IndexArray, IntArray

__all__ = [
    "BY_TERM",
    "VOCABULARY",
    "FileRows",
    "LazyRows",
    "Rows",
    "Stacked",
    "every_row",
    "in_single",
    "is_in_memory",
    "places_of",
    "products_of",
    "rows_of",
    "runs_of",
]

BY_TERM = "by_term"
"""How the names of the files with postings begin."""
VOCABULARY = f"{BY_TERM}_terms.npy"
_NEAR = 4096
"""Rows of a file with at most this many bytes between them are read at once: to ask for each
takes longer."""


_MULTIPLIED = 512
"""Rows that are multiplied at once; 256 and 1,024 took 1.05 and 1.15 times as long."""
_CACHED = 1 << 16
"""Numbers that are converted at once: 256 KB stay in the cache of a core."""
_SIGN_AND_NUMBER = np.int32(0x8FFFE000 - (1 << 32))
_REBASED = np.float32(2.0**112)


def places_of(wanted: IntArray, ids: IntArray) -> IndexArray:
    """Return the places of some ids among ascending ones.

    Args:
        wanted: (w,) int64; an id that is not among the others gets a meaningless place.
        ids: (n,) int64, ascending, each once.

    Returns:
        (w,) intp, places in `ids`.
    """
    # Consecutive ids, as of papers that were added at once, need no search.
    if len(ids) and ids[-1] - ids[0] == len(ids) - 1:
        return np.asarray(wanted - ids[0], np.intp)
    return np.searchsorted(ids, wanted)


class FileRows:
    """Rows of a `.npy` file, each read when it is asked for.

    Every page of a mapped file that was read, and 64 KB around it, counts as memory of the
    process, although the system may take it back: after a few hundred questions to millions
    of papers, all of the file would count. To read 600 rows here and there takes 0.9 ms, from
    a mapping 1.1 to 1.5 ms the first time and 0.05 ms later. And a file that is cut is an
    error here, where reading a mapping ends the process.
    """

    def __init__(self, path: Path) -> None:
        """Open a file.

        Raises:
            IndexDamagedError: It is missing, or no such file.
            OSError: The system refuses to read it.
        """
        try:
            with path.open("rb") as file:
                header = read_header(file, path)
                self._file = os.dup(file.fileno())
        except (FileNotFoundError, NotADirectoryError) as error:
            raise IndexDamagedError(f"cannot read {path} ({error.strerror}); {REPAIR}") from error
        self._path = path
        self.dtype: np.dtype[Any] = header.dtype
        self.shape: tuple[int, ...] = header.shape
        self._begin = header.begin
        self._width = header.dtype.itemsize * math.prod(header.shape[1:])
        weakref.finalize(self, os.close, self._file)

    def __len__(self) -> int:
        """Return how many rows there are."""
        return self.shape[0]

    def __getitem__(self, places: IndexArray) -> AnyArray:
        """Return the rows at some places, in any order; perhaps read-only.

        Raises:
            IndexDamagedError: The file is shorter than it was. `runs` raises the same.
        """
        steps = np.diff(places)
        if len(steps) and steps.min() < 0:
            order = np.argsort(places)
            rows = np.empty((len(places), *self.shape[1:]), self.dtype)
            rows[order] = self[places[order]]
            return rows
        near = steps * self._width <= _NEAR
        firsts, lasts = np.append(True, ~near), np.append(~near, True)
        # Without places there is neither a first nor a last one.
        begins, ends = places[firsts[: len(places)]], places[lasts[: len(places)]] + 1
        read = self._read(begins, ends).reshape(-1, *self.shape[1:])
        if len(begins) == len(places):
            return read
        moved = np.cumsum(ends - begins) - ends
        return np.asarray(read[places + moved[np.cumsum(firsts) - 1]])

    def runs(self, begins: IntArray, ends: IntArray) -> AnyArray:
        """Return some runs of rows; see `runs_of`."""
        return self._read(*_joined(begins, ends))

    def _read(self, begins: IntArray, ends: IntArray) -> AnyArray:
        file, width = self._file, self._width
        starts, sizes = begins * width + self._begin, (ends - begins) * width
        each = list(zip(sizes.tolist(), starts.tolist(), strict=True))
        read = b"".join([os.pread(file, *one) for one in each])
        if len(read) != sizes.sum():
            read = b"".join([self._whole(*one) for one in each])
        return np.frombuffer(read, self.dtype)

    def _whole(self, size: int, start: int) -> bytes:
        """Read all bytes, even if one call returns only a part, as for more than 2 GB."""
        read = bytearray()
        while len(read) < size:
            more = os.pread(self._file, size - len(read), start + len(read))
            if not more:
                raise IndexDamagedError(f"cannot read {self._path}; {REPAIR}")
            read += more
        return bytes(read)


class Stacked:
    """Arrays read as if they were one, one after the other; nothing is copied."""

    def __init__(self, parts: Sequence[Rows]) -> None:
        """Stack two or more arrays that differ only in length."""
        self.parts = tuple(parts)
        self._begins = np.cumsum([0, *map(len, parts)])

    def __len__(self) -> int:
        """Return how many rows all parts have."""
        return int(self._begins[-1])

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of all parts."""
        return self.parts[0].dtype

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape, as of one array."""
        return (len(self), *self.parts[0].shape[1:])

    def joined(self) -> AnyArray:
        """Return all rows, copied into one array."""
        return np.concatenate([every_row(part) for part in self.parts])

    def __getitem__(self, places: IndexArray) -> AnyArray:
        """Return the rows at some places, in any order."""
        rows = np.empty((len(places), *self.shape[1:]), self.dtype)
        for part, begin in zip(self.parts, self._begins, strict=False):
            here = (places >= begin) & (places < begin + len(part))
            rows[here] = rows_of(part, places[here] - begin)
        return rows

    def runs(self, begins: IntArray, ends: IntArray) -> AnyArray:
        """Return some runs, each within one of the parts; see `runs_of`."""
        pieces = []
        for part, first in zip(self.parts, self._begins, strict=False):
            here = (begins >= first) & (begins < first + len(part))
            pieces.append(runs_of(part, begins[here] - first, ends[here] - first))
        return np.concatenate(pieces)


class LazyRows(Protocol):
    """Rows that are read when they are asked for, wherever they lie."""

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of the rows."""

    @property
    def shape(self) -> tuple[int, ...]:
        """As of one array."""

    def __len__(self) -> int:
        """Return how many rows there are."""

    def __getitem__(self, places: IndexArray) -> AnyArray:
        """Return the rows at some places, in any order."""

    def runs(self, begins: IntArray, ends: IntArray) -> AnyArray:
        """Return some runs of rows; see `runs_of`."""


Rows = AnyArray | LazyRows
"""What returns rows for an array of places."""


def every_row(rows: Rows) -> AnyArray:
    """Return all rows as one array, copied if they are in several or in a file."""
    if isinstance(rows, Stacked):
        return rows.joined()
    return rows if isinstance(rows, np.ndarray) else rows[np.arange(len(rows))]


def is_in_memory(rows: Rows) -> bool:
    """Return whether rows are in memory or mapped, so that single numbers are read fast."""
    if isinstance(rows, Stacked):
        return all(map(is_in_memory, rows.parts))
    return isinstance(rows, np.ndarray)


def rows_of(rows: Rows, places: IndexArray) -> AnyArray:
    """Return the rows at some places: long rows in half the time that indexing takes."""
    if not isinstance(rows, np.ndarray) or not rows.flags.c_contiguous:
        return rows[places]  # `take` would first copy a whole column.
    return rows.take(places, axis=0)


def in_single(rows: HalfArray) -> FloatArray:
    """Return numbers of half precision in single precision, (...) float32; all must be finite.

    numpy converts one number after another: 2.4 us for a vector of 256. Moving the bits and
    multiplying once takes 0.37 us and gives the same numbers.
    """
    if not rows.flags.c_contiguous or rows.dtype != np.float16:
        return np.asarray(rows, np.float32)
    found = np.empty(rows.shape, np.float32)
    bits, here = found.view(np.int32), rows.view(np.int16)
    at_once = max(1, _CACHED // max(1, math.prod(rows.shape[1:])))
    for start in range(0, len(rows), at_once):
        part = slice(start, start + at_once)
        # The sign is copied into all bits above the exponent; only the first of them stays.
        np.copyto(bits[part], here[part])
        bits[part] <<= 13
        bits[part] &= _SIGN_AND_NUMBER
        # The exponent counts from 127 instead of 15; this is exact for the smallest ones too.
        found[part] *= _REBASED
    return found


def products_of(rows: HalfArray, places: IndexArray, query: FloatArray) -> FloatArray:
    """Return the inner products of some rows with a query, (p,) float32.

    They are those of `in_single`, to the last bit, in two thirds of the time: the bits stay in
    a core's cache, and the query instead of each row makes up for where the exponent counts from.

    Args:
        rows: (n, dimension) float16, all finite.
        places: (p,), which.
        query: (dimension,) float32, of numbers up to 1.
    """
    if not rows.flags.c_contiguous or rows.dtype != np.float16:
        return np.asarray(np.vecdot(in_single(rows_of(rows, places)), query))
    found = np.empty(len(places), np.float32)
    here = np.empty((min(_MULTIPLIED, len(places)), rows.shape[1]), np.float16)
    bits = np.empty(here.shape, np.int32)
    larger = query * _REBASED
    for start in range(0, len(places), _MULTIPLIED):
        some = places[start : start + _MULTIPLIED]
        part = bits[: len(some)]
        rows.take(some, 0, here[: len(some)], "clip")  # Without "clip" numpy copies once more.
        np.copyto(part, here[: len(some)].view(np.int16))
        part <<= 13
        part &= _SIGN_AND_NUMBER
        np.vecdot(part.view(np.float32), larger, out=found[start : start + len(some)])
    return found


def runs_of(rows: Rows, begins: IntArray, ends: IntArray) -> AnyArray:
    """Return some runs of rows, one after another: long runs far faster than row by row.

    Args:
        rows: What is read; it has one dimension.
        begins: (r,) int64, ascending, where each run begins,
        ends: (r,) and before which row it ends.

    Returns:
        The rows, read-only.
    """
    if not isinstance(rows, np.ndarray):
        return rows.runs(begins, ends)
    begins, ends = _joined(begins, ends)
    # Joined as bytes: numpy takes three times as long for the same number of small arrays.
    memory, width = rows.view(np.uint8).data, rows.itemsize
    each = zip((begins * width).tolist(), (ends * width).tolist(), strict=True)
    return np.frombuffer(b"".join([memory[begin:end] for begin, end in each]), rows.dtype)


def _joined(begins: IntArray, ends: IntArray) -> tuple[IntArray, IntArray]:
    """Join runs that follow on another, as those of papers of one month may."""
    if len(begins):
        apart = begins[1:] != ends[:-1]
        begins, ends = begins[np.append(True, apart)], ends[np.append(apart, True)]
    return begins, ends
