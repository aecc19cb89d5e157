"""Writing forward indexes: the terms of one paper after another, unigrams and bigrams."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from rftsearch.index.tables.bm25 import inverse_frequencies, length_norms, tf_saturation
from rftsearch.index.tables.forward_index import (
    BIGRAM_WEIGHTS,
    ENTRIES_AT_ONCE,
    UNIGRAM_WEIGHTS,
    ForwardIndex,
    number_of,
    pair_numbers,
)
from rftsearch.index.tables.npy import ArrayWriter, open_array, save_array
from rftsearch.index.tables.postings import FROM, write_postings
from rftsearch.papers.documents import Terms
from rftsearch.types import AnyArray, FloatArray, IndexArray, IntArray, RecordArray, TermArray

__all__ = ["DeltaTerms", "ForwardIndexWriter"]

_MEAN = "mean.npy"
_PAPERS_AT_ONCE = 2_000


@dataclass(frozen=True)
class DeltaTerms:
    """What the delta segment of a forward index has to know of the papers that are there."""

    base: ForwardIndex
    """The base segment."""
    kept: ForwardIndex
    """Rows of the delta segment before that stay; they are written again, first."""
    papers: int
    """How many papers there are in all."""

    def frequencies(self, wanted: TermArray) -> IntArray:
        """Return how many papers already have each term; see `ForwardIndex.frequencies`."""
        return self.base.frequencies(wanted) + self.kept.frequencies(wanted)


class ForwardIndexWriter:
    """Takes the terms of one paper after another, and writes the index of all.

    The weight of a term is known once all papers are. Until then the terms are in
    temporary files, so that memory does not grow with the collection.
    """

    def __init__(self, folder: Path) -> None:
        """Collect into temporary files in a folder that exists."""
        self._unigrams, self._bigrams = (
            _Spill(folder, UNIGRAM_WEIGHTS),
            _Spill(folder, BIGRAM_WEIGHTS),
        )
        self._lengths: list[int] = []
        self._waiting: list[Terms] = []

    def add(self, terms: Terms) -> None:
        """Take the terms of the next paper.

        Raises:
            OSError: The disk is full.
        """
        self._waiting.append(terms)
        if len(self._waiting) == _PAPERS_AT_ONCE:
            self._take()

    def save(self, unigrams: Path, bigrams: Path) -> None:
        """Write both indexes into their folders, and delete the temporary files.

        Args:
            unigrams: Folder of the index of terms.
            bigrams: Folder of the index of neighbouring terms.

        Raises:
            OSError: The disk is full.
        """
        self._take()
        lengths = np.array(self._lengths, dtype=np.float32)
        mean = float(lengths.sum()) / max(int((lengths > 0).sum()), 1)
        save_array(unigrams / _MEAN, np.array(mean))
        for spill, folder in ((self._unigrams, unigrams), (self._bigrams, bigrams)):
            spill.save(folder, length_norms(lengths, mean), None)

    def save_delta(
        self, unigrams: Path, bigrams: Path, deltas: tuple[DeltaTerms, DeltaTerms], base: Path
    ) -> None:
        """Write the delta segments of both indexes.

        What a term weighs in them follows from how many papers have it by now; papers
        of the base segment keep their weights.

        Args:
            unigrams: Folder of the index of terms.
            bigrams: Folder of the index of neighbouring terms.
            deltas: What is there already, of unigrams and of bigrams.
            base: Folder of the base segment of unigrams.

        Raises:
            OSError: The disk is full.
            IndexDamagedError: The base segment was not written by `save`.
        """
        self._take()
        lengths = np.array(self._lengths, dtype=np.float32)
        norms = length_norms(lengths, float(open_array(base / _MEAN, shape=())))
        spills = (self._unigrams, unigrams), (self._bigrams, bigrams)
        for (spill, folder), delta in zip(spills, deltas, strict=True):
            spill.save(folder, norms, delta)

    def _take(self) -> None:
        if not self._waiting:
            return
        papers, self._waiting = self._waiting, []
        parts = [part for terms in papers for part in (terms.head, terms.body)]
        numbers = np.fromiter(map(number_of, chain.from_iterable(parts)), np.uint32)
        part_of = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        # The head counts twice; see `Terms.words`.
        in_head = numbers[part_of % 2 == 0], part_of[part_of % 2 == 0]
        self._unigrams.add(
            np.concatenate([numbers, in_head[0]]),
            np.concatenate([part_of, in_head[1]]) // 2,
            len(papers),
        )
        neighbours = part_of[:-1] == part_of[1:]
        self._bigrams.add(
            pair_numbers(numbers)[neighbours], part_of[1:][neighbours] // 2, len(papers)
        )
        self._lengths += [2 * len(terms.head) + len(terms.body) for terms in papers]


class _Spill:
    """Terms and their frequencies in the order of papers, in temporary files."""

    def __init__(self, folder: Path, weights: np.dtype[Any]) -> None:
        self._weights = weights
        self._terms = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - lives as long as this
        self._frequencies = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - the same
        self._sizes: list[IntArray] = []

    def add(self, terms: TermArray, papers: IndexArray, count: int) -> None:
        """Take the terms of `count` papers, each as often as it occurs, in any order."""
        keys = papers.astype(np.uint64) << np.uint64(32) | terms
        each, frequencies = np.unique(keys, return_counts=True)
        self._terms.write((each & np.uint64(0xFFFFFFFF)).astype(np.uint32).tobytes())
        self._frequencies.write(np.minimum(frequencies, 0xFFFF).astype(np.uint16).tobytes())
        self._sizes.append(np.bincount((each >> np.uint64(32)).astype(np.intp), minlength=count))

    def save(self, folder: Path, norms: FloatArray, delta: DeltaTerms | None) -> None:
        """Write the index, one row for each paper in the order they came."""
        sizes = np.concatenate([np.zeros(0, np.int64), *self._sizes])
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        before = delta.kept if delta else ForwardIndex.empty(self._weights)
        first = int(before.offsets[-1])
        save_array(folder / "offsets.npy", np.concatenate([before.offsets, first + offsets[1:]]))
        total = int(offsets[-1])
        with self._terms, self._frequencies:
            terms = _mapped(self._terms, np.uint32, total)
            frequencies = _mapped(self._frequencies, np.uint16, total)
            vocabulary, having = _document_frequencies(terms)
            having = having + (delta.frequencies(vocabulary) if delta else 0)
            papers = delta.papers if delta else len(sizes)
            idf = np.asarray(inverse_frequencies(papers, having), np.float32)
            with (
                ArrayWriter(folder / "terms.npy", (first + total,), np.uint32) as numbers,
                ArrayWriter(folder / "weights.npy", (first + total,), self._weights) as weights,
            ):
                numbers.append(np.asarray(before.terms))
                weights.append(np.asarray(before.weights))
                for start in range(0, len(sizes), _PAPERS_AT_ONCE):
                    rows = slice(start, start + _PAPERS_AT_ONCE)
                    entries = slice(offsets[start], offsets[: start + _PAPERS_AT_ONCE + 1][-1])
                    owners = np.repeat(np.arange(len(sizes[rows])), sizes[rows])
                    rarity = idf[np.searchsorted(vocabulary, terms[entries])]
                    tf = frequencies[entries].astype(np.float32)
                    numbers.append(terms[entries])
                    weights.append(_weigh(self._weights, tf, rarity, norms[rows], owners))
            if delta is None and self._weights == UNIGRAM_WEIGHTS and len(sizes) >= FROM:
                weighed = open_array(folder / "weights.npy", self._weights, (total,))
                write_postings(folder, vocabulary, having, terms, weighed, offsets)


def _weigh(
    kind: np.dtype[Any],
    tf: FloatArray,
    idf: FloatArray,
    norms: FloatArray,
    owners: IndexArray,
) -> RecordArray:
    """The weights of each entry of some rows, under their names on disk."""
    weights = np.zeros(len(tf), kind)
    saturated = tf_saturation(tf, norms, owners)
    if kind == BIGRAM_WEIGHTS:
        weights["told"] = saturated * idf
        return weights
    cosine = (1 + np.log(tf)) * idf
    norms = np.sqrt(np.bincount(owners, weights=cosine**2, minlength=len(norms)))
    weights["met"] = saturated
    weights["idf"] = idf
    weights["cosine"] = cosine / np.maximum(norms, 1e-9)[owners]
    return weights


def _mapped(file: IO[bytes], kind: npt.DTypeLike, count: int) -> AnyArray:
    """Map what was written to a temporary file; an empty file cannot be mapped."""
    if not count:
        return np.zeros(0, kind)
    file.flush()
    return np.asarray(np.memmap(file, kind, "r", shape=(count,)))


def _document_frequencies(terms: TermArray) -> tuple[TermArray, IntArray]:
    """Each term in ascending order, and how many papers have it.

    Many entries are counted by ranges of numbers: sorting all at once would hold every
    entry of the collection in memory twice.
    """
    ranges = -(-len(terms) // ENTRIES_AT_ONCE) or 1
    edges = np.linspace(0, 1 << 32, ranges + 1).astype(np.uint64)
    found = []
    for low, high in pairwise(edges):
        chosen = [
            part[(part >= low) & (part < high)]
            for start in range(0, len(terms) or 1, ENTRIES_AT_ONCE)
            for part in [terms[start : start + ENTRIES_AT_ONCE]]
        ]
        found.append(np.unique(np.concatenate(chosen), return_counts=True))
    return np.concatenate([one[0] for one in found]), np.concatenate([one[1] for one in found])
