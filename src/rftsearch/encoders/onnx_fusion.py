"""Attention as one step of a graph, where the exporter leaves some thirty.

onnxruntime's own optimizer knows attention by the shapes that older exporters
gave it, and misses it in what the present one gives. What is found here becomes
its `Attention`: queries, keys and values by one product instead of three, and
nothing transposed in between.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import onnx_ir

__all__ = ["Graph", "save_graph", "with_fused_attention", "without_masks"]

Graph: TypeAlias = "onnx_ir.Model"

MASKS = (3, 5)
"""Places among the inputs of `Attention` where masks stand: of tokens, and of pairs of them."""

LARGEST = 2**28
"""Bytes of weights that are put side by side: enough for three of 4,096 times 4,096."""


def with_fused_attention(graph: Graph) -> Graph | None:
    """A copy of a graph with attention put together; None where none is found.

    The steps are onnxscript's, those of its `optimize_for_ort` that attention needs. The
    whole of it also joins each sum with the normalization that follows, and that
    onnxruntime computes number by number: slower than both.

    Args:
        graph: As the exporter gave it; not changed. Weights are shared with the copy.
    """
    from onnx_ir.passes import common  # noqa: PLC0415 - only where a model is exported
    from onnxscript import optimizer  # noqa: PLC0415
    from onnxscript.rewriter.ort_fusions import attention, mha, mha_bias, sdpa  # noqa: PLC0415

    fused = graph.clone()
    try:
        common.ShapeInferencePass()(fused)
        optimizer.optimize(fused)
        common.CommonSubexpressionEliminationPass()(fused)
        sdpa.fuse_sdpa(fused, apply_shape_inference=True)
        mha.fuse_mha2(fused)
        mha_bias.fuse_mha_bias(fused)
        if not attention.fuse_attention(fused):
            return None
        # Three weights put side by side become one, and steps found in part are undone.
        optimizer.optimize(fused, input_size_limit=LARGEST, output_size_limit=LARGEST)
    except Exception:  # noqa: BLE001 -- whatever rules make of graphs they were not written for
        return None
    return fused


def without_masks(graph: Graph) -> Graph:
    """A copy of a graph whose attention, put together before, heeds no masks.

    Where nothing is filled up they hide nothing, unless tokens of one text are to be
    hidden from each other; whoever calls this has to look whether the vectors agree.
    """
    from onnx_ir.passes import common  # noqa: PLC0415 - only where a model is exported

    bare = graph.clone()
    for node in bare.graph.all_nodes():
        if node.op_type == "Attention":
            for place in MASKS:
                if place < len(node.inputs):
                    node.replace_input_with(place, None)
    common.RemoveUnusedNodesPass()(bare)
    return bare


def save_graph(graph: Graph, path: Path) -> None:
    """Write a graph, and its weights into a file beside it.

    Weights apart are mapped: half the memory, and half the time to open it.

    Raises:
        OSError: They cannot be written.
    """
    import onnx_ir  # noqa: PLC0415 - only where a model is exported

    for node in graph.graph.all_nodes():
        node.metadata_props.clear()  # Where in whose code it came from: most of the graph's bytes.
    onnx_ir.save(graph, path, external_data=f"{path.name}.data")
