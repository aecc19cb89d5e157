"""Ask systems the queries of a judged set, and measure what they answer."""

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
"""How many papers a system ranks for a query, at least: the deepest that MRR looks."""


@dataclass(frozen=True)
class Evaluation:
    """What systems answered to judged queries, and how good it was."""

    queries: tuple[JudgedQuery, ...]
    systems: tuple[str, ...]
    """Their names, the one that others are compared with first."""
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
        """The values of one system by one measure, (queries,)."""
        return self.values[self.systems.index(system), :, self.measures.index(measure)]

    def kinds(self) -> dict[str, int]:
        """How many queries there are of each kind, in the order met; none of one kind."""
        kinds = [query.kind for query in self.queries]
        counts = {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}
        return counts if len(counts) > 1 else {}

    def only(self, rows: Iterable[int]) -> Evaluation:
        """The same of some of the queries, by their places."""
        kept = list(rows)
        return replace(
            self,
            queries=tuple(self.queries[row] for row in kept),
            values=self.values[:, kept, :],
        )

    def of_kind(self, kind: str) -> Evaluation:
        """The same of the queries of one kind."""
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
        bench: The systems to ask, the one to compare the others with first.
        cutoffs: The k of each recall@k.
        pool: Rank only the documents that were judged for a query, instead of all.
        progress: Called with the system that is asked and how far it is.

    Raises:
        SourceError: A paper that is a query is not in the collection, or none of
            the relevant documents is.
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
    """Index a corpus in a folder that is found again as long as the file is the same.

    What was encoded for it before is not encoded again.

    Args:
        corpus: A file that `read_corpus` reads.
        cache: Where such folders are kept.
        model: The embedding model; None for the default, or the one used before.
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
    """Refuse a collection to which the judgements do not belong; notes on lesser gaps."""
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
