"""The embeddings that a sentence model has of its tokens, read from its weights."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from rftsearch.types import FloatArray

__all__ = ["token_embeddings"]

_WEIGHTS = "model.safetensors"
_NAME = "embeddings.word_embeddings.weight"


def token_embeddings(folder: Path, tokenizer: str) -> FloatArray | None:
    """Return the embeddings of all tokens, (tokens, d) float32; None if they are not there.

    Args:
        folder: The model's, with its weights in one file of safetensors.
        tokenizer: The model's, in JSON.
    """
    from safetensors import SafetensorError, safe_open  # noqa: PLC0415 - for builds alone

    count = len(json.loads(tokenizer)["model"]["vocab"])
    try:
        with safe_open(folder / _WEIGHTS, "np") as weights:
            name = next((name for name in weights.keys() if name.endswith(_NAME)), None)  # noqa: SIM118 - no dictionary
            rows = None if name is None else weights.get_tensor(name).astype(np.float32)
    except (OSError, SafetensorError, TypeError):  # TypeError: numpy has no such numbers.
        return None
    return rows if rows is not None and len(rows) == count else None
