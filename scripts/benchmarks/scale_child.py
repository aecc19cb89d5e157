"""Ask one index in its own process: `python -m benchmarks.scale_child INDEX QUESTIONS`.

INDEX is a folder, or an address: of that no recall is measured.

QUESTIONS is a JSON file with lists of questions: `warm` (not counted), `open` and `filtered`
(counted). The output is one JSON object. Memory is read before recall is measured, because
that reads every vector.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.processes import memory, percentile

if TYPE_CHECKING:
    from rftsearch import Engine
    from rftsearch.index.engines.base import VectorIndex
    from rftsearch.papers.filters import Filters
    from rftsearch.types import FloatArray, IdArray

K = 10
AT_ONCE = 1 << 14
"""Vectors that are read at once."""
SHARE = 0.01
"""The share of papers that the filter should keep."""


def main(index: Path, asked: dict[str, list[str]]) -> dict[str, Any]:
    """Return all measurements of an index."""
    began = time.perf_counter()
    # The import belongs to the time of opening an index.
    from rftsearch import Engine  # noqa: PLC0415

    with Engine.open(index) as engine:
        engine.search(asked["warm"][0], K)
        opened = time.perf_counter() - began
        for question in asked["warm"][1:]:
            engine.search(question, K)
        unfiltered, _ = ask(engine, asked["open"], None)
        filters, kept, papers = about_one_percent(engine)
        filtered, fewest = ask(engine, asked["filtered"], filters)
        held = memory()
    from rftsearch.settings import address_of  # noqa: PLC0415 - as above

    return {
        "papers": papers,
        "open_s": opened,
        "query": unfiltered,
        "filtered": {**filtered, "share": kept / papers, "returned": fewest, "of": min(K, kept)},
        "memory_mb": held,
        **({} if address_of(index) else {"recall": recall(index, asked["open"])}),
    }


def ask(
    engine: Engine, questions: Sequence[str], filters: Filters | None
) -> tuple[dict[str, float], int]:
    """Return the milliseconds of each question, and the size of the shortest answer."""
    seconds, found = [], []
    for question in questions:
        began = time.perf_counter()
        hits = engine.search(question, K, filters)
        seconds.append(time.perf_counter() - began)
        found.append(len(hits))
    p50, p99 = (1000 * percentile(seconds, share) for share in (0.5, 0.99))
    return {"p50_ms": p50, "p99_ms": p99}, min(found)


def about_one_percent(engine: Engine) -> tuple[Filters, int, int]:
    """Return a first month that about 1% of the papers pass, their number, and all papers."""
    from rftsearch.papers.filters import Filters  # noqa: PLC0415 - as above

    def kept(filters: Filters | None) -> int:
        # Papers of a snapshot have one category each.
        return sum(engine.categories(filters).values())

    papers = kept(None)
    months = {month: kept(Filters(since=month, until=month)) for month in engine.months()}
    enough = {month: count for month, count in months.items() if count >= K} or months
    month = min(enough, key=lambda month: abs(enough[month] - SHARE * papers))
    return Filters(since=month, until=month), months[month], papers


# --- recall ---------------------------------------------------------------------------


def recall(index: Path, questions: Sequence[str]) -> dict[str, float]:
    """Return the share of the exact nearest ten that the vector index finds, by filter."""
    from rftsearch.index.generations.generation import Generation  # noqa: PLC0415 - as above
    from rftsearch.index.generations.models import open_encoder  # noqa: PLC0415 - as above

    generation = Generation.open(index)
    vectors = generation.vectors
    asked = open_encoder(index, generation.manifest).encode_queries(questions)
    ids = generation.attributes.sorted_ids
    chance = np.random.default_rng(0)

    def some(count: int) -> IdArray:
        return np.sort(chance.choice(ids, min(count, len(ids)), replace=False))

    everything = nearest(vectors, ids, asked)
    found = {
        "all": _mean(
            [_shared(vectors, one, None, best) for one, best in zip(asked, everything, strict=True)]
        )
    }
    for name, count in (("1%", len(ids) // 100), ("0.1%", len(ids) // 1000), ("3 papers", 3)):
        shares = []
        for one in asked:
            allowed = some(max(1, count))
            [best] = nearest(vectors, allowed, one.reshape(1, -1))
            shares.append(_shared(vectors, one, allowed, best))
        found[name] = _mean(shares)
    generation.close()
    return found


def nearest(vectors: VectorIndex, ids: IdArray, asked: FloatArray) -> list[set[int]]:
    """Return the exact nearest ten of each question among some ids; reads every vector."""
    best = np.full((len(asked), K), -np.inf, np.float32)
    whose = np.full((len(asked), K), -1, np.int64)
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        scores = np.hstack([best, asked @ vectors.vectors(some).T])
        owners = np.hstack([whose, np.broadcast_to(some, (len(asked), len(some)))])
        top = np.argpartition(-scores, K - 1, axis=1)[:, :K]
        best, whose = np.take_along_axis(scores, top, 1), np.take_along_axis(owners, top, 1)
    return [{int(one) for one in row if one >= 0} for row in whose]


def _shared(
    vectors: VectorIndex, asked: FloatArray, allowed: IdArray | None, best: set[int]
) -> float:
    from rftsearch.index.engines.base import Selection  # noqa: PLC0415 - as above

    found = {int(one) for one in vectors.search(asked, K, Selection(allowed))[1]}
    return len(found & best) / len(best)


def _mean(shares: Sequence[float]) -> float:
    return float(np.mean(shares))


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text("utf-8")))))
