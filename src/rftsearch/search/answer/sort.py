"""Answers by date: of the works that fit, the newest or the oldest first."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from rftsearch.errors import QueryError
from rftsearch.index.generations.generation import Generation
from rftsearch.index.tables.attributes import Attributes
from rftsearch.papers.results import SORTS, Results, Sort
from rftsearch.search.answer.results import chosen, ranked
from rftsearch.search.ranking.score import Scored
from rftsearch.search.scope import Scope
from rftsearch.types import IndexArray

__all__ = ["by_date", "check_date_sort", "check_sort", "dates", "in_order"]

_BY_DATE = ("newest", "oldest")


def check_sort(sort: str) -> None:
    """Refuse an order that there is not.

    Raises:
        QueryError: It is none of `SORTS`.
    """
    if sort not in SORTS:
        raise QueryError(f"cannot sort by {sort!r}; one of {', '.join(SORTS)}")


def check_date_sort(sort: str) -> None:
    """Refuse an order that a list cannot have, for which nothing was asked.

    Raises:
        QueryError: It is neither `newest` nor `oldest`.
    """
    if sort not in _BY_DATE:
        raise QueryError(f"cannot sort a list by {sort!r}; one of {', '.join(_BY_DATE)}")


def by_date(
    attributes: Attributes, scored: Scored, sort: Sort, without: Collection[int] = ()
) -> IndexArray:
    """Places of the candidates that fit, by date; undated works are the last either way.

    Where none fits, of those half as strong as the strongest: the nearest, as by relevance.

    Args:
        attributes: The facts of the papers.
        scored: The candidates.
        sort: `newest` or `oldest`.
        without: Integer ids that are left out, and are no measure for the others: seeds.
    """
    seeds = scored.among(without)
    wanted = scored.fitting(seeds) & ~seeds
    if not wanted.any():
        wanted = (scored.strengths >= scored.strongest(seeds) / 2) & ~seeds
    places = np.flatnonzero(wanted)
    return np.asarray(places[dates(attributes, scored.rows[places], sort)])


def dates(attributes: Attributes, rows: IndexArray, sort: Sort) -> IndexArray:
    """The order that sorts some rows by date, undated ones last either way."""
    newest = np.argsort(rows, kind="stable")  # rows are newest first
    if sort != "oldest":
        return newest
    dated = attributes.dated()[rows[newest]]
    return np.concatenate([newest[dated][::-1], newest[~dated]])


def in_order(
    generation: Generation,
    scored: Scored,
    k: int,
    scope: Scope,
    sort: Sort,
    without: Sequence[int] = (),
) -> Results:
    """The best k candidates; or of those that fit the k newest or oldest."""
    if sort == "relevance":
        return ranked(generation, scored, k, scope, without)
    places = by_date(generation.attributes, scored, sort, without)
    return chosen(generation, scored, places[:k], scope, without)
