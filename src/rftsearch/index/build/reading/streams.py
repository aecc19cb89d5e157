"""Where the papers of a build come from: sources that are read, or papers that are at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Protocol

from rftsearch.index.build.reading.accounts import ReadReport
from rftsearch.index.generations.manifest import GIVEN_PAPERS
from rftsearch.index.store.staging import Staging
from rftsearch.papers.merge import merge_papers
from rftsearch.papers.paper import Paper
from rftsearch.sources.arxiv.api import ArxivClient
from rftsearch.sources.base import Problem
from rftsearch.sources.bounds import bounded_paper
from rftsearch.text.clean import one_line

__all__ = ["Fetching", "GivenPapers", "PaperStream"]


class PaperStream(Protocol):
    """Where the papers of a build come from."""

    @property
    def aliases(self) -> Mapping[str, tuple[str, ...]]:
        """The ids that the records of a paper had before they were joined, by its id now."""
        ...

    @property
    def may_repeat(self) -> bool:
        """Whether a paper may come more than once."""
        ...

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
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    may_repeat: ClassVar[bool] = False
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
