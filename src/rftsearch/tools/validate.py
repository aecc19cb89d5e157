"""What programs send, checked before the engine sees it: its type, its length, its number.

Each function here names the parameter in its error, in one line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rftsearch.errors import FilterError, UsageError
from rftsearch.papers.filter_fields import FILTER_FIELDS, FilterType, make_filters
from rftsearch.papers.filters import Filters
from rftsearch.papers.results import SORTS, Sort

__all__ = [
    "MAX_DEPTH",
    "MAX_HITS",
    "MAX_ITEMS",
    "MAX_OFFSET",
    "MAX_TEXT",
    "read_count",
    "read_date_order",
    "read_depth",
    "read_filters",
    "read_flag",
    "read_offset",
    "read_share",
    "read_sort",
    "read_text",
    "read_texts",
    "read_whole",
]

MAX_TEXT = 4000
"""Characters of one text: a long abstract, and more than a model reads at once."""
MAX_ITEMS = 200
"""Texts of one list."""
MAX_HITS = 200
"""Papers of one answer."""
MAX_DEPTH = 1000
"""Papers of an answer, those included that are passed over: each is scored and sorted."""
MAX_OFFSET = 10_000_000
"""Papers that may be passed over; more than one index holds."""
DATE_SORTS: tuple[Sort, ...] = ("newest", "oldest")


def read_text(name: str, value: object) -> str:
    """Return a text.

    Raises:
        UsageError: If it is not a text, or too long.
    """
    if not isinstance(value, str):
        raise UsageError(f"{name} must be text, not {_shown(value)}")
    if len(value) > MAX_TEXT:
        raise UsageError(f"{name} has {len(value)} characters; give at most {MAX_TEXT}")
    # Half a surrogate pair can be sent, but not be sent back.
    return value.encode("utf-8", "replace").decode("utf-8")


def read_texts(name: str, value: object) -> tuple[str, ...]:
    """Return a list of texts; an empty one for None. One text is a list of one.

    Raises:
        UsageError: If it is something else, or if it or one of its texts is too long.
    """
    if value is None:
        return ()
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list | tuple):
        raise UsageError(f"{name} must be a list of texts, not {_shown(value)}")
    if len(value) > MAX_ITEMS:
        raise UsageError(f"{name} has {len(value)} entries; give at most {MAX_ITEMS}")
    return tuple(read_text(f"each of {name}", item) for item in value)


def read_count(name: str, value: object) -> int:
    """Return how many papers are wanted.

    Raises:
        UsageError: If it is not a whole number from 1 to `MAX_HITS`.
    """
    number = read_whole(name, value)
    if not 1 <= number <= MAX_HITS:
        raise UsageError(f"{name} is {_shown(number)}; ask for 1 to {MAX_HITS} papers")
    return number


def read_offset(name: str, value: object) -> int:
    """Return how many papers are to be passed over.

    Raises:
        UsageError: If it is not a whole number from 0 to `MAX_OFFSET`.
    """
    number = read_whole(name, value)
    if not 0 <= number <= MAX_OFFSET:
        raise UsageError(f"{name} is {_shown(number)}; it goes from 0 to {MAX_OFFSET}")
    return number


def read_depth(offset: object, count: int) -> int:
    """Return how many papers of an answer are to be passed over.

    Args:
        offset: What was sent.
        count: How many papers are wanted after them.

    Raises:
        UsageError: If it is not a whole number, below 0, or too large.
    """
    number = read_whole("offset", offset)
    if not 0 <= number <= MAX_DEPTH - count:
        raise UsageError(
            f"offset is {_shown(number)}; with k={count} it goes from 0 to {MAX_DEPTH - count}. "
            "Filters bring later papers forward"
        )
    return number


def read_whole(name: str, value: object) -> int:
    """Return a whole number.

    Raises:
        UsageError: If it is something else.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # JSON does not tell 5 from 5.0
    if isinstance(value, bool) or not isinstance(value, int):
        raise UsageError(f"{name} must be a whole number, not {_shown(value)}")
    return value


def read_share(name: str, value: object) -> float:
    """Return a number from 0 to 1.

    Raises:
        UsageError: If it is something else.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UsageError(f"{name} must be a number from 0 to 1, not {_shown(value)}")
    if not 0 <= value <= 1:
        raise UsageError(f"{name} is {_shown(value)}; it goes from 0 to 1")
    return float(value)


def read_sort(value: object) -> Sort:
    """Return the order of an answer.

    Raises:
        UsageError: If there is no such order.
    """
    order = read_text("sort", value)
    if order not in SORTS:
        raise UsageError(f"sort: cannot sort by {_shown(order)}; one of {', '.join(SORTS)}")
    return order


def read_date_order(value: object) -> Sort:
    """Return the order of a list without a question.

    Raises:
        UsageError: If there is no such order.
    """
    order = read_text("sort", value)
    if order not in DATE_SORTS:
        raise UsageError(f"sort: a list is newest or oldest first, not {_shown(order)}")
    return order


def read_flag(name: str, value: object) -> bool:
    """Return true or false.

    Raises:
        UsageError: If it is something else.
    """
    if not isinstance(value, bool):
        raise UsageError(f"{name} must be true or false, not {_shown(value)}")
    return value


def read_filters(values: Mapping[str, object]) -> Filters:
    """Return the filters that a program sent.

    Args:
        values: By the name of the filter; None for a filter that was not sent.

    Raises:
        UsageError: If a value has another type than its filter.
        FilterError: If a value makes no sense; see `Filters`.
    """
    given: dict[str, object] = {}
    for field in FILTER_FIELDS:
        value = values.get(field.name)
        if value is None:
            continue
        given[field.name] = _READERS[field.type](field.name, value)
        try:
            make_filters({field.name: given[field.name]})
        except FilterError as error:
            raise FilterError(f"{field.name}: {error}") from None
    return make_filters(given)


_READERS: Mapping[FilterType, Callable[[str, object], object]] = {
    "texts": read_texts,
    "month": read_text,
    "choice": read_text,
    "flag": read_flag,
}
"""What reads a value, by the type of the filter."""


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
