"""Facets: how many papers each choice of a filter would leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from rftsearch.index.tables.attributes import Attributes
from rftsearch.papers.filters import Filters
from rftsearch.papers.paper import KINDS
from rftsearch.papers.results import Facets
from rftsearch.search.ranking.scored import Scored
from rftsearch.types import BoolArray

__all__ = ["compute_facets", "counted_filters", "good_rows"]

_OFF = {
    "categories": {"categories": ()},
    "months": {"since": None, "until": None},
    "has": {"has": ()},
    "kind": {"kind": None},
    "generative": {"generative": None},
    "authors": {"authors": ()},
    "venue": {"venue": ()},
    "presents": {"presents": ()},
}
"""What taking each filter off means."""
_CHOICES = ("categories", "kind", "generative")
"""Filters with a count for every choice; for the others, what remains is counted."""


def counted_filters(filters: Filters) -> list[Filters]:
    """Return the filters under which papers are counted: those that are set, and one off."""
    fewer = [replace(filters, **_OFF[name]) for name in _CHOICES]  # type: ignore[arg-type]  # by name
    return list(dict.fromkeys([filters, *fewer]))


def good_rows(papers: int, everything: Scored, others: Sequence[Scored]) -> BoolArray:
    """Return which rows of the attributes are good matches, (papers,) bool.

    The strongest of all papers is the measure, whatever the filters.

    Args:
        papers: How many papers there are.
        everything: The candidates among all papers.
        others: The candidates under filters. In a large collection they need not be among
            those of all papers.
    """
    good = np.zeros(papers, dtype=np.bool_)
    good[everything.rows[everything.good()]] = True
    best = everything.strongest()
    for scored in others:
        good[scored.rows[scored.good(best=best)]] = True
    return good


def compute_facets(
    attributes: Attributes, filters: Filters, good: BoolArray | None = None
) -> Facets:
    """Count what each choice would leave.

    Args:
        attributes: The facts of the papers.
        filters: The filters that are set.
        good: (n,) which rows are good matches for a query; None for all rows.

    Raises:
        FilterError: If no paper has one of the categories.
    """
    counted = np.ones(len(attributes), dtype=np.bool_) if good is None else good

    def passing(without: str) -> BoolArray:
        return attributes.mask(replace(filters, **_OFF[without]))  # type: ignore[arg-type]  # by name

    here = attributes.mask(filters) & counted
    kinds, generative = passing("kind") & counted, passing("generative") & counted
    return Facets(
        total=int(here.sum()),
        categories=attributes.count_categories(passing("categories") & counted),
        has=attributes.count_links(here),
        kinds={kind: int((kinds & attributes.mask(Filters(kind=kind))).sum()) for kind in KINDS},
        generative={
            value: int((generative & attributes.mask(Filters(generative=value))).sum())
            for value in (True, False)
        },
        without={name: int(passing(name).sum()) for name in _OFF if _is_set(filters, name)},
    )


def _is_set(filters: Filters, name: str) -> bool:
    return filters != replace(filters, **_OFF[name])  # type: ignore[arg-type]  # by name
