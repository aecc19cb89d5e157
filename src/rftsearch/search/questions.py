"""The questions an engine answers, each from one open generation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rftsearch.errors import QueryError
from rftsearch.index.generations.generation import Generation
from rftsearch.papers.filters import Filters
from rftsearch.papers.notes import Note, NoteCode
from rftsearch.papers.results import Answer, Facets, Results, Sort
from rftsearch.search.answer.facets import compute_facets, counted_filters, good_rows
from rftsearch.search.answer.results import best_results, every_paper, results_at
from rftsearch.search.answer.sort import date_order
from rftsearch.search.asked import Asked, Question
from rftsearch.search.query.unknown_words import nobody_mentions, unknown_words
from rftsearch.search.ranking.candidates import all_are_candidates
from rftsearch.search.retriever import QueryScores, Retriever
from rftsearch.search.scope import Scope
from rftsearch.types import BoolArray

if TYPE_CHECKING:
    from rftsearch.search.answer.overview import Timeline

__all__ = [
    "answer_query",
    "count_choices",
    "count_months",
    "recommend_papers",
    "search_papers",
    "similar_papers",
    "similar_to_text",
]


def search_papers(retriever: Retriever, generation: Generation, asked: Asked) -> Results:
    """Answer `Engine.search`."""
    question = asked.understood(retriever, generation)
    # The filters first: a mistake in them must not wait until a model is loaded.
    scope = Scope.of(generation, question.filters)
    if not question.text:
        return every_paper(generation, question, scope)
    scores = retriever.for_query(generation, question.understood, [scope], question.k)
    return _query_results(retriever, generation, scores, question, scope)


def answer_query(retriever: Retriever, generation: Generation, asked: Asked) -> Answer:
    """Answer `Engine.answer`."""
    question = asked.understood(retriever, generation)
    attributes, filters = generation.attributes, question.filters
    if not question.text:
        found = every_paper(generation, question, Scope.of(generation, filters))
        return Answer(found, compute_facets(attributes, filters))
    scopes = _scopes(generation, retriever, question.k, counted_filters(filters))
    scores = retriever.for_query(generation, question.understood, scopes, question.k)
    results = _query_results(retriever, generation, scores, question, scopes[0])
    return Answer(results, compute_facets(attributes, filters, _good(generation, scores)))


def count_choices(retriever: Retriever, generation: Generation, asked: Asked) -> Facets:
    """Answer `Engine.facets` for a query."""
    question = asked.understood(retriever, generation)
    attributes, filters = generation.attributes, question.filters
    if not question.text:
        return compute_facets(attributes, filters)
    scopes = _scopes(generation, retriever, 1, counted_filters(filters))
    scores = retriever.for_query(generation, question.understood, scopes, 1)
    return compute_facets(attributes, filters, _good(generation, scores))


def count_months(retriever: Retriever, generation: Generation, asked: Asked) -> Timeline:
    """Answer `Engine.timeline` for a query."""
    from rftsearch.search.answer.overview import Timeline

    question = asked.understood(retriever, generation)
    if not question.text:
        return Timeline.of(generation, Scope.of(generation, question.filters))
    scopes = _scopes(generation, retriever, 1, [question.filters])
    scores = retriever.for_query(generation, question.understood, scopes, 1)
    return Timeline.of(generation, scopes[0].within(_good(generation, scores)))


def similar_papers(
    retriever: Retriever,
    generation: Generation,
    reference: str,
    k: int,
    filters: Filters,
    sort: Sort,
    *,
    fetch: bool,
) -> Results:
    """Answer `Engine.similar`."""
    scope = Scope.of(generation, filters)
    seed = retriever.resolve(generation, reference, fetch=fetch)
    [scored] = retriever.for_paper(generation, seed, [scope], k + 1)
    own = () if seed.identifier is None else (seed.identifier,)
    notes = seed.notes
    if seed.paper.abstract_state == "pending":
        pending = f"the abstract of {seed.paper.short_name} is not fetched yet"
        notes = (*notes, Note(NoteCode.SEED_WITHOUT_ABSTRACT, pending))
    found = best_results(generation, scored, k, scope, sort, own)
    return _with_notes(found, before=notes)


def similar_to_text(
    retriever: Retriever,
    generation: Generation,
    text: str,
    k: int,
    filters: Filters,
    sort: Sort,
) -> Results:
    """Answer `Engine.similar_to_text`."""
    scope = Scope.of(generation, filters)
    [scored] = retriever.for_text(generation, text, [scope], k)
    return best_results(generation, scored, k, scope, sort)


def recommend_papers(
    retriever: Retriever,
    generation: Generation,
    liked: Sequence[str],
    disliked: Sequence[str],
    k: int,
    diversity: float,
    filters: Filters,
    sort: Sort,
    *,
    fetch: bool,
) -> Results:
    """Answer `Engine.recommend`."""
    from rftsearch.search.ranking.recommend import recommend

    scope = Scope.of(generation, filters)
    likes, dislikes = (
        {
            reference.paper.id: reference
            for reference in (retriever.resolve(generation, name, fetch=fetch) for name in names)
        }
        for names in (liked, disliked)
    )
    for paper_id in likes.keys() & dislikes.keys():
        both = likes[paper_id].paper.short_name
        raise QueryError(f"{both} is both liked and disliked; keep it in one of the two")
    everyone = (*likes.values(), *dislikes.values())
    scored, order = recommend(
        generation,
        retriever.parameters,
        [retriever.seed(generation, reference) for reference in likes.values()],
        [retriever.seed(generation, reference) for reference in dislikes.values()],
        [one.identifier for one in everyone if one.identifier is not None],
        scope.selection(generation),
        k,
        diversity,
    )
    if sort != "relevance":
        order = order[date_order(generation.attributes, scored.rows[order], sort)]
    found = results_at(generation, scored, order, scope)
    if scored.interest is not None:
        names = list(likes)
        because = [names[place] for place in scored.interest[order].tolist()]
        hits = [replace(hit, because=name) for hit, name in zip(found.hits, because, strict=True)]
        found = replace(found, hits=tuple(hits))
    return _with_notes(found, before=tuple(note for one in everyone for note in one.notes))


def _query_results(
    retriever: Retriever,
    generation: Generation,
    scores: QueryScores,
    question: Question,
    scope: Scope,
) -> Results:
    """Return the results of the first scope, and say what is special about them."""
    scored = retriever.reranked(generation, scores)
    found = best_results(generation, scored, question.k, scope, question.sort)
    found = replace(found, understood=question.understood)
    if (absent := scores.absent) is not None:
        text = (
            f"{absent} is not in this index; `rftsearch similar {absent} --fetch` fetches it "
            "from arXiv and finds papers like it"
        )
        return _with_notes(found, after=(Note(NoteCode.NOT_IN_INDEX, text),))
    notes = []
    if scores.topic is not None and (unknown := unknown_words(generation, scores.topic)):
        notes.append(Note(NoteCode.WORDS_UNKNOWN, nobody_mentions(unknown)))
    if found and scored.evidence is not None and not scored.good().any():
        text = "no good match for this query; these are the closest papers"
        notes.append(Note(NoteCode.NO_GOOD_MATCH, text))
    return _with_notes(found, after=tuple(notes))


def _scopes(
    generation: Generation, retriever: Retriever, k: int, filters: Sequence[Filters]
) -> list[Scope]:
    """Return the scopes in which good matches are looked for.

    The first is that of the first filters, the last is everything. In a short list
    everything is a candidate; in a large collection the candidates under the other
    filters are needed too.
    """
    scopes = [Scope.of(generation, each) for each in filters]
    first, *others = scopes
    if all_are_candidates(generation, retriever.parameters, k):
        others = []
    others = [each for each in others if each.passing is not None and each.passing.any()]
    return [first, *others, *([] if first.passing is None else [Scope()])]


def _good(generation: Generation, scores: QueryScores) -> BoolArray:
    """Return which rows are good matches, from the candidates of all scopes of `_scopes`."""
    papers = len(generation.attributes)
    *filtered, everything = scores.scored
    return good_rows(papers, everything, filtered if len(everything.ids) < papers else ())


def _with_notes(
    results: Results, before: tuple[Note, ...] = (), after: tuple[Note, ...] = ()
) -> Results:
    return replace(results, notes=(*before, *results.notes, *after))
