"""What is asked of a generation, as scored candidates: a question, a paper, a text."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

import numpy as np

from rftsearch.encoders.cross_encoder import Reranker
from rftsearch.errors import UnknownPaperError
from rftsearch.index.generations.generation import Generation
from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.papers.documents import texts_of
from rftsearch.papers.notes import Note, NoteCode
from rftsearch.search.compute_slots import ComputeSlots
from rftsearch.search.query.arxiv_lookup import ArxivLookup
from rftsearch.search.query.clean import clean, subject
from rftsearch.search.query.known_items import KnownItems, find_known_items, only_id, titled
from rftsearch.search.query.query_encoder import QueryEncoder
from rftsearch.search.query.resolve import Reference, resolve
from rftsearch.search.ranking.numeric import Parameters
from rftsearch.search.ranking.rerank import rerank
from rftsearch.search.ranking.score import Scored, Seed, score_query, score_similar
from rftsearch.search.scope import Scope
from rftsearch.text.terms import prose_terms
from rftsearch.types import BoolArray

__all__ = ["Retriever"]

NAME_BONUS = 3.0
"""What being named by the question adds to a score: more than meaning and words together."""
KIN_BONUS = 1.5
"""What being nearly named adds: enough to stand before papers that are merely alike."""


@dataclass(frozen=True)
class Retriever:
    """Makes scored candidates of what an engine is asked, with what the engine has for it."""

    parameters: Parameters
    vectors: QueryEncoder
    outside: ArxivLookup
    reranker: Reranker | None
    slots: ComputeSlots

    def asked(
        self, generation: Generation, text: str, scope: Scope, k: int, *, read: bool = True
    ) -> Scored:
        """The candidates for a question, named ones lifted; the best read once more, if wanted.

        For an id of arXiv alone that the index lacks there are none: nothing is like its digits.
        """
        named = find_known_items(generation, text)
        if not named and only_id(text):
            return Scored.nothing()
        if named.whole and len(named.papers) == 1:
            # Nothing but a name: the papers like it follow, and there is no
            # question that a reranker could read.
            [(identifier, paper)] = named.papers.items()
            seed = Reference(paper, identifier)
            scored = self.like(generation, seed, scope, k, {identifier, *named.near_names})
            return _named_first(scored, named)
        about = subject(text)
        scored = score_query(
            generation,
            self.parameters,
            self.vectors.of_query(generation, about),
            prose_terms(about),
            scope.ids(generation),
            k,
            named.papers,
        )
        if not named.settled:
            named = titled(generation, text, scored) or named
        scored = _named_first(scored, named)
        if read and self.reranker is not None:
            with self.slots.yielded():
                scored = rerank(generation, self.reranker, about, scored, named.papers)
        return scored

    def fitting(self, generation: Generation, text: str, scopes: Iterable[Scope]) -> BoolArray:
        """Which rows of the attributes fit a question; see `Scored.fitting`.

        The best of all, whatever the filters. In a large collection the candidates within
        each scope are looked for as well, for none of them need be among those of all.
        """
        fits = np.zeros(len(generation.attributes), dtype=np.bool_)
        every = self.asked(generation, text, Scope.of(generation, None), 1, read=False)
        fits[every.rows[every.fitting()]] = True
        if len(every.ids) < len(fits):
            best = every.strongest()
            for scope in scopes:
                if scope.passing is not None and scope.passing.any():
                    scored = self.asked(generation, text, scope, 1, read=False)
                    fits[scored.rows[scored.fitting(best=best)]] = True
        return fits

    def like(
        self,
        generation: Generation,
        seed: Reference,
        scope: Scope,
        k: int,
        named: Collection[int] = (),
    ) -> Scored:
        """The candidates for being like a paper; see `score_similar`."""
        described, allowed = self.seed(generation, seed), scope.ids(generation)
        return score_similar(generation, self.parameters, described, allowed, k, named)

    def like_text(self, generation: Generation, text: str, scope: Scope, k: int) -> Scored:
        """The candidates for being like a text."""
        [vector] = self.vectors.of_documents(generation, [text])
        seed = Seed.of_text(vector, text)
        return score_similar(generation, self.parameters, seed, scope.ids(generation), k)

    def seed(self, generation: Generation, seed: Reference) -> Seed:
        """What a paper's like are looked for by: of one that is not here, its text alone."""
        if seed.identifier is not None:
            return Seed.of_paper(generation, seed.identifier, seed.paper)
        texts = texts_of(seed.paper)
        body, title = self.vectors.of_documents(generation, [texts.body, texts.title])
        return replace(Seed.of_text(body, texts.body), title=title)

    def refer(self, generation: Generation, reference: str, *, fetch: bool) -> Reference:
        """The paper that a seed means, fetched where it may be and has to."""
        try:
            return resolve(generation, reference)
        except UnknownPaperError as unknown:
            arxiv_id = parse_arxiv_id(clean(reference))
            if arxiv_id is None or (arxiv_id in generation.manifest.left_out and not fetch):
                raise
            if not fetch:
                cure = "`--fetch` (in Python `fetch=True`) asks arXiv for it"
                raise UnknownPaperError(unknown.asked, unknown.suggestions, cure) from None
        with self.slots.yielded():
            paper = self.outside.get(arxiv_id)
        note = f"{arxiv_id} is not in this index; it was fetched from arXiv"
        return Reference(paper, None, (Note(NoteCode.FETCHED, note),))


def _named_first(scored: Scored, named: KnownItems) -> Scored:
    """Lift the papers that the question names above all others."""
    if not named:
        return scored
    name = scored.among(named.papers).astype(np.float32) * NAME_BONUS
    name += scored.among(named.near_names).astype(np.float32) * KIN_BONUS
    return replace(scored, parts={"name": name, **scored.parts})
