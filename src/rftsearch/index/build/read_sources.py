"""What a build reads: lists, snapshots, the shipped catalogue, or papers that are at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Protocol

from rftsearch.errors import (
    REPAIR,
    IndexDamagedError,
    IndexFormatError,
    IndexReadError,
    IndexStateError,
    SourceError,
)
from rftsearch.index.build.enrich import Enriched, enrich
from rftsearch.index.generations.agreement import newest_published
from rftsearch.index.generations.manifest import GIVEN_PAPERS, Manifest
from rftsearch.index.store.staging import Staging
from rftsearch.index.store.store import FILE_NAME, Store
from rftsearch.papers.about import ListAbout
from rftsearch.papers.merge import merge_papers
from rftsearch.papers.paper import ArxivMetadata, Paper
from rftsearch.sources.abstracts import read_abstracts
from rftsearch.sources.arxiv.api import ArxivClient
from rftsearch.sources.base import Problem, Source, Summary
from rftsearch.sources.bounds import bounded_paper
from rftsearch.sources.catalogue import CATALOGUE, Catalogue
from rftsearch.text.clean import one_line
from rftsearch.types import Progress

__all__ = [
    "Fetching",
    "GivenPapers",
    "PaperStream",
    "ReadReport",
    "SourceReader",
    "own_sources",
    "with_more",
]


@dataclass(frozen=True)
class ReadReport:
    """What is known of the sources once their papers were read."""

    fetched: int = 0
    """Abstracts that came from arXiv or from a file."""
    fetch_error: str | None = None
    """Why fetching stopped early, in one line."""
    problems: tuple[Problem, ...] = ()
    """Entries of lists, and lines of files, that could not be read."""
    more_problems: int = 0
    """Lines of streamed sources that could not be read either, too many to name."""
    account: tuple[str, ...] = ()
    """What was read of streamed sources, one line each."""
    about: Mapping[str, ListAbout] = field(default_factory=dict)
    """What sources say of themselves, by their keys."""


class PaperStream(Protocol):
    """Where the papers of a build come from."""

    def papers(self, staging: Staging) -> Iterator[Paper]:
        """Yield the papers, with abstracts as far as there are any; call it once."""
        ...

    @property
    def categories(self) -> tuple[str, ...]:
        """Those known before the papers are read, in the order in which they are shown."""
        ...

    @property
    def outcome(self) -> ReadReport:
        """What was read and what was not; complete once the papers were read."""
        ...


@dataclass
class GivenPapers:
    """Papers that are at hand; what is too long of one is cut, as of any other source."""

    records: Sequence[Paper]
    _problems: list[Problem] = field(default_factory=list)

    def papers(self, staging: Staging) -> Iterator[Paper]:  # noqa: ARG002 - of the protocol
        """Yield the papers; those of one id are merged."""
        for number, paper in enumerate(merge_papers(self.records), 1):
            bounded, reasons = bounded_paper(paper)
            name = one_line(bounded.short_name)[:80]
            self._problems += [Problem(GIVEN_PAPERS, number, name, reason) for reason in reasons]
            yield bounded

    @property
    def categories(self) -> tuple[str, ...]:
        """None; they come with the papers."""
        return ()

    @property
    def outcome(self) -> ReadReport:
        """What had to be cut; nothing had to be read."""
        return ReadReport(problems=tuple(self._problems))


@dataclass(frozen=True)
class Fetching:
    """Where abstracts come from; see `build_index`."""

    abstracts: str | Path | None = None
    client: ArxivClient | None = None
    """None asks nobody."""
    refresh: bool = False


@dataclass
class SourceReader:
    """Reads the papers of sources of any kind.

    Lists are read whole, and joined. The papers of a streamed source pass through one
    by one, however many they are: what it says of a paper of the lists is added to that,
    and the lists come last.
    """

    fetching: Fetching
    tell: Progress
    _abstracts: dict[str, ArxivMetadata] = field(default_factory=dict)
    """Of the file, by arXiv id; dropped once the papers were read."""
    _listed: dict[str, Paper] = field(default_factory=dict)
    _problems: list[Problem] = field(default_factory=list)
    _summaries: list[Summary] = field(default_factory=list)
    _about: dict[str, ListAbout] = field(default_factory=dict)
    _problems_of_abstracts: tuple[Problem, ...] = ()
    _described: Enriched = field(default_factory=lambda: Enriched([]))
    _passing: Iterator[Paper] = field(default_factory=lambda: iter(()))

    @classmethod
    def begun(cls, fetching: Fetching, tell: Progress) -> SourceReader:
        """Read the file of abstracts: a mistake in it should show before an hour of work.

        Args:
            fetching: Where abstracts come from.
            tell: Called with "snapshot" and "fetch".

        Raises:
            SourceError: The file cannot be read, or no line of it.
        """
        made = cls(fetching, tell)
        if fetching.abstracts is not None:
            made._abstracts, made._problems_of_abstracts = read_abstracts(Path(fetching.abstracts))
        return made

    def read(self, sources: Sequence[Source]) -> None:
        """Read the lists, and begin to read the streamed sources.

        Args:
            sources: What to read; nothing for the catalogue shipped with rftsearch.

        Raises:
            SourceError: A list cannot be read, or a streamed source cannot be opened.
        """
        opened = sources or [Catalogue()]
        listed = [p for source in opened if not source.streamed for p in self._read_one(source)]
        self._listed = {paper.id: paper for paper in merge_papers(listed)}
        # The first paper now: a file that cannot be read changes no index.
        streams = [self._read_one(source) for source in opened if source.streamed]
        passing = chain.from_iterable(streams)
        self._passing = chain(*([paper] for paper in [next(passing, None)] if paper), passing)

    def _read_one(self, source: Source) -> Iterator[Paper]:
        """Read a source; keep what it says besides papers."""
        for item in source.read(self.tell):
            if isinstance(item, Paper):
                yield item
            elif isinstance(item, Problem):
                self._problems.append(item)
            elif isinstance(item, ListAbout):
                self._about[source.key] = item
            else:
                self._summaries.append(item)

    def papers(self, staging: Staging) -> Iterator[Paper]:
        """Yield the papers, each id of a streamed source and of all lists once.

        Raises:
            SourceError: A streamed source cannot be read.
        """
        for paper in self._passing:
            known = self._listed.get(paper.id)
            if known is None and paper.abstract_state == "pending":
                self._listed[paper.id] = paper  # It brings no abstract: arXiv is asked.
                continue
            if known is None:
                yield paper
                continue
            (both,) = merge_papers((known, paper))
            self._listed[paper.id] = both.with_metadata(paper.metadata) if paper.metadata else both
        self._described = enrich(
            staging,
            list(self._listed.values()),
            abstracts=self._abstracts,
            client=self.fetching.client,
            refresh=self.fetching.refresh,
            progress=self.tell,
        )
        self._abstracts = {}
        yield from self._described.papers

    @property
    def categories(self) -> tuple[str, ...]:
        """Of the lists, in their order; those of streamed sources follow as they come."""
        found = dict.fromkeys(c for paper in self._listed.values() for c in paper.categories)
        return tuple(found)

    @property
    def outcome(self) -> ReadReport:
        """What was read and what was not; complete once the papers were read."""
        return ReadReport(
            self._described.fetched,
            self._described.error,
            (*self._problems, *self._problems_of_abstracts),
            sum(summary.more_problems for summary in self._summaries),
            (*(line for one in self._summaries for line in one.sentences), *self._described.cut),
            self._about,
        )


def own_sources(index: Path) -> tuple[str, ...]:
    """Return the keys of what an index was built from; none for a new one, or the catalogue.

    Raises:
        SourceError: It was made from papers at hand.
        IndexFormatError: It is of another version, and its lists are not to be forgotten.
        IndexDamagedError: It was made from papers at hand, and only a repair keeps them;
            or nothing says from what it was made.
    """
    try:
        sources = Manifest.read(index).sources
    except (IndexFormatError, IndexReadError):
        raise
    except IndexStateError:
        sources = _remembered(index)
        if GIVEN_PAPERS in sources:
            raise IndexDamagedError(f"the manifest of {index} cannot be read; {REPAIR}") from None
    if GIVEN_PAPERS in sources:
        raise SourceError(
            f"the index in {index} was made from papers, not from a list; "
            "name a list, or another folder with --index"
        )
    return sources


def _remembered(index: Path) -> tuple[str, ...]:
    """Return the sources that the store knows if there is no manifest; none for a new index."""
    if not (index / FILE_NAME).is_file():
        return ()
    with Store.open(index) as store:
        published = newest_published(store.generations())
    try:
        return Manifest.parse(published.description).sources if published else ()
    except ValueError as error:
        raise IndexDamagedError(
            f"neither the manifest nor the store of {index} says what it was built from; "
            "name the lists to build from"
        ) from error


def with_more(names: Sequence[str], more: Sequence[str]) -> tuple[str, ...]:
    """Return the names of an index's sources and of some that are added to them."""
    return tuple(dict.fromkeys([*(names or (CATALOGUE,)), *more]))
