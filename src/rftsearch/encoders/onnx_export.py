"""A model of sentence-transformers as a graph that onnxruntime runs.

The graph of the most usual models is known, and written without loading them (`bert/`).
Of every other model its own modules are exported, pooling and all, so that nothing is
assumed of how it makes a vector; and what came out must agree with the model on
texts of many kinds before it counts. The exporter is the one on `torch.export`:
it proves that a graph fits any number and length of texts, where the older one,
faster and deprecated, records one example and warns.
"""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rftsearch.encoders.base import NotExportableError
from rftsearch.encoders.bert.export import export_plain_bert
from rftsearch.encoders.bert.plain_bert import NotPlainBertError
from rftsearch.encoders.model_files import first_line
from rftsearch.encoders.onnx_encoder import GRAPH, TEXT_CONFIG, TOKENIZER, VECTOR, OnnxEncoder
from rftsearch.encoders.onnx_fusion import Graph, save_graph, with_fused_attention, without_masks
from rftsearch.encoders.torch_encoder import SentenceTransformerEncoder, load_model, text_config_of
from rftsearch.errors import ModelError

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

__all__ = ["AGREEMENT", "export_by_torch", "export_model"]

AGREEMENT = 0.9999
"""The least cosine between the vectors that both forms of a model make of one text."""
UNMASKED = 0.999999
"""The same for a graph without masks: only the last digits may depend on them."""

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
"""Inputs that a tokenizer makes; a graph that takes others cannot be run by `OnnxEncoder`."""

EXAMPLES = ("a text of a few words", "and one that has a good many more words in it")
PROBES = (
    "x",
    "Crowd counting",
    "a MIXED case, an accent: naïve Müller; $\\mathcal{O}(n^2)$ and GRPO-λ!",
    "群衆を数えるモデル 人群计数",
    "كم شخصا في الصورة؟ सीखना",
    "🤗🎬 video 👩‍🔬",
    "  spaces \t and\nlines  ",
    " ".join(f"Sentence {number} speaks of rewards, frames and sound." for number in range(120)),
)


def export_model(
    encoder: SentenceTransformerEncoder, folder: Path, *, rounded: bool = False
) -> None:
    """Write graph, tokenizer and text configuration of a model into an empty folder.

    Args:
        encoder: The model.
        folder: Where to.
        rounded: Whether its vectors may be rounded for speed, as those of a teacher may; done
            where its graph is known (`bert/`).

    Raises:
        NotExportableError: The model is of a kind that cannot be exported, or its
            graph gives other vectors.
        ModelError: The model cannot be found, or its weights are not its release's.
        OSError: The files cannot be written.
    """
    _refuse_kind(encoder.files.folder)
    _ = encoder.fingerprint  # Weights that are not those of the release are not run.
    try:
        export_plain_bert(encoder.files, folder, rounded=rounded)
    except NotPlainBertError:
        export_by_torch(encoder, folder)


def export_by_torch(encoder: SentenceTransformerEncoder, folder: Path) -> None:
    """Write the same for any model, by loading it and following its computations.

    Raises:
        NotExportableError, ModelError, OSError: As `export_model`.
    """
    try:
        model = load_model(encoder.files, encoder.name, device="cpu", attention="eager")
    except ModelError as error:
        # Perhaps it loads with settings of its own; whoever encodes with it will see.
        raise NotExportableError(f"{first_line(error)}") from error
    _refuse_text_config(model)
    features = _features(model)
    model.tokenizer.backend_tokenizer.save(str(folder / TOKENIZER), pretty=False)
    text_config_of(model, tuple(features)).save(folder / TEXT_CONFIG)
    try:
        with _quiet():
            graph = _export(model, features)
    except OSError:
        raise
    except Exception as error:  # Whatever the exporter makes of a foreign architecture.
        raise NotExportableError(f"its export failed: {first_line(error)}") from error
    with _quiet():
        fused = with_fused_attention(graph)
        faster = [] if fused is None else [(without_masks(fused), UNMASKED), (fused, AGREEMENT)]
    for one, least in faster:
        with suppress(NotExportableError):
            save_graph(one, folder / GRAPH)
            _compare(model, encoder, folder, least)
            return
    save_graph(graph, folder / GRAPH)
    _compare(model, encoder, folder)


