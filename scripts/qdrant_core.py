"""Measure Qdrant's own core, in this process, on the papers of an index.

    pip install qdrant-edge-py
    python scripts/qdrant_core.py INDEX                # bytes, seconds, and what is found
    python scripts/qdrant_core.py INDEX --emulated     # without it: eight bits in numpy

`qdrant-edge-py` is the code with which a Qdrant server keeps and searches one shard, without
the server. The papers are put in as `rftsearch build --engine` sends them, with vectors in half
precision and eight-bit copies, as of more than 50,000 papers, and a graph whatever their
number. Questions are phrases of titles. What is found of the nearest ones is compared with
reading every vector.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.processes import disk, memory, percentile
from benchmarks.questions import Phrases
from benchmarks.report import table
from rftsearch.errors import RftsearchError
from rftsearch.index.generations.generation import Generation
from rftsearch.index.generations.models import open_encoder
from rftsearch.index.remote import layout
from rftsearch.index.remote.points import Point, points_of
from rftsearch.index.tables.bm25 import inverse_frequency
from rftsearch.index.tables.forward_index import number_of
from rftsearch.search.ranking.candidates import rare_terms
from rftsearch.settings import index_path
from rftsearch.text.terms import prose_terms
from rftsearch.types import FloatArray

ASKED = 318
"""What a question asks of each kind of vector: 300, and some for ties."""
OVERSAMPLING = 3.0
LEVELS = 127
"""A number of eight bits has this many steps in Qdrant."""


@dataclass(frozen=True)
class Asked:
    """Some questions, and the papers that are really nearest."""

    vectors: FloatArray
    """(q, dimension) float32."""
    words: Sequence[dict[int, float]]
    """Numbers of terms, and their weights."""
    nearest: Sequence[Sequence[int]]
    """The ids of the nearest papers of each, nearest first."""


def main() -> int:
    """Print tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("index", type=Path, help="the folder")
    parser.add_argument("--count", type=int, default=200, help="questions; %(default)s")
    parser.add_argument("--quantile", type=float, help="of the numbers that eight bits cover")
    parser.add_argument("--emulated", action="store_true", help="compress with numpy instead")
    arguments = parser.parse_args()
    core = None
    try:
        if not arguments.emulated:
            core = import_module("qdrant_edge")
        with closing(Generation.open(index_path(arguments.index))) as generation:
            questions = asked(generation, arguments.count)
            if core is None:
                emulate(generation, questions, arguments.quantile)
            else:
                measure(core, generation, questions, arguments.quantile)
    except ImportError:
        sys.exit("qdrant_core.py: `pip install qdrant-edge-py` first, or use --emulated")
    except RftsearchError as error:
        sys.exit(f"qdrant_core.py: {error}")
    return 0


