"""Recommendations: from liked and disliked papers to papers that someone may want to read."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from rftsearch.index.engines.base import Selection
from rftsearch.index.generations.generation import Generation
from rftsearch.search.ranking.numeric import Parameters, spread
from rftsearch.search.ranking.score import score_similar
from rftsearch.search.ranking.scored import Scored
from rftsearch.search.ranking.seed import Seed
from rftsearch.types import FloatArray, IdArray, IndexArray

__all__ = ["DISLIKE", "POOL", "recommend"]

DISLIKE = 0.7
"""Weight of similarity to a disliked paper against similarity to a liked one."""
POOL = 100
"""Candidates of each liked paper, from which the answer is chosen."""


def recommend(
    generation: Generation,
    parameters: Parameters,
    liked: Sequence[Seed],
    disliked: Sequence[Seed],
    without: Collection[int],
    selection: Selection,
    k: int,
    diversity: float,
) -> tuple[Scored, IndexArray]:
    """Score candidates against every seed, and choose from them.

    Args:
        generation: What is searched.
        parameters: The weights.
        liked: One or more.
        disliked: Papers to stay away from.
        without: Integer ids that may not be chosen: those of the seeds.
        selection: Which papers may be found.
        k: How many to choose.
        diversity: 0 to 1; see `spread`.

    Returns:
        The candidates, and which of them were chosen, in order.
    """
    wanted = max(POOL, 2 * k) + len(without)

    def score(seed: Seed) -> Scored:
        [scored] = score_similar(generation, parameters, seed, [selection], wanted)
        return scored

    likes = [score(seed) for seed in liked]
    best = [scored.ids[np.argsort(-scored.scores, kind="stable")[:wanted]] for scored in likes]
    ids = np.unique(np.concatenate(best))
    ids = ids[~np.isin(ids, list(without))]
    rows = generation.attributes.rank(ids)
    newest_first = np.argsort(rows)
    ids, rows = ids[newest_first], rows[newest_first]
    interests = np.stack([_relevance(scored, ids) for scored in likes], axis=1)
    served = interests.max(axis=1)
    against = np.zeros(len(ids), np.float32)
    for scored in map(score, disliked):
        against = np.maximum(against, _relevance(scored, ids))
    # A dislike thins out a liked topic but does not erase it: what is liked at least twice
    # as much as it is disliked loses nothing.
    against = np.maximum(0.0, against - served / 2)
    weighed = np.clip(interests - DISLIKE * against[:, None], 0.0, 1.0)
    parts = {"liked": served}
    if disliked:
        parts["disliked"] = -DISLIKE * against
    chosen = spread(weighed, generation.vectors.vectors(ids), k, diversity)
    return Scored(ids, rows, parts, interest=interests.argmax(axis=1)), chosen


def _relevance(scored: Scored, ids: IdArray) -> FloatArray:
    """Return how well each paper serves one interest, (n,) float32, 0 to 1.

    That is its score divided by the best score. The seeds are not among the papers; each
    would be its own best.
    """
    scores = dict(zip(scored.ids.tolist(), scored.scores.tolist(), strict=True))
    found = np.array([scores.get(identifier, 0.0) for identifier in ids.tolist()], np.float32)
    most = max(float(found.max(initial=0.0)), 1e-9)
    return np.asarray(np.clip(found / most, 0.0, 1.0), dtype=np.float32)
