"""Write the graph of a plain BERT: `onnx` nodes, with the weights in a file beside them.

It is the graph that the exporter of torch and the fusion of attention arrive at
(`onnx_export`, `onnx_fusion`), without what has no effect on a batch of texts of one length:
masks, types of tokens, and the norm of a vector, which whoever encodes sees to.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from rftsearch.encoders.bert.plain_bert import INPUTS, PlainBert
from rftsearch.encoders.bert.whole_numbers import (
    MAPS,
    MICROSOFT,
    rounded_attention,
    rounded_linear,
    rounded_map,
)
from rftsearch.encoders.bert.word_sums import MEAN, word_sum_nodes, word_sum_weights
from rftsearch.types import AnyArray, FloatArray

if TYPE_CHECKING:
    from onnx import NodeProto, TensorProto

    from rftsearch.encoders.adapter.word_table import WordTable

__all__ = ["write_graph"]

_OPSET = 20
"""The first with `Gelu`."""
_IR = 10
_PAGE = 4096
"""Where a large weight begins: what is mapped begins on a page."""
_SMALL = 1 << 14
"""Up to this many bytes a weight stays in the graph: it is copied when the graph is opened."""


def write_graph(
    bert: PlainBert,
    weights: Iterable[tuple[str, FloatArray]],
    path: Path,
    output: str,
    *,
    rounded: bool = False,
    words: WordTable | None = None,
) -> None:
    """Write a graph from `input_ids`, (n, tokens) int64, to vectors, (n, width) float32.

    Args:
        bert: The model.
        weights: Its weights, as `read_weights` yields them.
        path: Where to; the large weights go to `path` with `.data`.
        output: What the vectors are called.
        rounded: Whether maps are computed in whole numbers (`whole_numbers`).
        words: A table whose vectors are added to those of the model; None: nothing is added.

    Raises:
        OSError: It cannot be written.
    """
    from onnx import TensorProto, helper  # noqa: PLC0415 - for builds alone

    maps = {f"{number}.{part}" for number in range(bert.layers) for part in MAPS}
    data = path.with_name(f"{path.name}.data")
    with data.open("wb") as file:
        initializers = []
        for name, weight in weights:
            if rounded and name in maps:
                initializers += rounded_map(name, weight)
            else:
                initializers.append(_initializer(name, weight, file))
        if words is not None:
            more = word_sum_weights(words, bert.vocabulary)
            initializers += [_initializer(name, weight, file) for name, weight in more]
    initializers += [
        helper.make_tensor("first", TensorProto.INT64, [], [0]),
        helper.make_tensor("zero", TensorProto.INT64, [1], [0]),
        helper.make_tensor("one", TensorProto.INT64, [1], [1]),
    ]
    [taken] = INPUTS
    nodes = _nodes(bert, taken, output if words is None else MEAN, rounded=rounded)
    if words is not None:
        nodes += word_sum_nodes(taken, output)
    graph = helper.make_graph(
        nodes,
        "plain_bert",
        [helper.make_tensor_value_info(taken, TensorProto.INT64, ["texts", "tokens"])],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["texts", bert.width])],
        initializers,
    )
    sets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(MICROSOFT, 1)]
    model = helper.make_model(graph, opset_imports=sets, ir_version=_IR, producer_name="rftsearch")
    path.write_bytes(model.SerializeToString(deterministic=True))


def _nodes(bert: PlainBert, taken: str, output: str, *, rounded: bool) -> list[NodeProto]:
    from onnx import helper  # noqa: PLC0415 - for builds alone

    node = helper.make_node

    def linear(name: str, source: str) -> list[NodeProto]:
        """A map and its bias."""
        if rounded:
            return [rounded_linear(name, source)]
        mapped = f"{name}.mapped"
        return [
            node("MatMul", [source, name], [mapped]),
            node("Add", [mapped, f"{name}.bias"], [f"{name}.moved"]),
        ]

    def seen(name: str, source: str) -> list[NodeProto]:
        """What each token sees of the others."""
        if rounded:
            return rounded_attention(name, source, bert.heads)
        taken = [source, name, f"{name}.bias"]
        given = f"{name}.seen"
        return [node("Attention", taken, [given], domain=MICROSOFT, num_heads=bert.heads)]

    def norm(name: str, one: str, other: str) -> list[NodeProto]:
        """A sum and its normalization."""
        scaling = [f"{name}.sum", f"{name}.scale", f"{name}.shift"]
        return [
            node("Add", [one, other], [scaling[0]]),
            node("LayerNormalization", scaling, [name_of(name)], axis=-1, epsilon=bert.epsilon),
        ]

    def name_of(name: str) -> str:
        return f"{name}.normed"

    nodes = [
        node("Shape", [taken], ["length"], start=1, end=2),
        node("Slice", ["places", "zero", "length", "zero", "one"], ["placed"]),
        node("Gather", ["words", taken], ["looked_up"], axis=0),
        *norm("embedded", "looked_up", "placed"),
    ]
    state = name_of("embedded")
    for number in range(bert.layers):
        attention, attended, inner, outer = (
            f"{number}.{part}" for part in ("attention", "attended", "inner", "outer")
        )
        nodes += [
            *seen(attention, state),
            *linear(attended, f"{attention}.seen"),
            *norm(attended, f"{attended}.moved", state),
            *linear(inner, name_of(attended)),
            node("Gelu", [f"{inner}.moved"], [f"{inner}.active"]),
            *linear(outer, f"{inner}.active"),
            *norm(outer, f"{outer}.moved", name_of(attended)),
        ]
        state = name_of(outer)
    if bert.pooling == "cls":
        return [*nodes, node("Gather", [state, "first"], [output], axis=1)]
    return [*nodes, node("ReduceMean", [state, "one"], [output], keepdims=0)]


def _initializer(name: str, weight: AnyArray, file: BinaryIO) -> TensorProto:
    """Write a weight, and return where it is; a small one is returned itself."""
    from onnx import TensorProto, numpy_helper  # noqa: PLC0415 - for builds alone

    if weight.nbytes <= _SMALL:
        return numpy_helper.from_array(np.ascontiguousarray(weight), name)
    file.write(b"\0" * (-file.tell() % _PAGE))
    kind = TensorProto.INT8 if weight.dtype == np.int8 else TensorProto.FLOAT
    tensor = TensorProto(name=name, data_type=kind, dims=weight.shape)
    tensor.data_location = TensorProto.EXTERNAL
    place = {"location": Path(file.name).name, "offset": file.tell(), "length": weight.nbytes}
    for key, value in place.items():
        tensor.external_data.add(key=key, value=str(value))
    np.ascontiguousarray(weight, weight.dtype.newbyteorder("<")).tofile(file)
    return tensor
