"""The public endpoints, which are also the tools of the MCP server: plain JSON.

Gradio reads names, types, defaults and descriptions off the functions themselves,
and shows them to programs and to language models: an endpoint is called as `gr.api`
is told, a tool as its function. It reads the type that a function returns without
resolving it, so this module does without `from __future__ import annotations`; and
it reads one line of a docstring for each parameter, so those lines are long.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Literal, TypeVar

import gradio as gr

from rftsearch.errors import FetchError, RftsearchError
from rftsearch.export import export, without_mark
from rftsearch.papers.filters import Filters
from rftsearch.papers.results import Results
from rftsearch.search.engine import Engine
from rftsearch.ui.server.filter_parameters import with_filters
from rftsearch.ui.server.validate import (
    read_count,
    read_flag,
    read_share,
    read_sort,
    read_text,
    read_texts,
)

__all__ = ["MAX_FETCHING", "add_endpoints", "answer_tools_in_json"]

Value = TypeVar("Value")
Works = list[dict[str, Any]]

_EVERYTHING = Filters()

AT_ONCE = 2
"""Calls of one kind that run at once."""
MAX_FETCHING = 4
"""Requests that may wait for arXiv at once. Each holds one of the server's 40 threads."""
_FETCHING = {"similar", "recommend", "paper"}
"""The endpoints that can ask arXiv."""


def add_endpoints(engine: Engine) -> None:
    """Add the endpoints to the page that is being built."""
    waiting = threading.BoundedSemaphore(MAX_FETCHING)

    @with_filters
    def search_papers(
        query: str,
        k: int = 10,
        filters: Filters = _EVERYTHING,
        sort: Literal["relevance", "newest", "oldest"] = "relevance",
    ) -> list[dict[str, Any]]:
        """Find research papers and code projects by what they are about: a question, a topic, a name, or a description in plain words. Use it first.

        Args:
            query: What the works should be about, in plain words, at most 4000 characters.
            k: How many works to return at the most, 1 to 200.
            filters: One line for each of FILTER_FIELDS.
            sort: relevance for the best first; or newest or oldest first, of the works that fit the question.

        Returns:
            The works, best first or as `sort` says: id, short_name, title, category, categories, kind, released, arxiv_id, url, links, authors, abstract, score and its parts.
        """
        text, count = read_text("query", query), read_count("k", k)
        return _hits(engine.search(text, count, filters, sort=read_sort(sort)))

    @with_filters
    def find_similar_papers(
        paper: str,
        k: int = 10,
        filters: Filters = _EVERYTHING,
        fetch: bool = False,
        sort: Literal["relevance", "newest", "oldest"] = "relevance",
    ) -> list[dict[str, Any]]:
        """Find works like one paper, which is itself left out.

        Args:
            paper: Its arXiv id or URL in any form, its short name, its title, or its id in the catalogue.
            k: How many works to return at the most, 1 to 200.
            filters: One line for each of FILTER_FIELDS.
            fetch: true to ask arXiv for an id that is not in the catalogue, which takes seconds.
            sort: relevance for the most alike first; or newest or oldest first, of the works that are alike enough.

        Returns:
            The works, best first or as `sort` says, with the fields of search_papers.
        """
        with _fetching(waiting, read_flag("fetch", fetch)):
            reference, count = read_text("paper", paper), read_count("k", k)
            order = read_sort(sort)
            return _hits(engine.similar(reference, count, filters, fetch=fetch, sort=order))

    @with_filters
    def recommend_papers(
        liked: list[str],
        disliked: list[str] | None = None,
        k: int = 10,
        diversity: float = 0.3,
        filters: Filters = _EVERYTHING,
        fetch: bool = False,
        sort: Literal["relevance", "newest", "oldest"] = "relevance",
    ) -> list[dict[str, Any]]:
        """Recommend works from several papers that someone likes, and some that they dislike; none of these is among the answer.

        Args:
            liked: Papers to find works like: arXiv ids or URLs, short names, or titles; several are several interests.
            disliked: Papers to stay away from, named in the same way.
            k: How many works to return at the most, 1 to 200.
            diversity: From 0, the closest works even if they are alike, to 1, the most different from each other.
            filters: One line for each of FILTER_FIELDS.
            fetch: true to ask arXiv for ids that are not in the catalogue, which takes seconds.
            sort: relevance for the order in which they were chosen; or newest or oldest first, of the same works.

        Returns:
            The works, best first or as `sort` says, with the fields of search_papers.
        """
        with _fetching(waiting, read_flag("fetch", fetch)):
            return _hits(
                engine.recommend(
                    read_texts("liked", liked),
                    read_texts("disliked", disliked),
                    read_count("k", k),
                    read_share("diversity", diversity),
                    filters,
                    fetch=fetch,
                    sort=read_sort(sort),
                )
            )

    def get_paper(paper: str, fetch: bool = False) -> dict[str, Any]:
        """Look up everything about one paper or project: authors, abstract, links to code, models and data.

        Args:
            paper: Its arXiv id or URL in any form, its short name, its title, or its id in the catalogue.
            fetch: true to ask arXiv for an id that is not in the catalogue, which takes seconds.

        Returns:
            The work: id, short_name, title, category, categories, kind, released, arxiv_id, url, links, authors, abstract.
        """
        with _fetching(waiting, read_flag("fetch", fetch)):
            return engine.paper(read_text("paper", paper), fetch=fetch).to_dict()

    def list_categories() -> list[dict[str, Any]]:
        """Name every category of the catalogue, with the number of works in it. The names are what `categories` of other tools takes.

        Returns:
            The categories in the order of the list: category and count.
        """
        counts = engine.categories()
        return [{"category": name, "count": count} for name, count in counts.items()]

    def export_papers(
        papers: list[str],
        format: Literal["bibtex", "ris", "csl", "csv", "markdown"] = "bibtex",
    ) -> str:
        """Write papers down for a reference manager, a spreadsheet or a list: BibTeX, RIS, CSL-JSON, CSV, or Markdown.

        Args:
            papers: arXiv ids or URLs, short names, or titles; at most 200.
            format: bibtex, ris, csl, csv or markdown.

        Returns:
            The text of the file, each paper once, in the order given.
        """
        works = [engine.paper(name) for name in read_texts("papers", papers)]
        return without_mark(export(works, read_text("format", format)))

    endpoints: dict[str, Callable[..., Any]] = {
        "search": search_papers,
        "similar": find_similar_papers,
        "recommend": recommend_papers,
        "paper": get_paper,
        "categories": list_categories,
        "export": export_papers,
    }
    for name, function in endpoints.items():
        # Left to itself Gradio runs one call of a kind at a time. Two share two cores well,
        # and those that wait for arXiv must not hold up the others.
        at_once = AT_ONCE + (MAX_FETCHING if name in _FETCHING else 0)
        gr.api(_errors_in_one_line(function), api_name=name, queue=False, concurrency_limit=at_once)


