"""Whether a text is in another language than English, by its letters and its small words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["TABLE", "is_foreign"]

_LAST_LATIN = "\u024f"
_FEWEST = 3
"""Letters of another script that make a text foreign; one or two are symbols: π0."""

# Small words that hardly stand in English texts, and those that may: "de novo", "et al.".
_SMALL = frozenset(
    """
    ohne mit für fur und der das dem nicht wie auf aus bei zum zur über uber durch eine einer eines
    einem sich oder auch werden wird sind gibt kann welche avec pour dans les une sur qui est sont
    aux leur leurs comme plus sans entre ou où peut cette ces con para los las por una del como sin
    sobre entre cuando qué mediante che della delle degli di dei nel nella con senza gli alla sono
    più come com uma não nao dos das pelo pela sem mais são sao het een voor met zonder niet van
    zijn worden naar och för utan med av som att inte är og ikke uten til jest dla bez oraz przez
    się które jak ile ve için ile olan bir bu và của cho không với các những dan yang untuk
    dengan tanpa dari pada adalah v na bez pro které jako není
    """.split()  # noqa: SIM905 - as a list it would be a page long
)
_DOUBTFUL = frozenset(
    """
    de la en et des du le au die den ein par
    per van von se al il un y e o a com plus sans entre ou dan
    di dos das por via na v med para con que do is ile bu til bez pro on met las les is sur
    """.split()  # noqa: SIM905 - the same
)
_ENGLISH = frozenset(
    """
    the of and for with without in on to a an from by that which are is what how do does can not no
    between using about into than
    """.split()  # noqa: SIM905 - the same
)
_WORD = re.compile(r"[^\W\d_]+")
_ET_AL = re.compile(r"\bet al\b", re.IGNORECASE)

TABLE: Mapping[str, Any] = {
    "small": sorted(_SMALL),
    "doubtful": sorted(_DOUBTFUL),
    "english": sorted(_ENGLISH),
    "fewest": _FEWEST,
}
"""What a browser needs to read such parts alike: see `rftsearch.publish.reading`."""


def is_foreign(text: str, known: Callable[[str], bool]) -> bool:
    """Return whether a text is probably not English.

    Another script is foreign if most letters are of it. Of the Latin script, two small words
    of other languages are, or one if most of the other words are unknown; names, formulas and
    a word or two of another language are not.

    Args:
        text: A question.
        known: Whether a word is one that the collection or the model knows.
    """
    if text.isascii() and not _suspect(text):
        return False
    letters = [letter for letter in text if letter.isalpha()]
    others = sum(letter > _LAST_LATIN for letter in letters)
    if others >= _FEWEST and 2 * others > len(letters):
        return True
    words = [word.casefold() for word in _WORD.findall(_ET_AL.sub("", text))]
    small = Counter(word for word in words if word in _SMALL or word in _DOUBTFUL)
    sure = sum(count for word, count in small.items() if word not in _DOUBTFUL)
    english = sum(word in _ENGLISH and word not in small for word in words)
    if small.total() <= english:
        return False
    rest = [word for word in words if word not in small and len(word) > 2]
    unknown = sum(not known(word) for word in rest)
    if sure and small.total() > 1:
        return unknown > 0
    return bool(sure or small.total() > 1) and 2 * unknown > len(rest)


def _suspect(text: str) -> bool:
    """Return whether a text has a small word of another language."""
    return any(
        word in _SMALL or word in _DOUBTFUL for word in (one.casefold() for one in text.split())
    )
