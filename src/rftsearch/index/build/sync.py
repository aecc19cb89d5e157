"""Synchronising an index with its sources: read them again, say what changed, apply it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rftsearch.encoders.base import Encoder
from rftsearch.errors import IndexLockedError, RftsearchError, SourceError
from rftsearch.index.build.changes import (
    MOST_NAMED,
    Change,
    ChangeKind,
    list_changes,
    list_portions,
)
from rftsearch.index.build.counts import PaperCounts
from rftsearch.index.build.publish import Plan, complete
from rftsearch.index.build.reading.accounts import ReadReport
from rftsearch.index.build.reading.source_reader import SourceReader
from rftsearch.index.build.reading.streams import Fetching
from rftsearch.index.build.remote import publish_remotely
from rftsearch.index.build.report import BuildReport
from rftsearch.index.build.stage import Excluded, stage_all
from rftsearch.index.build.start import begin, open_for_writing, unreadable_manifest
from rftsearch.index.generations.manifest import GIVEN_PAPERS, Manifest
from rftsearch.index.store.staging import Staging
from rftsearch.index.store.store import Store
from rftsearch.papers.paper import Paper
from rftsearch.sources.arxiv.api import ArxivClient
from rftsearch.sources.arxiv.snapshot import SCHEME
from rftsearch.sources.catalogue import CATALOGUE
from rftsearch.text.plural import plural
from rftsearch.types import Progress

if TYPE_CHECKING:
    from rftsearch.index.remote.publish import Published

__all__ = ["SyncReport", "sync_index"]

BY_HAND = "added by hand"
"""What messages call the papers that no source has."""


@dataclass(frozen=True)
class SyncReport:
    """What a synchronisation found, and what it did."""

    index: Path
    manifest: Manifest
    """Of the generation that answers now."""
    outcome: ReadReport
    """What was read of the sources."""
    changes: tuple[Change, ...] = ()
    """Paper by paper; of each kind the first 1,000."""
    counts: Mapping[ChangeKind, int] = field(default_factory=dict)
    """How many papers were added, removed, renamed, moved or changed."""
    build: BuildReport | None = None
    """Of the new generation; None if nothing was published."""
    dry_run: bool = False
    """Whether changes were only looked for."""
    failed: Mapping[str, str] = field(default_factory=dict)
    """Sources that could not be read, by their keys, and why; their papers stay."""
    published: Published | None = None
    """What was published on a server; None if the index lies in its folder only."""

    def __bool__(self) -> bool:
        """Whether any paper differs."""
        return any(self.counts.values())


def sync_index(
    index: str | Path,
    *,
    dry_run: bool = False,
    force: bool = False,
    encoder: Encoder | None = None,
    abstracts: str | Path | None = None,
    client: ArxivClient | None = None,
    offline: bool = False,
    progress: Progress | None = None,
) -> SyncReport:
    """Read the sources of an index again and apply what changed.

    Papers that a program or `rftsearch accept` added stay. If nothing changed, nothing is
    published. Only new texts are embedded.

    Args:
        index: Its folder.
        dry_run: Only say what would change; nobody is asked for abstracts.
        force: Go on where a source cannot be read, and keep its papers as they are; and
            where a source lost half of its entries.
        encoder: An encoder to use instead of the index's own model.
        abstracts: As for `build_index`.
        client: As for `build_index`.
        offline: As for `build_index`.
        progress: As for `build_index`.

    Raises:
        IndexMissingError: There is no index.
        SourceError: A source cannot be read or lost half of its entries, and `force` is not
            set; or the index was made of papers alone. Nothing is changed.
        ModelError, IndexLockedError, IndexWriteError, IndexFormatError, IndexDamagedError:
            As `build_index`.
    """
    index = Path(index)
    tell: Progress = progress or (lambda *_: None)
    tell("read", 0, 0)
    before = Manifest.read(index)
    keys = [key for key in before.sources or (CATALOGUE,) if key != GIVEN_PAPERS]
    if not keys:
        raise SourceError(
            f"the index in {index} was made from papers, not from a list: there is no source to "
            "read again; `rftsearch add` adds one"
        )
    asks = None if offline or dry_run else client or ArxivClient()
    reader = SourceReader.begun(Fetching(abstracts, asks), tell)
    failed = reader.read_each(keys, offline=offline)
    _refuse(index, failed, reader.outcome, _entries_before(index, before), force=force)
    with open_for_writing(index) as staging:
        standing = begin(index, staging)
        last = standing.last
        if last is None:
            raise unreadable_manifest(index)
        if last.sources != before.sources:
            raise IndexLockedError(
                f"another build has changed what {index} is built from; synchronise once more"
            )
        reader.hold(_kept(staging, last, reader, failed), BY_HAND)
        counts = PaperCounts(categories=reader.categories)
        excluded = Excluded(last.excluded_ids, staging, reader)
        staging.moves_lines = not dry_run
        stage_all(staging, standing.number, reader, excluded, counts, tell)
        changes, numbers = _changes(staging.store, standing.number)
        outcome = reader.outcome
        report = SyncReport(
            index, last, outcome, tuple(changes), numbers, None, dry_run, _texts(failed)
        )
        said = {key: outcome.about[key] for key in outcome.about if outcome.about[key]}
        is_same = not any(numbers.values()) and said.items() <= last.about.items()
        if dry_run or is_same:
            staging.forget_unpublished(last.generation)
            if dry_run:
                return report
            # What a server did not take the last time, it may take now.
            return replace(report, published=publish_remotely(index, last, tell))
        plan = Plan(standing, counts, last.sources, tuple(sorted(excluded.ids)), whole=True)
        build = complete(index, staging, plan, encoder, outcome, tell)
        return replace(report, manifest=build.manifest, build=build, published=build.published)


def _texts(failed: Mapping[str, RftsearchError]) -> dict[str, str]:
    return {key: str(error) for key, error in failed.items()}


def _entries_before(index: Path, manifest: Manifest) -> dict[str, int]:
    """Return how many entries each source had, by its key, as far as the history knows."""
    with Store.open(index) as store:
        known = [one for one in store.history.generations() if one.number <= manifest.generation]
    return dict(known[-1].entries) if known else {}


def _refuse(
    index: Path,
    failed: Mapping[str, RftsearchError],
    outcome: ReadReport,
    before: Mapping[str, int],
    *,
    force: bool,
) -> None:
    """Refuse to go on where a source is not what it was.

    Raises:
        SourceError: It cannot be read, or lost half of its entries; unless that is forced.
            The papers of a snapshot have no places by which they could be kept.
    """
    snapshots = [str(error) for key, error in failed.items() if _is_snapshot(key)]
    if snapshots:
        raise SourceError(
            f"{'; '.join(snapshots)}; nothing is changed in {index}: put it back, or name the "
            "other sources to `rftsearch build`"
        )
    if force:
        return
    lost = []
    for source in outcome.sources:
        had = before.get(source.key, 0)
        if source.key not in failed and 0 < 2 * source.entries <= had:
            entries = plural(source.entries, "entry", "entries")
            lost.append(f"{source.name} has {entries}, and had {had:,}")
    if failed or lost:
        reasons = "; ".join([*map(str, failed.values()), *lost])
        keeps = "keeps the papers of sources that cannot be read"
        cure = f"`rftsearch sync --force` goes on, and {keeps}"
        if lost:
            cure = (
                "`rftsearch sync --force --dry-run` names what is gone, and "
                f"`rftsearch sync --force` removes it{f' and {keeps}' if failed else ''}"
            )
        raise SourceError(f"{reasons}; nothing is changed in {index}: {cure}", outcome.problems)


def _is_snapshot(key: str) -> bool:
    return key.startswith(f"{SCHEME}:")


def _kept(
    staging: Staging, last: Manifest, reader: SourceReader, failed: Mapping[str, RftsearchError]
) -> Iterator[Paper]:
    """Yield what stays though no source that could be read has it."""
    given = staging.store.history.papers_by_hand()
    yield from given
    known = {paper.id for paper in given}
    # Before there was a history, nothing said which papers came from a program; but they
    # have no place in a source, as those of a snapshot.
    is_given = GIVEN_PAPERS in last.sources and not any(map(_is_snapshot, last.sources))
    if not is_given and not failed:
        return
    for _, paper in staging.store.members(last.generation):
        places = tuple(place for place in paper.provenance if not reader.has_read(place.source))
        if failed and places:
            yield replace(paper, provenance=places)
        elif is_given and not paper.provenance and paper.id not in known:
            yield paper


def _changes(store: Store, number: int) -> tuple[list[Change], dict[ChangeKind, int]]:
    """Return what a staged generation changes, and how many papers that are of each kind.

    Of each kind the first `MOST_NAMED` are returned.
    """
    added, removed = store.changes(number)
    if len(added) + len(removed) <= 2 * MOST_NAMED:
        new, old = (list(store.papers(ids.tolist()).values()) for ids in (added, removed))
        named: Iterable[Change] = list_changes(old, new)
    else:
        named = list_portions(store.history.differences(number))
    counts: Counter[ChangeKind] = Counter()
    kept: list[Change] = []
    for change in named:
        counts[change.kind] += 1
        if counts[change.kind] <= MOST_NAMED:
            kept.append(change)
    return kept, dict(counts)
