"""The words of a query that no paper has."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rftsearch.index.generations.generation import Generation
from rftsearch.text.terms import prose_terms

__all__ = ["MOST_NAMED", "nobody_mentions", "unknown_words"]

MOST_NAMED = 4
"""At most this many are named."""
_WORD = re.compile(r"[^\W\d_][\w'\u2019-]{2,}")


def unknown_words(generation: Generation, text: str) -> tuple[str, ...]:
    """Return the words of a query that no paper has in any form, as they are written.

    Words that say nothing, such as "which", are not among them, nor are numbers.
    """
    found = {}
    for word in _WORD.findall(text):
        terms = prose_terms(word)
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
