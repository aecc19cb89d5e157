"""The plain routes in the OpenAPI document: their parameters and answers, with examples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rftsearch.tools.schemas import Endpoint

__all__ = ["ANSWERS", "PAPER", "described"]

Json = dict[str, Any]

_TEXT: Json = {"type": "string"}
_MAYBE: Json = {"type": "string", "nullable": True}
_TEXTS: Json = {"type": "array", "items": _TEXT}
_LINK: Json = {"type": "object", "properties": {"kind": _TEXT, "url": _TEXT, "label": _TEXT}}
_COUNTS: Json = {"type": "object", "additionalProperties": {"type": "integer"}}

PAPER: Json = {
    "type": "object",
    "description": "A paper or a code project. In short answers most fields are left out.",
    "required": ["id", "title"],
    "properties": {
        "id": _TEXT,
        "short_name": _TEXT,
        "title": _TEXT,
        "category": {**_TEXT, "description": "The first of its categories; empty without one."},
        "categories": _TEXTS,
        "kind": {"type": "string", "enum": ["paper", "project"]},
        "released": {**_MAYBE, "description": "A month, 2025-03, or a year."},
        "arxiv_id": _MAYBE,
        "url": _MAYBE,
        "generative": {"type": "boolean"},
        "description": _TEXT,
        "links": {
            "type": "array",
            "items": _LINK,
        },
        "authors": _TEXTS,
        "abstract": _TEXT,
        "abstract_state": _TEXT,
        "published": {**_MAYBE, "description": "A day, 2025-03-17."},
        "withdrawn": {"type": "boolean"},
        "venue": _MAYBE,
        "doi": _MAYBE,
        "heading_paths": {"type": "array", "items": _TEXTS},
        "predicted_categories": {"type": "array", "items": {"type": "object"}},
        "predicted_category": _TEXT,
    },
}
_HIT: Json = {
    **PAPER,
    "required": [*PAPER["required"], "score"],
    "properties": {
        **PAPER["properties"],
        "score": {"type": "number"},
        "parts": {"type": "object", "additionalProperties": {"type": "number"}},
        "sentence": {**_TEXT, "description": "The one that answers; in short answers."},
    },
}
_HITS: Json = {
    "type": "object",
    "required": ["hits", "facets", "notes"],
    "properties": {
        "hits": {"type": "array", "items": {"$ref": "#/components/schemas/Hit"}},
        "facets": {**_COUNTS, "description": "Good matches in each category."},
        "notes": {**_TEXTS, "description": "What is missing or was left out."},
        "understood": {"type": "object", "description": "What was read into the words."},
    },
}
ANSWERS: Mapping[str, Json] = {
    "Paper": PAPER,
    "Hit": _HIT,
    "Hits": _HITS,
    "Papers": {
        "type": "object",
        "required": ["papers", "total"],
        "properties": {
            "papers": {"type": "array", "items": {"$ref": "#/components/schemas/Paper"}},
            "total": {"type": "integer", "description": "All papers that pass the filters."},
        },
    },
    "Categories": {
        "type": "object",
        "required": ["categories"],
        "properties": {
            "categories": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["category", "count"],
                    "properties": {"category": _TEXT, "count": {"type": "integer"}},
                },
            }
        },
    },
}
"""The schemas of answers, by name."""

_SHAPES = {
    "/api/search": "Hits",
    "/api/similar": "Hits",
    "/api/recommend": "Hits",
    "/api/paper": "Paper",
    "/api/list": "Papers",
    "/api/categories": "Categories",
}

_EXAMPLES: Mapping[str, object] = {
    "q": "crowd counting",
    "k": 5,
    "offset": 0,
    "paper": "2503.13377",
    "liked": ["2503.13377"],
    "disliked": ["Video-R1"],
    "text": "We train a model to count people in crowded scenes.",
    "category": ["video"],
    "since": "2025-03",
    "until": "2026-01",
    "has": ["code"],
    "kind": "paper",
    "generative": False,
    "author": ["Wang"],
    "venue": ["CVPR 2026"],
    "presents": ["benchmark"],
    "sort": "newest",
    "ignore": ["all"],
    "diversity": 0.3,
    "fetch": False,
    "format": "bibtex",
    "detail": "brief",
}
_PAPER_EXAMPLE: Json = {
    "id": "2505.00001",
    "short_name": "CrowdSeer",
    "title": "CrowdSeer: Counting People",
    "released": "2025-05",
    "category": "Vision (Image)",
    "url": "https://arxiv.org/abs/2505.00001",
}
_HIT_EXAMPLE: Json = {**_PAPER_EXAMPLE, "score": 0.912, "sentence": "We count people in a crowd."}
_ANSWER_EXAMPLES: Mapping[str, Json] = {
    "Hits": {"hits": [_HIT_EXAMPLE], "facets": {"Vision (Image)": 1}, "notes": []},
    "Paper": _PAPER_EXAMPLE,
    "Papers": {"papers": [_PAPER_EXAMPLE], "total": 1},
    "Categories": {"categories": [{"category": "Vision (Image)", "count": 1}]},
}

_PROBLEMS = {
    "400": "A parameter is missing, unknown, or of another type.",
    "401": "The page asks for a login.",
    "404": "The catalogue has no such paper.",
    "413": "The request is too large.",
    "429": "Too many wrong passwords; `Retry-After` says when to try again.",
    "503": "The server is busy, or the index cannot be read; `Retry-After` may say when to try "
    "again.",
}
_SAME: Json = {"description": "The answer is still the one whose `ETag` was sent."}


def described(endpoints: Mapping[str, Endpoint]) -> Json:
    """Return the paths of the document.

    Args:
        endpoints: The routes by their paths.
    """
    return {path: _path(endpoint) for path, endpoint in endpoints.items()}


def _path(endpoint: Endpoint) -> Json:
    name = endpoint.name.removeprefix("/api/").replace(".", "_")
    responses = _responses(endpoint)
    body = endpoint.input_schema()
    sent: Json = {"schema": body}
    if needed := {one: _example(endpoint, one) for one in endpoint.required}:
        sent["example"] = needed
    return {
        "get": {
            "summary": endpoint.summary,
            "operationId": f"get_{name}",
            "parameters": [_parameter(endpoint, one) for one in endpoint.parameters],
            "responses": {**responses, "304": _SAME},
        },
        "post": {
            "summary": f"{endpoint.summary} For texts that are too long for an address.",
            "operationId": f"post_{name}",
            "requestBody": {"required": True, "content": {"application/json": sent}},
            "responses": responses,
        },
    }


def _parameter(endpoint: Endpoint, name: str) -> Json:
    schema = dict(endpoint.properties()[name])
    about = schema.pop("description", "")
    if schema["type"] == "array":
        about = f"{about} Repeat it for several.".strip()
    found: Json = {
        "name": name,
        "in": "query",
        "required": name in endpoint.required,
        "schema": schema,
        "description": about,
    }
    return {**found, "example": _example(endpoint, name)}


def _example(endpoint: Endpoint, name: str) -> object:
    """Return an example of a parameter; `paper` is one in some routes, several in another."""
    value = _EXAMPLES[name]
    several = endpoint.properties()[name]["type"] == "array"
    return [value] if several and not isinstance(value, list) else value


def _responses(endpoint: Endpoint) -> Json:
    if endpoint.name.endswith(".atom"):
        content: Json = {"application/atom+xml": {"schema": _TEXT}}
        about = "An Atom feed, the newest papers first."
    elif shape := _SHAPES.get(endpoint.name):
        schema = {"$ref": f"#/components/schemas/{shape}"}
        content = {"application/json": {"schema": schema, "example": _ANSWER_EXAMPLES[shape]}}
        about = endpoint.returns()
    else:
        content, about = {"text/plain": {"schema": _TEXT}}, endpoint.returns()
    return {"200": {"description": about, "content": content}} | {
        status: {
            "description": text,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
        }
        for status, text in _PROBLEMS.items()
    }