def answer_tools_in_json(page: gr.Blocks) -> None:
    """Let the tools of a page that is served answer in JSON.

    Gradio's own way is `str()`, so that a model would read Python's quotes and `None`.
    """
    server = page.mcp_server_obj
    if server is None:
        raise RuntimeError(f"the MCP server did not start: {page.mcp_error}")

    def as_json(data: list[Any], root_url: str) -> list[Any]:
        del root_url  # no answer holds a file
        return [
            server.types.TextContent(
                type="text",
                text=one if isinstance(one, str) else json.dumps(one, ensure_ascii=False),
            )
            for one in data
        ]

    server.postprocess_output_data = as_json


class _OneLineError(gr.Error):  # type: ignore[misc]  # gradio has no complete types
    """What a caller did wrong, as one line: neither in the log, nor in quotes."""

    def __init__(self, message: str) -> None:
        super().__init__(message, print_exception=False)

    def __str__(self) -> str:
        return str(self.message)


def _errors_in_one_line(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return an endpoint whose errors reach the caller as one line."""

    @wraps(function)
    def endpoint(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as the endpoint has it
        try:
            return function(*args, **kwargs)
        except RftsearchError as error:
            raise _OneLineError(str(error)) from error

    return endpoint


@contextmanager
def _fetching(waiting: threading.BoundedSemaphore, fetch: bool) -> Iterator[None]:
    """Take one of the places of those that may wait for arXiv.

    Raises:
        FetchError: All are taken: who waits holds a thread that others need.
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


def _hits(results: Results) -> Works:
    return [hit.to_dict() for hit in results]
