"""The arithmetic of scores and rankings: pure numpy, no index and no model.

Meaning and words are measured on scales that are the same for every query, so that they
can be added. Meaning is the cosine of two vectors. Words are *coverage*: the BM25 of a
paper divided by the most that any paper could have for that query; 0.5 means that the
paper has half of the weight of the query's words. If papers do not use the query's words,
coverage is low for every paper and meaning decides; a rare word that a paper has counts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np

from rftsearch.types import BoolArray, FloatArray, IndexArray, TermArray

__all__ = [
    "FEEDBACK_PAPERS",
    "FEEDBACK_TERMS",
    "SERVED",
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
    """Weight of coverage; the cosine has weight 1."""
    pairs: float = 0.3
    """Weight of neighbouring words that are neighbours in the paper too, within coverage."""
    title: float = 0.25
    """Weight of the title's vector; that of the whole paper has weight 1."""
    related: float = 0.4
    """Weight of the words that the best papers of a first ranking share, times how much all
    papers have in common: much in a list on one topic, little in a library."""
    without: float = 0.5
    """Weight of what sentences say of things that a query excludes."""
    preferred: float = 0.05
    """What a paper gains that is of the kind, or of the place, that a query names: no more than
    a shared category. Few queries name one, and it is often their topic."""
    similar_words: float = 1.0
    """For similar papers: weight of the cosine of words; that of vectors has weight 1."""
    similar_title: float = 0.25
    """For similar papers: weight of the cosine of titles."""
    similar_category: float = 0.05
    """For similar papers: bonus for a shared category."""
    text_sentences: float = 0.25
    """For a text: share of its two closest sentences in meaning; the whole has the rest."""
    text_related: float = 0.8
    """For a text: as `related`. Papers that say it in other words are found by the words that
    the closest papers share."""
    candidates: int = 300
    """How many papers each engine proposes."""


FEEDBACK_PAPERS = 10
FEEDBACK_TERMS = 10


@dataclass(frozen=True)
class TermRows:
    """The terms of some papers, one entry for each term of each paper.

    Attributes:
        terms: (e,) uint32 numbers of terms, paper after paper.
        ends: (p,) before which entry each paper ends.
        weight: Reads a weight ("tf_saturation", "idf", "cosine" or "bm25") at some entries;
            its last argument is the paper of each entry.
        every_owner: (e,) the paper of each entry, if that is known.
        by_term: (e,) entries in ascending order of their terms, if that is known.
        in_order: (e,) the terms in that order.
    """

    terms: TermArray
    ends: IndexArray
    weight: Callable[[str, IndexArray, IndexArray], FloatArray]
    every_owner: IndexArray | None = None
    by_term: IndexArray | None = None
    in_order: TermArray | None = None

    def owners(self, entries: IndexArray) -> IndexArray:
        """Return the papers that some entries belong to."""
        # Usually one or two of the hundred terms of a paper are asked for.
        if self.every_owner is None:
            return np.searchsorted(self.ends, entries, "right")
        return self.every_owner[entries]


@dataclass(frozen=True)
class Found:
    """Where some papers have some terms.

    Attributes:
        entries: (f,) places in `TermRows.terms`.
        terms: (f,) for each its place among the terms looked for.
        papers: (f,) for each the paper that has it.
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
    """Return which papers have both terms of one of some pairs.

    Args:
        found: Where the papers have the terms.
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
    """Return the BM25 of each paper for some terms, without its constant factor.

    Args:
        rows: The papers' terms.
        found: Where the terms are.

    Returns:
        (p,) float32: the sum over the terms of idf times saturation.
    """
    return _by_paper(rows, found.papers, rows.weight("bm25", found.entries, found.papers))


def coverage(rows: TermRows, wanted: Mapping[int, float]) -> FloatArray:
    """Return the share of the weight of some terms that each paper has, (p,) float32, 0 to 1."""
    total = sum(wanted.values())
    if not total:
        return np.zeros(len(rows.ends), np.float32)
    return _weighted(rows, wanted, "tf_saturation") / np.float32(total)


