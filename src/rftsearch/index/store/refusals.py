"""What SQLite complains of, as errors that name the reason and the cure."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rftsearch.errors import IndexDamagedError, IndexReadError, IndexStateError, IndexWriteError
from rftsearch.files import refused

__all__ = ["MOVE_AWAY", "explained"]

_NO_ROOM = 1 << 16
"""With fewer free bytes a disk counts as full: SQLite writes pages, not bytes."""
_KNOWN = {
    "SQLITE_NOMEM": (errno.ENOMEM, "out of memory"),
    "SQLITE_FULL": (errno.ENOSPC, "the disk is full"),
}
MOVE_AWAY = "move it away and run `rftsearch build`"


@contextmanager
def explained(path: Path, *, writing: bool = False) -> Iterator[None]:
    """Translate SQLite's errors, and the system's.

    Args:
        path: The file of the store.
        writing: Whether the connection is one that writes.

    Raises:
        IndexWriteError, IndexReadError: The system refuses something, or another program
            has the file.
        IndexDamagedError: The file is damaged.
    """
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # A mistake of ours, such as use after closing.
    except sqlite3.DatabaseError as error:
        raise _translated(error, path, writing=writing) from error
    except UnicodeDecodeError as error:
        raise IndexDamagedError(
            f"{path} is damaged: text that is not UTF-8; {MOVE_AWAY}"
        ) from error
    except OSError as error:
        raise refused(error, path, writing=writing) from error


def _translated(error: sqlite3.DatabaseError, path: Path, *, writing: bool) -> IndexStateError:
    name = getattr(error, "sqlite_errorname", "")
    kind = "_".join(name.split("_")[:2])
    failure = IndexWriteError if writing or kind == "SQLITE_READONLY" else IndexReadError
    if kind in {"SQLITE_BUSY", "SQLITE_LOCKED"}:
        return failure(f"{path} is in use by another program; try again")
    if kind in _KNOWN:
        return refused(OSError(*_KNOWN[kind]), path, writing=writing)
    log = path.with_name(f"{path.name}-wal")
    if kind == "SQLITE_CANTOPEN" and not writing and log.is_file() and os.access(log, os.R_OK):
        return IndexReadError(
            f"cannot read {path}: a build left the unfinished log {log.name}, and its folder "
            "cannot be written; search once as a user who may write there, which finishes it"
        )
    if kind in {"SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_PERM", "SQLITE_AUTH", "SQLITE_READONLY"}:
        return refused(_reason(error, path, writing=writing), path, writing=writing)
    return IndexDamagedError(f"{path} is damaged ({error}); {MOVE_AWAY}")


def _reason(error: sqlite3.DatabaseError, path: Path, *, writing: bool) -> OSError:
    """Find out what the system refuses, which SQLite does not say: try the same."""
    name = getattr(error, "sqlite_errorname", "")
    log = path.with_name(f"{path.name}-wal")
    try:
        with path.open("r+b" if writing else "rb") as file:
            file.read(1)
        if log.exists() and not writing:
            with log.open("rb") as file:
                file.read(1)
    except OSError as reason:
        return reason
    if shutil.disk_usage(path.parent).free < _NO_ROOM:
        return OSError(errno.ENOSPC, "the disk is full")
    if "LOCK" in name or "SHM" in name:
        return OSError(errno.ENOLCK, str(error))
    if name.startswith("SQLITE_IOERR"):
        return OSError(errno.EIO, str(error))
    return OSError(errno.EACCES, str(error))
