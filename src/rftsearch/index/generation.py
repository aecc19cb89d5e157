"""A generation: the derived files that answer, written whole and checked before use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from rftsearch.errors import IndexDamagedError, IndexStateError, ModelMismatchError
from rftsearch.index.arrays import open_array, save_array
from rftsearch.index.attributes import Attributes
from rftsearch.index.documents import name_keys, paper_terms
from rftsearch.index.encoders import Encoder, FloatArray
from rftsearch.index.estimates import Expectation
from rftsearch.index.files import check_files, flush, verify_files
from rftsearch.index.lexical import LexicalDocument, LexicalIndex
from rftsearch.index.manifest import REPAIR, FileEntry, Manifest, generation_folder, sync_folder
from rftsearch.index.projection import MOST, Entry, Projection, draw_map, sample
from rftsearch.index.store import Member, Store
from rftsearch.index.terms import TermTable
from rftsearch.index.vectors import IdArray, VectorIndex

__all__ = ["Generation", "check_model", "write_generation"]

ATTRIBUTES = "attributes.npy"
VECTORS = "vectors.faiss"
TITLES = "titles.npy"
CENTRES = "centres.npy"
EXPECTATION = "expectation.npy"
MAP = "map.npy"
WORDS = "words"
PAIRS = "pairs"
LEXICAL = "lexical"


@dataclass(frozen=True)
class Generation:
    """One published state of an index, opened: nothing of it ever changes."""

    manifest: Manifest
    store: Store
    attributes: Attributes
    vectors: VectorIndex
    """Of title and abstract, by id."""
    titles: npt.NDArray[np.float16]
    """Of the titles, (n, dimension), in the rows of `attributes`."""
    lexical: LexicalIndex
    words: TermTable
    """In the rows of `attributes`."""
    pairs: TermTable
    """Of neighbouring words, in the same rows."""
    map: Projection
    """Of all papers, or of a sample of them."""
    centre: FloatArray
    """Mean of the vectors of papers with more than a title, (dimension,) float32."""
    title_centre: FloatArray
    """Mean of the vectors of titles."""
    expectation: Expectation
    """Of the vector of a paper's text where only its title is known."""

    @classmethod
    def open(cls, index: Path) -> Self:
        """Open the current generation of an index.

        Raises:
            IndexMissingError, IndexDamagedError, IndexFormatError: See errors.
        """
        for attempt in range(3):
            manifest = Manifest.read(index)
            try:
                return cls._open(index, manifest)
            except IndexDamagedError:
                # Builds may have published twice since the manifest was read and
                # taken its files away; then there is a newer one to open.
                if attempt == 2 or Manifest.read(index) == manifest:
                    raise
        raise AssertionError("unreachable")

    @classmethod
    def _open(cls, index: Path, manifest: Manifest) -> Self:
        folder = manifest.folder(index)
        check_files(folder, manifest.files)
        vectors = VectorIndex.open(folder / VECTORS)
        attributes = Attributes.open(folder / ATTRIBUTES, manifest.categories)
        lexical = LexicalIndex.open(folder / LEXICAL)
        words, pairs = TermTable.open(folder / WORDS), TermTable.open(folder / PAIRS)
        titles = open_array(folder / TITLES)
        centre, title_centre = open_array(folder / CENTRES)
        parts = (attributes, vectors, titles, lexical, words, pairs)
        if len({len(part) for part in parts}) > 1 or vectors.dimension != manifest.model.dimension:
            raise IndexDamagedError(f"the files in {folder} do not belong together; {REPAIR}")
        drawn = Projection.open(folder / MAP)
        store = Store.open(index)
        expectation = Expectation(*open_array(folder / EXPECTATION).tolist())
        return cls(manifest, store, *parts, drawn, centre, title_centre, expectation)

    @property
    def number(self) -> int:
        """Which generation this is."""
        return self.manifest.generation

    def close(self) -> None:
        """Let go of its files."""
        self.store.close()


def _mean(vectors: FloatArray) -> FloatArray:
    return vectors.mean(axis=0) if len(vectors) else np.zeros(vectors.shape[1], np.float32)


def check_model(manifest: Manifest, encoder: Encoder) -> None:
    """Refuse an encoder that did not build this index.

    Raises:
        ModelMismatchError: Its fingerprint is another one.
    """
    if encoder.fingerprint != manifest.model.fingerprint:
        ours, theirs = encoder.fingerprint[:8], manifest.model.fingerprint[:8]
        raise ModelMismatchError(
            f"this index was built with {manifest.model.name} ({theirs}), not with "
            f"{encoder.name} ({ours}); `rftsearch build --model {encoder.name}` builds it for that"
        )


def write_generation(
    index: Path,
    number: int,
    members: Sequence[Member],
    categories: Sequence[str],
    bodies: FloatArray,
    titles: FloatArray,
) -> dict[str, FileEntry]:
    """Write a generation's files into a folder of their own and flush them to disk.

    Args:
        index: The index folder.
        number: Of the generation.
        members: Its papers.
        categories: All of theirs, in the order to show them.
        bodies: (n, dimension) float32, a unit vector for each member.
        titles: The same of their titles.

    Returns:
        What the manifest says of each file.

    Raises:
        OSError: A file cannot be written.
        IndexDamagedError: What was written does not read back.
    """
    folder = generation_folder(index, number)
    parts = [folder / part for part in (WORDS, PAIRS, LEXICAL)]
    for part in parts:
        part.mkdir(parents=True)
    papers = {member.id: member.paper for member in members}
    attributes = Attributes.build(papers, categories)
    attributes.save(folder / ATTRIBUTES)
    ids: IdArray = np.fromiter(papers, dtype=np.int64, count=len(papers))
    VectorIndex.build(ids, bodies).save(folder / VECTORS)
    by_row = np.argsort(attributes.rank(ids))
    save_array(folder / TITLES, titles[by_row].astype(np.float16))
    told = attributes.described(attributes.rank(ids))
    told = told if told.any() else ~told  # The mean of texts, not of bare titles.
    centre = _mean(bodies[told])
    save_array(folder / CENTRES, np.stack([centre, _mean(titles)]))
    expectation = Expectation.learn(bodies[told], titles[told], centre)
    save_array(folder / EXPECTATION, np.array(expectation))
    shown = sample([member.paper.id for member in members])
    on_map = [Entry(one.id, one.paper.id, one.body) for one in (members[row] for row in shown)]
    draw_map(on_map, bodies[shown], _map_before(index)).save(folder / MAP)
    in_order = [papers[int(identifier)] for identifier in attributes.ids]
    terms = [paper_terms(paper) for paper in in_order]
    lengths = [len(has.words) for has in terms]
    TermTable.build((has.words for has in terms), lengths).save(folder / WORDS)
    TermTable.build((has.pairs for has in terms), lengths).save(folder / PAIRS)
    LexicalIndex.build(
        folder / LEXICAL,
        (
            LexicalDocument(int(identifier), has.words, name_keys(paper))
            for identifier, paper, has in zip(attributes.ids, in_order, terms, strict=True)
        ),
    )
    # tantivy keeps some of its files to their owner; an index is for whoever may read it.
    mode = (folder / ATTRIBUTES).stat().st_mode
    for path in (folder / LEXICAL).iterdir():
        path.chmod(mode)
    written = sorted(path for path in folder.rglob("*") if path.is_file())
    entries = {path.relative_to(folder).as_posix(): flush(path) for path in written}
    for directory in (*parts, folder, folder.parent):
        sync_folder(directory)
    _read_back(folder, len(members))
    return entries


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
