"""What a build did: how many papers it added and removed, and what is still missing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rftsearch.index.build.reading.accounts import ReadReport, SourceReport
from rftsearch.index.generations.manifest import Manifest, missing_abstracts
from rftsearch.index.generations.models import no_export_note
from rftsearch.papers.merge import Merge
from rftsearch.sources.base import Problem
from rftsearch.text.plural import plural

if TYPE_CHECKING:
    from rftsearch.index.remote.publish import Published

__all__ = ["BuildReport"]


@dataclass(frozen=True)
class BuildReport:
    """What a build did."""

    index: Path
    manifest: Manifest
    encoded: int
    """Documents embedded in this build; the others' vectors were in the store."""
    outcome: ReadReport
    """What is known of the sources."""
    added: int = 0
    """Papers that the previous generation did not have."""
    removed: int = 0
    """Papers that only the previous generation had."""
    updated: int = 0
    """Papers of both whose record changed, for example by an abstract that was fetched."""
    changes: tuple[str, ...] = ()
    """The papers that were added, removed or changed, one line each; none if they are too many
    to name, or there was no generation before. See `changed_papers`."""
    dropped: tuple[str, ...] = ()
    """Sources of the previous generation that are no longer read."""
    published: Published | None = None
    """What was published on a server; None if the index lies in its folder only."""

    @property
    def fetched(self) -> int:
        """Abstracts that came from arXiv or from a file in this build."""
        return self.outcome.fetched

    @property
    def fetch_error(self) -> str | None:
        """Why fetching stopped early, in one line."""
        return self.outcome.fetch_error

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Entries of the lists, and lines of files, that could not be read."""
        return self.outcome.problems

    @property
    def sources(self) -> tuple[SourceReport, ...]:
        """What was read of each source in this build; none if only papers at hand came."""
        return self.outcome.sources

    @property
    def merges(self) -> tuple[Merge, ...]:
        """Entries that became one paper, and how they were recognised."""
        return self.outcome.merges

    @property
    def notes(self) -> tuple[str, ...]:
        """What is missing from the index and how to complete it, one line each."""
        notes: list[str] = list(missing_abstracts(self.manifest))
        if self.fetch_error:
            notes.append(f"fetching abstracts stopped early: {self.fetch_error}")
        notes += no_export_note(self.manifest)
        if windowed := self.manifest.counts["windowed"]:
            notes.append(
                f"{plural(windowed, 'document is', 'documents are')} longer than "
                f"{self.manifest.model.name} reads at once; nothing was cut off: long "
                "documents are embedded in chunks"
            )
        if self.dropped:
            notes.append(
                f"no longer read: {', '.join(self.dropped)}; to keep earlier lists, use "
                "`rftsearch add` instead of `rftsearch build`"
            )
        if excluded := len(self.manifest.excluded_ids):
            notes.append(
                f"{excluded} removed by hand: builds skip what was removed until "
                "`rftsearch add` reads a list that names it"
            )
        return tuple(notes)
