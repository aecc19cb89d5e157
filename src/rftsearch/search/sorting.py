"""Answers by date: of the works that fit, the newest or the oldest first."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from rftsearch.errors import QueryError
from rftsearch.index.attributes import Attributes
from rftsearch.index.encoders import BoolArray
from rftsearch.records import SORTS, Sort
from rftsearch.search.ranking import Order
from rftsearch.search.scoring import Scored

__all__ = ["by_date", "check_sort", "dates", "fitting"]

_FITS = 0.5
"""A work fits that has at least this share of the best one's score."""


def check_sort(sort: str) -> None:
    """Refuse an order that there is not.

    Raises:
        QueryError: It is none of `SORTS`.
    """
    if sort not in SORTS:
        raise QueryError(f"cannot sort by {sort!r}; one of {', '.join(SORTS)}")


def fitting(scored: Scored, seeds: BoolArray | None = None) -> BoolArray:
    """Which candidates answer at least half as well as the best, (c,) bool.

    A work that the question names fits, and is no measure for the others; neither
    are `seeds`, (c,) bool.
    """
    named = np.asarray(scored.parts.get("name", np.zeros(len(scored.ids))) > 0)
    others = ~named if seeds is None else ~(named | seeds)
    best = float(scored.scores[others].max(initial=0.0))
    return np.asarray((scored.scores >= _FITS * best) | named)


def by_date(
    attributes: Attributes, scored: Scored, sort: Sort, without: Collection[int] = ()
) -> Order:
    """Places of the candidates that fit, by date; undated works are the last either way.

    Args:
        attributes: The facts of the papers.
        scored: The candidates.
        sort: `newest` or `oldest`.
        without: Integer ids that are left out, and are no measure for the others: seeds.
    """
    seeds = np.isin(scored.ids, list(without))
    places = np.flatnonzero(fitting(scored, seeds) & ~seeds)
    return np.asarray(places[dates(attributes, scored.rows[places], sort)])


def dates(attributes: Attributes, rows: Order, sort: Sort) -> Order:
    """The order that sorts some rows by date, undated ones last either way."""
    newest = np.argsort(rows, kind="stable")  # rows are newest first
    if sort != "oldest":
        return newest
    dated = attributes.dated()[rows[newest]]
    return np.concatenate([newest[dated][::-1], newest[~dated]])
