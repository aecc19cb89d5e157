"""Attention as one step of a graph, where the exporter writes about thirty.

onnxruntime's own optimizer recognizes attention in the form that older exporters
wrote, and misses it in what the present one writes. What is found here becomes its
`Attention`: queries, keys and values by one product instead of three, and nothing
transposed in between.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import onnx_ir

__all__ = ["Graph", "save_graph", "with_fused_attention", "without_masks"]

Graph: TypeAlias = "onnx_ir.Model"

MASKS = (3, 5)
"""Inputs of `Attention` that are masks: of tokens, and of pairs of tokens."""

LARGEST = 2**28
"""Bytes of weights that are joined: enough for three matrices of 4,096 times 4,096."""


def with_fused_attention(graph: Graph) -> Graph | None:
    """Return a copy of a graph with fused attention; None if there is no attention to fuse.

    The steps are those of onnxscript's `optimize_for_ort` that attention needs. All of
    `optimize_for_ort` would also join each sum with the normalization that follows, which
    onnxruntime computes number by number: slower than both.

    Args:
        graph: As the exporter wrote it; not changed. Weights are shared with the copy.
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
        # Three weights side by side become one, and steps that were fused in part are undone.
        optimizer.optimize(fused, input_size_limit=LARGEST, output_size_limit=LARGEST)
    except Exception:  # noqa: BLE001 -- rules fail in many ways on graphs they do not know
        return None
    return fused


def without_masks(graph: Graph) -> Graph:
    """Return a copy of a graph with fused attention, without its masks.

    Without padding, masks hide nothing, unless tokens of one text must not see each
    other: whoever calls this has to compare the vectors.
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

    Weights in a file of their own can be mapped: half the memory, and half the time to open.

    Raises:
        OSError: They cannot be written.
    """
    import onnx_ir  # noqa: PLC0415 - only where a model is exported

    for node in graph.graph.all_nodes():
        node.metadata_props.clear()  # The lines of code it came from: most of the graph's bytes.
    onnx_ir.save(graph, path, external_data=f"{path.name}.data")
