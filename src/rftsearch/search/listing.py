"""Lists of papers without a query: those that pass some filters, by date."""

from __future__ import annotations

import numpy as np

from rftsearch.index.generations.generation import Generation
from rftsearch.papers.filters import Filters
from rftsearch.papers.paper import Paper
from rftsearch.papers.results import Sort
from rftsearch.search.answer.sort import date_order
from rftsearch.search.scope import records

__all__ = ["list_papers"]


def list_papers(
    generation: Generation, filters: Filters, limit: int | None, sort: Sort
) -> list[Paper]:
    """Return the papers that pass, newest or oldest first, undated ones last.

    Raises:
        FilterError: If no paper has one of the categories.
        RowsGoneError: The store no longer has what the generation names.
    """
    attributes = generation.attributes
    rows = np.flatnonzero(attributes.mask(filters))
    rows = rows[date_order(attributes, rows, sort)]
    return records(generation, attributes.ids[rows[:limit]])
