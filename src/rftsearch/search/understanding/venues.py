"""Places of publication in a question: "accepted at CVPR 2026", "NeurIPS papers"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from rftsearch.index.tables.facts import venue_facts
from rftsearch.papers.asked.understood import Part
from rftsearch.papers.asked.venue_keys import WELL_KNOWN
from rftsearch.papers.filters import Filters
from rftsearch.search.understanding.cues import VENUES
from rftsearch.search.understanding.left_over import topic_of
from rftsearch.search.understanding.reading import Reading

__all__ = ["TABLE", "read_venues"]

_YEAR = r"(?:\s*(?:(?:19|20)\d\d|['\u2019]\d\d)(?!\d))"
_LED = re.compile(
    r"\b(?:(?:papers?|works?)\s+)?(?:(?:that\s+(?:were|are)\s+)?(?:accepted|published|presented"
    r"|appear(?:s|ed|ing)?)\s+(?:at|in|to|by|for)|from|at|in)\s+(?:the\s+)?"
    rf"(?P<name>[A-Za-z][\w&+-]*){_YEAR}?",
    re.IGNORECASE,
)
_ACCEPTED = re.compile(r"accepted|published\s+(?:at|in)|presented|appear", re.IGNORECASE)
_NAMED = re.compile(rf"\b(?P<name>[A-Za-z][A-Za-z&]+|3DV|L4DC)\s*{_YEAR}", re.IGNORECASE)
_SHORT = r"(?:[A-Z][a-z]{0,4})?[A-Z][A-Za-z]*[A-Z]+|3DV"
_ALONE = re.compile(rf"\b(?P<name>{_SHORT})\b(?=\s+papers?\b|$)|^(?P<first>{_SHORT})(?=\s)")

TABLE: Mapping[str, Any] = {
    "led": _LED,
    "accepted": _ACCEPTED,
    "named": _NAMED,
    "alone": _ALONE,
}
"""What a browser needs to read such parts alike: see `rftsearch.publish.reading`."""


def read_venues(reading: Reading) -> Iterator[Part]:
    """Find places of publication: those that papers of the collection name as theirs.

    A name alone beside a topic is a preference: "CHI explainable AI". With "accepted at", "at",
    "papers" or a year it is a filter. A place that no paper here names is said to be unknown
    only where the words leave no doubt, as in "accepted at CVPR 2026".
    """
    if not reading.generation.lexical.has_facts or VENUES.search(reading.query) is None:
        return
    for pattern in (_LED, _NAMED, _ALONE):
        for match in reading.matches(pattern):
            name = match["name"] or match["first"] if pattern is _ALONE else match["name"]
            start, end = match.span()
            if pattern is not _LED:
                start = match.start("name") if match["name"] else match.start("first")
            place = reading.query[reading.query.index(name, start) : end].strip()
            words = reading.query[start:end]
            if pattern is _LED and not _is_led(words, name, place):
                continue
            if venue_facts(reading.generation.lexical, place):
                shown = _shown(name, place)
                filters = Filters(venue=(place,))
                if pattern is _ALONE and _only_named(reading, start, end):
                    # A name beside a topic, which many papers do not give: a wish.
                    found = (start, end, words, f"{shown} first")
                    yield Part("venues", "preference", *found, filters=filters)
                    return
                found = (start, end, words, f"at {shown}")
                yield Part("venues", "filter", *found, filters=filters)
                return
            sure = _ACCEPTED.search(words) and sum(letter.isupper() for letter in name) > 1
            if sure or name.casefold() in WELL_KNOWN:
                label = f"no paper here is said to be of {_shown(name, place)}"
                yield Part("venues", "note", start, end, words, label, instead=None)
                return


def _is_led(words: str, name: str, place: str) -> bool:
    """Return whether "in X" may speak of a place: "images in nature" does not."""
    written = sum(letter.isupper() for letter in name) > 1 or name.casefold() in WELL_KNOWN
    return written or place != name or _ACCEPTED.search(words) is not None


def _only_named(reading: Reading, start: int, end: int) -> bool:
    """Return whether a question has a topic besides a place, and asks for no papers of it."""
    behind = reading.query[end:].split(maxsplit=1)
    if behind and behind[0].casefold().strip(",.") in {"paper", "papers"}:
        return False
    return bool(topic_of(f"{reading.query[:start]} {reading.query[end:]}".strip()))


def _shown(name: str, place: str) -> str:
    """Return a place as it is shown: in capitals if it was typed in small letters."""
    return place.upper() if name.islower() else place
