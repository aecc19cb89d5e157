"""The border of a list: how well papers belong to it, learnt from those that stand on it.

Nobody says which papers do not belong. The candidates themselves take their place: most of
them do not. What is learnt from some of them is applied to the others, so that a paper is
never scored by a model that took it for one that does not belong.

Then the best candidates are taken for listed papers, and nearness is measured again: a list
moves on, and what is new in it is like other new papers (self-training, Scudder 1965).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import vstack  # type: ignore[import-untyped]  # it has no types

from rftsearch.living.labels.evidence import Evidence
from rftsearch.living.labels.words import WordTable
from rftsearch.types import BoolArray, DoubleArray, FloatArray, IndexArray

__all__ = ["FEW", "Border", "Ranked", "rank"]

_PARTS = 3
"""Into how many parts papers are divided: each is scored by what the others teach."""
_NEAREST, _COUNTED = 5, 3
"""How many nearest listed papers are shown, and how many count."""
_PENALTY = 10.0
"""C of the logistic regressions; 1 and 100 differ by less than 0.01 of average precision."""
FEW = 30
"""Fewer candidates teach nothing about what does not belong: only nearness counts then."""
_DISMISSED = 5.0
"""How many candidates' worth a paper is that was dismissed: it is known not to belong."""
_NEARNESS, _LEARNT_FROM = 3.75, 210.0
"""How much the mean of the nearest papers counts, where each part that was learnt counts 1: that
much for a short list, and the less the more papers there are to learn from, 210 / papers."""
_TAKEN = 2.0
"""How many candidates are taken for listed papers, where 1 is expected to belong."""
_LIKELIEST = 0.99
_LARGEST_SHARE = 0.1
"""At most this share of candidates is expected to belong: of all that comes, less does. A pace that
lets more be expected is that of other papers than these few, such as the lines of a short file."""


@dataclass(frozen=True)
class Border:
    """What is known of a list."""

    listed: Evidence
    """Its papers, 1 or more, and those that were accepted."""
    weights: DoubleArray
    """(n,): how much each counts; recent ones more, for lists drift."""
    dismissed: Evidence | None = None
    """Papers that were dismissed."""


@dataclass(frozen=True)
class Ranked:
    """How well candidates belong."""

    scores: DoubleArray
    """(c,): the sum of the parts; only their order means something."""
    likely: DoubleArray
    """(c,): how likely each belongs, from 0 to 1."""
    nearest: IndexArray
    """(c, up to 5): the listed papers most like each, nearest first."""
    nearness: FloatArray
    """(c, up to 5): their cosines."""
    words: tuple[tuple[str, float], ...]
    """The words that speak most for a paper, with their weights; none if nothing was learnt."""


