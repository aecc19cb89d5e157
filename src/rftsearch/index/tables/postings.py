"""Postings: which papers have a term, for questions whose filter leaves many papers.

The forward index has them by paper: to score 30,000 allowed papers of three million by a
question's words, it is read in 30,000 places. Here they are by term: one run of papers for
each term, all of which is read and compared with the allowed papers. Only large collections
have them, and only for terms that retrieve candidates; see `COMMON`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from rftsearch.errors import REPAIR, IndexDamagedError
from rftsearch.index.tables.bm25 import COMMON, inverse_frequency
from rftsearch.index.tables.npy import ArrayWriter, open_array, save_array
from rftsearch.index.tables.rows import BY_TERM, VOCABULARY, FileRows
from rftsearch.types import AnyArray, FloatArray, IndexArray, IntArray, RecordArray, TermArray

__all__ = ["FROM", "Postings", "write_postings"]

FROM = 50_000
"""From this many papers on postings are written."""

_BEGINS, _PAPERS, _SATURATIONS = (
    f"{BY_TERM}_{name}.npy" for name in ("begins", "papers", "saturations")
)
_READ_AT_ONCE = 1 << 22
"""Entries of the forward index that are looked through at once."""
_SORTED_AT_ONCE = 1 << 24
"""Postings that are held in memory at once, when they are written."""
_STEPS = 255
"""A saturation is kept in one byte: it only chooses candidates, which are scored exactly."""
_DEAR = 300
"""To read one paper's terms takes as long as to compare this many postings."""


@dataclass(frozen=True)
class Postings:
    """The papers of each term.

    Attributes:
        vocabulary: (v,) uint32 numbers of terms, ascending.
        begins: (v + 1,) int64, where the run of each begins. A common term has no run.
        papers: (p,) uint32 places of papers, ascending within a run.
        saturations: (p,) uint8, BM25's saturation of the term in that paper times 255.
        count: How many papers the index has.
    """

    vocabulary: TermArray
    begins: IntArray
    papers: FileRows
    saturations: FileRows
    count: int

    @classmethod
    def open(cls, folder: Path, count: int) -> Self:
        """Open what `write_postings` wrote into a folder.

        Args:
            folder: That of the forward index.
            count: How many papers it has.

        Raises:
            IndexDamagedError: A file is not such an array, or they do not belong together.
            OSError: The system refuses to read one.
        """
        # Mapped, whatever their size: a question looks for ten terms.
        vocabulary = open_array(folder / VOCABULARY, np.uint32, (None,), most_read=0)
        begins = open_array(folder / _BEGINS, np.int64, (len(vocabulary) + 1,), most_read=0)
        papers, saturations = FileRows(folder / _PAPERS), FileRows(folder / _SATURATIONS)
        agree = (
            (papers.dtype, saturations.dtype) == (np.dtype(np.uint32), np.dtype(np.uint8))
            and papers.shape == saturations.shape == (int(begins[-1]),)
            and begins[0] == 0
        )
        if not agree:
            raise IndexDamagedError(f"the files in {folder} do not belong together; {REPAIR}")
        return cls(vocabulary, begins, papers, saturations, count)

    def information(self, numbers: Collection[int], places: IndexArray) -> FloatArray | None:
        """Return the BM25 of some papers for some terms, as `numeric.information` does.

        Args:
            numbers: Of the terms, each once.
            places: (p,) of the papers, ascending.

        Returns:
            (p,) float32, to about a hundredth; None if one of the terms is common, or if to
            read these papers one by one is cheaper.
        """
        runs = self._runs(numbers)
        if runs is None or sum(end - begin for begin, end in runs) > _DEAR * len(places):
            return None
        scores, allowed = np.zeros(self.count, np.float32), np.zeros(self.count, np.bool_)
        allowed[places] = True
        for begin, end in runs:
            run = np.array([[begin], [end]])
            papers = self.papers.runs(*run)
            near = np.flatnonzero(allowed.take(papers))
            weight = inverse_frequency(self.count, end - begin) / _STEPS
            scores[papers[near]] += np.float32(weight) * self.saturations.runs(*run)[near]
        return scores[places]

    def _runs(self, numbers: Collection[int]) -> list[tuple[int, int]] | None:
        """Where the runs of those terms begin and end that any paper has; None if one is common."""
        wanted = np.sort(np.fromiter(numbers, np.uint32, len(numbers)))
        found = np.searchsorted(self.vocabulary, wanted)
        known = found < len(self.vocabulary)
        found, wanted = found[known], wanted[known]
        found = found[self.vocabulary[found] == wanted]
        runs = list(zip(self.begins[found].tolist(), self.begins[found + 1].tolist(), strict=True))
        return None if any(begin == end for begin, end in runs) else runs


def write_postings(
    folder: Path,
    vocabulary: TermArray,
    having: IntArray,
    terms: TermArray,
    weights: RecordArray,
    offsets: IntArray,
) -> None:
    """Write the postings of a forward index beside it.

    Args:
        folder: That of the forward index.
        vocabulary: (v,) uint32 numbers of its terms, ascending.
        having: (v,) int64, how many papers have each.
        terms: (m,) uint32, as the index has them,
        weights: (m,) and their weights.
        offsets: (n + 1,) int64, where each paper begins.

    Raises:
        OSError: The disk is full.
    """
    rare = having <= COMMON * (len(offsets) - 1)
    begins = np.concatenate([[0], np.cumsum(np.where(rare, having, 0))]).astype(np.int64)
    save_array(folder / VOCABULARY, vocabulary)
    save_array(folder / _BEGINS, begins)
    shape = (int(begins[-1]),)
    with (
        ArrayWriter(folder / _PAPERS, shape, np.uint32) as papers,
        ArrayWriter(folder / _SATURATIONS, shape, np.uint8) as saturations,
    ):
        for chosen in _portions(begins):
            here = vocabulary[chosen][rare[chosen]]
            if not len(here):
                continue
            numbers, owners, met = _postings_of(here, terms, weights, offsets)
            order = np.argsort(numbers, kind="stable")  # Within a term by paper, as they came.
            papers.append(owners[order])
            saturations.append(met[order])


def _portions(begins: IntArray) -> Iterator[slice]:
    """Runs of terms with about `_SORTED_AT_ONCE` postings together."""
    edges = np.arange(0, begins[-1], _SORTED_AT_ONCE)
    firsts = np.unique(np.append(np.searchsorted(begins, edges), len(begins) - 1))
    for first, last in zip(firsts[:-1].tolist(), firsts[1:].tolist(), strict=True):
        yield slice(first, last)


def _postings_of(
    wanted: TermArray, terms: TermArray, weights: RecordArray, offsets: IntArray
) -> Sequence[AnyArray]:
    """The numbers, papers and saturations of the entries of some terms, in their order."""
    parts = []
    for start in range(0, len(terms), _READ_AT_ONCE):
        some = np.asarray(terms[start : start + _READ_AT_ONCE])
        near = np.flatnonzero((some >= wanted[0]) & (some <= wanted[-1]))
        place = np.searchsorted(wanted, some[near])
        near = near[wanted[place] == some[near]]  # The common ones between them are left out.
        owners = np.searchsorted(offsets, start + near, "right") - 1
        met = np.rint(np.asarray(weights[start + near]["met"], np.float32) * _STEPS)
        parts.append((some[near], owners.astype(np.uint32), met.astype(np.uint8)))
    return [np.concatenate(column) for column in zip(*parts, strict=True)]
