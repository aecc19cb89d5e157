"""What the lists of an index are called, for the page and for the head of an export."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from urllib.parse import urlsplit

from rftsearch.papers.about import ListAbout
from rftsearch.sources.registry import open_source
from rftsearch.text.addresses import is_web_address
from rftsearch.text.clean import one_line

__all__ = ["is_github", "join_lists", "join_names", "name_lists"]

_MOST_NAMED = 3
"""Lists whose names are joined; of more, the others are counted."""
_LIST_SUFFIXES = frozenset({".md", ".markdown", ".mdown", ".txt"})


def name_lists(lists: Mapping[str, ListAbout]) -> list[ListAbout]:
    """Return what is known of each list, in their order; each has a title.

    A list that has none is called like its repository on GitHub, or like its file.

    Args:
        lists: What each says of itself, by the key of the source.
    """
    found = []
    for key, about in lists.items():
        home = about.home if is_web_address(about.home) else ""
        title = one_line(about.title) or _repository(home) or _file_name(open_source(key).label)
        licence = about.licence.strip()
        found.append(ListAbout(title, about.description, home, licence, about.updated))
    return found


def join_lists(lists: Sequence[ListAbout]) -> ListAbout:
    """Return what several lists have in common, and their names; one list is as it is."""
    if len(lists) == 1:
        return lists[0]
    licences = {about.licence for about in lists}
    return ListAbout(
        title=join_names(about.title for about in lists),
        licence=licences.pop() if len(licences) == 1 else "",
    )


def join_names(names: Iterable[str]) -> str:
    """Return names as one: `A, B and C`; of many, `A, B, C and 2 more lists`."""
    once = list(dict.fromkeys(names))
    if len(once) > _MOST_NAMED:
        rest = len(once) - _MOST_NAMED
        once = [*once[:_MOST_NAMED], f"{rest} more {'list' if rest == 1 else 'lists'}"]
    if len(once) < 2:
        return "".join(once)
    return f"{', '.join(once[:-1])} and {once[-1]}"


def is_github(address: str, *more: str) -> bool:
    """Return whether a web address is one of GitHub, or of one of these other hosts."""
    try:
        return urlsplit(address).hostname in {"github.com", "www.github.com", *more}
    except ValueError:  # It only begins like an address.
        return False


def _repository(home: str) -> str:
    """Return the name of the repository that an address at GitHub is of; else empty."""
    if not is_github(home):
        return ""
    return "".join(urlsplit(home).path.strip("/").split("/")[1:2]).removesuffix(".git")


def _file_name(label: str) -> str:
    path = PurePath(label)
    return path.stem if path.suffix.lower() in _LIST_SUFFIXES else label
