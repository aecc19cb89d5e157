"""Results: from scored candidates to hits with their records, notes and counts."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from rftsearch.index.generations.generation import Generation
from rftsearch.index.generations.manifest import missing_abstracts
from rftsearch.papers.results import Hit, Results, Sort
from rftsearch.search.answer.sort import by_date, date_order
from rftsearch.search.asked import Question
from rftsearch.search.ranking.numeric import rank
from rftsearch.search.ranking.scored import Scored
from rftsearch.search.scope import Scope, records
from rftsearch.types import IndexArray

__all__ = ["best_results", "every_paper", "results_at"]


def every_paper(generation: Generation, question: Question, scope: Scope) -> Results:
    """Return papers by date, newest first unless another order is asked for: nothing else is.

    Args:
        generation: What they are from.
        question: A question without a topic.
        scope: The papers that it means.

    Raises:
        RowsGoneError: The store no longer has what the generation names.
    """
    attributes = generation.attributes
    chosen = scope.passing
    rows = np.arange(len(attributes)) if chosen is None else np.flatnonzero(chosen)
    order = rows[date_order(attributes, rows, question.sort)]
    papers = records(generation, attributes.ids[order[: question.k]])
    return Results(
        hits=tuple(Hit(paper, 0.0) for paper in papers),
        notes=(*missing_abstracts(generation.manifest), *scope.notes()),
        facets=attributes.count_categories(chosen),
        understood=question.understood,
    )


def best_results(
    generation: Generation,
    scored: Scored,
    k: int,
    scope: Scope,
    sort: Sort,
    excluded: Collection[int] = (),
) -> Results:
    """Return the k best candidates; sorted by date, the k newest or oldest good matches.

    Args:
        generation: What they are from.
        scored: The candidates.
        k: How many hits to return.
        scope: What they were chosen from.
        sort: In which order.
        excluded: Integer ids that are left out: seeds.

    Raises:
        RowsGoneError: The store no longer has what the generation names.
    """
    if sort != "relevance":
        order = by_date(generation.attributes, scored, sort, excluded)
    else:
        order = rank(scored.scores, scored.rows, k + len(excluded))
        if excluded:
            order = order[~scored.among(excluded)[order]]
    return results_at(generation, scored, order[:k], scope, excluded)


def results_at(
    generation: Generation,
    scored: Scored,
    places: IndexArray,
    scope: Scope,
    excluded: Collection[int] = (),
) -> Results:
    """Return the candidates at some places, in that order; see `best_results`."""
    seeds = scored.among(excluded)
    good = scored.rows[np.flatnonzero(scored.good(seeds) & ~seeds)]
    papers = records(generation, scored.ids[places])
    scores = scored.scores[places].tolist()
    columns = [part[places].tolist() for part in scored.parts.values()]
    parts = [dict(zip(scored.parts, row, strict=True)) for row in zip(*columns, strict=True)]
    return Results(
        hits=tuple(map(Hit, papers, scores, parts)),
        notes=(*missing_abstracts(generation.manifest), *scope.notes()),
        facets=generation.attributes.count_categories(good),
    )
