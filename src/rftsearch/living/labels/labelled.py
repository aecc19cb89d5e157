"""Which papers of an index were labelled by a person, and what is known of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from rftsearch.index.generations.generation import Generation
from rftsearch.index.tables.rows import rows_of
from rftsearch.living.labels.evidence import Evidence
from rftsearch.papers.filters import Filters
from rftsearch.papers.paper import Paper
from rftsearch.types import IdArray

__all__ = [
    "LabelledPapers",
    "labels_of",
    "read_evidence",
    "read_known",
    "read_labelled",
    "read_listed",
    "read_unlabelled",
]

MOST_PAPERS = 3_000
"""Papers that a model is learnt from, the newest; more take longer than a second."""
_AT_ONCE = 1_000


@dataclass(frozen=True)
class LabelledPapers:
    """The labelled papers of an index."""

    papers: Sequence[Paper]
    labels: Sequence[tuple[str, ...]]
    """The categories of each that a person gave it."""
    evidence: Evidence


def labels_of(paper: Paper) -> tuple[str, ...]:
    """Return the categories that a person gave a paper.

    A source without headings leaves its own name as the category, and arXiv its class: these
    say nothing about the paper's place in a list.
    """
    classes = paper.metadata.categories if paper.metadata else ()
    return tuple(
        category
        for category in paper.given_categories
        if category not in classes and category != "arXiv"
    )


def read_labelled(generation: Generation) -> LabelledPapers:
    """Read the labelled papers of a generation, the newest first.

    Projects are left out: their vectors contain the names of their categories.
    """
    ids, papers = [], []
    for identifier, paper in _newest_first(generation, _may_be_labelled(generation)):
        if paper.kind == "paper" and labels_of(paper):
            ids.append(identifier)
            papers.append(paper)
            if len(papers) == MOST_PAPERS:
                break
    evidence = read_evidence(generation, ids, papers)
    return LabelledPapers(papers, [labels_of(paper) for paper in papers], evidence)


def read_listed(generation: Generation) -> tuple[list[Paper], Evidence]:
    """Read the papers of a generation, labelled or not, without projects, the newest first."""
    found = [(i, paper) for i, paper in _newest_first(generation) if paper.kind == "paper"]
    papers = [paper for _, paper in found[:MOST_PAPERS]]
    ids = [identifier for identifier, _ in found[:MOST_PAPERS]]
    return papers, read_evidence(generation, ids, papers)


def read_unlabelled(generation: Generation) -> tuple[list[Paper], Evidence]:
    """Read the papers of a generation that nobody labelled, the newest first."""
    found = [(i, paper) for i, paper in _newest_first(generation) if not labels_of(paper)]
    papers = [paper for _, paper in found]
    return papers, read_evidence(generation, [identifier for identifier, _ in found], papers)


def read_known(generation: Generation, papers: Sequence[Paper]) -> tuple[list[int], Evidence]:
    """Return what a generation knows of some papers.

    Returns:
        The places of those papers that it has in just this version, and their evidence.
    """
    known = generation.store.find_all(generation.number, [paper.id for paper in papers])
    places = [at for at, paper in enumerate(papers) if known.get(paper.id, (0, None))[1] == paper]
    ids = [known[papers[at].id][0] for at in places]
    return places, read_evidence(generation, ids, [papers[place] for place in places])


def read_evidence(generation: Generation, ids: Sequence[int], papers: Sequence[Paper]) -> Evidence:
    """Return the vectors and terms of papers of a generation.

    Args:
        generation: Has their vectors.
        ids: Their integer ids, in any order.
        papers: Their records in the same order.
    """
    wanted = np.array(ids, np.int64)
    order = np.argsort(wanted, kind="stable")
    texts = np.empty((len(ids), generation.vectors.dimension), np.float32)
    titles = np.empty_like(texts)
    if len(ids):
        texts[order] = generation.vectors.vectors(wanted[order])
        titles[order] = rows_of(generation.titles, generation.places(wanted[order]))
    return Evidence.of(papers, texts, titles)


_CLASS = re.compile(
    r"arXiv|[a-z-]+\.[A-Za-z-]+|(?:astro|math|quant)-ph|gr-qc|hep-(?:ex|lat|ph|th)|nucl-(?:ex|th)"
)
"""What a class of arXiv looks like; a heading may, too."""


def _may_be_labelled(generation: Generation) -> IdArray:
    """Return the ids of papers with a category that is no class of arXiv, the newest first.

    In a snapshot of millions only a few are, and the others need not be read.
    """
    names = [name for name in generation.manifest.categories if not _CLASS.fullmatch(name)]
    ids = generation.attributes.ids
    if len(names) == len(generation.manifest.categories):
        return ids
    wanted = Filters(categories=tuple(names))
    return ids[generation.attributes.mask(wanted)] if names else ids[:0]


def _newest_first(
    generation: Generation, wanted: IdArray | None = None
) -> Iterator[tuple[int, Paper]]:
    ids = generation.attributes.ids if wanted is None else wanted
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE].tolist()
        known = generation.store.papers(some)
        yield from ((identifier, known[identifier]) for identifier in some if identifier in known)
