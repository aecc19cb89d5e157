"""Checks of what is asked, before an index is looked at: texts, numbers, orders."""

from __future__ import annotations

from collections.abc import Iterable
from operator import index
from reprlib import repr as short_repr

import numpy as np

from rftsearch.errors import QueryError
from rftsearch.papers.results import SORTS
from rftsearch.search.query.clean import clean

__all__ = [
    "check_count",
    "check_date_sort",
    "check_diversity",
    "check_references",
    "check_sort",
    "check_text",
]

_BY_DATE = ("newest", "oldest")


def check_text(name: str, text: str, cure: str) -> str:
    """Return a text as one line of valid Unicode.

    Args:
        name: What it is, `query`.
        text: What was given.
        cure: What to give instead of nothing.

    Raises:
        QueryError: It is empty or not a string.
    """
    cleaned = clean(text, name)
    if not cleaned:
        raise QueryError(f"the {name} is empty; {cure}")
    return cleaned


def check_count(name: str, number: int) -> int:
    """Return how many papers are wanted, 1 or more.

    Raises:
        QueryError: It is not a whole number or below 1.
    """
    try:
        whole = index(number)  # numpy has whole numbers of its own.
    except TypeError:
        cure = "give a whole number, 1 or more"
        raise QueryError(f"{name} is {short_repr(number)}; {cure}") from None
    if whole < 1:
        raise QueryError(f"cannot return {whole} papers; ask for 1 or more")
    return whole


def check_sort(sort: str) -> None:
    """Refuse an unknown order.

    Raises:
        QueryError: It is not in `SORTS`.
    """
    if sort not in SORTS:
        raise QueryError(f"cannot sort by {sort!r}; one of {', '.join(SORTS)}")


def check_date_sort(sort: str) -> None:
    """Refuse an order that needs a query, for a list without one.

    Raises:
        QueryError: It is neither `newest` nor `oldest`.
    """
    if sort not in _BY_DATE:
        raise QueryError(f"cannot sort a list by {sort!r}; one of {', '.join(_BY_DATE)}")


def check_diversity(diversity: float) -> None:
    """Refuse a diversity outside 0 to 1.

    Raises:
        QueryError: It is outside, or not a number.
    """
    number: object = diversity
    if not isinstance(number, int | float | np.floating) or not 0 <= number <= 1:
        raise QueryError(f"diversity is {short_repr(diversity)}; it goes from 0 to 1")


def check_references(name: str, references: Iterable[str] | str) -> list[str]:
    """Return names of papers as a list; a single text counts as a list of one.

    Raises:
        QueryError: It is neither a text nor a list of texts.
    """
    if isinstance(references, str):
        return [references]
    found = list(references) if isinstance(references, Iterable) else [references]
    return [clean(each, f"each of {name}") for each in found]
