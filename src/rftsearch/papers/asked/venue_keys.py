"""The keys under which a place of publication is found: `CVPR 2026` as written anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["TABLE", "WELL_KNOWN", "Venue", "venue_in_comment", "venue_keys", "venues_in"]

Venue = tuple[str, str]
"""A name as a key, `neurips`, and a year, `2025`, or nothing."""

_YEAR = re.compile(r"(?<![\d.])(?:(?:19|20)\d\d|['\u2019]\d\d)(?!\d)")
_ABBREVIATION = re.compile(r"\b(?:[A-Z][A-Za-z]*[A-Z][A-Za-z]*|3DV|L4DC)\b")
_BETWEEN = re.compile(r"[\W_]+")
_NOT_A_NAME = re.compile(
    r"\b(?:proceedings|proc|of|the|on|in|and|for|international|annual|meeting|conference|ieee|acm"
    r"|oral|spotlight|highlight|poster|findings|workshops?|track|best|paper|award|accepted|to|at"
    r"|by|published|th|st|nd|rd|\d+(?:th|st|nd|rd))\b",
    re.IGNORECASE,
)
# What a comment says of a place: `Accepted at CVPR 2026`, `ICLR 2025 camera-ready`.
_LED = re.compile(
    r"\b(?:accepted|published|appear(?:s|ed|ing)?|presented|publication)\s*(?:as|to|at|in|by|for|:)"
    r"+\s*(?:the\s+|an?\s+)?([^.;,()]{2,90})",
    re.IGNORECASE,
)
_NAME_AND_YEAR = re.compile(
    r"\b([A-Z][A-Za-z]*[A-Z][A-Za-z]*|3DV)(?:[\s-]+(?:Findings|Workshops?|Main))?[\s-]*"
    r"((?:19|20)\d\d|['\u2019]\d\d)(?!\d)"
)
# One place under several names: what was renamed, and names written out.
_SAME = {
    "nips": "neurips",
    "neuralinformationprocessingsystems": "neurips",
    "advancesneuralinformationprocessingsystems": "neurips",
    "learningrepresentations": "iclr",
    "machinelearning": "icml",
    "computervisionpatternrecognition": "cvpr",
    "computervision": "iccv",
    "europeancomputervision": "eccv",
    "empiricalmethodsnaturallanguageprocessing": "emnlp",
    "associationcomputationallinguistics": "acl",
}
WELL_KNOWN = frozenset(
    (  # noqa: SIM905 - words read better than a list of them
        "aaai acl chi colm coling corl cvpr eacl eccv emnlp iccv iclr icml icra ijcai ijcv"
        " interspeech iros jmlr kdd miccai naacl neurips nips siggraph sigir tmlr tpami wacv www"
    ).split()
)
"""Places that are meant even where no paper is of them."""
_NO_PLACE = {"arxiv", "ieee", "acm", "corr", "preprint", "llm", "llms", "vlm", "mllm", "ai", "gpt"}

TABLE: Mapping[str, Any] = {
    "year": _YEAR,
    "abbreviation": _ABBREVIATION,
    "between": _BETWEEN,
    "notAName": _NOT_A_NAME,
    "same": _SAME,
    "wellKnown": sorted(WELL_KNOWN),
    "noPlace": sorted(_NO_PLACE),
}
"""What a browser needs to read such parts alike: see `rftsearch.publish.reading`."""


def venue_keys(text: str) -> tuple[Venue, ...]:
    """Return the keys of a place of publication that stands alone.

    >>> venue_keys("NIPS 2016 Oral")
    (('neurips', '2016'),)
    >>> venue_keys("Journal of Examples")
    (('journalexamples', ''),)
    """
    year = _whole_year(found[0]) if (found := _YEAR.search(text)) else ""
    named = list(dict.fromkeys(_names(text)))
    rest = _NOT_A_NAME.sub(" ", _YEAR.sub(" ", text))
    whole = _BETWEEN.sub("", rest).casefold()
    if whole in _SAME and _SAME[whole] not in named:
        named.append(_SAME[whole])
    if not named and whole and whole not in _NO_PLACE:
        named.append(whole)
    return tuple((name, year) for name in named)


def venue_in_comment(comment: str) -> tuple[Venue, ...]:
    """Return the places that a comment names as that of the paper.

    >>> venue_in_comment("8 pages. Accepted at CVPR 2026, project page: ...")
    (('cvpr', '2026'),)
    """
    found: list[Venue] = []
    for match in _LED.finditer(comment):
        found += [each for each in venue_keys(match[1]) if _ABBREVIATION.search(match[1])]
    found += venues_in(comment)
    return tuple(dict.fromkeys(found))


def venues_in(text: str) -> list[Venue]:
    """Return the places that are followed by a year anywhere in a text."""
    return [
        (name, _whole_year(match[2]))
        for match in _NAME_AND_YEAR.finditer(text)
        for name in _names(match[1])
    ]


def _names(text: str) -> Iterator[str]:
    for match in _ABBREVIATION.finditer(text):
        name = match[0].casefold()
        if name not in _NO_PLACE:
            yield _SAME.get(name, name)


def _whole_year(text: str) -> str:
    return text if len(text) == 4 else f"20{text[1:]}"
