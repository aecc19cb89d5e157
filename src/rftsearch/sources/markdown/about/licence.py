"""The name of a licence in a text."""

from __future__ import annotations

import re

__all__ = ["licence_in", "licence_of_badge"]

_CREATIVE_COMMONS = re.compile(
    r"creativecommons\.org/licenses/(?P<path>by(?:-nc)?(?:-sa|-nd)?)/(?P<of_path>\d\.\d)"
    r"|\bCC[\s_-]+(?P<short>BY(?:[\s_-]+NC)?(?:[\s_-]+(?:SA|ND))?)(?:[\s_-]+v?(?P<of_short>\d\.\d))?"
    r"|Creative\s+Commons\s+(?P<long>Attribution(?:[\s-]+Non-?Commercial)?"
    r"(?:[\s-]+(?:Share-?Alike|No-?Deriv\w+))?)(?:\s+(?P<of_long>\d\.\d))?",
    re.IGNORECASE,
)
_NAMES = tuple(
    (re.compile(form, re.IGNORECASE), name)
    for form, name in (
        (r"publicdomain/zero|\bCC[\s_-]?0\b", "CC0 1.0"),
        (r"\bMIT\b(?=[\s_-]*(?:licen[cs]ed?|$|[\W_]))|licenses/mit\b", "MIT"),
        (
            r"\bApache(?:[\s_-]+(?:software\s+)?licen[cs]e)?[\s,_-]*(?:version|v)?[\s_-]*2",
            "Apache 2.0",
        ),
        (r"licenses/apache-2|apache\.org/licenses/LICENSE-2", "Apache 2.0"),
        (r"\bAGPL|Affero\s+General\s+Public", "AGPL 3.0"),
        (r"\bLGPL[\s_-]*v?3|Lesser\s+General\s+Public\s+Licen[cs]e\s+v?3", "LGPL 3.0"),
        (r"\bGPL[\s_-]*v?3|General\s+Public\s+Licen[cs]e,?\s+(?:version\s+|v)?3", "GPL 3.0"),
        (r"\bGPL[\s_-]*v?2|General\s+Public\s+Licen[cs]e,?\s+(?:version\s+|v)?2", "GPL 2.0"),
        (r"\bBSD[\s_-]*3|\b3[\s_-]Clause\s+BSD", "BSD 3-Clause"),
        (r"\bBSD[\s_-]*2|\b2[\s_-]Clause\s+BSD", "BSD 2-Clause"),
        (r"\bMPL[\s_-]*2|Mozilla\s+Public\s+Licen[cs]e", "MPL 2.0"),
        (r"\bUnlicense\b", "Unlicense"),
    )
)


def licence_in(text: str) -> str:
    """Return the licence that a text about licences names; empty if it names none.

    Args:
        text: Words, or the address of a licence.

    >>> licence_in("https://creativecommons.org/licenses/by-nc-sa/4.0/")
    'CC BY-NC-SA 4.0'
    """
    named = [(found.start(), name) for form, name in _NAMES if (found := form.search(text))]
    if found := _CREATIVE_COMMONS.search(text):
        named.append((found.start(), _creative_commons(found)))
    return min(named)[1] if named else ""


def _creative_commons(found: re.Match[str]) -> str:
    name = found["path"] or found["short"] or found["long"]
    for words, short in (
        ("attribution", "BY"),
        ("non-?commercial", "NC"),
        ("share-?alike", "SA"),
        (r"no-?deriv\w+", "ND"),
    ):
        name = re.sub(words, short, name, flags=re.IGNORECASE)
    version = found["of_path"] or found["of_short"] or found["of_long"]
    return " ".join(filter(None, ("CC", re.sub(r"[\s_-]+", "-", name).upper(), version)))


def licence_of_badge(alt: str, label: str, message: str) -> str:
    """Return the licence that a badge shows, by its text or its address."""
    if re.search("licen[cs]e", f"{alt} {label}", re.IGNORECASE):
        return licence_in(message) or licence_in(alt)
    return licence_in(message) if re.fullmatch(r"CC[\s-].*|CC0.*", message) else ""
