"""Queries to start from, taken from the list itself: what its categories are about."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from rftsearch.index.generations.generation import Generation
from rftsearch.papers.filters import Filters
from rftsearch.papers.names import split_title
from rftsearch.search.answer.overview import PaperMap
from rftsearch.search.listing import list_papers
from rftsearch.search.scope import Scope
from rftsearch.text.latex import latex_to_text
from rftsearch.text.terms import prose_terms

__all__ = ["example_queries", "typical_phrases"]

# A phrase is shown if several titles have it, but so few that it sets one topic of the list
# apart from the others.
LEAST_TITLES = 2
LARGEST_SHARE = 0.1
SMALL_LIST = 50
"""With fewer titles no phrase is too common."""

_WORD = re.compile(r"[^\W\d_][\w'\u2019+/-]*")
_BREAK = re.compile(r"[^\w\s'\u2019+/-]+")


def example_queries(generation: Generation, limit: int) -> list[str]:
    """Return queries to start from: phrases that titles share, and one short name."""
    points = PaperMap.of(generation, Scope()).points
    phrases = typical_phrases(((one.category, one.title) for one in points), limit)
    return [*phrases[: limit - 1], *_known_name(generation)][:limit]


def _known_name(generation: Generation) -> list[str]:
    """Return the short name of the oldest paper among those with the most resources."""
    for has in (("code", "model", "dataset"), ("code", "model"), ("code",)):
        if found := list_papers(generation, Filters(has=has), 1, "oldest"):
            return [latex_to_text(found[0].short_name)]
    return []


def typical_phrases(titles: Iterable[tuple[str, str]], limit: int) -> list[str]:
    """Return pairs of words that titles of one category share and others do not.

    The largest categories come first, each with its most typical phrase: by the
    log-likelihood that its titles have the phrase rather than any titles. No word comes
    twice.

    Args:
        titles: Category and title of each paper.
        limit: How many phrases to return.
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
    # Round after round: a list may have fewer categories than phrases are wanted.
    for category in itertools.chain.from_iterable(itertools.repeat(largest_first, limit)):
        known = [
            key
            for key in within[category]
            if LEAST_TITLES <= everywhere[key] <= most and not taken & set(key.split())
        ]
        if known and len(chosen) < limit:
            best = max(known, key=lambda key: (weight(category, key), key))
            chosen.append(_usual(forms[best]))
            taken |= set(best.split())
    return chosen


def _phrases(title: str) -> Iterator[tuple[str, str]]:
    """Yield neighbouring words of a title: their terms, and the words as they stand there."""
    _, rest = split_title(latex_to_text(title))
    for piece in _BREAK.split(rest):
        words = [(prose_terms(word), word) for word in _WORD.findall(piece)]
        for (one, first), (other, second) in itertools.pairwise(words):
            if one and other and one != other:
                yield f"{one[0]} {other[0]}", f"{_calm(first)} {_calm(second)}"


def _calm(word: str) -> str:
    """Return a word without the capital that titles give it; a name keeps its capitals."""
    return word.lower() if word[1:] == word[1:].lower() else word


def _usual(forms: Mapping[str, int]) -> str:
    return max(forms, key=lambda form: (forms[form], form))
