"""What each generation changed, kept for good, and the papers that were added by hand.

Of the generations themselves only two are kept. These tables keep what is needed to say
what an index held on a day: which papers came, what was changed of the others, and the
records of those that went. An rftsearch that does not know these tables passes over them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rftsearch.errors import IndexDamagedError
from rftsearch.index.store.database import Database
from rftsearch.index.store.record_json import paper_from_json, to_json
from rftsearch.papers.paper import Paper

__all__ = ["History", "PastChange", "PastGeneration"]

_TABLES = """
    CREATE TABLE IF NOT EXISTS history_generations (
        number INTEGER PRIMARY KEY,
        built TEXT NOT NULL,                   -- UTC, ISO 8601
        papers INTEGER NOT NULL,               -- papers and projects that it holds
        previous INTEGER,                      -- NULL: history begins here
        entries TEXT NOT NULL                  -- JSON: entries of each source, by its key
    ) STRICT;
    CREATE TABLE IF NOT EXISTS history_changes (
        generation INTEGER NOT NULL,
        paper_id TEXT NOT NULL,
        line TEXT NOT NULL,                    -- as people read it: `+ GRIT`
        before TEXT,                           -- NULL: it came. Else JSON: the fields that were
                                               -- other, or the whole record of a paper that went
        whole INTEGER NOT NULL,                -- 1: the paper went
        PRIMARY KEY (generation, paper_id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS papers_by_hand (
        paper_id TEXT NOT NULL,
        generation INTEGER NOT NULL,           -- the newest one counts
        record TEXT,                           -- as a program gave it, NULL: it was removed
        PRIMARY KEY (paper_id, generation)
    ) STRICT, WITHOUT ROWID;
"""
_PORTION = 2_000
"""Papers whose differences are looked at together."""
_COLUMNS = {
    "history_generations": "number",
    "history_changes": "generation",
    "papers_by_hand": "generation",
}
"""The tables, and which column has the number of the generation."""
_NEW = "added = :generation AND (removed IS NULL OR removed > :generation)"
_OLD = "removed = :generation AND added < :generation"


@dataclass(frozen=True, slots=True)
class PastGeneration:
    """A generation that was published."""

    number: int
    built: str
    """When, in UTC, ISO 8601."""
    papers: int
    """How many papers and projects it held."""
    previous: int | None
    """The generation before it; None if nothing is known of an earlier one."""
    entries: Mapping[str, int] = field(default_factory=dict, hash=False)
    """How many entries each source had, by its key, as far as that is known."""


@dataclass(frozen=True, slots=True)
class PastChange:
    """What a generation changed of one paper."""

    generation: int
    paper_id: str
    """Its id after the change; of a paper that went, the id that it had."""
    line: str
    """The change in one line: `+ GRIT`, `- GRIT`, `~ SATORI-R1 -> SATORI`."""
    before: Mapping[str, Any] | None = field(hash=False)
    """Plain JSON values of the fields that were other before, or of all of a paper that
    went; None for a paper that came."""
    went: bool


class History:
    """Reads the history in a store; in one that is open for writing it also goes on with it."""

    def __init__(self, database: Database) -> None:
        """Read from an open database."""
        self._database = database

    # --- reading ---

    @property
    def _exists(self) -> bool:
        """Whether the store has these tables; one that an earlier rftsearch wrote does not."""
        return (
            self._database.value("SELECT 1 FROM sqlite_schema WHERE name = 'history_generations'")
            is not None
        )

    def generations(self) -> list[PastGeneration]:
        """Return the generations that are known, by ascending number."""
        if not self._exists:
            return []
        rows = self._database.rows(
            "SELECT number, built, papers, previous, entries FROM history_generations"
            " ORDER BY number"
        )
        return [
            PastGeneration(number, built, papers, previous, self._loaded(entries))
            for number, built, papers, previous, entries in rows
        ]

    def changes(self, after: int, until: int | None = None) -> Iterator[PastChange]:
        """Yield what changed after a generation, up to another one, the newest change first.

        Args:
            after: The number of a generation; its own changes are not among them.
            until: The last generation whose changes are; None for the newest.
        """
        if not self._exists:
            return
        rows = self._database.rows(
            "SELECT generation, paper_id, line, before, whole FROM history_changes"
            " WHERE generation > :after AND (:until IS NULL OR generation <= :until)"
            " ORDER BY generation DESC, paper_id",
            {"after": after, "until": until},
        )
        for generation, paper_id, line, before, whole in rows:
            old = None if before is None else self._loaded(before)
            yield PastChange(generation, paper_id, line, old, bool(whole))

    def counts(self) -> dict[int, tuple[int, int, int]]:
        """Return how many papers each generation added, removed and changed, by its number."""
        if not self._exists:
            return {}
        rows = self._database.rows(
            "SELECT generation, sum(before IS NULL), sum(whole), sum(before IS NOT NULL AND"
            " NOT whole) FROM history_changes GROUP BY generation"
        )
        return {generation: tuple(counts) for generation, *counts in rows}

    def members(self, generation: int, paper_ids: Iterable[str]) -> dict[str, tuple[int, Paper]]:
        """Return integer ids and records of members of a generation, by paper id.

        Args:
            generation: One that is kept: the newest, or the one before.
            paper_ids: Which papers; one that is not a member is left out.
        """
        query = (
            "SELECT paper_id, id, record FROM papers WHERE added <= ?"
            " AND (removed IS NULL OR removed > ?) AND paper_id IN ({})"
        )
        rows = self._database.select_in(query, list(paper_ids), generation, generation)
        try:
            return {each: (number, paper_from_json(record)) for each, number, record in rows}
        except ValueError as error:
            raise self._damaged() from error

    def papers_by_hand(self) -> list[Paper]:
        """Return the records that programs gave and nobody removed, by ascending id."""
        if not self._exists:
            return []
        rows = self._database.rows(
            "SELECT record, max(generation) FROM papers_by_hand GROUP BY paper_id ORDER BY paper_id"
        )
        try:
            return [paper_from_json(record) for record, _ in rows if record is not None]
        except ValueError as error:
            raise self._damaged() from error

    def _loaded(self, text: str) -> dict[str, Any]:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise self._damaged() from error
        if not isinstance(value, dict):
            raise self._damaged()
        return value

    def _damaged(self) -> IndexDamagedError:
        return IndexDamagedError(
            f"the history in {self._database.path} is damaged; the papers may be intact: "
            "`rftsearch status --verify` checks them"
        )

    # --- writing ---

    def take_down(self, generation: PastGeneration, changes: Iterable[PastChange]) -> None:
        """Keep what a generation that is about to be published changes.

        Args:
            generation: The generation.
            changes: What it changes of each paper; may be many.
        """
        self._prepare()
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO history_generations VALUES (?, ?, ?, ?, ?)",
                (
                    generation.number,
                    generation.built,
                    generation.papers,
                    generation.previous,
                    json.dumps(dict(generation.entries)),
                ),
            )
            connection.executemany(
                "INSERT OR REPLACE INTO history_changes VALUES (?, ?, ?, ?, ?)",
                (
                    (
                        change.generation,
                        change.paper_id,
                        change.line,
                        None if change.before is None else _json(change.before),
                        int(change.went),
                    )
                    for change in changes
                ),
            )

    def forget_unpublished(self, published: int) -> None:
        """Undo what was taken down of generations that were never published."""
        if self._exists:
            with self._database.transaction() as connection:
                for table, column in _COLUMNS.items():
                    connection.execute(f"DELETE FROM {table} WHERE {column} > ?", (published,))  # noqa: S608 - constants

    def by_hand(
        self, generation: int, given: Iterable[Paper] = (), removed: Iterable[str] = ()
    ) -> None:
        """Keep records that a program gives, and forget those of papers that are removed.

        Args:
            generation: The number of the generation that is being made.
            given: Records as they were given.
            removed: Ids of papers.
        """
        rows: list[tuple[str, int, str | None]] = [
            (paper.id, generation, to_json(paper)) for paper in given
        ]
        known = {paper.id for paper in self.papers_by_hand()}
        rows += [(paper_id, generation, None) for paper_id in sorted(known & set(removed))]
        if not rows:
            return
        self._prepare()
        with self._database.transaction() as connection:
            connection.executemany("INSERT OR REPLACE INTO papers_by_hand VALUES (?, ?, ?)", rows)

    def differences(
        self, generation: int
    ) -> Iterator[tuple[list[tuple[str, str]], list[tuple[str, str]]]]:
        """Yield what a staged generation has that the one before had not, and the reverse.

        Yields:
            Versions of papers as (paper id, record) that are new, and those that are old: a
            portion of each. Both versions of a paper that changed come in one portion.
        """
        values = {"generation": generation}
        ids = [
            row[0]
            for row in self._database.rows(
                f"SELECT paper_id FROM papers WHERE {_NEW} UNION"  # noqa: S608 - constants
                f" SELECT paper_id FROM papers WHERE {_OLD} ORDER BY 1",
                values,
            )
        ]
        for start in range(0, len(ids), _PORTION):
            portion = ids[start : start + _PORTION]
            marks = ",".join(f":i{n}" for n in range(len(portion)))
            both = {**values, **{f"i{n}": each for n, each in enumerate(portion)}}
            new, old = (
                self._database.rows(
                    # A damaged record need not be text.
                    f"SELECT paper_id, CAST(record AS BLOB) FROM papers WHERE {condition}"  # noqa: S608
                    f" AND paper_id IN ({marks}) ORDER BY id",
                    both,
                )
                for condition in (_NEW, _OLD)
            )
            yield _decoded(new), _decoded(old)

    def _prepare(self) -> None:
        with self._database.transaction() as connection:
            for statement in filter(str.strip, _TABLES.split(";")):
                connection.execute(statement)


def _decoded(rows: Iterable[tuple[str, bytes]]) -> list[tuple[str, str]]:
    """Return rows of paper id and record as text; one that is no text becomes empty."""
    decoded = []
    for paper_id, record in rows:
        try:
            decoded.append((paper_id, record.decode()))
        except UnicodeDecodeError:
            decoded.append((paper_id, ""))
    return decoded


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False, separators=(",", ":"))
