"""Questions about some of the papers of a generation, which are named by their ids."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from rftsearch.index.generations.generation import Generation
from rftsearch.papers.filters import Filters
from rftsearch.papers.results import Results, Sort
from rftsearch.search.answer.results import best_results, results_at
from rftsearch.search.query.clean import clean
from rftsearch.search.ranking.numeric import rank
from rftsearch.search.retriever import Retriever
from rftsearch.search.scope import Scope
from rftsearch.types import BoolArray

__all__ = ["good_matches_among", "search_without"]


def search_without(
    retriever: Retriever,
    generation: Generation,
    query: str,
    k: int,
    filters: Filters,
    sort: Sort,
    excluded: Iterable[str],
) -> Results:
    """Find the papers that answer a query, as `Engine.search` does, without some papers.

    Args:
        retriever: Of the engine.
        generation: What is searched.
        query: A topic, a question, a name, a title or an arXiv id.
        k: How many hits to return.
        filters: What the answer may contain.
        sort: As for `Engine.search`.
        excluded: Ids of papers that are not found.
    """
    scope = Scope.of(generation, filters).within(~_rows(generation, excluded))
    scores = retriever.for_query(generation, clean(query), [scope], k)
    return best_results(generation, retriever.reranked(generation, scores), k, scope, sort)


def good_matches_among(
    retriever: Retriever, generation: Generation, query: str, k: int, ids: Iterable[str]
) -> Results:
    """Return the good matches of a query among some papers, best first.

    The strongest match of all papers is the measure, so that nothing is returned if others
    are much better.

    Args:
        retriever: Of the engine.
        generation: What is searched.
        query: As for `search_without`.
        k: How many hits to return.
        ids: The papers.
    """
    scope = Scope().within(_rows(generation, ids))
    scores = retriever.for_query(generation, clean(query), [scope, Scope()], k)
    some, every = scores.scored
    good = np.flatnonzero(some.good(best=every.strongest()))
    order = rank(some.scores[good], some.rows[good], k)
    return results_at(generation, some, good[order], scope)


def _rows(generation: Generation, ids: Iterable[str]) -> BoolArray:
    """Return which rows of the attributes are some papers, (n,) bool."""
    rows = np.zeros(len(generation.attributes), np.bool_)
    found = generation.store.history.members(generation.manifest.generation, ids)
    numbers = np.array([number for number, _ in found.values()], np.int64)
    rows[generation.attributes.rank(numbers)] = True
    return rows
