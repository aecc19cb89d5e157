"""Words that no paper has, and the word of the collection that was meant."""

from __future__ import annotations

from collections.abc import Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from rftsearch.index.generations.generation import Generation
from rftsearch.search.scope import RowsGoneError
from rftsearch.search.words.model_words import model_words
from rftsearch.text.terms import prose_terms

__all__ = ["TABLE", "correction"]

_SHORTEST = 5
"""Shorter words are one letter away from too many others."""
_ONE_SLIP = 6
"""Letters from which on one slip is clear; in shorter words only letters that changed places."""
_TWO_SLIPS = 8
"""Letters from which on two slips are one word still."""
_LEAST = 3
"""Papers that have the word which is meant, at least."""
_CLEARLY = 3
"""How many times as many papers have it as have the next word that is as near."""

TABLE: Mapping[str, int] = {
    "shortest": _SHORTEST,
    "oneSlip": _ONE_SLIP,
    "twoSlips": _TWO_SLIPS,
    "least": _LEAST,
    "clearly": _CLEARLY,
}
"""What a browser needs to read such parts alike: see `rftsearch.publish.reading`."""


def correction(generation: Generation, word: str) -> str | None:
    """Return the word that was probably meant; None if a word is right, or it is not clear.

    A word is right if a paper has it, or a stem of it, or if the model's tokenizer knows it
    whole: "radiology" and "cloud" are words, though no paper of a list may have them.

    Args:
        generation: What is searched.
        word: In small letters, one without digits and joints.
    """
    if len(word) < _SHORTEST or any(map(generation.lexical.frequency, prose_terms(word))):
        return None
    try:
        counts = generation.spellings.papers
    except FileNotFoundError as error:  # A newer generation has taken it away.
        raise RowsGoneError from error
    if not counts or word in model_words(generation.tokenizer_file).words:
        return None
    slips = 1 if len(word) < _TWO_SLIPS else 2
    near = process.extract(
        word,
        [other for other in counts if abs(len(other) - len(word)) <= slips],
        scorer=OSA.distance,
        score_cutoff=slips,
        limit=None,
    )
    if len(word) < _ONE_SLIP:
        near = [one for one in near if sorted(one[0]) == sorted(word)]
    # A first letter is seldom wrong, but may stand second.
    near = [one for one in near if one[0][0] == word[0] or one[0][:2] == word[1::-1]]
    if not near:
        return None
    closest = min(distance for _, distance, _ in near)
    rivals = sorted(
        (other for other, distance, _ in near if distance == closest),
        key=lambda other: (-counts[other], other),
    )
    best = rivals[0]
    others = [one for one in rivals[1:] if prose_terms(one) != prose_terms(best)]
    if counts[best] < _LEAST or (others and counts[best] < _CLEARLY * counts[others[0]]):
        return None
    return best
