"""The seam of a source of papers: what one has to be, and what it gives.

A new source is a class with the members of `Source`, registered with
`rftsearch.sources.registry.register_source`; nothing else has to know it.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Literal, Protocol

from rftsearch.errors import SourceError
from rftsearch.papers.about import ListAbout
from rftsearch.papers.paper import Paper
from rftsearch.text.clean import one_line
from rftsearch.types import Progress

__all__ = [
    "MOST_PROBLEMS",
    "PROBLEMS_KEPT",
    "Outcome",
    "ParsedList",
    "PathSource",
    "Problem",
    "Source",
    "Summary",
    "WholeSource",
    "parse_source",
    "path_key",
]

PROBLEMS_KEPT = 100
"""How many problems of a streamed source are named; the others are counted."""
MOST_PROBLEMS = 1_000
"""Problems of a file after which, if nothing else came of it, it is of another kind."""


Outcome = Literal["lost", "part", "repeated"]
"""What became of an entry with a problem: `lost`, no paper was read from it; `part`, a paper was
read, but for a part; `repeated`, it was read, and is one paper with an earlier entry."""


@dataclass(frozen=True, slots=True)
class Problem:
    """An entry that could not be read, that repeats another, or a part that had to be left out."""

    source: str
    """Name of the file."""
    line: int
    """Line of the entry, counted from 1."""
    text: str
    """How the entry begins."""
    reason: str
    outcome: Outcome = "lost"

    @classmethod
    def of_line(
        cls, source: str, number: int, line: bytes, reason: str, outcome: Outcome = "lost"
    ) -> Problem:
        """Make the problem of a line that a file of records holds."""
        return cls(source, number, one_line(line[:80].decode(errors="replace")), reason, outcome)

    @classmethod
    def of_entry(
        cls,
        source: str,
        line: int,
        start: str,
        reasons: Iterable[str],
        *,
        is_read: bool,
        repeats: int | None = None,
    ) -> list[Problem]:
        """Make the problems of one entry.

        Args:
            source: Name of the file.
            line: Line of the entry.
            start: How it begins.
            reasons: What could not be read of it, one sentence each.
            is_read: Whether a paper was read from it.
            repeats: The line of an earlier entry of the same paper.
        """
        found = [cls(source, line, start, one, "part" if is_read else "lost") for one in reasons]
        if repeats is not None:
            reason = f"repeats line {repeats}; the two are read as one paper"
            found.append(cls(source, line, start, reason, "repeated"))
        return found


@dataclass(frozen=True, slots=True)
class Summary:
    """What was read of a source too long to name all of it."""

    sentences: tuple[str, ...]
    """One line each."""
    more_problems: int = 0
    """How many problems there were besides those that came as `Problem`."""
    more_lost: int = 0
    """How many of these were entries from which no paper was read."""


class Source(Protocol):
    """Where papers come from: a list, a file of records, a catalogue."""

    @property
    def key(self) -> str:
        """Where it is and what to take of it: an index remembers it, `open_source` opens it.

        Raises:
            SourceError: It cannot be kept as text.
        """
        ...

    @property
    def label(self) -> str:
        """What messages and the page call it."""
        ...

    @property
    def streamed(self) -> bool:
        """Whether its papers pass through one by one, because they may be too many to hold.

        Such papers bring their own abstracts. The papers of other sources are read
        whole, joined with each other, and then given the abstracts that arXiv has.
        """
        ...

    def read(self, progress: Progress) -> Iterator[Paper | Problem | Summary | ListAbout]:
        """Read the papers in order, name what could not be read, and say what the list is.

        Args:
            progress: Called as ("snapshot", bytes read, bytes in all) by a source that
                takes long; others need not call it.

        Raises:
            SourceError: The source as a whole cannot be read, or holds no paper.
        """
        ...


@dataclass(frozen=True, slots=True)
class ParsedList:
    """What a list holds."""

    papers: tuple[Paper, ...]
    """One record of each entry, in the list's order; a paper listed twice is here twice."""
    problems: tuple[Problem, ...]
    """What could not be read, with line and reason, in the list's order."""
    about: ListAbout = field(default_factory=ListAbout)
    """What the list says of itself."""
    account: tuple[str, ...] = ()
    """What else was noticed, one sentence each: files that were read, columns not known."""

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories that have entries, in the list's order."""
        return tuple(dict.fromkeys(paper.category for paper in self.papers))


def parse_source(source: Source) -> ParsedList:
    """Read a whole source.

    A source that has a method `parse` says there what it holds, even if that is no paper.

    Raises:
        SourceError: It cannot be read, or is of a kind that needs a paper and holds none.
    """
    parse = getattr(source, "parse", None)
    if parse is not None:
        parsed: ParsedList = parse()
        return parsed
    papers: list[Paper] = []
    problems: list[Problem] = []
    account: list[str] = []
    about = ListAbout()
    for item in source.read(lambda *_: None):
        if isinstance(item, Paper):
            papers.append(item)
        elif isinstance(item, Problem):
            problems.append(item)
        elif isinstance(item, ListAbout):
            about = item
        else:
            account += item.sentences
    return ParsedList(tuple(papers), tuple(problems), about, tuple(account))


def path_key(path: Path) -> str:
    """Return the whole path of a file, as an index remembers it.

    Raises:
        SourceError: It is not in UTF-8, so no text can hold it.
    """
    key = str(path.expanduser().resolve())
    try:
        key.encode()
    except UnicodeEncodeError:
        shown = key.encode(errors="replace").decode()
        raise SourceError(f"the path {shown} is not in UTF-8; rename the file or folder") from None
    return key


@dataclass(frozen=True, slots=True)
class PathSource:
    """A source that is a file or a folder: an index remembers its whole path."""

    path: Path
    streamed: ClassVar[bool] = False

    @property
    def key(self) -> str:
        """The whole path.

        Raises:
            SourceError: It is not in UTF-8.
        """
        return path_key(self.path)

    @property
    def label(self) -> str:
        """The name of the file or folder."""
        return self.path.name or self.path.resolve().name or str(self.path)


class WholeSource(PathSource):
    """A file or folder that is read whole, before the first of its papers is given."""

    __slots__ = ()

    @abstractmethod
    def parse(self) -> ParsedList:
        """Read everything; a source without a single paper is no error.

        Raises:
            SourceError: It cannot be read, or is not of the format that its name says.
        """

    @abstractmethod
    def nothing_found(self, first: str) -> str:
        """Say that it holds no paper, and what one looks like.

        Args:
            first: Where and why the first entry could not be read, in brackets and behind a
                blank; empty if there is none.
        """

    def read(self, progress: Progress) -> Iterator[Paper | Problem | Summary | ListAbout]:  # noqa: ARG002 - quick
        """Give the papers, then what could not be read and what the list says of itself.

        Raises:
            SourceError: As `parse`, or it holds no paper.
        """
        parsed = self.parse()
        yield from parsed.papers
        yield from parsed.problems
        if parsed.account:
            yield Summary(parsed.account)
        if not parsed.papers:
            first = next((f" ({self._place(p)}: {p.reason})" for p in parsed.problems), "")
            raise SourceError(self.nothing_found(first))
        if parsed.about:
            yield parsed.about

    def _place(self, problem: Problem) -> str:
        return f"line {problem.line}" if problem.source == self.label else problem.source
