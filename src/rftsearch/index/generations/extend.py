"""A generation that shares the files of the one before, as few papers were added or removed.

The files of the papers that stay - vectors, titles, terms - are linked, not written
again. Papers that were added since the last whole generation lie beside them in files
of their own; those that were removed are named. tantivy's index takes additions and
removals by itself, in new files.

Ranking differs a little from that of a whole generation: the weights of terms in
the papers that stay, the means of all vectors, and the acronyms are those of the last
whole one. That is why at most `MOST_CHANGED` of the papers may change like this.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rftsearch.errors import IndexDamagedError
from rftsearch.files import FileEntry, verify_files
from rftsearch.index.engines.base import EngineEntry, VectorSource
from rftsearch.index.engines.registry import DEFAULT_ENGINE
from rftsearch.index.engines.segmented import SegmentedVectors
from rftsearch.index.engines.tantivy_lexical import LexicalIndex
from rftsearch.index.generations.generation import Generation
from rftsearch.index.generations.layout import (
    ACRONYMS,
    ATTRIBUTES,
    CENTRES,
    EXPECTATION,
    GONE,
    JOINED,
    LEXICAL,
    MAP,
    PAIRS,
    ROWS,
    SPELLINGS,
    TITLES,
    VECTORS,
    WORDS,
)
from rftsearch.index.generations.manifest import Manifest
from rftsearch.index.generations.steps import Target, add_paper, sampled_entries
from rftsearch.index.tables.attributes import Attributes
from rftsearch.index.tables.forward_index import ForwardIndex
from rftsearch.index.tables.forward_index_writer import DeltaTerms, ForwardIndexWriter
from rftsearch.index.tables.npy import ArrayWriter, save_array
from rftsearch.index.tables.paper_map import draw_map
from rftsearch.types import FloatArray, IdArray

__all__ = ["LEAST", "MOST_CHANGED", "MOST_JOINED", "Before", "Extension", "extensible"]

LEAST = 10_000
"""Smaller collections are written whole each time, which takes seconds."""
MOST_CHANGED = 0.1
"""A share of the last whole generation's papers; if more changed, all is written again."""
MOST_JOINED = 20_000
"""This many vectors are compared one by one in about a millisecond."""

_SHARED = (
    f"{VECTORS}/",
    TITLES,
    f"{WORDS}/",
    f"{PAIRS}/",
    EXPECTATION,
    CENTRES,
    f"{LEXICAL}/",
    ACRONYMS,
    SPELLINGS,
)


@dataclass(frozen=True)
class Before:
    """The generation that answers, opened, and what of it changes."""

    manifest: Manifest
    generation: Generation
    base: int
    """How many rows its last whole generation has."""
    joined: IdArray
    """Ids of those who join now, ascending."""
    staying: IdArray
    """Ids of those who joined before and stay, ascending."""
    gone: IdArray
    """Ids of the last whole generation's that are no longer there, ascending."""
    leaving: IdArray
    """Ids of those who leave now, ascending."""


def extensible(index: Path, target: Target, base: Manifest) -> Before | None:
    """Return what a generation extends; None if it must be written whole.

    Args:
        index: The index folder.
        target: The new generation.
        base: The generation that answers; it has the same model.
    """
    if base.counts["papers"] + base.counts["projects"] < LEAST:
        return None
    joined, leaving = target.store.changes(target.manifest.generation)
    known = target.manifest.categories[: len(base.categories)] == base.categories
    if not known or f"{WORDS}/mean.npy" not in base.files:
        return None
    try:
        generation = Generation.of(index, base)
    except IndexDamagedError:
        return None
    if not generation.lexical.has_facts:  # Written before there were any: written whole now.
        generation.close()
        return None
    rows, vectors = generation.rows, generation.vectors
    gone = leaving[:0]
    whole = len(rows)
    if isinstance(vectors, SegmentedVectors):
        gone, whole = vectors.tombstones, len(vectors.base)
    gone = np.union1d(gone, np.intersect1d(leaving, rows[:whole]))
    staying = np.setdiff1d(rows[whole:], leaving)
    joining = len(staying) + len(joined)
    if whole < LEAST or joining > MOST_JOINED or joining + len(gone) > MOST_CHANGED * whole:
        generation.close()
        return None
    return Before(base, generation, whole, joined, staying, gone, leaving)


