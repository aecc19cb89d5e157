"""Weights of the ranking, judged by written queries that no adapter was trained on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rftsearch.evaluation.evaluate import evaluate
from rftsearch.evaluation.judged import JudgedQuery, JudgedSet
from rftsearch.evaluation.report import HEADLINE
from rftsearch.evaluation.systems import Bench, open_bench
from rftsearch.index.build.build import index_papers
from rftsearch.papers.paper import ArxivMetadata, Paper
from rftsearch.search.ranking.numeric import Parameters
from training.data import Pool, WrittenQuery

__all__ = ["Collection", "collections", "measure"]


@dataclass(frozen=True)
class Collection:
    """An index of some papers, and the held-out queries that one of them answers."""

    name: str
    index: Path
    judged: JudgedSet


def collections(
    folder: Path,
    pool: Pool,
    vectors: np.ndarray,
    queries: Sequence[WrittenQuery],
    sizes: Mapping[str, tuple[int, bool]],
    model: str,
    seed: int,
) -> Iterator[Collection]:
    """Build an index for each size, and yield it with its queries.

    Args:
        folder: Where the indexes are kept.
        pool: Papers to choose from.
        vectors: Theirs, (papers, dimension) of unit rows; they choose what is on one subject.
        queries: Held-out queries.
        sizes: By name, how many papers, and whether all are on one subject.
        model: The embedding model, as a build takes it.
        seed: Of the draw.
    """
    draw, rows = np.random.default_rng(seed), pool.rows
    golds = sorted({rows[query.paper] for query in queries})
    for name, (size, one_subject) in sizes.items():
        if one_subject:
            # Around the held-out paper that has the most of them near.
            near = vectors[golds] @ vectors[golds].T
            centre = vectors[golds[int(near.mean(axis=0).argmax())]]
            chosen = np.argsort(-(vectors @ centre), kind="stable")[:size]
        else:
            others = np.setdiff1d(np.arange(len(pool.ids)), golds)
            chosen = np.union1d(golds, draw.choice(others, size - len(golds), replace=False))
        ids = {pool.ids[row] for row in chosen}
        index = folder / name
        index_papers(index, [_paper(pool, int(row)) for row in sorted(chosen)], encoder=model)
        here = [query for query in queries if query.paper in ids]
        asked = tuple(JudgedQuery(f"q{i}", q.text, kind=q.style) for i, q in enumerate(here))
        qrels = {f"q{i}": {_id(q.paper): 1} for i, q in enumerate(here)}
        yield Collection(name, index, JudgedSet(asked, qrels))


def measure(
    collection: Collection, variants: Mapping[str, Parameters]
) -> dict[str, dict[str, float]]:
    """Return nDCG@10 of each variant by style of query, and as `mean` over the styles."""
    with open_bench(collection.index, variants=variants) as bench:
        kept = Bench([s for s in bench.systems if s.name in variants], bench.documents)
        found = evaluate(collection.judged, kept)
    styles = found.kinds()
    measured = {}
    for name in variants:
        by = {s: float(found.of_kind(s).of(name, HEADLINE).mean()) for s in styles}
        measured[name] = by | {"mean": sum(by.values()) / len(by)}
    return measured


def _id(name: str) -> str:
    return name.removeprefix("arXiv:").replace(":", "-")


def _paper(pool: Pool, row: int) -> Paper:
    name = _id(pool.ids[row])
    return Paper(
        id=name,
        short_name="",
        title=pool.titles[row],
        categories=("Papers",),
        metadata=ArxivMetadata(name, pool.titles[row], pool.abstracts[row]),
    )
