"""The routes `/api/...`: plain requests, and what is answered to them.

    curl 'http://127.0.0.1:7860/api/search?q=crowd+counting&k=5&category=audio&since=2025-03'

GET takes parameters in the address, POST the same ones as a JSON object: a long text does
not fit into every address, and addresses are written into logs. An error is
`{"error": "one line"}` with a status of 4xx or 5xx.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rftsearch.errors import UnknownPaperError, UsageError
from rftsearch.export import FORMATS, find_format
from rftsearch.search.engine import Engine
from rftsearch.tools.functions import MAX_FETCHING
from rftsearch.tools.schemas import Endpoint
from rftsearch.ui.rest.address import ADDRESS_NAMES, of_address, one_name_each
from rftsearch.ui.rest.caching import KEPT, entity_tag, is_known
from rftsearch.ui.rest.feeds import write_answer
from rftsearch.ui.server.answers import answered, json_object
from rftsearch.ui.server.places import Places

__all__ = ["AT_ONCE", "rest_routes"]

AT_ONCE = 4
"""Requests that compute at once. More threads than cores only wait for one another; the
requests behind them wait in the event loop, which costs nothing."""

_METHODS = ("GET", "HEAD", "POST")
_OTHERS = ("PUT", "PATCH", "DELETE", "OPTIONS")
_TOOL_NAMES = {own: name for name, own in ADDRESS_NAMES.items()}


def rest_routes(engine: Engine, endpoints: Mapping[str, Endpoint], root: str = "") -> list[Route]:
    """Return the routes over an engine, which the caller closes.

    Args:
        engine: What answers.
        endpoints: What is asked of it, by the paths of the routes; see `plain_endpoints`.
        root: Where a proxy shows the page: `/papers`, a whole address, or nothing. Feeds name
            their own address.
    """
    places = {False: Places(AT_ONCE), True: Places(MAX_FETCHING)}
    routes = [
        Route(path, _route(engine, one, places, root), methods=[*_METHODS, *_OTHERS])
        for path, one in endpoints.items()
    ]
    nowhere = f"there is nothing at this address; ask one of {', '.join(endpoints)}"

    async def missing(_: Request) -> Response:
        return JSONResponse({"error": nowhere}, 404)

    return [*routes, Route("/api/{rest:path}", missing, methods=[*_METHODS, *_OTHERS])]


def _route(
    engine: Engine, endpoint: Endpoint, places: Mapping[bool, Places], root: str
) -> Callable[[Request], Any]:
    async def work(request: Request) -> Response:
        if request.method == "POST":
            sent = one_name_each(await json_object(request), endpoint.parameters)
        else:
            sent = of_address(endpoint, request.query_params)
        arguments = endpoint.read(sent)
        fetches = arguments.get("fetch") is True
        answer = partial(_answer, engine, endpoint, arguments, request, root)
        try:
            return await places[fetches].run(answer)
        except UsageError as error:
            if isinstance(error.__cause__, UnknownPaperError):
                return JSONResponse({"error": str(error)}, 404)
            raise

    async def route(request: Request) -> Response:
        if request.method in _OTHERS:
            allowed = {"Allow": ", ".join(_METHODS)}
            return JSONResponse({"error": "use GET or POST"}, 405, headers=allowed)
        await request.body()
        return await answered(request, work(request))

    return route


def _answer(
    engine: Engine, endpoint: Endpoint, arguments: dict[str, Any], request: Request, root: str
) -> Response:
    """Return an answer, or that the client has it already."""
    headers = {}
    # What arXiv says may change at any time; answers to POST are not kept.
    if request.method != "POST" and not arguments.get("fetch"):
        tag = entity_tag(engine.version, endpoint.name, arguments)
        headers = {"ETag": tag, "Cache-Control": KEPT}
        if is_known(tag, request.headers.get("if-none-match", "")):
            return Response(status_code=304, headers={**headers, "Vary": "Accept-Encoding"})
    found = endpoint.function(**arguments)
    if endpoint.name.endswith(".atom"):
        given = {_TOOL_NAMES.get(name, name): value for name, value in arguments.items()}
        feed = write_answer(engine, found, given, _own_address(request, root))
        return Response(feed, media_type="application/atom+xml; charset=utf-8", headers=headers)
    if isinstance(found, str):
        form = find_format(arguments.get("format", next(iter(FORMATS))))
        return Response(found, media_type=f"{form.media_type}; charset=utf-8", headers=headers)
    return JSONResponse(found, headers=headers)


def _own_address(request: Request, root: str) -> str:
    """Return the address of a feed, as its reader knows it."""
    if root.startswith("http"):
        return f"{root}{request.url.path}?{request.url.query}".rstrip("?")
    return str(request.url.replace(path=f"{root}{request.url.path}"))
