"""Low-rank updates of a transformer's linear layers (LoRA, Hu et al. 2021), as a file.

The update of a layer's weights is the product of two thin matrices. It is added to the
weights once, when the model is loaded: the model that runs is as large and as fast as its
base. `scripts/train_encoder.py` writes such a file.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rftsearch.errors import ModelError
from rftsearch.types import FloatArray

__all__ = ["LowRankAdapter"]

DOWN, UP = ".down", ".up"
"""How the two matrices of a layer are named: `LAYER.down` (rank, in), `LAYER.up` (out, rank)."""
BASE = "base"
SHARE = "share"
"""What the file says beside its numbers: the model that it belongs to, and the share of the
update that is added. Less than all of it keeps more of what the base knows."""


@dataclass(frozen=True)
class LowRankAdapter:
    """Updates of linear layers, as they lie in a file."""

    base: str
    """The model whose layers they update."""
    share: float
    """The part of each update that is added, 0 to 1."""
    factors: dict[str, tuple[FloatArray, FloatArray]]
    """For each layer `up` (out, rank) and `down` (rank, in), float32."""

    @classmethod
    def read(cls, path: Path) -> LowRankAdapter:
        """Read an adapter.

        Raises:
            ModelError: There is no such file, or it holds something else.
        """
        from safetensors import SafetensorError, safe_open  # noqa: PLC0415 - for builds alone

        try:
            with safe_open(path, framework="np") as file:
                about = file.metadata() or {}
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            base, share = about[BASE], float(about[SHARE])
            layers = [name.removesuffix(DOWN) for name in tensors if name.endswith(DOWN)]
            factors = {
                layer: (_numbers(tensors[layer + UP]), _numbers(tensors[layer + DOWN]))
                for layer in layers
            }
        except (OSError, SafetensorError, KeyError, ValueError) as error:
            raise ModelError(
                f"the adapter {path} cannot be read ({type(error).__name__}); reinstall rftsearch"
            ) from error
        if not factors or not math.isfinite(share):
            raise ModelError(f"the adapter {path} holds no updates; reinstall rftsearch")
        return cls(base, share, factors)

    def updates(self) -> Iterator[tuple[str, FloatArray]]:
        """Yield the name of each layer, and what is added to its weights: (out, in) float32."""
        for layer, (up, down) in self.factors.items():
            yield layer, np.float32(self.share) * (up @ down)


def _numbers(tensor: np.ndarray) -> FloatArray:
    numbers = np.asarray(tensor, np.float32)
    if numbers.ndim != 2 or not np.isfinite(numbers).all():
        raise ValueError(tensor.shape)
    return numbers
