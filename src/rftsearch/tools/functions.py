"""What programs and assistants may ask of an engine: one function for each, with its checks.

Names, types, defaults and descriptions are read off the functions themselves and shown to
programs and to language models. Types are read without resolving them, so this module does
without `from __future__ import annotations`; and one line of a docstring is read for each
parameter, so those lines are long.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Literal
from weakref import WeakKeyDictionary

from rftsearch.errors import FetchError, UsageError
from rftsearch.export import export, without_mark
from rftsearch.export.lists import join_lists, name_lists
from rftsearch.living.labels.unlabelled import predicted, predicted_anywhere, with_predictions
from rftsearch.papers.filters import Filters
from rftsearch.papers.paper import Paper
from rftsearch.papers.results import Results
from rftsearch.search.engine import Engine
from rftsearch.tools.filter_parameters import with_filters
from rftsearch.tools.validate import (
    read_count,
    read_date_order,
    read_depth,
    read_flag,
    read_offset,
    read_share,
    read_sort,
    read_text,
    read_texts,
)

__all__ = ["MAX_FETCHING", "engine_functions"]

_EVERYTHING = Filters()

MAX_FETCHING = 4
"""Requests that may wait for arXiv at once, whichever way they came. Each holds a thread."""
POOLED = (50, 200)
"""Recommendations are chosen from a pool that grows with their number. All pages up to each of
these numbers are cut from one answer, so that no paper stands on two of them."""

_places: WeakKeyDictionary[Engine, threading.BoundedSemaphore] = WeakKeyDictionary()
_making_places = threading.Lock()


def engine_functions(engine: Engine) -> dict[str, Callable[..., Any]]:
    """Return the functions by the names of their endpoints.

    Those that find papers return `Results`, one returns a `Paper`, one a list of papers, one
    names with numbers, and one the text of a file. All raise `RftsearchError`.

    Args:
        engine: What answers; the caller closes it.
    """
    with _making_places:
        waiting = _places.setdefault(engine, threading.BoundedSemaphore(MAX_FETCHING))

    @with_filters
    def search_papers(
        query: str,
        k: int = 10,
        filters: Filters = _EVERYTHING,
        sort: Literal["relevance", "newest", "oldest"] = "relevance",
        ignore: list[str] | None = None,
        offset: int = 0,
    ) -> Results:
        """Find research papers and code projects by what they are about: a question, a topic, a name, or a description in plain words. Use it first.

        Args:
            query: What the papers should be about, in plain words, at most 4000 characters.
            k: How many papers to return at most, 1 to 200.
            filters: One line for each of FILTER_FIELDS.
            sort: relevance (the best first), newest or oldest; by date only good matches are returned.
            ignore: Parts of the query that are meant as plain words: their ids, as `understood` of an earlier answer names them; or all.
            offset: How many papers of the answer to pass over; 10 for the second page of 10. offset and k together are at most 1000.

        Returns:
            The papers, best first or in the order of `sort`: id, short_name, title, category, categories, kind, released, arxiv_id, url, links, authors, abstract, score and its parts; predicted_categories where nobody gave the paper a category, which is a guess.
        """
        text, count = read_text("query", query), read_count("k", k)
        plain, first = read_texts("ignore", ignore), read_depth(offset, count)
        found = engine.search(text, first + count, filters, sort=read_sort(sort), ignore=plain)
        return with_predictions(engine, _after(first, found))

    @with_filters
    def find_similar_papers(
        paper: str | None = None,
        k: int = 10,
        filters: Filters = _EVERYTHING,
        fetch: bool = False,
        sort: Literal["relevance", "newest", "oldest"] = "relevance",
        text: str | None = None,
        offset: int = 0,
    ) -> Results:
        """Find papers similar to one paper, which is itself left out, or similar to a text such as an abstract. Give paper or text.

        Args:
            paper: Its arXiv id or URL in any form, its short name, its title, or its id in the catalogue.
            k: How many papers to return at most, 1 to 200.
            filters: One line for each of FILTER_FIELDS.
            fetch: true to ask arXiv for an id that is not in the catalogue, which takes seconds.
            sort: relevance (the most similar first), newest or oldest; by date only good matches are returned.
            text: A text to find similar papers to, such as an abstract or a paragraph, at most 4000 characters; in place of `paper`.
            offset: How many papers of the answer to pass over; 10 for the second page of 10. offset and k together are at most 1000.

        Returns:
            The papers, best first or in the order of `sort`, with the fields of search_papers.
        """
        if (paper is None) == (text is None):
            raise UsageError("give paper or text, and not both")
        count, order = read_count("k", k), read_sort(sort)
        first = read_depth(offset, count)
        if text is not None:
            given = read_text("text", text)
            found = engine.similar_to_text(given, first + count, filters, sort=order)
            return with_predictions(engine, _after(first, found))
        with _fetching(waiting, read_flag("fetch", fetch)):
            reference = read_text("paper", paper)
            found = engine.similar(reference, first + count, filters, fetch=fetch, sort=order)
            return with_predictions(engine, _after(first, found))

    @with_filters
    def recommend_papers(
        liked: list[str],
        disliked: list[str] | None = None,
        k: int = 10,
        diversity: float = 0.3,
        filters: Filters = _EVERYTHING,
        fetch: bool = False,
        sort: Literal["relevance", "newest", "oldest"] = "relevance",
        offset: int = 0,
    ) -> Results:
        """Recommend papers, given several that someone likes and some that they dislike; those are not returned.

        Args:
            liked: Papers to find similar ones to: arXiv ids or URLs, short names, or titles; each is an interest of its own.
            disliked: Papers to stay away from, named in the same way.
            k: How many papers to return at most, 1 to 200.
            diversity: From 0 (the most similar papers, even if they resemble each other) to 1 (papers that differ from each other).
            filters: One line for each of FILTER_FIELDS.
            fetch: true to ask arXiv for ids that are not in the catalogue, which takes seconds.
            sort: relevance (the order in which they were chosen), newest or oldest.
            offset: How many papers of the answer to pass over; 10 for the second page of 10. offset and k together are at most 1000.

        Returns:
            The papers, best first or in the order of `sort`, with the fields of search_papers.
        """
        count, order = read_count("k", k), read_sort(sort)
        first = read_depth(offset, count)
        if first and order != "relevance":
            raise UsageError("offset goes through the order of choice; leave it or sort out")
        wanted = first + count
        with _fetching(waiting, read_flag("fetch", fetch)):
            found = engine.recommend(
                read_texts("liked", liked),
                read_texts("disliked", disliked),
                next((one for one in POOLED if first and one >= wanted), wanted),
                read_share("diversity", diversity),
                filters,
                fetch=fetch,
                sort=order,
            )
            return with_predictions(engine, _after(first, found, wanted))

    def get_paper(paper: str, fetch: bool = False) -> Paper:
        """Look up everything about one paper or project: authors, abstract, links to code, models and data.

        Args:
            paper: Its arXiv id or URL in any form, its short name, its title, or its id in the catalogue.
            fetch: true to ask arXiv for an id that is not in the catalogue, which takes seconds.

        Returns:
            The paper: id, short_name, title, category, categories, kind, released, arxiv_id, url, links, authors, abstract; predicted_categories where nobody gave it a category, which is a guess.
        """
        with _fetching(waiting, read_flag("fetch", fetch)):
            found = engine.paper(read_text("paper", paper), fetch=fetch)
            return predicted_anywhere(engine, found)

    @with_filters
    def list_papers(
        filters: Filters = _EVERYTHING,
        k: int = 20,
        offset: int = 0,
        sort: Literal["newest", "oldest"] = "newest",
    ) -> list[Paper]:
        """List papers without a question, by date: all of the catalogue, or those that pass the filters, a page at a time.

        Args:
            filters: One line for each of FILTER_FIELDS.
            k: How many papers to return at most, 1 to 200.
            offset: How many papers of the order to pass over; 20 for the second page of 20.
            sort: newest or oldest first; papers without a date come last.

        Returns:
            The papers in that order, with the fields of search_papers without score and parts.
        """
        count, first = read_count("k", k), read_offset("offset", offset)
        listed = engine.papers(filters, first + count, sort=read_date_order(sort))[first:]
        return predicted(engine, listed)

    def list_categories() -> list[dict[str, Any]]:
        """Name every category of the catalogue, with the number of papers in it. The names are what `categories` of other tools takes.

        Returns:
            The categories in the order of the list: category and count.
        """
        counts = engine.categories()
        return [{"category": name, "count": count} for name, count in counts.items()]

    def export_papers(
        papers: list[str],
        format: Literal["bibtex", "ris", "csl", "csv", "markdown", "jsonl"] = "bibtex",
    ) -> str:
        """Write references for a reference manager, a spreadsheet or a list: BibTeX, RIS, CSL-JSON, CSV, or Markdown.

        Args:
            papers: arXiv ids or URLs, short names, or titles; at most 200.
            format: bibtex, ris, csl, csv, markdown or jsonl.

        Returns:
            The text of the file, each paper once, in the order given. With several papers it names the list they come from, where the format has a place for it.
        """
        works = predicted(engine, [engine.paper(name) for name in read_texts("papers", papers)])
        # One alone is pasted into another file; several are one, which says where they are from.
        about = join_lists(name_lists(engine.status().lists)) if len(works) > 1 else None
        return without_mark(export(works, read_text("format", format), about=about))

    return {
        "search": search_papers,
        "similar": find_similar_papers,
        "recommend": recommend_papers,
        "paper": get_paper,
        "list": list_papers,
        "categories": list_categories,
        "export": export_papers,
    }


def _after(first: int, found: Results, end: int | None = None) -> Results:
    """Return the page of an answer that begins after its first papers."""
    return replace(found, hits=found.hits[first:end])


@contextmanager
def _fetching(waiting: threading.BoundedSemaphore, fetch: bool) -> Iterator[None]:
    """Take one of the places of requests that may wait for arXiv.

    Raises:
        FetchError: If all are taken.
    """
    if not fetch:
        yield
        return
    if not waiting.acquire(blocking=False):
        raise FetchError("arXiv is being asked for other papers; try again in a moment")
    try:
        yield
    finally:
        waiting.release()
