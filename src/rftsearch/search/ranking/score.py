"""Scoring: the candidates of a query or a seed, with the parts of their scores."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from rftsearch.index.engines.base import Selection
from rftsearch.index.generations.generation import Generation
from rftsearch.index.tables.acronyms import ConceptTerms
from rftsearch.index.tables.forward_index import number_of, pair_numbers
from rftsearch.papers.filters import Filters
from rftsearch.search.ranking import numeric
from rftsearch.search.ranking.candidates import Candidates, find_candidates
from rftsearch.search.ranking.evidence import FEW_WORDS, Evidence, evidence_of
from rftsearch.search.ranking.numeric import FEEDBACK_PAPERS, Parameters
from rftsearch.search.ranking.query_words import (
    QueryWords,
    concept_idf,
    concept_saturations,
    most_information,
)
from rftsearch.search.ranking.rows import read_terms, read_title_vectors, read_vectors
from rftsearch.search.ranking.scored import Scored
from rftsearch.search.ranking.seed import Seed
from rftsearch.types import BoolArray, FloatArray, IdArray, IndexArray

__all__ = ["CLOSEST_SENTENCES", "score_query", "score_similar"]

CLOSEST_SENTENCES = 2
"""How many sentences of a text count besides the whole. With one, a chance word is enough."""
_TERMS_OF_A_SEED = 30
"""The heaviest terms of a seed, by which candidates are looked up."""


def score_query(
    generation: Generation,
    parameters: Parameters,
    vector: FloatArray,
    words: QueryWords,
    selections: Sequence[Selection],
    k: int,
    named: Collection[int] = (),
    excluded: Sequence[str] = (),
    preferred: Sequence[Filters] = (),
) -> list[Scored]:
    """Score the candidates for a query, each once, under one or more selections.

    The words related to a query are learnt from the best papers of each selection, so that
    a paper may have different scores under two of them.

    Args:
        generation: What is searched.
        parameters: The weights.
        vector: (dimension,) float32 of unit norm, the query's.
        words: The query's.
        selections: Sets of papers that may be found, 1 or more.
        k: How many hits will be shown.
        named: Integer ids that are candidates even if neither engine finds them,
            wherever a selection allows them.
        excluded: What papers should do without; things of one text have "; " between.
        preferred: What lifts the papers that meet it.

    Returns:
        The candidates of each selection.
    """
    candidates = find_candidates(
        generation, parameters, vector, words.looked_up, selections, k, named
    )
    ids = candidates.ids
    rows, places = generation.attributes.rank(ids), generation.places(ids)
    has = read_terms(generation.unigrams, places)
    meaning = generation.meaning(ids, vector, parameters.title)
    numbers = [number_of(term) for term in words.terms]
    own = list(dict.fromkeys(numbers))
    found = numeric.find(has, own)
    bm25 = numeric.information(has, found)
    known = np.bincount(found.papers, minlength=len(ids))
    for concept in words.concepts:
        more, otherwise = _of_concept(generation, places, has, concept)
        bm25, known = bm25 + more, known + otherwise
    bm25 = bm25 + parameters.pairs * _bigrams(generation, places, numbers, own, found)
    most = max(most_information(generation, words), 1e-9)
    covered = bm25 * np.float32(parameters.words / most)
    complete = (known == len(own)) & (0 < len(own) <= FEW_WORDS)
    scale = generation.meaning_scale(parameters.title)
    evidence = evidence_of(scale.of(meaning), bm25 / np.float32(most))
    described = generation.attributes.described(rows)
    first = meaning + covered
    if excluded:
        from rftsearch.search.ranking.without import without  # noqa: PLC0415 - seldom needed

        said = without(generation, excluded, has, ids, first)
        done_without = np.float32(parameters.without) * said
        evidence = evidence + done_without / np.float32(scale.kin - scale.strangers)
        # Papers that have what is left out would teach its words.
        first = first + done_without
    lifted = _preferred(generation, parameters, preferred, rows)
    common = float(generation.mean_vector @ generation.mean_vector)

    def under(member: IndexArray | None) -> Scored:
        here = slice(None) if member is None else member
        nearest = numeric.rank(first[here], rows[here], FEEDBACK_PAPERS)
        best = nearest if member is None else member[nearest]
        shared = numeric.feedback_terms(has, _with_more_than_a_title(generation, rows, best))
        related = numeric.coverage(has, shared) * np.float32(parameters.related * common)
        parts = {"meaning": meaning[here], "words": covered[here], "related": related[here]}
        if excluded:
            parts["without"] = done_without[here]
        if preferred:
            parts["preferred"] = lifted[here]
        return Scored(
            ids[here],
            rows[here],
            parts,
            nearest,
            Evidence(evidence[here], complete[here], described[here]),
        )

    return [under(member) for member in candidates.members]


def score_similar(
    generation: Generation,
    parameters: Parameters,
    seed: Seed,
    selections: Sequence[Selection],
    k: int,
    named: Collection[int] = (),
) -> list[Scored]:
    """Score the candidates for similarity to a seed, which is among them if it is a paper.

    Args:
        generation: What is searched.
        parameters: The weights.
        seed: The paper or text.
        selections: Sets of papers that may be found, 1 or more.
        k: How many hits will be shown.
        named: As for `score_query`.

    Returns:
        The candidates of each selection.
    """
    own = seed.unit_terms(generation)
    heaviest = sorted(own, key=lambda term: -own[term])[:_TERMS_OF_A_SEED]
    candidates = find_candidates(
        generation, parameters, seed.vector, heaviest, selections, k, named
    )
    ids = candidates.ids
    rows, places = generation.attributes.rank(ids), generation.places(ids)
    meaning = _likeness(generation, parameters, seed, ids)
    if seed.title is not None:
        titles = read_title_vectors(generation, places)
        cosines = numeric.centred_cosines(titles, seed.title, generation.title_mean_vector)
        meaning = meaning + parameters.similar_title * cosines
    numbered = {number_of(term): weight for term, weight in own.items()}
    has = read_terms(generation.unigrams, places)
    words = np.float32(parameters.similar_words) * numeric.likeness(has, numbered)
    parts = {"meaning": meaning, "words": words}
    if seed.row is not None:
        shared = generation.attributes.sharing_category(seed.row, rows)
        parts["category"] = np.float32(parameters.similar_category) * shared.astype(np.float32)
    scored = _split(candidates, rows, parts)
    if seed.sentences is None:
        return scored
    common = float(generation.mean_vector @ generation.mean_vector)
    weight = np.float32(parameters.text_related * common)

    def related(found: Scored, member: IndexArray | None) -> Scored:
        nearest = numeric.rank(found.scores, found.rows, FEEDBACK_PAPERS)
        best = nearest if member is None else member[nearest]
        terms = numeric.feedback_terms(has, _with_more_than_a_title(generation, rows, best))
        part = numeric.coverage(has, terms) * weight
        return replace(
            found, parts={**found.parts, "related": part if member is None else part[member]}
        )

    return [related(*each) for each in zip(scored, candidates.members, strict=True)]


def _preferred(
    generation: Generation, parameters: Parameters, wanted: Sequence[Filters], rows: IndexArray
) -> FloatArray:
    """Return what candidates gain that meet what a question would like best, (c,) float32."""
    lifted = np.zeros(len(rows), np.float32)
    for filters in wanted:
        lifted += np.float32(parameters.preferred) * generation.attributes.mask(filters)[rows]
    return lifted


def _likeness(
    generation: Generation, parameters: Parameters, seed: Seed, ids: IdArray
) -> FloatArray:
    """Return how near candidates are to a seed in meaning, (c,) float32.

    With someone's own text, a paper of which only a title is known is compared as in a search.
    An abstract begins with what everyone in the field writes: its two sentences that are
    closest to a paper count as well, next to the whole.
    """
    centre = generation.mean_vector
    if seed.sentences is None:
        return numeric.centred_cosines(read_vectors(generation, ids), seed.vector, centre)
    texts, _ = generation.texts_and_titles(ids)
    whole = numeric.centred_cosines(texts, seed.vector, centre)
    each = [numeric.centred_cosines(texts, one, centre) for one in seed.sentences]
    closest = np.sort(each, axis=0)[-CLOSEST_SENTENCES:].mean(axis=0)
    share = np.float32(parameters.text_sentences)
    return np.asarray((1 - share) * whole + share * closest, np.float32)


def _split(
    candidates: Candidates, rows: IndexArray, parts: Mapping[str, FloatArray]
) -> list[Scored]:
    """Give each selection its candidates."""
    whole = Scored(candidates.ids, rows, parts)
    return [
        whole
        if member is None
        else Scored(
            candidates.ids[member],
            rows[member],
            {name: part[member] for name, part in parts.items()},
        )
        for member in candidates.members
    ]


def _of_concept(
    generation: Generation, places: IndexArray, has: numeric.TermRows, concept: ConceptTerms
) -> tuple[FloatArray, BoolArray]:
    """Return what an acronym's long form and plural change in the BM25 of the acronym.

    Whatever form a paper has, it counts as one word, as rare as all forms together.

    Returns:
        (c,) float32, what is added, below 0 for an acronym that is rarer than its long form;
        (c,) bool, which candidates lack the acronym itself but have the long form or the plural.
    """
    if len(places) == len(generation.unigrams):  # As in every short list: kept.
        known = generation.concepts.get(concept.term)
        if known is None:
            known = concept_saturations(generation, places, has, concept)
            generation.concepts[concept.term] = known
        whole = known
    else:
        whole = concept_saturations(generation, places, has, concept)
    found = numeric.find(has, [number_of(concept.term)])
    alone = numeric.information(has, found)
    more = np.float32(concept_idf(generation, concept)) * whole - alone
    return more, (whole > 0) & (alone == 0)


def _bigrams(
    generation: Generation,
    places: IndexArray,
    numbers: Sequence[int],
    own: Sequence[int],
    found: numeric.Found,
) -> FloatArray:
    """Return the BM25 of neighbouring terms of a query in each candidate, (c,) float32.

    Args:
        generation: What is searched.
        places: The candidates' in its tables.
        numbers: Those of the terms, in the query's order.
        own: The same, each once.
        found: Where the candidates have them.
    """
    wanted = set(pair_numbers(np.array(numbers, np.uint32)).tolist())
    bm25 = np.zeros(len(places), np.float32)
    if not wanted:
        return bm25
    having = np.arange(len(places))
    if len(places) < len(generation.bigrams):
        # Most candidates lack one word of each pair: their bigrams need not be read.
        place = {number: at for at, number in enumerate(own)}
        both = pairwise(place[number] for number in numbers)
        having = np.flatnonzero(numeric.having_both(found, set(both), len(places)))
    rows = read_terms(generation.bigrams, places[having], once=True)
    bm25[having] = numeric.information(rows, numeric.find(rows, wanted))
    return bm25


def _with_more_than_a_title(
    generation: Generation, rows: IndexArray, best: IndexArray
) -> IndexArray:
    """Return the best papers of a ranking from which related words are learnt.

    A paper known by its title alone has no words but those of the title: as one of the
    best it would only find itself again. If all are such papers, return all.
    """
    described = best[generation.attributes.described(rows[best])]
    return described if len(described) else best
