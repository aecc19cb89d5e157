"""Systems to compare: rftsearch itself, and baselines that anyone can set up in an hour."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import bm25s  # type: ignore[import-untyped]  # ships no types
import numpy as np

from rftsearch.encoders.base import Encoder
from rftsearch.evaluation.judged import JudgedQuery
from rftsearch.index.generations.generation import Generation
from rftsearch.index.generations.models import open_encoder
from rftsearch.papers.paper import Paper
from rftsearch.search.engine import Engine
from rftsearch.search.generation_watcher import place_of
from rftsearch.search.ranking.numeric import Parameters
from rftsearch.types import BoolArray, DoubleArray, FloatArray

__all__ = ["Bench", "Bm25", "Dense", "EngineSystem", "Fused", "System", "open_bench"]

RRF_K = 60
"""The usual value since Cormack, Clarke and Buettcher (2009)."""


class System(Protocol):
    """Something that ranks papers for a judged query."""

    @property
    def name(self) -> str:
        """What a report calls it."""

    def rank(
        self, query: JudgedQuery, depth: int, among: Collection[str] | None = None
    ) -> list[str]:
        """Rank papers for a query.

        Args:
            query: The query; a paper that is the query is never ranked.
            depth: How many papers to rank.
            among: Ids of the papers to rank; None for all.

        Returns:
            Ids of papers, best first.
        """


class EngineSystem:
    """An engine of rftsearch with its usual methods."""

    def __init__(self, engine: Engine, name: str) -> None:
        """Rank by `Engine.search` and `Engine.similar`."""
        self.name = name
        self._engine = engine
        status = engine.status()
        self._all = status.papers + status.projects

    def rank(
        self, query: JudgedQuery, depth: int, among: Collection[str] | None = None
    ) -> list[str]:
        """See `System.rank`."""
        # Users cannot filter by a pool of ids: rank everything and keep the pool.
        k = depth if among is None else self._all
        if query.passage:
            found = self._engine.similar_to_text(query.text, k)
        elif query.paper is None:
            found = self._engine.search(query.text, k)
        else:
            found = self._engine.similar(query.paper, k)
        ids = [hit.paper.id for hit in found]
        return [i for i in ids if among is None or i in among][:depth]


class _Scoring:
    """Ranks every paper by a score; the base of the baselines."""

    name: str

    def __init__(self, papers: Sequence[Paper]) -> None:
        self._papers = papers
        self._row = {paper.id: row for row, paper in enumerate(papers)}

    def scores(self, query: JudgedQuery) -> DoubleArray:
        """Return (papers,) float64, higher is better; -inf for papers that are not found."""
        raise NotImplementedError

    def order(self, query: JudgedQuery) -> list[int]:
        """Return the rows of the papers that are found, best first; equals in their order."""
        scores = self.scores(query)
        if query.paper is not None:
            scores[self._row[query.paper]] = -np.inf
        order = np.argsort(-scores, kind="stable")
        return [int(row) for row in order if scores[row] > -np.inf]

    def rank(
        self, query: JudgedQuery, depth: int, among: Collection[str] | None = None
    ) -> list[str]:
        """See `System.rank`."""
        ids = [self._papers[row].id for row in self.order(query)]
        return [i for i in ids if among is None or i in among][:depth]

    def seed(self, query: JudgedQuery) -> Paper | None:
        """Return the paper that is the query; None for a query in words."""
        return None if query.paper is None else self._papers[self._row[query.paper]]


class Bm25(_Scoring):
    """BM25 over short name, title and abstract: bm25s with its English stop words."""

    name = "BM25"

    def __init__(self, papers: Sequence[Paper]) -> None:
        """Index the papers in memory."""
        super().__init__(papers)
        self._index = bm25s.BM25()
        tokens = _tokens([f"{p.short_name} {p.title} {p.abstract}" for p in papers])
        self._known = {token for document in tokens for token in document}
        if self._known:
            self._index.index(tokens, show_progress=False)

    def scores(self, query: JudgedQuery) -> DoubleArray:
        """Return the BM25 of the query in words, or of title and abstract of the paper."""
        seed = self.seed(query)
        text = query.text if seed is None else f"{seed.title} {seed.abstract}"
        words = [word for word in _tokens([text])[0] if word in self._known]
        if not words:
            return np.full(len(self._papers), -np.inf)
        scores = np.asarray(self._index.get_scores(words), np.float64)
        return np.where(scores > 0, scores, -np.inf)


class Dense(_Scoring):
    """Cosine of the query's vector with those of titles and abstracts.

    The vectors are those of rftsearch: the difference is what the rest of the ranking adds.
    """

    name = "dense"

    def __init__(self, papers: Sequence[Paper], vectors: FloatArray, encoder: Encoder) -> None:
        """Take (papers, dimension) float32 vectors of unit norm, and the encoder that made them."""
        super().__init__(papers)
        self._vectors = vectors
        self._encoder = encoder

    def scores(self, query: JudgedQuery) -> DoubleArray:
        """Return cosines, -1 to 1."""
        if query.paper is None:
            vector = self._encoder.encode_queries([query.text])[0]
        else:
            vector = self._vectors[self._row[query.paper]]
        return np.asarray(self._vectors @ vector, np.float64)


class Fused(_Scoring):
    """Reciprocal-rank fusion of other rankings."""

    name = "RRF"

    def __init__(self, papers: Sequence[Paper], parts: Sequence[_Scoring]) -> None:
        """Fuse systems that rank the same papers."""
        super().__init__(papers)
        self._parts = parts

    def scores(self, query: JudgedQuery) -> DoubleArray:
        """Return for each paper the sum of 1 / (60 + rank) over the rankings that have it."""
        scores = np.zeros(len(self._papers))
        for part in self._parts:
            order = part.order(query)
            scores[order] += 1 / (RRF_K + np.arange(1, len(order) + 1))
        return np.where(scores > 0, scores, -np.inf)


class _RememberingEncoder:
    """Encodes no query twice, since all systems ask the same queries."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._queries: dict[str, FloatArray] = {}
        self.name = encoder.name
        self.stamps = encoder.stamps
        self.batch_size = encoder.batch_size
        self.fingerprint = encoder.fingerprint

    @property
    def dimension(self) -> int:
        return self._encoder.dimension

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        for text in texts:
            if text not in self._queries:
                self._queries[text] = self._encoder.encode_queries([text])[0]
        return np.stack([self._queries[text] for text in texts])

    def encode_documents(self, texts: Sequence[str]) -> FloatArray:
        return self._encoder.encode_documents(texts)

    def exceeds_limit(self, texts: Sequence[str]) -> BoolArray:
        return self._encoder.exceeds_limit(texts)


