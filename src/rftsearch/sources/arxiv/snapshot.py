"""arXiv's public metadata snapshot as a source of papers.

It is a file of one JSON object a line; `snapshot_record` reads a line. The file holds
millions of lines, so they are read one after another, and a build that was stopped
reads them again from the first: a compressed file cannot be entered in the middle, and
unpacking takes longer than passing over lines. What costs time, the embeddings, is in
the store by then.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self
from urllib.parse import parse_qs, quote, unquote

from rftsearch.errors import FilterError, SourceError
from rftsearch.papers.arxiv_id import month_of_id, parse_arxiv_id
from rftsearch.papers.paper import Paper
from rftsearch.sources.arxiv.paper import arxiv_paper
from rftsearch.sources.arxiv.snapshot_record import (
    ForeignError,
    load_record,
    metadata_of,
    version_days,
)
from rftsearch.sources.base import PROBLEMS_KEPT, Outcome, Problem, Summary
from rftsearch.sources.bounds import bounded_metadata
from rftsearch.sources.jsonl import LineError, LineReader, is_long, text_in
from rftsearch.text.dates import check_date, lies_before
from rftsearch.text.plural import plural
from rftsearch.types import Progress

__all__ = ["SCHEME", "Snapshot", "SnapshotReader"]

SCHEME = "arxiv-snapshot"
"""What the keys of snapshots begin with, before a colon."""
_LINES_A_STEP = 2_000
"""Lines between two steps of the progress: some hundredths of a second."""

_CATEGORY = re.compile(r"[a-z]+(?:-[a-z]+)?(?:\.(?:\*|[a-z]+(?:-[a-z]+)?))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot, and which of its papers to take.

    Raises:
        FilterError: A category or a day that cannot be one.
    """

    path: Path
    categories: tuple[str, ...] = ()
    """Only papers in one of these arXiv categories, primary or not: `cs.CV`, or a whole
    archive, `cs` or `cs.*`, in any case. Empty: all papers."""
    since: str | None = None
    """Only papers whose first version is from then or later: `2024`, `2024-01` or
    `2024-01-15`. If a paper has no days, the month of its id counts."""
    streamed: ClassVar[bool] = True

    def __post_init__(self) -> None:
        """Check the filters, and write each category in one way."""
        for category in self.categories:
            if not _CATEGORY.fullmatch(category.strip()):
                raise FilterError(
                    f"{category!r} is not an arXiv category; write it like cs.CV, or cs for all "
                    "of cs"
                )
        plain = (category.strip().removesuffix(".*") for category in self.categories)
        object.__setattr__(self, "categories", tuple(dict.fromkeys(plain)))
        object.__setattr__(self, "since", _check_since(self.since) if self.since else None)

    @property
    def key(self) -> str:
        """Path and filters in one line, as an index remembers them."""
        asked = {"category": ",".join(self.categories), "since": self.since}
        query = "&".join(f"{key}={value}" for key, value in asked.items() if value)
        path = quote(str(self.path.expanduser().resolve()), errors="surrogateescape")
        return f"{SCHEME}:{path}{'?' if query else ''}{query}"

    @classmethod
    def from_key(cls, key: str) -> Self:
        """Undo `key`.

        Raises:
            FilterError: Its filters make no sense.
        """
        path, _, query = key.removeprefix(f"{SCHEME}:").partition("?")
        asked = parse_qs(query)
        categories = asked["category"][0].split(",") if "category" in asked else ()
        since = asked["since"][0] if "since" in asked else None
        return cls(Path(unquote(path, errors="surrogateescape")), tuple(categories), since)

    @property
    def label(self) -> str:
        """The name of the file, with the filters in words."""
        return f"{self.path.name} ({self.filters})" if self.filters else self.path.name

    @property
    def filters(self) -> str:
        """What is asked for, in words; empty for everything."""
        return " ".join(
            [f"in {' or '.join(self.categories)}"] * bool(self.categories)
            + [f"since {self.since}"] * bool(self.since)
        )

    def read(self, progress: Progress) -> Iterator[Paper | Problem | Summary]:
        """Read the papers that are wanted; the problems and a summary come last.

        Raises:
            SourceError: As iterating over a `SnapshotReader`.
        """
        reader = SnapshotReader(self, progress)
        yield from reader
        yield from reader.problems
        yield Summary(reader.account, reader.more_problems, reader.more_lost)


