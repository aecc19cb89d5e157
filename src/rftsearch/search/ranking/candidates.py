"""Candidates: the few papers of a large collection that are worth scoring.

Vectors and words each propose some. Filters hold inside both engines, so that under
every filter the best papers that pass are found. In a short list everything is a candidate.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial

import numpy as np

from rftsearch.index.engines.base import Selection, few_enough
from rftsearch.index.generations.generation import Generation
from rftsearch.index.tables.bm25 import COMMON, inverse_frequency
from rftsearch.index.tables.forward_index import number_of
from rftsearch.search.ranking import numeric
from rftsearch.search.ranking.numeric import Parameters
from rftsearch.search.ranking.rows import read_terms
from rftsearch.settings import threads
from rftsearch.types import FloatArray, IdArray, IndexArray

__all__ = [
    "READ_AT_ONCE",
    "Candidates",
    "LookupThreads",
    "all_are_candidates",
    "find_candidates",
    "lookup_threads",
    "rare_terms",
    "read_by_words",
]

READ_AT_ONCE = 2_000
"""Papers whose terms are read at once: they fit into the cache of a core. Reading 10,000 at
once took eight times as long as reading 4,000."""
ALONE = 50_000
"""Up to this many papers, words are looked up sooner than another thread wakes for it."""
_READ_ALONE = 4_000
"""The same for allowed papers whose terms are read one by one."""


@dataclass(frozen=True)
class Candidates:
    """The candidates under several selections of papers, and all of them together."""

    ids: IdArray
    """(c,) int64, ascending: those of all selections."""
    members: tuple[IndexArray | None, ...]
    """For each selection the places of its candidates in `ids`, ascending; None for all."""


def all_are_candidates(generation: Generation, parameters: Parameters, k: int) -> bool:
    """Return whether the collection is so small that each paper is a candidate."""
    return len(generation.attributes) <= 2 * max(parameters.candidates, k)


def find_candidates(
    generation: Generation,
    parameters: Parameters,
    vector: FloatArray,
    terms: Sequence[str],
    selections: Sequence[Selection],
    k: int,
    named: Collection[int] = (),
) -> Candidates:
    """Return what either engine proposes; everything if that is hardly more.

    Args:
        generation: What is searched.
        parameters: How many each engine proposes.
        vector: (dimension,) float32 of unit norm, of the query or seed.
        terms: Of the query or seed.
        selections: Sets of papers that may be found, 1 or more; candidates are found in
            each of them.
        k: How many hits will be shown.
        named: Integer ids that are candidates wherever a selection allows them.
    """
    wanted = max(parameters.candidates, k)
    proposed = _proposed(generation, vector, terms, selections, wanted)
    found = [_with_named(own, named, each) for own, each in zip(proposed, selections, strict=True)]
    if len(found) == 1:
        return Candidates(found[0], (None,))
    ids = np.unique(np.concatenate(found))
    places = (None if len(own) == len(ids) else np.searchsorted(ids, own) for own in found)
    return Candidates(ids, tuple(places))


def _proposed(
    generation: Generation,
    vector: FloatArray,
    terms: Sequence[str],
    selections: Sequence[Selection],
    wanted: int,
) -> list[IdArray]:
    """Return the candidates under each selection, without those that are named."""
    if generation.proposer is None:
        return [_find(generation, vector, terms, each, wanted) for each in selections]
    papers, frequency = len(generation.lexical), generation.lexical.frequency
    rare = dict.fromkeys(rare_terms(generation, terms))
    weights = {term: inverse_frequency(papers, frequency(term)) for term in rare}
    return generation.proposer.propose(vector, weights, selections, wanted)


def _find(
    generation: Generation,
    vector: FloatArray,
    terms: Sequence[str],
    selection: Selection,
    wanted: int,
) -> IdArray:
    allowed = selection.ids
    every = generation.attributes.sorted_ids if allowed is None else allowed
    if len(every) <= 2 * wanted:
        return np.sort(every)
    by_term = generation.unigrams.postings is not None
    if allowed is not None and (by_term or len(allowed) <= few_enough(len(generation.vectors))):
        look_up = partial(read_by_words, generation, terms, np.sort(allowed), wanted)
        # Reading by paper mostly holds Python's lock; tantivy does not.
        alone = len(allowed) <= _READ_ALONE
    else:
        look_up = partial(_look_up, generation, terms, allowed, wanted)
        alone = len(every) <= ALONE
    helpers = None if alone else lookup_threads(threads())
    by_words = helpers.submit(look_up) if helpers else look_up
    _, by_meaning = generation.vectors.search(vector, wanted, selection)
    return np.union1d(by_meaning, by_words())


class LookupThreads:
    """Threads that look up words while the calling thread compares vectors."""

    def __init__(self, count: int) -> None:
        """Have `count` threads, 1 or more."""
        self._free = threading.BoundedSemaphore(count)
        self._pool = ThreadPoolExecutor(count, "rftsearch-words")

    def submit(self, work: Callable[[], IdArray]) -> Callable[[], IdArray]:
        """Start `work` in a free thread; return a function that waits for its outcome.

        If no thread is free, that function does the work itself.
        """
        if not self._free.acquire(blocking=False):
            return work

        def worked() -> IdArray:
            try:
                return work()
            finally:
                self._free.release()

        return self._pool.submit(worked).result


@cache
def lookup_threads(count: int) -> LookupThreads | None:
    """Return the threads beside the caller's own; None if one thread is all there is."""
    return LookupThreads(count - 1) if count > 1 else None


