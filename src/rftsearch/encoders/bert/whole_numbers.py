"""The maps of a plain BERT in whole numbers of eight bits.

Processors multiply them two to four times as fast as single precision. onnxruntime rounds
what a map reads by the largest number of the whole batch, so a vector depends a little on
the other texts of its batch: of use for a teacher, whose vectors are only imitated, and not
for vectors that are kept and compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rftsearch.types import FloatArray

if TYPE_CHECKING:
    from onnx import NodeProto, TensorProto

__all__ = ["MAPS", "MICROSOFT", "rounded_attention", "rounded_linear", "rounded_map"]

MAPS = ("attention", "attended", "inner", "outer")
"""The maps of a layer, as `read_weights` calls them."""
MICROSOFT = "com.microsoft"
"""The domain of what onnxruntime computes in one step."""
_LARGEST = 63
"""Weights have seven bits: two products of eight bits do not fit the sums of processors
without instructions for neural networks, which would cut them off without a word."""


def rounded_map(name: str, weight: FloatArray) -> list[TensorProto]:
    """Return a map in whole numbers, and `NAME.step`, what 1 stands for in each column.

    Args:
        name: The map's.
        weight: (in, out) float32.
    """
    from onnx import numpy_helper  # noqa: PLC0415 - for builds alone

    step = np.maximum(np.abs(weight).max(axis=0) / np.float32(_LARGEST), np.float32(1e-12))
    whole = np.ascontiguousarray(np.rint(weight / step).astype(np.int8))
    return [
        numpy_helper.from_array(whole, name),
        numpy_helper.from_array(step.astype(np.float32), f"{name}.step"),
    ]


def rounded_linear(name: str, source: str) -> NodeProto:
    """Return the step from `source` to `NAME.moved`: a map and its bias."""
    from onnx import helper  # noqa: PLC0415 - for builds alone

    taken = [source, name, f"{name}.step", "", f"{name}.bias"]
    return helper.make_node("DynamicQuantizeMatMul", taken, [f"{name}.moved"], domain=MICROSOFT)


def rounded_attention(name: str, source: str, heads: int) -> list[NodeProto]:
    """Return the steps from `source` to `NAME.seen`, what each token sees of the others."""
    from onnx import helper  # noqa: PLC0415 - for builds alone

    whole, scale, zero = (f"{name}.source.{part}" for part in ("whole", "scale", "zero"))
    taken = [whole, name, f"{name}.bias", scale, f"{name}.step", "", zero]
    return [
        helper.make_node("DynamicQuantizeLinear", [source], [whole, scale, zero]),
        helper.make_node("QAttention", taken, [f"{name}.seen"], domain=MICROSOFT, num_heads=heads),
    ]
