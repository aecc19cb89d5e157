"""How candidates are scored and ordered: pure numpy, no index and no model.

Meaning and words are measured on scales that mean the same for every query, so
that they can simply be added. Meaning is the cosine of two vectors. Words are
*coverage*: the BM25 of a paper divided by the most that any paper could have
for that query, so 0.5 says that the paper accounts for half of what the query's
words tell. Where the query's words are not the papers' words, coverage is low
for every paper and meaning decides; where a rare word is met, it counts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np

from rftsearch.types import BoolArray, FloatArray, IndexArray, TermArray

__all__ = [
    "Found",
    "Parameters",
    "TermRows",
    "centred_cosines",
    "coverage",
    "feedback_terms",
    "find",
    "having_both",
    "information",
    "likeness",
    "rank",
    "sift",
    "spread",
]


@dataclass(frozen=True, slots=True)
class Parameters:
    """The weights of a ranking; the defaults serve every collection."""

    words: float = 0.6
    """Of coverage against a cosine of weight 1."""
    pairs: float = 0.3
    """Of neighbouring words that are neighbours in the paper too, inside coverage."""
    title: float = 0.25
    """Of the title's vector against the whole paper's."""
    related: float = 0.4
    """Of the words that the best papers of a first ranking share, times how much
    all papers have in common: much in a list on one topic, little in a library."""
    similar_words: float = 1.0
    """Of the cosine of two papers' words against that of their vectors."""
    similar_title: float = 0.25
    """Of the cosine of two papers' titles."""
    similar_category: float = 0.05
    """Of standing under one category."""
    candidates: int = 300
    """How many each engine proposes."""


FEEDBACK_PAPERS = 10
FEEDBACK_TERMS = 10


@dataclass(frozen=True)
class TermRows:
    """The terms of some papers, one entry for each term of each paper.

    Attributes:
        terms: (e,) uint32 numbers of terms, paper after paper.
        ends: (p,) before which entry each paper ends.
        weight: Reads a weight, "tf_saturation", "idf", "cosine" or "bm25", at some entries, told
            also to which of the papers each belongs.
        every_owner: (e,) whose each entry is, where it is known.
        by_term: (e,) entries in the ascending order of their terms, where it is known,
        in_order: (e,) and their terms in that order.
    """

    terms: TermArray
    ends: IndexArray
    weight: Callable[[str, IndexArray, IndexArray], FloatArray]
    every_owner: IndexArray | None = None
    by_term: IndexArray | None = None
    in_order: TermArray | None = None

    def owners(self, entries: IndexArray) -> IndexArray:
        """Which of the papers some entries belong to."""
        # Of a hundred terms of a paper one or two are asked for, rarely all.
        if self.every_owner is None:
            return np.searchsorted(self.ends, entries, "right")
        return self.every_owner[entries]


@dataclass(frozen=True)
class Found:
    """Where some papers have some terms.

    Attributes:
        entries: (f,) places in `TermRows.terms`.
        terms: (f,) which of the terms looked for each is.
        papers: (f,) which of the papers has it.
    """

    entries: IndexArray
    terms: IndexArray
    papers: IndexArray


def find(rows: TermRows, wanted: Collection[int]) -> Found:
    """Find terms among those of papers.

    Args:
        rows: The papers' terms.
        wanted: Numbers of terms, each once.
    """
    if not wanted:
        return Found(*np.zeros((3, 0), np.intp))
    entries, terms = _find(rows, np.fromiter(wanted, np.uint32, len(wanted)))
    return Found(entries, terms, rows.owners(entries))


def having_both(found: Found, pairs: Collection[tuple[int, int]], papers: int) -> BoolArray:
    """Which papers have both terms of any of some pairs.

    Args:
        found: Where the papers have which terms.
        pairs: Places of two terms among those looked for, 1 pair or more.
        papers: How many they are.

    Returns:
        (p,) bool.
    """
    firsts, seconds = np.array(list(pairs), np.intp).T
    count = 1 + max(firsts.max(), seconds.max(), found.terms.max(initial=0))
    has = np.zeros((count, papers), np.bool_)
    has[found.terms, found.papers] = True
    return np.asarray((has[firsts] & has[seconds]).any(axis=0))


