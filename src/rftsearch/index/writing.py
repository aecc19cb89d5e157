"""Writing a generation: everything that answers, derived from the store in one go.

Records and vectors are read from the store some at a time and never held at
once, so that memory grows by little more than an id with each paper.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from rftsearch.errors import IndexDamagedError, IndexStateError
from rftsearch.index.arrays import ArrayWriter, open_array, save_array
from rftsearch.index.attributes import Attributes
from rftsearch.index.documents import name_keys, paper_terms
from rftsearch.index.encoders import BoolArray, FloatArray
from rftsearch.index.estimates import Expectation, Moments
from rftsearch.index.files import flush, verify_files
from rftsearch.index.generation import (
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
from rftsearch.index.lexical import LexicalDocument, LexicalIndex
from rftsearch.index.manifest import Manifest, Probing, generation_folder, sync_folder
from rftsearch.index.projection import MOST, Entry, Projection, draw_map, sample
from rftsearch.index.store import Store
from rftsearch.index.terms import TermCollector, TermTable
from rftsearch.index.vectors import EXACT, IdArray, VectorIndex, write_vectors
from rftsearch.records import Paper, Progress

__all__ = ["write_generation"]

_FOLDERS = (VECTORS, WORDS, PAIRS, LEXICAL)
_QUERIES = 200
"""So many titles stand for questions when inverted lists are measured."""


def write_generation(
    index: Path, store: Store, manifest: Manifest, tell: Progress, *, exact: int = EXACT
) -> Manifest:
    """Write the files of a staged generation into a folder of their own and flush them.

    Args:
        index: The index folder.
        store: Holds the generation's papers and their vectors.
        manifest: What the generation is, but for its files.
        tell: Called with the stage "write".
        exact: Up to so many vectors are compared one by one; beyond, `vectors.py`
            searches inverted lists.

    Returns:
        The manifest with its files, and how vectors are searched.

    Raises:
        OSError: A file cannot be written.
        IndexDamagedError: The store lacks a vector, or what was written does not
            read back.
    """
    folder = generation_folder(index, manifest.generation)
    for name in _FOLDERS:
        (folder / name).mkdir(parents=True)
    ids = store.member_ids(manifest.generation)
    told, entries = _write_words(folder, store, manifest, len(ids), tell)
    probing = _write_vectors(folder, store, manifest, ids, told, exact)
    shown = sample([entry.paper_id for entry in entries])
    bodies = VectorIndex.open(folder / VECTORS).vectors(ids[shown])
    draw_map([entries[place] for place in shown], bodies, _map_before(index)).save(folder / MAP)
    # tantivy keeps some of its files to their owner; an index is for whoever may read it.
    mode = (folder / ATTRIBUTES).stat().st_mode
    for path in (folder / LEXICAL).iterdir():
        path.chmod(mode)
    written = sorted(path for path in folder.rglob("*") if path.is_file())
    files = {path.relative_to(folder).as_posix(): flush(path) for path in written}
    for directory in (*(folder / name for name in _FOLDERS), folder, folder.parent):
        sync_folder(directory)
    _read_back(folder, len(ids))
    return replace(manifest, files=files, probing=probing)


def _write_words(
    folder: Path, store: Store, manifest: Manifest, count: int, tell: Progress
) -> tuple[BoolArray, list[Entry]]:
    """Write what comes from the records: attributes, terms and the lexical index.

    Returns:
        By ascending id, which papers say more than a title, (n,) bool, and what the
        map has to know of each.
    """
    terms = TermCollector(folder)
    entries: list[Entry] = []

    def records() -> Iterator[tuple[int, Paper]]:
        for member in store.members(manifest.generation):
            if len(entries) % 1000 == 0:
                tell("write", len(entries), count)
            entries.append(Entry(member.id, member.paper.id, member.body))
            yield member.id, member.paper

    with LexicalIndex.writing(folder / LEXICAL) as lexical:

        def told() -> Iterator[tuple[int, Paper]]:
            for identifier, paper in records():
                own = paper_terms(paper)
                terms.add(own)
                lexical.add(LexicalDocument(identifier, own.words, name_keys(paper)))
                yield identifier, paper

        attributes = Attributes.build(told(), manifest.categories)
    attributes.save(folder / ATTRIBUTES)
    terms.save(folder / WORDS, folder / PAIRS)
    return attributes.described(attributes.rank(attributes.sorted_ids)), entries


def _write_vectors(
    folder: Path, store: Store, manifest: Manifest, ids: IdArray, told: BoolArray, exact: int
) -> Probing | None:
    """Write the vectors of texts and titles, and what was learnt from them on the way."""
    dimension = manifest.model.dimension
    model = store.model(manifest.model.fingerprint, manifest.model.name)
    # The mean is that of texts, not of bare titles, wherever there is a text.
    moments = Moments(dimension, told if told.any() else ~told)

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

    probing = write_vectors(folder / VECTORS, ids, bodies(), dimension, queries, exact=exact)
    save_array(folder / CENTRES, np.stack([moments.body, moments.title]))
    save_array(folder / EXPECTATION, np.array(Expectation.learn(moments)))
    return probing


def _map_before(index: Path) -> Projection | None:
    """The map of the generation that answers, where it is intact: papers keep their places."""
    try:
        manifest = Manifest.read(index)
        folder = manifest.folder(index)
        verify_files(folder, {MAP: manifest.files[MAP]})
        return Projection.open(folder / MAP)
    except (IndexStateError, KeyError):
        return None  # The first build, or a repair: the map is drawn from the vectors alone.


def _read_back(folder: Path, count: int) -> None:
    """Open what was written before anyone depends on it."""
    sizes = {
        VECTORS: len(VectorIndex.open(folder / VECTORS)),
        LEXICAL: len(LexicalIndex.open(folder / LEXICAL)),
        WORDS: len(TermTable.open(folder / WORDS)),
        PAIRS: len(TermTable.open(folder / PAIRS)),
        MAP: len(Projection.open(folder / MAP)),
    }
    for name, size in sizes.items():
        if size != (min(count, MOST) if name == MAP else count):
            raise IndexDamagedError(f"{folder / name} did not read back as it was written")
