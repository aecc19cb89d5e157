"""A generation: the derived files that answer, written whole and checked before use."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from rftsearch.errors import IndexDamagedError, ModelMismatchError
from rftsearch.index.arrays import open_array
from rftsearch.index.attributes import Attributes
from rftsearch.index.encoders import Encoder, FloatArray
from rftsearch.index.estimates import Expectation
from rftsearch.index.files import check_files
from rftsearch.index.lexical import LexicalIndex
from rftsearch.index.manifest import REPAIR, Manifest
from rftsearch.index.projection import Projection
from rftsearch.index.store import Store
from rftsearch.index.terms import TermTable
from rftsearch.index.vectors import VectorIndex

__all__ = ["Generation", "check_model"]

ATTRIBUTES = "attributes.npy"
VECTORS = "vectors"
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
    """Of the titles, (n, dimension), by ascending id."""
    lexical: LexicalIndex
    words: TermTable
    """By ascending id."""
    pairs: TermTable
    """Of neighbouring words, in the same order."""
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
