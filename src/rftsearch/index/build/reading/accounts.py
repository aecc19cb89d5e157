"""What was read of each source, and which name tells it from the others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from rftsearch.errors import OutputError, RftsearchError
from rftsearch.files import replace_file
from rftsearch.papers.about import ListAbout
from rftsearch.papers.merge import Merge
from rftsearch.papers.paper import Paper, Provenance
from rftsearch.sources.base import Outcome, Problem
from rftsearch.sources.registry import open_source
from rftsearch.text.plural import plural

__all__ = ["Account", "PlaceNames", "ReadReport", "SourceReport", "check_place", "write_problems"]


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What was read of one source."""

    key: str
    """As the index remembers it."""
    name: str
    """As messages call it; no other source of the index has this name."""
    entries: int = 0
    """Entries that were read, each of them one paper or project."""
    with_arxiv_id: int = 0
    merged: int = 0
    """Of the entries read, those of a paper that has an earlier one in this or another source."""
    problems: tuple[Problem, ...] = ()
    """Entries, or parts of them, that were not understood, and entries that repeat another."""
    more_problems: int = 0
    """How many there are besides, if they are too many to name."""
    more_lost: int = 0
    """How many of these are entries from which no paper was read."""

    @property
    def not_understood(self) -> int:
        """Entries from which no paper was read; they are not among those read."""
        return self._with_outcome("lost") + self.more_lost

    @property
    def read_in_part(self) -> int:
        """Of the entries read, those of which a part was not understood.

        Of a source with too many problems to name, only those whose problem is named count.
        """
        return self._with_outcome("part")

    def _with_outcome(self, outcome: Outcome) -> int:
        return len({(one.source, one.line) for one in self.problems if one.outcome == outcome})

    def __str__(self) -> str:
        """Say it in one line."""
        in_part = f" ({self.read_in_part:,} in part)" if self.read_in_part else ""
        return (
            f"{self.name}: {plural(self.entries, 'entry', 'entries')} read{in_part}, "
            f"{self.with_arxiv_id:,} with an arXiv id, {self.merged:,} merged; "
            f"{self.not_understood:,} not understood"
        )


@dataclass
class Account:
    """What was read of a source so far."""

    key: str
    name: str
    entries: int = 0
    with_arxiv_id: int = 0
    merged: int = 0
    problems: list[Problem] = field(default_factory=list)
    more_problems: int = 0
    more_lost: int = 0
    sentences: tuple[str, ...] = ()

    @property
    def place(self) -> Provenance:
        """The source as a place of papers that do not say on which line they stand."""
        return Provenance(self.name, 0)

    def report(self) -> SourceReport:
        """Return it as it is now."""
        return SourceReport(
            self.key,
            self.name,
            self.entries,
            self.with_arxiv_id,
            self.merged,
            tuple(self.problems),
            self.more_problems,
            self.more_lost,
        )


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
    sources: tuple[SourceReport, ...] = ()
    """What was read of each source, in their order."""
    merges: tuple[Merge, ...] = ()
    """Entries that became one paper."""


def check_place(path: Path) -> None:
    """Refuse a file for problems that has no folder, or is one.

    Raises:
        OutputError: There is no such folder, or the path is a folder itself.
    """
    folder = path.absolute().parent
    if not folder.is_dir():
        raise OutputError(f"cannot write {path}: there is no folder {folder}; make it first")
    if path.is_dir():
        raise OutputError(f"cannot write {path}: it is a folder; name a file with --problems")


def write_problems(path: Path, problems: Iterable[Problem], merges: Iterable[Merge] = ()) -> None:
    """Write what was not understood, and which entries were merged, each on a line.

    Args:
        path: A file; JSON Lines if its name ends with .jsonl, .ndjson or .json, else text.
        problems: What was not understood.
        merges: Entries that became one paper.

    Raises:
        OutputError: The file cannot be written.
    """
    if path.suffix.lower() in {".jsonl", ".ndjson", ".json"}:
        records = [{"kind": "problem", **asdict(each)} for each in problems]
        records += [{"kind": "merge", **asdict(each)} for each in merges]
        lines = [json.dumps(record, ensure_ascii=False) for record in records]
    else:
        lines = [f"{p.source}, line {p.line}: {p.reason}: {p.text}" for p in problems]
        lines += [str(merge) for merge in merges]
    text = "".join(f"{line}\n" for line in lines)
    try:
        replace_file(path, text.encode("utf-8", "replace"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(
            f"cannot write {path}: {reason}; name another file with --problems"
        ) from error


class PlaceNames:
    """Tells apart sources of one file name: two lists called README.md.

    The first source that uses a name keeps it, so that a source which is added changes no
    record of the others. A later one is called by more of its path: `other/README.md`.
    """

    def __init__(self, keys: Iterable[str] = ()) -> None:
        """Begin with the sources that an index has."""
        self._shown: dict[tuple[str, str], str] = {}
        self._taken: set[str] = set()
        for key in keys:
            try:
                self.name(key, open_source(key).label)
            except RftsearchError:
                continue  # A key that cannot be opened any more has no name to defend.

    def name(self, key: str, name: str) -> str:
        """Return what to call a source, or a part of it, that calls itself `name`."""
        if (key, name) not in self._shown:
            shown = next(each for each in _longer_names(key, name) if each not in self._taken)
            self._shown[key, name] = shown
            self._taken.add(shown)
        return self._shown[key, name]

    def key_of(self, shown: str) -> str | None:
        """Return the key of the source that has a name; None if none has."""
        return next((key for (key, _), name in self._shown.items() if name == shown), None)

    def paper(self, key: str, paper: Paper) -> Paper:
        """Return a paper with the names of its places told apart."""
        places = tuple(
            Provenance(self.name(key, place.source), place.line) for place in paper.provenance
        )
        return paper if places == paper.provenance else replace(paper, provenance=places)

    def problem(self, key: str, problem: Problem) -> Problem:
        """Return a problem with the name of its source told apart."""
        return replace(problem, source=self.name(key, problem.source))


def _longer_names(key: str, name: str) -> Iterable[str]:
    """Yield a name, and then longer ones from the key of the source."""
    yield name
    parts = [part for part in re.split(r"[/\\]+", key) if part]
    if parts and parts[-1] == name:
        for start in range(len(parts) - 2, -1, -1):
            yield "/".join(parts[start:])
    else:
        for start in range(len(parts) - 1, -1, -1):
            yield f"{'/'.join(parts[start:])}/{name}"
    number = 2
    while True:
        yield f"{name} ({number})"
        number += 1
