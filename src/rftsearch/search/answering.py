"""From scored candidates to an answer: what may be in it, the records, what to say of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Self

from rftsearch import wording
from rftsearch.index.encoders import BoolArray
from rftsearch.index.generation import Generation
from rftsearch.index.status import missing_abstracts
from rftsearch.index.vectors import IdArray
from rftsearch.records import Filters, Hit, Paper, Results
from rftsearch.search.ranking import Order, rank
from rftsearch.search.scoring import Scored

__all__ = ["RowsGoneError", "Scope", "chosen", "ranked", "records"]


class RowsGoneError(Exception):
    """The store no longer has a version that a generation names."""


@dataclass(frozen=True)
class Scope:
    """What of a generation may be in an answer."""

    passing: BoolArray | None
    """Which rows of its attributes; None for all of them."""
    undated: int
    """Works left out only because they have no month."""

    @classmethod
    def of(cls, generation: Generation, filters: Filters | None) -> Self:
        """What passes some filters.

        Raises:
            FilterError: A category that no paper has.
        """
        if not filters:
            return cls(None, 0)
        attributes = generation.attributes
        undated = 0
        if filters.dated:
            otherwise = attributes.mask(replace(filters, since=None, until=None))
            undated = int((otherwise & ~attributes.dated()).sum())
        return cls(attributes.mask(filters), undated)

    def within(self, rows: BoolArray) -> Self:
        """What of it is among some rows, (n,) bool."""
        return replace(self, passing=rows if self.passing is None else self.passing & rows)

    def ids(self, generation: Generation) -> IdArray | None:
        """The integer ids that pass, newest first; None for all of them."""
        if self.passing is None:
            return None
        return generation.attributes.ids[self.passing]

    def notes(self) -> tuple[str, ...]:
        """What to say of what was left out."""
        if not self.undated:
            return ()
        works = wording.count(self.undated, "undated work lies", "undated works lie")
        return (f"{works} outside any range of months",)


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
    places: Order,
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


def records(generation: Generation, ids: Iterable[int]) -> list[Paper]:
    """The papers of some integer ids, in their order.

    Raises:
        RowsGoneError: One of them is no longer there.
    """
    wanted = [int(identifier) for identifier in ids]
    papers = generation.store.papers(wanted)
    if len(papers) < len(wanted):
        raise RowsGoneError
    return [papers[identifier] for identifier in wanted]
