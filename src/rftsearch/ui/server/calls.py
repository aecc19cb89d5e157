"""Gradio's ways to call an endpoint, with bounds.

==========================================  ==================================================
`POST /gradio_api/run/NAME`                 values in a list; answered at once
`POST /gradio_api/call/NAME`                values in a list; then `GET .../NAME/EVENT`
`POST /gradio_api/call/v2/NAME`             values by name; then `GET .../NAME/EVENT`
`POST /gradio_api/queue/join`               Gradio's own clients; then `GET .../queue/data`
`POST /gradio_api/component_server`         functions of the page's own scripts
==========================================  ==================================================

Gradio's own queue computes what nobody fetches, and keeps the answers. Here a call is
computed when its answer is fetched, and dropped when the client hangs up.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from functools import partial
from typing import Any

import gradio as gr
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from rftsearch.errors import RftsearchError, UsageError
from rftsearch.tools.functions import MAX_FETCHING
from rftsearch.tools.schemas import Endpoint
from rftsearch.ui.server.answers import FAILED, answered, json_object, log_failure
from rftsearch.ui.server.places import RETRY_AFTER, BusyError, Places
from rftsearch.ui.server.waiting_calls import Call, WaitingCalls

__all__ = ["Calls", "endpoints_of"]

CALLS_AT_ONCE = 4 + MAX_FETCHING
"""Calls of programs that run at once, those included that wait for arXiv."""
PAGE_AT_ONCE = 12
"""The same for the page: eight of its visitors may wait for arXiv."""
HEARTBEAT = 15.0
"""Seconds after which a client that waits gets a sign of life."""


def endpoints_of(page: gr.Blocks) -> dict[str, Endpoint]:
    """Return the endpoints of a page by name."""
    return {
        fn.api_name: Endpoint(fn.api_name, fn.fn, number)
        for number, fn in page.fns.items()
        if isinstance(fn.api_name, str) and fn.fn is not None
    }


class Calls:
    """The routes, and the calls that wait to be fetched."""

    def __init__(self, page: gr.Blocks, endpoints: Mapping[str, Endpoint]) -> None:
        """Answer for the endpoints, and for the functions of the parts of a page."""
        self._page = page
        self._endpoints = endpoints
        self._by_number = {one.number: one for one in endpoints.values()}
        self._places, self._page_places = Places(CALLS_AT_ONCE), Places(PAGE_AT_ONCE)
        self._waiting = WaitingCalls()

    def routes(self) -> list[Route]:
        """Return the routes."""
        posts: Mapping[str, Callable[[Request], Any]] = {
            "/gradio_api/run/{name}": self._run,
            "/gradio_api/api/{name}": self._run,
            "/gradio_api/call/{name}": self._call,
            "/gradio_api/call/v2/{name}": self._call_by_name,
            "/gradio_api/queue/join": self._join,
            "/gradio_api/cancel": self._cancel,
            "/gradio_api/component_server": self._function_of_page,
        }
        gets: Mapping[str, Callable[[Request], Any]] = {
            "/gradio_api/call/v2/{name}/{event}": self._fetch,
            "/gradio_api/call/{name}/{event}": self._fetch,
            "/gradio_api/queue/data": self._stream,
        }
        return [
            Route(path, self._safely(function), methods=[method])
            for method, functions in (("POST", posts), ("GET", gets))
            for path, function in functions.items()
        ]

    def _safely(self, function: Callable[[Request], Any]) -> Callable[[Request], Any]:
        async def route(request: Request) -> Response:
            await request.body()
            return await answered(request, function(request))

        return route

    # --- answered at once ---

    async def _run(self, request: Request) -> Response:
        endpoint = self._endpoint(request)
        arguments = endpoint.read(endpoint.by_place(_values(await json_object(request))))
        return JSONResponse(await self._output(Call(endpoint, arguments)))

    async def _function_of_page(self, request: Request) -> Response:
        """Answer a script of the page: it names a part of the page and a function of it."""
        sent = await json_object(request)
        number, name = sent.get("component_id"), sent.get("fn_name")
        part = self._page.blocks.get(number) if isinstance(number, int) else None
        function = getattr(part, name, None) if isinstance(name, str) else None
        if function is None or not getattr(function, "_is_server_fn", False):
            return JSONResponse({"error": "the page has no such function"}, 404)
        answer = await self._page_places.run(partial(function, sent.get("data")))
        return JSONResponse(answer)

    # --- answered in two steps ---

    async def _call(self, request: Request) -> Response:
        endpoint = self._endpoint(request)
        arguments = endpoint.read(endpoint.by_place(_values(await json_object(request))))
        return self._kept(Call(endpoint, arguments), request)

    async def _call_by_name(self, request: Request) -> Response:
        endpoint = self._endpoint(request)
        arguments = endpoint.read(await json_object(request))
        return self._kept(Call(endpoint, arguments), request)

    async def _fetch(self, request: Request) -> Response:
        call = self._waiting.take(request.path_params["event"])
        if call is None:
            return JSONResponse({"error": "there is no such call, or it was fetched before"}, 404)
        return _events(self._events_of_call(call))

    async def _events_of_call(self, call: Call) -> AsyncIterator[str]:
        working = asyncio.ensure_future(self._outcome(call))
        try:
            while not (await asyncio.wait({working}, timeout=HEARTBEAT))[0]:
                yield _event("heartbeat", None)
            outcome, success = working.result()
            yield _event("complete", outcome["data"]) if success else _event("error", outcome)
        finally:
            working.cancel()

    # --- Gradio's own clients ---

    async def _join(self, request: Request) -> Response:
        sent = await json_object(request)
        session, number = sent.get("session_hash"), sent.get("fn_index")
        endpoint = self._by_number.get(number) if isinstance(number, int) else None
        if endpoint is None:
            raise UsageError("fn_index is not the number of an endpoint")
        if not isinstance(session, str) or not 1 <= len(session) <= 100:
            raise UsageError("session_hash must be a text of 1 to 100 characters")
        values = endpoint.by_place(_values(sent))
        endpoint.check_names(values)
        try:
            call = Call(endpoint, endpoint.read(values), session)
        except UsageError as error:
            # Gradio's clients show an error of the stream, but not that of this request.
            call = Call(endpoint, {}, session, str(error))
        return self._kept(call, request)

    async def _stream(self, request: Request) -> Response:
        session = request.query_params.get("session_hash", "")
        if not self._waiting.has_session(session):
            return JSONResponse({"error": "no call of this session waits"}, 404)
        return _events(self._messages_of_session(session))

    async def _messages_of_session(self, session: str) -> AsyncIterator[str]:
        running: dict[asyncio.Future[tuple[dict[str, Any], bool]], str] = {}
        more: asyncio.Future[Any] | None = None
        try:
            with self._waiting.listening(session) as arrived:
                while True:
                    arrived.clear()
                    for event, call in self._waiting.take_session(session):
                        yield _message("process_starts", event, eta=None)
                        running[asyncio.ensure_future(self._outcome(call))] = event
                    if not running:
                        break
                    more = asyncio.ensure_future(arrived.wait())
                    done, _ = await asyncio.wait(
                        {*running, more}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED
                    )
                    more.cancel()
                    for one in done - {more}:
                        outcome, success = one.result()
                        event = running.pop(one)
                        yield _message("process_completed", event, output=outcome, success=success)
                    if not done:
                        yield _message("heartbeat")
            yield _message("close_stream")
        finally:
            for one in filter(None, (*running, more)):
                one.cancel()

    async def _cancel(self, request: Request) -> Response:
        event = (await json_object(request)).get("event_id")
        if isinstance(event, str):
            self._waiting.take(event)
        return JSONResponse({"success": True})

    # --- computing ---

    def _endpoint(self, request: Request) -> Endpoint:
        name = request.path_params["name"]
        if name not in self._endpoints:
            known = ", ".join(self._endpoints)
            raise UsageError(f"no endpoint is called {name[:40]!r}; one of {known}")
        return self._endpoints[name]

    def _kept(self, call: Call, request: Request) -> Response:
        size = int(request.headers.get("content-length", "0"))
        return JSONResponse({"event_id": self._waiting.add(call, size)})

    async def _output(self, call: Call) -> dict[str, Any]:
        began = time.perf_counter()
        value = await self._places.run(partial(call.endpoint.function, **call.arguments))
        took = time.perf_counter() - began
        return {"data": [value], "is_generating": False, "duration": took, "average_duration": took}

    async def _outcome(self, call: Call) -> tuple[dict[str, Any], bool]:
        """Return what Gradio's clients get: an output or an error, and whether it succeeded."""
        try:
            if call.problem:
                raise UsageError(call.problem)
            return await self._output(call), True
        except RftsearchError as error:
            text = str(error)
        except BusyError:
            text = f"the server is busy; try again in {RETRY_AFTER} seconds"
        except Exception:  # noqa: BLE001 - whatever it is, the client gets one line
            log_failure()
            text = FAILED
        return {"error": text, "title": "Error", "visible": True, "duration": 10}, False


def _values(sent: Mapping[str, Any]) -> list[object]:
    values = sent.get("data")
    if not isinstance(values, list):
        raise UsageError('data is missing; send {"data": [values in the order of the parameters]}')
    return values


def _events(stream: AsyncIterator[str]) -> StreamingResponse:
    headers = {"Cache-Control": "no-store"}
    return StreamingResponse(stream, media_type="text/event-stream", headers=headers)


def _event(name: str, data: object) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


def _message(kind: str, event: str | None = None, **more: object) -> str:
    return f"data: {json.dumps({'msg': kind, 'event_id': event, **more})}\n\n"
