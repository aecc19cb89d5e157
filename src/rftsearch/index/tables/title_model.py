"""What to expect of a paper's text where no more than its title is known.

The vector of a bare title is not comparable with those of abstracts: it is
nearer to every short question that shares a word with it. What an abstract
adds is learnt from the papers that have both.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rftsearch.types import BoolArray, FloatArray

__all__ = ["Moments", "TitleToText"]

_LEAST = 8
"""From so many papers with both texts something can be learnt."""


class Moments:
    """Means over vectors of papers that come some at a time."""

    def __init__(self, dimension: int, told: BoolArray) -> None:
        """Begin with nothing.

        Args:
            dimension: Length of a vector.
            told: (n,) bool, which papers count for all but the mean of the titles.
        """
        self._told = told
        self._seen = 0
        self._body, self._title, self._told_title = np.zeros((3, dimension))
        self._agreement = 0.0
        self.counted = int(told.sum())
        """Papers that count."""

    def add(self, bodies: FloatArray, titles: FloatArray) -> None:
        """Take the vectors of the next papers, (r, dimension) float32 each."""
        told = self._told[self._seen : self._seen + len(bodies)]
        self._seen += len(bodies)
        self._title += titles.sum(axis=0)
        self._body += bodies[told].sum(axis=0)
        self._told_title += titles[told].sum(axis=0)
        self._agreement += float((bodies[told] * titles[told]).sum())

    @property
    def body(self) -> FloatArray:
        """Mean of the vectors of texts, (dimension,) float32."""
        return self._mean(self._body, self.counted)

    @property
    def title(self) -> FloatArray:
        """Mean of the vectors of all titles."""
        return self._mean(self._title, self._seen)

    @property
    def told_title(self) -> FloatArray:
        """Mean of the vectors of titles of papers that count."""
        return self._mean(self._told_title, self.counted)

    @property
    def agreement(self) -> float:
        """Mean cosine between text and title."""
        return self._agreement / max(self.counted, 1)

    @staticmethod
    def _mean(total: npt.NDArray[np.float64], count: int) -> FloatArray:
        return (total / max(count, 1)).astype(np.float32)


class TitleToText(NamedTuple):
    """The vector of a paper's text as `of_title` times its title's and `of_mean` times the mean."""

    of_title: float = 1.0
    of_mean: float = 0.0

    @classmethod
    def learn(cls, moments: Moments) -> TitleToText:
        """Fit it by least squares to papers that have more than a title."""
        if moments.counted < _LEAST:
            return cls()
        mean, shared = moments.body, float(moments.body @ moments.told_title)
        products = np.array([[1.0, shared], [shared, float(mean @ mean)]])
        targets = np.array([moments.agreement, float(mean @ mean)])
        # Where all titles are the mean itself there is no telling the two apart.
        of_title, of_mean = np.linalg.lstsq(products, targets, rcond=1e-6)[0]
        return cls(float(of_title), float(of_mean))

    def vectors(self, titles: FloatArray, mean: FloatArray) -> FloatArray:
        """The expected vectors of the texts of some titles.

        Args:
            titles: (n, dimension) float32, unit rows.
            mean: As it was learnt with.

        Returns:
            (n, dimension) float32, unit rows.
        """
        expected = self.of_title * titles + self.of_mean * mean
        norms = np.maximum(np.linalg.norm(expected, axis=1, keepdims=True), 1e-9)
        return np.asarray(expected / norms, dtype=np.float32)
