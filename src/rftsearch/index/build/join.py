"""Join papers that a source brings with what an index has of the same papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rftsearch.papers.merge import merge_papers, merge_same, with_newer_metadata
from rftsearch.papers.paper import Paper

__all__ = ["Joined", "join_by_id", "join_known"]


@dataclass(frozen=True, slots=True)
class Joined:
    """A paper that a source brought, with what was known of it."""

    paper: Paper
    known: tuple[Paper, ...]
    """The records of it that the index has; more than one if it had it as several papers."""
    new: tuple[Paper, ...]
    """The records that came."""
    reasons: tuple[str, ...] = ()
    """By which signs it was recognised."""


def join_by_id(known: Sequence[Paper], papers: Sequence[Paper]) -> list[Joined]:
    """Join papers with known ones of the same id alone, as a program means them.

    Args:
        known: Of the index, each with an id of its own.
        papers: What came, in order.
    """
    by_id = {paper.id: paper for paper in known}
    found = []
    for paper in merge_papers(papers):
        old = by_id.get(paper.id)
        whole = paper if old is None else merge_papers((old, paper))[0]
        found.append(_joined(whole, [] if old is None else [old], [paper], ("same id",)))
    return found


def join_known(known: Sequence[Paper], papers: Sequence[Paper]) -> list[Joined]:
    """Join papers with the known ones that are the same papers.

    Args:
        known: Of the index, each with an id of its own; not all must be in question.
        papers: What came, in order.

    Returns:
        What became of the papers that came. Known papers of which nothing came are left out.
    """
    merged = merge_same([*known, *papers])
    found = []
    for paper, group in zip(merged.papers, merged.groups, strict=True):
        old = [known[number] for number in group.members if number < len(known)]
        new = [papers[number - len(known)] for number in group.members if number >= len(known)]
        if new:
            found.append(_joined(paper, old, new, group.reasons))
    return found


def _joined(
    paper: Paper, known: Sequence[Paper], new: Sequence[Paper], reasons: tuple[str, ...]
) -> Joined:
    if known:
        # Where the same list is read again, its entry may stand on another line now.
        places = [place for one in new for place in one.provenance]
        before = tuple(dict.fromkeys(place for one in known for place in one.provenance))
        again = replace(paper, provenance=before).read_again(places)
        paper = replace(paper, provenance=again.provenance)
        for one in new:
            paper = with_newer_metadata(paper, one.metadata)
    return Joined(paper, tuple(known), tuple(new), reasons)
