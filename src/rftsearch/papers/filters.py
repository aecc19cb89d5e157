"""Filters: what an answer may contain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypedDict, Unpack

from rftsearch.errors import FilterError
from rftsearch.papers.asked.presents import PRESENTED
from rftsearch.papers.paper import KINDS, LINK_KINDS, Kind
from rftsearch.text.dates import is_month

__all__ = ["FilterKeywords", "Filters", "check_month"]


class FilterKeywords(TypedDict, total=False):
    """The fields of `Filters` as keyword arguments or as a dictionary."""

    categories: Sequence[str] | str | None
    since: str | None
    until: str | None
    has: Sequence[str] | str | None
    kind: Kind | None
    generative: bool | None
    authors: Sequence[str] | str | None
    venue: Sequence[str] | str | None
    presents: Sequence[str] | str | None


def check_month(text: str) -> str:
    """Return `text` without blanks around it if it is a month such as `2025-03`.

    Raises:
        FilterError: It is not.
    """
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text.strip())
    if match is None or not is_month(match[2]):
        raise FilterError(f"{text!r} is not a month; write it like 2025-03")
    return match[0]


@dataclass(frozen=True, slots=True)
class Filters:
    """What an answer may contain; a paper must meet every condition that is set.

    Raises:
        FilterError: If a month is malformed, a kind or resource unknown, or a value has
            the wrong type.
    """

    categories: tuple[str, ...] = ()
    """A paper stands under at least one of these. Case does not matter, and a part of a
    name is enough if only one category contains it."""
    since: str | None = None
    """First month of release, `2025-03`; a year means its January."""
    until: str | None = None
    """Last month of release, `2025-03`; a year means its December."""
    has: tuple[str, ...] = ()
    """Kinds of link; a paper has a link of each of them. See `LINK_KINDS`."""
    kind: Kind | None = None
    generative: bool | None = None
    """True: only papers on generation; False: only the others."""
    authors: tuple[str, ...] = ()
    """A paper is by each of these: a whole name in either order, a family name, or an initial
    and a family name. Case and accents do not matter."""
    venue: tuple[str, ...] = ()
    """A paper was published at one of these: `CVPR`, or `CVPR 2026`."""
    presents: tuple[str, ...] = ()
    """A paper presents each of these by its own words: `survey`, `dataset`, `benchmark`."""

    def __post_init__(self) -> None:
        """Check and normalise the values, so that an engine only sees valid filters."""
        for name in ("categories", "has", "authors", "venue", "presents"):
            object.__setattr__(self, name, _texts(name, getattr(self, name)))
        for name, of_year in (("since", "01"), ("until", "12")):
            object.__setattr__(self, name, _month(name, getattr(self, name), of_year))
        if self.since and self.until and self.since > self.until:
            raise FilterError(f"no month lies between {self.since} and {self.until}; swap them")
        object.__setattr__(self, "has", tuple(kind.strip().lower() for kind in self.has))
        for kind in self.has:
            if kind not in LINK_KINDS:
                raise FilterError(f"unknown resource {kind!r}; one of {', '.join(LINK_KINDS)}")
        object.__setattr__(self, "presents", tuple(one.strip().lower() for one in self.presents))
        for one in self.presents:
            if one not in PRESENTED:
                raise FilterError(f"unknown kind {one!r}; one of {', '.join(PRESENTED)}")
        if self.kind is not None and self.kind not in KINDS:
            raise FilterError(f"unknown kind {self.kind!r}; one of {', '.join(KINDS)}")
        if not isinstance(self.generative, bool | None):
            raise FilterError(f"generative is {self.generative!r}; give True, False or None")

    @classmethod
    def of(
        cls, filters: Filters | FilterKeywords | None = None, **keywords: Unpack[FilterKeywords]
    ) -> Filters:
        """Return the filters that a caller gave in one or both of two ways.

        Args:
            filters: A `Filters`, a dictionary of its fields, or None.
            keywords: Fields of `Filters`, such as `since="2025"`.

        Raises:
            FilterError: If a name is unknown, a value makes no sense, or the same
                condition is set in both ways.
        """
        given: object = {} if filters is None else filters
        if isinstance(given, Mapping):
            base = cls._of_names(given)
        elif isinstance(given, Filters):
            base = given
        else:
            cure = "give a Filters or a dictionary such as {'since': '2025'}"
            raise FilterError(f"filters is {filters!r}; {cure}")
        added = cls._of_names(keywords)
        values = {}
        for each in fields(cls):
            one, other = getattr(base, each.name), getattr(added, each.name)
            if each.default not in (one, other):
                raise FilterError(
                    f"{each.name} is given twice, as a keyword and in filters; give it once"
                )
            values[each.name] = other if one == each.default else one
        return cls(**values)

    @classmethod
    def _of_names(cls, given: Mapping[str, Any]) -> Filters:
        known = [field.name for field in fields(cls)]
        for name in given:
            if name not in known:
                raise FilterError(f"no filter is called {name!r}; one of {', '.join(known)}")
        return cls(**given)

    @property
    def dated(self) -> bool:
        """Whether a month is set; papers without a date do not pass then."""
        return self.since is not None or self.until is not None

    def __bool__(self) -> bool:
        """Whether any condition is set."""
        return self != Filters()


def _texts(name: str, value: object) -> tuple[str, ...]:
    """Return a list of texts as a tuple; a single text counts as a list of one."""
    if value is None or value == "":
        return ()
    if isinstance(value, str):
        return (value,)
    texts = tuple(value) if isinstance(value, Iterable) else (value,)
    if not all(isinstance(each, str) for each in texts):
        raise FilterError(f"{name} is {value!r}; give a list of texts")
    return texts


def _month(name: str, value: object, of_year: str) -> str | None:
    """Return a month; for a year the one at the end of it that `of_year` names."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise FilterError(f"{name} is {value!r}; give a text such as '2025-03' or '2025'")
    year = re.fullmatch(r"[0-9]{4}", value.strip())
    return check_month(f"{year[0]}-{of_year}" if year else value)
