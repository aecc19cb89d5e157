"""The engine: questions in, papers out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar, Unpack

from rftsearch.encoders.base import Encoder
from rftsearch.errors import QueryError
from rftsearch.index.generations.generation import Generation
from rftsearch.papers.filters import FilterKeywords, Filters
from rftsearch.papers.paper import Paper
from rftsearch.papers.results import Answer, Explanation, Facets, Hit, Results, Sort
from rftsearch.search import questions
from rftsearch.search.answer.facets import compute_facets
from rftsearch.search.compute_slots import ComputeSlots, places
from rftsearch.search.index_reader import IndexReader
from rftsearch.search.query.arxiv_lookup import ArxivLookup
from rftsearch.search.query.checks import (
    check_count,
    check_diversity,
    check_references,
    check_sort,
    check_text,
)
from rftsearch.search.query.clean import clean
from rftsearch.search.query.query_encoder import QueryEncoder
from rftsearch.search.ranking.numeric import Parameters
from rftsearch.search.retriever import Retriever
from rftsearch.search.scope import Scope
from rftsearch.types import FloatArray

if TYPE_CHECKING:
    from rftsearch.encoders.cross_encoder import Reranker
    from rftsearch.search.answer.overview import Timeline
    from rftsearch.sources.arxiv.api import ArxivClient

__all__ = ["Engine"]

Value = TypeVar("Value")

_EMPTY_QUERY = "type what the papers should be about"
_EMPTY_TEXT = "give a title, an abstract or a paragraph"


class Engine(IndexReader):
    """Answers questions from an index; several threads may share one, but no forked process.

    If the index is built again while the engine runs, the next question is answered from
    the new one. The embedding model is loaded at the first query; finding papers similar
    to a paper of the index needs no model.

    Filters can be given to every question as `filters` (a `Filters` or a dictionary of its
    fields), as keywords (`since="2025"`), or as both.
    """

    def __init__(
        self,
        path: Path | None = None,
        encoder: Encoder | None = None,
        parameters: Parameters | None = None,
        reranker: Reranker | None = None,
        client: ArxivClient | None = None,
    ) -> None:
        """Open an index; see `Engine.open`, which takes texts as paths too."""
        super().__init__(path, encoder)
        self._slots = ComputeSlots(places())
        self._retriever = Retriever(
            parameters or Parameters(),
            QueryEncoder(self.path, encoder, loading=self._slots.yielded),
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
            path: Its folder; None for the default index, see `default_index`. A relative
                path is resolved now, so that the current folder may change later.
            encoder: Encodes queries; None for the model that built the index.
            parameters: The weights of the ranking; None for the defaults.
            reranker: Reads the best candidates of a search once more; None for none.
            client: Reaches arXiv if a method is called with `fetch=True`; None for the
                public API.

        Raises:
            IndexMissingError, IndexDamagedError, IndexFormatError: It cannot be used.
            ModelMismatchError: `encoder` is not the one that built it.
        """
        return cls(None if path is None else Path(path), encoder, parameters, reranker, client)

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
        """Find the papers that answer a query.

        Args:
            query: A topic, a question, a name, a title or an arXiv id.
            k: How many hits to return, 1 or more.
            filters: What the answer may contain.
            sort: `relevance`; or `newest` or `oldest`, which return only good matches.
            keywords: More filters.

        Returns:
            Hits, best first: papers that the query names, then by meaning and words
            together; equals newest first. No hits for a bare arXiv id that the index
            lacks; a note says so.

        Raises:
            QueryError: If the query is empty, k is below 1, or the order is unknown.
            FilterError: If a filter makes no sense or no paper has one of the categories.
            ModelError, ModelMismatchError: The query cannot be encoded, or the reranker
                cannot be used.
        """
        text = check_text("query", query, _EMPTY_QUERY)
        wanted, k = Filters.of(filters, **keywords), check_count("k", k)
        check_sort(sort)
        return self.ask(lambda own, now: questions.search_papers(own, now, text, k, wanted, sort))

    def answer(
        self,
        query: str,
        k: int = 10,
        filters: Filters | FilterKeywords | None = None,
        *,
        sort: Sort = "relevance",
        **keywords: Unpack[FilterKeywords],
    ) -> Answer:
        """Return what `search` and `facets` return for one query, and score it only once.

        Args and Raises: As for `search`.
        """
        text = check_text("query", query, _EMPTY_QUERY)
        wanted, k = Filters.of(filters, **keywords), check_count("k", k)
        check_sort(sort)
        return self.ask(lambda own, now: questions.answer_query(own, now, text, k, wanted, sort))

    def similar(
        self,
        paper: str,
        k: int = 10,
        filters: Filters | FilterKeywords | None = None,
        *,
        fetch: bool = False,
        sort: Sort = "relevance",
        nearest: int = 0,
        **keywords: Unpack[FilterKeywords],
    ) -> Results:
        """Find papers similar to a paper, which is not among them.

        Args:
            paper: Its id, its arXiv id or URL in any form, its short name or title.
            k: How many hits to return, 1 or more.
            filters: What the answer may contain.
            fetch: Whether to ask arXiv for an id that the index lacks. The paper is used
                for the answers of this engine and stored nowhere.
            sort: As for `search`.
            nearest: How many papers to return as `Results.nearest`, from the same scoring.
            keywords: More filters.

        Raises:
            UnknownPaperError: The index has no such paper; it carries similar names.
            QueryError: If k is below 1, no paper was named, or the order is unknown.
            FilterError: If a filter makes no sense or no paper has one of the categories.
            FetchError: arXiv did not answer.
            ModelError, ModelMismatchError: The fetched paper cannot be encoded.
        """
        wanted, k = Filters.of(filters, **keywords), check_count("k", k)
        check_sort(sort)
        return self.ask(
            lambda own, now: questions.similar_papers(
                own, now, paper, k, wanted, sort, nearest, fetch=fetch
            )
        )

    def similar_to_text(
        self,
        text: str,
        k: int = 10,
        filters: Filters | FilterKeywords | None = None,
        *,
        sort: Sort = "relevance",
        nearest: int = 0,
        **keywords: Unpack[FilterKeywords],
    ) -> Results:
        """Find papers similar to a text, such as your own abstract.

        Args:
            text: A paragraph or more.
            k: How many hits to return, 1 or more.
            filters: What the answer may contain.
            sort: As for `search`.
            nearest: As for `similar`.
            keywords: More filters.

        Raises:
            QueryError: If the text is empty, k is below 1, or the order is unknown.
            FilterError: If a filter makes no sense or no paper has one of the categories.
            ModelError, ModelMismatchError: The text cannot be encoded.
        """
        given = check_text("text", text, _EMPTY_TEXT)
        wanted, k = Filters.of(filters, **keywords), check_count("k", k)
        check_sort(sort)
        return self.ask(
            lambda own, now: questions.similar_to_text(own, now, given, k, wanted, sort, nearest)
        )

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
        """Recommend papers to someone who likes some papers and dislikes others.

        Every liked paper is an interest of its own and is served, rather than their
        average. Papers similar to a disliked paper sink. Papers that are very similar do
        not stand together. The papers that are given are not in the answer.

        Args:
            liked: Papers as for `similar`, one or more.
            disliked: Papers as for `similar`.
            k: How many hits to return, 1 or more.
            diversity: From 0, the best papers, to 1, the most different; the lambda of
                MMR is 1 - diversity.
            filters: What the answer may contain.
            fetch: As for `similar`.
            sort: `relevance` for the order of choice; `newest` or `oldest` sort the same
                papers by date.
            keywords: More filters.

        Raises:
            UnknownPaperError: The index has no such paper; it carries similar names.
            QueryError: If nothing is liked, k is below 1, diversity is not in 0 to 1, the
                order is unknown, or one paper is both liked and disliked.
            FilterError: If a filter makes no sense or no paper has one of the categories.
            FetchError: arXiv did not answer.
            ModelError, ModelMismatchError: A fetched paper cannot be encoded.
        """
        wanted, k = Filters.of(filters, **keywords), check_count("k", k)
        check_sort(sort)
        check_diversity(diversity)
        likes = check_references("liked", liked)
        dislikes = check_references("disliked", disliked)
        if not likes:
            raise QueryError("nothing is liked; name at least one paper")
        return self.ask(
            lambda own, now: questions.recommend_papers(
                own, now, likes, dislikes, k, diversity, wanted, sort, fetch=fetch
            )
        )

    def explain(self, query: str, hits: Sequence[Hit]) -> list[Explanation]:
        """Choose the sentence of each hit that answers a query best.

        Args:
            query: What was asked, or the text that papers were compared with.
            hits: An answer, or a part of one.

        Returns:
            One explanation for each hit, in their order; see
            `rftsearch.search.answer.explain` for how sentences are chosen.

        Raises:
            QueryError: The query is empty.
        """
        from rftsearch.search.answer.explain import explain_hits

        text = check_text("query", query, "give the one that was answered")
        return self.ask(lambda _, now: explain_hits(now, text, hits))

    def document_vectors(self, texts: Sequence[str]) -> FloatArray:
        """Encode texts as the index encodes its papers: (n, dimension) float32, unit rows.

        Raises:
            ModelError, ModelMismatchError: The model cannot be loaded or used.
        """
        return self.ask(lambda own, now: own.encoder.document_vectors(now, texts))

    # --- lookups with a query, or with a paper of arXiv ---

    def paper(self, reference: str, *, fetch: bool = False) -> Paper:
        """Return the paper of an id, an arXiv URL in any form, a short name or a title.

        Args:
            reference: How it is named.
            fetch: As for `similar`.

        Raises:
            UnknownPaperError: The index has no such paper; it carries similar names.
            QueryError: No paper was named.
            FetchError: arXiv did not answer.
        """
        if not fetch:
            return super().paper(reference)
        return self.ask(lambda own, now: own.resolve(now, reference, fetch=True).paper)

    def facets(
        self,
        filters: Filters | FilterKeywords | None = None,
        query: str = "",
        **keywords: Unpack[FilterKeywords],
    ) -> Facets:
        """Count how many papers each choice of a filter would leave.

        Args:
            filters: The filters that are set.
            query: What was asked; then only its good matches are counted, as in
                `Results.facets`. Empty to count all papers.
            keywords: More filters.

        Raises:
            FilterError: If a filter makes no sense or no paper has one of the categories.
            ModelError, ModelMismatchError: The query cannot be encoded.
        """
        text, wanted = clean(query), Filters.of(filters, **keywords)
        if not text:
            return self._answer(lambda now: compute_facets(now.attributes, wanted))
        return self.ask(lambda own, now: questions.count_choices(own, now, text, wanted))

    def timeline(
        self,
        filters: Filters | FilterKeywords | None = None,
        query: str = "",
        **keywords: Unpack[FilterKeywords],
    ) -> Timeline:
        """Count the papers that pass by month of release and category.

        Args and Raises: As for `facets`.
        """
        text, wanted = clean(query), Filters.of(filters, **keywords)
        if not text:
            from rftsearch.search.answer.overview import Timeline

            return self._answer(lambda now: Timeline.of(now, Scope.of(now, wanted)))
        return self.ask(lambda own, now: questions.count_months(own, now, text, wanted))

    def ask(self, question: Callable[[Retriever, Generation], Value]) -> Value:
        """Answer a question of any kind from the current generation, in a compute slot."""

        def within_slot(generation: Generation) -> Value:
            with self._slots.acquire():
                return question(self._retriever, generation)

        return self._answer(within_slot)
