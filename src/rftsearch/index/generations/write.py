"""Writing a generation: everything that answers, derived from the store in one go.

Records and vectors are read from the store some at a time and never held at
once, so that memory grows by little more than an id with each paper.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import starmap
from pathlib import Path

import numpy as np

from rftsearch.errors import IndexStateError
from rftsearch.files import verify_files
from rftsearch.index.engines.base import EngineEntry, VectorEngine, VectorSource
from rftsearch.index.engines.registry import chosen_engine, engine_name, open_vectors, write_vectors
from rftsearch.index.engines.tantivy_lexical import LexicalDocument, LexicalIndex
from rftsearch.index.generations.extend import extend_generation, extensible
from rftsearch.index.generations.generation import (
    ATTRIBUTES,
    CENTRES,
    EXPECTATION,
    LEXICAL,
    MAP,
    PAIRS,
    TITLES,
    VECTORS,
    WORDS,
)
from rftsearch.index.generations.manifest import Manifest, generation_folder
from rftsearch.index.generations.seal import flush_folder, read_back
from rftsearch.index.store.store import Store
from rftsearch.index.tables.attributes import Attributes
from rftsearch.index.tables.forward_index_writer import ForwardIndexWriter
from rftsearch.index.tables.npy import ArrayWriter, open_array, save_array
from rftsearch.index.tables.paper_map import Entry, Projection, draw_map, sample
from rftsearch.index.tables.title_model import Moments, TitleToText
from rftsearch.papers.documents import name_keys, paper_terms
from rftsearch.papers.paper import Paper
from rftsearch.types import FloatArray, IdArray, Progress

__all__ = ["write_generation"]

_FOLDERS = (VECTORS, WORDS, PAIRS, LEXICAL)
_QUERIES = 200
"""So many titles stand for questions when inverted lists are measured."""


def write_generation(
    index: Path,
    store: Store,
    manifest: Manifest,
    tell: Progress,
    *,
    base: Manifest | None = None,
    engine: VectorEngine | None = None,
) -> Manifest:
    """Write the files of a staged generation into a folder of their own and flush them.

    Args:
        index: The index folder.
        store: Holds the generation's papers and their vectors.
        manifest: What the generation is, but for its files.
        tell: Called with the stage "write".
        base: The generation that answers, if it has the same model: where few papers
            differ, its files are shared.
        engine: What writes the vectors; None for the one that `RFTSEARCH_VECTOR_ENGINE`
            names, else FAISS.

    Returns:
        The manifest with its files, and how vectors are searched.

    Raises:
        OSError: A file cannot be written.
        IndexDamagedError: The store lacks a vector, or what was written does not
            read back.
    """
    engine = engine or chosen_engine()
    same_engine = base is not None and engine_name(base.vectors) == engine.name
    if base is not None and same_engine and (before := extensible(index, store, manifest, base)):
        return extend_generation(index, store, manifest, before, tell)
    folder = generation_folder(index, manifest.generation)
    for name in _FOLDERS:
        (folder / name).mkdir(parents=True)
    ids = store.member_ids(manifest.generation)
    attributes = _write_words(folder, store, manifest, len(ids), tell)
    entry = _write_vectors(folder, store, manifest, ids, attributes, engine)
    entries = sample(starmap(Entry, store.keys(manifest.generation)))
    shown = np.array([entry.id for entry in entries], np.int64)
    bodies = open_vectors(folder / VECTORS, entry).vectors(shown)
    draw_map(entries, bodies, _map_before(index, manifest)).save(folder / MAP)
    files = flush_folder(folder)
    manifest = replace(manifest, files=files, vectors=entry)
    read_back(index, manifest)
    return manifest


def _write_words(
    folder: Path, store: Store, manifest: Manifest, count: int, tell: Progress
) -> Attributes:
    """Write what comes from the records: attributes, terms and the lexical index."""
    terms = ForwardIndexWriter(folder)

    def records() -> Iterator[tuple[int, Paper]]:
        for done, member in enumerate(store.members(manifest.generation)):
            if done % 1000 == 0:
                tell("write", done, count)
            yield member.id, member.paper

    with LexicalIndex.writing(folder / LEXICAL) as lexical:

        def indexed() -> Iterator[tuple[int, Paper]]:
            for identifier, paper in records():
                own = paper_terms(paper)
                terms.add(own)
                lexical.add(LexicalDocument(identifier, own.words, name_keys(paper)))
                yield identifier, paper

        attributes = Attributes.build(indexed(), manifest.categories)
    attributes.save(folder / ATTRIBUTES)
    terms.save(folder / WORDS, folder / PAIRS)
    return attributes


def _write_vectors(
    folder: Path,
    store: Store,
    manifest: Manifest,
    ids: IdArray,
    attributes: Attributes,
    engine: VectorEngine,
) -> EngineEntry | None:
    """Write the vectors of texts and titles, and what was learnt from them on the way."""
    dimension = manifest.model.dimension
    model = store.model(manifest.model.fingerprint, manifest.model.name)
    # The mean is that of texts, not of bare titles, wherever there is a text.
    described = attributes.described(attributes.rank(ids))
    moments = Moments(dimension, described if described.any() else ~described)

    def bodies() -> Iterator[FloatArray]:
        with ArrayWriter(folder / TITLES, (len(ids), dimension), np.float16) as writer:
            for body, title in store.vectors(manifest.generation, model, dimension):
                writer.append(title)
                moments.add(body, title)
                yield body

    def queries() -> FloatArray:
        titles = open_array(folder / TITLES)
        some = np.random.default_rng(0).choice(len(titles), min(_QUERIES, len(titles)), False)
        return np.asarray(titles[np.sort(some)], np.float32)

    source = VectorSource(ids, bodies(), dimension, queries, attributes)
    entry = write_vectors(folder / VECTORS, source, engine)
    save_array(folder / CENTRES, np.stack([moments.body, moments.title]))
    save_array(folder / EXPECTATION, np.array(TitleToText.learn(moments)))
    return entry


def _map_before(index: Path, after: Manifest) -> Projection | None:
    """The map of the generation that answers, where it is intact: papers keep their places.

    Not where another model made it, by which other papers are alike.
    """
    try:
        before = Manifest.read(index)
        if before.model.fingerprint != after.model.fingerprint:
            return None
        folder = before.folder(index)
        verify_files(folder, {MAP: before.files[MAP]})
        return Projection.open(folder / MAP)
    except (IndexStateError, KeyError):
        return None  # The first build, or a repair: the map is drawn from the vectors alone.
