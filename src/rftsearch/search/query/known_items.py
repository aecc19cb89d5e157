"""Questions that name a paper: by id, by short name, by title, or nearly so.

A paper that is named comes first, whatever else is asked. The danger is a name
that is also a word: "FAST", "Virgo" and "Omni" are papers, and fast, virgo and
omni are words of ordinary questions. So a name inside a longer question counts
only where it has the look of one: a digit, a joint, a capital past its first
letter, and other letters than capitals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from rapidfuzz import fuzz, process

from rftsearch.index.generations.generation import Generation
from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.papers.documents import name_keys
from rftsearch.papers.names import MOST_WORDS_IN_QUERY, split_title
from rftsearch.papers.paper import Paper
from rftsearch.search.ranking.scored import Scored
from rftsearch.text.terms import fold_name, prose_terms
from rftsearch.types import IdArray

__all__ = ["KnownItems", "find_known_items", "only_id", "titled"]

_TITLE_WORDS = 4
_LEAST_KIN = 6
"""Shorter names are one letter away from too many others."""
_SAME_TITLE = 85.0
"""Of 100, in rapidfuzz's token_sort_ratio."""
_AROUND = " .,:;!?()[]<>\"'"
"""What stands around an id in a sentence."""


@dataclass(frozen=True)
class KnownItems:
    """The papers that a question names."""

    papers: dict[int, Paper] = field(default_factory=dict)
    """By integer id."""
    whole: bool = False
    """Whether the question is nothing but the name."""
    by_id: bool = False
    """Whether it names them by their ids."""
    near_names: frozenset[int] = frozenset()
    """Papers of nearly that name, where the question is nothing but a name: R1V2 of R1V3."""

    def __bool__(self) -> bool:
        """Whether it names any."""
        return bool(self.papers)

    @property
    def settled(self) -> bool:
        """Whether it is clear what is named, so that no title is to be looked for."""
        return self.whole or self.by_id


def only_id(query: str) -> str | None:
    """The id of arXiv, or its address, that a question is and says nothing besides."""
    return parse_arxiv_id(query.strip(_AROUND))


def find_known_items(generation: Generation, query: str) -> KnownItems:
    """Find the papers that a question names by their ids or names.

    Args:
        generation: Where they are looked for.
        query: One line of text.
    """
    ids = [arxiv_id for word in query.split() if (arxiv_id := parse_arxiv_id(word.strip(_AROUND)))]
    whole_id = only_id(query)
    if found := _by_paper_ids(generation, [whole_id] if whole_id else ids):
        return KnownItems(found, whole=whole_id is not None, by_id=True)
    key = fold_name(query)
    if found := _records(generation, generation.lexical.named(key)):
        near = generation.lexical.named(key, slips=1) if len(key) >= _LEAST_KIN else ()
        return KnownItems(found, whole=True, near_names=frozenset(map(int, near)) - found.keys())
    if found := _misspelt(generation, query, key):
        return KnownItems(found, whole=True)
    return KnownItems(_mentioned(generation, query))


def titled(generation: Generation, query: str, scored: Scored) -> KnownItems:
    """Find the papers of which a question is the title, or half of it.

    Args:
        generation: Where they are looked for.
        query: One line of text: most words of a title, in any order.
        scored: What was found for it, with the `nearest`.
    """
    if len(query.split()) < _TITLE_WORDS or scored.nearest is None:
        return KnownItems()
    titles = generation.store.titles(scored.ids[scored.nearest].tolist())
    forms = [(form, identifier) for identifier, own in titles.items() for form in _forms(own)]
    same = process.extract(
        query.casefold(),
        [form for form, _ in forms],
        scorer=fuzz.token_sort_ratio,
        score_cutoff=_SAME_TITLE,
        limit=None,
    )
    found = sorted({forms[place][1] for _, _, place in same})
    return KnownItems(_records(generation, np.array(found, dtype=np.int64)))


def _by_paper_ids(generation: Generation, paper_ids: list[str]) -> dict[int, Paper]:
    return {
        identifier: paper
        for paper_id in paper_ids
        for identifier, paper in generation.store.find(generation.number, paper_id)
    }


def _misspelt(generation: Generation, query: str, key: str) -> dict[int, Paper]:
    """A name with a slip or two; digits must be right, for they tell R1 from R2."""
    if len(key) < 5 or len(key) > 40 or len(query.split()) > MOST_WORDS_IN_QUERY:
        return {}
    if all(generation.lexical.frequency(term) for term in prose_terms(query)):
        return {}  # Words that the collection uses are no slips.
    near = generation.lexical.named(key, slips=1 if len(key) < 8 else 2)
    digits = re.sub(r"\D", "", key)
    return {
        identifier: paper
        for identifier, paper in _records(generation, near).items()
        if any(
            re.sub(r"\D", "", name) == digits and fuzz.ratio(name, key) >= 80
            for name in name_keys(paper)
        )
    }


def _forms(titles: Sequence[str]) -> Iterator[str]:
    """Titles as they may be remembered: whole, and without the name before the colon."""
    for title in titles:
        yield title.casefold()
        name, rest = split_title(title)
        if name and len(name.split()) <= MOST_WORDS_IN_QUERY:
            yield rest.casefold()


def _mentioned(generation: Generation, query: str) -> dict[int, Paper]:
    """Names inside a longer question, the longest at each place."""
    words = [fold_name(word) for word in query.split()]  # Folded once, not at each place.
    found: dict[int, Paper] = {}
    start = 0
    while start < len(words):
        for length in range(min(MOST_WORDS_IN_QUERY, len(words) - start), 0, -1):
            key = "".join(words[start : start + length])
            if len(key) < 3 or not generation.lexical.is_name(key):
                continue
            named = {
                identifier: paper
                for identifier, paper in _records(generation, generation.lexical.named(key)).items()
                if _looks_like_a_name(paper.short_name)
            }
            if named:
                found |= named
                start += length - 1
                break
        start += 1
    return found


def _looks_like_a_name(name: str) -> bool:
    if any(letter.isdigit() for letter in name):
        return True
    # Several words are a phrase of the field, "Zero-Shot Learning", where none has a hump.
    joined = re.search(r"[-+]", name) is not None and len(name.split()) == 1
    return joined or any(
        any(letter.isupper() for letter in word[1:]) and not word.isupper()
        for word in re.split(r"[\s-]+", name)
    )


def _records(generation: Generation, ids: IdArray) -> dict[int, Paper]:
    """The records of some ids, newest first."""
    if not len(ids):
        return {}
    newest_first = ids[np.argsort(generation.attributes.rank(ids))]
    papers = generation.store.papers(newest_first.tolist())
    return {int(i): papers[int(i)] for i in newest_first if int(i) in papers}
