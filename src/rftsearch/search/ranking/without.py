"""What a query excludes, judged by the sentences of papers that speak of it.

"Without SFT" is best answered by a paper that says so, and not at all by one that trains
with SFT. Both speak of SFT; their sentences tell them apart. So a sentence that says that
the paper does without counts for it, one that says that it has the thing counts against it,
and one about other methods hardly counts. Papers that never speak of it stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Self

import numpy as np

from rftsearch.index.generations.generation import Generation
from rftsearch.index.tables.acronyms import ConceptTerms
from rftsearch.index.tables.bm25 import inverse_frequency
from rftsearch.index.tables.forward_index import number_of
from rftsearch.papers.paper import Paper
from rftsearch.search.ranking import numeric
from rftsearch.search.ranking.numeric import TermRows
from rftsearch.text.latex import latex_to_text
from rftsearch.text.reading.negation import Stance, stance
from rftsearch.text.sentences import find_sentences
from rftsearch.text.terms import prose_terms
from rftsearch.types import FloatArray, IdArray

__all__ = ["TABLE", "Excluded", "verdict", "without"]

_GAIN = 0.5
"""The best verdict; the worst is -1. A paper that says nothing may do without as well."""

_SPOKEN_OF = 0.5
"""A sentence speaks of a thing if it has this share of the weight of its words."""
_READ = 200
"""Candidates that are read: the best of those that have the words."""
_WEIGHTS = {Stance.WITHOUT: 1.0, Stance.BEATEN: 0.4, Stance.OTHERS: 0.2}
_TELLS_NOTHING, _TELLS_ALL = 0.3, 1.5
"""A thing of the lower inverse document frequency stands in most papers, which has it tells
nothing; from the upper one on it tells all."""
_ONCE = 0.6
"""How much one sentence in an abstract counts against a paper; a title or a second one: 1."""
_BESIDE = 3
"""Signs between a long form and its acronym: " (" and less."""
_BEGINNING = 4
"""Letters of a term by which texts are looked through; stems change only the end."""
_LIGHT = frozenset(
    """
    cold start cold-start warm-up warmup stage stages step phase data dataset datasets set sets
    training train trained additional any
    extra explicit explicitly large expensive costly specialized separate dedicated external only
    process method methods model models call calls usage need needs requirement requirements thing
    things kind type use
    """.split()  # noqa: SIM905 - readable
)
"""Words that say little of the thing; they count only where nothing else is named."""
_LABELS = frozenset(prose_terms("annotation annotated label labeled labelled labeling"))
"""Papers call them either. The only words that are taken for one: of four more groups, such as
human and manual, none changed an answer to a judged question."""
_UNSUPERVISED = {"unsupervis"}
"""Learning without labels has a word of its own."""
Stem = tuple[str, int, int]
"""A term, and where its word begins and ends."""
_WORD = re.compile(r"[^\W_]+(?:[-'\u2019][^\W_]+)*")

TABLE: Mapping[str, Any] = {
    "gain": _GAIN,
    "spokenOf": _SPOKEN_OF,
    "read": _READ,
    "weights": {one.value: weight for one, weight in _WEIGHTS.items()},
    "tellsNothing": _TELLS_NOTHING,
    "tellsAll": _TELLS_ALL,
    "once": _ONCE,
    "beside": _BESIDE,
    "beginning": _BEGINNING,
    "light": sorted(_LIGHT),
    "labels": sorted(_LABELS),
    "unsupervised": sorted(_UNSUPERVISED),
    "word": _WORD,
}
"""What a browser needs to judge papers alike: see `rftsearch.publish.reading`."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of a paper."""

    text: str
    stems: tuple[Stem, ...]
    """Its terms in order."""
    terms: frozenset[str]


@dataclass(frozen=True)
class _Word:
    """One word of what is excluded, in the forms in which papers have it."""

    terms: frozenset[str]
    sequences: tuple[tuple[str, ...], ...]
    """Of several terms: the long forms of an acronym."""
    weight: float
    """Its inverse document frequency."""

    @cached_property
    def lacking(self) -> frozenset[str]:
        """The terms that say by themselves that it is not there: unlabelled, for labels."""
        found = {f"un{term}" for term in self.terms}
        return frozenset(found | (_UNSUPERVISED if "annot" in self.terms else set()))


@dataclass(frozen=True)
class Excluded:
    """A thing that papers should do without."""

    words: tuple[_Word, ...]

    @classmethod
    def of(cls, generation: Generation, text: str) -> Self:
        """Return what a text names; without words if it names nothing."""
        papers, frequency = len(generation.lexical), generation.lexical.frequency
        words: list[_Word] = []
        at = 0

        def plain(part: str) -> None:
            named = [word for word in _WORD.findall(part) if prose_terms(word)]
            for word in named:
                terms = _alike(word)
                having = max(map(frequency, terms))
                words.append(_Word(terms, (), inverse_frequency(papers, having)))

        for mention in generation.acronyms.mentions(text):
            plain(_heavy(text[at : mention.start]))
            own = ConceptTerms.of(mention.concept)
            having = max(frequency(own.term), frequency(own.plural))
            weight = inverse_frequency(papers, having)
            words.append(_Word(frozenset((own.term, own.plural)), own.longs, weight))
            at = mention.end
        rest = _heavy(text[at:])
        plain(rest)
        if not words:
            plain(text)
        return cls(tuple(words))

    def within(self, text: str) -> bool:
        """Return whether a text may have one of its words; quick, and never wrongly false."""
        return self._beginnings.search(text.casefold()) is not None

    @cached_property
    def _beginnings(self) -> re.Pattern[str]:
        return re.compile("|".join(re.escape(term[:_BEGINNING]) for term in sorted(self.firsts)))

    @cached_property
    def firsts(self) -> frozenset[str]:
        """The terms with which one of its words begins."""
        longs = {long[0] for word in self.words for long in word.sequences}
        return frozenset(longs.union(*(word.terms | word.lacking for word in self.words)))

    @property
    def telling(self) -> float:
        """How much it tells that a paper has the thing, 0 to 1; nothing if most papers do."""
        rarest = max((word.weight for word in self.words), default=0.0)
        return min(max((rarest - _TELLS_NOTHING) / (_TELLS_ALL - _TELLS_NOTHING), 0.0), 1.0)

    @property
    def numbers(self) -> set[int]:
        """The numbers of all terms by which papers are seen to speak of it."""
        return {
            number_of(term)
            for word in self.words
            for term in (*word.terms, *word.lacking, *(t for long in word.sequences for t in long))
        }


