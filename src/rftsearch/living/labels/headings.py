"""What the words of a heading say about the papers below it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from rftsearch.living.labels.evidence import Evidence
from rftsearch.living.labels.words import WordTable
from rftsearch.text.terms import prose_terms
from rftsearch.types import DoubleArray

__all__ = ["heading_matches", "own_words"]

_WORD = re.compile(r"[\w'-]+")
_SCALE = 4.0
"""Divides a match, so that one rare word gives about 1."""
_SATURATION = 1.5
"""Occurrences in an abstract after which more of them hardly count."""


def own_words(categories: Sequence[str]) -> list[str]:
    """Return each name without the words that it shares with another name.

    Of "Vision (Image)" and "Vision (Video)" only "Image" and "Video" tell them apart. A name
    that has no word of its own stays whole.
    """
    words = [_WORD.findall(category) for category in categories]
    having = Counter(word for one in words for word in {word.casefold() for word in one})
    own = [" ".join(word for word in one if having[word.casefold()] == 1) for one in words]
    return [text or category for text, category in zip(own, categories, strict=True)]


def heading_matches(
    categories: Sequence[str], table: WordTable, evidence: Evidence
) -> tuple[DoubleArray, DoubleArray]:
    """Return how much of each category's name is in titles and in abstracts.

    Words are compared by their stems. A word counts more the fewer names and papers have it.

    Args:
        categories: The names, k of them.
        table: Knows how rare a word is.
        evidence: The papers, n of them.

    Returns:
        Two arrays (n, k): for titles, and for abstracts.
    """
    names = [dict.fromkeys(prose_terms(category)) for category in categories]
    sharing = Counter(term for name in names for term in name)
    weights = {
        term: np.log((len(names) + 1) / count) * table.rarity(term) / _SCALE
        for term, count in sharing.items()
    }
    having: dict[str, list[int]] = {}  # Which names have a term.
    for column, name in enumerate(names):
        for term in name:
            having.setdefault(term, []).append(column)
    heads = np.zeros((len(evidence), len(names)))
    bodies = np.zeros_like(heads)
    for row, (head, body) in enumerate(zip(evidence.heads, evidence.bodies, strict=True)):
        for term in dict.fromkeys(term for term in head if term in having):
            heads[row, having[term]] += weights[term]
        for term, count in Counter(term for term in body if term in having).items():
            bodies[row, having[term]] += weights[term] * count / (count + _SATURATION)
    return heads, bodies
