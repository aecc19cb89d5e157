"""The engine: questions in, papers out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

from rftsearch.errors import QueryError
from rftsearch.papers.asked.understood import Understood
from rftsearch.papers.filters import FilterKeywords, Filters
from rftsearch.papers.paper import Paper
from rftsearch.papers.results import Answer, Explanation, Facets, Hit, Results, Sort
from rftsearch.search import questions
from rftsearch.search.answer.facets import compute_facets
from rftsearch.search.asked import Asked
from rftsearch.search.index_with_model import IndexWithModel
from rftsearch.search.query.checks import (
    check_count,
    check_diversity,
    check_references,
    check_sort,
    check_text,
)
from rftsearch.search.query.clean import clean
from rftsearch.search.scope import Scope

if TYPE_CHECKING:
    from rftsearch.search.answer.overview import Timeline

__all__ = ["Engine"]

_EMPTY_TEXT = "give a title, an abstract or a paragraph"


class Engine(IndexWithModel):
    """Answers questions from an index; several threads may share one, but no forked process.

    If the index is built again while the engine runs, the next question is answered from
    the new one. The embedding model is loaded at the first query; finding papers similar
    to a paper of the index needs no model.

    Filters can be given to every question as `filters` (a `Filters` or a dictionary of its
    fields), as keywords (`since="2025"`), or as both.
    """

    # --- questions ---

    def search(
        self,
        query: str,
        k: int = 10,
        filters: Filters | FilterKeywords | None = None,
        *,
        sort: Sort = "relevance",
        ignore: Sequence[str] | str = (),
        **keywords: Unpack[FilterKeywords],
    ) -> Results:
        """Find the papers that answer a query.

        Args:
            query: A topic, a question, a name, a title or an arXiv id.
            k: How many hits to return, 1 or more.
            filters: What the answer may contain.
            sort: `relevance`; or `newest` or `oldest`, which return only good matches.
            ignore: What is not to be read into the words: ids of parts, kinds, or "all".
            keywords: More filters.

        Returns:
            Hits, best first: papers that the query names, then by meaning and words
            together; equals newest first. No hits for a bare arXiv id that the index
            lacks; a note says so. `Results.understood` says what was read into the words.

        Raises:
            QueryError: If the query is empty, k is below 1, or the order is unknown.
            FilterError: If a filter makes no sense or no paper has one of the categories.
            ModelError, ModelMismatchError: The query cannot be encoded, or the reranker
                cannot be used.
        """
        asked = Asked.of(query, k, filters, sort, ignore, keywords)
        return self.ask(lambda own, now: questions.search_papers(own, now, asked))

    def answer(
        self,
        query: str,
        k: int = 10,
        filters: Filters | FilterKeywords | None = None,
        *,
        sort: Sort = "relevance",
        ignore: Sequence[str] | str = (),
        **keywords: Unpack[FilterKeywords],
    ) -> Answer:
        """Return what `search` and `facets` return for one query, and score it only once.

        Args and Raises: As for `search`.
        """
        asked = Asked.of(query, k, filters, sort, ignore, keywords)
        return self.ask(lambda own, now: questions.answer_query(own, now, asked))

    def understand(self, query: str, *, ignore: Sequence[str] | str = ()) -> Understood:
        """Return what a query is taken to mean: its topic, and its parts that say more.

        Args and Raises: As for `search`.
        """
        asked = Asked.of(query, 1, None, "relevance", ignore, {})
        return self._answer(lambda now: asked.understood(self._retriever, now).understood)

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
        """Find papers similar to a paper, which is not among them.

        Args:
            paper: Its id, its arXiv id or URL in any form, its short name or title.
            k: How many hits to return, 1 or more.
            filters: What the answer may contain.
            fetch: Whether to ask arXiv for an id that the index lacks. The paper is used
                for the answers of this engine and stored nowhere.
            sort: As for `search`.
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
            lambda own, now: questions.similar_papers(own, now, paper, k, wanted, sort, fetch=fetch)
        )

    def similar_to_text(
        self,
        text: str,
        k: int = 10,
        filters: Filters | FilterKeywords | None = None,
        *,
        sort: Sort = "relevance",
        **keywords: Unpack[FilterKeywords],
    ) -> Results:
        """Find papers similar to a text, such as your own abstract.

        Args:
            text: A paragraph or more.
            k: How many hits to return, 1 or more.
            filters: What the answer may contain.
            sort: As for `search`.
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
            lambda own, now: questions.similar_to_text(own, now, given, k, wanted, sort)
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
        ignore: Sequence[str] | str = (),
        **keywords: Unpack[FilterKeywords],
    ) -> Facets:
        """Count how many papers each choice of a filter would leave.

        Args:
            filters: The filters that are set.
            query: What was asked; then only its good matches are counted, as in
                `Results.facets`. Empty to count all papers.
            ignore: As for `search`.
            keywords: More filters.

        Raises:
            FilterError: If a filter makes no sense or no paper has one of the categories.
            ModelError, ModelMismatchError: The query cannot be encoded.
        """
        if not clean(query):
            wanted = Filters.of(filters, **keywords)
            return self._answer(lambda now: compute_facets(now.attributes, wanted))
        asked = Asked.of(query, 1, filters, "relevance", ignore, keywords)
        return self.ask(lambda own, now: questions.count_choices(own, now, asked))

    def timeline(
        self,
        filters: Filters | FilterKeywords | None = None,
        query: str = "",
        ignore: Sequence[str] | str = (),
        **keywords: Unpack[FilterKeywords],
    ) -> Timeline:
        """Count the papers that pass by month of release and category.

        Args and Raises: As for `facets`.
        """
        if not clean(query):
            from rftsearch.search.answer.overview import Timeline

            wanted = Filters.of(filters, **keywords)
            return self._answer(lambda now: Timeline.of(now, Scope.of(now, wanted)))
        asked = Asked.of(query, 1, filters, "relevance", ignore, keywords)
        return self.ask(lambda own, now: questions.count_months(own, now, asked))
