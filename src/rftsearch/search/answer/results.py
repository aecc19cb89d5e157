"""From scored candidates to an answer: what may be in it, the records, what to say of it."""

from __future__ import annotations

from collections.abc import Collection

from rftsearch.index.generations.generation import Generation
from rftsearch.index.generations.manifest import missing_abstracts
from rftsearch.papers.results import Hit, Results
from rftsearch.search.ranking.numeric import rank
from rftsearch.search.ranking.score import Scored
from rftsearch.search.scope import Scope, records
from rftsearch.types import IndexArray

__all__ = [
    "chosen",
    "ranked",
]


def ranked(
    generation: Generation,
    scored: Scored,
    k: int,
    scope: Scope,
    without: Collection[int] = (),
) -> Results:
    """The best k candidates, best first.

    Args:
        generation: Where they are from.
        scored: The candidates.
        k: How many at the most.
        scope: What they were chosen from.
        without: Integer ids that are left out: seeds.
    """
    order = rank(scored.scores, scored.rows, k + len(without))
    if without:
        order = order[~scored.among(without)[order]][:k]
    return chosen(generation, scored, order, scope, without)


def chosen(
    generation: Generation,
    scored: Scored,
    places: IndexArray,
    scope: Scope,
    without: Collection[int] = (),
) -> Results:
    """Candidates at some places, in that order; see `ranked`."""
    seeds = scored.among(without)
    fitting = scored.rows[scored.fitting(seeds) & ~seeds]
    papers = records(generation, scored.ids[places])
    scores = scored.scores[places].tolist()
    columns = [part[places].tolist() for part in scored.parts.values()]
    parts = [dict(zip(scored.parts, row, strict=True)) for row in zip(*columns, strict=True)]
    return Results(
        hits=tuple(map(Hit, papers, scores, parts)),
        notes=(*missing_abstracts(generation.manifest), *scope.notes()),
        facets=generation.attributes.count_categories(fitting),
    )
