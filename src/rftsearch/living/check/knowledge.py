"""What is known of the papers of a list: from an index, or from a file of abstracts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from rftsearch.index.generations.generation import Generation
from rftsearch.living.check.subject import Neighbour
from rftsearch.papers.paper import ArxivMetadata, Paper
from rftsearch.sources.abstracts import read_abstracts
from rftsearch.types import FloatArray

__all__ = ["Knowledge", "known_in_file", "known_in_index"]

_VOTERS = 7
_AGREEING = 7
"""How many of the nearest papers must stand in one other section: all of them. With six, a
paper was named whose neighbours are benchmarks of its subject."""
_SECTION = 5
"""A section with fewer papers may have no neighbours of its own."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known of papers besides what the list says."""

    metadata: Mapping[str, ArxivMetadata] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    neighbours: Mapping[str, Neighbour] | None = None
    """None without vectors."""

    def joined(self, other: Knowledge) -> Knowledge:
        """Return both together; where both know a paper, this one counts."""
        metadata = {**other.metadata, **self.metadata}
        return Knowledge(
            metadata,
            (self.unknown | other.unknown) - metadata.keys(),
            self.neighbours if self.neighbours is not None else other.neighbours,
        )


def known_in_file(path: Path) -> Knowledge:
    """Return what a file of abstracts says.

    Raises:
        SourceError: It cannot be read.
    """
    return Knowledge(read_abstracts(path)[0])


def known_in_index(index: Path, papers: Iterable[Paper]) -> Knowledge:
    """Return what an index says of the papers of a list, and where papers like them stand.

    Raises:
        IndexMissingError, IndexDamagedError, IndexFormatError: It cannot be used.
    """
    listed = list(papers)
    ids = list(dict.fromkeys(paper.id for paper in listed))
    arxiv_ids = list(dict.fromkeys(paper.arxiv_id for paper in listed if paper.arxiv_id))
    generation = Generation.open(index)
    try:
        found = generation.store.live(ids)
        answers = generation.store.known(arxiv_ids)
        metadata = {
            paper.arxiv_id: paper.metadata
            for _, paper in found.values()
            if paper.arxiv_id and paper.metadata
        }
        unknown = {
            paper.arxiv_id
            for _, paper in found.values()
            if paper.arxiv_id and paper.unknown_to_arxiv
        }
        here = set(generation.attributes.sorted_ids.tolist())
        rows = {
            paper_id: number
            for paper_id, (number, paper) in found.items()
            if number in here and paper.abstract
        }
        neighbours = _neighbours(listed, rows, generation) if rows else None
    finally:
        generation.close()
    return Knowledge(
        {**answers.metadata, **metadata},
        frozenset(unknown | answers.unknown) - metadata.keys(),
        neighbours,
    )


def _neighbours(
    listed: Sequence[Paper], rows: Mapping[str, int], generation: Generation
) -> Mapping[str, Neighbour]:
    """Return where the papers most like each stand, if nearly all stand in one other section."""
    categories: dict[str, set[str]] = {}
    names: dict[str, str] = {}
    for paper in listed:
        categories.setdefault(paper.id, set()).update(paper.categories)
        names.setdefault(paper.id, paper.short_name)
    ids = sorted((paper_id for paper_id in categories if paper_id in rows), key=rows.__getitem__)
    vectors = generation.vectors.vectors(np.array([rows[one] for one in ids], np.int64))
    vectors = _centred(vectors)
    sizes = Counter(name for one in ids for name in categories[one])
    found: dict[str, Neighbour] = {}
    for number, paper_id in enumerate(ids):
        likeness = np.asarray(vectors @ vectors[number])
        likeness[number] = -np.inf
        nearest = [ids[place] for place in np.argsort(-likeness, kind="stable")[:_VOTERS]]
        own = categories[paper_id]
        if len(nearest) < _VOTERS or any(own & categories[one] for one in nearest):
            continue
        if all(sizes[name] < _SECTION for name in own):
            continue
        votes = Counter(name for one in nearest for name in sorted(categories[one]))
        name, count = votes.most_common(1)[0]
        if count >= _AGREEING:
            telling = [names[one] for one in nearest if name in categories[one]]
            found[paper_id] = Neighbour(name, count, _VOTERS, tuple(telling[:3]))
    return found


def _centred(vectors: FloatArray) -> FloatArray:
    """Return vectors without what all have in common, of unit norm."""
    moved = vectors - vectors.mean(axis=0)
    norms = np.linalg.norm(moved, axis=1, keepdims=True)
    return np.asarray(moved / np.maximum(norms, 1e-12), np.float32)
