"""Questions about some of the papers of a generation, which are named by their ids."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from rftsearch.index.generations.generation import Generation
from rftsearch.papers.results import Results
from rftsearch.search.answer.results import best_results, every_paper, results_at
from rftsearch.search.asked import Asked
from rftsearch.search.ranking.numeric import rank
from rftsearch.search.retriever import Retriever
from rftsearch.search.scope import Scope
from rftsearch.types import BoolArray

__all__ = ["good_matches_among", "search_without"]


def search_without(
    retriever: Retriever,
    generation: Generation,
    asked: Asked,
    excluded: Iterable[str],
) -> Results:
    """Find the papers that answer a question, as `Engine.search` does, without some papers.

    Args:
        retriever: Of the engine.
        generation: What is searched.
        asked: The question.
        excluded: Ids of papers that are not found.
    """
    question = asked.understood(retriever, generation)
    scope = Scope.of(generation, question.filters).within(~_rows(generation, excluded))
    if not question.text:
        return every_paper(generation, question, scope)
    scores = retriever.for_query(generation, question.understood, [scope], question.k)
    scored = retriever.reranked(generation, scores)
    found = best_results(generation, scored, question.k, scope, question.sort)
    return replace(found, understood=question.understood)


def good_matches_among(
    retriever: Retriever, generation: Generation, asked: Asked, ids: Iterable[str]
) -> Results:
    """Return the good matches of a question among some papers, best first.

    The strongest match of all papers is the measure, so that nothing is returned if others
    are much better.

    Args:
        retriever: Of the engine.
        generation: What is searched.
        asked: The question.
        ids: The papers.
    """
    question = asked.understood(retriever, generation)
    every_scope = Scope.of(generation, question.filters)
    scope = every_scope.within(_rows(generation, ids))
    if not question.text:
        return every_paper(generation, question, scope)
    scopes = [scope, every_scope]
    scores = retriever.for_query(generation, question.understood, scopes, question.k)
    some, every = scores.scored
    good = np.flatnonzero(some.good(best=every.strongest()))
    order = rank(some.scores[good], some.rows[good], question.k)
    found = results_at(generation, some, good[order], scope)
    return replace(found, understood=question.understood)


def _rows(generation: Generation, ids: Iterable[str]) -> BoolArray:
    """Return which rows of the attributes are some papers, (n,) bool."""
    rows = np.zeros(len(generation.attributes), np.bool_)
    found = generation.store.find_all(generation.number, ids)
    numbers = np.array([number for number, _ in found.values()], np.int64)
    rows[generation.attributes.rank(numbers)] = True
    return rows
