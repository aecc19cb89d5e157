"""The public endpoints of the page: the functions for programs, which answer in plain JSON."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

import gradio as gr

from rftsearch.papers.paper import Paper
from rftsearch.papers.results import Results
from rftsearch.search.engine import Engine
from rftsearch.tools.functions import engine_functions
from rftsearch.tools.words import in_words

__all__ = ["add_endpoints"]

_PLAIN = {Results: list[dict[str, Any]], list[Paper]: list[dict[str, Any]], Paper: dict[str, Any]}
"""The type of what an endpoint returns, by that of its function."""


def add_endpoints(engine: Engine) -> None:
    """Add the endpoints to the page that is being built."""
    for name, function in engine_functions(engine).items():
        gr.api(_endpoint(function), api_name=name, queue=False)


def _endpoint(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function as an endpoint: papers as JSON values, errors in the words of tools."""
    asked = in_words(function)

    @wraps(function)
    def endpoint(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as the function has it
        found = asked(*args, **kwargs)
        if isinstance(found, Paper):
            return found.to_dict()
        if isinstance(found, list):
            return [one.to_dict() if isinstance(one, Paper) else one for one in found]
        return found.to_dicts() if isinstance(found, Results) else found

    signature = inspect.signature(function)
    plain = _PLAIN.get(signature.return_annotation)
    if plain is not None:
        endpoint.__signature__ = signature.replace(return_annotation=plain)  # type: ignore[attr-defined]  # read by `inspect.signature`
        endpoint.__annotations__ = {**endpoint.__annotations__, "return": plain}
    return endpoint
