"""The functions as tools of an assistant: short answers with notes, in a form that is declared.

Both servers of the Model Context Protocol use this: the page's over HTTP, and
`rftsearch mcp` over stdin and stdout.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from mcp import types

from rftsearch.errors import UsageError
from rftsearch.papers.paper import Paper
from rftsearch.papers.results import Results
from rftsearch.search.engine import Engine
from rftsearch.tools.brief import BRIEF_FIELDS
from rftsearch.tools.detail import brief_hits, explanations, page_of_list, with_detail
from rftsearch.tools.functions import engine_functions
from rftsearch.tools.schemas import Endpoint
from rftsearch.tools.words import in_words, in_words_of_tools

__all__ = ["AssistantTools"]

_PAPERS: Mapping[object, str] = {Results: "hits", list[Paper]: "papers"}
"""Under which name a tool returns its papers, by what its function returns."""


class AssistantTools:
    """The tools over one engine."""

    def __init__(self, engine: Engine, prefix: str = "") -> None:
        """Make the tools of an engine, which the caller closes.

        Args:
            engine: What answers.
            prefix: Put before the name of each tool.
        """
        self._engine = engine
        self._tools = {
            f"{prefix}{function.__name__}": Endpoint(
                f"{prefix}{function.__name__}", self._answering(function)
            )
            for function in engine_functions(engine).values()
        }

    def tools(self) -> list[types.Tool]:
        """Return the tools as the protocol describes them."""
        return [_described(endpoint) for endpoint in self._tools.values()]

    def call(self, name: str, sent: Mapping[str, Any]) -> types.CallToolResult:
        """Answer a call of a tool.

        The answer is the same twice: as structured content, which follows the tool's output
        schema, and as text, for clients that read nothing else.

        Raises:
            UsageError: No tool has the name, or an argument is missing, unknown or wrong.
            RftsearchError: The index or arXiv fails; in words that name tools and arguments.
        """
        if name not in self._tools:
            raise UsageError(f"no tool is called {name[:40]!r}; one of {', '.join(self._tools)}")
        endpoint = self._tools[name]
        # Some clients send null for each argument that a model left out.
        optional = set(endpoint.parameters) - set(endpoint.required)
        given = {key: one for key, one in sent.items() if one is not None or key not in optional}
        found = endpoint.function(**endpoint.read(given))
        if isinstance(found, str):
            return _text(found)
        written = json.dumps(found, ensure_ascii=False)
        return types.CallToolResult(
            content=[types.TextContent(type="text", text=written)], structuredContent=found
        )

    def _answering(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that answers in JSON values, of one that answers in records."""
        asked = in_words(function)
        if inspect.signature(function).return_annotation not in _PAPERS:
            return _whole(asked)
        return with_detail(asked, self._shaped)

    def _shaped(
        self, found: Results | list[Paper], given: Mapping[str, Any], detail: str
    ) -> dict[str, Any]:
        if isinstance(found, Results):
            return self._hits(found, given, detail)
        return {**page_of_list(self._engine, found, given, detail), "notes": []}

    def _hits(self, found: Results, given: Mapping[str, Any], detail: str) -> dict[str, Any]:
        if detail == "full":
            why = explanations(self._engine, found, given)
            hits = [
                {**hit.to_dict(), "sentence": one.sentence}
                for hit, one in zip(found, why, strict=True)
            ]
        else:
            hits = brief_hits(self._engine, found, given)
        answer = {"hits": hits, "notes": [in_words_of_tools(note) for note in found.notes]}
        if found.understood is not None and (found.understood.parts or detail == "full"):
            answer["understood"] = found.understood.to_dict()
        return answer


def _whole(asked: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that answers with an object, of one that answers in another form."""

    @wraps(asked)
    def answer(**given: Any) -> dict[str, Any] | str:  # noqa: ANN401 - as the function has it
        found = asked(**given)
        if isinstance(found, Paper):
            return {**found.to_dict(), "notes": []}
        return {"categories": found, "notes": []} if isinstance(found, list) else found

    return answer


def _described(endpoint: Endpoint) -> types.Tool:
    """Return a tool as the protocol describes it."""
    returns = endpoint.returns()
    return types.Tool(
        name=endpoint.name,
        description=f"{endpoint.summary} Returns: {returns}" if returns else endpoint.summary,
        inputSchema=endpoint.input_schema(),
        outputSchema=_output_schema(endpoint),
        annotations=types.ToolAnnotations(
            readOnlyHint=True,
            destructiveHint=False,
            idempotentHint=True,
            openWorldHint="fetch" in endpoint.parameters,
        ),
    )


def _output_schema(endpoint: Endpoint) -> dict[str, Any] | None:
    """Return the JSON schema of an answer; None for a text.

    Fields of a paper are declared without `required`: what is not known is left out of a
    short answer and is null in a full one, for which strict readers have no type. So only
    the fields that are always there have one.
    """
    returned = inspect.signature(endpoint.function).return_annotation
    name = _PAPERS.get(returned)
    if returned is str:
        return None
    inside: dict[str, Any]
    if name is not None:
        always = {"id": {"type": "string"}, "title": {"type": "string"}}
        scored = {"score": {"type": "number"}} if returned is Results else {}
        items = {"type": "object", "properties": {**always, **scored}, "required": ["id", "title"]}
        items["description"] = f"In short: {', '.join(BRIEF_FIELDS)}, as far as known."
        inside, required = {name: {"type": "array", "items": items}}, [name, "notes"]
        if returned is not Results:
            about = "All papers that pass the filters."
            inside["total"] = {"type": "integer", "description": about}
            required.append("total")
    elif returned is Paper:
        inside = {one: {"type": "string"} for one in ("id", "title", "category", "abstract")}
        required = ["id", "title", "notes"]
    else:
        counted = {"category": {"type": "string"}, "count": {"type": "integer"}}
        items = {"type": "object", "properties": counted, "required": list(counted)}
        inside, required = (
            {"categories": {"type": "array", "items": items}},
            ["categories", "notes"],
        )
    notes = {"type": "array", "items": {"type": "string"}}
    notes["description"] = "What is missing or was left out, one sentence each."
    return {"type": "object", "properties": {**inside, "notes": notes}, "required": required}


def _text(text: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=text)])
