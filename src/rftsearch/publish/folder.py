"""Write a folder whole or not at all, and never over files of somebody else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from rftsearch.errors import OutputError

__all__ = ["MARKER", "check_folder", "write_folder"]

MARKER = ".rftsearch-published"
"""A file of every published folder: only folders with it are replaced."""
_ABOUT = "This folder was written by `rftsearch publish`, which replaces all of it the next time.\n"


def check_folder(folder: Path) -> None:
    """Check that a folder may be written, before anything is computed.

    Raises:
        OutputError: It is a file, or holds something that was not published.
    """
    if folder.is_symlink() and not folder.exists():
        raise OutputError(f"{folder} is a link that leads nowhere; remove it")
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder} is a file; name a folder")
    try:
        foreign = folder.is_dir() and any(folder.iterdir()) and not (folder / MARKER).is_file()
    except OSError as error:
        raise _refused(folder, error) from error
    if foreign:
        raise OutputError(
            f"{folder} holds files that `rftsearch publish` did not write; "
            "name an empty or a new folder"
        )


def write_folder(folder: Path, files: Iterable[tuple[str, bytes]]) -> int:
    """Write a folder beside its place and move it there; return the bytes of its files.

    What was published there before is deleted once the new folder stands in its place.
    `.git` and `CNAME` of a published folder stay: they say where it is published.

    Args:
        folder: Where to.
        files: Names with `/` between folders, and contents.

    Raises:
        OutputError: It cannot be written, or holds something that was not published; what was
            there is there still.
    """
    check_folder(folder)
    folder = folder.resolve()
    draft = folder.with_name(f".{folder.name}-draft-{os.getpid()}")
    old = folder.with_name(f".{folder.name}-old-{os.getpid()}")
    total = 0
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        for name, content in files:
            path = draft / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            total += len(content)
        (draft / MARKER).write_text(_ABOUT, "utf-8")
        if folder.is_dir():
            folder.rename(old)
            try:
                draft.rename(folder)
            except OSError:
                old.rename(folder)
                raise
            _keep(old, folder)
            shutil.rmtree(old, ignore_errors=True)
        else:
            draft.rename(folder)
    except OSError as error:
        raise _refused(folder, error) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return total


def _keep(old: Path, folder: Path) -> None:
    """Move what says where a folder is published from its old state to the new one."""
    for name in (".git", "CNAME"):
        if (old / name).exists() and not (folder / name).exists():
            (old / name).rename(folder / name)


def _refused(folder: Path, error: OSError) -> OutputError:
    return OutputError(
        f"cannot write {folder}: {error.strerror or error}; "
        "check its permissions and the free space, or name another folder"
    )
