"""The parts of the page around the cards, rendered as markup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rftsearch.export import FORMATS
from rftsearch.index.generations.status import Status
from rftsearch.papers.results import Facets
from rftsearch.ui.page import strings
from rftsearch.ui.page.cards import Card
from rftsearch.ui.page.tabs import Tab
from rftsearch.ui.page.templates import render
from rftsearch.ui.page.view import MAX_PASTED, MAX_TEXT

__all__ = ["Answer", "BasketItem", "basket", "filter_panel", "header", "results", "search_form"]
__all__ += ["tab_buttons"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the results part shows: cards, or a notice in their place."""

    heading: str = strings.HEADING_NOTICE
    cards: Sequence[Card] = ()
    seed: Card | None = None
    """The paper that these are similar to."""
    guess: str = ""
    """The predicted category of the text that these are similar to."""
    count: str = ""
    """How many papers there are, in words."""
    sorts: Sequence[tuple[str, str]] = ()
    """Orders to choose from; see `strings.SORTS`."""
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


def header(status: Status) -> str:
    """Render the name, the purpose and the size of the index."""
    return render(
        "header.html",
        name=strings.NAME,
        tagline=strings.tagline(status),
        counts=strings.counts_line(status),
        notes=[strings.sentence(note) for note in status.notes],
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


def filter_panel(facets: Facets, hues: Mapping[str, int], months: Sequence[str]) -> str:
    """Render the filters; the browser knows which of them are set.

    Args:
        facets: How many papers each choice would show.
        hues: The hue of each category.
        months: The months to choose from, newest first.
    """
    numbers = {"paper": facets.kinds["paper"], "project": facets.kinds["project"]}
    numbers[""] = sum(numbers.values())
    generative = {"yes": facets.generative[True], "no": facets.generative[False]}
    generative[""] = sum(generative.values())
    return render(
        "filters.html",
        categories=[
            (name, number, hues.get(name, 0)) for name, number in facets.categories.items()
        ],
        months=[(month, strings.month(month)) for month in months],
        resources=[(kind, words, facets.has[kind]) for kind, words in strings.RESOURCES],
        choices=[
            ("kind", "Kind", [(value, words, numbers[value]) for value, words in strings.KINDS]),
            (
                "generative",
                "Generative",
                [(value, words, generative[value]) for value, words in strings.GENERATIVE],
            ),
        ],
    )


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
