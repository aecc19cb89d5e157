"""What programs send, checked before the engine sees it: its type, its length, its number.

Gradio hands on whatever stands in the JSON of a request. Each function here names
the parameter in its error, in one line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from rftsearch.errors import UsageError
from rftsearch.papers.filter_fields import FILTER_FIELDS, FilterType, make_filters
from rftsearch.papers.filters import Filters
from rftsearch.papers.results import Sort

__all__ = [
    "MAX_HITS",
    "MAX_ITEMS",
    "MAX_TEXT",
    "read_count",
    "read_filters",
    "read_flag",
    "read_share",
    "read_sort",
    "read_text",
    "read_texts",
]

MAX_TEXT = 4000
"""Characters of one text: a long abstract, and more than a model reads at once."""
MAX_ITEMS = 200
"""Texts of one list."""
MAX_HITS = 200
"""Works of one answer."""


def read_text(name: str, value: object) -> str:
    """A text.

    Raises:
        UsageError: It is none, or too long.
    """
    if not isinstance(value, str):
        raise UsageError(f"{name} must be text, not {_shown(value)}")
    if len(value) > MAX_TEXT:
        raise UsageError(f"{name} has {len(value)} characters; give at most {MAX_TEXT}")
    # Half a surrogate pair can be sent, but not be sent back.
    return value.encode("utf-8", "replace").decode("utf-8")


def read_texts(name: str, value: object) -> tuple[str, ...]:
    """A list of texts; none where nothing was given.

    Raises:
        UsageError: It is none, or it or one of them is too long.
    """
    if value is None:
        return ()
    if not isinstance(value, list):
        raise UsageError(f"{name} must be a list of texts, not {_shown(value)}")
    if len(value) > MAX_ITEMS:
        raise UsageError(f"{name} has {len(value)} entries; give at most {MAX_ITEMS}")
    return tuple(read_text(f"each of {name}", item) for item in value)


def read_count(name: str, value: object) -> int:
    """How many works are wanted.

    Raises:
        UsageError: It is no whole number from 1 to `MAX_HITS`.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # JSON does not tell 5 from 5.0
    if isinstance(value, bool) or not isinstance(value, int):
        raise UsageError(f"{name} must be a whole number, not {_shown(value)}")
    if not 1 <= value <= MAX_HITS:
        raise UsageError(f"cannot return {_shown(value)} works; ask for 1 to {MAX_HITS}")
    return value


def read_share(name: str, value: object) -> float:
    """A number from 0 to 1; the engine says where it is not.

    Raises:
        UsageError: It is no number.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UsageError(f"{name} must be a number from 0 to 1, not {_shown(value)}")
    return float(value)


def read_sort(value: object) -> Sort:
    """The order of an answer; the engine says where it is none.

    Raises:
        UsageError: It is no text.
    """
    return cast("Sort", read_text("sort", value))


def read_flag(name: str, value: object) -> bool:
    """True or false.

    Raises:
        UsageError: It is neither.
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
    return make_filters(
        {
            field.name: _READERS[field.type](field.name, values[field.name])
            for field in FILTER_FIELDS
            if values.get(field.name) is not None
        }
    )


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
