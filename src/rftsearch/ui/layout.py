"""The parts of the page around the cards, as markup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rftsearch.index.status import Status
from rftsearch.ui import text
from rftsearch.ui.cards import Card
from rftsearch.ui.markup import render

__all__ = ["Answer", "filter_panel", "header", "results", "search_form", "tabs"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the results part shows: cards, or else a notice in their place."""

    heading: str = text.HEADING_NOTICE
    cards: Sequence[Card] = ()
    seed: Card | None = None
    """The paper whose like these are."""
    back: bool = False
    """Whether there is an answer to go back to."""
    ranked: bool = False
    """Whether the cards are ordered by score rather than by date."""
    more: bool = False
    """Whether further cards can be had."""
    notes: Sequence[str] = ()
    notice: str = ""
    """Why there is nothing to show, in one line."""
    names: Sequence[str] = ()
    """Short names that may have been meant."""
    loosen: Sequence[tuple[str, str]] = ()
    """Filters to take off, where they leave nothing; see `text.loosenings`."""


def header(status: Status) -> str:
    """The name, what this is, and what the index holds."""
    return render(
        "header.html",
        name=text.NAME,
        tagline=text.tagline(status),
        counts=text.counts_line(status),
        notes=[text.sentence(note) for note in status.notes],
    )


def search_form(examples: Sequence[str]) -> str:
    """The search box with its examples, and the box that picks a paper."""
    return render("search.html", examples=examples, trouble=text.TROUBLE)


def filter_panel(counts: Mapping[str, int], hues: Mapping[str, int], months: Sequence[str]) -> str:
    """The filters; which of them are set is the browser's business.

    Args:
        counts: Works per category under the other filters, in the list's order.
        hues: The hue of each category.
        months: The months to choose from, newest first.
    """
    return render(
        "filters.html",
        categories=[(name, number, hues.get(name, 0)) for name, number in counts.items()],
        months=[(month, text.month(month)) for month in months],
        resources=text.RESOURCES,
    )


def results(answer: Answer) -> str:
    """The answer, whatever it is."""
    return render(
        "results.html",
        answer=answer,
        notes=[text.sentence(note) for note in answer.notes],
        notice=text.sentence(answer.notice),
        spoken=text.spoken(answer.heading, len(answer.cards), answer.notice),
        explanation=text.ORDER_BY_LIKENESS if answer.seed else text.ORDER_BY_SCORE,
    )


def tabs() -> str:
    """The choice of how an answer is shown; which one is chosen is the browser's business."""
    return render("tabs.html", tabs=text.TABS)
