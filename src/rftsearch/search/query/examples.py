"""Questions to start from, taken from a list itself: what its categories are about."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from rftsearch.papers.names import split_title
from rftsearch.text.latex import latex_to_text
from rftsearch.text.terms import prose_terms

__all__ = ["telling_phrases"]

# What is asked of a phrase before it is shown: that several titles have it, and few enough
# that it tells one matter of the list from the others.
LEAST_TITLES = 2
LARGEST_SHARE = 0.1
SMALL_LIST = 50
"""With fewer titles no phrase is too common."""

_WORD = re.compile(r"[^\W\d_][\w'\u2019+/-]*")
_BREAK = re.compile(r"[^\w\s'\u2019+/-]+")


def telling_phrases(titles: Iterable[tuple[str, str]], count: int) -> list[str]:
    """Pairs of words that titles of one category share and others do not.

    The largest categories come first, each with the phrase that tells most of it: by the
    log-likelihood that its titles have it rather than any. No word comes twice.

    Args:
        titles: Category and title of each work.
        count: How many at the most.
    """
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    everywhere: Counter[str] = Counter()
    within: dict[str, Counter[str]] = defaultdict(Counter)
    sizes: Counter[str] = Counter()
    for category, title in titles:
        sizes[category] += 1
        for key, form in dict(_phrases(title)).items():
            forms[key][form] += 1
            everywhere[key] += 1
            within[category][key] += 1
    whole = sizes.total()
    most = LARGEST_SHARE * whole if whole >= SMALL_LIST else whole

    def weight(category: str, key: str) -> float:
        here, share = within[category][key], everywhere[key] / whole
        return here * (math.log(here / sizes[category] / share) + 1e-3)

    chosen: list[str] = []
    taken: set[str] = set()
    largest_first = sorted(sizes, key=lambda name: (-sizes[name], name))
    # In turns, until there are enough: a list may have fewer categories than are wanted.
    for category in itertools.chain.from_iterable(itertools.repeat(largest_first, count)):
        known = [
            key
            for key in within[category]
            if LEAST_TITLES <= everywhere[key] <= most and not taken & set(key.split())
        ]
        if known and len(chosen) < count:
            best = max(known, key=lambda key: (weight(category, key), key))
            chosen.append(_usual(forms[best]))
            taken |= set(best.split())
    return chosen


def _phrases(title: str) -> Iterator[tuple[str, str]]:
    """Neighbouring words of a title, as their terms and as they stand there."""
    _, rest = split_title(latex_to_text(title))
    for piece in _BREAK.split(rest):
        words = [(prose_terms(word), word) for word in _WORD.findall(piece)]
        for (one, first), (other, second) in itertools.pairwise(words):
            if one and other and one != other:
                yield f"{one[0]} {other[0]}", f"{_calm(first)} {_calm(second)}"


def _calm(word: str) -> str:
    """A word without the capital that titles give it; a name keeps its own."""
    return word.lower() if word[1:] == word[1:].lower() else word


def _usual(forms: Mapping[str, int]) -> str:
    return max(forms, key=lambda form: (forms[form], form))
