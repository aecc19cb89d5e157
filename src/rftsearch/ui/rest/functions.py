"""The functions for programs, as routes of plain requests have them.

The parameters, their checks and their descriptions are those of `rftsearch.tools`; here they
get the names that they have in an address, and answers the fields of the command line's JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from rftsearch.papers.paper import Paper
from rftsearch.papers.results import Results
from rftsearch.search.engine import Engine
from rftsearch.tools.detail import brief_hits, page_of_list, with_detail
from rftsearch.tools.functions import engine_functions
from rftsearch.tools.schemas import Endpoint
from rftsearch.tools.words import in_words, in_words_of_tools
from rftsearch.ui.rest.address import addressed
from rftsearch.ui.rest.feeds import newest_first

__all__ = ["FEEDS", "in_words_of_routes", "plain_endpoints"]

FEEDS = ("search", "list")
"""The functions that have a feed, `/api/search.atom`."""
_WITH_DETAIL = ("search", "similar", "recommend", "list")
_ROUTES = {
    "search_papers": "/api/search",
    "find_similar_papers": "/api/similar",
    "list_categories": "/api/categories",
    " Use it first.": "",
}
"""What stands in sentences in place of the names of tools."""


def in_words_of_routes(text: str) -> str:
    """Return a sentence with routes in place of commands and of tools."""
    text = in_words_of_tools(text)
    for tool, route in _ROUTES.items():
        text = text.replace(tool, route)
    return text


def plain_endpoints(engine: Engine) -> dict[str, Endpoint]:
    """Return the routes by their paths. Feeds answer with records, exports with a text."""
    found = {}
    for name, function in engine_functions(engine).items():
        asked = in_words(function, in_words_of_routes)
        path = f"/api/{name}"
        answer: Callable[..., Any] = (
            with_detail(asked, partial(_papers, engine), "full")
            if name in _WITH_DETAIL
            else _plain(asked)
        )
        found[path] = _endpoint(path, answer)
        if name in FEEDS:
            found[f"{path}.atom"] = _endpoint(f"{path}.atom", newest_first(asked))
    return found


def _endpoint(path: str, function: Callable[..., Any]) -> Endpoint:
    renamed = addressed(function)
    renamed.__doc__ = in_words_of_routes(renamed.__doc__ or "")
    return Endpoint(path, renamed)


def _papers(
    engine: Engine, found: Results | list[Paper], given: Mapping[str, Any], detail: str
) -> dict[str, Any]:
    if not isinstance(found, Results):
        return page_of_list(engine, found, given, detail)
    answer = {
        "hits": found.to_dicts() if detail == "full" else brief_hits(engine, found, given),
        "facets": dict(found.facets),
        "notes": [in_words_of_routes(note) for note in found.notes],
    }
    if found.understood is not None:
        answer["understood"] = found.understood.to_dict()
    return answer


def _plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that answers with an object or a text, of one that answers in records."""

    def answer(**given: Any) -> dict[str, Any] | str:  # noqa: ANN401 - as the function has it
        found = function(**given)
        if isinstance(found, Paper):
            return found.to_dict()
        return {"categories": found} if isinstance(found, list) else str(found)

    answer.__wrapped__ = function  # type: ignore[attr-defined]  # its signature
    answer.__doc__ = function.__doc__
    return answer
