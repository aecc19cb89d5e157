"""Candidates of one generation, scored: where the engines meet the arithmetic."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, cached_property, partial
from itertools import pairwise
from typing import Self

import numpy as np

from rftsearch.index.engines.base import Selection, few_enough
from rftsearch.index.generations.generation import Generation
from rftsearch.index.tables.bm25 import inverse_frequency
from rftsearch.index.tables.forward_index import (
    ForwardIndex,
    number_of,
    pair_numbers,
    weight_of,
)
from rftsearch.index.tables.rows import rows_of, runs_of
from rftsearch.papers.documents import paper_terms
from rftsearch.papers.paper import Paper
from rftsearch.search.ranking import numeric
from rftsearch.search.ranking.numeric import FEEDBACK_PAPERS, Parameters, TermRows
from rftsearch.settings import threads
from rftsearch.text.terms import prose_terms
from rftsearch.types import BoolArray, FloatArray, IdArray, IndexArray, RecordArray

__all__ = ["UNRELATED", "Scored", "Seed", "score_query", "score_similar"]

UNRELATED = 0.37
"""Questions about something else altogether find no better score: of 20 of them (bread,
passports, roses) put to 299 works on this field one did; of 60 on the field all did."""
_COMMON = 0.3
"""Terms that a larger share of all papers has propose none."""
_TERMS_OF_A_SEED = 30
"""By so many of its weightiest terms a paper's like are looked up."""
_READ_AT_ONCE = 2_000
"""Papers whose terms are looked through at once: they stay in a core's cache. All at once,
those of 10,000 took eight times as long as those of 4,000."""
_ALONE = 50_000
"""Among so many papers words are looked up before another thread has been woken for it;"""
_READ_ALONE = 4_000
"""and of so many allowed ones they are read before."""


@dataclass(frozen=True)
class Scored:
    """Candidates with the parts of their scores.

    Attributes:
        ids: (c,) int64, each once.
        rows: (c,) their rows in the generation's attributes, which settle ties.
        parts: (c,) float32 arrays; a score is their sum.
        nearest: Of a question, the places of the `FEEDBACK_PAPERS` best by meaning and
            words alone, best first.
        complete: Of a question, which candidates have each of its words, (c,) bool.
    """

    ids: IdArray
    rows: IndexArray
    parts: Mapping[str, FloatArray]
    nearest: IndexArray | None = None
    complete: BoolArray | None = None

    @classmethod
    def nothing(cls) -> Self:
        """No candidates."""
        ids = np.zeros(0, np.int64)
        return cls(ids, ids, {"meaning": np.zeros(0, np.float32)})

    @cached_property
    def scores(self) -> FloatArray:
        """The sum of the parts, (c,) float32."""
        total = np.zeros(len(self.ids), np.float32)
        for part in self.parts.values():
            total = total + part
        return total

    @property
    def strengths(self) -> FloatArray:
        """The scores without what being named adds, (c,) float32."""
        return self.scores - self.parts["name"] if "name" in self.parts else self.scores

    def among(self, ids: Collection[int]) -> BoolArray:
        """Which candidates are some of these integer ids, (c,) bool."""
        if not ids:  # As for nearly every question; `isin` takes its time over nothing, too.
            return np.zeros(len(self.ids), np.bool_)
        return np.isin(self.ids, list(ids))

    @property
    def named(self) -> BoolArray:
        """Which candidates the question names, (c,) bool."""
        return np.asarray(self.parts.get("name", np.zeros(len(self.ids))) > 0)

    def strongest(self, seeds: BoolArray | None = None) -> float:
        """The greatest strength; what the question names is no measure, and neither are seeds.

        Args:
            seeds: (c,) bool.
        """
        others = ~self.named if seeds is None else ~(self.named | seeds)
        return float(self.strengths[others].max(initial=0.0))

    def fitting(self, seeds: BoolArray | None = None, best: float | None = None) -> BoolArray:
        """Which candidates fit, (c,) bool.

        A ranking has no end of its own; this is where counting stops. A candidate fits that
        is half as strong as the strongest and, for a question, no less than `UNRELATED`. So
        do those that a question names and those that have each of its words: where the
        strongest has them in its title, others are less than half as strong.

        Args:
            seeds: (c,) bool; see `strongest`.
            best: Another strength to measure by.
        """
        least = (self.strongest(seeds) if best is None else best) / 2
        if self.complete is None:
            return np.asarray((self.strengths >= least) | self.named)
        strong = self.strengths >= max(least, UNRELATED)
        return np.asarray(strong | self.named | self.complete)


