"""Low-rank adaptation of the linear layers of a transformer (LoRA, Hu et al. 2021)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

__all__ = ["LowRank", "adapt", "factors", "save_adapter", "set_share"]


class LowRank(nn.Module):
    """A frozen linear layer, and an update of low rank that is trained beside it."""

    def __init__(self, base: nn.Linear, rank: int, alpha: float) -> None:
        """Begin with no update: the second factor is zero."""
        super().__init__()
        self.base = base
        self.scale = alpha / rank
        self.share = 1.0
        self.down = nn.Parameter(torch.empty(rank, base.in_features))
        self.up = nn.Parameter(torch.zeros(base.out_features, rank))
        nn.init.kaiming_uniform_(self.down, a=math.sqrt(5))

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return what the layer gives with its weights updated: (..., out) of (..., in)."""
        update = nn.functional.linear(nn.functional.linear(inputs, self.down), self.up)
        plain: torch.Tensor = self.base(inputs)
        return plain + (self.share * self.scale) * update


def adapt(model: nn.Module, rank: int, alpha: float) -> dict[str, LowRank]:
    """Freeze a model and put an update beside each linear layer of its encoder.

    Returns:
        The new layers by the name of the one that they hold.
    """
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    found = {
        name: layer
        for name, layer in model.named_modules()
        if isinstance(layer, nn.Linear) and name.startswith("encoder.")
    }
    layers = {name: LowRank(layer, rank, alpha) for name, layer in found.items()}
    for name, layer in layers.items():
        parent, _, child = name.rpartition(".")
        setattr(model.get_submodule(parent), child, layer)
    return layers


def set_share(layers: Mapping[str, LowRank], share: float) -> None:
    """Let a share of the update count."""
    for layer in layers.values():
        layer.share = share


def factors(layers: Mapping[str, LowRank]) -> dict[str, torch.Tensor]:
    """Return the factors of each update, a copy: `NAME.down` (rank, in), `NAME.up` (out, rank).

    The scale is multiplied into the second, so that the update is `up @ down`.
    """
    tensors = {}
    for name, layer in layers.items():
        tensors[f"{name}.down"] = layer.down.detach().clone()
        tensors[f"{name}.up"] = layer.up.detach() * layer.scale
    return tensors


def save_adapter(
    tensors: Mapping[str, torch.Tensor], path: Path, metadata: Mapping[str, str]
) -> None:
    """Write an adapter in half precision."""
    path.parent.mkdir(parents=True, exist_ok=True)
    halves = {name: tensor.half().contiguous() for name, tensor in tensors.items()}
    save_file(halves, path, dict(metadata))
    path.chmod(0o644)
