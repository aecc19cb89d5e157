"""What a question was understood to mean: its topic, and the parts that say something else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any, Literal

from rftsearch.papers.asked.narrow import narrowed
from rftsearch.papers.filters import Filters

__all__ = ["DateOrder", "Meaning", "Part", "Understood"]

Meaning = Literal[
    "filter",
    "preference",
    "sort",
    "exclusion",
    "exact",
    "refusal",
    "expansion",
    "correction",
    "note",
]
"""`filter`: only some papers are wanted; `preference`: some are wanted first; `sort`: in
another order; `exclusion`: papers should do without this; `exact`: they must have this phrase;
`refusal`: they must not; `expansion`: search for this as well; `correction`: search for this
instead; `note`: something to say, which changes nothing."""

DateOrder = Literal["newest", "oldest"]

NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a question that means more than its words."""

    kind: str
    """Which reader found it: `dates`, `authors`; see `rftsearch.search.understanding`."""
    means: Meaning
    start: int
    """Where its words begin in the question; characters, from 0."""
    end: int
    """Where they end; excluded."""
    words: str
    """The words themselves."""
    label: str
    """What it was understood to mean, in a few words: `since Aug 2025`."""
    applied: bool = True
    """Whether the answer follows it; if not, the label says why."""
    filters: Filters = NO_FILTERS
    """Of a `filter`: what papers must meet; of a `preference`: what lifts those that meet it."""
    sort: DateOrder | None = None
    """Of a `sort`: the order."""
    text: str = ""
    """Of an `exclusion`, what papers should do without, several things with "; " between;
    of `exact` and `refusal`, the phrase; of an `expansion`, what is searched for as well."""
    instead: str | None = ""
    """What is searched for in place of the words: nothing, or other words; None if the words
    themselves stay."""

    @property
    def id(self) -> str:
        """What switches this part off, in `ignore=`: its kind and its words, `dates:2026`."""
        return f"{self.kind}:{self.words.casefold()}"

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "id": self.id,
            "kind": self.kind,
            "means": self.means,
            "words": self.words,
            "start": self.start,
            "end": self.end,
            "label": self.label,
            "applied": self.applied,
        }


@dataclass(frozen=True, slots=True)
class Understood:
    """A question, and what it was understood to mean."""

    query: str
    """The question, as one line."""
    text: str
    """What is searched for; empty if every paper that passes the filters is meant."""
    parts: tuple[Part, ...] = ()
    """In the order of the words."""

    @property
    def applied(self) -> tuple[Part, ...]:
        """Return the parts that the answer follows."""
        return tuple(part for part in self.parts if part.applied)

    @property
    def filters(self) -> Filters:
        """Return what the question asks of papers, of all its parts together."""
        return reduce(narrowed, self._filters_of("filter"), NO_FILTERS)

    @property
    def preferred(self) -> tuple[Filters, ...]:
        """Return what lifts the papers that meet it, of each part that says so."""
        return self._filters_of("preference")

    @property
    def sort(self) -> DateOrder | None:
        """Return the order that the question asks for; None if it asks for none."""
        return next((part.sort for part in self.applied if part.sort), None)

    def texts(self, means: Meaning) -> tuple[str, ...]:
        """Return the texts of the applied parts that mean this, such as all exclusions."""
        return tuple(part.text for part in self.applied if part.means == means and part.text)

    def _filters_of(self, means: Meaning) -> tuple[Filters, ...]:
        return tuple(part.filters for part in self.applied if part.means == means)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values: the shape of `understood` in every answer."""
        return {
            "query": self.query,
            "text": self.text,
            "parts": [part.to_dict() for part in self.parts],
        }
