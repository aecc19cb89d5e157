"""What both ways to write a generation have in common: where to, from what, and one paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import starmap
from pathlib import Path

import numpy as np

from rftsearch.index.engines.tantivy_lexical import LexicalDocument, LexicalWriter
from rftsearch.index.generations.manifest import Manifest
from rftsearch.index.store.store import Store
from rftsearch.index.tables.forward_index_writer import ForwardIndexWriter
from rftsearch.index.tables.paper_map import Entry, sample
from rftsearch.papers.asked.facts import facts_of
from rftsearch.papers.documents import name_keys, paper_terms
from rftsearch.papers.paper import Paper
from rftsearch.types import FloatArray, IdArray

__all__ = ["Target", "add_paper", "sampled_entries"]


@dataclass(frozen=True)
class Target:
    """A generation that is being written, and the store that it is written from."""

    folder: Path
    """Of its files."""
    store: Store
    manifest: Manifest
    """What it is, without its files."""
    model: int
    """The number of its model in the store."""

    def vectors(self, after: int = 0) -> Iterator[tuple[FloatArray, FloatArray]]:
        """Yield the vectors of texts and titles of papers with greater integer ids.

        Raises:
            IndexDamagedError: One is missing.
        """
        return self.store.embeddings.of_members(
            self.manifest.generation, self.model, self.manifest.model.dimension, after
        )


def add_paper(
    terms: ForwardIndexWriter, lexical: LexicalWriter, identifier: int, paper: Paper
) -> None:
    """Write the terms of a paper, and what it is found by."""
    own = paper_terms(paper)
    terms.add(own)
    lexical.add(LexicalDocument(identifier, own.words, name_keys(paper), facts_of(paper)))


def sampled_entries(target: Target, ids: Sequence[int] | None) -> tuple[list[Entry], IdArray]:
    """Return the papers that the map shows, of all or of some, and their integer ids."""
    entries = sample(starmap(Entry, target.store.keys(target.manifest.generation, ids)))
    return entries, np.array([entry.id for entry in entries], np.int64)
