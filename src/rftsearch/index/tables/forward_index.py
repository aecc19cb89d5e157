"""Which terms each paper has, and what they weigh: the lexical index, by paper.

Tantivy finds the papers of a term; ranking also wants the terms of a paper, to
score a few hundred candidates at once, to see which terms the best of them
share, and to compare two papers. One row a paper, by ascending id.

A term is a 32-bit number, a checksum of its text: two of a hundred thousand
terms may share one, which costs less than a vocabulary that every query has to
look its words up in. Two neighbouring terms have a number of their own.
"""

from __future__ import annotations

import math
import tempfile
import zlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, pairwise
from pathlib import Path
from typing import IO, Any, Self

import numpy as np
import numpy.typing as npt

from rftsearch.index.tables.npy import (
    ArrayWriter,
    FileRows,
    Rows,
    Stacked,
    every_row,
    is_mapped,
    open_array,
    runs_of,
    save_array,
)
from rftsearch.papers.documents import Terms
from rftsearch.types import FloatArray

__all__ = [
    "ForwardIndex",
    "ForwardIndexWriter",
    "GrownTerms",
    "inverse_frequency",
    "number_of",
    "pair_numbers",
    "weight_of",
]

Numbers = npt.NDArray[np.uint32]
Positions = npt.NDArray[np.intp]

_K1, _B = 1.2, 0.75  # Of BM25, as tantivy has them.
_NAMES = ("terms", "weights", "offsets")
_MEAN = "mean.npy"
_WEIGHTS = np.dtype([(name, np.float16) for name in ("met", "idf", "cosine")])
_PAIR_WEIGHTS = np.dtype([("told", np.float16)])

_PAPERS_AT_ONCE = 2_000
_SORTED_AT_ONCE = 1 << 24
"""Entries whose terms are counted at once: what that may hold in memory."""


@lru_cache(maxsize=1 << 18)
def number_of(term: str) -> int:
    """The number that stands for a term."""
    return zlib.crc32(term.encode())


def pair_numbers(terms: Numbers) -> Numbers:
    """The numbers that stand for each two neighbours among terms, (n - 1,) uint32."""
    # An odd factor keeps all bits of the first, and makes an order of the two.
    return terms[:-1] * np.uint32(2_654_435_761) + terms[1:]


@dataclass(frozen=True)
class ForwardIndex:
    """The terms of all papers, row after row.

    Attributes:
        terms: (m,) uint32 numbers of terms, each once in a row.
        weights: (m,) of three float16: `met`, BM25's saturation of the term's
            frequency in the paper, between 0 and 1; `idf`, its inverse document
            frequency; `cosine`, its part of the paper's unit vector of (1 + ln tf) idf.
            Of neighbouring terms one float16, `told`: `met` times `idf`.
        offsets: (n + 1,) int64, where each row begins.
    """

    terms: Rows
    weights: Rows
    offsets: npt.NDArray[np.int64]

    @classmethod
    def empty(cls, weights: np.dtype[Any]) -> Self:
        """The table of no papers, with weights as those of another one."""
        return cls(np.zeros(0, np.uint32), np.zeros(0, weights), np.zeros(1, np.int64))

    @classmethod
    def stacked(cls, first: ForwardIndex, second: ForwardIndex) -> Self:
        """The rows of two tables that were opened, one after the other."""
        return cls(
            Stacked([first.terms, second.terms]),
            Stacked([first.weights, second.weights]),
            np.concatenate([first.offsets, first.offsets[-1] + second.offsets[1:]]),
        )

    @classmethod
    def open(cls, folder: Path, *, mapped: bool = True) -> Self:
        """Open the arrays that `ForwardIndexWriter.save` wrote, and map them if so wanted.

        Raises:
            IndexDamagedError: A file is not such an array.
        """
        terms, weights, offsets = (folder / f"{name}.npy" for name in _NAMES)
        rows = open_array if mapped else FileRows
        return cls(rows(terms), rows(weights), open_array(offsets))

    def __len__(self) -> int:
        """How many papers there are."""
        return len(self.offsets) - 1

    @cached_property
    def mapped(self) -> bool:
        """Whether single weights are soon read; see `is_mapped`."""
        return is_mapped(self.weights)

    @cached_property
    def everything(self) -> Numbers:
        """The terms of all rows in their order; a short list asks for them often."""
        return every_row(self.terms)

    @cached_property
    def owners(self) -> Positions:
        """The row of each of `everything`."""
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))

    @cached_property
    def by_term(self) -> Positions:
        """All positions in the ascending order of their terms; a short list asks often."""
        return np.argsort(self.everything, kind="stable")

    @cached_property
    def in_order(self) -> Numbers:
        """The terms at the positions of `by_term`."""
        return self.everything[self.by_term]

    def every(self, name: str) -> FloatArray:
        """One weight of all entries, float32; see `column`."""
        found = self._columns.get(name)
        if found is None:
            found = self._columns[name] = self.column(name, np.arange(len(self.terms)))
        return found

    @cached_property
    def _columns(self) -> dict[str, FloatArray]:
        return {}

    def column(self, name: str, positions: Positions) -> FloatArray:
        """One weight at some positions, float32; see `weight_of`."""
        return weight_of(self.weights[positions], name)

    def only(self, rows: Positions) -> Self:
        """A table of some rows, in memory.

        Args:
            rows: (r,), ascending.
        """
        begins, ends = self.offsets[rows], self.offsets[rows + 1]
        offsets = np.concatenate([[0], np.cumsum(ends - begins)]).astype(np.int64)
        return type(self)(
            runs_of(self.terms, begins, ends), runs_of(self.weights, begins, ends), offsets
        )

    def frequencies(self, wanted: Numbers) -> npt.NDArray[np.int64]:
        """How many papers have each of some terms; reads the numbers of all entries once.

        Args:
            wanted: (w,) uint32, ascending, each once.

        Returns:
            (w,) int64.
        """
        counts = np.zeros(len(wanted), np.int64)
        if not len(wanted):
            return counts
        # A table of the lower 24 bits throws out nearly every entry before it is looked for.
        near = np.zeros(1 << 24, np.bool_)
        near[wanted & 0xFFFFFF] = True
        for start in range(0, len(self.terms), _SORTED_AT_ONCE):
            end = min(start + _SORTED_AT_ONCE, len(self.terms))
            terms = np.asarray(self.terms[np.arange(start, end)])
            terms = terms[near[terms & 0xFFFFFF]]
            places = np.minimum(np.searchsorted(wanted, terms), len(wanted) - 1)
            counts += np.bincount(places[wanted[places] == terms], minlength=len(wanted))
        return counts


