"""A second look at the best candidates, by a model that reads query and paper together."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from rftsearch.encoders.cross_encoder import Reranker
from rftsearch.index.generations.generation import Generation
from rftsearch.papers.documents import texts_of
from rftsearch.search.ranking.numeric import rank
from rftsearch.search.ranking.score import Scored
from rftsearch.search.scope import records

__all__ = ["RERANKED", "rerank"]

RERANKED = 50
"""So many of the best are read; the others stay below them."""
WEIGHT = 2.0
"""Of a reranker's word, 0 to 1. It decides where it tells papers apart; where it does
not, as among those it finds equally hopeless, the first ranking still does."""


def rerank(
    generation: Generation,
    reranker: Reranker,
    query: str,
    scored: Scored,
    named: Collection[int] = (),
) -> Scored:
    """Add what a reranker thinks of the best candidates to their scores, as `rerank`.

    Args:
        generation: Where they are from.
        reranker: What reads them.
        query: What was asked.
        scored: The candidates.
        named: Integer ids that the query names: they are given the most without
            being read, so that they stay first.

    Raises:
        ModelError: The reranker cannot be loaded or used.
    """
    part = np.zeros(len(scored.ids), np.float32)
    best = rank(scored.scores, scored.rows, RERANKED)
    part[best] = 1.0
    read = best[~scored.among(named)[best]]
    if len(read):
        papers = records(generation, scored.ids[read])
        part[read] = reranker.score(query, [texts_of(paper).body for paper in papers])
    return replace(scored, parts={**scored.parts, "rerank": WEIGHT * part})
