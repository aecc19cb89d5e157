"""`/api/search`: one plain GET for scripts, beside Gradio's endpoints of two steps.

    curl 'http://127.0.0.1:7860/api/search?q=crowd+counting&k=5&category=audio&since=2025-03'

The answer is an object of `hits`, `facets` and `notes`, as `rftsearch search
--json-full` prints it; an error is `{"error": "one line"}` with a status of 4xx.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from rftsearch.errors import RftsearchError, UsageError
from rftsearch.papers.filter_fields import FILTER_FIELDS, FilterField
from rftsearch.search.engine import Engine
from rftsearch.ui.server.validate import read_count, read_filters, read_sort, read_text

__all__ = ["AT_ONCE", "search_route"]

AT_ONCE = 4
"""Searches that run at once. More threads than cores only wait for one another; the
requests behind them wait in the event loop, which costs nothing."""

_REPEATED = tuple(field.one for field in FILTER_FIELDS if field.type == "texts")
_ONCE = ("q", "k", *(field.one for field in FILTER_FIELDS if field.type != "texts"), "sort")
_FLAGS = {"true": True, "false": False}


def search_route(engine: Engine) -> Route:
    """The route over an engine, which the caller closes."""
    limiter: list[CapacityLimiter] = []

    async def search(request: Request) -> JSONResponse:
        if not limiter:  # made here, for it belongs to the event loop that runs
            limiter.append(CapacityLimiter(AT_ONCE))
        ask = partial(_answer, engine, request.query_params)
        try:
            return JSONResponse(await to_thread.run_sync(ask, limiter=limiter[0]))
        except UsageError as error:
            return JSONResponse({"error": str(error)}, 400)
        except RftsearchError as error:
            return JSONResponse({"error": str(error)}, 503)

    return Route("/api/search", search, methods=["GET"])


def _answer(engine: Engine, asked: QueryParams) -> dict[str, Any]:
    _check_names(asked)
    filters = read_filters({field.name: _value(field, asked) for field in FILTER_FIELDS})
    query, count = read_text("q", asked["q"]), _count(asked.get("k", "10"))
    found = engine.search(query, count, filters, sort=read_sort(asked.get("sort", "relevance")))
    return {
        "hits": [hit.to_dict() for hit in found],
        "facets": dict(found.facets),
        "notes": list(found.notes),
    }


def _check_names(asked: QueryParams) -> None:
    """Refuse what would go unnoticed: a parameter that is misspelt, or given twice.

    Raises:
        UsageError: There is one, or no question.
    """
    for name in asked:
        if name not in _ONCE + _REPEATED:
            known = ", ".join(_ONCE + _REPEATED)
            raise UsageError(f"no parameter is called {name[:40]!r}; one of {known}")
        if name in _ONCE and len(asked.getlist(name)) > 1:
            raise UsageError(
                f"{name} is given more than once; only {' and '.join(_REPEATED)} may be"
            )
    if "q" not in asked:
        raise UsageError("say what to search for: /api/search?q=crowd+counting")


def _count(text: str) -> int:
    number = text.isascii() and text.removeprefix("-").isdigit() and len(text) < 20
    return read_count("k", int(text) if number else text)


def _value(field: FilterField, asked: QueryParams) -> object:
    if field.type == "texts":
        return asked.getlist(field.one)
    text = asked.get(field.one)
    if field.type != "flag" or text is None:
        return text
    if text not in _FLAGS:
        raise UsageError(f"{field.one} must be true or false, not {text[:40]!r}")
    return _FLAGS[text]
