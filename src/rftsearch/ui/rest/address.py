"""Parameters in an address: their names, and their values as texts.

    /api/search?q=crowd+counting&k=5&category=audio&category=video&generative=true

An address has one value for each name, so what takes several values is written in the
singular and repeated. The functions themselves keep their names; this is the only place
that knows both.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Container, Mapping
from functools import wraps
from typing import Any, TypeVar, get_origin

from starlette.datastructures import QueryParams

from rftsearch.errors import UsageError
from rftsearch.papers.filter_fields import FILTER_FIELDS
from rftsearch.tools.schemas import Endpoint, plain_type

__all__ = ["ADDRESS_NAMES", "addressed", "of_address", "one_name_each"]

ADDRESS_NAMES: Mapping[str, str] = {
    "query": "q",
    "papers": "paper",
    **{field.name: field.one for field in FILTER_FIELDS if field.one != field.name},
}
"""Names in an address, by those of tools and endpoints; other names are the same in both."""

Value = TypeVar("Value")

_FLAGS = {"true": True, "false": False}
_NUMBER = re.compile(r"-?[0-9]{1,18}")
_DECIMAL = re.compile(r"-?[0-9]{0,18}(\.[0-9]{1,18})?")


def addressed(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function whose parameters are called, and described, as in an address."""
    signature = inspect.signature(function)
    names = {ADDRESS_NAMES.get(name, name): name for name in signature.parameters}

    @wraps(function)
    def asked(**given: Any) -> Any:  # noqa: ANN401 - as the function has it
        return function(**{names[name]: value for name, value in given.items()})

    asked.__signature__ = signature.replace(  # type: ignore[attr-defined]  # read by `inspect.signature`
        parameters=[
            one.replace(name=name, kind=inspect.Parameter.KEYWORD_ONLY)
            for name, one in zip(names, signature.parameters.values(), strict=True)
        ]
    )
    text = inspect.cleandoc(function.__doc__ or "")
    for new, old in names.items():
        text = re.sub(rf"(?m)^(\s+){old}: ", rf"\1{new}: ", text)
    asked.__doc__ = text
    return asked


def one_name_each(sent: Mapping[str, Value], known: Container[str]) -> dict[str, Value]:
    """Return what was sent, by the names of an address; those of tools are accepted, too.

    Args:
        sent: What was sent, by name.
        known: The parameters that there are; another one keeps the name that was typed.

    Raises:
        UsageError: If a parameter is given under both names.
    """
    found: dict[str, Value] = {}
    for name, value in sent.items():
        own = ADDRESS_NAMES.get(name, name)
        own = own if own in known else name
        if own in found:
            raise UsageError(f"{own} and {name} are the same parameter; give one of them")
        found[own] = value
    return found


def of_address(endpoint: Endpoint, asked: QueryParams) -> dict[str, object]:
    """Return the parameters of an address, with numbers and flags in place of their texts.

    Args:
        endpoint: Says what type each has; a function made by `addressed`.
        asked: What stands behind the `?`.

    Raises:
        UsageError: If a parameter is given twice that may be given once.
    """
    sent: dict[str, object] = {}
    given: dict[str, list[str]] = one_name_each(
        {one: asked.getlist(one) for one in asked}, endpoint.parameters
    )
    for name, texts in given.items():
        parameter = endpoint.parameters.get(name)
        type_ = plain_type(parameter.annotation) if parameter else str
        if get_origin(type_) is list:
            sent[name] = texts
        elif len(texts) > 1:
            raise UsageError(f"{name} is given more than once; {_repeated(endpoint)}")
        else:
            sent[name] = _value(type_, texts[0])
    return sent


def _value(type_: object, text: str) -> object:
    """Return a value of a type; the text itself if it is none, for whoever checks it."""
    if type_ is bool:
        return _FLAGS.get(text, text)
    if type_ is int and _NUMBER.fullmatch(text):
        return int(text)
    if type_ is float and text not in {"", "-"} and _DECIMAL.fullmatch(text):
        return float(text)
    return text


def _repeated(endpoint: Endpoint) -> str:
    names = [
        name
        for name, one in endpoint.parameters.items()
        if get_origin(plain_type(one.annotation)) is list
    ]
    return f"only {', '.join(names)} may be repeated" if names else "give it once"