def _refuse_kind(folder: Path) -> None:
    """Refuse a model by its files if it cannot be exported, before torch is loaded."""
    try:
        modules = json.loads((folder / "modules.json").read_text("utf-8"))
        kinds = [str(module["type"]) for module in modules]
    except FileNotFoundError:
        return  # A transformer alone, which sentence-transformers pools by the mean.
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotExportableError("its modules.json cannot be read") from error
    for kind in kinds:
        if not kind.startswith("sentence_transformers."):
            raise NotExportableError(f"its module {kind} is code of its own")
    if not kinds[0].endswith(".Transformer"):
        raise NotExportableError(f"it is not a transformer but a {kinds[0].rpartition('.')[2]}")


def _refuse_text_config(model: SentenceTransformer) -> None:
    """Refuse a model that reads texts in a way that `OnnxEncoder` does not know."""
    first: Any = model[0]
    if not getattr(model.tokenizer, "is_fast", False):
        raise NotExportableError("its tokenizer exists only in Python")
    if "text" not in first.modality_config or "message" in first.modality_config:
        raise NotExportableError("it reads messages or media, not plain text")
    if first.query_expansion or first.processing_kwargs:
        raise NotExportableError("it has settings of its own for reading texts")
    if not all(getattr(module, "include_prompt", True) for module in model):
        raise NotExportableError("its pooling leaves the prompt out")


def _features(model: SentenceTransformer) -> dict[str, torch.Tensor]:
    """Return two example texts as the transformer takes them, by the names of its inputs."""
    features = model.preprocess(list(EXAMPLES))
    tensors = {name: value for name, value in features.items() if hasattr(value, "shape")}
    if unknown := tensors.keys() - set(INPUTS):
        raise NotExportableError(f"it takes {', '.join(sorted(unknown))} besides tokens")
    return tensors


def _export(model: SentenceTransformer, features: dict[str, torch.Tensor]) -> Graph:
    import torch  # noqa: PLC0415 - costs seconds

    class Whole(torch.nn.Module):
        """All modules of a model, one after another, as one function of tensors."""

        def __init__(self) -> None:
            super().__init__()
            self.parts = torch.nn.ModuleList(list(model))

        def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
            known: dict[str, torch.Tensor] = dict(zip(features, inputs, strict=True))
            for part in self.parts:
                known = part(known)
            return known["sentence_embedding"]

    any_number, any_length = torch.export.Dim.DYNAMIC, torch.export.Dim.DYNAMIC
    with torch.no_grad():
        program = torch.onnx.export(
            Whole().eval(),
            tuple(features.values()),
            input_names=list(features),
            output_names=[VECTOR],
            dynamic_shapes=(tuple({0: any_number, 1: any_length} for _ in features),),
            dynamo=True,
            verbose=False,
        )
    assert program is not None  # noqa: S101 - only the older exporter returns None
    return program.model


def _compare(
    model: SentenceTransformer,
    encoder: SentenceTransformerEncoder,
    folder: Path,
    least: float = AGREEMENT,
) -> None:
    """Compare the vectors of both forms; the exported one encodes each probe alone and together."""
    alone = [[probe] for probe in PROBES]
    try:
        ours = SentenceTransformerEncoder.of(model, encoder)
        exported = OnnxEncoder(folder, encoder.name, encoder.fingerprint, mapped=True)
        pairs = [
            (ours.encode_queries(PROBES), [exported.encode_queries(one) for one in alone]),
            (ours.encode_documents(PROBES), [exported.encode_documents(one) for one in alone]),
            (ours.encode_documents(PROBES), [exported.encode_documents(PROBES)]),
        ]
    except Exception as error:  # onnxruntime raises kinds of its own.
        raise NotExportableError(f"its graph cannot be run: {first_line(error)}") from error
    worst = min(float((one * np.concatenate(other)).sum(axis=1).min()) for one, other in pairs)
    if not worst >= least:
        raise NotExportableError(f"its graph gives other vectors (cosine {worst:.4f})")


@contextmanager
def _quiet() -> Iterator[None]:
    """Hide what the exporter says of its own libraries: a user can do nothing about it."""
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
