"""Dates of a question that leave nothing: what is nearest in time is shown instead."""

from __future__ import annotations

from dataclasses import replace

from rftsearch.index.tables.attributes import Attributes
from rftsearch.papers.asked.narrow import narrowed
from rftsearch.papers.asked.understood import DateOrder, Part, Understood
from rftsearch.papers.filters import Filters

__all__ = ["nearest_in_time"]


def nearest_in_time(attributes: Attributes, understood: Understood, filters: Filters) -> Understood:
    """Return a question without dates that no paper has; its order is then that of nearness.

    Dates that were set by hand stay.

    Args:
        attributes: The facts of the papers.
        understood: The question.
        filters: What was set by hand.
    """
    wanted = understood.filters
    if not wanted.dated or attributes.mask(narrowed(filters, wanted)).any():
        return understood
    undated = narrowed(filters, replace(wanted, since=None, until=None))
    months = attributes.count_months(attributes.mask(undated))[0]
    if not months:
        return understood  # Another filter leaves nothing, too.
    # What was asked for lies before all of them, or else behind most.
    order: DateOrder = "oldest" if (wanted.until or "9999") < months[0] else "newest"
    nearest = months[0] if order == "oldest" else months[-1]
    parts: list[Part] = []
    for part in understood.parts:
        parts.append(part)
        if part.applied and part.filters.dated:
            label = f"{part.label}: nothing here; the nearest in time is of {nearest}"
            parts[-1] = replace(
                part, label=label, means="sort", filters=Filters(), sort=understood.sort or order
            )
    return replace(understood, parts=tuple(parts))
