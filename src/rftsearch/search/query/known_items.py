"""Known items: papers that a query names by id, by short name or by title, or nearly names.

A paper that is named comes first, whatever else is asked. The danger is a name that is
also a word: "FAST", "Virgo" and "Omni" are papers, and fast, virgo and omni are words of
ordinary queries. So a name inside a longer query counts only if it looks like a name: it
has a digit, a hyphen, or a capital after its first letter but is not all capitals.
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

_REMEMBERED = 32
_TITLE_WORDS = 4
_LEAST_NEAR = 6
"""Names of fewer letters are one letter away from too many others."""
_SAME_TITLE = 85.0
"""Of 100, in rapidfuzz's token_sort_ratio."""
_AROUND = " .,:;!?()[]<>\"'"
"""Characters that may stand around an id in a sentence."""


@dataclass(frozen=True)
class KnownItems:
    """The papers that a query names."""

    papers: dict[int, Paper] = field(default_factory=dict)
    """By integer id."""
    whole: bool = False
    """Whether the query is nothing but the name."""
    by_id: bool = False
    """Whether it names them by their ids."""
    near_names: frozenset[int] = frozenset()
    """If the query is nothing but a name: papers with nearly that name, R1V2 for R1V3."""

    def __bool__(self) -> bool:
        """Return whether it names any."""
        return bool(self.papers)

    @property
    def settled(self) -> bool:
        """Whether it is clear what is named, so that titles need not be compared."""
        return self.whole or self.by_id


def only_id(query: str) -> str | None:
    """Return the arXiv id if a query is nothing but an id or its address, else None."""
    return parse_arxiv_id(query.strip(_AROUND))


def find_known_items(generation: Generation, query: str) -> KnownItems:
    """Find the papers that a query names by their ids or names.

    The last ones are remembered: a question is looked at when it is read and when it is scored.

    Args:
        generation: What is searched.
        query: One line of text.
    """
    remembered = generation.named
    found = remembered.get(query)
    if not isinstance(found, KnownItems):
        if len(remembered) >= _REMEMBERED:
            remembered.clear()
        found = remembered[query] = _find_known_items(generation, query)
    return found


def _find_known_items(generation: Generation, query: str) -> KnownItems:
    ids = [arxiv_id for word in query.split() if (arxiv_id := parse_arxiv_id(word.strip(_AROUND)))]
    whole_id = only_id(query)
    if found := _by_paper_ids(generation, [whole_id] if whole_id else ids):
        return KnownItems(found, whole=whole_id is not None, by_id=True)
    key = fold_name(query)
    if found := _records(generation, generation.lexical.named(key)):
        near = generation.lexical.named(key, slips=1) if len(key) >= _LEAST_NEAR else ()
        return KnownItems(found, whole=True, near_names=frozenset(map(int, near)) - found.keys())
    if found := _misspelt(generation, query, key):
        return KnownItems(found, whole=True)
    return KnownItems(_mentioned(generation, query))


def titled(generation: Generation, query: str, scored: Scored) -> KnownItems:
    """Find the papers whose title, or half of it, is the query.

    Args:
        generation: What is searched.
        query: One line of text with most words of a title, in any order.
        scored: The candidates for it, with `nearest`.
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
    """Find a name with one or two typing errors; digits must be right, as in R1 and R2."""
    if len(key) < 5 or len(key) > 40 or len(query.split()) > MOST_WORDS_IN_QUERY:
        return {}
    if all(generation.lexical.frequency(term) for term in prose_terms(query)):
        return {}  # Words that the collection uses are not typing errors.
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
    """Yield titles as people remember them: whole, and without the name before the colon."""
    for title in titles:
        yield title.casefold()
        name, rest = split_title(title)
        if name and len(name.split()) <= MOST_WORDS_IN_QUERY:
            yield rest.casefold()


def _mentioned(generation: Generation, query: str) -> dict[int, Paper]:
    """Find names inside a longer query, the longest at each place."""
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
    # Several words without a capital inside a word are a phrase: "Zero-Shot Learning".
    joined = re.search(r"[-+]", name) is not None and len(name.split()) == 1
    return joined or any(
        any(letter.isupper() for letter in word[1:]) and not word.isupper()
        for word in re.split(r"[\s-]+", name)
    )


def _records(generation: Generation, ids: IdArray) -> dict[int, Paper]:
    """Return the papers of some integer ids, newest first."""
    if not len(ids):
        return {}
    newest_first = ids[np.argsort(generation.attributes.rank(ids))]
    papers = generation.store.papers(newest_first.tolist())
    return {int(i): papers[int(i)] for i in newest_first if int(i) in papers}
