"""From papers that someone likes and dislikes to papers they may want to read."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from rftsearch.index.generations.generation import Generation
from rftsearch.search.ranking.numeric import Parameters, spread
from rftsearch.search.ranking.score import Scored, Seed, score_similar
from rftsearch.types import FloatArray, IdArray, IndexArray

__all__ = ["recommend"]

DISLIKE = 0.7
"""How much being like a disliked paper takes away, against being like a liked one."""
POOL = 100
"""From so many candidates of each interest the answer is chosen."""


def recommend(
    generation: Generation,
    parameters: Parameters,
    liked: Sequence[Seed],
    disliked: Sequence[Seed],
    without: Collection[int],
    allowed: IdArray | None,
    k: int,
    diversity: float,
) -> tuple[Scored, IndexArray]:
    """Score candidates against every seed, and choose from them.

    Args:
        generation: What is searched.
        parameters: The weights.
        liked: One or more.
        disliked: Those whose like is not wanted.
        without: Integer ids that may not be chosen: those of the seeds.
        allowed: (m,) int64, what may be found; None for everything.
        k: How many to choose at the most.
        diversity: 0 to 1; see `spread`.

    Returns:
        The candidates, and which of them were chosen, in order.
    """
    wanted = max(POOL, 2 * k) + len(without)

    def like(seed: Seed) -> Scored:
        return score_similar(generation, parameters, seed, allowed, wanted)

    likes = [like(seed) for seed in liked]
    best = [scored.ids[np.argsort(-scored.scores, kind="stable")[:wanted]] for scored in likes]
    ids = np.unique(np.concatenate(best))
    ids = ids[~np.isin(ids, list(without))]
    rows = generation.attributes.rank(ids)
    newest_first = np.argsort(rows)
    ids, rows = ids[newest_first], rows[newest_first]
    interests = np.stack([_relevance(scored, ids) for scored in likes], axis=1)
    served = interests.max(axis=1)
    against = np.zeros(len(ids), np.float32)
    for scored in map(like, disliked):
        against = np.maximum(against, _relevance(scored, ids))
    # What is liked at least half as much as it is disliked is not driven out: a dislike
    # weeds a liked topic, it does not erase it.
    against = np.maximum(0.0, against - served / 2)
    weighed = np.clip(interests - DISLIKE * against[:, None], 0.0, 1.0)
    parts = {"liked": served}
    if disliked:
        parts["disliked"] = -DISLIKE * against
    chosen = spread(weighed, generation.vectors.vectors(ids), k, diversity)
    return Scored(ids, rows, parts), chosen


def _relevance(scored: Scored, ids: IdArray) -> FloatArray:
    """How well each paper serves one interest, 0 to 1: its score against the best's.

    The seeds are not among the papers; each would be its own best.
    """
    scores = dict(zip(scored.ids.tolist(), scored.scores.tolist(), strict=True))
    found = np.array([scores.get(identifier, 0.0) for identifier in ids.tolist()], np.float32)
    most = max(float(found.max(initial=0.0)), 1e-9)
    return np.asarray(np.clip(found / most, 0.0, 1.0), dtype=np.float32)
