"""What stands on a card, and in which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rftsearch.latex import plain
from rftsearch.records import Paper
from rftsearch.ui.markup import web_address
from rftsearch.ui.text import month, people

__all__ = ["Button", "Card", "Label", "card"]

_MISSING = {
    "pending": "Abstract not fetched yet: found by its title.",
    "unknown": "arXiv has no paper of this id: found by its title.",
}
# On a card "Project" is a kind of work already.
_CLEARER = {"Project": "Project page"}


@dataclass(frozen=True, slots=True)
class Label:
    """A category with its colour."""

    name: str
    hue: int


@dataclass(frozen=True, slots=True)
class Button:
    """A link to something that was released with the paper."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Card:
    """One paper as its card shows it; nothing in it is markup yet."""

    id: str
    name: str
    title: str
    """Without the short name, where it begins with it; may be empty."""
    href: str | None
    labels: tuple[Label, ...]
    project: bool
    generative: bool
    released: str | None
    month: str
    authors: str
    abstract: str
    remark: str
    missing: str
    """Why there is no abstract, where one should be."""
    buttons: tuple[Button, ...]
    score: str | None


def card(paper: Paper, hues: Mapping[str, int], score: float | None = None) -> Card:
    """Put a paper on a card.

    Args:
        paper: What to show.
        hues: The hue of each category.
        score: How well it fits what was asked, where something was.
    """
    name = plain(paper.short_name)
    return Card(
        id=paper.id,
        name=name,
        title=_title_after(name, plain(paper.title)),
        href=_address(paper),
        labels=tuple(Label(category, hues.get(category, 0)) for category in paper.categories),
        project=paper.kind == "project",
        generative=paper.generative,
        released=paper.released,
        month=month(paper.released) if paper.released else "",
        authors=people(paper.authors),
        abstract=plain(paper.abstract),
        remark=paper.description,
        missing=_MISSING.get(paper.abstract_state, ""),
        buttons=_buttons(paper),
        score=None if score is None else f"{score:.2f}",
    )


def _title_after(name: str, title: str) -> str:
    """The title, less the short name that many titles begin with."""
    if title.casefold() == name.casefold():
        return ""
    start, colon, rest = title.partition(":")
    return rest.strip() if colon and start.strip().casefold() == name.casefold() else title


def _address(paper: Paper) -> str | None:
    """Where the paper can be read; a project without such a place: its first link."""
    urls = (paper.url, *(link.url for link in paper.links))
    return next(filter(None, map(web_address, urls)), None)


def _buttons(paper: Paper) -> tuple[Button, ...]:
    """One button for each link of the web; the label or else its kind names it."""
    return tuple(
        Button(_CLEARER.get(link.label, link.label) or link.kind.capitalize(), href)
        for link in paper.links
        if (href := web_address(link.url))
    )
