"""The endpoints as tools of the MCP server, for assistants.

Gradio serves MCP; the list of tools and their calls are ours. Gradio's own schemas are
refused by some clients (see `rftsearch.tools.schemas`), its tools do not say that they
change nothing, so that clients ask before each call, and they answer in Python's notation.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import gradio as gr
from mcp import types
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rftsearch.errors import RftsearchError, UsageError
from rftsearch.tools.schemas import Endpoint
from rftsearch.ui.server.answers import FAILED, log_failure
from rftsearch.ui.server.calls import CALLS_AT_ONCE
from rftsearch.ui.server.places import RETRY_AFTER, BusyError, Places

__all__ = ["tool", "tool_routes"]


def tool_routes(page: gr.Blocks, endpoints: Mapping[str, Endpoint], path: str) -> list[Route]:
    """Return the routes of the MCP server of a page, with the endpoints as its tools.

    Args:
        page: Gradio has made its MCP server.
        endpoints: The endpoints by name.
        path: Where a proxy shows the page, `/papers`; or nothing.

    Raises:
        RuntimeError: If Gradio could not make it.
    """
    gradio = page.mcp_server_obj
    if gradio is None:
        raise RuntimeError(f"the MCP server did not start: {page.mcp_error}")
    # Under the name of the tool, which its errors say.
    by_name = {
        name: replace(one, name=name)
        for one in endpoints.values()
        for name in (f"{gradio.tool_prefix}{one.function.__name__}",)
    }
    places = Places(CALLS_AT_ONCE)

    async def list_tools() -> list[types.Tool]:
        return [tool(name, endpoint) for name, endpoint in by_name.items()]

    # Our own errors name the argument; those of the library's check do not.
    async def call_tool(name: str, arguments: dict[str, Any]) -> types.CallToolResult:
        try:
            value = await places.run(_call(by_name, name, arguments))
        except RftsearchError as error:
            return _answer(str(error), failed=True)
        except BusyError:
            return _answer(f"the server is busy; try again in {RETRY_AFTER} seconds", failed=True)
        except Exception:  # noqa: BLE001 - whatever it is, the client gets one line
            log_failure()
            return _answer(FAILED, failed=True)
        return _answer(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))

    # Its warnings put the names of tools into the log as they were sent.
    logging.getLogger("mcp.server.lowlevel.server").setLevel(logging.ERROR)
    gradio.mcp_server.list_tools()(list_tools)
    gradio.mcp_server.call_tool(validate_input=False)(call_tool)
    return [
        Route(
            "/gradio_api/mcp/",
            _Transport(gradio.handle_streamable_http, path),
            methods=["GET", "POST"],
        ),
        _schema_route([tool(name, endpoint) for name, endpoint in by_name.items()], endpoints),
    ]


class _Transport:
    """Hands requests to the MCP server; its own page shows the address that they came to.

    What is no message of MCP is answered here: the library answers some of it with status
    500, and writes all of it into the log.
    """

    def __init__(self, app: ASGIApp, path: str) -> None:
        self._app, self._path = app, path

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


def _schema_route(tools: Sequence[types.Tool], endpoints: Mapping[str, Endpoint]) -> Route:
    """Return the route of the tools as Gradio's page on its API, and Spaces, read them."""
    described = [
        {
            **one.model_dump(include={"name", "description", "inputSchema"}),
            "meta": {"file_data_present": False, "mcp_type": "tool", "endpoint_name": name},
        }
        for one, name in zip(tools, endpoints, strict=True)
    ]

    async def schemas(_: Request) -> Response:
        return JSONResponse(described)

    return Route("/gradio_api/mcp/schema", schemas, methods=["GET"])


def tool(name: str, endpoint: Endpoint) -> types.Tool:
    """Return an endpoint as a tool of that name."""
    returns = endpoint.returns()
    return types.Tool(
        name=name,
        description=f"{endpoint.summary} Returns: {returns}" if returns else endpoint.summary,
        inputSchema=endpoint.input_schema(),
        annotations=types.ToolAnnotations(
            readOnlyHint=True,
            destructiveHint=False,
            idempotentHint=True,
            openWorldHint="fetch" in endpoint.parameters,
        ),
    )


def _call(by_name: Mapping[str, Endpoint], name: str, sent: Mapping[str, Any]) -> partial[Any]:
    if name not in by_name:
        raise UsageError(f"no tool is called {name[:40]!r}; one of {', '.join(by_name)}")
    endpoint = by_name[name]
    # Some clients send null for each argument that a model left out.
    optional = set(endpoint.parameters) - set(endpoint.required)
    given = {key: one for key, one in sent.items() if one is not None or key not in optional}
    function = getattr(endpoint.function, "tool", endpoint.function)
    return partial(function, **endpoint.read(given))


def _answer(text: str, *, failed: bool = False) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=text)], isError=failed)
