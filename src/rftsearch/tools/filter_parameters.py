"""Give an endpoint one parameter for each filter, from the table of filters."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, Literal, Optional

from rftsearch.papers.filter_fields import FILTER_FIELDS, FilterField
from rftsearch.tools.validate import read_filters

__all__ = ["with_filters"]


def with_filters(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return an endpoint that takes each filter by its name, of one that takes `filters`.

    Endpoints and tools take their parameters, types and descriptions from the signature and
    the docstring, so both have the filters of the table in place of `filters`.

    Args:
        function: Has a parameter `filters`, and a line for it in its docstring.
    """
    signature = inspect.signature(function)
    parameters: list[inspect.Parameter] = []
    for name, parameter in signature.parameters.items():
        parameters += _parameters() if name == "filters" else [parameter]
    flat = signature.replace(parameters=parameters)

    @wraps(function)
    def endpoint(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as the endpoint has it
        bound = flat.bind(*args, **kwargs)
        bound.apply_defaults()
        values = dict(bound.arguments)
        filters = read_filters({field.name: values.pop(field.name) for field in FILTER_FIELDS})
        return function(**values, filters=filters)

    endpoint.__signature__ = flat  # type: ignore[attr-defined]  # read by `inspect.signature`
    endpoint.__annotations__ = {one.name: one.annotation for one in parameters} | {
        "return": signature.return_annotation
    }
    endpoint.__doc__ = "\n".join(
        described
        for line in (function.__doc__ or "").split("\n")
        for described in (_descriptions(line) if line.strip().startswith("filters:") else [line])
    )
    return endpoint


def _parameters() -> list[inspect.Parameter]:
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return [
        inspect.Parameter(field.name, kind, default=None, annotation=_type(field))
        for field in FILTER_FIELDS
    ]


def _type(field: FilterField) -> object:
    if field.type == "choice":
        return Optional[Literal[field.choices]]  # noqa: UP045 - `|` takes no computed Literal
    types: dict[str, object] = {"texts": list[str] | None, "month": str | None, "flag": bool | None}
    return types[field.type]


def _descriptions(line: str) -> list[str]:
    indent = line[: len(line) - len(line.lstrip())]
    return [f"{indent}{field.name}: {field.tool_help}" for field in FILTER_FIELDS]