@dataclass(frozen=True)
class Seed:
    """A paper or a text whose like are looked for."""

    vector: FloatArray
    """(dimension,) float32, of title and abstract, or of the text."""
    title: FloatArray | None
    """(dimension,) float32; None for a text without a title."""
    terms: Mapping[str, int]
    """Its terms, as often as they occur."""
    row: int | None = None
    """Its row in the attributes of the generation; None for a text."""

    @classmethod
    def of_paper(cls, generation: Generation, identifier: int, paper: Paper) -> Self:
        """The seed that a paper of the index makes."""
        own = np.array([identifier])
        row = int(generation.attributes.rank(own)[0])
        [title] = np.asarray(generation.titles[generation.places(own)], np.float32)
        terms = Counter(paper_terms(paper).words)
        return cls(generation.vectors.vector(identifier), title, terms, row)

    @classmethod
    def of_text(cls, vector: FloatArray, text: str) -> Self:
        """The seed that a text makes, given its vector."""
        return cls(vector, None, Counter(prose_terms(text)))

    def unit_terms(self, generation: Generation) -> dict[str, float]:
        """Its terms as a unit vector of (1 + ln tf) idf."""
        papers = len(generation.lexical)
        weights = {
            term: (1 + float(np.log(tf)))
            * inverse_frequency(papers, generation.lexical.frequency(term))
            for term, tf in self.terms.items()
        }
        norm = max(float(np.linalg.norm(list(weights.values()))), 1e-9)
        return {term: weight / norm for term, weight in weights.items()}


def score_query(
    generation: Generation,
    parameters: Parameters,
    vector: FloatArray,
    terms: Sequence[str],
    allowed: IdArray | None,
    k: int,
    named: Collection[int] = (),
) -> Scored:
    """Score the candidates for a question.

    Args:
        generation: What is searched.
        parameters: The weights.
        vector: (dimension,) float32, the query's.
        terms: The query's.
        allowed: (m,) int64, what may be found; None for everything.
        k: How many are going to be shown.
        named: Integer ids that are candidates even where neither engine finds them,
            if they are allowed.
    """
    ids = _candidates(generation, parameters, vector, terms, allowed, k)
    ids = _with_named(ids, named, allowed)
    rows, places = generation.attributes.rank(ids), generation.places(ids)
    has = _entries(generation.unigrams, places)
    meaning = generation.meaning(ids, vector, parameters.title)
    # What the query tells in all; a word that no paper has is the rarest of them.
    papers = len(generation.lexical)
    told = sum(inverse_frequency(papers, generation.lexical.frequency(term)) for term in set(terms))
    numbers = [number_of(term) for term in terms]
    own = list(dict.fromkeys(numbers))
    found = numeric.find(has, own)
    known = numeric.information(has, found)
    known = known + parameters.pairs * _told_by_pairs(generation, places, numbers, own, found)
    words = known * np.float32(parameters.words / max(told, 1e-9))
    nearest = numeric.rank(meaning + words, rows, FEEDBACK_PAPERS)
    best = _examples(generation, rows, nearest)
    common = float(generation.mean_vector @ generation.mean_vector)
    related = numeric.coverage(has, numeric.feedback_terms(has, best))
    related = related * np.float32(parameters.related * common)
    parts = {"meaning": meaning, "words": words, "related": related}
    complete = np.bincount(found.papers, minlength=len(ids)) == len(own)
    return Scored(ids, rows, parts, nearest, complete & bool(own))


