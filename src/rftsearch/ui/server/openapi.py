"""The description of the endpoints for programs: an OpenAPI 3.0 document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rftsearch.look import strings
from rftsearch.tools.schemas import Endpoint
from rftsearch.ui.rest.description import ANSWERS, described

__all__ = ["document", "openapi_route"]

Json = dict[str, Any]

_ERROR: Json = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "string", "description": "One line that names the cause."}},
}
_PROBLEMS = {
    "400": "A parameter is missing, unknown, or of another type.",
    "401": "The page asks for a login.",
    "503": "The server is busy, or the index cannot be read.",
}


def openapi_route(
    endpoints: Mapping[str, Endpoint], plain: Mapping[str, Endpoint], path: str, login: bool
) -> Route:
    """Return the route of the document.

    Args:
        endpoints: The endpoints by name.
        plain: The plain routes by their paths.
        path: Where a proxy shows the page, `/papers`; or nothing.
        login: Whether programs have to send name and password.
    """
    whole = document(endpoints, plain, path, login)

    async def describe(_: Request) -> Response:
        return JSONResponse(whole)

    return Route("/gradio_api/openapi.json", describe, methods=["GET"])


def document(
    endpoints: Mapping[str, Endpoint],
    plain: Mapping[str, Endpoint],
    path: str = "",
    login: bool = False,
) -> Json:
    """Return the document; see `openapi_route` for the arguments."""
    paths: Json = described(plain)
    for name, endpoint in endpoints.items():
        paths[f"/gradio_api/call/v2/{name}"] = {"post": _call(endpoint)}
        paths[f"/gradio_api/call/{name}/{{event_id}}"] = {"get": _fetch(endpoint)}
    whole: Json = {
        "openapi": "3.0.3",
        "info": {
            "title": strings.NAME,
            "version": "1",
            "description": "Search and recommendation in a list of research papers.",
        },
        "servers": [{"url": path or "/"}],
        "paths": paths,
        "components": {"schemas": {"Error": _ERROR, **ANSWERS}},
    }
    if login:
        scheme = {"type": "http", "scheme": "basic"}
        whole["components"]["securitySchemes"] = {"login": scheme}
        whole["security"] = [{"login": []}]
    return whole


def _call(endpoint: Endpoint) -> Json:
    answer = {
        "type": "object",
        "required": ["event_id"],
        "properties": {"event_id": {"type": "string"}},
    }
    about = f"The name of the event: GET /gradio_api/call/{endpoint.name}/EVENT answers."
    return {
        "summary": endpoint.summary,
        "operationId": endpoint.name,
        "requestBody": _body(endpoint.input_schema()),
        "responses": _responses(answer, about),
    }


def _fetch(endpoint: Endpoint) -> Json:
    event = {
        "name": "event_id",
        "in": "path",
        "required": True,
        "schema": {"type": "string"},
        "description": "What the call answered.",
    }
    about = (
        "Server-sent events. The last one is `complete`, with a list of one value as its data, "
        f"or `error`. {endpoint.returns()}"
    )
    content = {"text/event-stream": {"schema": {"type": "string"}}}
    return {
        "summary": f"Fetch the answer to a call of {endpoint.name}.",
        "operationId": f"{endpoint.name}_answer",
        "parameters": [event],
        "responses": {
            "200": {"description": about, "content": content},
            "404": _problem("There is no such call, or it was fetched before."),
        },
    }


def _body(schema: Json) -> Json:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _responses(schema: Json, about: str) -> Json:
    return {
        "200": {"description": about, "content": {"application/json": {"schema": schema}}},
        **{status: _problem(text) for status, text in _PROBLEMS.items()},
    }


def _problem(text: str) -> Json:
    schema = {"$ref": "#/components/schemas/Error"}
    return {"description": text, "content": {"application/json": {"schema": schema}}}
