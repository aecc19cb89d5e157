"""Writing and opening indexes of FAISS; which kind of index follows from the number of vectors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import faiss
import numpy as np

from rftsearch.index.engines.base import EngineEntry, VectorIndex, VectorSource
from rftsearch.index.engines.faiss_vectors import (
    IDS,
    INDEX,
    LISTS,
    ORIGINALS,
    SETTINGS,
    FaissIndex,
    InvertedLists,
    IvfSettings,
)
from rftsearch.index.tables.npy import ArrayWriter, open_array, save_array
from rftsearch.index.tables.rows import in_single, places_of
from rftsearch.settings import threads
from rftsearch.types import FloatArray, HalfArray, IdArray, ListNumbers

__all__ = ["EXACT", "PACKED", "FaissEngine"]

EXACT = 50_000
"""Up to this many vectors, comparing with each is as fast as anything else."""
PACKED = 100_000
"""Beyond this many, product quantization (Jégou, Douze and Schmid, 2011), which is compared in
a processor's registers (André, Kermarrec and Le Scouarnec, 2015; FAISS's `PQ..x4fs`)."""

_AT_ONCE = 1 << 14
_ENOUGH = 0.995
"""Of the recall that all lists give. Later questions find a little less than the titles
that this is measured with: with 0.99 here, other questions to 100,000 papers had 0.973."""
_TRAINED_ON = 200
"""Vectors for each list that k-means reads; FAISS wants 39 to 256. Of few lists with 50 each,
6,000 vectors of a test were found with a recall of 0.975 instead of 0.98."""
_FIRST = 10
"""The recall is measured on this many nearest vectors."""


@dataclass(frozen=True)
class FaissEngine:
    """The engine that is always there: files in the generation's folder, nothing elsewhere."""

    name: ClassVar[str] = "faiss"
    exact: int = EXACT
    """Up to this many vectors each is compared."""
    packed: int = PACKED
    """Beyond this many they are packed more tightly."""

    def write(self, folder: Path, source: VectorSource) -> EngineEntry | None:
        """Write an index into an empty folder.

        Returns:
            How inverted lists are searched; None if each vector is compared.

        Raises:
            OSError: It cannot be written; what is there is to be thrown away.
        """
        ids, dimension = source.ids, source.dimension
        if len(ids) <= self.exact:
            rows = np.concatenate([np.empty((0, dimension), np.float32), *source.chunks])
            every = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
            every.add_with_ids(rows, np.ascontiguousarray(ids))
            _save(every, folder / INDEX)
            return None
        save_array(folder / IDS, ids)
        with ArrayWriter(folder / ORIGINALS, (len(ids), dimension), np.float16) as writer:
            for chunk in source.chunks:
                writer.append(chunk)
        originals = open_array(folder / ORIGINALS)
        packed = len(ids) > self.packed and dimension % 2 == 0
        index = _filled(originals, ids, packed=packed)
        settings = _calibrated(index, originals, ids, source.queries()).describe()
        (folder / SETTINGS).write_text(json.dumps(settings), "utf-8")
        if len(ids) > self.packed:
            save_array(folder / LISTS, _lists_of(index, ids))
        _save(index, folder / INDEX)
        return settings

    def open(self, folder: Path, entry: EngineEntry | None) -> VectorIndex:
        """Open an index that `write` wrote and whose hashes were checked.

        Raises:
            IndexDamagedError: FAISS cannot read it, or it is another kind of index.
        """
        del entry  # The folder has all of it.
        return FaissIndex.open(folder)

    def drop(self, folder: Path, entry: EngineEntry | None) -> None:
        """Do nothing: all files lie in the folder."""