def information(rows: TermRows, found: Found) -> FloatArray:
    """How much some terms tell of each paper: BM25 without its constant factor.

    Args:
        rows: The papers' terms.
        found: Where the terms are.

    Returns:
        (p,) float32: the sum over the terms of idf times saturation.
    """
    return _by_paper(rows, found.papers, rows.weight("bm25", found.entries, found.papers))


def coverage(rows: TermRows, wanted: Mapping[int, float]) -> FloatArray:
    """Which share of the weight of some terms each paper has, (p,) float32, 0 to 1."""
    total = sum(wanted.values())
    if not total:
        return np.zeros(len(rows.ends), np.float32)
    return _weighted(rows, wanted, "tf_saturation") / np.float32(total)


def feedback_terms(rows: TermRows, best: IndexArray) -> dict[int, float]:
    """The terms that the best papers of a first ranking share, with their weights.

    Relevance models (Lavrenko and Croft, 2001), as RM3 uses them: a term weighs
    what the papers have of it, better papers counting more, times its rarity.

    Args:
        rows: The papers' terms.
        best: The papers to learn from, best first.
    """
    # Each begins where the one before it ends; the first, which has none before it, at 0.
    begins = np.where(best > 0, rows.ends[best - 1], 0)
    entries, places = _ranges(begins, rows.ends[best])
    if not len(entries):
        return {}
    discount = 1 / np.log2(np.arange(2, len(best) + 2))
    gained = discount[places] * rows.weight("bm25", entries, best[places])
    # The sums of each term. Sorted as one number with their places, which makes the order
    # a stable one: numpy sorts numbers in a processor's registers, places one by one.
    keys = rows.terms[entries].astype(np.uint64) << np.uint64(32)
    keys |= np.arange(len(keys), dtype=np.uint64)
    keys.sort()
    terms, order = keys >> np.uint64(32), (keys & np.uint64(0xFFFFFFFF)).astype(np.intp)
    firsts = np.concatenate([[0], np.flatnonzero(terms[1:] != terms[:-1]) + 1])
    gains = np.add.reduceat(gained[order], firsts)
    kept = rank(gains, firsts, FEEDBACK_TERMS)
    return dict(zip(terms[firsts[kept]].tolist(), gains[kept].tolist(), strict=True))


def likeness(rows: TermRows, own: Mapping[int, float]) -> FloatArray:
    """Cosine between the terms of each paper and those of one text.

    Args:
        rows: The papers' terms.
        own: The text's unit vector, weight by number of term.
    """
    if not own:
        return np.zeros(len(rows.ends), np.float32)
    return _weighted(rows, own, "cosine")


def centred_cosines(vectors: FloatArray, other: FloatArray, centre: FloatArray) -> FloatArray:
    """Cosines after a part of what all vectors have in common is taken away.

    Papers of one list point in one direction; the more they do, the more of
    that direction says nothing. Its squared length is the share taken away
    (after Mu and Viswanath, "All-but-the-Top", 2018).

    Args:
        vectors: (n, dimension) float32.
        other: (dimension,) float32.
        centre: (dimension,) float32, the mean of the collection's unit vectors.
    """
    away = float(centre @ centre) * centre
    rows, column = vectors - away, other - away
    norms = np.linalg.norm(rows, axis=1) * np.linalg.norm(column)
    return np.asarray(np.vecdot(rows, column) / np.maximum(norms, 1e-9), dtype=np.float32)


def rank(scores: FloatArray, ties: IndexArray, first: int | None = None) -> IndexArray:
    """The order of a ranking: by score, and by `ties` where scores are equal.

    Args:
        scores: (n,) float32, higher is better.
        ties: (n,) a number for each, lower is better: newest first, then by id.
        first: How many are wanted, 0 or more; None for all.

    Returns:
        (n,) indices into both, best first, or as many of them as are wanted.
    """
    if not first or first >= len(scores):
        return np.lexsort((ties, -scores))[:first]
    # Only those as good as the last of the first are put in order, all equals among them.
    last = np.partition(scores, len(scores) - first)[len(scores) - first]
    near = np.flatnonzero(scores >= last)
    return near[np.lexsort((ties[near], -scores[near]))[:first]]


