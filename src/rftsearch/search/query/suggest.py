"""Suggestions while typing: papers whose name or title contains what was typed."""

from __future__ import annotations

import numpy as np

from rftsearch.index.generations.generation import Generation
from rftsearch.papers.asked.author_keys import name_words
from rftsearch.papers.asked.facts import AUTHOR, authors_with_keys
from rftsearch.papers.paper import Paper
from rftsearch.text.terms import fold_name, prose_terms
from rftsearch.types import IdArray

__all__ = ["suggest", "suggest_authors"]

LOOKED_THROUGH = 5_000
"""Up to this many papers, every name and title is read; of more, the lexical index proposes."""
PROPOSED = 200
"""How many papers are proposed by the beginning of a name, and how many by words."""
_LEAST_STEM = 3


def suggest(
    generation: Generation, text: str, limit: int, *, looked_through: int = LOOKED_THROUGH
) -> list[Paper]:
    """Find papers whose short name or title contains what was typed; names first.

    In a large collection a paper is found if its name or title begins with the text, or if
    it has all words but the last and a word that the last one begins.

    Args:
        generation: What is searched.
        text: What was typed so far.
        limit: How many papers to return.
        looked_through: Up to this many papers, every name and title is read.
    """
    key = fold_name(text)
    if not key:
        return []
    among = None if len(generation.lexical) <= looked_through else _proposed(generation, text, key)
    return generation.store.containing(generation.number, key, limit, among)


def suggest_authors(generation: Generation, text: str, limit: int) -> dict[str, int]:
    """Find authors whose name begins with what was typed, given name or family name first.

    Args:
        generation: What is searched.
        text: What was typed so far.
        limit: How many to return.

    Returns:
        How many papers each has, most first.
    """
    typed = "".join(name_words(text))
    if len(typed) < _LEAST_STEM:
        return {}
    facts = generation.lexical
    ids = facts.facts_beginning(f"{AUTHOR}={typed}", PROPOSED)
    found: dict[str, int] = {}
    for paper in generation.store.papers(ids.tolist()).values():
        for author, keys in authors_with_keys(paper):
            whole = [key for key in keys if key.startswith(f"={typed}")]
            if whole and author not in found:
                found[author] = max(facts.fact_count(f"{AUTHOR}{key}") for key in whole)
    most_first = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return dict(most_first[:limit])


def _proposed(generation: Generation, text: str, key: str) -> list[int]:
    *whole, last = text.split()
    found: list[IdArray] = [
        generation.lexical.named(key),
        generation.lexical.beginning(key, PROPOSED),
        generation.lexical.completing(
            prose_terms(" ".join(whole)), _continuations(last), fold_name(last), PROPOSED
        ),
    ]
    return [int(identifier) for identifier in np.unique(np.concatenate(found))]


def _continuations(word: str) -> list[str]:
    """Return terms that an unfinished word may become; stems are shorter than words."""
    folded = fold_name(word)
    return [*prose_terms(word), *(folded[:end] for end in range(_LEAST_STEM, len(folded)))]
