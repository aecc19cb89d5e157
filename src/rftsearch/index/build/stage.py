"""Bring all papers of a build into the store, portion by portion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from rftsearch.index.build.counts import PaperCounts
from rftsearch.index.build.embed import PORTION
from rftsearch.index.build.join import join_known
from rftsearch.index.build.reading.streams import PaperStream
from rftsearch.index.store.staging import Staging
from rftsearch.papers.documents import texts_of
from rftsearch.papers.paper import Paper
from rftsearch.types import Progress

__all__ = ["Excluded", "in_portions", "stage_all"]


def stage_all(
    staging: Staging,
    number: int,
    stream: PaperStream,
    excluded: Excluded,
    counts: PaperCounts,
    tell: Progress,
) -> None:
    """Make the papers of a stream the papers of a new generation; it has no others.

    Args:
        staging: The store.
        number: Of the new generation.
        stream: The papers.
        excluded: Those that are passed over.
        counts: Counts them.
        tell: Called with "store".
    """
    staging.begin_stage()
    for portion in in_portions(p for p in stream.papers(staging) if not excluded.has(p)):
        papers = portion
        if stream.may_repeat:
            known = list(staging.lookup.staged([paper.id for paper in portion]).values())
            papers = [one.paper for one in join_known(known, portion)]
        texts = [texts_of(paper) for paper in papers]
        counts.remove(staging.stage_some(number, papers, texts))
        counts.add(papers)
    tell("store", counts.papers, counts.papers)
    staging.end_stage(number)


class Excluded:
    """The papers that were removed by hand, which a build passes over.

    A paper of several records is passed over if one of the ids that they had is among
    those; but not if the index has the paper under one of those ids: then it was added
    again, or only one of two entries of it was removed.
    """

    def __init__(self, ids: Iterable[str], staging: Staging, stream: PaperStream) -> None:
        """Begin with the ids that were removed."""
        self.ids = set(ids)
        self._staging = staging
        self._stream = stream

    def has(self, paper: Paper) -> bool:
        """Return whether to pass over a paper; `ids` is kept up to date."""
        own = {paper.id, *self._stream.aliases.get(paper.id, ())}
        if self.ids.isdisjoint(own):
            return False
        if self._staging.store.live(sorted(own)):
            self.ids -= own
            return False
        self.ids.add(paper.id)
        return True


def in_portions(papers: Iterable[Paper]) -> Iterator[list[Paper]]:
    """Yield papers in lists of up to `PORTION`."""
    remaining = iter(papers)
    while portion := list(islice(remaining, PORTION)):
        yield portion
