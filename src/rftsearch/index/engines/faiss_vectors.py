"""Nearest vectors, by FAISS.

Up to `EXACT` vectors are compared one by one. Beyond, they lie in inverted lists,
eight bits a number (FAISS's `IVF,SQ8`); a few lists are looked into, and what is
found there is scored anew with the vectors themselves, which stay on disk in half
precision. How many lists is measured when the index is written. Beyond `PACKED`
vectors it is four bits for two numbers, and more of them are scored anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import faiss
import numpy as np

from rftsearch.errors import REPAIR, IndexDamagedError
from rftsearch.index.engines.base import IvfSettings
from rftsearch.index.tables.npy import ArrayWriter, open_array, places_of, rows_of, save_array
from rftsearch.settings import threads
from rftsearch.types import FloatArray, HalfArray, IdArray

__all__ = [
    "EXACT",
    "PACKED",
    "SegmentedVectors",
    "VectorIndex",
    "Vectors",
    "scanned",
    "write_vectors",
]


EXACT = 50_000
"""Up to so many vectors comparing with each is as fast as anything else."""
PACKED = 100_000
"""Beyond so many, product quantization (Jégou, Douze and Schmid, 2011), which is compared in
a processor's registers (André, Kermarrec and Le Scouarnec, 2015; FAISS's `PQ..x4fs`)."""
SCANNED = 4_096
"""Up to so many allowed papers are read one by one, whatever the index."""
SCANNED_SHARE = 0.02
"""Or up to this share of all: lists of which a filter leaves less are looked into in vain."""

_INDEX, _ORIGINALS, _IDS, _PROBING = "index.faiss", "originals.npy", "ids.npy", "probing.json"
_AT_ONCE = 1 << 14
_POOL = 100
"""At least so many that the lists propose are scored anew."""
_PACKED_POOL = 4
"""So many times as many where they are packed: of the nearest 300 of a million papers 0.73
were among 400 that packed lists proposed, and 0.94 among 1,200."""
_ENOUGH = 0.995
"""Of the recall that all lists give. What is asked later finds a little less than the titles
that this is measured with: with 0.99 here, other questions to 100,000 papers had 0.973."""
_TRAINED_ON = 200
"""Vectors for each list that k-means reads; FAISS wants 39 to 256. Of few lists with 50 each,
6,000 vectors of a test were found with a recall of 0.975 instead of 0.98."""


@dataclass(frozen=True)
class _Lists:
    """What inverted lists are searched with."""

    originals: HalfArray
    """(n, dimension), what lies in the lists, before compression."""
    ids: IdArray
    """(n,) int64, whose they are, ascending."""
    probing: IvfSettings

    def vectors(self, ids: IdArray) -> FloatArray:
        """Of known ids, (r, dimension) float32."""
        return rows_of(self.originals, places_of(ids, self.ids)).astype(np.float32)


class VectorIndex:
    """Vectors under stable integer ids, searched by inner product.

    Rows have unit norm, so that the inner product is the cosine. Searching is
    safe from several threads; an index never changes once it is made.
    """

    def __init__(self, index: faiss.Index, lists: _Lists | None = None) -> None:
        """Wrap a FAISS index of all vectors or of inverted lists; use `open`."""
        self._index = index
        self._lists = lists

    @classmethod
    def open(cls, folder: Path) -> VectorIndex:
        """Open an index that `write_vectors` wrote and whose hashes were checked.

        Raises:
            IndexDamagedError: FAISS cannot read it, or it is another kind of index.
        """
        path = folder / _INDEX
        try:
            # Mapped, where FAISS can: inverted lists are most of it, and few are read.
            index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            raise IndexDamagedError(f"FAISS cannot read {path}; {REPAIR}") from error
        if isinstance(index, faiss.IndexIDMap2):
            return cls(index)
        if not isinstance(index, faiss.IndexIVF):
            raise IndexDamagedError(f"{path} is a foreign FAISS index; {REPAIR}")
        originals, ids = open_array(folder / _ORIGINALS), open_array(folder / _IDS)
        try:
            probing = IvfSettings(**json.loads((folder / _PROBING).read_text("utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise IndexDamagedError(f"cannot read {folder / _PROBING}; {REPAIR}") from error
        if not len(originals) == len(ids) == index.ntotal:
            raise IndexDamagedError(f"the files in {folder} do not belong together; {REPAIR}")
        return cls(index, _Lists(originals, ids, probing))

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    def __len__(self) -> int:
        """How many vectors there are."""
        return int(self._index.ntotal)

    def _pool(self, k: int) -> int:
        """How many are scored anew to find k."""
        packed = isinstance(self._index, faiss.IndexIVFPQFastScan)
        return max(k, _POOL) * (_PACKED_POOL if packed else 1)

    def vector(self, identifier: int) -> FloatArray:
        """The stored vector of an id, (dimension,) float32.

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
        """The stored vectors of known ids, (n, dimension) float32."""
        if not len(ids):
            return np.empty((0, self.dimension), np.float32)
        if self._lists is not None:
            return self._lists.vectors(ids)
        return np.asarray(self._index.reconstruct_batch(ids), dtype=np.float32)

    def search(
        self,
        query: FloatArray,
        k: int,
        allowed: IdArray | None = None,
        without: IdArray | None = None,
    ) -> tuple[FloatArray, IdArray]:
        """Find the k vectors of greatest inner product with a query.

        Args:
            query: (dimension,) float32.
            k: How many to find, 1 or more.
            allowed: (m,) int64 ids that may be found; None for all.
            without: (w,) int64 ids of the index that may not, where all others may.

        Returns:
            Scores (r,) float32 in descending order and ids (r,) int64, with r the
            smaller of k and the number of vectors that may be found.
        """
        excluded = 0 if without is None else len(without)
        reachable = len(self) - excluded if allowed is None else len(allowed)
        k = min(k, reachable)
        if k == 0:
            return np.empty(0, np.float32), np.empty(0, np.int64)
        selector = _selector(allowed, without if excluded else None)
        if self._lists is None:
            if selector is None:
                return self._run(query, k, None)
            # FAISS takes it by keyword only, which its own stubs do not know.
            return self._run(query, k, faiss.SearchParameters(sel=selector))  # type: ignore[call-arg]
        if allowed is not None and reachable <= scanned(len(self)):
            return self._best(query, allowed, k)
        # The rarer what may be found, the more lists it takes to find as many.
        probing = self._lists.probing
        probes = min(probing.lists, -(-probing.probes * len(self) // reachable))
        while True:
            params = faiss.SearchParametersIVF(sel=selector, nprobe=probes)  # type: ignore[call-arg]  # the same
            found = self._run(query, self._pool(k), params)[1]
            if len(found) >= k or probes == probing.lists:
                return self._best(query, found, k)
            probes = min(4 * probes, probing.lists)

    def _best(self, query: FloatArray, ids: IdArray, k: int) -> tuple[FloatArray, IdArray]:
        """The k of some ids whose own vectors are nearest."""
        scores = np.vecdot(self.vectors(ids), query)
        order = np.argsort(-scores, kind="stable")[:k]
        return scores[order], np.asarray(ids[order])

    def _run(
        self, query: FloatArray, k: int, params: faiss.SearchParameters | None
    ) -> tuple[FloatArray, IdArray]:
        # Each thread of Python has a setting of its own; one query has no use for more.
        faiss.omp_set_num_threads(1)
        scores, ids = self._index.search(query.reshape(1, -1), k, params=params)
        found = ids[0] >= 0
        return scores[0][found], ids[0][found]


@dataclass(frozen=True)
class SegmentedVectors:
    """An index of vectors that others joined, and some left; searched as one."""

    base: VectorIndex
    joined: VectorIndex
    """Under greater ids than all of the base; compared one by one."""
    gone: IdArray
    """(g,) int64 ids of the base that are no longer found, ascending."""
    last: int
    """The greatest id of the base."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self.base.dimension

    def __len__(self) -> int:
        """How many vectors there are."""
        return len(self.base) - len(self.gone) + len(self.joined)

    def vector(self, identifier: int) -> FloatArray:
        """As `VectorIndex.vector`."""
        return (self.base if identifier <= self.last else self.joined).vector(identifier)

    def vectors(self, ids: IdArray) -> FloatArray:
        """As `VectorIndex.vectors`."""
        rows = np.empty((len(ids), self.dimension), np.float32)
        old = ids <= self.last
        rows[old], rows[~old] = self.base.vectors(ids[old]), self.joined.vectors(ids[~old])
        return rows

    def search(
        self, query: FloatArray, k: int, allowed: IdArray | None = None
    ) -> tuple[FloatArray, IdArray]:
        """As `VectorIndex.search`."""
        if allowed is None:
            found = [self.base.search(query, k, without=self.gone), self.joined.search(query, k)]
        else:
            old = allowed <= self.last
            found = [
                self.base.search(query, k, allowed[old]),
                self.joined.search(query, k, allowed[~old]),
            ]
        scores, ids = (np.concatenate(part) for part in zip(*found, strict=True))
        order = np.argsort(-scores, kind="stable")[:k]
        return scores[order], ids[order]


Vectors = VectorIndex | SegmentedVectors
"""What a generation searches by meaning."""


def scanned(papers: int) -> int:
    """Up to how many allowed papers are read one by one, of so many in all."""
    return max(SCANNED, int(SCANNED_SHARE * papers))


def _selector(allowed: IdArray | None, without: IdArray | None) -> faiss.IDSelector | None:
    """What FAISS asks of each id it meets."""
    if allowed is not None:
        if len(allowed) <= SCANNED:
            return faiss.IDSelectorBatch(allowed)
        members = np.zeros(int(allowed.max()) + 1, dtype=np.bool_)
        members[allowed] = True
        bits = np.packbits(members, bitorder="little")
        return faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]  # their stubs
    if without is not None:
        return faiss.IDSelectorNot(faiss.IDSelectorBatch(without))
    return None


def write_vectors(
    folder: Path,
    ids: IdArray,
    chunks: Iterable[FloatArray],
    dimension: int,
    queries: Callable[[], FloatArray],
    *,
    exact: int = EXACT,
    packed: int = PACKED,
) -> IvfSettings | None:
    """Write an index into an empty folder.

    Args:
        folder: Where; it exists.
        ids: (n,) int64, ascending.
        chunks: Their vectors in the same order, float32 rows of unit norm, some at
            a time.
        dimension: Length of a vector.
        queries: Gives (q, dimension) float32, with which the search is measured; called
            once all chunks were read.
        exact: Up to so many vectors each is compared.
        packed: Beyond so many they are packed more tightly.

    Returns:
        How inverted lists are searched; None where each vector is compared.

    Raises:
        OSError: It cannot be written; what is there is to be thrown away.
    """
    if len(ids) <= exact:
        rows = np.concatenate([np.empty((0, dimension), np.float32), *chunks])
        every = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        every.add_with_ids(rows, np.ascontiguousarray(ids))
        _save(every, folder / _INDEX)
        return None
    save_array(folder / _IDS, ids)
    with ArrayWriter(folder / _ORIGINALS, (len(ids), dimension), np.float16) as writer:
        for chunk in chunks:
            writer.append(chunk)
    originals = open_array(folder / _ORIGINALS)
    index = _filled(originals, ids, packed=len(ids) > packed and dimension % 2 == 0)
    probing = _calibrated(index, originals, ids, queries())
    (folder / _PROBING).write_text(json.dumps(asdict(probing)), "utf-8")
    _save(index, folder / _INDEX)
    return probing


def _filled(originals: HalfArray, ids: IdArray, *, packed: bool) -> faiss.Index:
    """Inverted lists of all vectors, trained on a sample that is the same each time."""
    count, dimension = originals.shape
    # Four times the root of the number is what FAISS's guidelines begin with. Packed vectors
    # are compared so fast that to enter a list costs as much as what it holds: a question to
    # a million papers took 3.9 ms in 1,024 lists and 6.8 ms in 4,096, at one recall.
    lists = 1 << round(np.log2((1 if packed else 4) * count**0.5))
    coding = f"PQ{dimension // 2}x4fs" if packed else "SQ8"  # Two numbers share a code.
    faiss.omp_set_num_threads(threads())
    index = faiss.index_factory(dimension, f"IVF{lists},{coding}", faiss.METRIC_INNER_PRODUCT)
    sample = np.random.default_rng(0).choice(count, min(count, _TRAINED_ON * lists), replace=False)
    index.train(originals[np.sort(sample)].astype(np.float32))
    for start in range(0, count, _AT_ONCE):
        rows = slice(start, start + _AT_ONCE)
        index.add_with_ids(originals[rows].astype(np.float32), np.ascontiguousarray(ids[rows]))
    return index


def _calibrated(
    index: faiss.Index, originals: HalfArray, ids: IdArray, queries: FloatArray
) -> IvfSettings:
    """The fewest probes with `_ENOUGH` of the recall that all lists give."""
    lists = int(faiss.extract_index_ivf(index).nlist)
    exact = _exact(originals, ids, queries, 10)

    def recall(probes: int) -> float:
        tried = VectorIndex(index, _Lists(originals, ids, IvfSettings(lists, probes, 0, 0)))
        found = [set(tried.search(query, 10)[1].tolist()) for query in queries]
        shares = [len(own & best) / len(best) for own, best in zip(found, exact, strict=True)]
        return float(np.mean(shares))

    exhaustive, few, probes = recall(lists), 0, 1
    while probes < lists and recall(probes) < _ENOUGH * exhaustive:
        few, probes = probes, min(2 * probes, lists)
    while probes - few > max(1, few // 8):  # To an eighth: a question costs as much.
        middle = (few + probes) // 2
        if recall(middle) < _ENOUGH * exhaustive:
            few = middle
        else:
            probes = middle
    return IvfSettings(lists, probes, round(recall(probes), 4), round(exhaustive, 4))


def _exact(originals: HalfArray, ids: IdArray, queries: FloatArray, k: int) -> list[set[int]]:
    """The true first k of each query, by reading every vector once."""
    best = np.full((len(queries), k), -np.inf, np.float32)
    whose = np.zeros((len(queries), k), np.int64)
    for start in range(0, len(ids), _AT_ONCE):
        rows = slice(start, start + _AT_ONCE)
        scores = np.hstack([best, queries @ originals[rows].astype(np.float32).T])
        owners = np.hstack([whose, np.broadcast_to(ids[rows], (len(queries), len(ids[rows])))])
        top = np.argpartition(-scores, k - 1, axis=1)[:, :k]
        best, whose = np.take_along_axis(scores, top, 1), np.take_along_axis(owners, top, 1)
    return [set(row.tolist()) for row in whose]


def _save(index: faiss.Index, path: Path) -> None:
    # Through Python's file: FAISS's own writer reports a full disk as a bare
    # RuntimeError without the reason.
    with path.open("wb") as file:
        writer = faiss.PyCallbackIOWriter(file.write, 1 << 20)  # type: ignore[attr-defined]  # their stubs
        faiss.write_index(index, writer)