def score_similar(
    generation: Generation,
    parameters: Parameters,
    seed: Seed,
    allowed: IdArray | None,
    k: int,
    named: Collection[int] = (),
) -> Scored:
    """Score the candidates for being like a paper or a text; the seed itself is among them.

    Args:
        generation: What is searched.
        parameters: The weights.
        seed: The paper or text.
        allowed: (m,) int64, what may be found; None for everything.
        k: How many are going to be shown.
        named: As for `score_query`.
    """
    own = seed.unit_terms(generation)
    weightiest = sorted(own, key=lambda term: -own[term])[:_TERMS_OF_A_SEED]
    ids = _candidates(generation, parameters, seed.vector, weightiest, allowed, k)
    ids = _with_named(ids, named, allowed)
    rows, places = generation.attributes.rank(ids), generation.places(ids)
    meaning = numeric.centred_cosines(
        _vectors(generation, ids), seed.vector, generation.mean_vector
    )
    if seed.title is not None:
        titles = _titles(generation, places)
        likeness = numeric.centred_cosines(titles, seed.title, generation.title_mean_vector)
        meaning = meaning + parameters.similar_title * likeness
    numbered = {number_of(term): weight for term, weight in own.items()}
    has = _entries(generation.unigrams, places)
    words = np.float32(parameters.similar_words) * numeric.likeness(has, numbered)
    parts = {"meaning": meaning, "words": words}
    if seed.row is not None:
        shared = generation.attributes.sharing_category(seed.row, rows)
        parts["category"] = np.float32(parameters.similar_category) * shared.astype(np.float32)
    return Scored(ids, rows, parts)


def _told_by_pairs(
    generation: Generation,
    places: IndexArray,
    numbers: Sequence[int],
    own: Sequence[int],
    found: numeric.Found,
) -> FloatArray:
    """How much the neighbours among a question's terms tell of each candidate, (c,) float32.

    Args:
        generation: What is searched.
        places: The candidates' in its tables.
        numbers: Those of the terms, in the question's order,
        own: and each of them once.
        found: Where the candidates have them.
    """
    wanted = set(pair_numbers(np.array(numbers, np.uint32)).tolist())
    told = np.zeros(len(places), np.float32)
    if not wanted:
        return told
    having = np.arange(len(places))
    if len(places) < len(generation.bigrams):
        # Of most candidates the pairs need not be read: of the two words they lack one.
        place = {number: at for at, number in enumerate(own)}
        both = pairwise(place[number] for number in numbers)
        having = np.flatnonzero(numeric.having_both(found, set(both), len(places)))
    rows = _entries(generation.bigrams, places[having], once=True)
    told[having] = numeric.information(rows, numeric.find(rows, wanted))
    return told


def _examples(generation: Generation, rows: IndexArray, best: IndexArray) -> IndexArray:
    """Those of the best of a ranking from which related words are learnt.

    Works of which no more than a title is known tell no more words than that title:
    one of them among the first would only find itself again.
    """
    told = best[generation.attributes.described(rows[best])]
    return told if len(told) else best


def _candidates(
    generation: Generation,
    parameters: Parameters,
    vector: FloatArray,
    terms: Sequence[str],
    allowed: IdArray | None,
    k: int,
) -> IdArray:
    """What either engine puts forward; everything, where that is no more."""
    wanted = max(parameters.candidates, k)
    every = generation.attributes.sorted_ids if allowed is None else allowed
    if len(every) <= 2 * wanted:
        return np.sort(every)
    if allowed is not None and len(allowed) <= few_enough(len(generation.vectors)):
        look_up = partial(_scanned, generation, terms, np.sort(allowed), wanted)
        # Reading by paper holds Python's lock for a good part, as tantivy does not.
        alone = len(allowed) <= _READ_ALONE
    else:
        look_up = partial(_looked_up, generation, terms, allowed, wanted)
        alone = len(every) <= _ALONE
    beside = None if alone else _beside(threads())
    found = beside.submit(look_up) if beside else look_up
    selection = None if allowed is None else Selection(allowed)
    _, by_meaning = generation.vectors.search(vector, wanted, selection)
    return np.union1d(by_meaning, found())


class _Beside:
    """Threads that look up words while their askers compare vectors."""

    def __init__(self, count: int) -> None:
        self._free = threading.BoundedSemaphore(count)
        self._pool = ThreadPoolExecutor(count, "rftsearch-words")

    def submit(self, work: Callable[[], IdArray]) -> Callable[[], IdArray]:
        """What gives the outcome: of a thread, or where none is free of whoever calls it."""
        if not self._free.acquire(blocking=False):
            return work

        def worked() -> IdArray:
            try:
                return work()
            finally:
                self._free.release()

        return self._pool.submit(worked).result