class SnapshotReader:
    """The papers of a snapshot, each id once, and an account of its lines.

    Iterate over it once; the account is complete afterwards. Of an id that comes
    twice the first line counts.

    Attributes:
        lines: Papers read so far, readable or not.
        taken: Of these, papers given out.
        unreadable: Of these, lines that could not be read.
        problems: The first `PROBLEMS_KEPT` of those, and of lines that were cut.
        more_problems: How many there are besides.
        more_lost: Of these, lines that could not be read.
    """

    def __init__(self, snapshot: Snapshot, progress: Progress | None = None) -> None:
        """Prepare to read; nothing is opened yet.

        Args:
            snapshot: The file and what to take of it.
            progress: Called with "snapshot", and the bytes read of the file as it lies
                there and its size; 0 if that is not known.
        """
        self.snapshot = snapshot
        self.lines = 0
        self.taken = 0
        self.unreadable = 0
        self.problems: list[Problem] = []
        self.more_problems = 0
        self.more_lost = 0
        self._progress: Progress = progress or (lambda *_: None)
        self._wanted = {category.casefold() for category in snapshot.categories}
        self._categories_found: set[str] = set()
        # Ids read so far, as bits of their last three digits under what stands before
        # them: all ids of arXiv take a few megabytes.
        self._seen: defaultdict[str, int] = defaultdict(int)

    def __iter__(self) -> Iterator[Paper]:
        """Read the papers that are wanted, in the file's order.

        Raises:
            SourceError: The file cannot be read, is not a snapshot, is cut short or
                damaged, or holds nothing of what is asked for.
        """
        with LineReader(self.snapshot.path) as reader:
            for line in reader:
                if reader.line % _LINES_A_STEP == 0:
                    self._progress("snapshot", reader.position, reader.size)
                if not line.strip():
                    continue
                self.lines += 1
                try:
                    paper, cut = self._read(line)
                except LineError as error:
                    self._note(reader, line, error)
                else:
                    self._name(reader, line, cut, "part")
                    if paper is not None:
                        self.taken += 1
                        yield paper
            self._progress("snapshot", reader.size, reader.size)
        if not self.taken:
            raise SourceError(self._nothing_found())

    @property
    def account(self) -> tuple[str, ...]:
        """What was read, in sentences of one line each."""
        name = self.snapshot.path.name
        bad = f", {self.unreadable:,} could not be read" if self.unreadable else ""
        sentences = [f"{name}: {self.taken:,} of {plural(self.lines, 'paper')} taken{bad}"]
        unmet = [
            name
            for name in self.snapshot.categories
            if name.casefold() not in self._categories_found
        ]
        if unmet:
            sentences.append(f"{name}: nothing was taken for {', '.join(unmet)}")
        return tuple(sentences)

    def _read(self, line: bytes) -> tuple[Paper | None, tuple[str, ...]]:
        """Return the paper of a line, None if it is not wanted, and what of it was cut.

        Raises:
            LineError: It cannot be read; says why.
        """
        record = load_record(line)
        classes = text_in(record, "categories").split()
        if self._wanted and not self._fits(classes):
            return None, ()
        arxiv_id = parse_arxiv_id(text_in(record, "id"))
        if arxiv_id is None:
            raise LineError("id is not an arXiv id")
        first, last = version_days(record)
        since = self.snapshot.since
        # Of a paper without days the id says the month, which may reach the day.
        if since and lies_before(first or month_of_id(arxiv_id), since):
            return None, ()
        metadata, cut = bounded_metadata(metadata_of(record, arxiv_id, classes, first, last))
        paper = arxiv_paper(metadata)
        self._only_once(arxiv_id)
        if len(self._categories_found) < len(self._wanted):
            self._categories_found |= self._wanted & _forms(classes)
        return paper, cut

    def _fits(self, classes: list[str]) -> bool:
        return not self._wanted.isdisjoint(_forms(classes))

    def _only_once(self, arxiv_id: str) -> None:
        prefix, bit = arxiv_id[:-3], 1 << int(arxiv_id[-3:])
        if self._seen[prefix] & bit:
            raise LineError(f"{arxiv_id} has a line already")
        self._seen[prefix] |= bit

    def _note(self, reader: LineReader, line: bytes, error: LineError) -> None:
        """Count a line that cannot be read.

        Raises:
            SourceError: It shows that the file is not a snapshot, or cut short.
        """
        if self.lines == 1 and isinstance(error, ForeignError):
            raise SourceError(
                f"{self.snapshot.path} is not a metadata snapshot of arXiv: its line {reader.line} "
                "is not a JSON object with id and title; give the file of one such object a line"
            )
        if isinstance(error, ForeignError) and not line.endswith(b"\n") and not is_long(line):
            raise reader.cut_short()
        self.unreadable += 1
        self._name(reader, line, [str(error)], "lost")

    def _name(
        self, reader: LineReader, line: bytes, reasons: Sequence[str], outcome: Outcome
    ) -> None:
        """Keep the problems of a line, as long as there are not too many."""
        for reason in reasons:
            if len(self.problems) < PROBLEMS_KEPT:
                name = self.snapshot.path.name
                self.problems.append(Problem.of_line(name, reader.line, line, reason, outcome))
            else:
                self.more_problems += 1
                self.more_lost += outcome == "lost"

    def _nothing_found(self) -> str:
        path, filters = self.snapshot.path, self.snapshot.filters
        if not self.lines:
            return f"{path} is empty; give arXiv's metadata snapshot"
        if self.unreadable == self.lines:
            first = self.problems[0]
            return (
                f"no readable papers in {path} (line {first.line}: {first.reason}); "
                "give arXiv's metadata snapshot as it is published"
            )
        if self.lines == 1:
            return f"the one paper in {path} is not {filters}; check the filters"
        return f"none of the {self.lines:,} papers in {path} is {filters}; check the filters"


# --- the filters -------------------------------------------------------------


def _check_since(text: str) -> str:
    """Return `text` if it is a year, a month or a day.

    Raises:
        FilterError: It is something else.
    """
    try:
        return check_date(text)
    except ValueError:
        raise FilterError(
            f"{text.strip()!r} is not a day; write it like 2024, 2024-01 or 2024-01-15"
        ) from None


def _forms(classes: list[str]) -> set[str]:
    """Return categories and the archives they are in: `cs.cv` and `cs`."""
    folded = {name.casefold() for name in classes}
    return folded | {name.partition(".")[0] for name in folded}
