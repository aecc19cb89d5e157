"""Answers by date: the newest or the oldest good matches first."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from rftsearch.index.tables.attributes import Attributes
from rftsearch.papers.results import Sort
from rftsearch.search.ranking.scored import Scored
from rftsearch.types import IndexArray

__all__ = ["by_date", "date_order"]


def by_date(
    attributes: Attributes, scored: Scored, sort: Sort, excluded: Collection[int] = ()
) -> IndexArray:
    """Return the places of the good matches by date; undated papers come last either way.

    Without a good match, return the candidates that are half as sure as the surest.

    Args:
        attributes: The facts of the papers.
        scored: The candidates.
        sort: `newest` or `oldest`.
        excluded: Integer ids of seeds: they are left out and no measure for the others.
    """
    seeds = scored.among(excluded)
    wanted = scored.good(seeds) & ~seeds
    if not wanted.any():
        wanted = (scored.surety >= scored.strongest(seeds) / 2) & ~seeds
    places = np.flatnonzero(wanted)
    return np.asarray(places[date_order(attributes, scored.rows[places], sort)])


def date_order(attributes: Attributes, rows: IndexArray, sort: Sort) -> IndexArray:
    """Return the order that sorts some rows by date, undated papers last either way."""
    newest = np.argsort(rows, kind="stable")  # Rows are newest first.
    if sort != "oldest":
        return newest
    dated = attributes.dated()[rows[newest]]
    return np.concatenate([newest[dated][::-1], newest[~dated]])
