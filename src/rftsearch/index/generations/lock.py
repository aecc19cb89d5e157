"""One writer at a time: the lock on an index folder, who holds it, and that on a small file."""

from __future__ import annotations

import errno
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import filelock

from rftsearch.errors import IndexLockedError, IndexWriteError
from rftsearch.files import cure_for, refused
from rftsearch.settings import refuse_address

__all__ = ["alone_with", "being_built", "now", "writing"]

_PATIENCE = 10.0
"""Seconds to wait for others that change a small file."""


@contextmanager
def writing(index: Path) -> Iterator[None]:
    """Be the only writer of an index, and explain what the system refuses.

    Raises:
        IndexLockedError: Another build is writing it.
        IndexWriteError: The system refused something while the lock was held.
    """
    refuse_address(index)
    if index.is_file():
        raise IndexWriteError(f"{index} is a file; --index takes a folder")
    try:
        index.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(index / "write.lock")
        with lock.acquire(timeout=0):
            holder = {"process": os.getpid(), "host": socket.gethostname(), "since": now()}
            (index / "writer.json").write_text(json.dumps(holder), "utf-8")
            try:
                yield
            finally:
                with suppress(OSError):
                    (index / "writer.json").unlink()
    except filelock.Timeout as error:
        raise IndexLockedError(
            f"another build is writing {index}{_holder(index)}; wait for it or stop it"
        ) from error
    except NotImplementedError as error:  # What filelock makes of a file system without locks.
        raise refused(OSError(errno.ENOLCK, "no locks"), index, writing=True) from error
    except OSError as error:
        raise IndexWriteError(
            f"cannot write the index in {index}: {error.strerror or error}; the index that was "
            f"there still answers; {cure_for(error, writing=True)}"
        ) from error


@contextmanager
def alone_with(path: Path) -> Iterator[None]:
    """Be the only process that changes a small file; wait for others that do.

    Nothing is left beside the file.

    Raises:
        TimeoutError: Another process has held it for ten seconds.
        OSError: The folder cannot be written.
    """
    beside = path.with_name(f".{path.name}.lock")
    if not os.access(path.parent, os.W_OK):  # The lock would be waited for in vain.
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path.parent))
    lock = filelock.FileLock(beside)
    try:
        lock.acquire(timeout=_PATIENCE)
    except filelock.Timeout as error:
        if not beside.exists():
            raise OSError(errno.EROFS, "nothing can be written in its folder") from error
        raise TimeoutError(errno.ETIMEDOUT, "another process is writing it") from error
    except NotImplementedError as error:
        raise OSError(errno.ENOLCK, "its file system has no locks") from error
    try:
        yield
    finally:
        # Still held: whoever waits for it notices that it is another file by now.
        with suppress(OSError):
            beside.unlink()
        lock.release()


def being_built(index: Path) -> bool:
    """Return whether a build is writing this index now, as far as its folder shows."""
    note = index / "writer.json"
    if not note.exists():
        return False
    try:
        with filelock.FileLock(index / "write.lock").acquire(timeout=0):
            note.unlink(missing_ok=True)  # a build that was killed left it
    except filelock.Timeout:
        return True
    except OSError:
        return False  # a folder that may not be written; nobody builds in it
    return False


def _holder(index: Path) -> str:
    """Return who writes, as far as the folder shows."""
    try:
        holder = json.loads((index / "writer.json").read_text("utf-8"))
        return f" (process {holder['process']} on {holder['host']}, since {holder['since']})"
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""


def now() -> str:
    """Return the time in UTC, ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
