"""A choice between categories from a few features: one weight for each feature.

All categories share the weights, so that those with two papers learn from the others
(McFadden's conditional logit). Some labels follow from no feature: a curator's slip, or a
paper that fits two headings. Their share is learnt too, or a few of them would bend all
weights.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize  # type: ignore[import-untyped]  # it has no types

from rftsearch.types import DoubleArray

__all__ = ["Choice", "fit_choice", "softmax"]

_STEPS = 60
_ENOUGH = 1e-6
"""By which part of it the loss must fall for another step."""
_CHANCE, _CHANCE_TRUST = 0.03, 20.0
"""The share of labels by chance before any paper, and how many papers' worth that is."""


@dataclass(frozen=True)
class Choice:
    """What was learnt."""

    weights: DoubleArray
    """(m,): one for each feature."""
    chance: float
    """The share of papers whose label follows from no feature, 0 to 1."""
    usual: DoubleArray
    """(k,): how frequent each category is; adds up to 1."""

    def probabilities(self, features: DoubleArray) -> DoubleArray:
        """Return how likely each category is, (n, k), from features (n, k, m)."""
        return _mixed(softmax(features @ self.weights), self.chance, self.usual)


def softmax(scores: DoubleArray) -> DoubleArray:
    """Return the probabilities that scores stand for, (n, k); each row adds up to 1."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def fit_choice(
    features: DoubleArray, wanted: DoubleArray, before: DoubleArray, trust: float
) -> Choice:
    """Return the weights and the share of chance under which the wanted categories are likeliest.

    Args:
        features: (n, k, m): of each paper and category, m features.
        wanted: (n, k): which share of each paper belongs to each category.
        before: (m,): the weights without any paper.
        trust: How many papers' worth it takes to move a weight away from `before`.
    """
    usual = (wanted.sum(axis=0) + 0.5) / (wanted.sum(axis=0) + 0.5).sum()

    def loss_and_slope(point: DoubleArray) -> tuple[float, DoubleArray]:
        weights, chance = point[:-1], float(_share(point[-1]))
        chosen = softmax(features @ weights)
        likely = _mixed(chosen, chance, usual)
        away = weights - before
        loss = -(wanted * np.log(likely)).sum() + 0.5 * trust * (away @ away)
        loss -= _CHANCE_TRUST * (_CHANCE * np.log(chance) + (1 - _CHANCE) * np.log1p(-chance))
        by_likely = -wanted / likely
        by_chosen = (1 - chance) * by_likely
        by_score = chosen * (by_chosen - (by_chosen * chosen).sum(axis=1, keepdims=True))
        slope = np.einsum("nkm,nk->m", features, by_score) + trust * away
        by_chance = (by_likely * (usual - chosen)).sum() * chance * (1 - chance)
        return float(loss), np.append(slope, by_chance - _CHANCE_TRUST * (_CHANCE - chance))

    begin = np.append(before, np.log(_CHANCE / (1 - _CHANCE)))
    # Without bounds the share of chance could reach 0 or 1, where logarithms end.
    bounds = [(None, None)] * len(before) + [(-8.0, 3.0)]
    found = minimize(
        loss_and_slope,
        begin,
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"maxiter": _STEPS, "ftol": _ENOUGH},
    )
    return Choice(np.asarray(found.x[:-1]), float(_share(found.x[-1])), usual)


def _mixed(chosen: DoubleArray, chance: float, usual: DoubleArray) -> DoubleArray:
    return np.asarray((1 - chance) * chosen + chance * usual)


def _share(logit: float) -> float:
    return float(1 / (1 + np.exp(-logit)))