SERVED = 0.5
"""What the best paper of an interest takes away from the need to serve it once more."""


def spread(interests: FloatArray, vectors: FloatArray, k: int, diversity: float) -> IndexArray:
    """Choose k that serve every interest and are not alike.

    Greedy. An interest counts for less with each chosen paper that serves it (xQuAD:
    Santos, Macdonald and Ounis, 2010); a paper counts for less the more it resembles
    one that was chosen (MMR: Carbonell and Goldstein, 1998, with lambda = 1 - diversity).
    At each choice the best that is left gains 1, so that lambda means the same for
    one interest and for many.

    Args:
        interests: (n, s) float32, how well each of n papers serves each of s
            interests, 0 to 1.
        vectors: (n, dimension) float32, unit rows.
        k: How many to choose at the most.
        diversity: 0 for the best alone, up to 1 for the most different.

    Returns:
        (min(k, n),) indices in the order of choice.
    """
    left = np.ones(len(interests), dtype=np.bool_)
    need = np.ones(interests.shape[1], dtype=np.float32)
    closest = np.zeros(len(interests), dtype=np.float32)
    relevance = max(1 - diversity, 1e-3)  # Of papers equally different the better one.
    chosen: list[int] = []
    for _ in range(min(k, len(interests))):
        gains = interests @ need
        gains /= max(float(gains[left].max()), 1e-9)
        values = np.where(left, relevance * gains - diversity * closest, -np.inf)
        best = int(np.argmax(values))
        chosen.append(best)
        left[best] = False
        need *= 1 - SERVED * interests[best]
        need /= need.max()
        closest = np.maximum(closest, np.vecdot(vectors, vectors[best]))
    return np.array(chosen, dtype=np.intp)


def _weighted(rows: TermRows, wanted: Mapping[int, float], name: str) -> FloatArray:
    """The sum over wanted terms of their own weight times that in each paper, (p,) float32."""
    found = find(rows, wanted)
    weights = np.fromiter(wanted.values(), np.float32, len(wanted))[found.terms]
    return _by_paper(rows, found.papers, weights * rows.weight(name, found.entries, found.papers))


def _by_paper(rows: TermRows, owners: IndexArray, values: FloatArray) -> FloatArray:
    return np.bincount(owners, weights=values, minlength=len(rows.ends)).astype(np.float32)


def _ranges(begins: IndexArray, ends: IndexArray) -> tuple[IndexArray, IndexArray]:
    """The numbers of some ranges one after another, and which range each is of."""
    lengths = ends - begins
    whose = np.repeat(np.arange(len(begins)), lengths)
    return np.arange(len(whose)) + (ends - np.cumsum(lengths))[whose], whose


def _find(rows: TermRows, wanted: TermArray) -> tuple[IndexArray, IndexArray]:
    """Where wanted terms stand among many: entries, and which term each is."""
    by_term, in_order = rows.by_term, rows.in_order
    if by_term is None or in_order is None:
        return sift(rows.terms, wanted)
    begins, ends = in_order.searchsorted(wanted), in_order.searchsorted(wanted, "right")
    runs = [by_term[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]
    entries = np.concatenate([by_term[:0], *runs])
    return entries, np.repeat(np.arange(len(wanted)), ends - begins)


def sift(terms: TermArray, wanted: TermArray) -> tuple[IndexArray, IndexArray]:
    """Where wanted terms stand among many that are in no order.

    A table of the lower 16 bits throws out nearly every entry before anything
    is compared: a query has ten terms, the candidates have fifty thousand.

    Args:
        terms: (e,) uint32 numbers of terms.
        wanted: (w,) uint32, 1 or more, each once.

    Returns:
        (f,) places in `terms`, ascending, and for each its place in `wanted`, (f,).
    """
    table = np.zeros(1 << 16, dtype=np.bool_)
    table[wanted & 0xFFFF] = True
    near = np.flatnonzero(table.take(terms & 0xFFFF))  # Half the time that brackets take.
    order = np.argsort(wanted)
    places = np.searchsorted(wanted, terms[near], sorter=order)
    found = order[np.minimum(places, len(wanted) - 1)]
    exact = wanted[found] == terms[near]
    return near[exact], found[exact]
