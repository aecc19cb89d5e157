"""Reads the sources of a build: lists, libraries, snapshots, the shipped catalogue."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from rftsearch.errors import FetchError, RftsearchError, SourceError
from rftsearch.index.build.join import Joined
from rftsearch.index.build.reading.accounts import Account, PlaceNames, ReadReport
from rftsearch.index.build.reading.enrich import Enriched, enrich
from rftsearch.index.build.reading.streams import Fetching
from rftsearch.index.store.staging import Staging
from rftsearch.papers.about import ListAbout
from rftsearch.papers.merge import Merge, merge_same
from rftsearch.papers.paper import ArxivMetadata, Paper, Provenance
from rftsearch.papers.same_paper import keys_of, signs_of
from rftsearch.sources.abstracts import read_abstracts
from rftsearch.sources.base import Problem, Source
from rftsearch.sources.catalogue import CATALOGUE, Catalogue
from rftsearch.sources.registry import open_source
from rftsearch.types import Progress

__all__ = ["SourceReader"]

HELD = 10_000
"""Papers of a streamed source that are held in memory, and joined as those of a list are."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A record, and the source that has it."""

    paper: Paper
    account: Account

    @property
    def places(self) -> tuple[Provenance, ...]:
        return self.paper.provenance or (self.account.place,)


