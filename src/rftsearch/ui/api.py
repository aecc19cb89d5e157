"""The public endpoints, `/search` and `/similar`: for programs, in plain JSON.

Gradio reads types, defaults and descriptions off the functions themselves, and
it reads the type that a function returns without resolving it: so this module
does without `from __future__ import annotations`.
"""

from collections.abc import Callable
from typing import Any, Literal

import gradio as gr

from rftsearch.errors import RftsearchError
from rftsearch.records import Filters, Results
from rftsearch.search.engine import Engine

__all__ = ["add_endpoints"]


def add_endpoints(engine: Engine) -> None:
    """Add the endpoints to the page that is being built."""

    def search(  # an endpoint's parameters are flat
        query: str,
        k: int = 10,
        categories: list[str] | None = None,
        since: str | None = None,
        until: str | None = None,
        has: list[str] | None = None,
        kind: Literal["paper", "project"] | None = None,
        generative: bool | None = None,
    ) -> list[dict[str, Any]]:
        """Find papers and projects by what they are about.

        Args:
            query: A question, topic or description in plain words.
            k: How many works to return at the most.
            categories: Only works of any of these categories.
            since: Only works released in this month or later, like 2025-03.
            until: Only works released in this month or earlier.
            has: Only works that come with all of these: code, model, dataset, demo, project.
            kind: Only papers, or only projects.
            generative: Only works on generation (true), or none of them (false).

        Returns:
            The works, best first: id, short_name, title, category, categories,
            kind, released, arxiv_id, url, links, authors, abstract, score and its parts.
        """
        filters = _filters(categories, since, until, has, kind, generative)
        return _answer(lambda: engine.search(query, k, filters()))

    def similar(  # an endpoint's parameters are flat
        paper: str,
        k: int = 10,
        categories: list[str] | None = None,
        since: str | None = None,
        until: str | None = None,
        has: list[str] | None = None,
        kind: Literal["paper", "project"] | None = None,
        generative: bool | None = None,
    ) -> list[dict[str, Any]]:
        """Find works like one of the catalogue, which is itself left out.

        Args:
            paper: Its arXiv id or URL, its id in the catalogue, or its short name.
            k: How many works to return at the most.
            categories: Only works of any of these categories.
            since: Only works released in this month or later, like 2025-03.
            until: Only works released in this month or earlier.
            has: Only works that come with all of these: code, model, dataset, demo, project.
            kind: Only papers, or only projects.
            generative: Only works on generation (true), or none of them (false).

        Returns:
            The works, best first, as `/search` gives them.
        """
        filters = _filters(categories, since, until, has, kind, generative)
        return _answer(lambda: engine.similar(paper, k, filters()))

    for endpoint in (search, similar):
        gr.api(endpoint, queue=False)


def _filters(  # one for each filter
    categories: list[str] | None,
    since: str | None,
    until: str | None,
    has: list[str] | None,
    kind: Literal["paper", "project"] | None,
    generative: bool | None,
) -> Callable[[], Filters]:
    """The filters, made when called: what is wrong with them is part of the answer."""
    return lambda: Filters(
        tuple(categories or ()), since, until, tuple(has or ()), kind, generative
    )


def _answer(ask: Callable[[], Results]) -> list[dict[str, Any]]:
    """The hits as JSON values; what a caller did wrong becomes the answer's error."""
    try:
        return [hit.to_dict() for hit in ask()]
    except RftsearchError as error:
        raise gr.Error(str(error), print_exception=False) from error
