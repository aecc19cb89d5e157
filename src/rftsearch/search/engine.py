"""The engine: questions in, papers out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from operator import index
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar, Unpack

import numpy as np

from rftsearch.encoders.base import Encoder
from rftsearch.encoders.cross_encoder import Reranker
from rftsearch.errors import IndexDamagedError, QueryError
from rftsearch.index.generations.generation import Generation
from rftsearch.index.generations.models import check_model
from rftsearch.index.generations.status import Status, read_status
from rftsearch.index.tables.bm25 import inverse_frequency
from rftsearch.papers.filters import FilterKeywords, Filters
from rftsearch.papers.notes import Note, NoteCode
from rftsearch.papers.paper import Paper
from rftsearch.papers.results import Explanation, Facets, Hit, Results, Sort
from rftsearch.search.answer.explain import explain
from rftsearch.search.answer.facets import compute_facets, counted
from rftsearch.search.answer.overview import PaperMap, Timeline
from rftsearch.search.answer.results import chosen
from rftsearch.search.answer.sort import check_date_sort, check_sort, dates, in_order
from rftsearch.search.compute_slots import ComputeSlots, places
from rftsearch.search.generation_watcher import GenerationWatcher
from rftsearch.search.query.arxiv_lookup import ArxivLookup
from rftsearch.search.query.clean import clean, subject
from rftsearch.search.query.examples import telling_phrases
from rftsearch.search.query.known_items import find_known_items, only_id
from rftsearch.search.query.query_encoder import QueryEncoder
from rftsearch.search.query.resolve import Reference, resolve
from rftsearch.search.query.suggest import suggest
from rftsearch.search.ranking.numeric import Parameters
from rftsearch.search.ranking.recommend import recommend
from rftsearch.search.ranking.score import UNRELATED
from rftsearch.search.retriever import Retriever
from rftsearch.search.scope import RowsGoneError, Scope, records
from rftsearch.settings import index_path
from rftsearch.text.latex import latex_to_text
from rftsearch.text.terms import prose_terms

if TYPE_CHECKING:
    from rftsearch.sources.arxiv.api import ArxivClient

__all__ = ["Engine"]

Answer = TypeVar("Answer")

NO_GOOD_MATCH = Note(
    NoteCode.NO_GOOD_MATCH, "no good match for this query; these are the closest papers"
)


class Engine:
    """Answers questions from an index; several threads may share one, but no forked process.

    An index that is built anew while the engine runs is picked up at the next
    question. The embedding model is loaded at the first question in words;
    papers like a known paper need none.
    """

    def __init__(
        self,
        path: Path,
        encoder: Encoder | None = None,
        parameters: Parameters | None = None,
        reranker: Reranker | None = None,
        client: ArxivClient | None = None,
    ) -> None:
        """Use `Engine.open`, which takes the default index where none is named."""
        self.path = path
        self._given = encoder
        self._follower = GenerationWatcher(path, self._check)
        self._slots = ComputeSlots(places())
        self._inquiry = Retriever(
            parameters or Parameters(),
            QueryEncoder(path, encoder, loading=self._slots.yielded),
            ArxivLookup(client),
            reranker,
            self._slots,
        )

    @classmethod
    def open(
        cls,
        path: str | Path | None = None,
        *,
        encoder: Encoder | None = None,
        parameters: Parameters | None = None,
        reranker: Reranker | None = None,
        client: ArxivClient | None = None,
    ) -> Self:
        """Open an index.

        Args:
            path: Its folder; None for the one `default_index` names.
            encoder: What encodes queries; None for the model the index was built with.
            parameters: The weights of the ranking; None for the defaults.
            reranker: What reads the best candidates of a search once more; None for
                the ranking alone.
            client: How to reach arXiv where fetching is asked for; None for the
                public API.

        Raises:
            IndexMissingError, IndexDamagedError, IndexFormatError: It cannot be used.
            ModelMismatchError: `encoder` is not the one that built it.
        """
        folder = index_path(None if path is None else Path(path))
        return cls(folder, encoder, parameters, reranker, client)

    def close(self) -> None:
        """Let go of the index; whatever is asked afterwards raises a UsageError."""
        self._follower.close()

    def __enter__(self) -> Self:
        """Use it in a `with`."""
        self._follower.check_open()
        return self

    def __exit__(self, *_: object) -> None:
        """Close at the end of a `with`."""
        self.close()

    # --- questions ---

    def search(
        self,
        query: str,
        k: int = 10,
        filters: Filters | FilterKeywords | None = None,
        *,
        sort: Sort = "relevance",
        **keywords: Unpack[FilterKeywords],
    ) -> Results:
        """Find the papers that answer a question or fit a description.

        Args:
            query: Free text.
            k: How many papers at the most, 1 or more.
            filters: What the answer may contain.
            keywords: Single filters, `since="2025"`; see `Filters`.
            sort: By `relevance`; or those that fit, `newest` or `oldest` first: those
                that answer half as well as the best, or have every word of the query.

        Returns:
            Hits, best first: papers that the question names, then by meaning and
            words together; equals newest first. None for an id of arXiv alone that the
            index lacks; a note says so.

        Raises:
            QueryError: The query is empty, k is below 1, or there is no such order.
            FilterError: A category that no paper has.
            ModelError, ModelMismatchError: The query cannot be encoded, or the
                reranker cannot be used.
        """
        text = clean(query)
        if not text:
            raise QueryError("the query is empty; type what the papers should be about")
        _check_count(k)
        check_sort(sort)

        def answer(generation: Generation) -> Results:
            # Filters first: a mistake in them must not wait for a model to load.
            scope = Scope.of(generation, Filters.of(filters, **keywords))
            scored = self._inquiry.asked(generation, text, scope, k)
            found = in_order(generation, scored, k, scope, sort)
            if (arxiv_id := only_id(text)) and not find_known_items(generation, text):
                absent = (
                    f"{arxiv_id} is not in this index; `rftsearch similar {arxiv_id} --fetch` "
                    "fetches it from arXiv and finds papers like it"
                )
                return replace(found, notes=(*found.notes, Note(NoteCode.NOT_IN_INDEX, absent)))
            named = "name" in scored.parts
            if found and not named and scored.strengths.max() < UNRELATED:
                return replace(found, notes=(*found.notes, NO_GOOD_MATCH))
            return found

        return self._compute(answer)

    def similar(
        self,
        paper: str,
        k: int = 10,
        filters: Filters | FilterKeywords | None = None,
        *,
        fetch: bool = False,
        sort: Sort = "relevance",
        **keywords: Unpack[FilterKeywords],
    ) -> Results:
        """Find papers like one of the index, which is never among them.

        Args:
            paper: Its id, its arXiv id or URL in any form, its short name or title.
            k: How many papers at the most, 1 or more.
            filters: What the answer may contain.
            keywords: Single filters, `since="2025"`; see `Filters`.
            fetch: Whether to ask arXiv for an id that is not in the index. What it
                says is used for this engine's answers, and stored nowhere.
            sort: As for `search`.

        Raises:
            UnknownPaperError: The index has no such paper; names what comes close.
            QueryError: k is below 1, nothing was named, or there is no such order.
            FilterError: A category that no paper has.
            FetchError: arXiv did not answer.
            ModelError, ModelMismatchError: What was fetched cannot be encoded.
        """
        _check_count(k)
        check_sort(sort)

        def answer(generation: Generation) -> Results:
            scope = Scope.of(generation, Filters.of(filters, **keywords))
            seed = self._inquiry.refer(generation, paper, fetch=fetch)
            scored = self._inquiry.like(generation, seed, scope, k + 1)
            without = () if seed.identifier is None else (seed.identifier,)
            found = in_order(generation, scored, k, scope, sort, without)
            notes = seed.notes
            if seed.paper.abstract_state == "pending":
                pending = f"the abstract of {seed.paper.short_name} is not fetched yet"
                notes = (*notes, Note(NoteCode.SEED_WITHOUT_ABSTRACT, pending))
            return replace(found, notes=(*notes, *found.notes))

        return self._compute(answer)

    def similar_to_text(
        self,
        text: str,
        k: int = 10,
        filters: Filters | FilterKeywords | None = None,
        *,
        sort: Sort = "relevance",
        **keywords: Unpack[FilterKeywords],
    ) -> Results:
        """Find papers like a text, such as one's own abstract.

        Args:
            text: A paragraph or more.
            k: How many papers at the most, 1 or more.
            filters: What the answer may contain.
            keywords: Single filters, `since="2025"`; see `Filters`.
            sort: As for `search`.

        Raises:
            QueryError: The text is empty, k is below 1, or there is no such order.
            FilterError: A category that no paper has.
            ModelError, ModelMismatchError: The text cannot be encoded.
        """
        text = clean(text)
        if not text:
            raise QueryError("the text is empty; give a title, an abstract or a paragraph")
        _check_count(k)
        check_sort(sort)

        def answer(generation: Generation) -> Results:
            scope = Scope.of(generation, Filters.of(filters, **keywords))
            scored = self._inquiry.like_text(generation, text, scope, k)
            return in_order(generation, scored, k, scope, sort)

        return self._compute(answer)

    def recommend(
        self,
        liked: Sequence[str] | str,
        disliked: Sequence[str] | str = (),
        k: int = 10,
        diversity: float = 0.3,
        filters: Filters | FilterKeywords | None = None,
        *,
        fetch: bool = False,
        sort: Sort = "relevance",
        **keywords: Unpack[FilterKeywords],
    ) -> Results:
        """Recommend papers to someone who likes some and dislikes others.

        Every liked paper is an interest of its own and is served, rather than their
        average; what is like a disliked paper sinks; and papers that are twins do not
        stand together. None of those named is among the answer.

        Args:
            liked: Papers as for `similar`, one or more.
            disliked: Papers as for `similar`.
            k: How many papers at the most, 1 or more.
            diversity: From 0, the best alone, to 1, the most different; the lambda
                of MMR is 1 - diversity.
            filters: What the answer may contain.
            keywords: Single filters, `since="2025"`; see `Filters`.
            fetch: As for `similar`.
            sort: In which order those that are recommended come: as chosen, `newest` or
                `oldest` first.

        Raises:
            UnknownPaperError: The index has no such paper; names what comes close.
            QueryError: Nothing is liked, k is below 1, diversity is not in 0 to 1, there
                is no such order, or one paper is both liked and disliked.
            FilterError: A category that no paper has.
            FetchError: arXiv did not answer.
            ModelError, ModelMismatchError: What was fetched cannot be encoded.
        """
        _check_count(k)
        check_sort(sort)
        liked, disliked = ([one] if isinstance(one, str) else one for one in (liked, disliked))
        if not liked:
            raise QueryError("nothing is liked; name at least one paper")
        if not 0 <= diversity <= 1:
            raise QueryError(f"a diversity of {diversity} makes no sense; it goes from 0 to 1")

        def answer(generation: Generation) -> Results:
            scope = Scope.of(generation, Filters.of(filters, **keywords))
            likes, dislikes = (
                {seed.paper.id: seed for seed in (refer(generation, name) for name in names)}
                for names in (liked, disliked)
            )
            for paper_id in likes.keys() & dislikes.keys():
                both = likes[paper_id].paper.short_name
                raise QueryError(f"{both} is both liked and disliked; keep it in one of the two")
            everyone = (*likes.values(), *dislikes.values())
            scored, order = recommend(
                generation,
                self._inquiry.parameters,
                [self._inquiry.seed(generation, seed) for seed in likes.values()],
                [self._inquiry.seed(generation, seed) for seed in dislikes.values()],
                [seed.identifier for seed in everyone if seed.identifier is not None],
                scope.ids(generation),
                k,
                diversity,
            )
            if sort != "relevance":
                order = order[dates(generation.attributes, scored.rows[order], sort)]
            found = chosen(generation, scored, order, scope)
            notes = (note for seed in everyone for note in seed.notes)
            return replace(found, notes=(*notes, *found.notes))

        def refer(generation: Generation, name: str) -> Reference:
            return self._inquiry.refer(generation, name, fetch=fetch)

        return self._compute(answer)

    def explain(self, query: str, hits: Sequence[Hit]) -> list[Explanation]:
        """Choose the sentence of each hit that answers a query best.

        Args:
            query: What was asked, or the text whose like was looked for.
            hits: An answer, or a part of one.

        Returns:
            One for each hit, in their order; see `explain` in
            `rftsearch.search.answer.explain` for how they are chosen.

        Raises:
            QueryError: The query is empty.
        """
        text = clean(query)
        if not text:
            raise QueryError("the query is empty; give the one that was answered")
        terms = prose_terms(subject(text))

        def answer(generation: Generation) -> list[Explanation]:
            papers, lexical = len(generation.lexical), generation.lexical
            return explain(
                [hit.paper for hit in hits],
                terms,
                lambda term: inverse_frequency(papers, lexical.frequency(term)),
            )

        return self._compute(answer)

    # --- looking things up ---

    def paper(self, reference: str, *, fetch: bool = False) -> Paper:
        """The paper of an id, an arXiv URL in any form, a short name or a title.

        Args:
            reference: How it is named.
            fetch: As for `similar`.

        Raises:
            UnknownPaperError: The index has no such paper; names what comes close.
            QueryError: Nothing was named.
            FetchError: arXiv did not answer.
        """
        if fetch:
            return self._compute(lambda now: self._inquiry.refer(now, reference, fetch=True).paper)
        return self._answer(lambda now: resolve(now, reference).paper)

    def papers(
        self,
        filters: Filters | FilterKeywords | None = None,
        limit: int | None = None,
        *,
        sort: Sort = "newest",
        **keywords: Unpack[FilterKeywords],
    ) -> list[Paper]:
        """The papers that pass, newest first or oldest first, undated last.

        Raises:
            FilterError: A category that no paper has.
            QueryError: `limit` is below 1, or the order is none by date: `relevance`
                needs a question.
        """
        if limit is not None:
            _check_count(limit)
        check_date_sort(sort)

        def answer(generation: Generation) -> list[Paper]:
            attributes = generation.attributes
            rows = np.flatnonzero(attributes.mask(Filters.of(filters, **keywords)))
            rows = rows[dates(attributes, rows, sort)]
            return records(generation, attributes.ids[rows[:limit]])

        return self._answer(answer)

    def suggest(self, text: str, limit: int = 10) -> list[Paper]:
        """Papers whose short name or title contains what was typed; names first."""
        return self._answer(lambda generation: suggest(generation, clean(text), limit))

    def categories(
        self, filters: Filters | FilterKeywords | None = None, **keywords: Unpack[FilterKeywords]
    ) -> dict[str, int]:
        """Papers per category among those that pass, in the list's order."""
        return self._answer(
            lambda generation: generation.attributes.count_categories(
                Scope.of(generation, Filters.of(filters, **keywords)).passing
            )
        )

    def category(self, name: str) -> str:
        """The full name of a category, which a filter takes in any case or a part of.

        Raises:
            FilterError: No paper has such a category, or several have that part.
        """
        return self._answer(lambda generation: generation.attributes.category(name))

    def facets(
        self,
        filters: Filters | FilterKeywords | None = None,
        query: str = "",
        **keywords: Unpack[FilterKeywords],
    ) -> Facets:
        """How many works each choice of a filter would leave.

        Args:
            filters: Those that are set.
            keywords: Single filters, `since="2025"`; see `Filters`.
            query: What was asked; only works that fit it are counted then, as in
                `Results.facets`. Empty for all works.

        Raises:
            FilterError: A category that no paper has.
            ModelError, ModelMismatchError: The query cannot be encoded.
        """
        text = clean(query)

        wanted = Filters.of(filters, **keywords)

        def answer(generation: Generation) -> Facets:
            attributes = generation.attributes
            if not text:
                return compute_facets(attributes, wanted)
            compute_facets(attributes, wanted)  # a mistake in the filters must not wait for a model
            scopes = (Scope.of(generation, chosen) for chosen in counted(wanted))
            return compute_facets(
                attributes, wanted, self._inquiry.fitting(generation, text, scopes)
            )

        return self._compute(answer) if text else self._answer(answer)

    def months(self) -> list[str]:
        """Every month in which something was released, newest first."""
        return self._answer(lambda generation: generation.attributes.months())

    def map(
        self, filters: Filters | FilterKeywords | None = None, **keywords: Unpack[FilterKeywords]
    ) -> PaperMap:
        """The papers that pass, in the plane: what is alike lies close together.

        Filters take papers off the map and move none.

        Raises:
            FilterError: A category that no paper has.
        """
        return self._answer(
            lambda now: PaperMap.of(now, Scope.of(now, Filters.of(filters, **keywords)))
        )

    def timeline(
        self,
        filters: Filters | FilterKeywords | None = None,
        query: str = "",
        **keywords: Unpack[FilterKeywords],
    ) -> Timeline:
        """The papers that pass, counted by month of release and category.

        Args:
            filters: Those that are set.
            keywords: Single filters, `since="2025"`; see `Filters`.
            query: As for `facets`.

        Raises:
            FilterError: A category that no paper has.
            ModelError, ModelMismatchError: The query cannot be encoded.
        """
        text = clean(query)

        def answer(generation: Generation) -> Timeline:
            scope = Scope.of(generation, Filters.of(filters, **keywords))
            if text:
                scope = scope.within(self._inquiry.fitting(generation, text, [scope]))
            return Timeline.of(generation, scope)

        return self._compute(answer) if text else self._answer(answer)

    def examples(self, compute_facets: int = 5) -> list[str]:
        """Things to ask of this collection: phrases of its titles, and one of its names.

        They depend on nothing but what is in the index. Fewer than `count` where its
        titles have little in common.
        """
        phrases = telling_phrases(
            ((one.category, one.title) for one in self.map().points), compute_facets
        )
        return [*phrases[: compute_facets - 1], *self._known_names()][:compute_facets]

    def _known_names(self) -> list[str]:
        """The short name of the oldest work of those that most was released with."""
        for has in (("code", "model", "dataset"), ("code", "model"), ("code",)):
            if found := self.papers(Filters(has=has), 1, sort="oldest"):
                return [latex_to_text(found[0].short_name)]
        return []

    def status(self) -> Status:
        """The figures of the index, read from its folder."""
        self._follower.check_open()
        return read_status(self.path)

    @property
    def version(self) -> str:
        """Another one for every index that becomes current: what is known of it may be kept."""
        manifest = self._follower.current().manifest
        return f"{manifest.generation}/{manifest.built}"

    # --- keeping up with the index ---

    def _answer(self, ask: Callable[[Generation], Answer]) -> Answer:
        damage: Exception | None = None
        for _ in range(3):
            generation = self._follower.current()
            try:
                return ask(generation)
            except (RowsGoneError, IndexDamagedError) as error:
                # Builds went by during the question, or changed a store that was
                # read as immutable; open it again and ask once more.
                damage = error
                self._follower.reopen(generation)
        if isinstance(damage, IndexDamagedError):
            raise damage
        raise IndexDamagedError(
            f"records are missing from the store in {self.path}; `rftsearch build` makes them anew"
        )

    def _compute(self, ask: Callable[[Generation], Answer]) -> Answer:
        """As `_answer`, when there is a place for it."""

        def at_its_turn(generation: Generation) -> Answer:
            with self._slots.acquire():
                return ask(generation)

        return self._answer(at_its_turn)

    def _check(self, generation: Generation) -> None:
        if self._given is not None:
            check_model(generation.manifest, self._given)


def _check_count(k: int) -> None:
    try:
        index(k)  # numpy has whole numbers of its own
    except TypeError:
        raise QueryError(f"k is {k!r}; give a whole number, 1 or more") from None
    if k < 1:
        raise QueryError(f"cannot return {k} papers; ask for 1 or more")
