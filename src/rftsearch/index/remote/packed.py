"""What ranking reads of a paper, packed: one text instead of a thousand numbers as digits.

The vectors of a point say the same, and a server searches those. But in JSON they are four
times as long as here, and to read that takes most of the time of a question.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Self

import numpy as np

from rftsearch.index.tables.forward_index import BIGRAM_WEIGHTS, UNIGRAM_WEIGHTS
from rftsearch.types import FloatArray, RecordArray, TermArray

__all__ = ["Row"]

_COUNT = np.dtype("<u4")
_SINGLE, _HALF = np.dtype("<f4"), np.dtype("<f2")


@dataclass(frozen=True, slots=True)
class Row:
    """What ranking reads of a paper."""

    text: FloatArray
    """(dimension,) float32."""
    title: FloatArray
    """(dimension,) float32; each a number of half precision."""
    unigrams: tuple[TermArray, RecordArray]
    """Numbers of terms, ascending, and their weights; see `ForwardIndex`."""
    bigrams: tuple[TermArray, RecordArray]

    def packed(self, *, half: bool) -> str:
        """Return it as base64: what `unpacked` reads.

        Args:
            half: Whether the vector of the text has numbers of half precision.
        """
        (words, met), (pairs, told) = self.unigrams, self.bigrams
        counts = np.array([len(words), len(pairs)], _COUNT)
        parts = (
            counts,
            words.astype(_COUNT),
            pairs.astype(_COUNT),
            self.text.astype(_HALF if half else _SINGLE),
            self.title.astype(_HALF),
            met.view(np.float16).astype(_HALF),
            told.view(np.float16).astype(_HALF),
        )
        return base64.b64encode(b"".join(part.tobytes() for part in parts)).decode("ascii")

    @classmethod
    def unpacked(cls, text: str, dimension: int) -> Self:
        """Return what was packed; its arrays cannot be written.

        Args:
            text: What `packed` made.
            dimension: Of both vectors.

        Raises:
            ValueError: It is something else, or has vectors of another length.
        """
        content = base64.b64decode(text, validate=True)
        words, pairs = (int(count) for count in np.frombuffer(content, _COUNT, 2))
        numbers = np.frombuffer(content, _COUNT, words + pairs, 8)
        at = 8 + numbers.nbytes
        terms = words * UNIGRAM_WEIGHTS.itemsize + pairs * BIGRAM_WEIGHTS.itemsize
        kind = _SINGLE if len(content) - at - terms == dimension * 6 else _HALF
        own = np.frombuffer(content, kind, dimension, at)
        at += own.nbytes
        title = np.frombuffer(content, _HALF, dimension, at)
        at += title.nbytes
        weights = np.frombuffer(content, UNIGRAM_WEIGHTS, words, at)
        at += weights.nbytes
        told = np.frombuffer(content, BIGRAM_WEIGHTS, pairs, at)
        if at + told.nbytes != len(content):
            raise ValueError("not a packed row")
        return cls(
            own.astype(np.float32),
            title.astype(np.float32),
            (numbers[:words], weights),
            (numbers[words:], told),
        )
