"""Two sets of filters as one: a paper must meet both."""

from __future__ import annotations

from dataclasses import fields

from rftsearch.errors import FilterError
from rftsearch.papers.filters import Filters

__all__ = ["narrowed"]


def narrowed(first: Filters, second: Filters) -> Filters:
    """Return the filters that a paper meets if it meets both.

    Args:
        first: Some filters.
        second: Others.

    Raises:
        FilterError: No paper could meet both.
    """
    if not second:
        return first
    if not first:
        return second
    values: dict[str, object] = {}
    for field in fields(Filters):
        one, other = getattr(first, field.name), getattr(second, field.name)
        if field.default in (one, other):
            values[field.name] = other if one == field.default else one
        elif isinstance(one, tuple):
            values[field.name] = tuple(dict.fromkeys((*one, *other)))
        elif field.name in {"since", "until"}:
            values[field.name] = (max if field.name == "since" else min)(one, other)
        elif one != other:
            raise FilterError(f"{field.name} cannot be both {one} and {other}")
        else:
            values[field.name] = one
    return Filters(**values)  # type: ignore[arg-type]  # by name
