"""What the page says of itself: the name, the description and the home of its lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from urllib.parse import urlsplit

from rftsearch.errors import UsageError
from rftsearch.index.generations.manifest import GIVEN_PAPERS
from rftsearch.index.generations.status import Status
from rftsearch.papers.about import ListAbout
from rftsearch.settings import DESCRIPTION_VARIABLE, HOME_VARIABLE, TITLE_VARIABLE, setting
from rftsearch.sources.catalogue import ABOUT, CATALOGUE
from rftsearch.sources.registry import open_source
from rftsearch.text.clean import one_line
from rftsearch.ui.page import strings
from rftsearch.ui.page.templates import web_address

__all__ = ["LONGEST_DESCRIPTION", "LONGEST_TITLE", "PageIdentity", "chosen_about", "file_stem"]

LONGEST_TITLE = 160
LONGEST_DESCRIPTION = 400
_LONGEST_LICENCE = 60
_MOST_NAMED = 3
"""Lists that the name of a page joins; of more, the others are counted."""
_MOST_LINKED = 12
_LIST_SUFFIXES = frozenset({".md", ".markdown", ".mdown", ".txt"})


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
        lists = _lists(status)
        names = [about.title for about in lists]
        home = web_address(given.home)
        described = given.description or (lists[0].description if len(lists) == 1 else "")
        return cls(
            title=_shown(given.title or _joined(names), LONGEST_TITLE) or strings.NAME,
            description=_shown(described, LONGEST_DESCRIPTION) or strings.purpose(status),
            links=((_link_words(home, len(lists)), home),) if home else _links(lists),
            facts=(*_licences(lists), _date(lists) or _day_of_build(status)),
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


def file_stem(title: str) -> str:
    """Return the name of a page as the name of a file: `awesome-robots`."""
    words = re.findall(r"[^\W_]+", title.casefold())
    return "-".join(words)[:60].strip("-") or strings.NAME


def _lists(status: Status) -> list[ListAbout]:
    """Return what is known of each list, in their order; each has a title."""
    found = []
    for key in status.sources or (CATALOGUE,):
        if key == GIVEN_PAPERS:
            continue
        # An index that was built before lists were asked what they say knows nothing.
        about = status.about.get(key) or (ABOUT if key == CATALOGUE else ListAbout())
        home = web_address(about.home) or ""
        title = _shown(about.title, LONGEST_TITLE)
        title = title or _repository(home) or _file_name(open_source(key).label)
        found.append(
            ListAbout(title, about.description, home, about.licence.strip(), about.updated)
        )
    return found


def _repository(home: str) -> str:
    """Return the name of the repository that an address at GitHub is of; else empty."""
    if not _is_github(home):
        return ""
    return "".join(urlsplit(home).path.strip("/").split("/")[1:2]).removesuffix(".git")


def _file_name(label: str) -> str:
    path = PurePath(label)
    return path.stem if path.suffix.lower() in _LIST_SUFFIXES else label


def _joined(names: Iterable[str]) -> str:
    """Return names as one: `A, B and C`; of many, `A, B, C and 2 more lists`."""
    once = list(dict.fromkeys(names))
    if len(once) > _MOST_NAMED:
        rest = len(once) - _MOST_NAMED
        once = [*once[:_MOST_NAMED], f"{rest} more {'list' if rest == 1 else 'lists'}"]
    if len(once) < 2:
        return "".join(once)
    return f"{', '.join(once[:-1])} and {once[-1]}"


def _links(lists: Sequence[ListAbout]) -> tuple[tuple[str, str], ...]:
    """Return the links to the lists: one is called a list, several go by their names."""
    if len(lists) == 1:
        home = lists[0].home
        return ((_link_words(home, 1), home),) if home else ()
    named = [(about.title, about.home) for about in lists if about.home]
    return tuple(dict.fromkeys(named))[:_MOST_LINKED]


def _link_words(home: str, lists: int) -> str:
    words = "These lists" if lists > 1 else "This list"
    return f"{words} on GitHub" if _is_github(home, "gist.github.com") else words


def _is_github(address: str, *more: str) -> bool:
    return urlsplit(address).hostname in {"github.com", "www.github.com", *more}


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
