"""The written queries, the papers that they were written for, and how they are drawn."""

from __future__ import annotations

import hashlib
import json
import lzma
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rftsearch.papers.documents import texts_of
from rftsearch.papers.paper import ArxivMetadata, Paper
from training.recipes import PairNumbers

__all__ = [
    "NEWER_STYLES",
    "STYLES",
    "Pair",
    "Pool",
    "WrittenQuery",
    "draw_pairs",
    "drawn",
    "read_pool",
    "read_queries",
]

STYLES = ("need", "keyword", "paraphrase", "citation", "request", "topic")
"""How the queries were written."""
NEWER_STYLES = ("citation", "request", "topic")
"""Styles that fewer papers have; they are drawn more often."""
HELD_OUT = 0.05
"""Share of the papers whose queries are never trained on."""


@dataclass(frozen=True)
class WrittenQuery:
    """A query and the paper that it was written for."""

    paper: str
    style: str
    text: str

    @property
    def held_out(self) -> bool:
        """Whether it is kept to choose by. All queries of a paper are on one side."""
        digest = hashlib.sha256(self.paper.encode()).digest()
        return int.from_bytes(digest[:4], "big") < HELD_OUT * 2**32


@dataclass(frozen=True)
class Pair:
    """A text and the row of the document that it should find."""

    text: str
    row: int
    style: str


@dataclass(frozen=True)
class Pool:
    """Papers that are searched for negatives."""

    ids: Sequence[str]
    titles: Sequence[str]
    abstracts: Sequence[str]
    documents: Sequence[str]
    """Title and abstract, as the product embeds them."""

    @property
    def rows(self) -> dict[str, int]:
        """Return the row of each id."""
        return {name: row for row, name in enumerate(self.ids)}


def read_queries(path: Path) -> list[WrittenQuery]:
    """Read the written queries."""
    lines = map(json.loads, path.read_text("utf-8").splitlines())
    return [WrittenQuery(line["id"], line["type"], line["text"]) for line in lines]


def read_pool(
    corpus: Path, needed: Collection[str], size: int, judged: Sequence[Path], seed: int
) -> Pool:
    """Read the papers with written queries, and others drawn by chance.

    Args:
        corpus: Papers with id, title and abstract, compressed by xz.
        needed: Ids that must be among them.
        size: Papers altogether.
        judged: Corpora of judged sets; papers with a title of theirs are left out.
        seed: Of the draw.
    """
    left_out = {_key(line["title"]) for path in judged for line in _lines(path)}
    papers = [line for line in _lines(corpus) if _key(line["title"]) not in left_out]
    others = [row for row, line in enumerate(papers) if line["id"] not in needed]
    more = max(0, min(size - len(needed), len(others)))
    drawn = np.random.default_rng(seed).choice(np.array(others), more, replace=False)
    chosen = set(drawn.tolist()).union(set(range(len(papers))).difference(others))
    kept = [papers[row] for row in sorted(chosen)]
    return Pool(
        [line["id"] for line in kept],
        [line["title"] for line in kept],
        [line["abstract"] for line in kept],
        [document(line["title"], line["abstract"]) for line in kept],
    )


def document(title: str, abstract: str) -> str:
    """Return the text of a paper that the product embeds."""
    known = ArxivMetadata(arxiv_id="", title=title, abstract=abstract)
    paper = Paper(id="", short_name="", title=title, categories=("",), metadata=known)
    return texts_of(paper).body


def drawn(queries: Sequence[WrittenQuery], pool: Pool, recipe: PairNumbers) -> list[Pair]:
    """Return the pairs of all epochs; queries that are held out or left out are in none."""
    taken = [q for q in queries if not q.held_out and q.style != recipe.left_out]
    return [
        pair
        for epoch in range(recipe.epochs)
        for pair in draw_pairs(
            taken,
            pool,
            share=recipe.older,
            times=recipe.newer,
            titles=recipe.titles,
            seed=recipe.seed + epoch,
        )
    ]


def draw_pairs(
    queries: Iterable[WrittenQuery],
    pool: Pool,
    *,
    share: float,
    times: int,
    titles: int,
    seed: int,
) -> list[Pair]:
    """Draw the pairs of one epoch, shuffled.

    Args:
        queries: Written queries to train on.
        pool: The papers.
        share: Share of the queries of the older styles.
        times: How often a query of a newer style comes.
        titles: Pairs of a title and its paper's text, of papers without queries.
        seed: Of the draw and the order.
    """
    rng = np.random.default_rng(seed)
    rows = pool.rows
    queries = [query for query in queries if query.paper in rows]
    older = [query for query in queries if query.style not in NEWER_STYLES]
    newer = [query for query in queries if query.style in NEWER_STYLES]
    taken = [older[at] for at in rng.permutation(len(older))[: round(share * len(older))]]
    pairs = [Pair(q.text, rows[q.paper], q.style) for q in [*taken, *newer * times]]
    asked = {query.paper for query in queries}
    free = np.array([row for row, name in enumerate(pool.ids) if name not in asked])
    drawn = rng.choice(free, min(titles, len(free)), replace=False).tolist()
    pairs += [Pair(pool.titles[row], row, "title") for row in drawn]
    return [pairs[at] for at in rng.permutation(len(pairs))]


def _key(title: str) -> str:
    return re.sub(r"\W+", " ", title.casefold()).strip()


def _lines(path: Path) -> Iterator[dict[str, str]]:
    if path.suffix == ".xz":
        with lzma.open(path, "rt", encoding="utf-8") as packed:
            yield from map(json.loads, packed)
    else:
        with path.open("r", encoding="utf-8") as plain:
            yield from map(json.loads, plain)
