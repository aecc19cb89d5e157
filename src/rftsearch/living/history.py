"""What an index held on a day, and what changed since: the history in its store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rftsearch.errors import IndexDamagedError, UsageError
from rftsearch.index.build.changes import Change, as_before, list_changes
from rftsearch.index.generations.manifest import Manifest
from rftsearch.index.store.history import PastChange, PastGeneration
from rftsearch.index.store.store import Store
from rftsearch.papers.paper import Paper
from rftsearch.text import dates
from rftsearch.text.dates import is_from, lies_after

if TYPE_CHECKING:
    from rftsearch.index.engines.parts import Records

__all__ = ["History", "LogEntry", "Past", "check_date", "open_history"]


def check_date(text: str) -> str:
    """Return a year, a month or a day without blanks around it.

    Raises:
        UsageError: It is something else.
    """
    try:
        return dates.check_date(text)
    except ValueError:
        raise UsageError(
            f"{text.strip()!r} is not a date; write it like 2026-03-15, 2026-03 or 2026"
        ) from None


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A generation, and what it changed."""

    generation: PastGeneration
    added: int
    removed: int
    changed: int
    lines: tuple[str, ...]
    """The changes, one line each: `+ GRIT`, `- GRIT`, `~ SATORI-R1 -> SATORI`."""

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "generation": self.generation.number,
            "built": self.generation.built,
            "papers": self.generation.papers,
            "previous": self.generation.previous,
            "added": self.added,
            "removed": self.removed,
            "changed": self.changed,
            "changes": list(self.lines),
        }


@dataclass(frozen=True, slots=True)
class Past:
    """How an earlier generation differs from the index as it is now."""

    generation: PastGeneration
    added: frozenset[str]
    """Ids of papers of the index that it did not have."""
    restored: Mapping[str, Paper] = field(hash=False)
    """Papers as they were, by the ids they have now: those that changed since."""
    gone: tuple[Paper, ...] = ()
    """Papers that it had and that the index has not."""


