"""What the store knows of generations: how far each came, and what proves its papers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from rftsearch.index.store.database import Database
from rftsearch.index.store.schema import IDENTIFIED

__all__ = ["GenerationRow", "GenerationState", "read_generations"]


class GenerationState(IntEnum):
    """How far a generation came."""

    STAGED = 0
    """Being made; or published before the store took that down."""
    SEALED = 1
    """Its files are written; the manifest is about to name it."""
    PUBLISHED = 2
    """The manifest named it."""


@dataclass(frozen=True, slots=True)
class GenerationRow:
    """What the store knows of a generation."""

    number: int
    description: Mapping[str, Any] | None
    """Its manifest; None if it cannot be read."""
    state: GenerationState
    papers: int | None
    """How many it has; None before it was sealed."""
    digest: bytes | None
    """Over the rows of its papers; None before it was sealed."""


def read_generations(database: Database) -> list[GenerationRow]:
    """Return all generations that a store knows, by ascending number."""
    known = database.version >= IDENTIFIED
    columns = "state, papers, digest" if known else "0, NULL, NULL"
    rows = database.rows(
        f"SELECT number, description, {columns} FROM generations ORDER BY number"  # noqa: S608 - constants
    )
    return [
        GenerationRow(number, _description(text), _state(state), papers, digest)
        for number, text, state, papers, digest in rows
    ]


def _description(text: object) -> Mapping[str, Any] | None:
    try:
        value = json.loads(str(text))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _state(value: object) -> GenerationState:
    """Return a state; a damaged one counts as the least."""
    known = {int(state): state for state in GenerationState}
    return known.get(value, GenerationState.STAGED) if isinstance(value, int) else known[0]
