"""The view: what a browser asks the page to show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

from rftsearch.papers.filter_fields import FILTER_FIELDS, FilterField, make_filters
from rftsearch.papers.filters import Filters

__all__ = ["MAX_BASKET", "MAX_CARDS", "MAX_PASTED", "MAX_TEXT", "PAGE_SIZE", "View"]

PAGE_SIZE = 10
"""Cards shown at first; "Show more" adds as many."""
MAX_CARDS = 200
MAX_TEXT = 1000
"""Characters of a query that are read: more than a model takes in."""
MAX_PASTED = 4000
"""Characters of a pasted text that are read: a long abstract."""
MAX_CHOICES = 200
MAX_BASKET = 50
"""Papers on each side of a basket."""

Question = Literal["newest", "search", "similar", "text", "recommend", "saved"]

_FLAGS = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class View:
    """What the page shall show; only types and lengths have been checked."""

    query: str = ""
    seed: str = ""
    """Ask for papers similar to this one; it takes precedence over the query."""
    text: str = ""
    """Ask for papers similar to this pasted text; it takes precedence over the seed."""
    liked: tuple[str, ...] = ()
    """Ids of liked papers in the basket."""
    disliked: tuple[str, ...] = ()
    show: str = ""
    """`basket` for recommendations from the basket, `saved` for the basket itself; they take
    precedence over all else."""
    categories: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    has: tuple[str, ...] = ()
    kind: str = ""
    authors: tuple[str, ...] = ()
    venue: tuple[str, ...] = ()
    presents: tuple[str, ...] = ()
    generative: str = ""
    """`yes`, `no`, or empty for both."""
    ignore: tuple[str, ...] = ()
    """Parts of the query that are meant as plain words; see `Engine.search`."""
    sort: str = ""
    """A value of `strings.SORTS`; empty for the usual order."""
    tab: str = ""
    """How the answer is shown: `value` of a `Tab`."""
    k: int = PAGE_SIZE
    version: str = ""
    """The version of the index that gave the browser its last answer."""

    @classmethod
    def read(cls, data: object) -> Self:
        """Read a view from whatever a browser or a program sent."""
        sent = data if isinstance(data, Mapping) else {}
        names = ("query", "seed", "show", "sort", "tab", "version")
        texts: dict[str, Any] = {name: _text(sent.get(name)) for name in names}
        return cls(
            **texts,
            text=_text(sent.get("text"), MAX_PASTED),
            liked=_texts(sent.get("liked"), MAX_BASKET),
            disliked=_texts(sent.get("disliked"), MAX_BASKET),
            ignore=_texts(sent.get("ignore")),
            **{field.name: _filter(field, sent.get(field.name)) for field in FILTER_FIELDS},
            k=_number(sent.get("k")),
        )

    @property
    def question(self) -> Question:
        """Which kind of question this view asks."""
        if self.show == "saved":
            return "saved"
        if self.show == "basket" and (self.liked or self.disliked):
            return "recommend"
        if self.text:
            return "text"
        if self.seed:
            return "similar"
        return "search" if self.query else "newest"

    def filters(self) -> Filters:
        """Return the filters of this view.

        Raises:
            FilterError: One of them makes no sense; see `Filters`.
        """
        values = {field.name: getattr(self, field.name) for field in FILTER_FIELDS}
        for field in FILTER_FIELDS:
            if field.type == "flag":
                values[field.name] = _FLAGS.get(values[field.name])
        return make_filters(values)


def _filter(field: FilterField, value: object) -> Any:  # noqa: ANN401 - as the field has it
    return _texts(value) if field.type == "texts" else _text(value)


def _text(value: object, limit: int = MAX_TEXT) -> str:
    if not isinstance(value, str):
        return ""
    # A lone surrogate can arrive in JSON but cannot be encoded in an answer.
    return value[:limit].encode("utf-8", "replace").decode("utf-8").strip()


def _texts(value: object, limit: int = MAX_CHOICES) -> tuple[str, ...]:
    items = value[:limit] if isinstance(value, list) else []
    return tuple(dict.fromkeys(filter(None, map(_text, items))))


def _number(value: object) -> int:
    return min(max(value, 1), MAX_CARDS) if isinstance(value, int) else PAGE_SIZE