@dataclass(frozen=True)
class Bench:
    """Systems over one collection, ready to rank."""

    systems: Sequence[System]
    documents: Collection[str]
    """Ids of the papers that they rank."""


@contextmanager
def open_bench(
    index: Path, *, baselines: bool = False, variants: Mapping[str, Parameters] | None = None
) -> Iterator[Bench]:
    """Open the systems to compare on an index, rftsearch first.

    They share one embedding model, which is loaded when first needed.

    Args:
        index: Folder of an index.
        baselines: Whether to add BM25, the cosine alone, and the fusion of the two.
        variants: Names and weights of more rankings by rftsearch.

    Raises:
        IndexMissingError, IndexDamagedError, IndexFormatError, ModelError: See errors.
    """
    generation = place_of(index).open()
    try:
        encoder = _RememberingEncoder(open_encoder(generation.index, generation.manifest))
        papers, vectors = _contents(generation)
    finally:
        generation.close()
    with ExitStack() as opened:

        def engine(name: str, parameters: Parameters | None) -> EngineSystem:
            engine = Engine.open(index, encoder=encoder, parameters=parameters)
            return EngineSystem(opened.enter_context(engine), name)

        systems: list[System] = [engine("rftsearch", None)]
        systems += [engine(name, parameters) for name, parameters in (variants or {}).items()]
        if baselines:
            parts = [Bm25(papers), Dense(papers, vectors, encoder)]
            systems += [*parts, Fused(papers, parts)]
        yield Bench(systems, frozenset(paper.id for paper in papers))


def _contents(generation: Generation) -> tuple[list[Paper], FloatArray]:
    """Return the papers of an index, newest first, and their vectors in the same order."""
    ids = [int(identifier) for identifier in generation.attributes.ids]
    records = generation.store.papers(ids)
    by_id = generation.attributes.sorted_ids
    places = np.searchsorted(by_id, generation.attributes.ids)
    vectors = generation.vectors.vectors(by_id)[places]
    return [records[identifier] for identifier in ids], vectors


def _tokens(texts: Sequence[str]) -> list[list[str]]:
    tokens: list[list[str]] = bm25s.tokenize(
        list(texts), stopwords="english", return_ids=False, show_progress=False
    )
    return tokens
