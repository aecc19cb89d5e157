"""Files brought to the disk: derived ones, which are verified before use, and a user's own."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rftsearch.errors import REPAIR, IndexDamagedError

__all__ = [
    "VERIFIED",
    "FileEntry",
    "check_files",
    "flush",
    "mark_verified",
    "replace_file",
    "sync_folder",
    "verify_files",
]

VERIFIED = "verified.json"


def verify_files(folder: Path, files: Mapping[str, FileEntry]) -> None:
    """Hash every file of a folder and compare.

    Raises:
        IndexDamagedError: One is missing or altered; the message names it and the cure.
    """
    for name, entry in files.items():
        path = folder / name
        try:
            intact = path.stat().st_size == entry.size and _sha256(path) == entry.sha256
        except OSError as error:
            raise IndexDamagedError(f"cannot read {path} ({error.strerror}); {REPAIR}") from error
        if not intact:
            raise IndexDamagedError(f"{path} is damaged: its bytes have changed; {REPAIR}")


def check_files(folder: Path, files: Mapping[str, FileEntry]) -> None:
    """Hash what was never hashed here; trust size and time of what was.

    The record of that lies beside the files. Where it cannot be written, the
    files are hashed at each opening.

    Raises:
        IndexDamagedError: A file is missing or altered.
    """
    record = folder / VERIFIED
    with suppress(OSError, ValueError):  # Never checked here, or changed since: check.
        if json.loads(record.read_text("utf-8")) == _stamps(folder, files):
            return
    verify_files(folder, files)
    with suppress(OSError):  # An index that cannot be written is still searchable.
        mark_verified(folder, files)


def mark_verified(folder: Path, files: Mapping[str, FileEntry]) -> None:
    """Note that files are what they should be: they were hashed, or just written.

    Raises:
        OSError: The note cannot be written.
    """
    record = folder / VERIFIED
    draft = record.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(_stamps(folder, files)), "utf-8")
    draft.replace(record)


def _stamps(folder: Path, names: Iterable[str]) -> dict[str, list[int]]:
    status = {name: (folder / name).stat() for name in names}
    return {name: [stat.st_size, stat.st_mtime_ns] for name, stat in status.items()}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def flush(path: Path) -> FileEntry:
    """Bring a file to the disk, and say what the manifest must say of it.

    Raises:
        OSError: The disk is full, or broken.
    """
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return FileEntry(_sha256(path), path.stat().st_size)


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One derived file of a generation."""

    sha256: str
    size: int
    """In bytes."""


def replace_file(path: Path, content: bytes) -> None:
    """Give a file new content, all of it or none: a full disk leaves the old one.

    A new file is written beside the old one, then renamed. Where `path` is a link, the
    file it leads to is replaced, and the link stays. Permissions and, if the system lets
    us, the owner stay as they are. A device or a pipe is written to.

    Raises:
        OSError: The file cannot be written.
    """
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    old = target.stat() if target.exists() else None
    if old and not stat.S_ISREG(old.st_mode):
        target.write_bytes(content)
        return
    if old and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    draft = target.with_name(f".rftsearch-{os.urandom(8).hex()}")
    # A new file gets the permissions that the user's mask leaves.
    mode = 0o666 if old is None else stat.S_IMODE(old.st_mode) & 0o666
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if old:
                with suppress(OSError):
                    os.fchown(descriptor, old.st_uid, old.st_gid)
                os.fchmod(descriptor, stat.S_IMODE(old.st_mode))
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Flush a folder's entries to disk, where the system knows how."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