def asked(generation: Generation, count: int) -> Asked:
    """Return questions about an index."""
    ids = generation.attributes.sorted_ids
    papers = generation.store.papers(ids[:: max(1, len(ids) // 2000)].tolist())
    titles = [paper.title for paper in papers.values()]
    texts = Phrases(titles).take(count) or titles[:count]
    vectors = open_encoder(generation.index, generation.manifest).encode_queries(texts)
    every = halved(generation)
    nearest = [ids[np.argsort(-(every @ one), kind="stable")[:ASKED]].tolist() for one in vectors]
    words = []
    for text in texts:
        terms = dict.fromkeys(rare_terms(generation, prose_terms(text)))
        counts = {term: generation.lexical.frequency(term) for term in terms}
        words.append(
            {
                number_of(term): inverse_frequency(len(ids), count)
                for term, count in counts.items()
                if count
            }
        )
    return Asked(vectors, words, nearest)


def halved(generation: Generation) -> FloatArray:
    """Return all vectors as a large collection has them: numbers of half precision."""
    vectors = generation.vectors.vectors(generation.attributes.sorted_ids)
    return np.asarray(vectors.astype(np.float16), np.float32)


def found(names: Sequence[Sequence[int]], nearest: Sequence[Sequence[int]], k: int) -> float:
    """Return which share of the k nearest was found."""
    shares = [
        len({*own[:k]} & {*best[:k]}) / len(best[:k])
        for own, best in zip(names, nearest, strict=True)
    ]
    return float(np.mean(shares))


# --- emulated -------------------------------------------------------------------------


def emulate(generation: Generation, questions: Asked, quantile: float | None) -> None:
    """Compress as Qdrant's documents say, read every compressed vector, and score some again."""
    every, ids = halved(generation), generation.attributes.sorted_ids
    share = 0.0 if quantile is None else (1 - quantile) / 2
    low, high = (float(np.quantile(every, at)) for at in (share, 1 - share))
    step = (high - low) / LEVELS

    def compressed(values: FloatArray) -> FloatArray:
        return np.float32(low) + np.float32(step) * np.clip(
            np.round((values - low) / step), 0, LEVELS
        ).astype(np.float32)

    small = compressed(every)
    rows = []
    for k in (10, ASKED):
        for more in (1.0, OVERSAMPLING):
            names = []
            for one in questions.vectors:
                some = np.argsort(-(small @ compressed(one)), kind="stable")[: int(more * k)]
                best = some[np.argsort(-(every[some] @ one), kind="stable")[:k]]
                names.append(ids[best].tolist())
            recall = [f"{found(names, questions.nearest, at):.4f}" for at in (10, k)]
            rows.append([f"{k}", f"{more:g}", *recall])
    print(f"\n{len(ids):,} papers, {len(questions.vectors)} questions, emulated\n")
    print(table(("asked for", "oversampling", "recall@10", "recall of all asked for"), rows))


# --- the core -------------------------------------------------------------------------


def measure(
    core: Any,  # noqa: ANN401 - it has no types
    generation: Generation,
    questions: Asked,
    quantile: float | None,
) -> None:
    """Fill a shard, search it, and print what that takes."""
    papers = len(generation.attributes)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "shard"
        place.mkdir()
        shard = core.EdgeShard.create(
            str(place), schema(core, generation.vectors.dimension, quantile)
        )
        for name in layout.INDEXED:
            kind = core.PayloadSchemaType
            how = kind.Keyword if layout.INDEXED[name] == "keyword" else kind.Integer
            shard.update(core.UpdateOperation.create_field_index(name, how))
        making = putting = 0.0
        for some in timed(points_of(generation)):
            making += some.seconds
            began = time.perf_counter()
            ready = [as_core(core, point) for point in some.points]
            making += time.perf_counter() - began
            began = time.perf_counter()
            shard.update(core.UpdateOperation.upsert_points(ready))
            putting += time.perf_counter() - began
        began = time.perf_counter()
        shard.optimize()
        indexing = time.perf_counter() - began
        shard.flush()
        shard.close()  # So that no file has room for what may come.
        shard = core.EdgeShard.load(str(place))
        say = [
            ("papers", f"{papers:,}"),
            ("making points", f"{1000 * making / papers:.2f} ms a paper"),
            ("putting them in", f"{1000 * putting / papers:.2f} ms a paper"),
            ("graphs and indexes", f"{1000 * indexing / papers:.2f} ms a paper"),
            ("on disk", f"{disk(place) * 2**20 / papers:,.0f} bytes a paper"),
            ("memory of this process", f"{memory()['own']:,.0f} MB"),
            ("indexed vectors", f"{shard.info().indexed_vectors_count:,}"),
        ]
        say += [
            (f"... {name}", f"{size / papers:,.0f} bytes a paper") for name, size in parts(place)
        ]
        print(table(("", ""), say))
        rows = list(searched(core, shard, questions))
        print(f"\n{len(questions.vectors)} questions\n")
        print(table(("asked for", "how", "p50 ms", "recall@10", "recall of all asked for"), rows))
        shard.close()


@dataclass(frozen=True)
class Made:
    """Some points, and the seconds that making them took."""

    points: list[Point]
    seconds: float


def timed(source: Iterator[list[Point]]) -> Iterator[Made]:
    """Yield what a source yields, with the time it took."""
    while True:
        began = time.perf_counter()
        some = next(source, None)
        if some is None:
            return
        yield Made(some, time.perf_counter() - began)


def schema(core: Any, dimension: int, quantile: float | None) -> Any:  # noqa: ANN401
    """Return the schema of `layout.papers_schema`, in the words of the core."""
    half = core.VectorStorageDatatype.Float16
    small = core.ScalarQuantizationConfig(core.ScalarType.Int8, quantile=quantile, always_ram=True)

    def graph(links: int) -> Any:  # noqa: ANN401
        # The usual numbers of a server; but vectors are never so few that all are read.
        return core.HnswIndexConfig(m=links, ef_construct=100, full_scan_threshold=10)

    def dense(**more: Any) -> Any:  # noqa: ANN401
        return core.EdgeVectorParams(
            dimension, core.Distance.Dot, on_disk=True, datatype=half, **more
        )

    sparse = core.EdgeSparseVectorParams(on_disk=True, datatype=half)
    return core.EdgeConfig(
        vectors={
            layout.TEXT: dense(quantization_config=small, hnsw_config=graph(16)),
            layout.TITLE: dense(hnsw_config=graph(0)),
        },
        sparse_vectors={layout.WORDS: sparse, layout.PAIRS: sparse},
        on_disk_payload=True,
        hnsw_config=graph(16),
        optimizers=core.EdgeOptimizersConfig(default_segment_number=1, indexing_threshold=1_000),
    )


def as_core(core: Any, point: Point) -> Any:  # noqa: ANN401
    """Return a point as the core takes it."""
    vector: dict[str, Any] = {
        layout.TEXT: point.text.tolist(),
        layout.TITLE: point.title.tolist(),
    }
    for name, sparse in ((layout.WORDS, point.words), (layout.PAIRS, point.pairs)):
        vector[name] = core.SparseVector(sparse.numbers.tolist(), sparse.values.tolist())
    payload = {**point.payload, layout.DIGEST: point.digest}
    return core.Point(point.id, vector, json.loads(json.dumps(payload)))


def parts(place: Path) -> list[tuple[str, int]]:
    """Return the bytes of the parts of a shard's segments."""
    sizes: dict[str, int] = {}
    for path in place.glob("segments/*/**/*"):
        if path.is_file():
            name = path.relative_to(place / "segments").parts[1]
            sizes[name] = sizes.get(name, 0) + path.stat().st_blocks * 512
    return sorted(sizes.items(), key=lambda one: -one[1])


def searched(core: Any, shard: Any, questions: Asked) -> Iterator[list[str]]:  # noqa: ANN401
    """Yield a row for each way of searching."""
    again = core.SearchParams(
        quantization=core.QuantizationSearchParams(rescore=True, oversampling=OVERSAMPLING)
    )
    once = core.SearchParams(quantization=core.QuantizationSearchParams(rescore=False))
    plain = core.SearchParams(quantization=core.QuantizationSearchParams(ignore=True))

    def by_vector(one: int, k: int, params: Any, payload: Any) -> Any:  # noqa: ANN401
        query = core.Query.Nearest(questions.vectors[one].tolist(), using=layout.TEXT)
        return core.QueryRequest(k, query=query, params=params, with_payload=payload)

    def by_words(one: int, payload: Any) -> Any:  # noqa: ANN401
        own = questions.words[one]
        sparse = core.SparseVector(sorted(own), [own[number] for number in sorted(own)])
        query = core.Query.Nearest(sparse, using=layout.WORDS)
        return core.QueryRequest(ASKED, query=query, with_payload=payload)

    def by_vectors(k: int, params: Any, one: int) -> list[Any]:  # noqa: ANN401
        return [by_vector(one, k, params, None)]

    def by_both(one: int) -> list[Any]:
        return [by_vector(one, ASKED, again, [layout.ROW]), by_words(one, [layout.ROW])]

    ways: list[tuple[int, str, Callable[[int], list[Any]]]] = [
        (k, name, partial(by_vectors, k, how))
        for k in (10, ASKED)
        for name, how in (
            ("every vector", core.SearchParams(exact=True)),
            ("graph", plain),
            ("graph, eight bits", once),
            ("graph, eight bits, scored again", again),
        )
    ]
    ways += [
        (ASKED, "words", lambda one: [by_words(one, None)]),
        (ASKED, "both, with rows", by_both),
    ]
    for k, name, ask in ways:
        names, seconds = [], []
        for one in range(len(questions.vectors)):
            request = core.QueryBatchRequest(ask(one))
            began = time.perf_counter()
            first = shard.query_batch(request)[0]
            seconds.append(time.perf_counter() - began)
            names.append([point.id for point in first])
        recall = [f"{found(names, questions.nearest, at):.4f}" for at in (10, k)]
        if name == "words":
            recall = ["", ""]
        yield [str(k), name, f"{1000 * percentile(seconds, 0.5):.1f}", *recall]


if __name__ == "__main__":
    sys.exit(main())
