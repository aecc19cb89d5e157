"""The SQLite file of the store: its tables, how it is opened, and how it is asked.

Write-ahead logging lets readers go on while a build writes. A folder that cannot be
written has no such log beside it and is read as immutable.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from rftsearch.errors import IndexDamagedError, IndexFormatError, IndexWriteError

__all__ = ["FILE_NAME", "IN_ORDER", "MEMBER", "NEXT_MEMBERS", "Database", "explained"]

FILE_NAME = "store.sqlite3"
_APPLICATION_ID = 0x52465453  # "RFTS": tells our files from any other SQLite file.

# Applied in order, each once, in one transaction; never edited after a release.
_MIGRATIONS = (
    (
        "papers, embeddings, arXiv answers, generations",
        """
        CREATE TABLE papers (
            id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given out twice
            paper_id TEXT NOT NULL,
            record_hash BLOB NOT NULL,
            text_hash BLOB NOT NULL,
            title_hash BLOB NOT NULL,
            name_key TEXT NOT NULL,
            title_key TEXT NOT NULL,
            abstract_state TEXT NOT NULL,
            record TEXT NOT NULL,
            added INTEGER NOT NULL,
            removed INTEGER
        ) STRICT;
        CREATE INDEX papers_by_paper_id ON papers (paper_id);
        CREATE INDEX papers_by_name ON papers (name_key);
        CREATE INDEX papers_by_title ON papers (title_key);
        CREATE INDEX papers_by_text ON papers (text_hash);
        CREATE INDEX papers_by_title_text ON papers (title_hash);
        CREATE TABLE models (
            id INTEGER PRIMARY KEY,
            fingerprint TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL
        ) STRICT;
        CREATE TABLE embeddings (
            model INTEGER NOT NULL REFERENCES models (id),
            text_hash BLOB NOT NULL,
            vector BLOB NOT NULL,                  -- float32, little-endian
            windowed INTEGER NOT NULL,            -- 1: longer than the model reads
            UNIQUE (model, text_hash)
        ) STRICT;
        CREATE TABLE arxiv (
            arxiv_id TEXT PRIMARY KEY,
            metadata TEXT,                         -- NULL: asked, and arXiv has no such id
            fetched TEXT NOT NULL
        ) STRICT;
        CREATE TABLE generations (
            number INTEGER PRIMARY KEY,
            description TEXT NOT NULL
        ) STRICT;
        """,
    ),
    (
        "what a generation brought and took",
        """
        CREATE INDEX papers_by_added ON papers (added);
        CREATE INDEX papers_by_removed ON papers (removed) WHERE removed IS NOT NULL;
        DROP INDEX papers_by_name;
        DROP INDEX papers_by_title;
        """,
    ),
)


# The plus signs keep SQLite from its indexes of both: nearly every row passes, and it
# would sort what it finds by id.
MEMBER = "+added <= :generation AND (removed IS NULL OR +removed > :generation)"
"""The condition of a paper's being in a generation."""
IN_ORDER = " ORDER BY papers.id LIMIT :limit"
NEXT_MEMBERS = f" WHERE {MEMBER} AND papers.id > :after" + IN_ORDER
"""The next members after an id, for `_in_portions`."""


