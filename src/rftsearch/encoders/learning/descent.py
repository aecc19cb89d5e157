"""The arithmetic of fitting a static model: sums of token vectors, their gradients, and Adam.

By hand, because a build would spend more time on importing torch than on these few products.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.sparse import csr_array, vstack  # type: ignore[import-untyped]  # it has no types

from rftsearch.types import FloatArray, IndexArray

__all__ = ["Sums", "Table", "contrast", "counts_of", "gradient_of", "stacked"]

_FIRST, _SECOND, _SMALL = np.float32(0.9), np.float32(0.999), np.float32(1e-8)
"""Adam's usual numbers (Kingma and Ba, 2015)."""
_AT_ONCE = 128
"""Tokens that move at once: what is computed of them stays in a core's cache."""


def counts_of(texts: Sequence[IndexArray], tokens: int) -> csr_array:
    """Return how often each text has each token: a sparse matrix (texts, tokens) of float32."""
    ends = np.cumsum([0, *map(len, texts)])
    places = np.concatenate([np.zeros(0, np.int64), *texts])
    counts = csr_array((np.ones(len(places), np.float32), places, ends), (len(texts), tokens))
    counts.sum_duplicates()
    return counts


def stacked(parts: Sequence[csr_array]) -> csr_array:
    """Return the counts of several texts, one after the other."""
    return vstack(parts, "csr")


def gradient_of(counts: csr_array, towards: FloatArray) -> tuple[FloatArray, IndexArray]:
    """Return the gradient for the tokens of some texts, from that for their sums.

    Args:
        counts: (texts, tokens).
        towards: (texts, dimension) float32.

    Returns:
        (m, dimension) float32, and (m,) the tokens that it is for, ascending.
    """
    moved = np.unique(counts.indices)
    return np.asarray(counts.T.tocsr()[moved] @ towards, np.float32), moved


@dataclass(frozen=True)
class Sums:
    """The sums of the vectors of some texts' tokens."""

    directions: FloatArray
    """(n, dimension) float32, of unit norm."""
    norms: FloatArray
    """(n, 1) float32, how long they were."""

    @classmethod
    def of(cls, sums: FloatArray) -> Self:
        """Divide sums, (n, dimension) float32, by their length."""
        norms = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), np.float32(1e-12))
        return cls(sums / norms, norms)

    def back(self, towards: FloatArray) -> FloatArray:
        """Return the gradient of a loss for the sums, from that for their directions."""
        along = np.vecdot(towards, self.directions)[:, None]
        return np.asarray((towards - along * self.directions) / self.norms, np.float32)


def contrast(one: FloatArray, other: FloatArray, temperature: float) -> FloatArray:
    """Return the gradient of a symmetric cross-entropy: each row is to find its own partner.

    Args:
        one: (n, dimension) float32, of unit norm.
        other: (n, dimension) float32, of unit norm; row i belongs to row i of `one`.
        temperature: What the cosines are divided by.

    Returns:
        (2 n, dimension) float32, for the rows of `one` and then for those of `other`.
    """
    near = one @ other.T / np.float32(temperature)
    gradient = _softmax(near, 1) + _softmax(near, 0)
    gradient[np.diag_indices(len(near))] -= 2
    gradient /= np.float32(2 * len(near) * temperature)
    return np.concatenate([gradient @ other, gradient.T @ one])


def _softmax(values: FloatArray, axis: int) -> FloatArray:
    powers = np.exp(values - values.max(axis=axis, keepdims=True))
    return np.asarray(powers / powers.sum(axis=axis, keepdims=True), np.float32)


class Table:
    """Vectors of tokens that descend a gradient by Adam.

    Only tokens of the texts at hand move: the others would cost as much as the texts.
    """

    def __init__(self, rows: FloatArray, rate: float) -> None:
        """Begin with vectors, (tokens, dimension) float32, and a rate of learning."""
        self.rows = rows
        self._rate = rate
        self._first, self._second = np.zeros_like(rows), np.zeros_like(rows)
        self._steps = 0

    def descend(self, gradient: FloatArray, moved: IndexArray, share: float) -> None:
        """Take a step.

        Args:
            gradient: (m, dimension) float32, of the tokens that move.
            moved: (m,) which they are, each once.
            share: Of the rate of learning.
        """
        self._steps += 1
        # Both begin at 0: this makes up for it.
        size = np.float32(self._rate * share / (1 - float(_FIRST) ** self._steps))
        scale = np.float32(1 / (1 - float(_SECOND) ** self._steps))
        for at in range(0, len(moved), _AT_ONCE):
            some = slice(at, at + _AT_ONCE)
            self._move(gradient[some], moved[some], size, scale)

    def _move(
        self, gradient: FloatArray, moved: IndexArray, size: np.float32, scale: np.float32
    ) -> None:
        first = self._first[moved]
        first += (1 - _FIRST) * (gradient - first)
        second = self._second[moved]
        second += (1 - _SECOND) * (gradient * gradient - second)
        self._first[moved], self._second[moved] = first, second
        self.rows[moved] -= size * first / (np.sqrt(second * scale) + _SMALL)
