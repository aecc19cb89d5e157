"""Time the encoding of documents: the encoders of rftsearch against sentence-transformers.

Real titles and abstracts, in portions and in turns, each to a process that has loaded
its model. sentence-transformers reads the beginning of a document alone, as much as the
model takes at once (256 tokens); a build of rftsearch reads all of it, in windows: more
tokens of each document, so tokens a second are counted as well. Both ways of rftsearch
are measured, and its static model, made from the same papers.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks import peers
from benchmarks.corpus import Record, real
from benchmarks.report import Report
from rftsearch.encoders.base import Encoder
from rftsearch.encoders.onnx_encoder import TEXT_CONFIG, TOKENIZER, OnnxEncoder
from rftsearch.encoders.onnx_export import export_model
from rftsearch.encoders.static_cache import made_static
from rftsearch.encoders.text_config import TextConfig
from rftsearch.encoders.torch_encoder import SentenceTransformerEncoder
from rftsearch.errors import UsageError
from rftsearch.papers.documents import Texts, texts_of
from rftsearch.papers.paper import ArxivMetadata
from rftsearch.sources.arxiv.paper import arxiv_paper

__all__ = ["add_arguments", "run"]

PORTION = 256
"""Documents to each in turn: many, as in a user's list. sentence-transformers fills up the
shorter texts of a batch, and of 64 documents more than of hundreds: it read 0.93 of the
tokens a second."""
STATIC_PORTION = 8 * PORTION
"""The same of the static model, which takes hardly any time for them."""
LIBRARIES = ("onnxruntime", "tokenizers")
PEERS = ("sentence-transformers", "transformers", "torch")

PEER = "sentence-transformers, encode"
WHOLE = "rftsearch, whole documents"
BEGINNING = "rftsearch, the same tokens"
STATIC = "rftsearch, static model"
FASTER = 1.5
"""How many times as many documents we encode, at the least; of whole ones, their tokens."""
STATIC_RATE = 5000
"""Documents a second of the static model, at the least."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `bench.py build`."""
    parser.add_argument("--corpus", type=Path, required=True, help="JSON Lines of real papers")
    parser.add_argument("--documents", type=int, default=1024, help="documents for each encoder")
    parser.add_argument(
        "--static-papers",
        type=int,
        default=20_000,
        help="papers that the static model is made from",
    )


def run(arguments: argparse.Namespace) -> Report:
    """Measure.

    Raises:
        ModelError: A model cannot be loaded or made.
        ProcessError: A peer failed or cannot be installed.
        UsageError: There is too little to encode.
    """
    if arguments.documents < PORTION or arguments.static_papers < STATIC_PORTION:
        raise UsageError(
            f"encode {PORTION} documents or more, and make the static model of {STATIC_PORTION}"
        )
    found = real(arguments.corpus, max(arguments.documents, arguments.static_papers))
    texts = [_texts(record) for record in found]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        original = SentenceTransformerEncoder()
        (folder / "light").mkdir()
        export_model(original, folder / "light")
        light = OnnxEncoder(folder / "light", original.name, original.fingerprint)
        static = made_static(texts[: arguments.static_papers], _silent)
        documents = folder / "documents.jsonl"
        documents.write_text('{"id": "one", "text": "A document."}\n', "utf-8")
        with peers.serving("naive", peers.built("naive", folder / "naive", documents)) as peer:
            kinds: dict[str, Callable[[Sequence[str]], float]] = {
                PEER: peer.encode,
                WHOLE: lambda portion: _clock(lambda: _as_built(light, portion)),
                # What is asked is cut where the model's reading ends, as there; the model
                # has no prompts that would tell a question from a document.
                BEGINNING: lambda portion: _clock(lambda: light.encode_queries(portion)),
                STATIC: lambda portion: _clock(lambda: _as_built(static, portion)),
            }
            bodies = [text.body for text in texts]
            rates = _rates(kinds, bodies, arguments.documents)
            read = _tokens_read(folder / "light", bodies[: arguments.documents])
    return _report(rates, read, arguments)