def _look_up(
    generation: Generation, terms: Sequence[str], allowed: IdArray | None, wanted: int
) -> IdArray:
    return generation.lexical.search(rare_terms(generation, terms), wanted, allowed)[1]


def rare_terms(generation: Generation, terms: Sequence[str]) -> Sequence[str]:
    """Return the terms that retrieve candidates; see `COMMON`. All, if fewer than two do."""
    few = COMMON * len(generation.lexical)
    rare = [term for term in terms if generation.lexical.frequency(term) <= few]
    return rare if len(set(rare)) > 1 else terms


def read_by_words(
    generation: Generation,
    terms: Sequence[str],
    allowed: IdArray,
    wanted: int,
    *,
    at_once: int = READ_AT_ONCE,
) -> IdArray:
    """Return the best of some allowed papers by BM25, read by term or paper by paper.

    They are those that tantivy would find. It would compare the ids of all allowed papers
    with those of all papers that have a term: 8 ms for 2,000 allowed papers of 200,000.

    Args:
        generation: What is searched.
        terms: Of the query or seed.
        allowed: (m,) int64, ascending.
        wanted: How many to return.
        at_once: How many papers to read at once.
    """
    numbers = {number_of(term) for term in rare_terms(generation, terms)}
    if not numbers:
        return allowed[:0]
    places = generation.places(allowed)
    portions, begin = [np.empty(0, np.float32)], 0
    if (postings := generation.unigrams.postings) is not None:
        # Those that were added since the last whole build come after all others.
        old = int(np.searchsorted(places, postings.count))
        by_term = postings.information(numbers, places[:old])
        if by_term is not None:
            portions, begin = [by_term], old
    for start in range(begin, len(places), at_once):
        rows = read_terms(generation.unigrams, places[start : start + at_once], once=True)
        portions.append(numeric.information(rows, numeric.find(rows, numbers)))
    scores = np.concatenate(portions)
    having = np.flatnonzero(scores > 0)
    return allowed[having[numeric.rank(scores[having], having, wanted)]]


def _with_named(ids: IdArray, named: Collection[int], selection: Selection) -> IdArray:
    """Add the named papers that a selection allows."""
    if not named:
        return ids
    wanted = np.array(sorted(named), dtype=np.int64)
    allowed = selection.ids
    return np.union1d(ids, wanted if allowed is None else np.intersect1d(wanted, allowed))
