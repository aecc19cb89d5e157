"""Arrays as `.npy` files: written, checked, and opened as data and nothing else.

Small files are read into memory, so that a process that answers does not depend on
them any more. Large ones are mapped: what is mapped must not be overwritten or cut
while a process uses it, or the system ends that process (SIGBUS). Builds never do so;
whoever restores a backup writes a new folder and renames it.
"""

from __future__ import annotations

import math
import mmap
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

import numpy as np
import numpy.typing as npt

from rftsearch.errors import REPAIR, IndexDamagedError
from rftsearch.types import AnyArray

__all__ = ["MOST_READ", "ArrayWriter", "Header", "open_array", "read_header", "save_array"]

MOST_READ = 32 << 20
"""Files of up to this many bytes are read, larger ones are mapped. 20,000 papers have none
larger; to read so much takes some 10 ms."""


def save_array(path: Path, array: AnyArray) -> None:
    """Write a `.npy` file.

    Raises:
        OSError: It cannot be written.
    """
    with path.open("wb") as file:
        np.save(file, array, allow_pickle=False)


class ArrayWriter:
    """Writes a `.npy` file of known shape, some rows at a time.

    It is written as an ordinary file: a full disk is then an error, where writing to a
    mapping would end the process.
    """

    def __init__(self, path: Path, shape: tuple[int, ...], dtype: npt.DTypeLike) -> None:
        """Begin the file.

        Raises:
            OSError: It cannot be written. Every method raises this.
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
        """Write the next rows, (r, ...) of any dtype that can be cast to that of the file."""
        rows = np.ascontiguousarray(rows, self._dtype)
        if rows.shape[1:] != self._shape[1:]:
            raise ValueError(f"rows of {rows.shape[1:]} in a file of {self._shape[1:]}")
        self._rows += len(rows)
        self._file.write(rows.data)

    def __enter__(self) -> Self:
        """Begin a `with`."""
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Close the file, which must be complete.

        Raises:
            ValueError: Rows are missing.
        """
        self._file.close()
        if kind is None and self._rows != self._shape[0]:
            raise ValueError(f"{self._rows} rows in a file of {self._shape[0]}")


@dataclass(frozen=True)
class Header:
    """What the beginning of a `.npy` file says, compared with the size of the file."""

    dtype: np.dtype[np.generic]
    shape: tuple[int, ...]
    begin: int
    """The byte where the first row begins."""

    @property
    def count(self) -> int:
        """How many numbers or records there are."""
        return math.prod(self.shape)


def read_header(file: BinaryIO, path: Path) -> Header:
    """Read the header of a `.npy` file.

    Args:
        file: Open at its beginning, and at the first row afterwards.
        path: Its name, for errors.

    Raises:
        IndexDamagedError: It is something else, or the file is not as long as it says.
        OSError: The system refuses to read.
    """
    read = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }
    try:
        shape, by_columns, dtype = read[np.lib.format.read_magic(file)](file)
        header = Header(np.dtype(dtype), tuple(shape), file.tell())
        known = not by_columns and not header.dtype.hasobject and min(header.shape, default=0) >= 0
    except OSError:
        raise
    except Exception as error:  # Damaged headers end in errors of Python's own parser.
        raise IndexDamagedError(f"{path} is damaged: it has no header; {REPAIR}") from error
    # By Python's numbers, which do not overflow: a header may name any shape.
    size = header.begin + header.count * header.dtype.itemsize
    if not known or os.fstat(file.fileno()).st_size != size:
        raise IndexDamagedError(f"{path} is damaged: its header is not that of its bytes; {REPAIR}")
    return header


def open_array(
    path: Path,
    dtype: npt.DTypeLike | None = None,
    shape: Sequence[int | None] | None = None,
    *,
    most_read: int = MOST_READ,
) -> AnyArray:
    """Open a `.npy` file: read a small one, map a large one.

    Args:
        path: The file.
        dtype: What it must hold; None for anything.
        shape: What its shape must be, with None for any length; None for anything.
        most_read: Files of up to this many bytes are read.

    Returns:
        An array that cannot be written to.

    Raises:
        IndexDamagedError: It is missing, is no such file, or holds something else.
        OSError: The system refuses to read it.
    """
    try:
        with path.open("rb") as file:
            header = read_header(file, path)
            _expect(path, header, dtype, shape)
            if not header.count:  # Nothing cannot be mapped.
                return np.empty(header.shape, header.dtype)
            if header.begin + header.count * header.dtype.itemsize <= most_read:
                memory: bytes | mmap.mmap = file.read()
                begin = 0
            else:
                memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
                begin = header.begin
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise IndexDamagedError(f"cannot read {path} ({error.strerror}); {REPAIR}") from error
    try:
        array: AnyArray = np.frombuffer(memory, header.dtype, header.count, begin)
    except ValueError as error:  # It was cut since its header was read.
        raise IndexDamagedError(f"{path} is damaged: it was cut; {REPAIR}") from error
    return array.reshape(header.shape)


def _expect(
    path: Path, header: Header, dtype: npt.DTypeLike | None, shape: Sequence[int | None] | None
) -> None:
    """Refuse an array of another kind.

    Raises:
        IndexDamagedError: It is one.
    """
    fits = shape is None or (
        len(shape) == len(header.shape)
        and all(
            wanted in (None, length) for wanted, length in zip(shape, header.shape, strict=True)
        )
    )
    if not fits or (dtype is not None and header.dtype != np.dtype(dtype)):
        raise IndexDamagedError(
            f"{path} holds {header.dtype.name} of shape {header.shape}, which is not what "
            f"belongs there; {REPAIR}"
        )