def without(
    generation: Generation,
    excluded: Sequence[str],
    has: TermRows,
    ids: IdArray,
    scores: FloatArray,
) -> FloatArray:
    """Return for each candidate what it says of excluded things, (c,) float32, -1 to `_GAIN`.

    Args:
        generation: What is searched.
        excluded: What papers should do without; things of one text have "; " between.
        has: The candidates' terms.
        ids: (c,) int64, their integer ids.
        scores: (c,) their scores so far; the best that have the words are read.
    """
    things = [Excluded.of(generation, one) for text in excluded for one in text.split("; ")]
    found = np.zeros(len(ids), np.float32)
    speaking = np.zeros(len(ids), np.bool_)
    for thing in things:
        speaking[numeric.find(has, thing.numbers).papers] = True
    places = np.flatnonzero(speaking)
    best = places[np.argsort(-scores[places], kind="stable")[:_READ]]
    papers = generation.store.papers([int(ids[place]) for place in best])
    for place in best.tolist():
        paper = papers.get(int(ids[place]))
        if paper is not None:
            verdicts = [verdict(thing, paper) for thing in things]
            said = min(verdicts) if min(verdicts) < 0 else max(verdicts)
            found[place] = said if said < 0 else _GAIN * said
    return found


def verdict(thing: Excluded, paper: Paper) -> float:
    """Return what a paper says of a thing: 1 if it does without it, -1 if it has it, 0 if nothing.

    Args:
        thing: What is excluded.
        paper: Its title and abstract are read.
    """
    good = bad = 0.0
    for text, whole in ((paper.title, True), (paper.abstract or paper.description, False)):
        if not thing.within(text):
            continue
        for sentence in _read(text):
            said = None if thing.firsts.isdisjoint(sentence.terms) else _said(thing, sentence)
            if said is None:
                continue
            if said is Stance.WITH:
                bad = 1.0 if whole or bad else _ONCE
            else:
                good = max(good, _WEIGHTS[said])
    if good == _WEIGHTS[Stance.WITHOUT]:
        return good - bad * thing.telling / 2
    return -bad * thing.telling if bad else good


def _said(thing: Excluded, sentence: _Sentence) -> Stance | None:
    """Return what a sentence says of a thing; None if it does not speak of it."""
    stems = sentence.stems
    if any(not word.lacking.isdisjoint(sentence.terms) for word in thing.words):
        return Stance.WITHOUT
    named: list[tuple[float, int, int]] = []
    total = sum(word.weight for word in thing.words)
    for word in thing.words:
        for start, end in _places(word, stems):
            named.append((word.weight, start, end))
            break
    if not named or sum(weight for weight, _, _ in named) < _SPOKEN_OF * total:
        return None
    heaviest = max(thing.words, key=lambda word: word.weight if _has(word, stems) else -1.0)
    stances = [stance(sentence.text, start, end) for start, end in _places(heaviest, stems)]
    # What is said most clearly: that it is done without, then that it is there.
    for clear in (Stance.WITHOUT, Stance.BEATEN, Stance.WITH):
        if clear in stances:
            return clear
    return Stance.OTHERS


def _has(word: _Word, stems: Sequence[Stem]) -> bool:
    return next(_places(word, stems), None) is not None


def _places(word: _Word, stems: Sequence[Stem]) -> Iterator[tuple[int, int]]:
    """Yield where a word stands; an acronym behind its long form is a part of it."""
    last = -_BESIDE
    for at, (term, start, end) in enumerate(stems):
        stop = end if term in word.terms else 0
        for long in word.sequences:
            if term == long[0] and tuple(t for t, _, _ in stems[at : at + len(long)]) == long:
                stop = stems[at + len(long) - 1][2]
        if stop:
            if start - last >= _BESIDE:
                yield start, stop
            last = stop


@lru_cache(maxsize=1024)
def _read(text: str) -> tuple[_Sentence, ...]:
    """Return the sentences of a text."""
    plain = latex_to_text(text)
    sentences = (plain[start:end] for start, end in find_sentences(plain))
    return tuple(_Sentence(one, stems := tuple(_stems(one)), _terms_of(stems)) for one in sentences)


def _terms_of(stems: Sequence[Stem]) -> frozenset[str]:
    return frozenset(term for term, _, _ in stems)


def _stems(sentence: str) -> Iterator[Stem]:
    for match in _WORD.finditer(sentence):
        for term in _terms(match[0]):
            yield term, match.start(), match.end()


@lru_cache(maxsize=1 << 14)
def _terms(word: str) -> tuple[str, ...]:
    return tuple(prose_terms(word))


def _heavy(text: str) -> str:
    return " ".join(word for word in text.split() if word.casefold().strip(",.") not in _LIGHT)


def _alike(word: str) -> frozenset[str]:
    """Return the terms of a word and of those that name the same."""
    terms = frozenset(prose_terms(word))
    return terms | _LABELS if terms & _LABELS else terms
