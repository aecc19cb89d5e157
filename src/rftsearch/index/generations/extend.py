"""A generation that shares the files of the one before: few papers came, few went.

What was written of the papers that stay is linked, not written again: their
vectors, titles and terms. Papers that joined since the last whole generation lie
beside them in files of their own; those that left are named. tantivy's index
takes additions and removals by itself, in new files of its own.

Ranking differs a little from that of a whole generation: what a term weighs in
the papers that stay, and the means of all vectors, are those of the last whole
one. That is why no more than `MOST_CHANGED` of the papers may change so.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, replace
from itertools import starmap
from pathlib import Path

import numpy as np

from rftsearch.errors import IndexDamagedError
from rftsearch.files import FileEntry, verify_files
from rftsearch.index.engines.base import VectorSource
from rftsearch.index.engines.registry import DEFAULT_ENGINE
from rftsearch.index.engines.segmented import SegmentedVectors
from rftsearch.index.engines.tantivy_lexical import LexicalDocument, LexicalIndex
from rftsearch.index.generations.generation import (
    ATTRIBUTES,
    CENTRES,
    EXPECTATION,
    GONE,
    JOINED,
    LEXICAL,
    MAP,
    PAIRS,
    ROWS,
    TITLES,
    VECTORS,
    WORDS,
    Generation,
)
from rftsearch.index.generations.manifest import Manifest, generation_folder
from rftsearch.index.generations.seal import flush_folder, read_back
from rftsearch.index.store.store import Store
from rftsearch.index.tables.attributes import Attributes
from rftsearch.index.tables.forward_index import ForwardIndex
from rftsearch.index.tables.forward_index_writer import DeltaTerms, ForwardIndexWriter
from rftsearch.index.tables.npy import ArrayWriter, save_array
from rftsearch.index.tables.paper_map import Entry, draw_map, sample
from rftsearch.papers.documents import name_keys, paper_terms
from rftsearch.types import FloatArray, IdArray, Progress

__all__ = ["LEAST", "MOST_CHANGED", "MOST_JOINED", "extend_generation", "extensible"]

LEAST = 10_000
"""Smaller collections are written whole each time: it takes seconds, and nothing differs."""
MOST_CHANGED = 0.1
"""Of the last whole generation's papers; once more came or went, all is written anew."""
MOST_JOINED = 20_000
"""So many vectors are compared one by one in about a millisecond."""

_SHARED = (f"{VECTORS}/", TITLES, f"{WORDS}/", f"{PAIRS}/", EXPECTATION, CENTRES, f"{LEXICAL}/")


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


def extensible(index: Path, store: Store, manifest: Manifest, base: Manifest) -> Before | None:
    """What a generation has to be extended by; None where it has to be written whole.

    Args:
        index: The index folder.
        store: Holds the new generation's papers.
        manifest: What the new generation is.
        base: The generation that answers; of the same model.
    """
    if base.counts["papers"] + base.counts["projects"] < LEAST:
        return None
    if not store.descriptions([base.generation]):
        return None  # Another store: its ids are no continuation of what is there.
    joined, leaving = store.changes(manifest.generation)
    known = manifest.categories[: len(base.categories)] == base.categories
    if not known or f"{WORDS}/mean.npy" not in base.files:
        return None
    try:
        generation = Generation.of(index, base)
    except IndexDamagedError:
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


def extend_generation(
    index: Path, store: Store, manifest: Manifest, before: Before, tell: Progress
) -> Manifest:
    """Write the files in which a generation differs, and link those that it shares.

    Args:
        index: The index folder.
        store: Holds the generation's papers and their vectors.
        manifest: What the generation is, but for its files.
        before: What `extensible` gave; closed here.
        tell: Called with the stage "write".

    Returns:
        The manifest with its files, and how vectors are searched.

    Raises:
        OSError: A file cannot be written.
        IndexDamagedError: The store lacks a vector, or what was written does not
            read back.
    """
    folder = generation_folder(index, manifest.generation)
    shared = before.manifest.folder(index)
    for name in (JOINED, f"{JOINED}/{VECTORS}", f"{JOINED}/{WORDS}", f"{JOINED}/{PAIRS}"):
        (folder / name).mkdir(parents=True)
    try:
        for name in before.manifest.files:
            if name.startswith(_SHARED):
                _link(shared / name, folder / name, before.manifest.files[name])
        tell("write", 0, 0)
        attributes = _write_words(folder, store, manifest, before)
        _write_vectors(folder, store, manifest, before, attributes)
        _draw(folder, store, manifest, before)
    finally:
        before.generation.close()
    files = flush_folder(folder, shared, before.manifest.files)
    manifest = replace(manifest, files=files, vectors=before.manifest.vectors)
    read_back(index, manifest)
    return manifest


