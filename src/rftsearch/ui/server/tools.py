"""The endpoints as tools of the MCP server, for assistants.

Gradio serves MCP; the list of tools and their calls are ours. Gradio's own schemas are
refused by some clients (see `rftsearch.ui.server.schemas`), its tools do not say that they
change nothing, so that clients ask before each call, and they answer in Python's notation.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import gradio as gr
from mcp import types
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from rftsearch.errors import RftsearchError, UsageError
from rftsearch.ui.server.answers import FAILED, log_failure
from rftsearch.ui.server.calls import CALLS_AT_ONCE
from rftsearch.ui.server.places import RETRY_AFTER, BusyError, Places
from rftsearch.ui.server.schemas import Endpoint

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
    """Hands requests to the MCP server; its own page shows the address that they came to."""

    def __init__(self, app: ASGIApp, path: str) -> None:
        self._app, self._path = app, path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app({**scope, "path": f"{self._path}{scope['path']}"}, receive, send)


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
