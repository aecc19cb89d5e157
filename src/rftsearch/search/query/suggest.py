"""Papers whose name or title holds what somebody is typing."""

from __future__ import annotations

import numpy as np

from rftsearch.index.generations.generation import Generation
from rftsearch.papers.paper import Paper
from rftsearch.text.terms import fold_name, prose_terms
from rftsearch.types import IdArray

__all__ = ["suggest"]

LOOKED_THROUGH = 5_000
"""Up to so many papers every name and title is looked at; of more the lexical index proposes."""
PROPOSED = 200
"""So many that begin with what was typed are looked at, and as many that have its words."""
_LEAST_STEM = 3


def suggest(
    generation: Generation, text: str, limit: int, *, looked_through: int = LOOKED_THROUGH
) -> list[Paper]:
    """Find papers whose short name or title holds what was typed; names first.

    Of a large collection those are found of which a name or title begins so, or
    which have every word but the last and one that the last begins.

    Args:
        generation: Where they are looked for.
        text: What was typed so far.
        limit: How many at the most.
        looked_through: Up to so many papers no index is asked.
    """
    key = fold_name(text)
    if not key:
        return []
    among = None if len(generation.lexical) <= looked_through else _proposed(generation, text, key)
    return generation.store.containing(generation.number, key, limit, among)


def _proposed(generation: Generation, text: str, key: str) -> list[int]:
    *whole, last = text.split()
    found: list[IdArray] = [
        generation.lexical.named(key),
        generation.lexical.beginning(key, PROPOSED),
        generation.lexical.completing(
            prose_terms(" ".join(whole)), _ways_on(last), fold_name(last), PROPOSED
        ),
    ]
    return [int(identifier) for identifier in np.unique(np.concatenate(found))]


def _ways_on(word: str) -> list[str]:
    """Terms that a word which is not typed to its end may be one of: stems are shorter."""
    folded = fold_name(word)
    return [*prose_terms(word), *(folded[:end] for end in range(_LEAST_STEM, len(folded)))]
