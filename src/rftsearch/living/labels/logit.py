"""A choice between categories from a few features: one weight for each feature.

All categories share the weights, so that those with two papers learn from the others
(McFadden's conditional logit).
"""

from __future__ import annotations

import numpy as np

from rftsearch.types import DoubleArray

__all__ = ["fit_weights", "softmax"]

_STEPS = 60
_LONGEST_STEP = 2.0
_ENOUGH = 1e-6


def softmax(scores: DoubleArray) -> DoubleArray:
    """Return the probabilities that scores stand for, (n, k); each row adds up to 1."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def fit_weights(
    features: DoubleArray, wanted: DoubleArray, before: DoubleArray, trust: float
) -> DoubleArray:
    """Return the weights under which the wanted categories are most likely.

    Args:
        features: (n, k, m): of each paper and category, m features.
        wanted: (n, k): which share of each paper belongs to each category.
        before: (m,): the weights without any paper.
        trust: How many papers' worth it takes to move a weight away from `before`.

    Returns:
        (m,) weights.
    """
    weights = before.copy()
    for _ in range(_STEPS):
        chosen = softmax(features @ weights)
        slope = np.einsum("nkm,nk->m", features, chosen - wanted) + trust * (weights - before)
        means = np.einsum("nkm,nk->nm", features, chosen)
        bend = np.einsum("nkm,nkl,nk->ml", features, features, chosen, optimize=True)
        bend += trust * np.eye(len(weights)) - means.T @ means
        step = np.linalg.solve(bend, slope)
        longest = float(np.abs(step).max())
        weights = weights - step * min(1.0, _LONGEST_STEP / max(longest, 1e-9))
        if longest < _ENOUGH:
            break
    return np.asarray(weights)
