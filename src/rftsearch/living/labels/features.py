"""What speaks for each category of a paper, as a few numbers that mean the same everywhere.

For each paper and category: a linear classifier of the vectors (`ridge`) and of the title
alone, the density of the category's papers around it by vectors (`near`) and by words
(`words`), the mean of the category's vectors (`mean`), how much the name of the category is
like the paper (`meaning`) and how much of it the paper contains (`named`), and how large the
category is (`size`).
Of papers that are themselves labelled, each number is computed without the paper itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rftsearch.living.labels.evidence import Evidence, unit
from rftsearch.living.labels.headings import heading_matches
from rftsearch.living.labels.words import WordTable
from rftsearch.types import DoubleArray, FloatArray

__all__ = ["FEATURES", "Compared", "Features"]

FEATURES = (
    "ridge",
    "ridge of the title",
    "near",
    "mean",
    "words",
    "meaning of the abstract",
    "meaning of the title",
    "size",
    "named in the title",
    "named in the abstract",
)
_SCALES = np.array([5, 5, 1, 5, 1, 5, 5, 1, 1, 1], np.float64)
"""Bring the features to one scale, on which every weight begins equal."""

_RIDGE = 0.1
"""The penalty of the linear classifier. Chosen on four public lists, as all constants here."""
_SHARPNESS, _WORD_SHARPNESS = 8.0, 12.0
"""How quickly a labelled paper counts less with its distance, by vectors and by words."""
_CENTRE = 0.7
"""How much of the mean of all vectors is taken away before papers are compared."""
_GROWTH = 2.0
"""Papers that each category is thought to have besides its own when sizes are compared: small
ones grow faster."""
_KNOWN_BY_NAME = 0.5
"""What a name says is multiplied by this power of 3 / (papers + 2): the more papers a category
has, the more they say themselves."""
_DOUBT = 0.5
"""Papers like the average that each category is thought to have besides its own."""


@dataclass(frozen=True)
class Compared:
    """What is known of papers beside the labelled ones."""

    nearness: FloatArray
    """How near they are to the labelled papers, (p, n), 1 for the same."""
    words: Any
    """Their terms that labelled papers have too, sparse (p, terms)."""


class Features:
    """Computes the features of papers for the categories of labelled ones."""

    def __init__(self, known: Evidence, shares: DoubleArray, names: FloatArray) -> None:
        """Prepare from labelled papers.

        Args:
            known: The papers, n of them, 2 or more.
            shares: (n, k), which share of each paper belongs to each category; rows add up to 1.
            names: (k, dimension), the vectors of the categories' names.
        """
        self.known, self.shares = known, shares
        self.counts = shares.sum(axis=0)
        self.table = WordTable(known)
        self.rows = self.table.rows(known)
        vectors = known.vectors()
        self._mean = vectors.mean(axis=0)
        self.vectors = self._centred(vectors, _CENTRE)
        self._whole = self._centred(vectors, 1.0)
        names = unit(names)
        both = unit(np.hstack([names, 0.5 * names]))
        self._names_at = unit(both - both.mean(axis=0))
        self._names = names - names.mean(axis=0)
        self._text_mean, self._title_mean = known.texts.mean(axis=0), known.titles.mean(axis=0)
        self._ridge, self._ridge_of_known = _ridge(vectors, shares)
        self._title_ridge, self._title_ridge_of_known = _ridge(known.titles, shares)

    def of_known(self, categories: Sequence[str]) -> DoubleArray:
        """Return the features of the labelled papers, each without itself, (n, k, features)."""
        others = 1.0 - np.eye(len(self.known))
        return self._joined(
            self.known,
            categories,
            self._ridge_of_known,
            self._title_ridge_of_known,
            self._density(self.vectors @ self.vectors.T, _SHARPNESS, others),
            self._means(self._whole, own=True),
            self._density((self.rows @ self.rows.T).toarray(), _WORD_SHARPNESS, others),
            self._sizes(len(self.known)),
        )

    def of(self, papers: Evidence, categories: Sequence[str], compared: Compared) -> DoubleArray:
        """Return the features of other papers, p of them: (p, k, features).

        Args:
            papers: The papers.
            categories: The names of the categories.
            compared: What `compare` says of them.
        """
        vectors = papers.vectors()
        return self._joined(
            papers,
            categories,
            vectors @ self._ridge[:-1] + self._ridge[-1],
            papers.titles @ self._title_ridge[:-1] + self._title_ridge[-1],
            self._density(compared.nearness, _SHARPNESS),
            self._means(self._centred(vectors, 1.0)),
            self._density((compared.words @ self.rows.T).toarray(), _WORD_SHARPNESS),
            self._sizes(len(papers)),
        )

    def compare(self, papers: Evidence) -> Compared:
        """Compare papers with the labelled ones."""
        return Compared(self.nearness(papers), self.table.rows(papers))

    def nearness(self, papers: Evidence) -> FloatArray:
        """Return how near papers are to the labelled ones, (p, n), 1 for the same."""
        nearness = self._centred(papers.vectors(), _CENTRE) @ self.vectors.T
        return np.asarray(nearness, np.float32)

    def _joined(
        self, papers: Evidence, categories: Sequence[str], *parts: DoubleArray
    ) -> DoubleArray:
        ridge, title_ridge, near, mean, words, size = parts
        texts = (papers.texts - self._text_mean) @ self._names.T
        titles = (papers.titles - self._title_mean) @ self._names.T
        heads, bodies = heading_matches(categories, self.table, papers)
        share = (3 / (self.counts + 2)) ** _KNOWN_BY_NAME
        texts, titles, heads, bodies = (each * share for each in (texts, titles, heads, bodies))
        columns = [ridge, title_ridge, near, mean, words, texts, titles, size, heads, bodies]
        return np.stack(columns, axis=-1) * _SCALES

    def _sizes(self, papers: int) -> DoubleArray:
        """Return how large each category is, as a logarithm; the same for every paper.

        A labelled paper is counted here too: without it, its own category alone would look
        smaller than it is, and small ones too small.
        """
        return np.tile(np.log(self.counts + _GROWTH), (papers, 1))

    def _centred(self, vectors: FloatArray, share: float) -> FloatArray:
        return unit(vectors - share * self._mean)

    def _density(
        self,
        nearness: FloatArray | DoubleArray,
        sharpness: float,
        others: DoubleArray | None = None,
    ) -> DoubleArray:
        """Return how dense each category is around papers, beside all papers, as a logarithm."""
        powers = np.exp(sharpness * np.asarray(nearness, np.float64))
        counts = self.counts[None, :]
        papers = len(self.known)
        if others is not None:
            powers, counts, papers = powers * others, counts - self.shares, papers - 1
        usual = powers.sum(axis=1, keepdims=True) / papers
        dense = (powers @ self.shares + _DOUBT * usual) / (counts + _DOUBT)
        return np.asarray(np.log(dense) - np.log(usual))

    def _means(self, whole: FloatArray, *, own: bool = False) -> DoubleArray:
        """Return the cosine with each category's mean, to which its name is added."""
        sums = self.shares.T @ self._whole.astype(np.float64) + self._names_at
        if not own:
            return np.asarray(whole @ unit(sums.astype(np.float32)).T, np.float64)
        # |s - w x|^2 = |s|^2 - 2 w s.x + w^2, for a paper x that counts w in the sum s.
        products = np.asarray(whole @ sums.T, np.float64)
        squares = (sums**2).sum(axis=1) - 2 * self.shares * products + self.shares**2
        return np.asarray((products - self.shares) / np.sqrt(np.maximum(squares, 1e-9)))


def _ridge(vectors: FloatArray, shares: DoubleArray) -> tuple[DoubleArray, DoubleArray]:
    """Fit a linear classifier in which all categories count the same.

    Returns:
        Its coefficients and, last, its constants, (dimension + 1, k); and what it says of each
        paper when it is fitted without that paper, (n, k).
    """
    rows = np.asarray(vectors, np.float64)
    weights = (shares / shares.sum(axis=0)).sum(axis=1)
    weights *= len(rows) / weights.sum()
    row_mean, share_mean = (np.average(each, 0, weights) for each in (rows, shares))
    centred = rows - row_mean
    weighted = (centred * weights[:, None]).T
    inverse = np.linalg.solve(weighted @ centred + _RIDGE * np.eye(rows.shape[1]), weighted)
    coefficients = inverse @ (shares - share_mean)
    fitted = centred @ coefficients + share_mean
    pull = np.einsum("nd,dn->n", centred, inverse) + weights / weights.sum()
    pull = np.minimum(pull, 1 - 1e-6)[:, None]
    without = (fitted - pull * shares) / (1 - pull)
    return np.vstack([coefficients, share_mean - row_mean @ coefficients]), without
