"""Adding papers to an index and removing others, without reading the rest again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rftsearch.encoders.base import Encoder
from rftsearch.errors import UnknownPaperError
from rftsearch.index.build.counts import PaperCounts
from rftsearch.index.build.join import join_by_id, join_known
from rftsearch.index.build.publish import Plan, complete
from rftsearch.index.build.reading.remembered import with_more
from rftsearch.index.build.reading.source_reader import SourceReader
from rftsearch.index.build.reading.streams import Fetching, GivenPapers, PaperStream
from rftsearch.index.build.report import BuildReport
from rftsearch.index.build.stage import in_portions
from rftsearch.index.build.start import begin, open_for_writing, unreadable_manifest
from rftsearch.index.generations.manifest import GIVEN_PAPERS, Manifest
from rftsearch.index.store.staging import Staging
from rftsearch.papers.documents import texts_of
from rftsearch.papers.paper import Paper
from rftsearch.sources.arxiv.api import ArxivClient
from rftsearch.sources.catalogue import CATALOGUE
from rftsearch.sources.registry import SourceLike, as_list, open_source
from rftsearch.types import Progress

__all__ = ["update_index"]


def update_index(
    index: str | Path,
    add: SourceLike | Paper | Sequence[SourceLike] | Sequence[Paper] = (),
    *,
    remove: str | Sequence[str] = (),
    encoder: Encoder | None = None,
    abstracts: str | Path | None = None,
    client: ArxivClient | None = None,
    offline: bool = False,
    force: bool = False,
    progress: Progress | None = None,
) -> BuildReport:
    """Add papers to an index and remove others; nothing else of it is read again.

    Later builds also read the sources that were added, and skip what was removed until it is
    added again.

    Args:
        index: Its folder.
        add: Lists and snapshots, or papers that are at hand; also a single one. What is in
            the index already is merged with them.
        remove: Ids of papers, as `Paper.id` has them, or a single one.
        encoder: An encoder to use instead of the index's own model.
        abstracts: As for `build_index`.
        client: As for `build_index`.
        offline: As for `build_index`.
        force: Go on with what the store holds, even if the manifest names something else.
        progress: As for `build_index`.

    Raises:
        IndexMissingError: There is no index.
        UnknownPaperError: A paper that is to be removed is not there.
        ModelMismatchError: The encoder is not the one that the index was built with.
        SourceError, ModelError, IndexLockedError, IndexWriteError, IndexFormatError,
        IndexDamagedError: As `build_index`.
    """
    index = Path(index)
    tell: Progress = progress or (lambda *_: None)
    tell("read", 0, 0)
    before = Manifest.read(index)  # Before anything is read or made where there is no index.
    given: list[SourceLike | Paper] = as_list(add)
    papers = [one for one in given if isinstance(one, Paper)]
    sources = [open_source(one, offline=offline) for one in given if not isinstance(one, Paper)]
    if papers and sources:
        raise ValueError("add papers or sources, not both at once")
    stream: PaperStream = GivenPapers(papers)
    if sources:
        fetching = Fetching(abstracts, None if offline else client or ArxivClient())
        stream = reader = SourceReader.begun(fetching, tell, before.sources or (CATALOGUE,))
        reader.joins_index = True
        reader.read(sources)
    names = [*(source.key for source in sources), *[GIVEN_PAPERS] * bool(papers)]
    with open_for_writing(index) as staging:
        standing = begin(index, staging, force=force)
        last = standing.last
        if last is None:
            raise unreadable_manifest(index)
        counts = PaperCounts(last.counts, last.categories)
        staging.begin_stage()
        added = _add(staging, standing.number, stream, counts)
        tell("store", len(added), len(added))
        removed = _remove(staging, standing.number, as_list(remove), counts)
        excluded = (set(last.excluded_ids) - added) | removed
        staging.store.history.by_hand(standing.number, papers, removed)
        plan = Plan(
            standing,
            counts,
            with_more(last.sources, names) if add else last.sources,
            tuple(sorted(excluded)),
            whole=standing.base is None,
        )
        return complete(index, staging, plan, encoder, stream.outcome, tell)


def _add(staging: Staging, number: int, stream: PaperStream, counts: PaperCounts) -> set[str]:
    """Stage the papers of a stream, joined with what is known of them.

    Returns:
        The ids that they have and had.
    """
    added: set[str] = set()
    for portion in in_portions(stream.papers(staging)):
        if isinstance(stream, SourceReader):
            known = staging.lookup.alike(portion)
            found = join_known([paper for _, paper in known.values()], portion)
        else:
            known = staging.store.live([paper.id for paper in portion])
            found = join_by_id([paper for _, paper in known.values()], portion)
        papers = [one.paper for one in found]
        gone = {paper.id for one in found for paper in one.known} - {paper.id for paper in papers}
        staging.remove(number, [known[paper_id][0] for paper_id in gone])
        staging.stage_some(number, papers, [texts_of(paper) for paper in papers])
        counts.remove(paper for one in found for paper in one.known)
        counts.add(papers)
        for one in found:
            ids = [paper.id for paper in one.new]
            added |= {
                one.paper.id,
                *ids,
                *(n for each in ids for n in stream.aliases.get(each, ())),
            }
            if isinstance(stream, SourceReader):
                stream.joined(one)
    return added


def _remove(staging: Staging, number: int, ids: Sequence[str], counts: PaperCounts) -> set[str]:
    """Leave papers out of the new generation; return their ids.

    Raises:
        UnknownPaperError: One is not there; then no paper is left out.
    """
    live = staging.store.live(ids)
    for paper_id in ids:
        if paper_id not in live:
            raise UnknownPaperError(paper_id)
    staging.remove(number, [identifier for identifier, _ in live.values()])
    counts.remove(paper for _, paper in live.values())
    return set(live)