class Extension:
    """Writes the files in which a generation differs from another, and links the others."""

    folders = (JOINED, f"{JOINED}/{VECTORS}", f"{JOINED}/{WORDS}", f"{JOINED}/{PAIRS}")

    def __init__(self, target: Target, before: Before) -> None:
        """Extend a generation that is open; `close` closes it."""
        self._target = target
        self._before = before
        self.shared: Path = before.manifest.folder(target.folder.parents[1])
        self.shared_files: dict[str, FileEntry] = dict(before.manifest.files)

    def close(self) -> None:
        """Close the generation before."""
        self._before.generation.close()

    def write_words(self) -> Attributes:
        """Link what is shared; write attributes, terms and lexical index.

        Raises:
            OSError: There is no room for a copy of a file that cannot be linked.
            IndexDamagedError: A copied file is not as it was written.
        """
        folder, before, store = self._target.folder, self._before, self._target.store
        for name, entry in self.shared_files.items():
            if name.startswith(_SHARED):
                _link(self.shared / name, folder / name, entry)
        papers = dict(sorted(store.papers(before.joined.tolist()).items()))
        terms = ForwardIndexWriter(folder)
        with LexicalIndex.writing(folder / LEXICAL) as lexical:
            for identifier in before.leaving.tolist():
                lexical.remove(identifier)
            for identifier, paper in papers.items():
                add_paper(terms, lexical, identifier, paper)
        generation = before.generation
        total = len(generation.attributes) + len(papers) - len(before.leaving)
        terms.save_delta(
            folder / JOINED / WORDS,
            folder / JOINED / PAIRS,
            (self._delta(WORDS, total), self._delta(PAIRS, total)),
            folder / WORDS,
        )
        attributes = generation.attributes.updated(
            before.leaving, papers, self._target.manifest.categories, self._names_of
        )
        attributes.save(folder / ATTRIBUTES)
        kept = generation.rows[: before.base]
        save_array(folder / ROWS, np.concatenate([kept, before.staying, before.joined]))
        save_array(folder / GONE, before.gone)
        return attributes

    def _names_of(self, ids: IdArray) -> dict[int, str]:
        keys = self._target.store.keys(self._target.manifest.generation, ids.tolist())
        return {identifier: paper_id for identifier, paper_id, _ in keys}

    def _delta(self, name: str, total: int) -> DeltaTerms:
        """Return the terms that new ones join: the whole generation's, and those added since."""
        generation = self._before.generation
        others = ForwardIndex.open(self._target.folder / name)
        joined = self.shared / JOINED / name
        if not joined.is_dir():
            return DeltaTerms(others, ForwardIndex.empty(others.weights.dtype), total)
        rows = generation.places(self._before.staying) - self._before.base
        return DeltaTerms(others, ForwardIndex.open(joined).only(rows), total)

    def write_vectors(self, attributes: Attributes) -> EngineEntry | None:
        """Write vectors and titles of what was added since the last whole generation."""
        folder, before = self._target.folder, self._before
        dimension = self._target.manifest.model.dimension
        ids = np.concatenate([before.staying, before.joined])
        last = int(before.generation.rows[before.base - 1])
        bodies: list[FloatArray] = []
        with ArrayWriter(folder / JOINED / TITLES, (len(ids), dimension), np.float16) as titles:
            for body, title in self._target.vectors(last):
                bodies.append(body)
                titles.append(title)
        # Few, and searched with every question: they lie here, whatever engine has the others.
        no_queries = np.zeros((0, dimension), np.float32)
        source = VectorSource(ids, bodies, dimension, lambda: no_queries, attributes)
        DEFAULT_ENGINE.write(folder / JOINED / VECTORS, source)
        return before.manifest.vectors

    def write_map(self, entry: EngineEntry | None) -> None:  # noqa: ARG002 - of the protocol
        """Put what was added on the map, as far as it shows a sample; take off what left."""
        folder, before = self._target.folder, self._before
        drawn = before.generation.map
        stay = drawn.ids[~np.isin(drawn.ids, before.leaving)]
        candidates = np.concatenate([stay, before.joined]).tolist()
        entries, ids = sampled_entries(self._target, candidates)
        vectors = np.empty((len(ids), self._target.manifest.model.dimension), np.float32)
        new = np.isin(ids, before.joined)
        vectors[~new] = before.generation.vectors.vectors(ids[~new])
        vectors[new] = DEFAULT_ENGINE.open(folder / JOINED / VECTORS, None).vectors(ids[new])
        draw_map(entries, vectors, drawn).save(folder / MAP)


def _link(path: Path, place: Path, entry: FileEntry) -> None:
    """Give a file another name; copy it if the file system has no second names.

    Raises:
        OSError: There is no room for a copy.
        IndexDamagedError: What was copied is not as it was written.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path, place)
    except OSError:
        shutil.copy2(path, place)
        verify_files(place.parent, {place.name: entry})
