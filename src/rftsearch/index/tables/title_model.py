"""Predict the vector of a paper's text from its title, for papers without an abstract.

The vector of a bare title is not comparable with those of abstracts: it is nearer to
every short question that shares a word with it. What an abstract adds is learnt from
the papers that have both.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rftsearch.types import BoolArray, DoubleArray, FloatArray

__all__ = ["Moments", "TitleToText"]

_LEAST = 8
"""Papers with both texts that it takes to learn something."""


class Moments:
    """Means over vectors of papers that come some at a time."""

    def __init__(self, dimension: int, described: BoolArray) -> None:
        """Begin with nothing.

        Args:
            dimension: Length of a vector.
            described: (n,) bool, which papers count for all means but `title`: those that
                say more than a title.
        """
        self._described = described
        self._seen = 0
        self._body, self._title, self._described_title = np.zeros((3, dimension))
        self._agreement = 0.0
        self.counted = int(described.sum())
        """Papers that count."""

    def add(self, bodies: FloatArray, titles: FloatArray) -> None:
        """Take the vectors of the next papers, (r, dimension) float32 each."""
        described = self._described[self._seen : self._seen + len(bodies)]
        self._seen += len(bodies)
        self._title += titles.sum(axis=0)
        self._body += bodies[described].sum(axis=0)
        self._described_title += titles[described].sum(axis=0)
        self._agreement += float((bodies[described] * titles[described]).sum())

    @property
    def body(self) -> FloatArray:
        """Mean of the vectors of texts, (dimension,) float32."""
        return self._mean(self._body, self.counted)

    @property
    def title(self) -> FloatArray:
        """Mean of the vectors of all titles, (dimension,) float32."""
        return self._mean(self._title, self._seen)

    @property
    def described_title(self) -> FloatArray:
        """Mean of the vectors of titles of papers that count, (dimension,) float32."""
        return self._mean(self._described_title, self.counted)

    @property
    def agreement(self) -> float:
        """Mean cosine between text and title of papers that count."""
        return self._agreement / max(self.counted, 1)

    @staticmethod
    def _mean(total: DoubleArray, count: int) -> FloatArray:
        return (total / max(count, 1)).astype(np.float32)


class TitleToText(NamedTuple):
    """The vector of a text as `of_title` times its title's vector and `of_mean` times the mean."""

    of_title: float = 1.0
    of_mean: float = 0.0

    @classmethod
    def learn(cls, moments: Moments) -> TitleToText:
        """Fit it by least squares to papers that have more than a title."""
        if moments.counted < _LEAST:
            return cls()
        mean, shared = moments.body, float(moments.body @ moments.described_title)
        products = np.array([[1.0, shared], [shared, float(mean @ mean)]])
        targets = np.array([moments.agreement, float(mean @ mean)])
        # If all titles are the mean itself, the two cannot be told apart.
        of_title, of_mean = np.linalg.lstsq(products, targets, rcond=1e-6)[0]
        return cls(float(of_title), float(of_mean))

    def vectors(self, titles: FloatArray, mean: FloatArray) -> FloatArray:
        """Predict the vectors of the texts of some titles.

        Args:
            titles: (n, dimension) float32, unit rows.
            mean: (dimension,) float32, as it was learnt with.

        Returns:
            (n, dimension) float32, unit rows.
        """
        predicted = self.of_title * titles + self.of_mean * mean
        norms = np.maximum(np.linalg.norm(predicted, axis=1, keepdims=True), 1e-9)
        return np.asarray(predicted / norms, dtype=np.float32)