@dataclass(frozen=True)
class GrownTerms:
    """What a table has to know that holds the terms of papers which joined others."""

    others: ForwardIndex
    """Of the others."""
    kept: ForwardIndex
    """Of those who joined before; their rows are written again, first."""
    papers: int
    """How many there are in all."""

    def frequencies(self, wanted: Numbers) -> npt.NDArray[np.int64]:
        """How many papers already have each of some terms; see `ForwardIndex.frequencies`."""
        return self.others.frequencies(wanted) + self.kept.frequencies(wanted)


class ForwardIndexWriter:
    """Takes the terms of one paper after another, and writes the tables of all.

    What a term weighs is known when all papers are. Until then the terms lie in
    temporary files, so that memory does not grow with the collection.
    """

    def __init__(self, folder: Path) -> None:
        """Collect into temporary files in a folder that exists."""
        self._words, self._pairs = _Spill(folder, _WEIGHTS), _Spill(folder, _PAIR_WEIGHTS)
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

    def save(self, words: Path, pairs: Path) -> None:
        """Write both tables into their folders, and let go of the temporary files.

        Args:
            words: Folder of the table of terms.
            pairs: Folder of the table of neighbouring terms.

        Raises:
            OSError: The disk is full.
        """
        self._take()
        lengths = np.array(self._lengths, dtype=np.float32)
        mean = float(lengths.sum()) / max(int((lengths > 0).sum()), 1)
        save_array(words / _MEAN, np.array(mean))
        for spill, folder in ((self._words, words), (self._pairs, pairs)):
            spill.save(folder, _saturation(lengths, mean), None)

    def save_joining(
        self, words: Path, pairs: Path, grown: tuple[GrownTerms, GrownTerms], others: Path
    ) -> None:
        """Write the tables of papers that joined others.

        What a term weighs in them follows from how many papers have it by now; the
        others keep their weights.

        Args:
            words: Folder of the table of terms.
            pairs: Folder of the table of neighbouring terms.
            grown: What they join, of terms and of neighbouring terms.
            others: Folder of the others' table of terms.

        Raises:
            OSError: The disk is full.
            IndexDamagedError: The others' table was not written by `save`.
        """
        self._take()
        lengths = np.array(self._lengths, dtype=np.float32)
        saturation = _saturation(lengths, float(open_array(others / _MEAN)))
        spills = (self._words, words), (self._pairs, pairs)
        for (spill, folder), joined in zip(spills, grown, strict=True):
            spill.save(folder, saturation, joined)

    def _take(self) -> None:
        if not self._waiting:
            return
        papers, self._waiting = self._waiting, []
        parts = [part for terms in papers for part in (terms.head, terms.body)]
        numbers = np.fromiter(map(number_of, chain.from_iterable(parts)), np.uint32)
        part_of = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        # The head counts twice; see `Terms.words`.
        in_head = numbers[part_of % 2 == 0], part_of[part_of % 2 == 0]
        self._words.add(
            np.concatenate([numbers, in_head[0]]),
            np.concatenate([part_of, in_head[1]]) // 2,
            len(papers),
        )
        neighbours = part_of[:-1] == part_of[1:]
        self._pairs.add(
            pair_numbers(numbers)[neighbours], part_of[1:][neighbours] // 2, len(papers)
        )
        self._lengths += [2 * len(terms.head) + len(terms.body) for terms in papers]


