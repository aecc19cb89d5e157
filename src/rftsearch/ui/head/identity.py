"""What the page says of itself: the name, the description and the home of its lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from rftsearch.errors import UsageError
from rftsearch.export.lists import is_github, join_lists, join_names, name_lists
from rftsearch.index.generations.status import Status
from rftsearch.look import strings
from rftsearch.look.templates import web_address
from rftsearch.papers.about import ListAbout
from rftsearch.settings import DESCRIPTION_VARIABLE, HOME_VARIABLE, TITLE_VARIABLE, setting
from rftsearch.text.clean import one_line, slug

__all__ = [
    "LONGEST_DESCRIPTION",
    "LONGEST_TITLE",
    "PageIdentity",
    "chosen_about",
    "exported_about",
    "file_name",
]

LONGEST_TITLE = 160
LONGEST_DESCRIPTION = 400
_LONGEST_LICENCE = 60
_MOST_LINKED = 12
_LONGEST_NAME = 50


@dataclass(frozen=True, slots=True)
class PageIdentity:
    """What stands in the head of the page, in the tab's title and in link previews."""

    title: str
    description: str
    links: tuple[tuple[str, str], ...]
    """Where the lists are kept: the words of each link, and its web address."""
    facts: tuple[str, ...]
    """The licence of the lists, and their date."""

    @classmethod
    def of(cls, status: Status, given: ListAbout) -> PageIdentity:
        """Return the identity of a page.

        Args:
            status: Of its index.
            given: What whoever runs the page wants in place of what the lists say.
        """
        lists = [
            replace(one, title=_shown(one.title, LONGEST_TITLE), home=web_address(one.home) or "")
            for one in name_lists(status.lists)
        ]
        names = [about.title for about in lists]
        home = web_address(given.home)
        described = given.description or (lists[0].description if len(lists) == 1 else "")
        return cls(
            title=_shown(given.title or join_names(names), LONGEST_TITLE) or strings.NAME,
            description=_shown(described, LONGEST_DESCRIPTION) or strings.purpose(status),
            links=((_link_words(home, len(lists)), home),) if home else _links(lists),
            facts=(*_licences(lists), _date(lists) or _day_of_build(status)),
        )


def exported_about(status: Status, given: ListAbout) -> ListAbout:
    """Return what the files say of the lists that visitors take from the page.

    Args:
        status: Of its index.
        given: What whoever runs the page wants in place of what the lists say.
    """
    said = join_lists(name_lists(status.lists))
    return replace(
        said,
        title=given.title or said.title,
        description=given.description or said.description,
        home=given.home or said.home,
    )


def chosen_about(
    title: str | None = None, home: str | None = None, description: str | None = None
) -> ListAbout:
    """Return what whoever runs the page wants it to say of itself, checked.

    What is not given is taken from `RFTSEARCH_TITLE`, `RFTSEARCH_HOME` and
    `RFTSEARCH_DESCRIPTION`; what is not there either is empty, and the lists decide.

    Raises:
        UsageError: The home is not a web address, or a text is too long.
    """
    title = one_line(title or setting(TITLE_VARIABLE) or "").strip()
    home = (home or setting(HOME_VARIABLE) or "").strip()
    description = one_line(description or setting(DESCRIPTION_VARIABLE) or "").strip()
    if home and (web_address(home) is None or re.search(r"\s", home)):
        raise UsageError(
            f"the home of the page is {home!r}; give a web address like https://example.org/my-list"
        )
    for name, text, most in (
        ("title", title, LONGEST_TITLE),
        ("description", description, LONGEST_DESCRIPTION),
    ):
        if len(text) > most:
            raise UsageError(f"the {name} has {len(text)} characters; give at most {most}")
    return ListAbout(title=title, description=description, home=home)


def file_name(subject: str) -> str:
    """Return the name of a file about something, without its ending: `rftsearch-reward-hacking`."""
    words = slug(subject)
    if len(words) > _LONGEST_NAME:
        words = words[:_LONGEST_NAME].rpartition("-")[0] or words[:_LONGEST_NAME]
    return "-".join(filter(None, (strings.NAME, words)))


def _links(lists: Sequence[ListAbout]) -> tuple[tuple[str, str], ...]:
    """Return the links to the lists: one is called a list, several go by their names."""
    if len(lists) == 1:
        home = lists[0].home
        return ((_link_words(home, 1), home),) if home else ()
    named = [(about.title, about.home) for about in lists if about.home]
    return tuple(dict.fromkeys(named))[:_MOST_LINKED]


def _link_words(home: str, lists: int) -> str:
    words = "These lists" if lists > 1 else "This list"
    return f"{words} on GitHub" if is_github(home, "gist.github.com") else words


def _licences(lists: Sequence[ListAbout]) -> tuple[str, ...]:
    """Return the licence; where lists have different ones, each with the name of its list."""
    licences = {about.title: about.licence for about in lists}
    if len(set(licences.values())) == 1:
        licence = next(iter(licences.values()))
        return (f"licence {_shown(licence, _LONGEST_LICENCE)}",) if licence else ()
    return tuple(
        f"{name}: licence {_shown(licence, _LONGEST_LICENCE)}"
        for name, licence in licences.items()
        if licence
    )


def _date(lists: Sequence[ListAbout]) -> str:
    """Return when the lists were last changed; empty if none of them says it."""
    newest = max((about.updated for about in lists if _day(about.updated)), default="")
    return f"updated {_day(newest)}" if newest else ""


def _day_of_build(status: Status) -> str:
    return f"indexed {_day(status.built[:10])}"


def _day(updated: str) -> str:
    """Return a day or a month as people write it, `3 May 2026`; empty if it is neither."""
    try:
        if len(updated) == len("2026-05"):
            return date.fromisoformat(f"{updated}-01").strftime("%b %Y")
        day = date.fromisoformat(updated)
    except ValueError:
        return ""
    return f"{day.day} {day:%b %Y}"


def _shown(text: str, most: int) -> str:
    """Return a text of a list in one line of at most `most` characters, cut after a word."""
    text = strings.upright(one_line(text)).strip()
    if len(text) <= most:
        return text
    return f"{text[: most - 1].rsplit(' ', 1)[0].rstrip(' ,;:.')}…"