@cache
def _beside(count: int) -> _Beside | None:
    """Those there are besides the asker's own, of so many in all."""
    return _Beside(count - 1) if count > 1 else None


def _looked_up(
    generation: Generation, terms: Sequence[str], allowed: IdArray | None, wanted: int
) -> IdArray:
    return generation.lexical.search(_telling(generation, terms), wanted, allowed)[1]


def _telling(generation: Generation, terms: Sequence[str]) -> Sequence[str]:
    """Those of some terms that find papers: what three papers in ten have finds none.

    Of three million papers they took a quarter of the time of looking words up; of 333
    questions to 17,294 papers as many answers were among the 300 found without them.
    """
    few = _COMMON * len(generation.lexical)
    rare = [term for term in terms if generation.lexical.frequency(term) <= few]
    return rare if len(set(rare)) > 1 else terms


def _scanned(
    generation: Generation, terms: Sequence[str], allowed: IdArray, wanted: int
) -> IdArray:
    """The best of few allowed papers by the words that tell: tantivy's BM25, read by paper.

    tantivy would compare the numbers of all allowed papers with those of all that have
    a term, which takes it 8 ms for 2,000 papers of 200,000.
    """
    numbers = {number_of(term) for term in _telling(generation, terms)}
    if not numbers:
        return allowed[:0]
    places = generation.places(allowed)
    told = []
    for start in range(0, len(places), _READ_AT_ONCE):
        rows = _entries(generation.unigrams, places[start : start + _READ_AT_ONCE], once=True)
        told.append(numeric.information(rows, numeric.find(rows, numbers)))
    scores = np.concatenate(told)
    best = np.argsort(-scores, kind="stable")[:wanted]
    return allowed[best[scores[best] > 0]]


def _with_named(ids: IdArray, named: Collection[int], allowed: IdArray | None) -> IdArray:
    """Candidates and those of the named that may be found."""
    if not named:
        return ids
    wanted = np.array(sorted(named), dtype=np.int64)
    return np.union1d(ids, wanted if allowed is None else np.intersect1d(wanted, allowed))


def _vectors(generation: Generation, ids: IdArray) -> FloatArray:
    """The vectors of ascending ids, (c, dimension) float32."""
    if len(ids) == len(generation.vectors):  # All there are, as in every short list.
        return generation.every_vector
    return generation.vectors.vectors(ids)


def _titles(generation: Generation, places: IndexArray) -> FloatArray:
    """The vectors of titles at ascending places, (c, dimension) float32."""
    if len(places) == len(generation.titles):
        return generation.every_title
    return np.asarray(rows_of(generation.titles, places), dtype=np.float32)


def _entries(table: ForwardIndex, places: IndexArray, *, once: bool = False) -> TermRows:
    """The terms of papers at some places.

    Args:
        table: Which terms.
        places: (p,), ascending.
        once: Whether weights are asked for once alone: then only those are read.
    """
    if len(places) == len(table):  # All there are, as in every short list.
        return TermRows(
            terms=table.everything,
            ends=table.offsets[1:],
            weight=lambda name, entries, _: table.every(name)[entries],
            every_owner=table.owners,
            by_term=table.by_term,
            in_order=table.in_order,
        )
    begins, ends = table.offsets[places], table.offsets[places + 1]
    here = np.cumsum(ends - begins)  # Where each ends among those that are read.

    def one_by_one(name: str, entries: IndexArray, papers: IndexArray) -> FloatArray:
        return table.column(name, entries + (ends - here)[papers])

    @cache
    def every() -> RecordArray:
        return runs_of(table.weights, begins, ends)

    def all_at_once(name: str, entries: IndexArray, _: IndexArray) -> FloatArray:
        return weight_of(every()[entries], name)

    return TermRows(
        terms=runs_of(table.terms, begins, ends),
        ends=here,
        weight=one_by_one if once or table.in_memory else all_at_once,
    )
