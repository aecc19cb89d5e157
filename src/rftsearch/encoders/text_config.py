"""How a model reads texts: its prompts and its limits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal, Self

__all__ = ["Side", "TextConfig"]


@dataclass(frozen=True, slots=True)
class Side:
    """How one kind of text is read: queries, or documents."""

    prompt: str
    """Stands before every text."""
    limit: int | None
    """How many tokens are read at once, special ones and the prompt's included."""


@dataclass(frozen=True, slots=True)
class TextConfig:
    """All that must be known of a model beside its graph and its vocabulary."""

    dimension: int
    """Length of a vector; what the graph gives beyond it is cut off."""
    inputs: tuple[str, ...]
    """What the graph takes: `input_ids`, `attention_mask`, perhaps `token_type_ids`."""
    query: Side
    document: Side
    room: int | None
    """How many tokens of a document's own fit beside prompt and special tokens."""
    cut: Literal["left", "right"]
    """The side on which a query that is too long loses tokens."""

    def save(self, path: Path) -> None:
        """Write it as JSON.

        Raises:
            OSError: It cannot be written.
        """
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), "utf-8")

    @classmethod
    def open(cls, path: Path) -> Self:
        """Read what `save` wrote.

        Raises:
            OSError, KeyError, TypeError, ValueError: It is not there, or something else.
        """
        value: Mapping[str, Any] = json.loads(path.read_text("utf-8"))
        # Those of older exports also say how a batch was filled up.
        known = {field.name for field in fields(cls)}
        return cls(
            **{
                **{name: one for name, one in value.items() if name in known},
                "inputs": tuple(value["inputs"]),
                "query": Side(**value["query"]),
                "document": Side(**value["document"]),
            }
        )
