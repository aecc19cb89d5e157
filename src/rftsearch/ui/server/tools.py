"""The tools of assistants over HTTP: the page's own server of the Model Context Protocol.

Gradio serves the protocol; the list of tools and their calls are ours. Gradio's own schemas
are refused by some clients (see `rftsearch.tools.schemas`), its tools do not say that they
change nothing, so that clients ask before each call, and they answer in Python's notation.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import gradio as gr
from mcp import types
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rftsearch.errors import RftsearchError
from rftsearch.search.engine import Engine
from rftsearch.tools.assistants import AssistantTools
from rftsearch.tools.instructions import instructions
from rftsearch.ui.server.answers import FAILED, log_failure
from rftsearch.ui.server.calls import CALLS_AT_ONCE
from rftsearch.ui.server.places import RETRY_AFTER, BusyError, Places

__all__ = ["tool_routes"]


def tool_routes(page: gr.Blocks, engine: Engine, path: str) -> list[Route]:
    """Return the routes of the MCP server of a page.

    Args:
        page: Gradio has made its MCP server.
        engine: What the tools ask.
        path: Where a proxy shows the page, `/papers`; or nothing.

    Raises:
        RuntimeError: If Gradio could not make it.
    """
    gradio = page.mcp_server_obj
    if gradio is None:
        raise RuntimeError(f"the MCP server did not start: {page.mcp_error}")
    own = AssistantTools(engine, gradio.tool_prefix)
    places = Places(CALLS_AT_ONCE)

    async def list_tools() -> list[types.Tool]:
        return own.tools()

    # Our own errors name the argument; those of the library's check do not.
    async def call_tool(name: str, arguments: dict[str, Any]) -> types.CallToolResult:
        try:
            return await places.run(partial(own.call, name, arguments))
        except RftsearchError as error:
            return _failed(str(error))
        except BusyError:
            return _failed(f"the server is busy; try again in {RETRY_AFTER} seconds")
        except Exception:  # noqa: BLE001 - whatever it is, the client gets one line
            log_failure()
            return _failed(FAILED)

    def describe() -> None:
        """Say what the index holds now: it may have been built again since the last session."""
        gradio.mcp_server.instructions = instructions(engine)

    # Its warnings put the names of tools into the log as they were sent.
    logging.getLogger("mcp.server.lowlevel.server").setLevel(logging.ERROR)
    gradio.mcp_server.list_tools()(list_tools)
    gradio.mcp_server.call_tool(validate_input=False)(call_tool)
    return [
        Route(
            "/gradio_api/mcp/",
            _Transport(gradio.handle_streamable_http, path, describe),
            methods=["GET", "POST"],
        ),
        _schema_route(own.tools()),
    ]


class _Transport:
    """Hands requests to the MCP server; its own page shows the address that they came to.

    What is no message of MCP is answered here: the library answers some of it with status
    500, and writes all of it into the log.
    """

    def __init__(self, app: ASGIApp, path: str, describe: Callable[[], None]) -> None:
        """Hand on to an application; `describe` is called before a session begins."""
        self._app, self._path, self._describe = app, path, describe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        answer = None
        if request.method == "POST":
            try:
                sent = json.loads(await request.body())
                # A lone surrogate, half of a sign, cannot be sent back.
                body = json.dumps(sent, ensure_ascii=False).encode("utf-8", "replace")
            except (ValueError, RecursionError):
                answer = _refused(-32700, "the body of the request is not JSON", 400)
            else:
                answer, receive = _refusal(json.loads(body)), _replayed(body, receive)
                if answer is None and sent.get("method") == "initialize":
                    await run_in_threadpool(self._describe)
        elif "text/event-stream" in request.headers.get("accept", ""):
            # A stream of what the server says unasked, which is nothing: MCP allows 405.
            answer = _refused(-32600, "this server says nothing unasked; use POST", 405)
            answer.headers["Allow"] = "POST"
        app = answer or self._app
        await app({**scope, "path": f"{self._path}{scope['path']}"}, receive, send)


def _refusal(sent: object) -> JSONResponse | None:
    """Return the answer to what is no message of MCP; None if it is one."""
    try:
        message = types.JSONRPCMessage.model_validate(sent).root
    except (ValueError, RecursionError):
        return _refused(-32600, "the body of the request is not a message of JSON-RPC 2.0", 400)
    if not isinstance(message, types.JSONRPCRequest | types.JSONRPCNotification):
        return None
    called = isinstance(message, types.JSONRPCRequest)
    known = types.ClientRequest if called else types.ClientNotification
    try:
        known.model_validate(message.model_dump(by_alias=True, mode="json", exclude_none=True))
    except (ValueError, RecursionError):
        if isinstance(message, types.JSONRPCRequest):  # As the library answers it.
            return _refused(-32602, "Invalid request parameters", 200, message.id)
        return JSONResponse(None, 202)
    return None


def _refused(code: int, text: str, status: int, number: str | int | None = None) -> JSONResponse:
    """Return an error of JSON-RPC; the number is that of the request."""
    error = {"code": code, "message": text, "data": ""}
    return JSONResponse({"jsonrpc": "2.0", "id": number, "error": error}, status)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Return what brings a body that was read already, then what comes after it."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return messages.pop() if messages else await receive()

    return replay


def _schema_route(tools: Iterable[types.Tool]) -> Route:
    """Return the route of the tools as Gradio's page on its API, and Spaces, read them."""
    described = [
        {
            **one.model_dump(include={"name", "description", "inputSchema"}),
            "meta": {"file_data_present": False, "mcp_type": "tool", "endpoint_name": one.name},
        }
        for one in tools
    ]

    async def schemas(_: Request) -> Response:
        return JSONResponse(described)

    return Route("/gradio_api/mcp/schema", schemas, methods=["GET"])


def _failed(text: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=text)], isError=True)
