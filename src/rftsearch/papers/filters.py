"""Filters: what an answer may contain."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rftsearch.errors import FilterError
from rftsearch.papers.arxiv_id import is_month
from rftsearch.papers.paper import KINDS, LINK_KINDS, Kind

__all__ = ["Filters", "check_month"]


def check_month(text: str) -> str:
    """Return `text` where it is a month written `2025-03`.

    Raises:
        FilterError: It is something else.
    """
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text.strip())
    if match is None or not is_month(match[2]):
        raise FilterError(f"{text!r} is not a month; write it like 2025-03")
    return match[0]


def _month_at_an_end(text: str, of_year: str) -> str:
    """The month that a range ends with: the one given, or one of the year given."""
    year = re.fullmatch(r"[0-9]{4}", text.strip())
    return check_month(f"{year[0]}-{of_year}" if year else text)


@dataclass(frozen=True, slots=True)
class Filters:
    """What an answer may contain; every condition that is given must hold.

    Raises:
        FilterError: On a month that is none, an unknown kind, an unknown resource.
    """

    categories: tuple[str, ...] = ()
    """Any of a paper's categories is one of these; names forgive case, and a part that only
    one name has stands for it."""
    since: str | None = None
    """First month of release that may appear, `2025-03`; a year stands for its first."""
    until: str | None = None
    """Last month of release that may appear; a year stands for its last."""
    has: tuple[str, ...] = ()
    """Kinds of link of which a paper must have every one; see `LINK_KINDS`."""
    kind: Kind | None = None
    generative: bool | None = None

    def __post_init__(self) -> None:
        """Check and normalise, so that an engine only ever sees sound filters."""
        for name in ("categories", "has"):
            value = getattr(self, name)
            # A bare string is a sequence too, of letters: the likeliest slip.
            value = (value,) if isinstance(value, str) else tuple(value or ())
            object.__setattr__(self, name, value)
        for name, of_year in (("since", "01"), ("until", "12")):
            value = getattr(self, name)
            object.__setattr__(self, name, _month_at_an_end(value, of_year) if value else None)
        if self.since and self.until and self.since > self.until:
            raise FilterError(f"no month lies between {self.since} and {self.until}; swap them")
        object.__setattr__(self, "has", tuple(kind.strip().lower() for kind in self.has))
        for kind in self.has:
            if kind not in LINK_KINDS:
                raise FilterError(f"unknown resource {kind!r}; one of {', '.join(LINK_KINDS)}")
        if self.kind is not None and self.kind not in KINDS:
            raise FilterError(f"unknown kind {self.kind!r}; one of {', '.join(KINDS)}")

    @property
    def dated(self) -> bool:
        """Whether a month is asked for, so that undated records fall outside."""
        return self.since is not None or self.until is not None

    def __bool__(self) -> bool:
        """Whether anything is filtered at all."""
        return self != Filters()
