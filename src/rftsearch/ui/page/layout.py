"""The parts of the page around the cards, rendered as markup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rftsearch.export import FORMATS
from rftsearch.index.generations.status import Status
from rftsearch.look import strings
from rftsearch.look.cards import Card
from rftsearch.look.templates import render
from rftsearch.look.texts import TEXTS
from rftsearch.papers.asked.understood import Part
from rftsearch.papers.results import Facets
from rftsearch.ui.head.identity import PageIdentity
from rftsearch.ui.page.tabs import Tab
from rftsearch.ui.page.view import MAX_PASTED, MAX_TEXT, View

__all__ = ["Answer", "BasketItem", "basket", "filter_panel", "header", "results", "search_form"]
__all__ += ["MANY_CATEGORIES", "tab_buttons"]

MANY_CATEGORIES = 16
"""More categories than these scroll in a box of their own, so that the other filters stay near."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the results part shows: cards, or a notice in their place."""

    heading: str = strings.HEADING_NOTICE
    cards: Sequence[Card] = ()
    aside: Sequence[Card] = ()
    """Of a basket: the papers that are not interesting."""
    kept: bool = False
    """Whether the cards are those of the basket."""
    seed: Card | None = None
    """The paper that these are similar to."""
    guess: str = ""
    """The predicted categories of the text that these are similar to, in words."""
    count: str = ""
    """How many papers there are, in words."""
    sorts: Sequence[tuple[str, str]] = ()
    """Orders to choose from; see `strings.SORTS`."""
    own_sort: str = ""
    """The order that the words of the query ask for, if any."""
    back: bool = False
    """Whether there is an answer to go back to."""
    explanation: str = ""
    """How the cards are ordered, in sentences."""
    good: int | None = None
    """How many of the cards are good matches, if these come first."""
    takes: int = 0
    """How many papers a download holds."""
    more: bool = False
    """Whether there are more cards to show."""
    understood: Sequence[Part] = ()
    """The parts of the query that mean more than their words."""
    notes: Sequence[str] = ()
    notice: str = ""
    """Why there is nothing to show, in one line."""
    names: Sequence[str] = ()
    """Short names that may have been meant."""
    loosen: Sequence[tuple[str, str]] = ()
    """Filters to remove if no paper passes them; see `strings.loosenings`."""
    clear: bool = False
    """Whether to offer removing all filters."""
    paste: bool = False
    """Whether to offer pasting a text instead."""


@dataclass(frozen=True, slots=True)
class BasketItem:
    """A paper in the basket."""

    id: str
    name: str
    liked: bool

    @property
    def side(self) -> str:
        """Return on which side it is, in words."""
        words = TEXTS["basket"]["liked" if self.liked else "disliked"]
        return str(words)


def header(status: Status, identity: PageIdentity, *, dated: bool) -> str:
    """Render what the page says of itself, and the size of the index.

    Args:
        status: Of the index.
        identity: What the page says of itself.
        dated: Whether a paper has a month; if none has, there is no timeline to choose.
    """
    return render(
        "header.html",
        identity=identity,
        dated=dated,
        facts=[strings.counts_line(status), *map(strings.capital, identity.facts)],
    )


def search_form(examples: Sequence[str]) -> str:
    """Render the search box with its examples, and the box for papers like one."""
    return render(
        "search.html",
        examples=examples,
        trouble=strings.TROUBLE,
        logged_out=strings.LOGGED_OUT,
        longest=MAX_TEXT,
        longest_paste=MAX_PASTED,
    )


def tab_buttons(tabs: Sequence[Tab]) -> str:
    """Return the buttons that choose a tab; the browser knows which one is chosen."""
    return render("tabs.html", tabs=[(tab.value, tab.label) for tab in tabs])


def filter_panel(
    facets: Facets, whole: Facets, hues: Mapping[str, int], months: Sequence[str], view: View
) -> str:
    """Render the filters; the browser knows which of them are set.

    A filter that cannot choose, because all papers or none would pass, is left out, unless
    it is set: it must be possible to remove what an address has set.

    Args:
        facets: How many papers each choice would show.
        whole: The same without a query and without filters.
        hues: The hue of each category.
        months: The months to choose from, newest first.
        view: What is set.
    """
    choices = (
        ("kind", "Kind", strings.KINDS, _by_value(facets.kinds), _by_value(whole.kinds)),
        (
            "generative",
            "Generative",
            strings.GENERATIVE,
            _yes_or_no(facets.generative),
            _yes_or_no(whole.generative),
        ),
    )
    places = {name: place for place, name in enumerate(hues)}
    categories = [
        (name, number, hues.get(name, 0), places.get(name, 0))
        for name, number in facets.categories.items()
    ]
    several = len(whole.categories) > 1 or view.categories
    dated = len(months) > 1 or view.since or view.until
    return render(
        "filters.html",
        categories=categories if several else [],
        many=len(categories) > MANY_CATEGORIES,
        dated=dated,
        months=[(month, strings.month(month)) for month in months],
        resources=[
            (kind, words, facets.has[kind])
            for kind, words in strings.RESOURCES
            if 0 < whole.has[kind] < whole.total or kind in view.has
        ],
        facts=[
            (name, legend, values)
            for name, legend, values in (
                ("authors", "Author", view.authors),
                ("venue", "Venue", view.venue),
                ("presents", "Presents", view.presents),
            )
            if values
        ],
        choices=[
            (name, legend, [(value, words, numbers[value]) for value, words in values])
            for name, legend, values, numbers, all_numbers in choices
            if all(all_numbers[value] for value, _ in values) or getattr(view, name)
        ],
    )


def _by_value(numbers: Mapping[str, int]) -> dict[str, int]:
    """Return the numbers of choices, and of all of them together for the choice of none."""
    return {**numbers, "": sum(numbers.values())}


def _yes_or_no(numbers: Mapping[bool, int]) -> dict[str, int]:
    return _by_value({"yes": numbers[True], "no": numbers[False]})


def results(answer: Answer) -> str:
    """Render an answer."""
    return render(
        "results.html",
        answer=answer,
        notes=[strings.sentence(note) for note in answer.notes],
        notice=strings.sentence(answer.notice),
        spoken=strings.spoken(answer.heading, len(answer.cards), answer.notice),
        weaker=strings.WEAKER,
        paste=strings.UNREACHABLE,
        download=strings.download(answer.takes, all_of_them=answer.takes > len(answer.cards)),
        formats=_formats(),
    )


def basket(items: Sequence[BasketItem]) -> str:
    """Render the basket; empty if it holds nothing."""
    return render("basket.html", items=items, formats=_formats())


def _formats() -> list[tuple[str, str]]:
    return [(one.name, one.label) for one in FORMATS.values()]
