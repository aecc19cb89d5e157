"""Evaluation: ask systems the queries of a judged set, and measure their rankings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from rftsearch.errors import SourceError
from rftsearch.evaluation.judged import JudgedQuery, JudgedSet, Qrels, read_corpus
from rftsearch.evaluation.measures import RECALL_CUTOFFS, measure, names
from rftsearch.evaluation.systems import Bench
from rftsearch.index.build.build import index_papers
from rftsearch.types import DoubleArray, Progress

__all__ = ["Evaluation", "evaluate", "index_corpus"]

DEPTH = 100
"""The least number of papers that a system ranks for a query; MRR looks no deeper."""


@dataclass(frozen=True)
class Evaluation:
    """The rankings of systems for judged queries, and their measures."""

    queries: tuple[JudgedQuery, ...]
    systems: tuple[str, ...]
    """Their names; the others are compared with the first."""
    measures: tuple[str, ...]
    values: DoubleArray
    """(systems, queries, measures) float64, 0 to 1."""
    rankings: Mapping[str, Mapping[str, Sequence[str]]]
    """Ids of papers, best first, by system and query."""
    qrels: Qrels
    documents: int
    """How many papers there were to rank."""
    notes: tuple[str, ...] = ()

    def of(self, system: str, measure: str) -> DoubleArray:
        """Return the values of one system by one measure, (queries,) float64."""
        return self.values[self.systems.index(system), :, self.measures.index(measure)]

    def kinds(self) -> dict[str, int]:
        """Return the number of queries of each kind, in order of appearance; empty for one kind."""
        kinds = [query.kind for query in self.queries]
        counts = {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}
        return counts if len(counts) > 1 else {}

    def only(self, rows: Iterable[int]) -> Evaluation:
        """Return the same evaluation for some of the queries, given by their places."""
        kept = list(rows)
        return replace(
            self,
            queries=tuple(self.queries[row] for row in kept),
            values=self.values[:, kept, :],
        )

    def of_kind(self, kind: str) -> Evaluation:
        """Return the same evaluation for the queries of one kind."""
        return self.only(row for row, query in enumerate(self.queries) if query.kind == kind)


def evaluate(
    judged: JudgedSet,
    bench: Bench,
    *,
    cutoffs: Sequence[int] = RECALL_CUTOFFS,
    pool: bool = False,
    progress: Progress | None = None,
) -> Evaluation:
    """Ask every system every query and measure the rankings.

    Args:
        judged: The queries and their grades.
        bench: The systems to ask; the others are compared with the first.
        cutoffs: The k of each recall@k.
        pool: Whether to rank only the documents that were judged for a query.
        progress: Called with the name of the system, queries asked, and all queries.

    Raises:
        SourceError: A paper that is a query, or every relevant document, is missing from
            the collection.
    """
    tell: Progress = progress or (lambda *_: None)
    missing = _check(judged, bench)
    depth = max(DEPTH, *cutoffs)
    rankings: dict[str, dict[str, list[str]]] = {}
    for system in bench.systems:
        answers = rankings[system.name] = {}
        for done, query in enumerate(judged.queries):
            tell(f"Asking {system.name}", done, len(judged.queries))
            among = judged.qrels[query.id] if pool else None
            answers[query.id] = system.rank(query, depth, among)
    return Evaluation(
        queries=judged.queries,
        systems=tuple(rankings),
        measures=names(cutoffs),
        values=np.stack([measure(judged.qrels, found, cutoffs) for found in rankings.values()]),
        rankings=rankings,
        qrels=judged.qrels,
        documents=len(bench.documents),
        notes=(*judged.notes, *missing),
    )


def index_corpus(
    corpus: Path, cache: Path, *, model: str | None = None, progress: Progress | None = None
) -> Path:
    """Index a corpus in a folder whose name depends on the content of the file.

    Texts that were encoded before are not encoded again.

    Args:
        corpus: A file for `read_corpus`.
        cache: The folder that holds such folders.
        model: The embedding model; None for the one used before, at first the default.
        progress: As `index_papers` calls it.

    Returns:
        The folder of the index.

    Raises:
        SourceError: The corpus cannot be read.
        ModelError, IndexLockedError, IndexWriteError: It cannot be indexed.
    """
    papers = read_corpus(corpus)
    with corpus.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    index = cache / f"{corpus.name.partition('.')[0]}-{digest[:12]}"
    index_papers(index, papers, encoder=model, progress=progress)
    return index


def _check(judged: JudgedSet, bench: Bench) -> tuple[str, ...]:
    """Refuse a collection that does not belong to the judgements; return notes on smaller gaps."""
    for query in judged.queries:
        if query.paper is not None and query.paper not in bench.documents:
            raise SourceError(
                f"the paper {query.paper} of query {query.id} is not in the collection; "
                "check that queries and collection belong together"
            )
    relevant = {
        document
        for grades in judged.qrels.values()
        for document, grade in grades.items()
        if grade > 0
    }
    missing = len(relevant.difference(bench.documents))
    if missing == len(relevant):
        raise SourceError(
            "none of the relevant documents is in the collection; "
            "check that judgements and collection belong together"
        )
    if not missing:
        return ()
    are = "is" if missing == 1 else "are"
    return (f"{missing} of the {len(relevant)} relevant documents {are} not in the collection",)
