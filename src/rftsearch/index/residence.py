"""How much of the mapped files stays in a process's memory.

Of a mapped file every page that was looked at counts as memory of the process, and
its neighbours with it, although the system could take it back: a question reads the
words and vectors of a thousand papers here and there, and after a few hundred
questions most of a large index would count. What has not been looked at for long
need not: it is let go of, and stays in the system's cache, from where looking at it
again costs a microsecond.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterable
from itertools import chain, cycle
from pathlib import Path

from rftsearch.index.arrays import Rows, Stacked

__all__ = ["Residence", "mapping_of", "resident_files"]

MOST = 3 << 30
"""Bytes of files that may be resident before some are let go of."""
EVERY = 2
"""Of so many questions one looks at how much is resident: each may add 200 MB, for around
every place that is read the system maps 64 KB."""

_STATM = Path("/proc/self/statm")


def resident_files() -> int:
    """Bytes of mapped files in this process's memory; 0 where the system does not say."""
    try:
        return int(_STATM.read_text("ascii").split()[2]) * mmap.PAGESIZE
    except OSError:
        return 0


def mapping_of(array: object) -> mmap.mmap | None:
    """The mapping that an array lies in; None where it lies in memory."""
    while array is not None and not isinstance(array, mmap.mmap):
        array = getattr(array, "base", None)
    return array


class Residence:
    """The mappings of an index that are read here and there; several threads may share one."""

    def __init__(self, arrays: Iterable[Rows], most: int = MOST) -> None:
        """Watch over the mappings of some arrays.

        Args:
            arrays: What is read; each may lie in several files.
            most: Bytes of mapped files, of this index or not, that may be resident.
        """
        parts = chain.from_iterable(
            rows.parts if isinstance(rows, Stacked) else (rows,) for rows in arrays
        )
        found = [one for part in parts if (one := mapping_of(part)) is not None]
        self._most = most
        self._large = sum(map(len, found)) > most
        self._turns = cycle(found)
        self._questions = 0

    def asked(self) -> None:
        """Count a question; where too much is resident, let go of one mapping, each in turn.

        Whoever is reading it reads on: the pages come back as they are looked at.
        """
        if not self._large:
            return
        self._questions += 1
        if self._questions % EVERY == 0 and resident_files() > self._most:
            # One at a time: to let go of 100 MB takes a millisecond and a half.
            next(self._turns).madvise(mmap.MADV_DONTNEED)