class Database:
    """One open connection, and how statements are run; methods are safe from several threads."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        """Wrap a connection; use `create` or `open`."""
        self._connection = connection
        self._lock = threading.RLock()
        self.path = path

    @classmethod
    def create(cls, folder: Path) -> Self:
        """Open the store of an index for writing, making or migrating it first.

        Raises:
            IndexFormatError: A newer rftsearch, or another program, wrote the file.
            IndexDamagedError: SQLite cannot read it.
            IndexWriteError: It cannot be written.
        """
        path = folder / FILE_NAME
        with explained(path):
            connection = sqlite3.connect(path, timeout=30, check_same_thread=False)
            try:
                connection.isolation_level = None  # Transactions are written out below.
                _check_application(connection, path)
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("PRAGMA foreign_keys = ON")
                # Keys are hashes: each new one touches another page of an index.
                connection.execute("PRAGMA cache_size = -65536")  # in KiB
                store = cls(connection, path)
                store._migrate()
            except BaseException:
                connection.close()
                raise
        return store

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the store of an index for reading only.

        Raises:
            IndexDamagedError: The file is missing or SQLite cannot read it.
            IndexFormatError: Another version of rftsearch, or another program, wrote it.
        """
        path = folder / FILE_NAME
        if not path.is_file():
            raise IndexDamagedError(f"{path} is missing; `rftsearch build` makes the index anew")
        with explained(path):
            connection = _connect_read_only(path)
            try:
                _check_application(connection, path)
                version = connection.execute("PRAGMA user_version").fetchone()[0]
                if version != len(_MIGRATIONS):
                    raise IndexFormatError(
                        f"{path} has format {version}, this rftsearch reads {len(_MIGRATIONS)}; "
                        "`rftsearch build` brings it up to date"
                    )
            except BaseException:
                connection.close()
                raise
        return cls(connection, path)

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        """Use it in a `with`."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close at the end of a `with`."""
        self.close()

    def verify(self) -> None:
        """Have SQLite check the whole file.

        Raises:
            IndexDamagedError: It found something.
        """
        found = self._one("PRAGMA integrity_check(1)")
        if found != "ok":
            raise IndexDamagedError(
                f"{self.path} is damaged ({found}); move it away and run `rftsearch build`"
            )

    def _migrate(self) -> None:
        done = self._one("PRAGMA user_version")
        if done > len(_MIGRATIONS):
            raise IndexFormatError(
                f"{self.path} was written by a newer rftsearch; update this one, "
                "or build into another folder with --index"
            )
        for number, (_name, statements) in enumerate(_MIGRATIONS[done:], start=done + 1):
            self._connection.executescript(
                f"BEGIN IMMEDIATE; {statements}; PRAGMA user_version = {number};"
                f" PRAGMA application_id = {_APPLICATION_ID}; COMMIT;"
            )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock, explained(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                # A full disk makes SQLite roll back by itself.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def _one(self, statement: str, *values: object) -> Any:  # noqa: ANN401 - SQLite decides
        with self._lock, explained(self.path):
            return self._connection.execute(statement, values).fetchone()[0]

    def _select_in(
        self, statement: str, keys: Sequence[object], *before: object
    ) -> Iterator[tuple[Any, ...]]:
        """Run `... IN ({})` over any number of keys, in portions SQLite takes."""
        for start in range(0, len(keys), 500):
            portion = keys[start : start + 500]
            marks = ",".join("?" * len(portion))
            with self._lock, explained(self.path):
                rows = self._connection.execute(
                    statement.format(marks), (*before, *portion)
                ).fetchall()
            yield from rows

    def _in_portions(
        self, statement: str, values: Mapping[str, object], size: int = 1000, after: int = 0
    ) -> Iterator[list[tuple[Any, ...]]]:
        """Rows of a statement that asks for those `:after` an id, `:limit` at a time."""
        while True:
            with self._lock, explained(self.path):
                rows = self._connection.execute(
                    statement, {**values, "after": after, "limit": size}
                ).fetchall()
            if not rows:
                return
            yield rows
            after = rows[-1][0]

    def _ids(self, condition: str, values: Mapping[str, object]) -> npt.NDArray[np.int64]:
        with self._lock, explained(self.path):
            rows = self._connection.execute(
                f"SELECT id FROM papers WHERE {condition} ORDER BY id",  # noqa: S608 - a constant
                values,
            )
            return np.fromiter((row[0] for row in rows), np.int64)


def _connect_read_only(path: Path) -> sqlite3.Connection:
    """Open a file for reading, where need be one that nobody may write."""
    uri = path.resolve().as_uri()
    connection = sqlite3.connect(f"{uri}?mode=ro", uri=True, timeout=10, check_same_thread=False)
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        if path.with_name(f"{path.name}-wal").exists():
            raise
        # No log beside the file and no right to make one: nobody is writing now. Where
        # that changes, an engine that meets a contradiction opens the store again.
        connection = sqlite3.connect(
            f"{uri}?mode=ro&immutable=1", uri=True, timeout=10, check_same_thread=False
        )
    return connection


def _check_application(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a file that is not ours.

    Raises:
        IndexFormatError: It is none.
    """
    # An empty file is a store that was never made; anything else must be ours.
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if application != _APPLICATION_ID and (tables or application):
        raise IndexFormatError(
            f"{path} is not a store of rftsearch; move it away or name another folder with --index"
        )


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's complaints into errors that name the cure."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # A mistake of ours, such as use after closing.
    except sqlite3.OperationalError as error:
        reason = str(error)
        if "locked" in reason or "busy" in reason:
            raise IndexWriteError(f"{path} is in use by another program; try again") from error
        if "full" in reason or "I/O" in reason:
            raise IndexWriteError(
                f"cannot write {path}: {reason}; free some space and build again"
            ) from error
        if "readonly" in reason or "unable to open" in reason:
            raise IndexWriteError(
                f"cannot write {path}: {reason}; check the folder's permissions "
                "or name another folder with --index"
            ) from error
        raise IndexDamagedError(
            f"{path} cannot be read ({reason}); move it away and run `rftsearch build`"
        ) from error
    except sqlite3.DatabaseError as error:
        raise IndexDamagedError(
            f"{path} is damaged ({error}); move it away and run `rftsearch build`"
        ) from error
