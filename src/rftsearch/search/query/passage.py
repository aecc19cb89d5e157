"""Someone's own text as a query: its sentences, and the words by which it is told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from math import log

from rftsearch.text.sentences import find_sentences

__all__ = ["LEAST_WORDS", "MOST_SENTENCES", "PASSAGE", "own_sentences", "telling"]

MOST_SENTENCES = 16
"""The first so many sentences are compared each by itself, the rest within the whole."""
_NUMBER = re.compile(r"\d[\d.,]*(?:st|nd|rd|th|k|m|b|x)?")
PASSAGE = 32
"""A text of more terms than this is a passage; none of 19,000 written questions is as long."""
LEAST_WORDS = 4
"""A sentence of fewer is a heading or a scrap."""
_TELLING = 15
"""Of a passage so many words are marked; the others are in every abstract."""


def own_sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of a text of several, without headings and scraps."""
    sentences = [text[start:end] for start, end in find_sentences(text)]
    whole = [sentence for sentence in sentences if len(sentence.split()) >= LEAST_WORDS]
    return tuple(whole[:MOST_SENTENCES]) if len(whole) > 1 else ()


def telling(terms: Sequence[str], idf: Callable[[str], float]) -> Mapping[str, float]:
    """Return the terms of a query or passage that a sentence of a paper may be chosen by.

    Of a query they are all of them, of a passage the rarest that it repeats most. Numbers tell
    nothing in a passage.

    Args:
        terms: As `prose_terms` returns them.
        idf: The inverse document frequency of a term.

    Returns:
        Each with its weight.
    """
    counts = Counter(terms)
    if len(terms) <= PASSAGE:
        return {term: count * idf(term) for term, count in counts.items()}
    weights = {
        term: (1 + log(count)) * idf(term)
        for term, count in counts.items()
        if not _NUMBER.fullmatch(term)
    }
    kept = sorted(weights, key=lambda term: (-weights[term], term))[:_TELLING]
    return {term: weights[term] for term in kept}
