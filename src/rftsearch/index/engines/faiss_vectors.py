"""Nearest vectors, by FAISS: an index that answers.

Up to `EXACT` vectors are compared one by one. More lie in inverted lists, eight bits a
number (FAISS's `IVF,SQ8`); a few lists are looked into, and what is found there is scored
again with the vectors themselves, which stay on disk in half precision. How many lists is
measured when the index is written. Beyond `PACKED` vectors it is four bits for two numbers,
and more candidates are scored again. `faiss_engine` writes and opens.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from rftsearch.errors import REPAIR, IndexDamagedError
from rftsearch.files import system_error
from rftsearch.index.engines.base import Selection, few_enough
from rftsearch.index.tables.npy import MOST_READ, open_array
from rftsearch.index.tables.rows import in_single, places_of, products_of, rows_of
from rftsearch.types import FloatArray, HalfArray, IdArray, ListNumbers

__all__ = ["FaissIndex", "InvertedLists", "IvfSettings"]

INDEX, ORIGINALS, IDS, SETTINGS = "index.faiss", "originals.npy", "ids.npy", "probing.json"
LISTS = "lists.npy"
"""Missing in indexes of rftsearch 0.2.0 and before."""
_BATCH = 4_096
"""Up to this many allowed ids FAISS looks up in a hash table, beyond in a bitmap."""
_LISTED = 0.1
"""Up to this share of all papers, allowed vectors are read in the lists nearest to a question."""
_READ, _READ_FOR_EACH, _READ_SHARE = 8_000, 30, 0.08
"""How many of them are read: at least so many, so many for each that is wanted, and this share
divided by the root of the share that is allowed. Of 100,000 papers in 512 lists, 0.987 of the
nearest ten were among 0.4 of those that a filter of 3% leaves, and 0.990 among 0.3 of 10%."""
_POOL = 100
"""At least this many candidates of the lists are scored again."""
_PACKED_POOL = 4
"""Times as many if vectors are packed: of the nearest 300 of a million papers 0.73 were
among 400 candidates of packed lists, and 0.94 among 1,200."""


@dataclass(frozen=True, slots=True)
class IvfSettings:
    """How inverted lists are searched, and the recall that was measured with it."""

    nlist: int
    """How many lists there are."""
    nprobe: int
    """Lists that a query without a filter looks into."""
    recall: float
    """Of the exact first ten, on a sample of queries, with `nprobe` lists."""
    exhaustive_recall: float
    """The same with all lists."""

    def describe(self) -> dict[str, Any]:
        """Return it as JSON values, under the names that indexes on disk have."""
        return {
            "lists": self.nlist,
            "probes": self.nprobe,
            "recall": self.recall,
            "exhaustive": self.exhaustive_recall,
        }

    @classmethod
    def parse(cls, value: Mapping[str, Any]) -> IvfSettings:
        """Read what `describe` returned.

        Raises:
            KeyError, TypeError, ValueError: It is something else.
        """
        nlist, nprobe = int(value["lists"]), int(value["probes"])
        if not 1 <= nprobe <= nlist:
            raise ValueError(f"{nprobe} of {nlist} lists")
        return cls(nlist, nprobe, float(value["recall"]), float(value["exhaustive"]))


@dataclass(frozen=True)
class InvertedLists:
    """What inverted lists are searched with."""

    originals: HalfArray
    """(n, dimension) float16, what lies in the lists, before compression."""
    ids: IdArray
    """(n,) int64, whose they are, ascending."""
    settings: IvfSettings
    lists: ListNumbers | None = None
    """(n,) uint16, the list in which each lies; None if that is not known."""
    centroids: FloatArray | None = None
    """(lists, dimension) float32, their centres."""

    def near(self, query: FloatArray, ids: IdArray, k: int) -> IdArray:
        """Return those of some ids that lie in the lists nearest to a query; all, if they are few.

        A filter leaves a little in every list. To compare the lists costs next to nothing;
        to read what is left in them is what costs.
        """
        share = _READ_SHARE / np.sqrt(len(ids) / len(self.ids)) if len(ids) else 1
        most = max(_READ, _READ_FOR_EACH * k, int(share * len(ids)))
        if self.lists is None or self.centroids is None or len(ids) <= most:
            return ids
        closeness = np.vecdot(self.centroids, query)
        of_each = closeness[rows_of(self.lists, places_of(ids, self.ids))]
        return np.asarray(ids[np.argpartition(-of_each, most)[:most]])

    def vectors(self, ids: IdArray) -> FloatArray:
        """Return the vectors of known ids, (r, dimension) float32."""
        return in_single(rows_of(self.originals, places_of(ids, self.ids)))

    def best(self, query: FloatArray, ids: IdArray, k: int) -> tuple[FloatArray, IdArray]:
        """Return the k of some ids whose vectors themselves are nearest, with their scores."""
        scores = products_of(self.originals, places_of(ids, self.ids), query)
        # Sort only what is at least as good as the last one wanted, equals included.
        last = np.partition(scores, len(scores) - k)[len(scores) - k]
        near = np.flatnonzero(scores >= last)
        order = near[np.argsort(-scores[near], kind="stable")[:k]]
        return scores[order], np.asarray(ids[order])


class FaissIndex:
    """A FAISS index of all vectors, or of inverted lists; a `VectorIndex`."""

    def __init__(self, index: faiss.Index, lists: InvertedLists | None = None) -> None:
        """Wrap a FAISS index; `lists` belongs to one of inverted lists. Use `open`."""
        self._index = index
        self._lists = lists

    @classmethod
    def open(cls, folder: Path) -> FaissIndex:
        """Open an index that `FaissEngine.write` wrote and whose hashes were checked.

        Raises:
            IndexDamagedError: FAISS cannot read it, or it is another kind of index.
            OSError: The system refuses to read it.
        """
        path = folder / INDEX
        try:
            # A large one is mapped as far as FAISS can: inverted lists are most of it, and
            # few are read. See `npy` for what that asks of whoever restores a backup.
            large = path.stat().st_size > MOST_READ
            index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC if large else 0)
        except FileNotFoundError as error:
            raise IndexDamagedError(f"cannot read {path} ({error.strerror}); {REPAIR}") from error
        except (RuntimeError, MemoryError) as error:  # Damage may ask for absurd amounts.
            if (reason := system_error(error)) is not None:
                raise reason from error
            raise IndexDamagedError(f"FAISS cannot read {path}; {REPAIR}") from error
        if isinstance(index, faiss.IndexIDMap2):
            return cls(index)
        if not isinstance(index, faiss.IndexIVF):
            raise IndexDamagedError(f"{path} is a foreign FAISS index; {REPAIR}")
        originals = open_array(folder / ORIGINALS, np.float16, (None, index.d))
        ids = open_array(folder / IDS, np.int64, (None,))
        try:
            settings = IvfSettings.parse(json.loads((folder / SETTINGS).read_text("utf-8")))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexDamagedError(f"cannot read {folder / SETTINGS}; {REPAIR}") from error
        same = len(originals) == len(ids) == index.ntotal and settings.nlist == index.nlist
        if not same or not (ids[1:] > ids[:-1]).all():
            raise IndexDamagedError(f"the files in {folder} do not belong together; {REPAIR}")
        lists: ListNumbers | None = None
        centroids: FloatArray | None = None
        if (folder / LISTS).exists():
            lists = open_array(folder / LISTS, np.uint16, (len(ids),))
            centroids = index.quantizer.reconstruct_n(0, index.nlist)
        return cls(index, InvertedLists(originals, ids, settings, lists, centroids))

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        return int(self._index.d)

    def __len__(self) -> int:
        """Return how many vectors there are."""
        return int(self._index.ntotal)

    def _pool(self, k: int) -> int:
        """How many candidates are scored again to find k."""
        packed = isinstance(self._index, faiss.IndexIVFPQFastScan)
        return max(k, _POOL) * (_PACKED_POOL if packed else 1)

    def vector(self, identifier: int) -> FloatArray:
        """Return the stored vector of an id, (dimension,) float32.

        Raises:
            KeyError: There is no such id.
        """
        if self._lists is not None:
            place = int(np.searchsorted(self._lists.ids, identifier))
            if identifier not in self._lists.ids[place : place + 1]:
                raise KeyError(identifier)
            return np.asarray(self._lists.originals[place], np.float32)
        try:
            return np.asarray(self._index.reconstruct(identifier), dtype=np.float32)
        except RuntimeError as error:
            raise KeyError(identifier) from error

    def vectors(self, ids: IdArray) -> FloatArray:
        """Return the stored vectors of known ids, (n, dimension) float32."""
        if not len(ids):
            return np.empty((0, self.dimension), np.float32)
        if self._lists is not None:
            return self._lists.vectors(ids)
        return np.asarray(self._index.reconstruct_batch(ids), dtype=np.float32)

    def search(
        self, query: FloatArray, k: int, selection: Selection | None = None
    ) -> tuple[FloatArray, IdArray]:
        """Find the k vectors of greatest inner product; see `VectorIndex.search`."""
        selection = selection or Selection()
        reachable = selection.count(len(self))
        k = min(k, reachable)
        if k == 0:
            return np.empty(0, np.float32), np.empty(0, np.int64)
        selector = _selector(selection)
        if self._lists is None:
            if selector is None:
                return self._run(query, k, None)
            # FAISS takes it by keyword only, which its own stubs do not know.
            return self._run(query, k, faiss.SearchParameters(sel=selector))  # type: ignore[call-arg]
        if selection.ids is not None and reachable <= few_enough(len(self)):
            return self._lists.best(query, selection.ids, k)
        listed = self._lists.lists is not None and reachable <= _LISTED * len(self)
        if selection.ids is not None and listed:
            return self._lists.best(query, self._lists.near(query, selection.ids, k), k)
        # The fewer vectors may be found, the more lists it takes to find as many.
        settings = self._lists.settings
        nprobe = min(settings.nlist, -(-settings.nprobe * len(self) // reachable))
        while True:
            params = faiss.SearchParametersIVF(sel=selector, nprobe=nprobe)  # type: ignore[call-arg]  # the same
            found = self._run(query, self._pool(k), params)[1]
            if len(found) >= k or nprobe == settings.nlist:
                return self._lists.best(query, found, k)
            nprobe = min(4 * nprobe, settings.nlist)

    def _run(
        self, query: FloatArray, k: int, params: faiss.SearchParameters | None
    ) -> tuple[FloatArray, IdArray]:
        # Each thread of Python has a setting of its own; one query has no use for more.
        faiss.omp_set_num_threads(1)
        scores, ids = self._index.search(query.reshape(1, -1), k, params=params)
        found = ids[0] >= 0
        return scores[0][found], ids[0][found]


def _selector(selection: Selection) -> faiss.IDSelector | None:
    """What FAISS asks of each id it meets; None if every id may be found."""
    if (ids := selection.ids) is not None:
        if len(ids) <= _BATCH:
            return faiss.IDSelectorBatch(ids)
        members = np.zeros(int(ids.max()) + 1, dtype=np.bool_)
        members[ids] = True
        bits = np.packbits(members, bitorder="little")
        return faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]  # their stubs
    if selection.excluded is not None and len(selection.excluded):
        return faiss.IDSelectorNot(faiss.IDSelectorBatch(selection.excluded))
    return None
