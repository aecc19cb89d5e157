"""Arrays as files: mapped rather than read whole, data and nothing else."""

from __future__ import annotations

import os
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from rftsearch.errors import REPAIR, IndexDamagedError
from rftsearch.types import AnyArray, IndexArray, IntArray

__all__ = [
    "ArrayWriter",
    "FileRows",
    "Rows",
    "Stacked",
    "every_row",
    "is_mapped",
    "open_array",
    "places_of",
    "rows_of",
    "runs_of",
    "save_array",
]


_NEAR = 4096
"""Rows of a file that lie no more bytes apart are read at once: to ask for each takes longer."""


def save_array(path: Path, array: AnyArray) -> None:
    """Write a `.npy` file.

    Raises:
        OSError: It cannot be written.
    """
    with path.open("wb") as file:
        np.save(file, array, allow_pickle=False)


def places_of(wanted: IntArray, ids: IntArray) -> IndexArray:
    """Where some ids stand among ascending ones, of which they are.

    Args:
        wanted: (w,) int64; what is not among the others gets a place that means nothing.
        ids: (n,) int64, ascending, each once.

    Returns:
        (w,) places in `ids`.
    """
    # Where none is left out, as of papers that came at once, nothing has to be looked for.
    if len(ids) and ids[-1] - ids[0] == len(ids) - 1:
        return np.asarray(wanted - ids[0], np.intp)
    return np.searchsorted(ids, wanted)