class _Spill:
    """Terms and their frequencies in the order of papers, in temporary files."""

    def __init__(self, folder: Path, weights: np.dtype[Any]) -> None:
        self._weights = weights
        self._terms = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - lives as long as this
        self._frequencies = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - the same
        self._sizes: list[npt.NDArray[np.int64]] = []

    def add(self, terms: Numbers, papers: Positions, count: int) -> None:
        """Take the terms of `count` papers, each as often as it occurs, in any order."""
        keys = papers.astype(np.uint64) << np.uint64(32) | terms
        each, frequencies = np.unique(keys, return_counts=True)
        self._terms.write((each & np.uint64(0xFFFFFFFF)).astype(np.uint32).tobytes())
        self._frequencies.write(np.minimum(frequencies, 0xFFFF).astype(np.uint16).tobytes())
        self._sizes.append(np.bincount((each >> np.uint64(32)).astype(np.intp), minlength=count))

    def save(self, folder: Path, saturation: FloatArray, grown: GrownTerms | None) -> None:
        """Write the table, a row a paper in the order they came."""
        sizes = np.concatenate([np.zeros(0, np.int64), *self._sizes])
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        before = grown.kept if grown else ForwardIndex.empty(self._weights)
        first = int(before.offsets[-1])
        save_array(folder / "offsets.npy", np.concatenate([before.offsets, first + offsets[1:]]))
        total = int(offsets[-1])
        with self._terms, self._frequencies:
            terms = _mapped(self._terms, np.uint32, total)
            frequencies = _mapped(self._frequencies, np.uint16, total)
            vocabulary, having = _document_frequencies(terms)
            having = having + (grown.frequencies(vocabulary) if grown else 0)
            papers = grown.papers if grown else len(sizes)
            idf = np.asarray(_inverse_frequencies(papers, having), np.float32)
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
                    weights.append(_weigh(self._weights, tf, rarity, saturation[rows], owners))


def weight_of(entries: npt.NDArray[np.void], name: str) -> FloatArray:
    """One weight of some entries, float32; `told` of words is computed."""
    if name == "told" and "told" not in (entries.dtype.names or ()):
        return weight_of(entries, "met") * weight_of(entries, "idf")
    return np.asarray(entries[name], np.float32)


def _saturation(lengths: FloatArray, mean: float) -> FloatArray:
    """BM25's k1 (1 - b + b length / mean length) of each paper, (n,) float32."""
    return np.asarray(_K1 * (1 - _B + _B * lengths / max(mean, 1)), np.float32)


def _weigh(
    kind: np.dtype[Any],
    tf: FloatArray,
    idf: FloatArray,
    saturation: FloatArray,
    owners: Positions,
) -> npt.NDArray[np.void]:
    """The weights of each entry of some rows; see `ForwardIndex`."""
    weights = np.zeros(len(tf), kind)
    met = tf / (tf + saturation[owners])
    if kind == _PAIR_WEIGHTS:
        weights["told"] = met * idf
        return weights
    cosine = (1 + np.log(tf)) * idf
    norms = np.sqrt(np.bincount(owners, weights=cosine**2, minlength=len(saturation)))
    weights["met"] = met
    weights["idf"] = idf
    weights["cosine"] = cosine / np.maximum(norms, 1e-9)[owners]
    return weights


def _mapped(file: IO[bytes], kind: npt.DTypeLike, count: int) -> npt.NDArray[Any]:
    """What was written to a temporary file; nothing cannot be mapped."""
    if not count:
        return np.zeros(0, kind)
    file.flush()
    return np.asarray(np.memmap(file, kind, "r", shape=(count,)))


def _document_frequencies(terms: Numbers) -> tuple[Numbers, npt.NDArray[np.int64]]:
    """Each term in ascending order, and how many papers have it.

    By ranges of numbers where there are many: sorting all at once would hold
    every entry of the collection in memory twice.
    """
    ranges = -(-len(terms) // _SORTED_AT_ONCE) or 1
    edges = np.linspace(0, 1 << 32, ranges + 1).astype(np.uint64)
    found = []
    for low, high in pairwise(edges):
        chosen = [
            part[(part >= low) & (part < high)]
            for start in range(0, len(terms) or 1, _SORTED_AT_ONCE)
            for part in [terms[start : start + _SORTED_AT_ONCE]]
        ]
        found.append(np.unique(np.concatenate(chosen), return_counts=True))
    return np.concatenate([one[0] for one in found]), np.concatenate([one[1] for one in found])


def inverse_frequency(papers: int, having: int) -> float:
    """BM25's inverse document frequency, as tantivy computes it."""
    # As below, without numpy: for one number that costs ten times as much.
    return math.log(1 + (max(papers - having, 0) + 0.5) / (having + 0.5))


def _inverse_frequencies(papers: int, having: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    # More papers may have a term than there are, where some that left still count.
    missing = np.maximum(papers - having, 0)
    return np.asarray(np.log(1 + (missing + 0.5) / (having + 0.5)))
