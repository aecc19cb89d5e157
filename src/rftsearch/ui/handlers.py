"""What the page does when something is asked of it: thin, the engine thinks.

The browser holds one *view*: what was asked, under which filters. Every gesture
changes the view and asks for it, and the answer is the whole of what the view
shows. So there is one handler, it keeps nothing between two questions, and what
was asked last is what ends up on the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from rftsearch.errors import FilterError, RftsearchError, UnknownPaperError
from rftsearch.index.status import Status
from rftsearch.records import Filters
from rftsearch.search.engine import Engine
from rftsearch.ui import text
from rftsearch.ui.cards import Card, card
from rftsearch.ui.layout import Answer, filter_panel, header, results
from rftsearch.ui.styles import hues

__all__ = ["MAX_CARDS", "MAX_TEXT", "PAGE_SIZE", "Desk", "View"]

PAGE_SIZE = 10
"""Cards shown at first; "Show more" adds as many."""
MAX_CARDS = 200
MAX_TEXT = 1000
"""Characters of a question that are read: more than a model takes in."""
MAX_CHOICES = 100
MAX_SUGGESTIONS = 8


@dataclass(frozen=True, slots=True)
class View:
    """What the page is to show, as the browser asks for it: nothing checked yet."""

    query: str = ""
    seed: str = ""
    """The paper whose like are asked for; it goes before the query."""
    categories: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    has: tuple[str, ...] = ()
    kind: str = ""
    tab: str = ""
    """How the answer is shown: a value of `text.TABS`."""
    k: int = PAGE_SIZE

    @classmethod
    def read(cls, data: object) -> Self:
        """Read a view from whatever a browser, or something else, sent."""
        sent = data if isinstance(data, Mapping) else {}
        names = ("query", "seed", "since", "until", "kind", "tab")
        return cls(
            **{name: _text(sent.get(name)) for name in names},
            categories=_texts(sent.get("categories")),
            has=_texts(sent.get("has")),
            k=_number(sent.get("k")),
        )

    def filters(self) -> Filters:
        """The filters it asks for.

        Raises:
            FilterError: One of them makes no sense; see `Filters`.
        """
        return Filters(
            categories=self.categories,
            since=self.since or None,
            until=self.until or None,
            has=self.has,
            kind=self.kind or None,  # type: ignore[arg-type]  # what is no kind, Filters refuses
        )


def _text(value: object) -> str:
    if not isinstance(value, str):
        return ""
    # Half a surrogate pair can be sent, but not be sent back.
    return value[:MAX_TEXT].encode("utf-8", "replace").decode("utf-8").strip()


def _texts(value: object) -> tuple[str, ...]:
    items = value[:MAX_CHOICES] if isinstance(value, list) else []
    return tuple(filter(None, map(_text, items)))


def _number(value: object) -> int:
    return min(max(value, 1), MAX_CARDS) if isinstance(value, int) else PAGE_SIZE


@dataclass(frozen=True, slots=True)
class _Catalogue:
    """What the page says of an index, whatever is asked of it."""

    status: Status
    months: tuple[str, ...]
    """Every month in which something was released, newest first."""
    hues: Mapping[str, int]


class Desk:
    """Answers the page from an engine; several visitors may ask at once."""

    def __init__(self, engine: Engine) -> None:
        """Answer from `engine`, which the caller closes."""
        self._engine = engine
        self._known: _Catalogue | None = None

    def show(self, data: object) -> tuple[str, str, str]:
        """Answer a view.

        Args:
            data: The view as the browser holds it; see `View.read`.

        Returns:
            Markup of the header, of the filters and of the results.
        """
        view = View.read(data)
        catalogue = self._catalogue()
        try:
            answer = self._answer(view, catalogue)
        except RftsearchError as error:
            names = error.suggestions if isinstance(error, UnknownPaperError) else ()
            answer = Answer(notice=str(error), names=names, back=bool(view.seed))
        panel = filter_panel(self._counts(view), catalogue.hues, catalogue.months)
        return header(catalogue.status), panel, results(answer)

    def suggest(self, typed: str) -> list[dict[str, str]]:
        """Papers whose short name or title holds what was typed, for a pick-list."""
        try:
            found = self._engine.suggest(_text(typed), MAX_SUGGESTIONS)
        except RftsearchError:
            return []
        shown = [card(paper, {}) for paper in found]
        return [{"id": one.id, "name": one.name, "title": one.title} for one in shown]

    def _answer(self, view: View, catalogue: _Catalogue) -> Answer:
        filters = view.filters()
        wanted = view.k + 1  # one more than is shown tells whether there are more
        if view.seed:
            seed = card(self._engine.paper(view.seed), catalogue.hues)
            found = self._engine.similar(view.seed, wanted, filters)
            answer = Answer(text.heading_similar(seed.name), seed=seed, back=True, ranked=True)
        elif view.query:
            found = self._engine.search(view.query, wanted, filters)
            answer = Answer(text.heading_search(view.query), ranked=True)
        else:
            newest = self._engine.papers(filters, wanted)
            cards = [card(paper, catalogue.hues) for paper in newest]
            return _filled(Answer(text.HEADING_NEWEST), cards, view)
        cards = [card(hit.paper, catalogue.hues, hit.score) for hit in found]
        known = catalogue.status.notes  # the header shows them already
        answer = replace(answer, notes=[note for note in found.notes if note not in known])
        return _filled(answer, cards, view)

    def _counts(self, view: View) -> dict[str, int]:
        """Works per category under the other filters."""
        try:
            return self._engine.categories(replace(view, categories=()).filters())
        except FilterError:
            return self._engine.categories()

    def _catalogue(self) -> _Catalogue:
        """The catalogue of the index as it is now; of the last one, while it cannot be read."""
        known = self._known
        try:
            status = self._engine.status()
            if known is None or known.status != status:
                dated = (paper.released for paper in self._engine.papers())
                months = sorted(set(filter(None, dated)), reverse=True)
                known = _Catalogue(status, tuple(months), hues(self._engine.categories()))
                self._known = known
        except RftsearchError:
            if known is None:
                raise
        return known


def _filled(answer: Answer, cards: Sequence[Card], view: View) -> Answer:
    """The answer with its cards, or with what to loosen where there are none."""
    if cards:
        return replace(answer, cards=cards[: view.k], more=len(cards) > view.k)
    offers = text.loosenings(view.filters())
    return replace(answer, notice=text.NOTHING if offers else text.EMPTY, loosen=offers)
