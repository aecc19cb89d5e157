"""Put together what a list says of itself; what it does not say stays empty."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from rftsearch.papers.about import ListAbout
from rftsearch.sources.markdown.about.description import Head
from rftsearch.sources.markdown.about.front_matter import front_matter
from rftsearch.sources.markdown.about.home import home_of
from rftsearch.sources.markdown.about.licence import licence_in, licence_of_badge
from rftsearch.sources.markdown.about.updated import day_or_month, updated_in
from rftsearch.sources.markdown.words.badges import parts_of_badge
from rftsearch.text.addresses import is_web_address

__all__ = ["read_about"]

_HOMES = (
    "home",
    "homepage",
    "repository",
    "repo",
    "repo_url",
    "github",
    "source",
    "url",
    "permalink",
)
_DATES = (
    "updated",
    "last_updated",
    "lastupdated",
    "last_modified",
    "last_modified_at",
    "lastmod",
    "date",
)


def read_about(text: str, head: Head, entries: Sequence[int]) -> ListAbout:
    """Return what a list says of itself.

    Args:
        text: All of its Markdown.
        head: Its title and description, as they stand in it.
        entries: The lines of its entries: what stands among them is about papers.
    """
    fields = front_matter(text)
    lines = re.split(r"\r\n?|\n", re.sub(r"<!--.*?-->", _blank, text, flags=re.DOTALL))
    first, last = (min(entries) - 1, max(entries)) if entries else (len(lines), len(lines))
    around = [*lines[:first], *lines[last:]]
    start = min(entries, default=0)
    title = fields.get("title") or head.title(start)
    return ListAbout(
        title=title,
        description=fields.get("description") or fields.get("excerpt") or head.description(start),
        home=_home(fields) or home_of(around, lines, title),
        licence=_licence(fields, around, lines),
        updated=_updated(fields, around),
    )


def _blank(comment: re.Match[str]) -> str:
    return "\n" * comment[0].count("\n")


def _home(fields: Mapping[str, str]) -> str:
    for name in _HOMES:
        value = fields.get(name, "")
        if is_web_address(value):
            return value
        if re.fullmatch(r"[A-Za-z0-9-]+/[\w.-]+", value):
            return f"https://github.com/{value}"
    return ""


_IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<address>[^\s)]+)|<img\b[^>]*>", re.IGNORECASE)
_UNDER = re.compile(
    r"\s*(?:#{1,6}\s|<h[1-6][^>]*>)\W*(?:\S+\s+)?licen[cs]e|\s*#{1,6}.*\u8bb8\u53ef", re.IGNORECASE
)
_NEXT = re.compile(r"\s*(?:#{1,6}\s|<h[1-6])", re.IGNORECASE)
_RELEASED = re.compile(
    r"(?:licen[cs]ed?|released|distributed|available|shared)\s+(?:\S+\s+){0,4}?"
    r"(?:under|with|by)\s+(?P<rest>.{3,120})",
    re.IGNORECASE,
)
_OF_LICENCES = re.compile(
    r"opensource\.org/licen[cs]es?/\S+|creativecommons\.org/\S+", re.IGNORECASE
)


def _licence(fields: Mapping[str, str], around: Sequence[str], lines: Sequence[str]) -> str:
    """Return the licence: of the front matter, a badge, a section, a sentence or a link."""
    if stated := fields.get("license") or fields.get("licence"):
        return licence_in(stated) or stated
    for alt, address in (image for line in around for image in _images(line)):
        if found := licence_of_badge(alt, *parts_of_badge(address)):
            return found
    if found := licence_in(_under_licence(lines)):
        return found
    for line in around:
        if (said := _RELEASED.search(line)) and (found := licence_in(said["rest"])):
            return found
    links = (found[0] for line in around for found in _OF_LICENCES.finditer(line))
    return next(filter(None, map(licence_in, links)), "")


def _images(line: str) -> Iterator[tuple[str, str]]:
    """Yield text and address of the images in a line."""
    for found in _IMAGE.finditer(line):
        if found["address"]:
            yield found["alt"], found["address"]
        else:
            alt, source = (
                re.search(rf"\b{name}\s*=\s*[\"']([^\"']*)", found[0]) for name in ("alt", "src")
            )
            yield alt[1] if alt else "", source[1] if source else ""


_MOST_LINES = 12


def _under_licence(lines: Sequence[str]) -> str:
    """Return what stands under the heading about the licence."""
    for number, line in enumerate(lines):
        if _UNDER.match(line):
            below = lines[number + 1 : number + 1 + _MOST_LINES]
            end = next((n for n, one in enumerate(below) if _NEXT.match(one)), len(below))
            return " ".join(below[:end])
    return ""


def _updated(fields: Mapping[str, str], around: Sequence[str]) -> str:
    for name in _DATES:
        if found := day_or_month(fields.get(name, "")):
            return found
    for line in around:
        if found := updated_in(line):
            return found
        for alt, address in _images(line):
            label, message = parts_of_badge(address)
            if found := updated_in(f"{label}: {message}") or updated_in(alt):
                return found
    return ""
