"""`/api/search`: one plain request for scripts, beside Gradio's endpoints of two steps.

    curl 'http://127.0.0.1:7860/api/search?q=crowd+counting&k=5&category=audio&since=2025-03'

The same parameters can be sent as a JSON object with POST: a long question does not fit
into every address, and addresses are written into logs. The answer is an object of `hits`,
`facets`, `notes` and `understood`, as `rftsearch search --json-full` prints it; an error is
`{"error": "one line"}` with a status of 4xx.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rftsearch.errors import UsageError
from rftsearch.living.labels.unlabelled import with_predictions
from rftsearch.papers.filter_fields import FILTER_FIELDS, FilterField
from rftsearch.search.engine import Engine
from rftsearch.tools.validate import read_count, read_filters, read_sort, read_text, read_texts
from rftsearch.ui.server.answers import answered, json_object
from rftsearch.ui.server.places import Places

__all__ = ["AT_ONCE", "search_route"]

AT_ONCE = 4
"""Searches that run at once. More threads than cores only wait for one another; the
requests behind them wait in the event loop, which costs nothing."""

_REPEATED = (*(field.one for field in FILTER_FIELDS if field.type == "texts"), "ignore")
_ONCE = ("q", "k", *(field.one for field in FILTER_FIELDS if field.type != "texts"), "sort")
_FLAGS = {"true": True, "false": False}


def search_route(engine: Engine) -> Route:
    """Return the route over an engine, which the caller closes."""
    places = Places(AT_ONCE)

    async def search(request: Request) -> Response:
        async def work() -> JSONResponse:
            asked = await json_object(request) if request.method == "POST" else None
            sent = _of_address(request.query_params) if asked is None else asked
            return JSONResponse(await places.run(partial(_answer, engine, sent)))

        await request.body()
        return await answered(request, work())

    return Route("/api/search", search, methods=["GET", "POST"])


def _answer(engine: Engine, sent: Mapping[str, object]) -> dict[str, Any]:
    _check_names(sent)
    filters = read_filters({field.name: sent.get(field.one) for field in FILTER_FIELDS})
    query, count = read_text("q", sent["q"]), read_count("k", sent.get("k", 10))
    order, ignore = (
        read_sort(sent.get("sort", "relevance")),
        read_texts("ignore", sent.get("ignore")),
    )
    found = engine.search(query, count, filters, sort=order, ignore=ignore)
    found = with_predictions(engine, found)
    return {
        "hits": found.to_dicts(),
        "facets": dict(found.facets),
        "notes": list(found.notes),
        "understood": found.understood.to_dict() if found.understood else None,
    }


def _check_names(sent: Mapping[str, object]) -> None:
    """Refuse a parameter that is misspelt: it would go unnoticed.

    Raises:
        UsageError: If there is one, or no question.
    """
    for name in sent:
        if name not in _ONCE + _REPEATED:
            known = ", ".join(_ONCE + _REPEATED)
            raise UsageError(f"no parameter is called {name[:40]!r}; one of {known}")
    if "q" not in sent:
        raise UsageError("q is missing; say what to search for: /api/search?q=crowd+counting")


def _of_address(asked: QueryParams) -> dict[str, object]:
    """Return the parameters of an address, with numbers and flags in place of their texts.

    Raises:
        UsageError: If a parameter is given twice that may be given once.
    """
    sent: dict[str, object] = dict(asked)
    for name in _ONCE:
        if len(asked.getlist(name)) > 1:
            raise UsageError(
                f"{name} is given more than once; only {' and '.join(_REPEATED)} may be"
            )
    if "ignore" in asked:
        sent["ignore"] = asked.getlist("ignore")
    if "k" in asked:
        sent["k"] = _number(asked["k"])
    for field in FILTER_FIELDS:
        if field.one in asked:
            sent[field.one] = _value(field, asked)
    return sent


def _number(text: str) -> object:
    number = text.isascii() and text.removeprefix("-").isdigit() and len(text) < 20
    return int(text) if number else text


def _value(field: FilterField, asked: QueryParams) -> object:
    if field.type == "texts":
        return asked.getlist(field.one)
    text = asked[field.one]
    if field.type != "flag":
        return text
    if text not in _FLAGS:
        raise UsageError(f"{field.one} must be true or false, not {text[:40]!r}")
    return _FLAGS[text]
