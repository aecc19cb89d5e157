"""The retriever: from a query, a paper or a text to scored candidates of a generation."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from rftsearch.errors import UnknownPaperError
from rftsearch.index.generations.generation import Generation
from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.papers.asked.understood import Understood
from rftsearch.papers.documents import texts_of
from rftsearch.papers.notes import Note, NoteCode
from rftsearch.search.compute_slots import ComputeSlots
from rftsearch.search.query.arxiv_lookup import ArxivLookup
from rftsearch.search.query.clean import clean
from rftsearch.search.query.known_items import KnownItems, find_known_items, only_id, titled
from rftsearch.search.query.query_encoder import QueryEncoder
from rftsearch.search.query.resolve import Reference, resolve
from rftsearch.search.ranking.numeric import Parameters
from rftsearch.search.ranking.score import score_query, score_similar
from rftsearch.search.ranking.scored import Scored
from rftsearch.search.ranking.seed import Seed
from rftsearch.search.scope import Scope
from rftsearch.search.words.topic import Topic

if TYPE_CHECKING:
    from rftsearch.encoders.cross_encoder import Reranker

__all__ = ["NAME_BONUS", "NEAR_NAME_BONUS", "QueryScores", "Retriever"]

NAME_BONUS = 3.0
"""What a query adds to the score of a paper it names: more than meaning and words together."""
NEAR_NAME_BONUS = 1.5
"""What it adds if it nearly names the paper: enough to rank above merely similar papers."""


@dataclass(frozen=True)
class QueryScores:
    """One scoring of a query, under one or more scopes."""

    scored: tuple[Scored, ...]
    """The candidates of each scope, those that the query names lifted above the others."""
    absent: str | None = None
    """The arXiv id that is the whole query and that the index lacks."""
    topic: str | None = None
    """What a reranker may read; None if the query is nothing but a name or an id."""


@dataclass(frozen=True)
class Retriever:
    """Finds and scores candidates. It keeps nothing of a generation."""

    parameters: Parameters
    encoder: QueryEncoder
    arxiv: ArxivLookup
    reranker: Reranker | None
    slots: ComputeSlots
    today: Callable[[], date] = date.today
    """The day from which "last month" is counted."""

    def for_query(
        self, generation: Generation, understood: Understood, scopes: Sequence[Scope], k: int
    ) -> QueryScores:
        """Score the candidates for a question, once for all scopes.

        A bare arXiv id that the index lacks has no candidates: its digits resemble nothing.

        Args:
            generation: What is searched.
            understood: The question; what is left of it to search for is not empty.
            scopes: Which papers may be found, 1 or more.
            k: How many hits will be shown.
        """
        query = understood.text
        if understood.texts("exact") or understood.texts("refusal"):
            from rftsearch.search.words.phrases import (
                narrowed_scopes,
            )

            scopes = narrowed_scopes(generation, understood, scopes)
        known = find_known_items(generation, query)
        if not known and (absent := only_id(query)):
            return QueryScores(tuple(Scored.nothing() for _ in scopes), absent=absent)
        if known.whole and len(known.papers) == 1:
            # Nothing but a name: similar papers follow. A reranker has no query to read.
            [(identifier, paper)] = known.papers.items()
            named = {identifier, *known.near_names}
            scored = self.for_paper(generation, Reference(paper, identifier), scopes, k, named)
            lifted = [_named_first(each, known) for each in scored]
            return QueryScores(tuple(replace(each, only_named=True) for each in lifted))
        topic = Topic.of(generation, understood)
        scored = score_query(
            generation,
            self.parameters,
            self.encoder.query_vector(generation, topic.embedded),
            topic.words,
            [scope.selection(generation) for scope in scopes],
            k,
            known.papers,
            understood.texts("exclusion"),
            understood.preferred,
        )
        lifted = []
        for each in scored:
            named_here = known if known.settled else titled(generation, query, each) or known
            lifted.append(_named_first(each, named_here))
        return QueryScores(tuple(lifted), topic=topic.text)

    def reranked(self, generation: Generation, scores: QueryScores) -> Scored:
        """Return the candidates of the first scope, the best read by the reranker if there is one.

        Raises:
            ModelError: The reranker cannot be loaded or used.
        """
        if self.reranker is None or scores.topic is None:
            return scores.scored[0]
        from rftsearch.search.ranking.rerank import rerank

        with self.slots.yielded():
            return rerank(generation, self.reranker, scores.topic, scores.scored[0])

    def for_paper(
        self,
        generation: Generation,
        paper: Reference,
        scopes: Sequence[Scope],
        k: int,
        named: Collection[int] = (),
    ) -> list[Scored]:
        """Score the candidates for similarity to a paper, once for all scopes."""
        seed = self.seed(generation, paper)
        selections = [scope.selection(generation) for scope in scopes]
        return score_similar(generation, self.parameters, seed, selections, k, named)

    def for_text(
        self, generation: Generation, text: str, scopes: Sequence[Scope], k: int
    ) -> list[Scored]:
        """Score the candidates for similarity to a text, once for all scopes."""
        from rftsearch.search.query.passage import own_sentences

        whole, *sentences = self.encoder.passage_vectors(generation, (text, *own_sentences(text)))
        each = np.array(sentences or [whole])
        seed = Seed.of_text(whole, text, sentences=each)
        selections = [scope.selection(generation) for scope in scopes]
        return score_similar(generation, self.parameters, seed, selections, k)

    def seed(self, generation: Generation, paper: Reference) -> Seed:
        """Return the seed that a paper makes; of one that the index lacks, from its text."""
        if paper.identifier is not None:
            return Seed.of_paper(generation, paper.identifier, paper.paper)
        texts = texts_of(paper.paper)
        body = self.encoder.document_vector(generation, texts.body)
        title = self.encoder.document_vector(generation, texts.title)
        return Seed.of_text(body, texts.body, title)

    def resolve(self, generation: Generation, reference: str, *, fetch: bool) -> Reference:
        """Return the paper that a reference means, from arXiv if it must be and may be.

        Raises:
            UnknownPaperError, QueryError, FetchError: See `Engine.similar`.
        """
        try:
            return resolve(generation, reference)
        except UnknownPaperError as unknown:
            arxiv_id = parse_arxiv_id(clean(reference))
            if arxiv_id is None or (arxiv_id in generation.manifest.excluded_ids and not fetch):
                raise
            if not fetch:
                cure = "`--fetch` (in Python `fetch=True`) asks arXiv for it"
                raise UnknownPaperError(unknown.asked, unknown.suggestions, cure) from None
        with self.slots.yielded():
            paper = self.arxiv.get(arxiv_id)
        note = f"{arxiv_id} is not in this index; it was fetched from arXiv"
        return Reference(paper, None, (Note(NoteCode.FETCHED, note),))


def _named_first(scored: Scored, known: KnownItems) -> Scored:
    """Lift the papers that the query names above all others."""
    if not known:
        return scored
    name = scored.among(known.papers).astype(np.float32) * NAME_BONUS
    name += scored.among(known.near_names).astype(np.float32) * NEAR_NAME_BONUS
    return replace(scored, parts={"name": name, **scored.parts})
