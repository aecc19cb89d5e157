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
from typing import Any, Literal, TypeVar

import gradio as gr

from rftsearch.errors import FetchError, RftsearchError
from rftsearch.export import export
from rftsearch.papers.results import Results
from rftsearch.search.engine import Engine
from rftsearch.ui.server.validate import (
    read_count,
    read_filters,
    read_flag,
    read_share,
    read_sort,
    read_text,
    read_texts,
)

__all__ = ["MAX_FETCHING", "add_endpoints", "answer_tools_in_json"]

Value = TypeVar("Value")
Works = list[dict[str, Any]]

AT_ONCE = 2
"""Calls of one kind that run at once."""
MAX_FETCHING = 4
"""Requests that may wait for arXiv at once. Each holds one of the server's 40 threads."""
_FETCHING = {"similar", "recommend", "paper"}
"""The endpoints that can ask arXiv."""


def add_endpoints(engine: Engine) -> None:
    """Add the endpoints to the page that is being built."""
    waiting = threading.BoundedSemaphore(MAX_FETCHING)

    def search_papers(
        query: str,
        k: int = 10,
        categories: list[str] | None = None,
        since: str | None = None,
        until: str | None = None,
        has: list[str] | None = None,
        kind: Literal["paper", "project"] | None = None,
        generative: bool | None = None,
        sort: Literal["relevance", "newest", "oldest"] = "relevance",
    ) -> list[dict[str, Any]]:
        """Find research papers and code projects by what they are about: a question, a topic, a name, or a description in plain words. Use it first.

        Args:
            query: What the works should be about, in plain words, at most 4000 characters.
            k: How many works to return at the most, 1 to 200.
            categories: Only works of any of these categories; list_categories names them.
            since: Only works released in this month or later, written like 2025-03; or a year.
            until: Only works released in this month or earlier, written like 2025-03; or a year.
            has: Only works that come with all of these: code, model, dataset, demo, project, benchmark, blog, paper.
            kind: Only papers, or only code projects; both by default.
            generative: true for only works on generation, false for none of them.
            sort: relevance for the best first; or newest or oldest first, of the works that fit the question.

        Returns:
            The works, best first or as `sort` says: id, short_name, title, category, categories, kind, released, arxiv_id, url, links, authors, abstract, score and its parts.
        """
        with _mistakes_told():
            filters = read_filters(categories, since, until, has, kind, generative)
            text, count = read_text("query", query), read_count("k", k)
            return _hits(engine.search(text, count, filters, sort=read_sort(sort)))

    def find_similar_papers(
        paper: str,
        k: int = 10,
        categories: list[str] | None = None,
        since: str | None = None,
        until: str | None = None,
        has: list[str] | None = None,
        kind: Literal["paper", "project"] | None = None,
        generative: bool | None = None,
        fetch: bool = False,
        sort: Literal["relevance", "newest", "oldest"] = "relevance",
    ) -> list[dict[str, Any]]:
        """Find works like one paper, which is itself left out.

        Args:
            paper: Its arXiv id or URL in any form, its short name, its title, or its id in the catalogue.
            k: How many works to return at the most, 1 to 200.
            categories: Only works of any of these categories; list_categories names them.
            since: Only works released in this month or later, written like 2025-03; or a year.
            until: Only works released in this month or earlier, written like 2025-03; or a year.
            has: Only works that come with all of these: code, model, dataset, demo, project, benchmark, blog, paper.
            kind: Only papers, or only code projects; both by default.
            generative: true for only works on generation, false for none of them.
            fetch: true to ask arXiv for an id that is not in the catalogue, which takes seconds.
            sort: relevance for the most alike first; or newest or oldest first, of the works that are alike enough.

        Returns:
            The works, best first or as `sort` says, with the fields of search_papers.
        """
        with _mistakes_told(), _fetching(waiting, read_flag("fetch", fetch)):
            filters = read_filters(categories, since, until, has, kind, generative)
            reference, count = read_text("paper", paper), read_count("k", k)
            order = read_sort(sort)
            return _hits(engine.similar(reference, count, filters, fetch=fetch, sort=order))

    def recommend_papers(  # noqa: PLR0913, PLR0917 - an endpoint's parameters are flat
        liked: list[str],
        disliked: list[str] | None = None,
        k: int = 10,
        diversity: float = 0.3,
        categories: list[str] | None = None,
        since: str | None = None,
        until: str | None = None,
        has: list[str] | None = None,
        kind: Literal["paper", "project"] | None = None,
        generative: bool | None = None,
        fetch: bool = False,
        sort: Literal["relevance", "newest", "oldest"] = "relevance",
    ) -> list[dict[str, Any]]:
        """Recommend works from several papers that someone likes, and some that they dislike; none of these is among the answer.

        Args:
            liked: Papers to find works like: arXiv ids or URLs, short names, or titles; several are several interests.
            disliked: Papers to stay away from, named in the same way.
            k: How many works to return at the most, 1 to 200.
            diversity: From 0, the closest works even if they are alike, to 1, the most different from each other.
            categories: Only works of any of these categories; list_categories names them.
            since: Only works released in this month or later, written like 2025-03; or a year.
            until: Only works released in this month or earlier, written like 2025-03; or a year.
            has: Only works that come with all of these: code, model, dataset, demo, project, benchmark, blog, paper.
            kind: Only papers, or only code projects; both by default.
            generative: true for only works on generation, false for none of them.
            fetch: true to ask arXiv for ids that are not in the catalogue, which takes seconds.
            sort: relevance for the order in which they were chosen; or newest or oldest first, of the same works.

        Returns:
            The works, best first or as `sort` says, with the fields of search_papers.
        """
        with _mistakes_told(), _fetching(waiting, read_flag("fetch", fetch)):
            return _hits(
                engine.recommend(
                    read_texts("liked", liked),
                    read_texts("disliked", disliked),
                    read_count("k", k),
                    read_share("diversity", diversity),
                    read_filters(categories, since, until, has, kind, generative),
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
        with _mistakes_told(), _fetching(waiting, read_flag("fetch", fetch)):
            return engine.paper(read_text("paper", paper), fetch=fetch).to_dict()

    def list_categories() -> list[dict[str, Any]]:
        """Name every category of the catalogue, with the number of works in it. The names are what `categories` of other tools takes.

        Returns:
            The categories in the order of the list: category and count.
        """
        with _mistakes_told():
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
        with _mistakes_told():
            works = [engine.paper(name) for name in read_texts("papers", papers)]
            return export(works, read_text("format", format))

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
        gr.api(function, api_name=name, queue=False, concurrency_limit=at_once)


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


class _ToldError(gr.Error):  # type: ignore[misc]  # gradio has no complete types
    """What a caller did wrong, as one line: neither in the log, nor in quotes."""

    def __init__(self, message: str) -> None:
        super().__init__(message, print_exception=False)

    def __str__(self) -> str:
        return str(self.message)


@contextmanager
def _mistakes_told() -> Iterator[None]:
    try:
        yield
    except RftsearchError as error:
        raise _ToldError(str(error)) from error


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