class ArrayWriter:
    """Writes a `.npy` file of known shape, some rows at a time.

    Through an ordinary file: a full disk is an error there, where writing to a
    mapping would end the process.
    """

    def __init__(self, path: Path, shape: tuple[int, ...], dtype: npt.DTypeLike) -> None:
        """Begin the file.

        Raises:
            OSError: It cannot be written; so every method.
        """
        self._shape, self._dtype = shape, np.dtype(dtype)
        self._rows = 0
        self._file = path.open("wb")
        header = {
            "descr": np.lib.format.dtype_to_descr(self._dtype),
            "fortran_order": False,
            "shape": shape,
        }
        np.lib.format.write_array_header_2_0(self._file, header)

    def append(self, rows: AnyArray) -> None:
        """Write the next rows, (r, ...) of any type that can be cast to the file's."""
        rows = np.ascontiguousarray(rows, self._dtype)
        if rows.shape[1:] != self._shape[1:]:
            raise ValueError(f"rows of {rows.shape[1:]} in a file of {self._shape[1:]}")
        self._rows += len(rows)
        self._file.write(rows.data)

    def __enter__(self) -> Self:
        """Use it in a `with`."""
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Close the file; it must be complete by now."""
        self._file.close()
        if kind is None and self._rows != self._shape[0]:
            raise ValueError(f"{self._rows} rows in a file of {self._shape[0]}")


class FileRows:
    """Rows of a `.npy` file that is not mapped: each is read when it is asked for.

    Of a mapped file every page that was read, and 64 KB around it, counts as memory of the
    process, though the system may take it back: a few hundred questions to millions of
    papers would have all of it counted. To read 600 rows here and there takes 0.9 ms, from
    a mapping 1.1 to 1.5 ms the first time and 0.05 ms again.
    """

    def __init__(self, path: Path) -> None:
        """Open a file.

        Raises:
            IndexDamagedError: It is missing, or no such file.
        """
        mapped = _mapped(path)
        self._path = path
        self.dtype: np.dtype[Any] = mapped.dtype
        self.shape: tuple[int, ...] = mapped.shape
        self._begin = int(mapped.offset)
        self._width = mapped.itemsize * int(np.prod(mapped.shape[1:]))
        self._file = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)

    def __len__(self) -> int:
        """How many rows there are."""
        return self.shape[0]

    def __getitem__(self, places: IndexArray) -> AnyArray:
        """The rows at some places, in any order; they may be such as cannot be written to.

        Raises:
            IndexDamagedError: The file is not as long as it was; so `runs`.
        """
        steps = np.diff(places)
        if len(steps) and steps.min() < 0:
            order = np.argsort(places)
            rows = np.empty((len(places), *self.shape[1:]), self.dtype)
            rows[order] = self[places[order]]
            return rows
        near = steps * self._width <= _NEAR
        firsts, lasts = np.append(True, ~near), np.append(~near, True)
        # Of no place there is neither a first nor a last one.
        begins, ends = places[firsts[: len(places)]], places[lasts[: len(places)]] + 1
        read = self._read(begins, ends).reshape(-1, *self.shape[1:])
        if len(begins) == len(places):
            return read
        moved = np.cumsum(ends - begins) - ends
        return np.asarray(read[places + moved[np.cumsum(firsts) - 1]])

    def runs(self, begins: IntArray, ends: IntArray) -> AnyArray:
        """As `runs_of`."""
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
        """Bytes of which one call gives but a part, as of more than 2 GB."""
        read = bytearray()
        while len(read) < size:
            more = os.pread(self._file, size - len(read), start + len(read))
            if not more:
                raise IndexDamagedError(f"cannot read {self._path}; {REPAIR}")
            read += more
        return bytes(read)


class Stacked:
    """Arrays read as if they stood one after the other in one; none is copied for it."""

    def __init__(self, parts: Sequence[Rows]) -> None:
        """Stack two arrays or more that agree in all but their length."""
        self.parts = tuple(parts)
        self._begins = np.cumsum([0, *map(len, parts)])

    def __len__(self) -> int:
        """Of all parts together."""
        return int(self._begins[-1])

    @property
    def dtype(self) -> np.dtype[Any]:
        """That of all parts."""
        return self.parts[0].dtype

    @property
    def shape(self) -> tuple[int, ...]:
        """As of one array."""
        return (len(self), *self.parts[0].shape[1:])

    def joined(self) -> AnyArray:
        """All rows, copied into one array."""
        return np.concatenate([every_row(part) for part in self.parts])

    def __getitem__(self, places: IndexArray) -> AnyArray:
        """The rows at some places, in any order."""
        rows = np.empty((len(places), *self.shape[1:]), self.dtype)
        for part, begin in zip(self.parts, self._begins, strict=False):
            here = (places >= begin) & (places < begin + len(part))
            rows[here] = rows_of(part, places[here] - begin)
        return rows

    def runs(self, begins: IntArray, ends: IntArray) -> AnyArray:
        """As `runs_of`; each run lies within one of the parts."""
        pieces = []
        for part, first in zip(self.parts, self._begins, strict=False):
            here = (begins >= first) & (begins < first + len(part))
            pieces.append(runs_of(part, begins[here] - first, ends[here] - first))
        return np.concatenate(pieces)


Rows = AnyArray | FileRows | Stacked
"""What gives rows for an array of places."""


def every_row(rows: Rows) -> AnyArray:
    """All rows as one array, copied where they lie in several or are not mapped."""
    if isinstance(rows, Stacked):
        return rows.joined()
    return rows if isinstance(rows, np.ndarray) else rows[np.arange(len(rows))]


def is_mapped(rows: Rows) -> bool:
    """Whether rows lie in memory as it were, so that each number of them is soon read."""
    if isinstance(rows, Stacked):
        return all(map(is_mapped, rows.parts))
    return isinstance(rows, np.ndarray)


def rows_of(rows: Rows, places: IndexArray) -> AnyArray:
    """The rows at some places: rows of many numbers in half the time that indexing takes."""
    if not isinstance(rows, np.ndarray) or not rows.flags.c_contiguous:
        return rows[places]  # Of a column `take` would make a copy first, of all of it.
    return rows.take(places, axis=0)


def runs_of(rows: Rows, begins: IntArray, ends: IntArray) -> AnyArray:
    """Some runs of rows, one after another: where they are long, far cheaper than row by row.

    Args:
        rows: What is read; of one dimension.
        begins: (r,) int64, ascending, where each run begins,
        ends: (r,) and before which row it ends.

    Returns:
        The rows, which cannot be written to.
    """
    if not isinstance(rows, np.ndarray):
        return rows.runs(begins, ends)
    begins, ends = _joined(begins, ends)
    # Joined as bytes: numpy takes three times as long for as many small arrays.
    memory, width = rows.view(np.uint8).data, rows.itemsize
    each = zip((begins * width).tolist(), (ends * width).tolist(), strict=True)
    return np.frombuffer(b"".join([memory[begin:end] for begin, end in each]), rows.dtype)


def _joined(begins: IntArray, ends: IntArray) -> tuple[IntArray, IntArray]:
    """Runs, those that follow on another made one with it: as papers of one month may."""
    if len(begins):
        apart = begins[1:] != ends[:-1]
        begins, ends = begins[np.append(True, apart)], ends[np.append(apart, True)]
    return begins, ends


def open_array(path: Path) -> AnyArray:
    """Map a `.npy` file.

    Raises:
        IndexDamagedError: It is missing, or no such file.
    """
    # As a plain array: the mapping's own class costs a microsecond at every access.
    return np.asarray(_mapped(path))


def _mapped(path: Path) -> np.memmap[Any, np.dtype[Any]]:
    try:
        mapped: np.memmap[Any, np.dtype[Any]] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        raise IndexDamagedError(f"cannot read {path}; {REPAIR}") from error
    return mapped