def _link(path: Path, place: Path, entry: FileEntry) -> None:
    """Another name for a file that nobody alters; a copy where the system knows no such thing.

    Raises:
        OSError: There is no room for a copy.
        IndexDamagedError: What was copied is not what was written once.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path, place)
    except OSError:
        shutil.copy2(path, place)
        verify_files(place.parent, {place.name: entry})


def _write_words(folder: Path, store: Store, manifest: Manifest, before: Before) -> Attributes:
    """Write attributes, terms and lexical index."""
    papers = dict(sorted(store.papers(before.joined.tolist()).items()))
    terms = ForwardIndexWriter(folder)
    with LexicalIndex.writing(folder / LEXICAL) as lexical:
        for identifier in before.leaving.tolist():
            lexical.remove(identifier)
        for identifier, paper in papers.items():
            own = paper_terms(paper)
            terms.add(own)
            lexical.add(LexicalDocument(identifier, own.words, name_keys(paper)))
    generation = before.generation
    total = len(generation.attributes) + len(papers) - len(before.leaving)
    terms.save_delta(
        folder / JOINED / WORDS,
        folder / JOINED / PAIRS,
        (_grown(folder, WORDS, before, total), _grown(folder, PAIRS, before, total)),
        folder / WORDS,
    )

    def name_of(identifier: int) -> str:
        [(_, name, _)] = store.keys(manifest.generation, [identifier])
        return name

    attributes = generation.attributes.updated(before.leaving, papers, manifest.categories, name_of)
    attributes.save(folder / ATTRIBUTES)
    kept = generation.rows[: before.base]
    save_array(folder / ROWS, np.concatenate([kept, before.staying, before.joined]))
    save_array(folder / GONE, before.gone)
    return attributes


def _grown(folder: Path, name: str, before: Before, total: int) -> DeltaTerms:
    """What the terms join: those of the last whole generation, and of who joined since."""
    generation, others = before.generation, ForwardIndex.open(folder / name)
    joined = before.manifest.folder(folder.parents[1]) / JOINED / name
    if not joined.is_dir():
        return DeltaTerms(others, ForwardIndex.empty(others.weights.dtype), total)
    rows = generation.places(before.staying) - before.base
    return DeltaTerms(others, ForwardIndex.open(joined).only(rows), total)


def _write_vectors(
    folder: Path, store: Store, manifest: Manifest, before: Before, attributes: Attributes
) -> None:
    """Write the vectors and titles of those who joined since the last whole generation."""
    ids = np.concatenate([before.staying, before.joined])
    dimension = manifest.model.dimension
    model = store.model(manifest.model.fingerprint, manifest.model.name)
    last = int(before.generation.rows[before.base - 1])
    bodies: list[FloatArray] = []
    with ArrayWriter(folder / JOINED / TITLES, (len(ids), dimension), np.float16) as titles:
        for body, title in store.vectors(manifest.generation, model, dimension, last):
            bodies.append(body)
            titles.append(title)
    # Few, and searched with every question: they lie here, whatever engine has the others.
    no_queries = np.zeros((0, dimension), np.float32)
    source = VectorSource(ids, bodies, dimension, lambda: no_queries, attributes)
    DEFAULT_ENGINE.write(folder / JOINED / VECTORS, source)


def _draw(folder: Path, store: Store, manifest: Manifest, before: Before) -> None:
    """Put those who joined on the map, as far as it shows a sample; take off who left."""
    drawn = before.generation.map
    stay = drawn.ids[~np.isin(drawn.ids, before.leaving)]
    candidates = np.concatenate([stay, before.joined]).tolist()
    entries = sample(starmap(Entry, store.keys(manifest.generation, candidates)))
    ids = np.array([entry.id for entry in entries], np.int64)
    vectors = np.empty((len(ids), manifest.model.dimension), np.float32)
    new = np.isin(ids, before.joined)
    vectors[~new] = before.generation.vectors.vectors(ids[~new])
    vectors[new] = DEFAULT_ENGINE.open(folder / JOINED / VECTORS, None).vectors(ids[new])
    draw_map(entries, vectors, drawn).save(folder / MAP)
