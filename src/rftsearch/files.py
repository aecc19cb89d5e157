"""Files written whole and brought to the disk; those of an index are verified before use."""

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

from rftsearch.errors import REPAIR, IndexDamagedError, IndexReadError, IndexWriteError

__all__ = [
    "VERIFIED",
    "FileEntry",
    "check_files",
    "cure_for",
    "entry_of",
    "flush",
    "mark_verified",
    "read_regular",
    "refused",
    "replace_file",
    "sync_folder",
    "system_error",
    "verify_files",
    "write_atomically",
]

VERIFIED = "verified.json"
ALWAYS_HASHED = 2 << 20
"""Files of up to this many bytes are hashed at each opening: a disk may alter bytes and leave
size and time. All files of some 1,300 papers are that small; theirs take a few ms."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One derived file of a generation."""

    sha256: str
    size: int
    """In bytes."""


# --- writing -----------------------------------------------------------------


def write_atomically(path: Path, content: str | bytes, *, durable: bool = True) -> None:
    """Write a file of an index: readers see the old or the new one, whole.

    A link at the path is replaced, never followed: what it leads to is not ours.

    Args:
        path: Where the file is to be.
        content: Text is written as UTF-8.
        durable: Whether it must be on the disk before it takes its place.

    Raises:
        OSError: It cannot be written; what was at the path is still there.
    """
    # Digits, by which a later build knows a draft whose writer died.
    draft = path.with_name(f"{path.name}.{int.from_bytes(os.urandom(6))}.new")
    _write_and_rename(draft, path, content, durable=durable)


def replace_file(path: Path, content: bytes) -> None:
    """Give a file of the user's new content, all of it or none: a full disk leaves the old one.

    Unlike in `write_atomically`, a link stays, and the file it leads to is replaced.
    Permissions and, if the system lets us, the owner stay as they are. A device or a pipe
    is written to.

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
    _write_and_rename(draft, target, content, like=old)
    sync_folder(target.parent)


def _write_and_rename(
    draft: Path,
    place: Path,
    content: str | bytes,
    *,
    durable: bool = True,
    like: os.stat_result | None = None,
) -> None:
    """Write a new file beside its place, and rename it.

    Args:
        draft: Its name until then; nothing has it.
        place: Its name.
        content: Text is written as UTF-8.
        durable: Whether it must be on the disk before the renaming.
        like: A file that had the permissions and the owner it gets; None for those that a
            new file gets.

    Raises:
        OSError: It cannot be written; the draft is gone.
    """
    mode = 0o666 if like is None else stat.S_IMODE(like.st_mode) & 0o666
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if like:
                with suppress(OSError):
                    os.fchown(descriptor, like.st_uid, like.st_gid)
                os.fchmod(descriptor, stat.S_IMODE(like.st_mode))
            file.write(content.encode() if isinstance(content, str) else content)
            if durable:
                file.flush()
                os.fsync(descriptor)
        draft.replace(place)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise


def flush(path: Path) -> FileEntry:
    """Bring a file to the disk, and return its entry in the manifest.

    Raises:
        OSError: The disk is full, or broken.
    """
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return entry_of(path)


def entry_of(path: Path) -> FileEntry:
    """Return the entry of a file as it is.

    Raises:
        OSError: It cannot be read.
    """
    return FileEntry(_sha256(path), path.stat().st_size)


def sync_folder(folder: Path) -> None:
    """Flush a folder's entries to disk, where the system knows how.

    Raises:
        OSError: The disk is broken.
    """
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# --- verifying ---------------------------------------------------------------


def verify_files(folder: Path, files: Mapping[str, FileEntry]) -> None:
    """Hash every file of a folder and compare.

    Raises:
        IndexDamagedError: One is missing or altered; the message names it and the cure.
        IndexReadError: The system refuses to read one.
    """
    for name, entry in files.items():
        path = folder / name
        try:
            status = path.stat()
            regular = stat.S_ISREG(status.st_mode)  # Reading a pipe would never end.
            intact = regular and status.st_size == entry.size and _sha256(path) == entry.sha256
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise IndexDamagedError(f"cannot read {path} ({error.strerror}); {REPAIR}") from error
        except OSError as error:
            raise refused(error, path) from error
        if not intact:
            raise IndexDamagedError(f"{path} is damaged: its bytes have changed; {REPAIR}")


def check_files(folder: Path, files: Mapping[str, FileEntry]) -> None:
    """Hash small files, and what was never hashed here; trust size and time of the others.

    The record of that lies beside the files. Where it cannot be written, all
    files are hashed at each opening.

    Raises:
        IndexDamagedError: A file is missing or altered.
        IndexReadError: The system refuses to read one.
    """
    known = False
    with suppress(OSError, ValueError, RecursionError):
        known = bool(json.loads(read_regular(folder / VERIFIED)) == _stamps(folder, files))
    if known:
        small = {name: entry for name, entry in files.items() if entry.size <= ALWAYS_HASHED}
        verify_files(folder, small)
        return
    # Where there is no record, or a file changed since: verify.
    verify_files(folder, files)
    with suppress(OSError):  # An index that cannot be written is still searchable.
        mark_verified(folder, files)


def mark_verified(folder: Path, files: Mapping[str, FileEntry]) -> None:
    """Note that files are what they should be: they were hashed, or just written.

    Raises:
        OSError: The note cannot be written.
    """
    write_atomically(folder / VERIFIED, json.dumps(_stamps(folder, files)), durable=False)


def read_regular(path: Path) -> bytes:
    """Return the content of a file; a pipe or a device, which may never end, is refused.

    Raises:
        OSError: It cannot be read.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    return path.read_bytes()


