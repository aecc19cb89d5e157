"""An endpoint as programs see it: its parameters with their types, read off its function.

The schemas are made for the strictest readers. OpenAI refuses a whole list of tools for
one `oneOf`, Gemini an `enum` without a `type`, and OpenAPI 3.0 has no type `null`. So a
parameter that may be left out has the plain type of its value, and is not required.
"""

from __future__ import annotations

import difflib
import inspect
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Union, get_args, get_origin

from rftsearch.errors import UsageError
from rftsearch.tools.validate import (
    read_flag,
    read_share,
    read_text,
    read_texts,
    read_whole,
)

__all__ = ["Endpoint", "plain_type"]

_TYPES: Mapping[object, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}
_READERS: Mapping[object, Callable[[str, object], object]] = {
    str: read_text,
    int: read_whole,
    float: read_share,
    bool: read_flag,
    list: read_texts,
}

_MEANT: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("limit", "max_results", "num_results", "top_k", "n", "count"), ("k",)),
    **dict.fromkeys(("q", "question", "topic", "keywords", "search"), ("query", "q", "text")),
    **dict.fromkeys(("id", "paper_id", "arxiv_id", "title"), ("paper", "papers")),
    **dict.fromkeys(("year", "date_from", "start_date", "from"), ("since",)),
    **dict.fromkeys(("date_to", "end_date", "to"), ("until",)),
    **dict.fromkeys(("order", "sort_by", "order_by"), ("sort",)),
    **dict.fromkeys(("page", "start", "skip"), ("offset",)),
}
"""Names that other servers give to parameters, with those that they have here."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A function that programs may call."""

    name: str
    """Its name in an address."""
    function: Callable[..., Any]
    number: int = -1
    """Its number in Gradio's configuration, by which Gradio's clients call it."""

    @property
    def parameters(self) -> Mapping[str, inspect.Parameter]:
        """Return its parameters by name, in order."""
        return inspect.signature(self.function).parameters

    @property
    def required(self) -> list[str]:
        """Return the names of the parameters that must be given."""
        return [name for name, one in self.parameters.items() if one.default is one.empty]

    def properties(self) -> dict[str, dict[str, Any]]:
        """Return a JSON schema for each parameter, by name."""
        texts = self._texts()
        found = {}
        for name, parameter in self.parameters.items():
            schema = _schema(parameter.annotation)
            if name in texts:
                schema["description"] = texts[name]
            if parameter.default is not parameter.empty and parameter.default is not None:
                schema["default"] = parameter.default
            found[name] = schema
        return found

    def input_schema(self) -> dict[str, Any]:
        """Return the JSON schema of an object with all its parameters."""
        schema: dict[str, Any] = {"type": "object", "properties": self.properties()}
        if self.required:
            schema["required"] = self.required
        return schema

    @property
    def summary(self) -> str:
        """Return what it does, in a sentence or two."""
        return inspect.cleandoc(self.function.__doc__ or "").partition("\n")[0]

    def returns(self) -> str:
        """Return what it answers, in a sentence."""
        text = inspect.cleandoc(self.function.__doc__ or "")
        return " ".join(text.partition("\nReturns:\n")[2].split())

    def by_place(self, values: Sequence[object]) -> dict[str, object]:
        """Return values that were sent as a list by the names of their parameters.

        Raises:
            UsageError: If there are more values than parameters.
        """
        names = list(self.parameters)
        if len(values) > len(names):
            raise UsageError(
                f"{self.name} takes at most {len(names)} values, not {len(values)}: {self._takes()}"
            )
        return dict(zip(names, values, strict=False))

    def read(self, sent: Mapping[str, object]) -> dict[str, Any]:
        """Return the arguments for the function.

        Args:
            sent: What a program sent, by name.

        Raises:
            UsageError: If a parameter is missing, unknown, or of another type.
        """
        self.check_names(sent)
        found: dict[str, Any] = {}
        for name, value in sent.items():
            annotation, optional = _plain(self.parameters[name].annotation)
            if value is None and optional:
                found[name] = None
            else:
                reader = _READERS.get(get_origin(annotation) or annotation, read_text)
                found[name] = reader(name, value)
        return found

    def check_names(self, sent: Mapping[str, object]) -> None:
        """Check the names of what a program sent.

        Raises:
            UsageError: If a parameter is missing or unknown.
        """
        for name in sent:
            if name not in self.parameters:
                near = [one for one in _MEANT.get(name, ()) if one in self.parameters]
                near = near or difflib.get_close_matches(name, self.parameters, 1)
                hint = f"; did you mean {near[0]}?" if near else ""
                raise UsageError(
                    f"{self.name} has no parameter {name[:40]!r}{hint or f'; {self._takes()}'}"
                )
        for name in self.required:
            if name not in sent:
                raise UsageError(f"{name} is missing; {self._takes()}")

    def _takes(self) -> str:
        names = ", ".join(self.parameters)
        return f"{self.name} takes {names}" if names else f"{self.name} takes nothing"

    def _texts(self) -> dict[str, str]:
        """Return the descriptions of parameters: one line each below `Args:`."""
        text = inspect.cleandoc(self.function.__doc__ or "")
        lines = text.partition("\nArgs:\n")[2].partition("\n\n")[0].splitlines()
        pairs = (line.strip().partition(": ") for line in lines)
        return {name: words for name, _, words in pairs}


def plain_type(annotation: object) -> object:
    """Return the type of a parameter's value where it is given: without `None`."""
    return _plain(annotation)[0]


def _plain(annotation: object) -> tuple[object, bool]:
    """Return a type without `None`, and whether it was there."""
    if get_origin(annotation) in {Union, types.UnionType}:
        rest = [one for one in get_args(annotation) if one is not type(None)]
        if len(rest) == 1:
            return rest[0], True
    return annotation, False


def _schema(annotation: object) -> dict[str, Any]:
    plain, _ = _plain(annotation)
    if get_origin(plain) is Literal:
        return {"type": "string", "enum": list(get_args(plain))}
    if get_origin(plain) is list:
        return {"type": "array", "items": _schema(get_args(plain)[0])}
    return {"type": _TYPES[plain]}