class History:
    """Reads the history of one generation of an index."""

    def __init__(self, store: Records, manifest: Manifest) -> None:
        """Read from the store of a generation.

        Args:
            store: It stays open as long as this is used.
            manifest: Of the generation that counts as the present.
        """
        self._store = store
        self._now = manifest.generation
        papers = manifest.counts["papers"] + manifest.counts["projects"]
        known = [one for one in store.history.generations() if one.number <= self._now]
        if not known or known[-1].number != self._now:
            # It was built before there was a history, or by an rftsearch that keeps none.
            known.append(PastGeneration(self._now, manifest.built, papers, None))
        self.generations = tuple(known)
        """All that are known, by ascending number."""

    @property
    def reachable(self) -> tuple[PastGeneration, ...]:
        """The generations that can be looked at: those since which every change is known."""
        first = max(n for n, one in enumerate(self.generations) if one.previous is None)
        return self.generations[first:]

    def log(self) -> list[LogEntry]:
        """Return what each generation changed, the newest first."""
        counts = self._store.history.counts()
        return [
            LogEntry(one, *counts.get(one.number, (0, 0, 0)), self._lines(one.number))
            for one in reversed(self.generations)
        ]

    def _lines(self, number: int) -> tuple[str, ...]:
        lines = [one.line for one in self._store.history.changes(number - 1, number)]
        return tuple(sorted(lines, key=lambda line: "+-~".find(line[0])))

    def generation(self, number: int) -> PastGeneration:
        """Return a generation that can be looked at.

        Raises:
            UsageError: There is none of this number.
        """
        known = {one.number: one for one in self.reachable}
        if number not in known:
            first, last = self.reachable[0].number, self.reachable[-1].number
            raise UsageError(
                f"generation {number} is not in the history, which reaches from {first} to "
                f"{last}; `rftsearch log` lists them"
            )
        return known[number]

    def on(self, day: str) -> PastGeneration:
        """Return the last generation of a day, a month or a year, or the last one before it.

        Args:
            day: `2026-03-15`, `2026-03` or `2026`, in UTC.

        Raises:
            UsageError: It is no date, or the history begins later.
        """
        day = check_date(day)
        found = [one for one in self.reachable if not lies_after(one.built, day)]
        if not found:
            first = self.reachable[0].built[:10]
            raise UsageError(
                f"the history of this index begins on {first}; name that day or a later one"
            )
        return found[-1]

    def past(self, generation: PastGeneration) -> Past:
        """Return how a generation differs from the present.

        Raises:
            IndexDamagedError: The history cannot be read.
        """
        then, now, ids = self._states(generation.number)
        restored: dict[str, Paper] = {}
        gone: list[Paper] = []
        # First those that have another id now: an id may have been that of two papers.
        for was, paper in sorted(then.items(), key=lambda item: item[0] not in ids):
            current = ids.get(was, was)
            if paper is not None and current in now and current not in restored:
                restored[current] = paper
            elif paper is not None:
                gone.append(paper)
        return Past(generation, frozenset(now.keys() - restored.keys()), restored, tuple(gone))

    def diff(self, first: PastGeneration, second: PastGeneration) -> list[Change]:
        """List what changed from one generation to another, in either direction.

        Raises:
            IndexDamagedError: The history cannot be read.
        """
        before, now, _ = self._states(first.number)
        after, later, _ = self._states(second.number)
        now |= later
        ids = {**before, **after}
        old = [before[each] if each in before else now.get(each) for each in ids]
        new = [after[each] if each in after else now.get(each) for each in ids]
        pairs = [pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]]
        return list_changes(
            [paper for paper, _ in pairs if paper is not None],
            [paper for _, paper in pairs if paper is not None],
        )

    def listed_since(self, day: str) -> dict[str, str]:
        """Return the papers that were added on a day or later, and when, by their ids.

        Args:
            day: As for `on`. What the index had when its history began is not among them.
        """
        day = check_date(day)
        built = {one.number: one.built for one in self.reachable if is_from(one.built, day)}
        if not built:
            return {}
        found: dict[str, str] = {}
        # Newest first: a paper that went and came again is new again.
        for change in self._changes(min(built) - 1):
            if change.before is None and change.generation in built:
                found.setdefault(change.paper_id, built[change.generation])
        there = self._store.history.members(self._now, found)
        return {paper_id: when for paper_id, when in found.items() if paper_id in there}

    def _changes(self, after: int) -> Iterator[PastChange]:
        yield from self._store.history.changes(after, self._now)

    def _states(
        self, number: int
    ) -> tuple[dict[str, Paper | None], dict[str, Paper], dict[str, str]]:
        """Return the papers that changed after a generation, as they were then and are now.

        Returns:
            How each was, by the id it had, None if it was not there; those that are there
            now, by their ids; and the ids that papers have now which had others then.
        """
        changes = list(self._changes(number))
        members = self._store.history.members(self._now, {one.paper_id for one in changes})
        now = {paper_id: paper for paper_id, (_, paper) in members.items()}
        then: dict[str, Paper | None] = dict(now)
        ids: dict[str, str] = {}
        for change in changes:
            try:
                paper = as_before(change, then.get(change.paper_id))
            except ValueError as error:
                raise IndexDamagedError(
                    f"the history in {self._store.path} is damaged: generation "
                    f"{change.generation} does not fit {change.paper_id}"
                ) from error
            then[change.paper_id] = None
            if paper is not None:
                then[paper.id] = paper
                if paper.id != change.paper_id:
                    ids[paper.id] = ids.get(change.paper_id, change.paper_id)
        return then, now, ids


@contextmanager
def open_history(index: str | Path) -> Iterator[History]:
    """Open the history of an index.

    Args:
        index: Its folder.

    Raises:
        IndexMissingError, IndexDamagedError, IndexFormatError: See errors.
    """
    index = Path(index)
    manifest = Manifest.read(index)
    with Store.open(index) as store:
        yield History(store, manifest)
