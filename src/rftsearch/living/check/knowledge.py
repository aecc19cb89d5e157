"""What is known of the papers of a list: from an index, or from a file of abstracts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rftsearch.index.generations.generation import Generation
from rftsearch.papers.paper import ArxivMetadata, Paper
from rftsearch.search.generation_watcher import place_of
from rftsearch.sources.abstracts import read_abstracts

if TYPE_CHECKING:
    from rftsearch.living.labels.elsewhere import Elsewhere

__all__ = ["Knowledge", "known_in_file", "known_in_index"]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known of papers besides what the list says."""

    metadata: Mapping[str, ArxivMetadata] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    elsewhere: Mapping[str, Elsewhere] | None = None
    """Papers that surely belong to another section; None without vectors."""

    def joined(self, other: Knowledge) -> Knowledge:
        """Return both together; where both know a paper, this one counts."""
        metadata = {**other.metadata, **self.metadata}
        return Knowledge(
            metadata,
            (self.unknown | other.unknown) - metadata.keys(),
            self.elsewhere if self.elsewhere is not None else other.elsewhere,
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
    generation = place_of(index).open()
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
            paper_id: (number, paper)
            for paper_id, (number, paper) in found.items()
            if number in here and paper.abstract
        }
        elsewhere = _elsewhere(listed, rows, generation) if rows else None
    finally:
        generation.close()
    return Knowledge(
        {**answers.metadata, **metadata},
        frozenset(unknown | answers.unknown) - metadata.keys(),
        elsewhere,
    )


def _elsewhere(
    listed: Sequence[Paper], found: Mapping[str, tuple[int, Paper]], generation: Generation
) -> Mapping[str, Elsewhere]:
    """Return the papers that surely belong to a section other than the list puts them in."""
    # Only with an index: what learns takes a while to import.
    from rftsearch.living.labels.elsewhere import find_elsewhere  # noqa: PLC0415
    from rftsearch.living.labels.labelled import read_evidence  # noqa: PLC0415

    sections: dict[str, dict[str, None]] = {}
    names: dict[str, str] = {}
    for paper in listed:
        if paper.id in found and paper.kind == "paper":
            sections.setdefault(paper.id, {}).update(dict.fromkeys(paper.categories))
            names.setdefault(paper.id, paper.short_name)
    papers = [replace(found[one][1], short_name=names[one]) for one in sections]
    evidence = read_evidence(generation, [found[one][0] for one in sections], papers)
    return find_elsewhere(papers, [tuple(own) for own in sections.values()], evidence)
