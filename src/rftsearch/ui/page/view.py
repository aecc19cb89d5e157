"""What the page is asked to show, as the browser says it."""

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
"""Characters of a question that are read: more than a model takes in."""
MAX_PASTED = 4000
"""Characters of a pasted text that are read: a long abstract, and still an address."""
MAX_CHOICES = 200
MAX_BASKET = 50
"""Papers of a basket, on either side."""

Question = Literal["newest", "search", "similar", "text", "recommend"]

_FLAGS = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class View:
    """What the page is to show: nothing checked yet but types and lengths."""

    query: str = ""
    seed: str = ""
    """The paper whose like are asked for; it goes before the query."""
    text: str = ""
    """A pasted text whose like are asked for; it goes before the seed."""
    liked: tuple[str, ...] = ()
    """Ids in the basket."""
    disliked: tuple[str, ...] = ()
    show: str = ""
    """`basket` for what the basket recommends, which goes before everything."""
    categories: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    has: tuple[str, ...] = ()
    kind: str = ""
    generative: str = ""
    """`yes`, `no`, or nothing for either."""
    sort: str = ""
    """A value of `text.SORTS`; nothing for the order that the question brings."""
    tab: str = ""
    """How the answer is shown: `value` of a `Tab`."""
    k: int = PAGE_SIZE
    version: str = ""
    """Of the index from which the browser's last answer came."""

    @classmethod
    def read(cls, data: object) -> Self:
        """Read a view from whatever a browser, or something else, sent."""
        sent = data if isinstance(data, Mapping) else {}
        names = ("query", "seed", "show", "sort", "tab", "version")
        return cls(
            **{name: _text(sent.get(name)) for name in names},
            text=_text(sent.get("text"), MAX_PASTED),
            liked=_texts(sent.get("liked"), MAX_BASKET),
            disliked=_texts(sent.get("disliked"), MAX_BASKET),
            **{field.name: _filter(field, sent.get(field.name)) for field in FILTER_FIELDS},
            k=_number(sent.get("k")),
        )

    @property
    def question(self) -> Question:
        """Which of the questions it asks."""
        if self.show == "basket" and (self.liked or self.disliked):
            return "recommend"
        if self.text:
            return "text"
        if self.seed:
            return "similar"
        return "search" if self.query else "newest"

    def filters(self) -> Filters:
        """The filters it asks for.

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
    # Half a surrogate pair can be sent, but not be sent back.
    return value[:limit].encode("utf-8", "replace").decode("utf-8").strip()


def _texts(value: object, limit: int = MAX_CHOICES) -> tuple[str, ...]:
    items = value[:limit] if isinstance(value, list) else []
    return tuple(dict.fromkeys(filter(None, map(_text, items))))


def _number(value: object) -> int:
    return min(max(value, 1), MAX_CARDS) if isinstance(value, int) else PAGE_SIZE