@dataclass
class SourceReader:
    """Reads the papers of sources of any kind, and makes one record of each paper.

    Lists are read whole, and so are streamed sources with few papers. The papers of a
    longer stream pass through one by one, however many they are. Those of them that share
    a sign with a paper that was read whole, such as its DOI, are joined with it and come
    last.
    """

    fetching: Fetching
    tell: Progress
    names: PlaceNames = field(default_factory=PlaceNames)
    joins_index: bool = False
    """Whether its papers are added to those of an index, and `joined` is called for each."""
    aliases: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The ids that the records of a paper had before they were joined, by its id now."""
    _abstracts: dict[str, ArxivMetadata] = field(default_factory=dict)
    """Of the file, by arXiv id; dropped once the papers were read."""
    _accounts: list[Account] = field(default_factory=list)
    _held: list[_Entry] = field(default_factory=list)
    _passing: list[Iterator[_Entry]] = field(default_factory=list)
    _merges: list[Merge] = field(default_factory=list)
    _about: dict[str, ListAbout] = field(default_factory=dict)
    _problems_of_abstracts: tuple[Problem, ...] = ()
    _described: Enriched = field(default_factory=lambda: Enriched([]))
    _origins: dict[str, Account] = field(default_factory=dict)
    """Which source a paper came from, until `joined` has asked."""
    _failed: Collection[str] = ()
    """Keys of sources that could not be read."""
    _is_patient: bool = False
    """Whether a stream that fails ends there, and the rest is read."""
    _fetched: int = 0
    """Abstracts that came from the file before long streams were read."""

    @classmethod
    def begun(
        cls, fetching: Fetching, tell: Progress, known_sources: Sequence[str] = ()
    ) -> SourceReader:
        """Read the file of abstracts: a mistake in it should show before an hour of work.

        Args:
            fetching: Where abstracts come from.
            tell: Called with "snapshot" and "fetch".
            known_sources: Keys of sources that the index has already.

        Raises:
            SourceError: The file cannot be read, or no line of it.
        """
        made = cls(fetching, tell, PlaceNames(known_sources))
        if fetching.abstracts is not None:
            made._abstracts, made._problems_of_abstracts = read_abstracts(Path(fetching.abstracts))
        return made

    def read(self, sources: Sequence[Source]) -> None:
        """Read the lists, and begin to read the streamed sources.

        Args:
            sources: What to read; nothing for the catalogue shipped with rftsearch.

        Raises:
            SourceError: A list cannot be read, or a streamed source cannot be opened. All
                such sources are named, and what was not understood comes with the error.
            FetchError: A web address does not answer.
        """
        failed = list(self._read(sources or [Catalogue()]).values())
        if not failed:
            return
        first = failed[0]
        if len(failed) == 1 and isinstance(first, FetchError):
            raise first
        many = f"{len(failed)} sources cannot be read: " if len(failed) > 1 else ""
        raise SourceError(f"{many}{'; '.join(map(str, failed))}", self._problems()) from first

    def read_each(
        self, keys: Sequence[str], *, offline: bool = False
    ) -> Mapping[str, RftsearchError]:
        """Read the sources of an index, and go on where one of them cannot be read.

        Args:
            keys: Of the sources; none for the catalogue.
            offline: Whether nothing is fetched; of a web address the copy of the last time
                is read.

        Returns:
            Why a source could not be read, by its key.
        """
        opened: list[Source] = []
        failed: dict[str, RftsearchError] = {}
        for key in keys or [CATALOGUE]:
            try:
                opened.append(open_source(key, offline=offline))
            except RftsearchError as error:
                failed[key] = error
        return failed | self._read(opened)

    def read_what_can_be(self, keys: Sequence[str]) -> None:
        """Read the sources of an index as far as they can be read, and pass over the rest.

        Args:
            keys: Of the sources; none for the catalogue.
        """
        self._is_patient = True
        self.read_each(keys, offline=True)

    def _read(self, sources: Sequence[Source]) -> dict[str, RftsearchError]:
        """Begin to read sources; return why some cannot be read, by their keys."""
        opened = list({source.key: source for source in sources}.values())
        self._accounts = [Account(one.key, self.names.name(one.key, one.label)) for one in opened]
        failed: dict[str, RftsearchError] = {}
        # Lists come first, wherever they are named: of a long stream nothing is held.
        for streamed in (False, True):
            for source, account in zip(opened, self._accounts, strict=True):
                if source.streamed == streamed:
                    try:
                        self._begin(source, account)
                    except (SourceError, FetchError) as error:
                        failed[source.key] = error
        self._failed = failed.keys()
        return failed

    def hold(self, papers: Iterable[Paper], name: str) -> None:
        """Join papers that are at hand with those that are read; they come last.

        Args:
            papers: The papers.
            name: What messages call the place where they come from.
        """
        account = Account("", name)
        self._held += [_Entry(paper, account) for paper in papers]

    def has_read(self, name: str) -> bool:
        """Return whether a place of papers belongs to a source that was read now."""
        key = self.names.key_of(name)
        return key is not None and key not in self._failed

    def _begin(self, source: Source, account: Account) -> None:
        """Read a source whole, or the first papers of a long stream."""
        entries = self._read_one(source, account)
        if not source.streamed:
            self._held += entries
            return
        # Some papers now: a file that cannot be read changes no index.
        some = list(islice(entries, HELD + 1))
        if len(some) <= HELD:
            self._held += some
        else:
            self._passing.append(chain(some, entries))

    def _read_one(self, source: Source, account: Account) -> Iterator[_Entry]:
        """Read a source; keep what it says besides papers."""
        for item in source.read(self.tell):
            if isinstance(item, Paper):
                account.entries += 1
                account.with_arxiv_id += item.arxiv_id is not None
                yield _Entry(self.names.paper(source.key, item), account)
            elif isinstance(item, Problem):
                account.problems.append(self.names.problem(source.key, item))
            elif isinstance(item, ListAbout):
                self._about[source.key] = item
            else:
                account.more_problems += item.more_problems
                account.more_lost += item.more_lost
                account.sentences += item.sentences

    def papers(self, staging: Staging) -> Iterator[Paper]:
        """Yield the papers; each that was read whole, or is like one of those, once.

        Raises:
            SourceError: A streamed source cannot be read.
        """
        if self._passing:
            yield from self._unlike(staging)
        described = {
            entry.paper.arxiv_id: entry.paper.metadata
            for entry in reversed(self._held)
            if entry.paper.metadata and entry.paper.metadata.abstract
        }
        self._described = enrich(
            staging,
            [_described(entry.paper, described) for entry in self._held],
            abstracts=self._abstracts,
            client=self.fetching.client,
            refresh=self.fetching.refresh,
            progress=self.tell,
        )
        self._abstracts = {}
        # Only now: what arXiv says of a paper shows which record of another source it is.
        merged = merge_same(self._described.papers)
        for paper, group in zip(merged.papers, merged.groups, strict=True):
            self._take_down(paper, [self._held[number] for number in group.members], group.reasons)
        self._held = []
        yield from merged.papers

    def _unlike(self, staging: Staging) -> Iterator[Paper]:
        """Yield the papers of long streams that are like none that is held; hold the others."""
        known = enrich(
            staging,
            [entry.paper for entry in self._held],
            abstracts=self._abstracts,
            client=None,
            refresh=False,
            progress=self.tell,
        )
        self._fetched = known.fetched
        keys = {key for paper in known.papers for key in keys_of(signs_of(paper))}
        ids = {entry.paper.id for entry in self._held}
        for entry in chain.from_iterable(map(self._until_it_fails, self._passing)):
            paper = entry.paper
            own = set(keys_of(signs_of(paper)))
            # One without an abstract is held as well: arXiv is asked.
            if paper.id in ids or not keys.isdisjoint(own) or paper.abstract_state == "pending":
                self._held.append(entry)
                ids.add(paper.id)
                keys |= own
                continue
            if self.joins_index:
                self._origins[paper.id] = entry.account
            yield paper

    def _until_it_fails(self, entries: Iterator[_Entry]) -> Iterator[_Entry]:
        try:
            yield from entries
        except SourceError:
            if not self._is_patient:
                raise

    def _take_down(self, paper: Paper, entries: Sequence[_Entry], reasons: Sequence[str]) -> None:
        """Keep of which entries a paper was made."""
        ids = tuple(dict.fromkeys(entry.paper.id for entry in entries))
        if ids != (paper.id,):
            self.aliases[paper.id] = ids
        if self.joins_index:
            self._origins[paper.id] = entries[0].account
        if len(entries) == 1:
            return
        for entry in entries[1:]:
            entry.account.merged += 1
        places = dict.fromkeys(place for entry in entries for place in entry.places)
        self._merges.append(Merge(paper.id, tuple(places), tuple(reasons)))

    def joined(self, one: Joined) -> None:
        """Take down what became of a paper that was added to an index."""
        there = {place.source for paper in one.known for place in paper.provenance}
        places = dict.fromkeys(one.paper.provenance)
        is_merge = False
        for number, paper in enumerate(one.new):
            account = self._origins.pop(paper.id, None)
            here = {place.source for place in paper.provenance}
            # What is new, or the same entry once more, was not merged with anything.
            if account is not None and (number or (one.known and not here <= there)):
                is_merge = True
                account.merged += 1
                places |= {} if here else {account.place: None}
        if is_merge:
            self._merges.append(Merge(one.paper.id, tuple(places), one.reasons))

    @property
    def may_repeat(self) -> bool:
        """Whether a paper may come more than once, from streams that nothing holds."""
        return len(self._passing) > 1

    @property
    def categories(self) -> tuple[str, ...]:
        """Of what was read whole, in its order; those of long streams follow as they come."""
        found = dict.fromkeys(c for entry in self._held for c in entry.paper.categories)
        return tuple(found)

    def _problems(self) -> tuple[Problem, ...]:
        found = (problem for account in self._accounts for problem in account.problems)
        return (*found, *self._problems_of_abstracts)

    @property
    def outcome(self) -> ReadReport:
        """What was read and what was not; complete once the papers were read."""
        return ReadReport(
            self._fetched + self._described.fetched,
            self._described.error,
            self._problems(),
            sum(account.more_problems for account in self._accounts),
            (*(line for one in self._accounts for line in one.sentences), *self._described.cut),
            self._about,
            tuple(account.report() for account in self._accounts),
            tuple(self._merges),
        )


def _described(paper: Paper, known: Mapping[str | None, ArxivMetadata]) -> Paper:
    """Return a paper with what another source says of its arXiv id, so that none is asked."""
    if paper.arxiv_id is None or paper.metadata is not None or paper.arxiv_id not in known:
        return paper
    return paper.with_metadata(known[paper.arxiv_id])
