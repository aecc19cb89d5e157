"""Terms, names and facts of papers: looked up in tables of keys, found on the server."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property, lru_cache

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from rftsearch.index.engines.base import Selection
from rftsearch.index.remote import layout
from rftsearch.index.remote.keys import KeyTable
from rftsearch.index.remote.reading.conditions import any_of, every_of, is_any
from rftsearch.index.remote.reading.points import Points
from rftsearch.index.remote.reading.proposing import RemoteProposer
from rftsearch.index.tables.attributes import Attributes
from rftsearch.index.tables.bm25 import inverse_frequency
from rftsearch.index.tables.forward_index import number_of
from rftsearch.types import FloatArray, IdArray

__all__ = ["RemoteWords"]

_NAMED = 100
"""How many papers of a name are found at most."""
_CONTINUATIONS = 1_000
"""Terms that an unfinished word may become, the most frequent ones."""


class Keys:
    """A table of keys, asked for single keys, beginnings and slips."""

    def __init__(self, table: KeyTable) -> None:
        """Ask a table."""
        self._keys = table.keys
        self._counts = table.counts

    def __bool__(self) -> bool:
        """Return whether it has any keys."""
        return bool(self._keys)

    def count(self, key: str) -> int:
        """Return how many papers have a key."""
        place = bisect_left(self._keys, key)
        there = place < len(self._keys) and self._keys[place] == key
        return int(self._counts[place]) if there else 0

    def beginning(self, key: str, most: int) -> list[str]:
        """Return keys that begin so, the most frequent ones, at most so many."""
        first = bisect_left(self._keys, key)
        # No sign is greater than this one.
        last = bisect_left(self._keys, key + "\U0010ffff", lo=first)
        places = np.arange(first, last)
        if len(places) > most:
            places = places[np.argsort(-self._counts[first:last], kind="stable")[:most]]
        return [self._keys[place] for place in places.tolist()]

    def near(self, key: str, slips: int) -> list[str]:
        """Return keys that differ by some slips at most: added, missing, other or swapped signs."""
        fit = np.flatnonzero(np.abs(self._lengths - len(key)) <= slips)
        some = [self._keys[place] for place in fit.tolist()]
        near = process.extract(key, some, scorer=OSA.distance, score_cutoff=slips, limit=None)
        return sorted(found for found, _, _ in near)

    @cached_property
    def _lengths(self) -> IdArray:
        return np.array([len(key) for key in self._keys], np.int64)


class RemoteWords:
    """The words of a collection: a `WordIndex`."""

    def __init__(self, points: Points, terms: KeyTable, names: KeyTable, facts: KeyTable) -> None:
        """Look up words.

        Args:
            points: The collection.
            terms: All terms of its papers.
            names: All names.
            facts: All keys of facts.
        """
        self._points = points
        self._terms, self._names, self._facts = Keys(terms), Keys(names), Keys(facts)
        self._papers = 0
        self._proposer: RemoteProposer | None = None
        self.has_facts = True
        self._frequency = lru_cache(1 << 12)(self._terms.count)
        # A question asks for the same name when it is read and when it is scored.
        self._named = lru_cache(256)(self._find_named)
        self._having_any = lru_cache(1 << 10)(self._count_any)

    def begin(self, attributes: Attributes, proposer: RemoteProposer) -> None:
        """Take what is made after this: attributes ask it for facts."""
        self._papers, self._proposer = len(attributes), proposer

    def __len__(self) -> int:
        """Return how many papers there are."""
        return self._papers

    def frequency(self, term: str) -> int:
        """Return how many papers have a term."""
        return self._frequency(term)

    def frequency_of_any(self, forms: tuple[tuple[str, ...], ...]) -> int:
        """Return how many papers have each term of at least one of some forms, each 1 or more."""
        there = tuple(
            tuple(dict.fromkeys(form)) for form in forms if all(map(self.frequency, form))
        )
        if not there:
            return 0
        if len(there) == 1 and len(there[0]) == 1:
            return self.frequency(there[0][0])
        return self._having_any(there)

    def _count_any(self, forms: tuple[tuple[str, ...], ...]) -> int:
        each = [every_of(*(_has_term(term) for term in form)) for form in forms]
        return self._points.count_where(any_of(*each))

    def is_name(self, key: str) -> bool:
        """Return whether a paper has this name."""
        return bool(self._names.count(key))

    def fact_count(self, key: str) -> int:
        """Return how many papers have the key of a fact."""
        return self._facts.count(key)

    def having(self, key: str) -> IdArray:
        """Return all papers that have the key of a fact, (n,) int64 ids."""
        return self._of_facts([key] if self.fact_count(key) else [])

    def nearly(self, key: str) -> IdArray:
        """Return papers with the key of a fact that differs by one slip, (n,) int64 ids."""
        return self._of_facts(self._facts.near(key, 1))

    def facts_beginning(self, key: str, k: int = 100) -> IdArray:
        """Find at most k papers with the key of a fact that begins so, (r,) int64 ids."""
        keys = self._facts.beginning(key, k)
        if not keys:
            return np.empty(0, np.int64)
        return self._points.found_where(every_of(is_any(layout.FACTS, keys)), k)

    def search(
        self, terms: Sequence[str], k: int, allowed: IdArray | None = None
    ) -> tuple[FloatArray, IdArray]:
        """Find the k papers of greatest BM25 for some terms; see `WordIndex.search`."""
        return self._searching().by_words(self._weights(terms), k, Selection(ids=allowed))

    def with_terms(self, terms: Sequence[str]) -> IdArray:
        """Find all papers that have each of some terms, (r,) int64 ids in no order."""
        if not all(map(self.frequency, terms)):
            return np.empty(0, np.int64)
        return self._points.ids_where(every_of(*map(_has_term, dict.fromkeys(terms))))

    def named(self, key: str, slips: int = 0) -> IdArray:
        """Find papers with a name that is this key, or differs from it by some slips."""
        return self._named(key, slips)

    def _find_named(self, key: str, slips: int) -> IdArray:
        if not key or (not slips and not self.is_name(key)):
            return np.empty(0, np.int64)
        return self._of_names(self._names.near(key, slips) if slips else [key], _NAMED)

    def beginning(self, key: str, k: int = 100) -> IdArray:
        """Find at most k papers with a name that begins with letters or digits, (r,) int64 ids."""
        return self._of_names(self._names.beginning(key, k) if key.isalnum() else [], k)

    def completing(
        self, terms: Sequence[str], others: Sequence[str], beginning: str, k: int
    ) -> IdArray:
        """Find papers for words while the last is being typed; see `WordIndex.completing`."""
        last = {term for term in others if self.frequency(term)}
        if beginning.isalnum():
            last.update(self._terms.beginning(beginning, _CONTINUATIONS))
        if not last or not all(map(self.frequency, terms)):
            return np.empty(0, np.int64)
        numbers = sorted({number_of(term) for term in last})
        every = [_has_term(term) for term in dict.fromkeys(terms)]
        return self._points.found_where(every_of(*every, is_any(layout.TERMS, numbers)), k)

    def _of_names(self, keys: Sequence[str], k: int) -> IdArray:
        if not keys:
            return np.empty(0, np.int64)
        return self._points.found_where(every_of(is_any(layout.NAMES, keys)), k)

    def _of_facts(self, keys: Sequence[str]) -> IdArray:
        if not keys:
            return np.empty(0, np.int64)
        return self._points.ids_where(every_of(is_any(layout.FACTS, keys)))

    def _weights(self, terms: Sequence[str]) -> dict[str, float]:
        there = {term: self.frequency(term) for term in terms}
        return {term: inverse_frequency(len(self), count) for term, count in there.items() if count}

    def _searching(self) -> RemoteProposer:
        if self._proposer is None:
            raise AssertionError("begin comes first")
        return self._proposer


def _has_term(term: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - of an extra
    return is_any(layout.TERMS, [number_of(term)])
