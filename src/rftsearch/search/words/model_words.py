"""The words that a model knows whole: most words of the language it was trained on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

__all__ = ["ModelWords", "model_words"]

_MULTILINGUAL = 90_000
"""Pieces of a tokenizer for many languages, or more: those of English models have 30,000 to
51,000; those for many languages 119,000 to 502,000."""


@dataclass(frozen=True)
class ModelWords:
    """The pieces of a tokenizer that are whole words."""

    words: frozenset[str] = frozenset()
    """In small letters."""
    pieces: int = 0
    """How many pieces it has, words or not."""

    @property
    def multilingual(self) -> bool:
        """Whether the model was made for many languages, by the size of its tokenizer."""
        return self.pieces >= _MULTILINGUAL


@lru_cache(maxsize=2)
def model_words(file: Path | None) -> ModelWords:
    """Return the words of a tokenizer; none if there is no file.

    Args:
        file: A `tokenizer.json` as the library tokenizers writes it.
    """
    if file is None or not file.exists():
        return ModelWords()
    pieces = list(_pieces(json.loads(file.read_bytes())["model"]))
    beginnings = tuple(mark for mark in "\u2581\u0120" if any(p.startswith(mark) for p in pieces))
    whole = (
        (piece[1:] for piece in pieces if piece.startswith(beginnings))
        if beginnings
        else (piece for piece in pieces if not piece.startswith("##"))
    )
    words = frozenset(word.casefold() for word in whole if len(word) > 2 and word.isalpha())
    return ModelWords(words, len(pieces))


def _pieces(model: dict[str, Any]) -> Iterator[str]:
    """Yield the pieces: keys of a table, or the first of each pair of a list."""
    vocabulary = model["vocab"]
    return (one if isinstance(one, str) else one[0] for one in vocabulary)