def rank(border: Border, candidates: Evidence, expected: float) -> Ranked:
    """Rank candidates by how well they belong to a list.

    Three parts are added, each in standard deviations over the candidates: a linear classifier
    of the vectors, one of the words, and the mean cosine of the nearest three papers. The best
    candidates of this ranking are among these papers when it is done again.

    Args:
        border: The list.
        candidates: The candidates, 1 or more.
        expected: How many of them are thought to belong, from the pace of the list.
    """
    listed, vectors = border.listed, candidates.texts
    near = vectors @ listed.texts.T
    order = np.argsort(-near, axis=1, kind="stable")[:, :_NEAREST]
    nearness = np.take_along_axis(near, order, axis=1)
    own = listed.texts @ listed.texts.T
    np.fill_diagonal(own, -1)
    nearly = min(_NEARNESS, _LEARNT_FROM / len(listed))
    parts = [(nearly, _mean_of_nearest(own), _mean_of_nearest(near))]
    words: tuple[tuple[str, float], ...] = ()
    if len(candidates) >= FEW and len(listed) >= _PARTS:
        everything = [listed, candidates, *([border.dismissed] if border.dismissed else [])]
        learner = _Learner(border.weights, len(candidates))
        parts.append((1.0, *learner.scores([one.vectors() for one in everything])[:2]))
        table = WordTable(listed.joined(candidates), least=2)
        *found, coefficients = learner.scores([table.rows(one) for one in everything])
        parts.append((1.0, found[0], found[1]))
        best = np.argsort(-coefficients, kind="stable")[:200]
        words = tuple(
            (table.terms[at], float(coefficients[at])) for at in best if coefficients[at] > 0
        )
    known, scores = _sum(parts)
    if len(parts) > 1:
        many = min(max(round(_TAKEN * expected), 1), len(candidates) // 2)
        taken = np.argsort(-scores, kind="stable")[:many]
        among = vectors @ vectors[taken].T
        among[taken, np.arange(many)] = -1
        again = _mean_of_nearest(np.hstack([own, listed.texts @ vectors[taken].T]))
        parts[0] = (nearly, again, _mean_of_nearest(np.hstack([near, among])))
        known, scores = _sum(parts)
    likely = _likely(known, scores, border.weights, expected)
    return Ranked(scores, likely, order, np.asarray(nearness, np.float32), words)


def _mean_of_nearest(cosines: FloatArray) -> DoubleArray:
    """Return the mean of the three highest of each row, (n,); of fewer where there are fewer.

    A paper beside itself has the cosine -1: it is not counted.
    """
    many = max(min(_COUNTED, cosines.shape[1] - int((cosines == -1).any())), 1)
    best = -np.partition(-cosines, many - 1, axis=1)[:, :many]
    return np.asarray(best.mean(axis=1), np.float64)


def _sum(parts: list[tuple[float, DoubleArray, DoubleArray]]) -> tuple[DoubleArray, DoubleArray]:
    """Add weighted parts, of listed papers and of candidates, in deviations of the candidates."""
    known, scores = np.zeros(len(parts[0][1])), np.zeros(len(parts[0][2]))
    for weight, ours, theirs in parts:
        middle, spread = theirs.mean(), max(float(theirs.std()), 1e-9)
        known += weight * (ours - middle) / spread
        scores += weight * (theirs - middle) / spread
    return known, scores


class _Learner:
    """Learns what tells listed papers from candidates, from parts of both."""

    def __init__(self, weights: DoubleArray, candidates: int) -> None:
        draw = np.random.default_rng(0)
        self._weights = weights
        self._listed = draw.permutation(len(weights)) % _PARTS
        self._candidates = draw.permutation(candidates) % _PARTS

    def scores(self, rows: list[Any]) -> tuple[DoubleArray, DoubleArray, DoubleArray]:
        """Score listed papers and candidates, each by a model that has not seen it.

        Candidates are scored by models that all listed papers taught.

        Args:
            rows: Of the listed papers, the candidates and, if there are any, the dismissed.

        Returns:
            The scores of both, and the mean of the coefficients.
        """
        listed, candidates = rows[0], rows[1]
        ours, theirs = np.zeros(listed.shape[0]), np.zeros(candidates.shape[0])
        coefficients = []
        for part in range(_PARTS):
            known, pool = self._listed != part, self._candidates != part
            ours[~known] = self._taught(rows, known, pool).decision_function(listed[~known])
            model = self._taught(rows, np.ones_like(known), pool)
            theirs[~pool] = model.decision_function(candidates[~pool])
            coefficients.append(model.coef_[0])
        return ours, theirs, np.mean(coefficients, axis=0)

    def _taught(self, rows: list[Any], known: BoolArray, pool: BoolArray) -> Any:  # noqa: ANN401 - scikit-learn has no types
        """Return a logistic regression that some listed papers and candidates taught."""
        # Only where something is discovered: the import takes a second.
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

        listed, candidates, *dismissed = rows
        taught = [listed[known], candidates[pool], *dismissed]
        weights = [self._weights[known], np.ones(int(pool.sum()))]
        weights += [np.full(one.shape[0], _DISMISSED) for one in dismissed]
        belongs = [np.full(len(one), number == 0) for number, one in enumerate(weights)]
        # Both sides count the same, however many papers they have.
        weights[0] = weights[0] / weights[0].sum()
        total = sum(float(one.sum()) for one in weights[1:])
        weights[1:] = [one / total for one in weights[1:]]
        many = sum(map(len, weights)) / 2
        stacked = vstack(taught).tocsr() if hasattr(listed, "tocsr") else np.vstack(taught)
        model = LogisticRegression(C=_PENALTY, max_iter=300, tol=1e-3)
        return model.fit(stacked, np.concatenate(belongs), np.concatenate(weights) * many)


def _likely(
    known: DoubleArray, scores: DoubleArray, weights: DoubleArray, expected: float
) -> DoubleArray:
    """Return how likely candidates belong, from scores of papers that do.

    The ratio of both densities at a score, as a logistic curve fits it, times the share of
    candidates that is expected to belong (Elkan and Noto, 2008).
    """
    both = np.concatenate([known, scores])
    belongs = np.concatenate([np.ones(len(known)), np.zeros(len(scores))])
    share = np.concatenate([weights / weights.sum(), np.full(len(scores), 1 / len(scores))])
    slope, constant = 1.0, 0.0
    for _ in range(50):
        odds = 1 / (1 + np.exp(-np.clip(slope * both + constant, -30, 30)))
        step = share * (odds - belongs)
        bend = share * odds * (1 - odds)
        # A little of a prior keeps the slope finite where nothing overlaps.
        gradient = np.array([step @ both + 0.01 * (slope - 1), step.sum()])
        matrix = np.array([[bend @ both**2 + 0.01, bend @ both], [bend @ both, bend.sum() + 1e-9]])
        change = np.linalg.solve(matrix, gradient)
        change *= min(1.0, 1.0 / max(float(np.abs(change).max()), 1e-9))
        slope, constant = slope - change[0], constant - change[1]
    ratio = np.exp(np.clip(slope * scores + constant, -30, 30))
    prior = min(max(expected, 0.5) / len(scores), _LARGEST_SHARE)
    return np.asarray(np.minimum(prior * ratio, _LIKELIEST))
