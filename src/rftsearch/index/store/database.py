"""The SQLite file of the store: how it is opened, and how statements are run.

A build writes with a write-ahead log, so that readers go on reading meanwhile. When it
closes the store it puts everything into the one file again, as far as no reader has the
log open: reading such a file creates no other file, and needs no right to write.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import numpy as np

from rftsearch.errors import IndexDamagedError, IndexFormatError
from rftsearch.index.store.refusals import explained
from rftsearch.index.store.schema import APPLICATION_ID, MIGRATIONS, OLDEST_READABLE
from rftsearch.settings import build_command
from rftsearch.types import IdArray

__all__ = ["FILE_NAME", "IN_ORDER", "MEMBER", "NEXT_MEMBERS", "Database"]

FILE_NAME = "store.sqlite3"

# The plus signs keep SQLite from its indexes of both: nearly every row passes, and it
# would sort what it finds by id.
MEMBER = "+added <= :generation AND (removed IS NULL OR +removed > :generation)"
"""The condition that a paper is in a generation."""
IN_ORDER = " ORDER BY papers.id LIMIT :limit"
NEXT_MEMBERS = f" WHERE {MEMBER} AND papers.id > :after" + IN_ORDER
"""The next members after an id, for `Database.portions`."""
MOST_HELD = 32 << 20
"""Stores of up to this many bytes are held in memory by a process that goes on answering:
some 3,000 papers. To read a megabyte takes 1.3 ms."""


class Database:
    """One open connection. Its methods may be called from several threads."""

    def __init__(self, connection: sqlite3.Connection, path: Path, *, writable: bool) -> None:
        """Wrap a connection; use `create` or `open`."""
        self._connection = connection
        self._lock = threading.RLock()
        self._writable = writable
        self.path = path

    @classmethod
    def create(cls, folder: Path) -> Self:
        """Open the store of an index for writing; make or migrate it first.

        Raises:
            IndexFormatError: A newer rftsearch, or another program, wrote the file.
            IndexDamagedError: SQLite cannot read it.
            IndexWriteError: It cannot be written.
        """
        path = folder / FILE_NAME
        with explained(path, writing=True):
            connection = sqlite3.connect(path, timeout=30, check_same_thread=False)
            try:
                connection.isolation_level = None  # Transactions are written out below.
                _check_application(connection, path)
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("PRAGMA foreign_keys = ON")
                # Keys are hashes: each new one touches another page of an index.
                connection.execute("PRAGMA cache_size = -65536")  # in KiB
                store = cls(connection, path, writable=True)
                store._migrate()
            except BaseException:
                connection.close()
                raise
        return store

    @classmethod
    def open(cls, folder: Path, *, held: bool = False) -> Self:
        """Open the store of an index for reading only.

        Args:
            folder: The index.
            held: Whether to hold a small store in memory. While a build writes, SQLite maps a
                file (`-shm`): if that is cut, as by a copy over it, the system ends the process
                (SIGBUS). What is held depends on no file any more.

        Raises:
            IndexDamagedError: The file is missing or SQLite cannot read it.
            IndexFormatError: Another version of rftsearch, or another program, wrote it.
            IndexReadError: The system refuses to read it.
        """
        path = folder / FILE_NAME
        with explained(path):
            if not path.exists():
                raise IndexDamagedError(
                    f"{path} is missing; `{build_command(folder)}` makes a new index"
                )
            connection = _connect_read_only(path)
            try:
                _check_application(connection, path)
                version = connection.execute("PRAGMA user_version").fetchone()[0]
                if version > len(MIGRATIONS):
                    raise newer_format(path)
                if version < OLDEST_READABLE:
                    raise IndexFormatError(
                        f"{path} has format {version}, this rftsearch reads {OLDEST_READABLE} to "
                        f"{len(MIGRATIONS)}; `{build_command(folder)}` brings it up to date"
                    )
                if held and _size(connection) <= MOST_HELD:
                    connection = _in_memory(connection)
            except BaseException:
                connection.close()
                raise
        return cls(connection, path, writable=False)

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            if self._writable:
                # Not while somebody reads: then the log stays, and the next build tries again.
                with suppress(sqlite3.Error):
                    self._connection.execute("PRAGMA busy_timeout = 0")
                    self._connection.execute("PRAGMA journal_mode = DELETE")
            self._connection.close()

    def __enter__(self) -> Self:
        """Use it in a `with`."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close at the end of a `with`."""
        self.close()

    # --- statements ---

    @contextmanager
    def asking(self) -> Iterator[sqlite3.Connection]:
        """Have the connection alone; what SQLite complains of is translated.

        Raises:
            IndexDamagedError: SQLite found damage.
            IndexReadError, IndexWriteError: The system refuses something.
        """
        with self._lock, explained(self.path, writing=self._writable):
            yield self._connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Have the connection alone, in a transaction that is committed at the end.

        Raises:
            IndexWriteError: The file cannot be written.
        """
        with self._lock, explained(self.path, writing=True):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                # A full disk makes SQLite roll back by itself.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def rows(
        self, statement: str, values: Mapping[str, object] | Sequence[object] = ()
    ) -> list[tuple[Any, ...]]:
        """Return all rows of a statement."""
        with self.asking() as connection:
            return connection.execute(statement, values).fetchall()

    def value(self, statement: str, *values: object) -> Any:  # noqa: ANN401 - SQLite decides
        """Return the first column of the first row; None if there is no row."""
        found = self.rows(statement, values)
        return found[0][0] if found else None

    def select_in(
        self, statement: str, keys: Sequence[object], *before: object
    ) -> Iterator[tuple[Any, ...]]:
        """Run `... IN ({})` over any number of keys, in portions that SQLite takes."""
        for start in range(0, len(keys), 500):
            portion = keys[start : start + 500]
            marks = ",".join("?" * len(portion))
            yield from self.rows(statement.format(marks), (*before, *portion))

    def portions(
        self, statement: str, values: Mapping[str, object], size: int = 1000, after: int = 0
    ) -> Iterator[list[tuple[Any, ...]]]:
        """Yield the rows of a statement that asks for those `:after` an id, `:limit` at a time.

        The id is the first column.
        """
        while found := self.rows(statement, {**values, "after": after, "limit": size}):
            yield found
            after = found[-1][0]

    def ids(self, condition: str, values: Mapping[str, object]) -> IdArray:
        """Return the ids of the papers that meet a condition, (n,) int64, ascending."""
        with self.asking() as connection:
            rows = connection.execute(
                f"SELECT id FROM papers WHERE {condition} ORDER BY id",  # noqa: S608 - a constant
                values,
            )
            return np.fromiter((row[0] for row in rows), np.int64)

    @property
    def version(self) -> int:
        """How many migrations were applied; a store opened for reading may lack the last."""
        return int(self.value("PRAGMA user_version"))

    def _migrate(self) -> None:
        done = self.version
        if done > len(MIGRATIONS):
            raise newer_format(self.path)
        for number, (_name, statements) in enumerate(MIGRATIONS[done:], start=done + 1):
            self._connection.executescript(
                f"BEGIN IMMEDIATE; {statements}; PRAGMA user_version = {number};"
                f" PRAGMA application_id = {APPLICATION_ID}; COMMIT;"
            )


def newer_format(path: Path) -> IndexFormatError:
    """Return the error for a store that a newer rftsearch wrote."""
    return IndexFormatError(
        f"{path} was written by a newer rftsearch; update this one, "
        "or name another folder with --index"
    )


def _connect_read_only(path: Path) -> sqlite3.Connection:
    """Open a file for reading, even one that nobody may write, or on a full disk."""
    uri = path.resolve().as_uri()
    connection = sqlite3.connect(f"{uri}?mode=ro", uri=True, timeout=10, check_same_thread=False)
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except BaseException as error:
        connection.close()
        if not isinstance(error, sqlite3.OperationalError):
            raise
        log = path.with_name(f"{path.name}-wal")
        if log.exists() and log.stat().st_size:
            raise
        # The file needs a log, which SQLite cannot make here. There is no log, or an empty
        # one, so nobody is writing now. If that changes, an engine that meets a
        # contradiction opens the store again.
        connection = sqlite3.connect(
            f"{uri}?mode=ro&immutable=1", uri=True, timeout=10, check_same_thread=False
        )
    return connection


def _size(connection: sqlite3.Connection) -> int:
    """Return the bytes of a database, including what only the log has yet."""
    pages, page = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size")
    )
    return int(pages * page)


def _in_memory(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Return a copy of a database in memory, as it is at this moment, and close the file."""
    copy = sqlite3.connect(":memory:", check_same_thread=False)
    try:
        connection.backup(copy)
        copy.execute("PRAGMA query_only = ON")
    except BaseException:
        copy.close()
        raise
    connection.close()
    return copy


def _check_application(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a file that is not ours.

    Raises:
        IndexFormatError: Another program made it.
    """
    # An empty file is a store that was never made; anything else must be ours.
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if application != APPLICATION_ID and (tables or application):
        raise IndexFormatError(
            f"{path} is not a store of rftsearch; move it away or name another folder with --index"
        )
