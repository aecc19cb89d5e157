"""The words of a query that no paper has."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rftsearch.index.generations.generation import Generation
from rftsearch.text.terms import prose_terms

__all__ = ["MOST_NAMED", "nobody_mentions", "unknown_words"]

MOST_NAMED = 4
"""At most this many are named."""
_ISE = re.compile(r"(?<=\w{3})is(e[sd]?|ing|ation|ations)$")
_OUR = re.compile(r"(?<=\w{2})our(?=s?$|ed$|ing$|al$)")
_WORD = re.compile(r"[^\W\d_][\w'\u2019-]{2,}")


def unknown_words(generation: Generation, text: str) -> tuple[str, ...]:
    """Return the words of a query that no paper has in any form, as they are written.

    Words that say nothing, such as "which", are not among them, nor are numbers.
    """
    found: dict[str, str] = {}
    for word in _WORD.findall(text):
        terms = [*prose_terms(word), *prose_terms(_american(word))]
        if terms and not any(generation.lexical.frequency(term) for term in terms):
            found.setdefault(word.casefold(), word.rstrip("'\u2019-"))
    return tuple(found.values())[:MOST_NAMED]


def nobody_mentions(words: Sequence[str]) -> str:
    """Return the sentence that names them.

    >>> nobody_mentions(["drones", "kites"])
    'no paper mentions drones or kites'
    """
    *others, last = words
    return f"no paper mentions {', '.join(others)}{' or ' if others else ''}{last}"


def _american(word: str) -> str:
    """Return `recognizing` for `recognising` and `behavior` for `behaviour`."""
    return _OUR.sub("or", _ISE.sub(r"iz\1", word))
