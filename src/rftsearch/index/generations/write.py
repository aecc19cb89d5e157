"""Writing a generation: everything that answers, derived from the store.

There is one order of steps, and two ways to take them: whole, from all papers, or as
an extension of the generation before, from those that changed (`extend.py`). Records and
vectors are read from the store some at a time, so that memory grows by little more than
an id with each paper.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np

from rftsearch.errors import IndexDamagedError, IndexStateError
from rftsearch.files import FileEntry, verify_files
from rftsearch.index.engines.base import EngineEntry, VectorEngine, VectorSource
from rftsearch.index.engines.registry import chosen_engine, engine_name, open_vectors, write_vectors
from rftsearch.index.engines.tantivy_lexical import LexicalIndex
from rftsearch.index.generations.extend import Extension, extensible
from rftsearch.index.generations.layout import (
    ACRONYMS,
    ATTRIBUTES,
    CENTRES,
    EXPECTATION,
    LEXICAL,
    MAP,
    PAIRS,
    SPELLINGS,
    TITLES,
    VECTORS,
    WORDS,
)
from rftsearch.index.generations.manifest import Manifest, generation_folder
from rftsearch.index.generations.seal import flush_folder, read_back
from rftsearch.index.generations.steps import Target, add_paper, sampled_entries
from rftsearch.index.store.store import Store
from rftsearch.index.tables.acronyms_writer import AcronymsWriter
from rftsearch.index.tables.attributes import Attributes
from rftsearch.index.tables.forward_index_writer import ForwardIndexWriter
from rftsearch.index.tables.npy import ArrayWriter, open_array, save_array
from rftsearch.index.tables.paper_map import Projection, draw_map
from rftsearch.index.tables.title_model import Moments, TitleToText
from rftsearch.papers.paper import Paper
from rftsearch.types import FloatArray, Progress

__all__ = ["write_generation"]

_QUERIES = 200
"""How many titles stand for queries when the vector engine measures itself."""


class Steps(Protocol):
    """How the files of a generation are written; each step is called once, in this order."""

    @property
    def folders(self) -> tuple[str, ...]:
        """Those to make first, in order."""

    @property
    def shared(self) -> Path | None:
        """The folder of another generation whose files may be this one's, too."""

    @property
    def shared_files(self) -> dict[str, FileEntry]:
        """The files of that generation."""

    def write_words(self) -> Attributes:
        """Write attributes, terms and the lexical index."""

    def write_vectors(self, attributes: Attributes) -> EngineEntry | None:
        """Write the vectors of texts and titles; return what the vector engine notes."""

    def write_map(self, entry: EngineEntry | None) -> None:
        """Put the papers on the map."""

    def close(self) -> None:
        """Let go of what was opened."""


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
        manifest: What the generation is, without its files.
        tell: Called with the stage "write".
        base: The generation that answers, if it has the same model: if few papers
            changed, its files are shared.
        engine: What writes the vectors; None for the one that `RFTSEARCH_VECTOR_ENGINE`
            names, else FAISS.

    Returns:
        The manifest with its files, and what the vector engine notes.

    Raises:
        OSError: A file cannot be written.
        IndexDamagedError: The store lacks a vector, or what was written does not
            read back.
    """
    engine = engine or chosen_engine()
    model = store.embeddings.model(manifest.model.fingerprint)
    if model is None:
        raise IndexDamagedError(
            f"{store.path} has no vectors of {manifest.model.name}; `rftsearch build` makes them"
        )
    folder = generation_folder(index, manifest.generation)
    target = Target(folder, store, manifest, model)
    same_engine = base is not None and engine_name(base.vectors) == engine.name
    before = extensible(index, target, base) if base is not None and same_engine else None
    steps: Steps = (
        _Whole(index, target, engine, tell) if before is None else Extension(target, before)
    )
    try:
        for name in steps.folders:
            (folder / name).mkdir(parents=True)
        tell("write", 0, 0)
        attributes = steps.write_words()
        entry = steps.write_vectors(attributes)
        steps.write_map(entry)
    finally:
        steps.close()
    files = flush_folder(folder, steps.shared, steps.shared_files)
    manifest = replace(manifest, files=files, vectors=entry)
    read_back(index, manifest)
    return manifest


@dataclass(frozen=True)
class _Whole:
    """Writes everything from all papers."""

    index: Path
    target: Target
    engine: VectorEngine
    tell: Progress
    folders: tuple[str, ...] = (VECTORS, WORDS, PAIRS, LEXICAL)
    shared: None = None

    @property
    def shared_files(self) -> dict[str, FileEntry]:
        """None: no file is another generation's."""
        return {}

    def write_words(self) -> Attributes:
        """Write what comes from the records: attributes, terms, acronyms, the lexical index."""
        folder, manifest = self.target.folder, self.target.manifest
        terms, acronyms = ForwardIndexWriter(folder), AcronymsWriter()
        with LexicalIndex.writing(folder / LEXICAL) as lexical:

            def indexed() -> Iterator[tuple[int, Paper]]:
                for identifier, paper in self._records():
                    add_paper(terms, lexical, identifier, paper)
                    acronyms.add(paper.abstract)
                    yield identifier, paper

            attributes = Attributes.build(indexed(), manifest.categories)
        attributes.save(folder / ATTRIBUTES)
        terms.save(folder / WORDS, folder / PAIRS)
        acronyms.finish().save(folder / ACRONYMS)
        acronyms.spellings().save(folder / SPELLINGS)
        return attributes

    def _records(self) -> Iterator[tuple[int, Paper]]:
        counts = self.target.manifest.counts
        total = counts["papers"] + counts["projects"]
        members = self.target.store.members(self.target.manifest.generation)
        for done, member in enumerate(members):
            if done % 1000 == 0:
                self.tell("write", done, total)
            yield member

    def write_vectors(self, attributes: Attributes) -> EngineEntry | None:
        """Write the vectors of texts and titles, and what was learnt from them on the way."""
        folder, dimension = self.target.folder, self.target.manifest.model.dimension
        ids = attributes.sorted_ids
        # The mean is that of texts, not of bare titles, wherever there is a text.
        described = attributes.described(attributes.rank(ids))
        moments = Moments(dimension, described if described.any() else ~described)

        def bodies() -> Iterator[FloatArray]:
            with ArrayWriter(folder / TITLES, (len(ids), dimension), np.float16) as writer:
                for body, title in self.target.vectors():
                    writer.append(title)
                    moments.add(body, title)
                    yield body

        def queries() -> FloatArray:
            titles = open_array(folder / TITLES)
            some = np.random.default_rng(0).choice(len(titles), min(_QUERIES, len(titles)), False)
            return np.asarray(titles[np.sort(some)], np.float32)

        source = VectorSource(ids, bodies(), dimension, queries, attributes)
        entry = write_vectors(folder / VECTORS, source, self.engine)
        save_array(folder / CENTRES, np.stack([moments.body, moments.title]))
        save_array(folder / EXPECTATION, np.array(TitleToText.learn(moments)))
        return entry

    def write_map(self, entry: EngineEntry | None) -> None:
        """Draw the map; papers that were on the map before keep their places."""
        folder = self.target.folder
        entries, shown = sampled_entries(self.target, None)
        bodies = open_vectors(folder / VECTORS, entry).vectors(shown)
        draw_map(entries, bodies, _map_before(self.index, self.target.manifest)).save(folder / MAP)

    def close(self) -> None:
        """Do nothing: no other generation was opened."""


def _map_before(index: Path, after: Manifest) -> Projection | None:
    """Return the map of the generation that answers; None if it is damaged or missing.

    Also None if another model made it, by which other papers are alike.
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