def _filled(originals: HalfArray, ids: IdArray, *, packed: bool) -> faiss.Index:
    """Inverted lists of all vectors, trained on a sample that is the same each time."""
    count, dimension = originals.shape
    # Four times the root of the number is what FAISS's guidelines begin with. Packed vectors
    # are compared so fast that to enter a list costs as much as what it holds: a question to
    # a million papers took 3.9 ms in 1,024 lists and 6.8 ms in 4,096, at one recall.
    lists = min(1 << round(np.log2((1 if packed else 4) * count**0.5)), count)
    coding = f"PQ{dimension // 2}x4fs" if packed else "SQ8"  # Two numbers share a code.
    faiss.omp_set_num_threads(threads())
    index = faiss.index_factory(dimension, f"IVF{lists},{coding}", faiss.METRIC_INNER_PRODUCT)
    sample = np.random.default_rng(0).choice(count, min(count, _TRAINED_ON * lists), replace=False)
    index.train(in_single(originals[np.sort(sample)]))
    for start in range(0, count, _AT_ONCE):
        rows = slice(start, start + _AT_ONCE)
        index.add_with_ids(in_single(originals[rows]), np.ascontiguousarray(ids[rows]))
    return index


def _lists_of(index: faiss.Index, ids: IdArray) -> ListNumbers:
    """Return in which list each id lies, (n,) uint16."""
    inverted = faiss.extract_index_ivf(index)
    lists: Any = inverted.invlists  # Their stubs say that there may be none.
    numbers = np.zeros(len(ids), np.uint16)
    for number in range(inverted.nlist):
        size = lists.list_size(number)
        if size:
            held = faiss.rev_swig_ptr(lists.get_ids(number), size)
            numbers[places_of(held, ids)] = number
    return numbers


def _calibrated(
    index: faiss.Index, originals: HalfArray, ids: IdArray, queries: FloatArray
) -> IvfSettings:
    """The fewest probes with `_ENOUGH` of the recall that all lists give."""
    nlist = int(faiss.extract_index_ivf(index).nlist)
    exact = _nearest(originals, ids, queries)

    def recall(nprobe: int) -> float:
        lists = InvertedLists(originals, ids, IvfSettings(nlist, nprobe, 0, 0))
        tried = FaissIndex(index, lists)
        found = [set(tried.search(query, _FIRST)[1].tolist()) for query in queries]
        shares = [len(own & best) / len(best) for own, best in zip(found, exact, strict=True)]
        return float(np.mean(shares))

    exhaustive, few, nprobe = recall(nlist), 0, 1
    while nprobe < nlist and recall(nprobe) < _ENOUGH * exhaustive:
        few, nprobe = nprobe, min(2 * nprobe, nlist)
    while nprobe - few > max(1, few // 8):  # To an eighth: a question costs as much.
        middle = (few + nprobe) // 2
        if recall(middle) < _ENOUGH * exhaustive:
            few = middle
        else:
            nprobe = middle
    return IvfSettings(nlist, nprobe, round(recall(nprobe), 4), round(exhaustive, 4))


def _nearest(originals: HalfArray, ids: IdArray, queries: FloatArray) -> list[set[int]]:
    """The ids of the exact first vectors of each query, by reading every vector once."""
    from faiss.contrib.exhaustive_search import knn_ground_truth  # noqa: PLC0415 - for builds alone

    def chunks() -> Iterator[FloatArray]:
        for start in range(0, len(ids), _AT_ONCE):
            yield in_single(originals[start : start + _AT_ONCE])

    inner = faiss.METRIC_INNER_PRODUCT
    _, places = knn_ground_truth(queries, chunks(), min(_FIRST, len(ids)), inner, ngpu=0)
    return [set(ids[row].tolist()) for row in places]


def _save(index: faiss.Index, path: Path) -> None:
    # Through Python's file: FAISS's own writer reports a full disk as a bare
    # RuntimeError without the reason.
    with path.open("wb") as file:
        writer = faiss.PyCallbackIOWriter(file.write, 1 << 20)  # type: ignore[attr-defined]  # their stubs
        faiss.write_index(index, writer)
