"""What to expect of a paper's text where no more than its title is known.

The vector of a bare title is not comparable with those of abstracts: it is
nearer to every short question that shares a word with it. What an abstract
adds is learnt from the papers that have both.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rftsearch.index.encoders import FloatArray

__all__ = ["Expectation"]

_LEAST = 8
"""From so many papers with both texts something can be learnt."""


class Expectation(NamedTuple):
    """The vector of a paper's text as `of_title` times its title's and `of_mean` times the mean."""

    of_title: float = 1.0
    of_mean: float = 0.0

    @classmethod
    def learn(cls, bodies: FloatArray, titles: FloatArray, mean: FloatArray) -> Expectation:
        """Fit it by least squares to papers that have more than a title.

        Args:
            bodies: (n, dimension) float32, unit rows.
            titles: (n, dimension) float32, unit rows.
            mean: (dimension,) float32, of the bodies.
        """
        if len(bodies) < _LEAST:
            return cls()
        shared = float((titles @ mean).mean())
        products = np.array([[1.0, shared], [shared, float(mean @ mean)]])
        targets = np.array([(bodies * titles).sum(axis=1).mean(), (bodies @ mean).mean()])
        # Where all titles are the mean itself there is no telling the two apart.
        of_title, of_mean = np.linalg.lstsq(products, targets, rcond=1e-6)[0]
        return cls(float(of_title), float(of_mean))

    def cosines(self, titles: FloatArray, mean: FloatArray, query: FloatArray) -> FloatArray:
        """Of the expected vectors of some titles with a query's.

        Args:
            titles: (n, dimension) float32, unit rows.
            mean: As it was learnt with.
            query: (dimension,) float32, of unit norm.

        Returns:
            (n,) float32.
        """
        expected = self.of_title * titles + self.of_mean * mean
        norms = np.maximum(np.linalg.norm(expected, axis=1), 1e-9)
        return np.asarray(expected @ query / norms, dtype=np.float32)
