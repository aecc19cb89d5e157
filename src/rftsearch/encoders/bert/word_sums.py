"""The nodes that add the words of a text to its vector, for the graph of a plain BERT.

They compute what `encoders.adapter.word_sums` computes with torch.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from rftsearch.types import AnyArray

if TYPE_CHECKING:
    from onnx import NodeProto

    from rftsearch.encoders.adapter.word_table import WordTable

__all__ = ["MEAN", "word_sum_nodes", "word_sum_weights"]

MEAN = "mean"
"""What the nodes take: the vector of the transformer."""
_LEAST = 1e-12
"""A length below this is that of nothing: it is divided by this."""


def word_sum_weights(words: WordTable, vocabulary: int) -> Iterator[tuple[str, AnyArray]]:
    """Yield each weight with its name in the graph.

    Args:
        words: The table.
        vocabulary: How many tokens the model has.
    """
    levels, scales = words.levels(vocabulary)
    yield "word_levels", levels
    yield "word_scales", scales[:, None]
    yield "word_axes", words.way_back()
    yield "least", np.array([_LEAST], np.float32)


def word_sum_nodes(taken: str, output: str) -> list[NodeProto]:
    """Return the nodes.

    Args:
        taken: The name of the tokens, (n, tokens) int64.
        output: What their result is called, (n, width) float32.
    """
    from onnx import TensorProto, helper  # noqa: PLC0415 - for builds alone

    node = helper.make_node

    def unit(name: str) -> list[NodeProto]:
        return [
            node("ReduceL2", [name, "one"], [f"{name}.length"], keepdims=1),
            node("Max", [f"{name}.length", "least"], [f"{name}.divisor"]),
            node("Div", [name, f"{name}.divisor"], [f"{name}.unit"]),
        ]

    return [
        *unit(MEAN),
        node("Gather", ["word_levels", taken], ["word_bytes"], axis=0),
        node("Cast", ["word_bytes"], ["word_numbers"], to=TensorProto.FLOAT),
        node("Gather", ["word_scales", taken], ["word_scale"], axis=0),
        node("Mul", ["word_numbers", "word_scale"], ["word_vectors"]),
        node("ReduceSum", ["word_vectors", "one"], ["word_sum"], keepdims=0),
        *unit("word_sum"),
        node("MatMul", ["word_sum.unit", "word_axes"], ["word_part"]),
        node("Add", [f"{MEAN}.unit", "word_part"], [output]),
    ]
