"""Which terms each paper has, and what they weigh: the lexical index, by paper.

Tantivy finds the papers of a term; ranking also wants the terms of a paper, to
score a few hundred candidates at once, to see which terms the best of them
share, and to compare two papers. One row a paper, in the order of `Attributes`.

A term is a 32-bit number, a checksum of its text: two of a hundred thousand
terms may share one, which costs less than a vocabulary that every query has to
look its words up in.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from rftsearch.index.arrays import open_array, save_array
from rftsearch.index.encoders import FloatArray

__all__ = ["TermTable", "inverse_frequency", "number_of"]

Numbers = npt.NDArray[np.uint32]
Positions = npt.NDArray[np.intp]

_K1, _B = 1.2, 0.75  # Of BM25, as tantivy has them.
_NAMES = ("terms", "weights", "offsets")


def number_of(term: str) -> int:
    """The number that stands for a term."""
    return zlib.crc32(term.encode())


@dataclass(frozen=True)
class TermTable:
    """The terms of all papers, row after row.

    Attributes:
        terms: (m,) uint32 numbers of terms, each once in a row.
        weights: (m,) of three float16: `met`, BM25's saturation of the term's
            frequency in the paper, between 0 and 1; `idf`, its inverse document
            frequency; `cosine`, its part of the paper's unit vector of (1 + ln tf) idf.
        offsets: (n + 1,) int64, where each row begins.
    """

    terms: Numbers
    weights: npt.NDArray[np.void]
    offsets: npt.NDArray[np.int64]

    @classmethod
    def build(cls, papers: Iterable[Sequence[str]], lengths: Sequence[int]) -> Self:
        """Lay out the terms of papers, a row each in the order given.

        Args:
            papers: The terms of each, as often as they occur.
            lengths: By which BM25 measures each paper, in terms.
        """
        rows = [Counter(terms) for terms in papers]
        having = Counter(term for row in rows for term in row)
        idf = {term: inverse_frequency(len(rows), count) for term, count in having.items()}
        number = {term: number_of(term) for term in having}
        mean = sum(lengths) / max(sum(length > 0 for length in lengths), 1)
        offsets = np.zeros(len(rows) + 1, dtype=np.int64)
        np.cumsum([len(row) for row in rows], out=offsets[1:])
        terms = np.zeros(offsets[-1], dtype=np.uint32)
        weights = np.zeros(
            offsets[-1], dtype=[(name, np.float16) for name in ("met", "idf", "cosine")]
        )
        for place, (row, length) in enumerate(zip(rows, lengths, strict=True)):
            span = slice(offsets[place], offsets[place + 1])
            terms[span] = [number[term] for term in row]
            tf = np.array(list(row.values()), float)
            rarity = np.array([idf[term] for term in row])
            weights["met"][span] = tf / (tf + _K1 * (1 - _B + _B * length / max(mean, 1)))
            weights["idf"][span] = rarity
            cosine = (1 + np.log(tf)) * rarity
            weights["cosine"][span] = cosine / max(float(np.linalg.norm(cosine)), 1e-9)
        return cls(terms, weights, offsets)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Map the arrays that `save` wrote.

        Raises:
            IndexDamagedError: A file is not such an array.
        """
        return cls(*(open_array(folder / f"{name}.npy") for name in _NAMES))

    def save(self, folder: Path) -> None:
        """Write the arrays as `.npy` files into a folder."""
        for name in _NAMES:
            save_array(folder / f"{name}.npy", getattr(self, name))

    def __len__(self) -> int:
        """How many papers there are."""
        return len(self.offsets) - 1

    @cached_property
    def everything(self) -> tuple[Positions, Positions]:
        """What `entries` gives for all rows in their order; a short list asks for it often."""
        return self.entries(np.arange(len(self)))

    def entries(self, rows: Positions) -> tuple[Positions, Positions]:
        """Where the terms of some rows stand.

        Args:
            rows: (r,) rows.

        Returns:
            Positions in `terms` and `weights`, (e,), and for each the place in
            `rows` of the row it belongs to, (e,).
        """
        begins = self.offsets[rows]
        lengths = self.offsets[rows + 1] - begins
        owners = np.repeat(np.arange(len(rows)), lengths)
        starts = np.cumsum(lengths) - lengths
        return np.arange(len(owners)) - np.repeat(starts - begins, lengths), owners

    def column(self, name: str, positions: Positions) -> FloatArray:
        """One weight at some positions, float32."""
        return np.asarray(self.weights[name][positions], dtype=np.float32)


def inverse_frequency(papers: int, having: int) -> float:
    """BM25's inverse document frequency, as tantivy computes it."""
    return float(np.log(1 + (papers - having + 0.5) / (having + 0.5)))