def feedback_terms(rows: TermRows, best: IndexArray) -> dict[int, float]:
    """Return the terms that the best papers of a first ranking share, with their weights.

    A relevance model (Lavrenko and Croft, 2001) as in RM3: the weight of a term is its sum
    over the papers, better papers counting more, times its rarity.

    Args:
        rows: The papers' terms.
        best: The papers to learn from, best first.
    """
    # Each paper begins where the previous one ends; the first begins at 0.
    begins = np.where(best > 0, rows.ends[best - 1], 0)
    entries, places = _ranges(begins, rows.ends[best])
    if not len(entries):
        return {}
    discount = 1 / np.log2(np.arange(2, len(best) + 2))
    gained = discount[places] * rows.weight("bm25", entries, best[places])
    # The sum for each term. Term and place are sorted as one number, which keeps equals in
    # order: numpy sorts numbers with vector instructions, but not stable orders.
    keys = rows.terms[entries].astype(np.uint64) << np.uint64(32)
    keys |= np.arange(len(keys), dtype=np.uint64)
    keys.sort()
    terms, order = keys >> np.uint64(32), (keys & np.uint64(0xFFFFFFFF)).astype(np.intp)
    firsts = np.concatenate([[0], np.flatnonzero(terms[1:] != terms[:-1]) + 1])
    gains = np.add.reduceat(gained[order], firsts)
    kept = rank(gains, firsts, FEEDBACK_TERMS)
    return dict(zip(terms[firsts[kept]].tolist(), gains[kept].tolist(), strict=True))


def likeness(rows: TermRows, own: Mapping[int, float]) -> FloatArray:
    """Return the cosine between the terms of each paper and those of a text, (p,) float32.

    Args:
        rows: The papers' terms.
        own: The text's unit vector, weight by number of term.
    """
    if not own:
        return np.zeros(len(rows.ends), np.float32)
    return _weighted(rows, own, "cosine")


def centred_cosines(vectors: FloatArray, other: FloatArray, centre: FloatArray) -> FloatArray:
    """Return cosines after removing a part of what all vectors have in common.

    Vectors of a list on one topic point in one direction; the more they do, the less that
    direction means. The share that is removed is the squared length of their mean (after Mu
    and Viswanath, "All-but-the-Top", 2018).

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
    """Return the order of a ranking: by score, equal scores by `ties`.

    Args:
        scores: (n,) float32, higher is better.
        ties: (n,) a number for each, lower is better: newest first, then by id.
        first: How many are wanted, 0 or more; None for all.

    Returns:
        (first,) or (n,) indices into both, best first.
    """
    if not first or first >= len(scores):
        return np.lexsort((ties, -scores))[:first]
    # Sort only what is at least as good as the last one wanted, equals included.
    last = np.partition(scores, len(scores) - first)[len(scores) - first]
    near = np.flatnonzero(scores >= last)
    return near[np.lexsort((ties[near], -scores[near]))[:first]]


SERVED = 0.5
"""How much the best paper of an interest reduces the need to serve that interest again."""


def spread(interests: FloatArray, vectors: FloatArray, k: int, diversity: float) -> IndexArray:
    """Choose k papers that serve every interest and differ from each other.

    Greedy. An interest counts less with each chosen paper that serves it (xQuAD: Santos,
    Macdonald and Ounis, 2010). A paper counts less the more it resembles a chosen one (MMR:
    Carbonell and Goldstein, 1998, with lambda = 1 - diversity). At each choice gains are
    scaled so that the best is 1: lambda means the same for one interest and for many.

    Args:
        interests: (n, s) float32, how well each of n papers serves each of s
            interests, 0 to 1.
        vectors: (n, dimension) float32, unit rows.
        k: How many to choose.
        diversity: From 0, the best papers, to 1, the most different.

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
    """Return for each paper the sum over terms of their weight times that in it, (p,) float32."""
    found = find(rows, wanted)
    weights = np.fromiter(wanted.values(), np.float32, len(wanted))[found.terms]
    return _by_paper(rows, found.papers, weights * rows.weight(name, found.entries, found.papers))


def _by_paper(rows: TermRows, owners: IndexArray, values: FloatArray) -> FloatArray:
    return np.bincount(owners, weights=values, minlength=len(rows.ends)).astype(np.float32)


def _ranges(begins: IndexArray, ends: IndexArray) -> tuple[IndexArray, IndexArray]:
    """Return the numbers of some ranges one after another, and the range of each number."""
    lengths = ends - begins
    whose = np.repeat(np.arange(len(begins)), lengths)
    return np.arange(len(whose)) + (ends - np.cumsum(lengths))[whose], whose


def _find(rows: TermRows, wanted: TermArray) -> tuple[IndexArray, IndexArray]:
    """Return the entries of wanted terms, and for each entry which term it is."""
    by_term, in_order = rows.by_term, rows.in_order
    if by_term is None or in_order is None:
        return sift(rows.terms, wanted)
    begins, ends = in_order.searchsorted(wanted), in_order.searchsorted(wanted, "right")
    runs = [by_term[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]
    entries = np.concatenate([by_term[:0], *runs])
    return entries, np.repeat(np.arange(len(wanted)), ends - begins)


def sift(terms: TermArray, wanted: TermArray) -> tuple[IndexArray, IndexArray]:
    """Find wanted terms among many that are in no order.

    A table of the lower 16 bits drops nearly every entry before anything is compared: a
    query has ten terms, the candidates have fifty thousand.

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
