"""Queries to start from, taken from the list itself: what its categories are about."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rftsearch.index.generations.generation import Generation
from rftsearch.papers.filters import Filters
from rftsearch.papers.names import split_title
from rftsearch.search.answer.overview import PaperMap
from rftsearch.search.listing import list_papers
from rftsearch.search.scope import Scope
from rftsearch.text.latex import latex_to_text
from rftsearch.text.terms import prose_terms

__all__ = ["example_queries", "phrases_by_category", "typical_phrases"]

# A phrase is shown if several titles have it, but so few that it sets one topic of the list
# apart from the others.
LEAST_TITLES = 2
LARGEST_SHARE = 0.1
SMALL_LIST = 50
"""With fewer titles no phrase is too common."""
LONGEST_PHRASE = 4
"""Words of a phrase at most."""
ALWAYS = 0.7
"""A word belongs to a phrase if it stands beside this share of its occurrences."""
LONGEST_NAME = 24
"""Characters of a short name that is shown; many lists have whole titles for names."""

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
        for paper in list_papers(generation, Filters(has=has), 20, "oldest"):
            name = latex_to_text(paper.short_name)
            if len(name) <= LONGEST_NAME:
                return [name]
    return []


def typical_phrases(titles: Iterable[tuple[str, str]], limit: int) -> list[str]:
    """Return phrases that titles of one category share and others do not."""
    return [phrase for _, phrase in phrases_by_category(titles, limit)]


def phrases_by_category(
    titles: Iterable[tuple[str, str]],
    limit: int,
    largest_share: float = LARGEST_SHARE,
    words: float = 0.0,
) -> list[tuple[str, str]]:
    """Return phrases that titles of one category share and others do not, with the category.

    The largest categories come first, each with its most typical pair of words: by the
    log-likelihood that its titles have the pair rather than any titles. Words that nearly
    always stand beside a pair complete it. No word comes twice.

    Args:
        titles: Category and title of each paper.
        limit: How many phrases to return.
        largest_share: The largest share of all titles that may have a phrase.
        words: What a single word is worth beside a pair; with 0 only pairs are phrases.
    """
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    everywhere: Counter[str] = Counter()
    within: dict[str, Counter[str]] = defaultdict(Counter)
    sizes: Counter[str] = Counter()
    pieces: list[_Words] = []
    for category, title in titles:
        sizes[category] += 1
        found = _pieces(title)
        pieces += found
        for key, form in {
            k: f for piece in found for k, f in (*_pairs(piece), *(_single(piece) if words else ()))
        }.items():
            forms[key][form] += 1
            everywhere[key] += 1
            within[category][key] += 1
    whole = sizes.total()
    most = largest_share * whole if whole >= SMALL_LIST else whole

    def weight(category: str, key: str) -> float:
        here, share = within[category][key], everywhere[key] / whole
        worth = here * (math.log(here / sizes[category] / share) + 1e-3)
        return worth if " " in key else worth * words

    chosen: list[tuple[str, str]] = []
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
            terms, phrase = _completed(tuple(best.split()), _usual(forms[best]), pieces)
            chosen.append((category, phrase))
            taken |= set(terms)
    return chosen


_Words = list[tuple[str, str]]
"""Neighbouring words of a title: the term of each, empty for one that carries no meaning,
and the word as it stands there."""


def _pieces(title: str) -> list[_Words]:
    """Return the words of a title without its leading name, in pieces between its signs."""
    _, rest = split_title(latex_to_text(title))
    return [
        [("".join(prose_terms(word)[:1]), word) for word in _WORD.findall(piece)]
        for piece in _BREAK.split(rest)
    ]


def _pairs(words: _Words) -> Iterator[tuple[str, str]]:
    """Yield neighbouring words: their terms, and the words as they stand there."""
    for (one, first), (other, second) in itertools.pairwise(words):
        if one and other and one != other:
            yield f"{one} {other}", f"{_calm(first)} {_calm(second)}"


def _single(words: _Words) -> Iterator[tuple[str, str]]:
    """Yield the words that carry a meaning: their terms, and the words as they stand there."""
    for term, word in words:
        if term:
            yield term, _calm(word)


_Place = tuple[_Words, int, int]
"""Words of a title, and where in them a phrase begins and ends."""


def _completed(
    terms: tuple[str, ...], phrase: str, pieces: Iterable[_Words]
) -> tuple[tuple[str, ...], str]:
    """Add the words that nearly always follow a phrase, then those that stand before it.

    Returns:
        The terms of the phrase, and the phrase.
    """
    places: list[_Place] = [
        (words, start, start + len(terms))
        for words in pieces
        for start in range(len(words) - len(terms) + 1)
        if all(words[start + n][0] == term for n, term in enumerate(terms))
    ]
    for after in (True, False):
        while len(terms) < LONGEST_PHRASE:
            term, word, grown = _with_neighbour(places, after)
            if not term or term in terms or len(grown) < max(LEAST_TITLES, ALWAYS * len(places)):
                break
            places = grown
            terms = (*terms, term) if after else (term, *terms)
            phrase = f"{phrase} {word}" if after else f"{word} {phrase}"
    return terms, phrase


def _with_neighbour(places: Sequence[_Place], after: bool) -> tuple[str, str, list[_Place]]:
    """Return the most frequent neighbour of a phrase: its term, the word, and where it stands.

    The term is empty if most often there is no word, or one that carries no meaning.
    """

    def neighbour(place: _Place) -> tuple[str, str]:
        words, start, end = place
        at = end if after else start - 1
        return words[at] if 0 <= at < len(words) else ("", "")

    counts = Counter(neighbour(place)[0] for place in places)
    term = max(counts, key=lambda term: (counts[term], term))
    standing = [place for place in places if neighbour(place)[0] == term]
    word = _usual(Counter(_calm(neighbour(place)[1]) for place in standing))
    grown = [
        (words, start, end + 1) if after else (words, start - 1, end)
        for words, start, end in standing
    ]
    return term, word, grown


def _calm(word: str) -> str:
    """Return a word without the capital that titles give it; a name keeps its capitals."""
    return word.lower() if word[1:] == word[1:].lower() else word


def _usual(forms: Mapping[str, int]) -> str:
    return max(forms, key=lambda form: (forms[form], form))
