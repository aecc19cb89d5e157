"""The forward index: which terms each paper has, and what they weigh.

Tantivy finds the papers of a term; ranking also needs the terms of a paper, to
score a few hundred candidates at once, to see which terms the best of them
share, and to compare two papers. One row for each paper, by ascending id.

A term is a 32-bit number, a checksum of its text: two of a hundred thousand
terms may share one, which costs less than a vocabulary in which every query has
to look up its words. Two neighbouring terms, a bigram, have a number of their own.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self

import numpy as np

from rftsearch.errors import REPAIR, IndexDamagedError
from rftsearch.index.tables.npy import open_array
from rftsearch.index.tables.rows import (
    VOCABULARY,
    FileRows,
    Rows,
    Stacked,
    every_row,
    is_in_memory,
    runs_of,
)
from rftsearch.text.terms import Remembered
from rftsearch.types import FloatArray, IndexArray, IntArray, RecordArray, TermArray

if TYPE_CHECKING:
    from rftsearch.index.tables.postings import Postings

__all__ = [
    "BIGRAM_WEIGHTS",
    "ENTRIES_AT_ONCE",
    "UNIGRAM_WEIGHTS",
    "ForwardIndex",
    "TermTable",
    "number_of",
    "pair_numbers",
    "weight_of",
]

_NAMES = ("terms", "weights", "offsets")
_ON_DISK = {"tf_saturation": "met", "bm25": "told"}
"""Weights whose field in the files of an index has another name than here."""
UNIGRAM_WEIGHTS = np.dtype([(name, np.float16) for name in ("met", "idf", "cosine")])
BIGRAM_WEIGHTS = np.dtype([("told", np.float16)])
_KINDS = [(np.dtype(np.uint32), weights) for weights in (UNIGRAM_WEIGHTS, BIGRAM_WEIGHTS)]
ENTRIES_AT_ONCE = 1 << 24
"""Entries whose terms are counted at once: what that may hold in memory."""


number_of = Remembered(lambda term: zlib.crc32(term.encode())).__getitem__
"""Returns the number that stands for a term."""


def pair_numbers(terms: TermArray) -> TermArray:
    """Return the number of each bigram of a sequence of terms, (n - 1,) uint32."""
    # An odd factor keeps all bits of the first, and makes an order of the two.
    return terms[:-1] * np.uint32(2_654_435_761) + terms[1:]


class TermTable(Protocol):
    """The terms of all papers: a `ForwardIndex`, or what reads rows of one elsewhere."""

    def __len__(self) -> int:
        """Return how many papers there are."""

    @property
    def postings(self) -> Postings | None:
        """The same by term, of the first `postings.count` rows; None if that is not at hand."""

    @property
    def whole(self) -> ForwardIndex:
        """All rows; read now if they are not at hand."""

    def only(self, rows: IndexArray) -> ForwardIndex:
        """Return an index of some rows, (r,), ascending, in memory."""

    def held(self, places: IndexArray) -> tuple[ForwardIndex, IndexArray]:
        """Return a forward index that has some papers, and where they are in it.

        Args:
            places: (p,), ascending.

        Returns:
            An index, and the places in it, (p,), ascending.
        """


@dataclass(frozen=True)
class ForwardIndex:
    """The terms of all papers, row after row.

    Attributes:
        terms: (m,) uint32 numbers of terms, each once in a row.
        weights: (m,) of three float16: `tf_saturation`, BM25's saturation of the term's
            frequency in the paper, between 0 and 1; `idf`, its inverse document
            frequency; `cosine`, its part of the paper's unit vector of (1 + ln tf) idf.
            Of bigrams one float16, `bm25`: `tf_saturation` times `idf`.
        offsets: (n + 1,) int64, where each row begins.
        postings: The same by term, of the first `postings.count` rows; None if there are few.
    """

    terms: Rows
    weights: Rows
    offsets: IntArray
    postings: Postings | None = None

    @classmethod
    def empty(cls, weights: np.dtype[Any]) -> Self:
        """Return an index of no papers, with weights of some dtype."""
        return cls(np.zeros(0, np.uint32), np.zeros(0, weights), np.zeros(1, np.int64))

    @classmethod
    def stacked(cls, first: ForwardIndex, second: ForwardIndex) -> Self:
        """Return the rows of two open indexes, one after the other, without copying them."""
        return cls(
            Stacked([first.terms, second.terms]),
            Stacked([first.weights, second.weights]),
            np.concatenate([first.offsets, first.offsets[-1] + second.offsets[1:]]),
            first.postings,
        )

    @classmethod
    def open(cls, folder: Path, *, in_memory: bool = True) -> Self:
        """Open the arrays that `ForwardIndexWriter` wrote.

        Args:
            folder: Where they are.
            in_memory: Whether to read or map them; else rows are read when asked for.

        Raises:
            IndexDamagedError: A file is not such an array, or they do not belong together.
            OSError: The system refuses to read one.
        """
        names = (folder / f"{name}.npy" for name in _NAMES)
        terms, weights = ((open_array if in_memory else FileRows)(next(names)) for _ in range(2))
        offsets = open_array(next(names), np.int64, (None,))
        agree = (
            (terms.dtype, weights.dtype) in _KINDS
            and terms.shape == weights.shape == (int(offsets[-1]) if len(offsets) else -1,)
            # Rows are read by these: one that lies beyond all bounds would ask for all memory.
            and offsets[0] == 0
            and bool((offsets[1:] >= offsets[:-1]).all())
        )
        if not agree:
            raise IndexDamagedError(f"the files in {folder} do not belong together; {REPAIR}")
        if not (folder / VOCABULARY).exists():
            return cls(terms, weights, offsets)
        from rftsearch.index.tables.postings import (  # noqa: PLC0415 - large collections have them
            Postings,
        )

        return cls(terms, weights, offsets, Postings.open(folder, len(offsets) - 1))

    def __len__(self) -> int:
        """Return how many papers there are."""
        return len(self.offsets) - 1

    @property
    def whole(self) -> ForwardIndex:
        """Itself; see `TermTable.whole`."""
        return self

    def held(self, places: IndexArray) -> tuple[ForwardIndex, IndexArray]:
        """Return itself and the places; see `TermTable.held`."""
        return self, places

    @cached_property
    def in_memory(self) -> bool:
        """Whether single weights are read fast; see `is_in_memory`."""
        return is_in_memory(self.weights)

    @cached_property
    def everything(self) -> TermArray:
        """The terms of all rows, (m,) uint32; kept, for a short list needs them often."""
        return every_row(self.terms)

    @cached_property
    def owners(self) -> IndexArray:
        """The row of each of `everything`, (m,) intp."""
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))

    @cached_property
    def by_term(self) -> IndexArray:
        """All positions in the ascending order of their terms, (m,) intp."""
        return np.argsort(self.everything, kind="stable")

    @cached_property
    def in_order(self) -> TermArray:
        """The terms at the positions of `by_term`, (m,) uint32."""
        return self.everything[self.by_term]

    def every(self, name: str) -> FloatArray:
        """Return one weight of all entries, (m,) float32; see `weight_of`."""
        found = self._columns.get(name)
        if found is None:
            found = self._columns[name] = self.column(name, np.arange(len(self.terms)))
        return found

    @cached_property
    def _columns(self) -> dict[str, FloatArray]:
        return {}

    def column(self, name: str, positions: IndexArray) -> FloatArray:
        """Return one weight at some positions, (p,) float32; see `weight_of`."""
        return weight_of(self.weights[positions], name)

    def only(self, rows: IndexArray) -> Self:
        """Return an index of some rows, in memory.

        Args:
            rows: (r,), ascending.
        """
        begins, ends = self.offsets[rows], self.offsets[rows + 1]
        offsets = np.concatenate([[0], np.cumsum(ends - begins)]).astype(np.int64)
        return type(self)(
            runs_of(self.terms, begins, ends), runs_of(self.weights, begins, ends), offsets
        )

    def frequencies(self, wanted: TermArray) -> IntArray:
        """Return how many papers have each of some terms; reads the numbers of all entries once.

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
        for start in range(0, len(self.terms), ENTRIES_AT_ONCE):
            end = min(start + ENTRIES_AT_ONCE, len(self.terms))
            terms = np.asarray(self.terms[np.arange(start, end)])
            terms = terms[near[terms & 0xFFFFFF]]
            places = np.minimum(np.searchsorted(wanted, terms), len(wanted) - 1)
            counts += np.bincount(places[wanted[places] == terms], minlength=len(wanted))
        return counts


def weight_of(entries: RecordArray, name: str) -> FloatArray:
    """Return one weight of some entries, (e,) float32; see `ForwardIndex` for the names.

    `bm25` of unigrams is computed.
    """
    field = _ON_DISK.get(name, name)
    if name == "bm25" and field not in (entries.dtype.names or ()):
        return weight_of(entries, "tf_saturation") * weight_of(entries, "idf")
    return np.asarray(entries[field], np.float32)
