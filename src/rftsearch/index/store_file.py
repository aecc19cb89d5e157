"""The SQLite file of the store: its tables, how it is opened, and what its errors mean."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rftsearch.errors import IndexDamagedError, IndexFormatError, IndexWriteError

__all__ = ["APPLICATION_ID", "MIGRATIONS", "check_application", "connect_read_only", "explained"]

APPLICATION_ID = 0x52465453  # "RFTS": tells our files from any other SQLite file.

# Applied in order, each once, in one transaction; never edited after a release.
MIGRATIONS = (
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


def connect_read_only(path: Path) -> sqlite3.Connection:
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


def check_application(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a file that is not ours.

    Raises:
        IndexFormatError: It is none.
    """
    # An empty file is a store that was never made; anything else must be ours.
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if application != APPLICATION_ID and (tables or application):
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
