"""The filters of a search, declared once for the command line, the API and the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from rftsearch.papers.asked.presents import PRESENTED
from rftsearch.papers.filters import Filters
from rftsearch.papers.paper import KINDS, LINK_KINDS

__all__ = ["FILTER_FIELDS", "FilterField", "FilterType", "make_filters"]

FilterType = Literal["texts", "month", "choice", "flag"]
"""`texts`: any number of texts; `month`: `2025-03` or a year; `choice`: one of a few words;
`flag`: true, false, or nothing for either."""


@dataclass(frozen=True, slots=True)
class FilterField:
    """One filter, as every way into the program offers it."""

    name: str
    """The attribute of `Filters`, and the parameter of programs and of tools."""
    type: FilterType
    help: str
    """What it does, for the command line."""
    tool_help: str
    """What it does, for programs and language models."""
    singular: str = ""
    """The name of one value, in an option or a plain address; the name itself by default."""
    choices: tuple[str, ...] = ()
    """What a `choice` may be."""

    @property
    def one(self) -> str:
        """Return the name that takes one value: `category` for `categories`."""
        return self.singular or self.name


FILTER_FIELDS = (
    FilterField(
        "categories",
        "texts",
        "only papers in this category: its name, or a part that no other name has; repeatable",
        "Only papers in any of these categories; list_categories names them.",
        singular="category",
    ),
    FilterField(
        "since",
        "month",
        "only papers released in this month or later",
        "Only papers released in this month or later, written like 2025-03; or a year.",
    ),
    FilterField(
        "until",
        "month",
        "only papers released in this month or earlier",
        "Only papers released in this month or earlier, written like 2025-03; or a year.",
    ),
    FilterField(
        "has",
        "texts",
        f"only papers with such a link: {', '.join(LINK_KINDS)}; repeatable",
        f"Only papers that have a link of each of these kinds: {', '.join(LINK_KINDS)}.",
    ),
    FilterField(
        "kind",
        "choice",
        "only entries of this kind: paper or project",
        "paper: only papers; project: only code projects; by default both.",
        choices=KINDS,
    ),
    FilterField(
        "generative",
        "flag",
        "only papers about generation (of images, for example), which a list marks with (Gen)",
        "true: only papers about generation, of images for example; false: only the others.",
    ),
    FilterField(
        "authors",
        "texts",
        "only papers by this author: a whole name, a family name, or an initial and a family "
        "name; repeatable, for papers by all of them",
        "Only papers by each of these authors: whole names, family names, or an initial and a "
        "family name.",
        singular="author",
    ),
    FilterField(
        "venue",
        "texts",
        "only papers published there, such as CVPR, or 'CVPR 2026'; repeatable",
        "Only papers published at one of these places, such as CVPR, or CVPR 2026.",
    ),
    FilterField(
        "presents",
        "texts",
        f"only papers that present this by their own words: {', '.join(PRESENTED)}; repeatable",
        f"Only papers that present each of these by their own words: {', '.join(PRESENTED)}.",
    ),
)
"""Every field of `Filters`, in its order. To add a filter, add the field there and a row here."""


def make_filters(values: Mapping[str, Any]) -> Filters:
    """Return the filters that these values describe.

    Args:
        values: By the name of the filter. What is None, empty or missing does not filter.

    Raises:
        FilterError: If a month is malformed, or a kind or a resource is unknown.
    """
    given = {field.name: values.get(field.name) for field in FILTER_FIELDS}
    return Filters(
        **{
            name: value
            for name, value in given.items()
            if value is not None and value not in ("", ())
        }
    )