def _stamps(folder: Path, names: Iterable[str]) -> dict[str, list[int]]:
    status = {name: (folder / name).stat() for name in names}
    return {name: [stat.st_size, stat.st_mtime_ns] for name, stat in status.items()}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# --- what the system refuses -------------------------------------------------

_NO_RIGHT = {errno.EACCES, errno.EPERM}
_NETWORK = {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, getattr(errno, "ESTALE", -1)}
_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", -1)}
_TOO_MANY = {errno.EMFILE, errno.ENFILE}


def refused(
    error: OSError, path: Path, *, writing: bool = False
) -> IndexReadError | IndexWriteError:
    """Return the error for what the system refused: its reason, and the cure that helps.

    Args:
        error: What the system said.
        path: The file or folder of the index.
        writing: Whether it was to be written.
    """
    reason = error.strerror or str(error) or type(error).__name__
    kind, doing = (IndexWriteError, "write") if writing else (IndexReadError, "read")
    return kind(f"cannot {doing} {path}: {reason}; {cure_for(error, writing=writing)}")


def cure_for(error: OSError, *, writing: bool) -> str:
    """Return what helps against a refusal of the system, as a clause."""
    number = error.errno
    cures = {
        **dict.fromkeys(_TOO_MANY, "raise the limit of open files (`ulimit -n 1024`)"),
        **dict.fromkeys(_FULL, "free some space and try again"),
        **dict.fromkeys(
            _NO_RIGHT,
            "check the permissions, or name another folder with --index"
            if writing
            else "ask its owner for the right to read it (`chmod -R a+rX` on the folder), "
            "or name another folder with --index",
        ),
        errno.EROFS: "the folder is read-only: name another one with --index",
        errno.EIO: "check the disk, then try again",
        errno.ENOMEM: "free some memory and try again",
        **dict.fromkeys(
            _NETWORK, "its file system cannot lock files: copy the index to a local disk"
        ),
    }
    return cures.get(number or 0, "try again, or name another folder with --index")


def system_error(error: BaseException) -> OSError | None:
    """Return what the system refused, if that is what an error of a library is about.

    FAISS and tantivy have errors of their own, with the system's in their words.
    """
    if isinstance(error, OSError) and error.errno is not None:
        return error
    if isinstance(error, MemoryError):
        return None  # Damaged files ask for absurd amounts.
    said = str(error)
    for number in (*_TOO_MANY, *_NO_RIGHT, errno.EIO, errno.ENOMEM, errno.ENOSPC):
        if os.strerror(number) in said or f"os error {number})" in said:
            return OSError(number, os.strerror(number))
    return None