def _tokens_read(light: Path, texts: Sequence[str]) -> dict[str, float]:
    """How many tokens of a document each kind reads, in the mean; of words none."""
    from tokenizers import Tokenizer  # noqa: PLC0415 - as everything else that is measured

    tokenizer: Tokenizer = Tokenizer.from_file(str(light / TOKENIZER))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    encodings = tokenizer.encode_batch(list(texts), add_special_tokens=False)
    lengths = np.array([len(one.ids) for one in encodings])
    beginning = float(
        np.minimum(
            lengths, TextConfig.open(light / TEXT_CONFIG).max_document_tokens or np.inf
        ).mean()
    )
    return {PEER: beginning, BEGINNING: beginning, WHOLE: float(lengths.mean())}


def _texts(record: Record) -> Texts:
    metadata = ArxivMetadata(record["id"], record["title"], record["abstract"])
    return texts_of(arxiv_paper(metadata))


def _silent(stage: str, done: int, total: int) -> None:
    """No progress is shown."""


def _as_built(encoder: Encoder, texts: Sequence[str]) -> None:
    """Encode as a build does: longest first, some at a time."""
    ordered = sorted(texts, key=len, reverse=True)
    for start in range(0, len(ordered), encoder.batch_size):
        encoder.encode_documents(ordered[start : start + encoder.batch_size])


def _clock(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _rates(
    kinds: dict[str, Callable[[Sequence[str]], float]], texts: Sequence[str], documents: int
) -> dict[str, float]:
    """Documents a second of each kind."""
    for encode in kinds.values():
        encode(texts[:PORTION])  # not counted
    seconds, counted = dict.fromkeys(kinds, 0.0), dict.fromkeys(kinds, 0)
    for start in range(0, documents - PORTION + 1, PORTION):
        for name, encode in kinds.items():
            portion = texts[start : start + PORTION]
            if name == STATIC:
                # Others than a moment before: it remembers the words that it met.
                at = start * STATIC_PORTION // PORTION % (len(texts) - STATIC_PORTION + 1)
                portion = texts[at : at + STATIC_PORTION]
            seconds[name] += encode(portion)
            counted[name] += len(portion)
    return {name: counted[name] / seconds[name] for name in kinds}


def _report(
    rates: dict[str, float], read: dict[str, float], arguments: argparse.Namespace
) -> Report:
    tokens = {name: rates[name] * each for name, each in read.items()}
    values = {
        name: {"a_second": round(rate, 1), "ratio": round(rate / rates[PEER], 2)}
        | ({"tokens": round(tokens[name])} if name in tokens else {})
        for name, rate in rates.items()
    }
    return Report(
        title=f"Real titles and abstracts, {arguments.documents} of them, encoded",
        head=["encoded by", "documents a second", "times sentence-transformers", "tokens a second"],
        rows=[
            [
                name,
                f"{one['a_second']:,.1f}",
                f"{one['ratio']:,.2f}",
                f"{one['tokens']:,}" if "tokens" in one else "",
            ]
            for name, one in values.items()
        ],
        values=values,
        libraries=LIBRARIES,
        peers={name: peers.pins()[name] for name in PEERS},
        remarks=[
            f"sentence-transformers cuts a document at 256 tokens and so reads {read[PEER]:.0f} "
            "of it in the mean; `the same tokens` are those. `whole documents` is what a build "
            f"does: {read[WHOLE]:.0f} tokens. The static model is made from the first "
            f"{arguments.static_papers:,} papers of the corpus."
        ],
        failures=list(_failures(rates, tokens)),
    )


def _failures(rates: dict[str, float], tokens: dict[str, float]) -> Iterator[str]:
    if rates[BEGINNING] < FASTER * rates[PEER]:
        yield f"of the same tokens fewer than {FASTER} times as many documents are encoded."
    if tokens[WHOLE] < FASTER * tokens[PEER]:
        yield f"of whole documents fewer than {FASTER} times as many tokens are encoded."
    if rates[STATIC] < STATIC_RATE:
        yield f"the static model encodes fewer than {STATIC_RATE:,} documents a second."
