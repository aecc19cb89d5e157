"""The keys under which an author is found: in any order of names, accented or not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from rftsearch.text.author_names import Name, split_name
from rftsearch.text.latex import latex_to_text

__all__ = [
    "TABLE",
    "author_keys",
    "exact_keys",
    "family_key",
    "initial_keys",
    "name_key",
    "name_words",
]

# Letters that Unicode does not take apart into a letter and an accent.
_WHOLE = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "\u0131": "i",
        "þ": "th",
    }
)
_GAP = re.compile(r"[^\w'\u2019`-]+|_+")
_INSIDE = re.compile(r"[-'\u2019`]+")

TABLE: Mapping[str, Any] = {
    "letters": {chr(letter): plain for letter, plain in _WHOLE.items()},
    "gap": _GAP,
    "inside": _INSIDE,
}
"""What a browser needs to read such parts alike: see `rftsearch.publish.reading`."""


def name_words(text: str) -> list[str]:
    """Return the words of a name in small letters, without accents, hyphens or full stops.

    >>> name_words("Łukasz K. Müller-Lüdenscheidt")
    ['lukasz', 'k', 'mullerludenscheidt']
    """
    if text.isascii() and "\\" not in text and "$" not in text and "{" not in text:
        small = text.lower()
    else:
        small = unicodedata.normalize("NFKD", latex_to_text(text).casefold()).translate(_WHOLE)
    plain = "".join(letter for letter in small if not unicodedata.combining(letter))
    return [word for part in _GAP.split(plain) if (word := _INSIDE.sub("", part))]


def name_key(text: str) -> str:
    """Return a name without blanks, as keys have it."""
    if text.isascii() and text.isalpha():
        return text.lower()
    return "".join(name_words(text))


def exact_keys(text: str) -> tuple[str, ...]:
    """Return the keys of a whole name as it is typed: as it stands, and without initials.

    >>> exact_keys("Ross B. Girshick")
    ('=rossbgirshick', '=rossgirshick')
    """
    words = name_words(text)
    return tuple(dict.fromkeys(f"={''.join(each)}" for each in (words, _unabbreviated(words))))


def initial_keys(text: str) -> tuple[str, ...]:
    """Return the keys of initial and family name, whichever of them comes first.

    >>> initial_keys("R. Girshick")
    ('~girshick r', '~r girshick')
    """
    words = name_words(text)
    if len(words) < 2:
        return ()
    return (f"~{words[-1]} {words[0][0]}", f"~{words[0]} {words[-1][0]}")


def family_key(text: str) -> str:
    """Return the key of a family name."""
    return f"~{name_key(text)}"


def author_keys(text: str, name: Name | None = None) -> tuple[str, ...]:
    """Return every key under which an author is found.

    `=` marks whole names, in both orders and without middle initials; `~` family names,
    alone and with the initial of the first given name.

    Args:
        text: The name as it is shown.
        name: The same in parts, if a source has them.

    >>> author_keys("Ross B. Girshick")[:2]
    ('=rossbgirshick', '=rossgirshick')
    """
    parts = name or split_name(text)
    if parts is None:
        return ()
    if parts.literal:
        whole = "".join(name_words(text))
        return (f"={whole}", f"~{whole}") if whole else ()
    given, family = name_words(parts.given), name_words(f"{parts.particle} {parts.family}")
    bare = name_words(parts.family)
    found = []
    for first in (given, _unabbreviated(given)):
        found += [f"={''.join((*first, *family))}", f"={''.join((*family, *first))}"]
    for last in (family, bare):
        if last:
            found.append(f"~{''.join(last)}")
            found += [f"~{''.join(last)} {given[0][0]}"] if given else []
    return tuple(dict.fromkeys(found))


def _unabbreviated(words: list[str]) -> list[str]:
    """Return words without initials, unless nothing else would be left."""
    return [word for word in words if len(word) > 1] or words
