"""Find papers by facts that are words: their authors, and where they were published."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from rftsearch.errors import FilterError
from rftsearch.papers.asked.author_keys import exact_keys, family_key, initial_keys, name_words
from rftsearch.papers.asked.facts import AUTHOR, PRESENTS, VENUE, facts_of
from rftsearch.papers.asked.venue_keys import venue_keys
from rftsearch.papers.paper import Paper
from rftsearch.types import IdArray

__all__ = [
    "FINDERS",
    "LEAST_NEAR",
    "FactIndex",
    "Facts",
    "author_facts",
    "near_authors",
    "papers_by",
    "papers_of_venue",
    "venue_facts",
]

LEAST_NEAR = 8
"""Letters of the shortest name in which a typing error is looked for: `Wei Li` is one letter
away from many people."""
_LONGEST_NEAR = 64


class Facts(Protocol):
    """An index of the keys of `facts_of`."""

    has_facts: bool
    """Whether it holds any; an index of words from before there were any does not."""

    def fact_count(self, key: str) -> int:
        """Return how many papers have a key."""

    def having(self, key: str) -> IdArray:
        """Return all papers that have a key, (n,) int64 ids."""

    def nearly(self, key: str) -> IdArray:
        """Return papers with a key that differs by one typing error, (n,) int64 ids."""


class FactIndex:
    """The facts of a few papers, in memory."""

    def __init__(self, papers: Iterable[tuple[int, Paper]]) -> None:
        """Read the facts of papers, each with its id."""
        found: dict[str, list[int]] = {}
        for identifier, paper in papers:
            for key in facts_of(paper):
                found.setdefault(key, []).append(identifier)
        self._ids: Mapping[str, list[int]] = found
        self.has_facts = True

    def fact_count(self, key: str) -> int:
        """Return how many papers have a key."""
        return len(self._ids.get(key, ()))

    def having(self, key: str) -> IdArray:
        """Return all papers that have a key, (n,) int64 ids."""
        return np.array(self._ids.get(key, ()), np.int64)

    def nearly(self, key: str) -> IdArray:
        """Return papers with a key that differs by one typing error, (n,) int64 ids."""
        near = process.extract(key, list(self._ids), scorer=OSA.distance, score_cutoff=1, limit=9)
        return np.unique([one for name, _, _ in near for one in self._ids[name]]).astype(np.int64)


def author_facts(facts: Facts, name: str) -> tuple[str, ...]:
    """Return the keys that a name means: those of the surest kind that some paper has.

    A whole name comes first, in either order; then a family name, or one with an initial;
    then an author who is listed with initials only.

    Args:
        facts: What is searched.
        name: `Ann Bee`, `Bee, Ann`, `A. Bee` or `Bee`.
    """
    words = name_words(name)
    if not words:
        return ()
    exact = exact_keys(name)
    if len(words) == 1:
        kinds = [(family_key(name),), exact]
    elif any(len(word) == 1 for word in (words[0], words[-1])):
        kinds = [exact[:1], initial_keys(name), (family_key(name),)]
    else:
        # Of a family name of several words: `van den Berg`.
        listed = (f"={words[0][0]}{words[-1]}", f"={words[-1]}{words[0][0]}")
        kinds = [exact, (family_key(name),), listed]
    for keys in kinds:
        found = tuple(f"{AUTHOR}{key}" for key in keys if facts.fact_count(f"{AUTHOR}{key}"))
        if found:
            return found
    return ()


def papers_by(facts: Facts, name: str) -> IdArray:
    """Return the papers of an author, (n,) int64 ids.

    A whole name of 8 letters or more may have one typing error, if no author has it as it
    stands.

    Raises:
        FilterError: No paper has such an author.
    """
    keys = author_facts(facts, name)
    if keys:
        return np.unique(np.concatenate([facts.having(key) for key in keys]))
    if len(near := near_authors(facts, name)):
        return near
    raise FilterError(
        f"no author here is called {name!r}; give a whole name, a family name, or an initial and "
        "a family name, such as 'A. Lovelace'"
    )


def near_authors(facts: Facts, name: str) -> IdArray:
    """Return papers by somebody of nearly that whole name, (n,) int64 ids; none if it is short."""
    words = name_words(name)
    if len(words) < 2 or not LEAST_NEAR <= sum(map(len, words)) <= _LONGEST_NEAR:
        return np.empty(0, np.int64)
    return facts.nearly(f"{AUTHOR}={''.join(words)}")


def venue_facts(facts: Facts, text: str) -> tuple[str, ...]:
    """Return the keys that a place of publication means, if some paper has them."""
    wanted = [f"{VENUE}{name} {year}".strip() for name, year in venue_keys(text)]
    # Typed in small letters, `cvpr 2026`, it has no capitals to be known by.
    wanted += [f"{VENUE}{name} {year}".strip() for name, year in venue_keys(text.upper())]
    return tuple(key for key in dict.fromkeys(wanted) if facts.fact_count(key))


def papers_of_venue(facts: Facts, text: str) -> IdArray:
    """Return the papers of a place of publication, (n,) int64 ids.

    Raises:
        FilterError: No paper has such a place.
    """
    keys = venue_facts(facts, text)
    if not keys:
        raise FilterError(
            f"no paper here is said to be of {text!r}; give a short name such as 'CVPR', or with "
            "the year 'CVPR 2026'"
        )
    return np.unique(np.concatenate([facts.having(key) for key in keys]))


def _presenting(facts: Facts, kind: str) -> IdArray:
    return facts.having(f"{PRESENTS}{kind}")


FINDERS: Mapping[str, Callable[[Facts, str], IdArray]] = {
    "author": papers_by,
    "venue": papers_of_venue,
    "presents": _presenting,
}
"""What finds papers by each kind of fact."""
