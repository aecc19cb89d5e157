"""How a model reads texts: its prompts and its limits, kept beside an exported model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

__all__ = ["SideConfig", "TextConfig"]

TruncationSide = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class SideConfig:
    """How one kind of text is read: queries, or documents."""

    prompt: str
    """Stands before every text."""
    max_tokens: int | None
    """Tokens that are read at once, special ones and those of the prompt included; None if
    nothing limits them. In JSON: `limit`."""

    def describe(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {"prompt": self.prompt, "limit": self.max_tokens}

    @classmethod
    def parse(cls, value: Mapping[str, Any]) -> Self:
        """Read what `describe` returned.

        Raises:
            KeyError, TypeError, ValueError: It is something else.
        """
        return cls(str(value["prompt"]), _count(value["limit"]))


@dataclass(frozen=True, slots=True)
class TextConfig:
    """All that must be known of a model beside its graph and its vocabulary.

    The file has the names that exports always had: `room` and `cut` for the last two.
    """

    dimension: int
    """Length of a vector; what the graph returns beyond it is cut off."""
    inputs: tuple[str, ...]
    """What the graph takes: `input_ids`, `attention_mask`, perhaps `token_type_ids`."""
    query: SideConfig
    document: SideConfig
    max_document_tokens: int | None
    """Tokens of a document itself that are read beside prompt and special tokens; None if
    nothing limits them."""
    truncation_side: TruncationSide
    """The side on which a query that is too long loses tokens."""

    def save(self, path: Path) -> None:
        """Write it as JSON.

        Raises:
            OSError: It cannot be written.
        """
        value = {
            "dimension": self.dimension,
            "inputs": self.inputs,
            "query": self.query.describe(),
            "document": self.document.describe(),
            "room": self.max_document_tokens,
            "cut": self.truncation_side,
        }
        path.write_text(json.dumps(value, ensure_ascii=False, indent=1), "utf-8")

    @classmethod
    def open(cls, path: Path) -> Self:
        """Read what `save` wrote; other fields, as older exports have them, are ignored.

        Raises:
            OSError, KeyError, TypeError, ValueError: It is missing, or something else.
        """
        value: Mapping[str, Any] = json.loads(path.read_text("utf-8"))
        side: TruncationSide = "left" if value["cut"] == "left" else "right"
        return cls(
            int(value["dimension"]),
            tuple(map(str, value["inputs"])),
            SideConfig.parse(value["query"]),
            SideConfig.parse(value["document"]),
            _count(value["room"]),
            side,
        )


def _count(value: object) -> int | None:
    """A number of tokens from JSON, 1 or more; None if there is no limit."""
    if value is None:
        return None
    if not isinstance(value, int) or value < 1:
        raise ValueError(f"{value!r} tokens")
    return value
