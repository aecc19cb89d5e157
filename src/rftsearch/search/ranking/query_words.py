"""The words of a query as papers are scored by them: terms, and what acronyms stand for.

An acronym and its long form are one word of a query. A paper has it if it has either,
and neither way to ask finds other papers than the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from rftsearch.index.generations.generation import Generation
from rftsearch.index.tables.acronyms import ConceptTerms, Mention
from rftsearch.index.tables.bm25 import inverse_frequency
from rftsearch.index.tables.forward_index import number_of, pair_numbers
from rftsearch.search.ranking import numeric
from rftsearch.search.ranking.numeric import TermRows
from rftsearch.search.ranking.rows import read_terms
from rftsearch.text.terms import prose_terms
from rftsearch.types import FloatArray, IndexArray

__all__ = [
    "QueryWords",
    "concept_idf",
    "concept_papers",
    "concept_saturations",
    "most_information",
    "spelt_out",
]


_FEW_OTHERS = 3
"""Other words of a question of which an acronym is the main thing."""


@dataclass(frozen=True)
class QueryWords:
    """The words of a query."""

    terms: tuple[str, ...]
    """In its order; an acronym or a long form is the term of the acronym."""
    concepts: tuple[ConceptTerms, ...] = ()
    """Those among them that are acronyms, each once."""

    @classmethod
    def of(cls, text: str, mentions: Sequence[Mention] = ()) -> Self:
        """Return the words of a text.

        Args:
            text: A query, without the words that ask for papers.
            mentions: The concepts that it names, in order.
        """
        terms: list[str] = []
        concepts: dict[str, ConceptTerms] = {}
        at = 0
        for mention in mentions:
            own = ConceptTerms.of(mention.concept)
            concepts[own.term] = own
            terms += [*prose_terms(text[at : mention.start]), own.term]
            at = mention.end
        terms += prose_terms(text[at:])
        return cls(tuple(terms), tuple(concepts.values()))

    @property
    def looked_up(self) -> tuple[str, ...]:
        """The terms by which candidates are proposed: those of long forms as well."""
        if not self.concepts:
            return self.terms
        return (*self.terms, *dict.fromkeys(term for own in self.concepts for term in _every(own)))


def spelt_out(text: str, mentions: Sequence[Mention]) -> str:
    """Return a text as it is embedded: a short one is the same for an acronym and its long form.

    Both stand in it then; either alone lost 0.015 nDCG@10 on 60 judged queries. In a longer
    question the form hardly matters, and what was typed is better: by 0.016.
    """
    total = len(text.split())
    parts, at = [], 0
    for mention in mentions:
        typed, concept = text[mention.start : mention.end], mention.concept
        short = total - len(typed.split()) <= _FEW_OTHERS
        both = f"{concept.long} ({concept.acronym})"
        parts += [text[at : mention.start], both if short else typed]
        at = mention.end
    return "".join((*parts, text[at:]))


def most_information(generation: Generation, words: QueryWords) -> float:
    """Return the most that a paper can have of a query, in BM25 without its constant factor.

    A word that no paper has is the rarest.
    """
    papers, frequency = len(generation.lexical), generation.lexical.frequency
    having = {term: frequency(term) for term in words.terms}
    having |= {own.term: concept_papers(generation, own) for own in words.concepts}
    return sum(inverse_frequency(papers, count) for count in having.values())


def concept_saturations(
    generation: Generation, places: IndexArray, has: TermRows, own: ConceptTerms
) -> FloatArray:
    """Return how much each candidate has of a concept, (c,) float32, 0 to 1.

    That is the most it has of the acronym, its plural, or a long form. It has a long form
    if it has the words and each pair of neighbours; of its words the one counts that it
    has least.

    Args:
        generation: What is searched.
        places: Of the candidates in its tables, (c,).
        has: The candidates' terms.
        own: The concept.
    """
    numbers = {number_of(term): at for at, term in enumerate(dict.fromkeys(_all_of(own)))}
    found = numeric.find(has, numbers)
    table = np.zeros((len(numbers), len(places)), np.float32)
    table[found.terms, found.papers] = has.weight("tf_saturation", found.entries, found.papers)
    best: FloatArray = np.maximum(
        table[numbers[number_of(own.term)]], table[numbers[number_of(own.plural)]]
    )
    for long in own.longs:
        least = table[[numbers[number_of(term)] for term in long]].min(axis=0)
        having = np.flatnonzero(least > best)
        if len(having):
            kept = having[_neighbours(generation, places[having], long)]
            best[kept] = least[kept]
    return best


def concept_idf(generation: Generation, own: ConceptTerms) -> float:
    """Return the inverse document frequency of a concept."""
    return inverse_frequency(len(generation.lexical), concept_papers(generation, own))


def concept_papers(generation: Generation, own: ConceptTerms) -> int:
    """Return how many papers have an acronym, its plural, or all words of a long form.

    Most papers may have the long form alone. By those that have the acronym, "RL" would be a
    rare word on a list where every paper is about it.
    """
    return generation.lexical.frequency_of_any(own.forms)


def _neighbours(generation: Generation, places: IndexArray, long: Sequence[str]) -> IndexArray:
    """Return which of some papers have each pair of neighbours, as places among them."""
    wanted = set(pair_numbers(np.array([number_of(term) for term in long], np.uint32)).tolist())
    rows = read_terms(generation.bigrams, places, once=True)
    counts = np.bincount(numeric.find(rows, wanted).papers, minlength=len(places))
    return np.flatnonzero(counts == len(wanted))


def _every(own: ConceptTerms) -> Iterator[str]:
    yield own.plural
    for long in own.longs:
        yield from long


def _all_of(own: ConceptTerms) -> Iterator[str]:
    yield own.term
    yield from _every(own)
