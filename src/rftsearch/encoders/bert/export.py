"""Export a plain BERT: graph, tokenizer and text configuration, in the time of writing them.

torch and sentence-transformers are not loaded. Nothing is compared either, as it is for
other models: the folder is one whose every setting is known, and tests compare the graph
with both libraries.
"""

from __future__ import annotations

from pathlib import Path

from rftsearch.encoders.adapter.low_rank import LowRankAdapter
from rftsearch.encoders.adapter.word_table import WordTable
from rftsearch.encoders.bert.graph import write_graph
from rftsearch.encoders.bert.plain_bert import read_plain_bert
from rftsearch.encoders.bert.weights import read_weights
from rftsearch.encoders.model_files import ModelFiles
from rftsearch.encoders.onnx_encoder import GRAPH, TEXT_CONFIG, TOKENIZER, VECTOR
from rftsearch.errors import ModelError

__all__ = ["export_plain_bert"]


def export_plain_bert(files: ModelFiles, folder: Path, *, rounded: bool = False) -> None:
    """Write a model into an empty folder.

    Args:
        files: The model, the adapter whose updates are added to its weights, and the table
            whose vectors are added to its own.
        folder: Where to.
        rounded: Whether its maps are computed in whole numbers (`whole_numbers`).

    Raises:
        NotPlainBertError: It is another kind of model. What is in the folder is then of no
            use; `onnx_export` writes files of the same names.
        ModelError: Adapter or table cannot be read, or belong to another model.
        OSError: The files cannot be written.
    """
    bert = read_plain_bert(files.folder)
    updates = dict(LowRankAdapter.read(files.adapter).updates()) if files.adapter else {}
    words = WordTable.read(files.words) if files.words else None
    if words is not None and not words.fits(bert.width, bert.vocabulary):
        raise ModelError(f"{files.words} belongs to another model; reinstall rftsearch")
    weights = read_weights(bert, updates)
    write_graph(bert, weights, folder / GRAPH, VECTOR, rounded=rounded, words=words)
    (folder / TOKENIZER).write_text(bert.tokenizer, "utf-8")
    bert.text_config.save(folder / TEXT_CONFIG)
