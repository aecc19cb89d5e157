"""Time the encoding of documents: the encoders of rftsearch against sentence-transformers.

Each encoder runs in its own process, which has loaded its model. They get the same real
titles and abstracts, one portion each in turn. sentence-transformers reads only the
beginning of a document, as much as the model takes at once (256 tokens). A build of
rftsearch reads the whole document in windows, so it reads more tokens: tokens per second
are counted too. Both ways of rftsearch are measured, and a static model that is made from
the same papers.
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
"""Documents in a portion. Many, as in a user's list: sentence-transformers pads the shorter
texts of a batch, and pads more if there are few documents. With 64 documents it read 0.93
times as many tokens per second."""
STATIC_PORTION = 8 * PORTION
"""Documents in a portion for the static model, which is much faster."""
LIBRARIES = ("onnxruntime", "tokenizers")
PEERS = ("sentence-transformers", "transformers", "torch")

PEER = "sentence-transformers, encode"
WHOLE = "rftsearch, whole documents"
BEGINNING = "rftsearch, the same tokens"
STATIC = "rftsearch, static model"
FASTER = 1.5
"""We must encode at least this many times as many documents; of whole documents, tokens."""
STATIC_RATE = 5000
"""Documents per second that the static model must encode at least."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `bench.py build`."""
    parser.add_argument("--corpus", type=Path, required=True, help="JSON Lines of real papers")
    parser.add_argument("--documents", type=int, default=1024, help="documents for each encoder")
    parser.add_argument(
        "--static-papers",
        type=int,
        default=20_000,
        help="number of papers from which the static model is made",
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
                # A query is cut where the model stops reading, as sentence-transformers cuts
                # a document. The model reads both alike: it has no prompts.
                BEGINNING: lambda portion: _clock(lambda: light.encode_queries(portion)),
                STATIC: lambda portion: _clock(lambda: _as_built(static, portion)),
            }
            bodies = [text.body for text in texts]
            rates = _rates(kinds, bodies, arguments.documents)
            read = _tokens_read(folder / "light", bodies[: arguments.documents])
    return _report(rates, read, arguments)


def _tokens_read(light: Path, texts: Sequence[str]) -> dict[str, float]:
    """Return how many tokens of a document each kind reads on average; the static model none."""
    from tokenizers import Tokenizer  # noqa: PLC0415 - its import is measured too

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
    """Show no progress."""


def _as_built(encoder: Encoder, texts: Sequence[str]) -> None:
    """Encode as a build does: the longest first, in batches."""
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
    """Return how many documents per second each kind encodes."""
    for encode in kinds.values():
        encode(texts[:PORTION])  # not counted
    seconds, counted = dict.fromkeys(kinds, 0.0), dict.fromkeys(kinds, 0)
    for start in range(0, documents - PORTION + 1, PORTION):
        for name, encode in kinds.items():
            portion = texts[start : start + PORTION]
            if name == STATIC:
                # Other documents than a moment before: the model remembers words.
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
            "of it on average; `the same tokens` means only that part. `whole documents` is "
            f"what a build does: {read[WHOLE]:.0f} tokens. The static model is made from the first "
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
