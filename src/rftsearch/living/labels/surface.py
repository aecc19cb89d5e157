"""The words of a text as a reader knows them, from the terms that stand for them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rftsearch.text.terms import Remembered, prose_terms

__all__ = ["surface_forms"]

_WORD = re.compile(r"[^\W_]+(?:[-'\u2019][^\W_]+)*")

_terms_of = Remembered(lambda word: tuple(prose_terms(word)))
"""The terms of a word; abstracts repeat most of their words."""


def surface_forms(text: str, terms: Sequence[str]) -> tuple[str, ...]:
    """Return the word of a text behind each term, in the order of the terms.

    Args:
        text: Where the words are.
        terms: Terms as `prose_terms` returns them; one that no word has is left out.
    """
    wanted, found = set(terms), dict[str, str]()
    for word in dict.fromkeys(_WORD.findall(text)):
        own = _terms_of[word]
        if wanted.isdisjoint(own):
            continue
        for term in own:
            # A word that is only this term is the clearest form of it.
            if term in wanted and (
                term not in found or len(own) == 1 < len(found[term].split("-"))
            ):
                found[term] = word
    return tuple(dict.fromkeys(found[term] for term in terms if term in found))
