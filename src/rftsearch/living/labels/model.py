"""A model of a list's categories, learnt from the papers that the list labels itself."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Self

import numpy as np

from rftsearch.errors import UsageError
from rftsearch.living.labels.evidence import Evidence
from rftsearch.living.labels.features import FEATURES, Compared, Features
from rftsearch.living.labels.logit import fit_choice
from rftsearch.types import BoolArray, DoubleArray, FloatArray, IndexArray

__all__ = ["LEAST_PAPERS", "LabelModel", "categories_of"]

LEAST_PAPERS = 5
"""With fewer labelled papers nothing is learnt."""
_WEIGHT = 0.7
"""Each feature's weight before anything is learnt; that of the size is 1, as Bayes' rule has it."""
_TRUST = 10.0
"""How firmly it is held: with few papers the weights stay near it."""
_RIGHT = 0.97
"""What is called sure should be right this often."""
_LEAST_SURE = 0.93
"""And each sure prediction must be at least this likely by itself."""
_SEVERAL = 0.05
"""From this share of papers with several categories on, predictions may have several."""
_GAIN = 0.4
"""A telling word is at least this much more frequent in its category, as a logarithm."""
_SECOND = 0.6
"""A further category is predicted with this share of the best one's probability."""


class LabelModel:
    """Predicts the categories of papers.

    Attributes:
        categories: The names of the categories.
        of_known: The probabilities of the labelled papers, each predicted without itself, (n, k).
        sure_from: From this probability on a prediction is called sure.
    """

    def __init__(self, features: Features, categories: Sequence[str]) -> None:
        """Fit the weights of the features; see `LabelModel.fit`."""
        self.categories = tuple(categories)
        self.features = features
        self.several = float(((features.shares > 0).sum(axis=1) > 1).mean()) >= _SEVERAL
        own = features.of_known(self.categories)
        start = np.array([1.0 if name == "size" else _WEIGHT for name in FEATURES])
        self.choice = fit_choice(own, features.shares, start, _TRUST)
        self.of_known = guesses = self.choice.probabilities(own)
        self._best = guesses.max(axis=1)
        self._right = features.shares[np.arange(len(guesses)), guesses.argmax(axis=1)] > 0
        self.sure_from = _sure_from(self._best, self._right)

    @classmethod
    def fit(
        cls, known: Evidence, labels: Sequence[Sequence[str]], names: FloatArray | None = None
    ) -> Self:
        """Learn from labelled papers.

        Args:
            known: The papers.
            labels: The categories of each, one or more.
            names: The vectors of the names that `categories_of(labels)` returns, in that order;
                None if only the words of the names shall count, and not their meaning.

        Raises:
            UsageError: There are fewer than `LEAST_PAPERS` papers or only one category.
        """
        categories = categories_of(labels)
        if len(labels) < LEAST_PAPERS or len(categories) < 2:
            raise UsageError(
                f"nothing can be learnt from {len(labels)} labelled papers in "
                f"{len(categories)} categories; build an index of a list whose papers stand "
                "under headings"
            )
        place = {category: number for number, category in enumerate(categories)}
        shares = np.zeros((len(labels), len(categories)))
        for row, own in zip(shares, labels, strict=True):
            for category in set(own):
                row[place[category]] = 1 / len(set(own))
        if names is None:
            names = np.zeros((len(categories), known.texts.shape[1]), np.float32)
        return cls(Features(known, shares, names), categories)

    def probabilities(self, papers: Evidence, compared: Compared | None = None) -> DoubleArray:
        """Return how likely each category is, (p, k); each row adds up to 1.

        Args:
            papers: The papers.
            compared: What `features.compare` says of them, if that is known already.
        """
        compared = compared or self.features.compare(papers)
        return self.choice.probabilities(self.features.of(papers, self.categories, compared))

    def sure_without(self, row: int) -> float:
        """Return from which probability on a prediction is sure, if one labelled paper is left out.

        A paper in the wrong place would otherwise speak against its own finding.
        """
        return _sure_from(np.delete(self._best, row), np.delete(self._right, row))

    def chosen(self, probabilities: DoubleArray) -> list[int]:
        """Return the categories that are predicted from one row of probabilities, best first.

        More than one only where the list has papers in several.
        """
        order = np.argsort(-probabilities, kind="stable")
        best = probabilities[order[0]]
        least = _SECOND * best if self.several else best
        return [
            int(place) for n, place in enumerate(order) if not n or probabilities[place] > least
        ]

    @staticmethod
    def neighbours(nearness: FloatArray, count: int) -> tuple[IndexArray, FloatArray]:
        """Return the labelled papers nearest to each paper, and how near they are, (p, count).

        Args:
            nearness: What `features.nearness` says of the papers.
            count: How many; fewer if there are not so many labelled papers.
        """
        count = min(count, nearness.shape[1])
        # To sort them all takes ten times as long. Those as near as the last one stay until
        # all are sorted, for of these the first labelled ones are taken.
        least = -np.partition(-nearness, count - 1, axis=1)[:, count - 1 : count]
        rows, places = np.nonzero(nearness >= least)
        order = np.lexsort((places, -nearness[rows, places], rows))
        begins = np.searchsorted(rows, np.arange(len(nearness)))
        near = places[order[begins[:, None] + np.arange(count)]]
        return near, np.take_along_axis(nearness, near, axis=1)

    @cached_property
    def _in_category(self) -> DoubleArray:
        """Return in how many papers of each category each term is, (terms, k)."""
        return np.asarray(self._present.T @ self.features.shares, np.float64)

    @cached_property
    def _in_all(self) -> DoubleArray:
        """Return in how many papers each term is, (terms,)."""
        return np.asarray(self._present.sum(axis=0), np.float64).ravel()

    @cached_property
    def _present(self) -> Any:  # noqa: ANN401 - scipy has no types
        return (self.features.rows > 0).astype(np.float64)

    def telling_terms(
        self, head: Sequence[str], places: IndexArray, category: int, count: int
    ) -> list[str]:
        """Return the terms of one paper that speak most for a category, best first.

        They are more frequent among its papers than among the others.

        Args:
            head: The terms of its title.
            places: The places of all its terms in the table of words, ascending.
            category: The place of the category.
            count: How many terms at most.
        """
        table, shares = self.features.table, self.features.shares
        if not len(places):
            return []
        inside = self._in_category[places, category]
        outside = self._in_all[places] - inside
        papers = self.features.counts[category]
        gain = np.log((inside + 0.1) / (papers + 1)) - np.log(
            (outside + 0.5) / (len(shares) - papers + 1)
        )
        title = set(head)
        terms = [table.terms[place] for place in places]
        # A word of one paper may be chance; a word of the title says what the paper is about.
        weight = np.log1p(inside) * [1 + (term in title) for term in terms]
        order = np.argsort(-(gain * weight), kind="stable")[:count]
        return [terms[at] for at in order if gain[at] > _GAIN and inside[at] > 0]


def categories_of(labels: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return all categories of some papers, in the order of their first appearance."""
    return tuple(dict.fromkeys(category for own in labels for category in own))


def _sure_from(best: DoubleArray, right: BoolArray) -> float:
    """Return the least probability from which on predictions are right often enough.

    They must have been right that often when each paper was predicted without itself, and
    their probabilities must promise it, all together and nearly each by itself. Half an error
    is added to those that were made, for few papers prove little; above 1, nothing is ever
    sure.
    """
    order = np.argsort(-best, kind="stable")
    count = np.arange(len(best)) + 1
    made = (np.cumsum(~right[order]) + 0.5) / (count + 1)
    promised = np.cumsum(best[order]) / count
    good = (made <= 1 - _RIGHT) & (promised >= _RIGHT) & (best[order] >= _LEAST_SURE)
    if not good.any():
        return 1.01
    return float(best[order[int(np.flatnonzero(good)[-1])]])
