"""Judged sets that lie in folders of their own: what they ask, of which collection, and floors.

A folder of such sets has one folder for each set, with

set.json
    `about`, one sentence; `collection`, a name of `collections.json`; `ask`, `search` or
    `text`; `measures`, see `MEASURES`; `floors`, what the means must reach by measure, or by
    measure and kind, `nDCG@10 keyword`.
queries.jsonl
    As in `rftsearch.evaluation.judged`. `held_out` marks queries that were written or looked
    at after the rule was fixed; `also` is another wording that should find the same papers;
    `collection` is the collection of one query, where they differ.
qrels.tsv
    As in `rftsearch.evaluation.judged`; not needed for `overlap@10` and `nothing`.

Beside them, `collections.json` says for each collection which list and which abstracts it is
made of, as paths in the folder of real lists.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from rftsearch.errors import SourceError
from rftsearch.evaluation.evaluate import Evaluation
from rftsearch.evaluation.judged import JudgedQuery, JudgedSet, read_judged, read_queries
from rftsearch.index.build.build import build_index
from rftsearch.papers.notes import NoteCode
from rftsearch.search.engine import Engine
from rftsearch.types import BoolArray, DoubleArray, Progress

__all__ = [
    "LOWER_IS_BETTER",
    "OwnSet",
    "collection_index",
    "good_matches",
    "nothing_said",
    "overlap",
    "read_own_sets",
    "set_quality",
    "wrong",
]

LOWER_IS_BETTER = frozenset({"wrong@10"})
"""Measures whose floor is a ceiling."""
_TOP = 10


@dataclass(frozen=True)
class OwnSet:
    """A judged set in a folder of its own."""

    name: str
    about: str
    """One sentence."""
    collection: str
    """Of its queries; empty if each names its own."""
    ask: str
    """`search` or `text`: `Engine.search` or `Engine.similar_to_text`."""
    measures: tuple[str, ...]
    """Those of `rftsearch.evaluation.measures`, and: `wrong@10`, the share of the first ten
    that was judged 0; `overlap@10`, the share of the first ten that another wording has too;
    `nothing`, the share of the questions without a good match."""
    floors: Mapping[str, float]
    """What the mean of a measure must reach, by `measure` or `measure kind`."""
    folder: Path

    def queries(self) -> tuple[JudgedQuery, ...]:
        """Return all its queries.

        Raises:
            SourceError: The file cannot be read.
        """
        return tuple(self._asked(query) for query in read_queries(self.folder / "queries.jsonl"))

    def judged(self) -> JudgedSet:
        """Return the queries with a relevant paper, and their grades.

        Raises:
            SourceError: A file cannot be read.
        """
        found = read_judged(self.folder / "queries.jsonl", self.folder / "qrels.tsv")
        return replace(found, queries=tuple(map(self._asked, found.queries)))

    def _asked(self, query: JudgedQuery) -> JudgedQuery:
        return replace(
            query, passage=self.ask == "text", collection=query.collection or self.collection
        )


def read_own_sets(folder: Path) -> dict[str, OwnSet]:
    """Return the sets of a folder by name.

    Raises:
        SourceError: What a set says of itself cannot be read.
    """
    return {path.parent.name: _read(path) for path in sorted(folder.glob("*/set.json"))}


def _read(path: Path) -> OwnSet:
    try:
        said = json.loads(path.read_text("utf-8"))
        return OwnSet(
            name=path.parent.name,
            about=str(said["about"]),
            collection=str(said.get("collection", "")),
            ask=str(said.get("ask", "search")),
            measures=tuple(map(str, said["measures"])),
            floors={str(name): float(value) for name, value in said.get("floors", {}).items()},
            folder=path.parent,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SourceError(f"{path} does not describe a judged set ({error}); correct it") from None


def collection_index(
    sets: Path,
    name: str,
    shared: Path,
    cache: Path,
    *,
    model: str | None = None,
    progress: Progress | None = None,
) -> Path | None:
    """Index a collection of the sets, and return the folder of the index.

    Args:
        sets: The folder of the sets.
        name: The name of the collection in its `collections.json`.
        shared: The folder of real lists.
        cache: The folder that holds such indexes; one that is there is brought up to date.
        model: As for `build_index`.
        progress: As for `build_index`.

    Returns:
        None if the list is not there.

    Raises:
        SourceError: There is no such collection, or its files cannot be read.
        ModelError, IndexLockedError, IndexWriteError: It cannot be indexed.
    """
    known = json.loads((sets / "collections.json").read_text("utf-8"))
    if name not in known:
        raise SourceError(f"{sets / 'collections.json'} has no collection {name}; add it")
    source, abstracts = shared / known[name]["list"], known[name].get("abstracts")
    if not source.exists():
        return None
    index = cache / f"own-{name}"
    build_index(
        index,
        str(source),
        model=model,
        abstracts=shared / abstracts if abstracts else None,
        offline=True,
        progress=progress,
    )
    return index


# --- measures ----------------------------------------------------------------


def wrong(evaluation: Evaluation, system: str) -> DoubleArray:
    """Return which share of the first ten papers was judged 0, (queries,) float64."""
    shares = []
    for query in evaluation.queries:
        grades = evaluation.qrels[query.id]
        top = evaluation.rankings[system][query.id][:_TOP]
        shares.append(sum(grades.get(paper) == 0 for paper in top) / _TOP)
    return np.array(shares)


def overlap(engine: Engine, queries: tuple[JudgedQuery, ...]) -> DoubleArray:
    """Return which share of the first ten papers another wording has too, (queries,) float64."""
    shares = []
    for query in queries:
        first, second = (
            {hit.paper.id for hit in engine.search(q)} for q in (query.text, query.also)
        )
        shares.append(len(first & second) / _TOP)
    return np.array(shares)


def nothing_said(engine: Engine, queries: tuple[JudgedQuery, ...]) -> BoolArray:
    """Return for which questions the answer says that nothing matches, (queries,) bool."""
    return np.array([NoteCode.NO_GOOD_MATCH in _codes(engine, query.text) for query in queries])


def _codes(engine: Engine, text: str) -> set[NoteCode]:
    return {note.code for note in engine.search(text, 1).notes}


def good_matches(engine: Engine, text: str) -> frozenset[str]:
    """Return the ids of the good matches of a question."""
    if NoteCode.NO_GOOD_MATCH in _codes(engine, text):
        return frozenset()
    status = engine.status()
    found = engine.search(text, status.papers + status.projects, sort="newest")
    return frozenset(hit.paper.id for hit in found)


def set_quality(engine: Engine, judged: JudgedSet) -> tuple[DoubleArray, DoubleArray]:
    """Return precision and recall of the good matches over the papers judged, (queries,) each.

    A paper of grade 1 or more should be among them, one of grade 0 should not; others are not
    counted. Without a good match that was judged, the precision is 1.
    """
    precision, recall = [], []
    for query in judged.queries:
        grades = judged.qrels[query.id]
        good = good_matches(engine, query.text) & grades.keys()
        relevant = {paper for paper, grade in grades.items() if grade > 0}
        precision.append(len(good & relevant) / len(good) if good else 1.0)
        recall.append(len(good & relevant) / len(relevant))
    return np.array(precision), np.array(recall)
