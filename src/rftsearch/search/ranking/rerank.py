"""A second look at the best candidates, by a model that reads query and paper together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rftsearch.encoders.cross_encoder import Reranker
from rftsearch.index.generations.generation import Generation
from rftsearch.papers.documents import texts_of
from rftsearch.search.ranking.numeric import rank
from rftsearch.search.ranking.scored import Scored
from rftsearch.search.scope import records

__all__ = ["RERANKED", "rerank"]

RERANKED = 50
"""How many of the best candidates are read; the others stay below them."""
WEIGHT = 2.0
"""Of a reranker's score, 0 to 1. The reranker decides between papers that it tells apart.
Among papers that it finds equal, the first ranking still decides."""


def rerank(
    generation: Generation,
    reranker: Reranker,
    query: str,
    scored: Scored,
) -> Scored:
    """Add what a reranker thinks of the best candidates to their scores, as the part `rerank`.

    Papers that the query names get the most without being read, so that they stay first.

    Args:
        generation: Where they are from.
        reranker: What reads them.
        query: What was asked.
        scored: The candidates.

    Raises:
        ModelError: The reranker cannot be loaded or used.
    """
    part = np.zeros(len(scored.ids), np.float32)
    best = rank(scored.scores, scored.rows, RERANKED)
    part[best] = 1.0
    read = best[~scored.named[best]]
    if len(read):
        papers = records(generation, scored.ids[read])
        part[read] = reranker.score(query, [texts_of(paper).body for paper in papers])
    return replace(scored, parts={**scored.parts, "rerank": WEIGHT * part})
