"""Write a folder whole or not at all, and never over files of somebody else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from rftsearch.errors import OutputError

__all__ = ["MARKER", "check_folder", "write_folder"]

MARKER = ".rftsearch-published"
"""A file of every published folder, which names what was written: only that is replaced."""
_ABOUT = "`rftsearch publish` wrote these files, and replaces them the next time. Others stay.\n"


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

    What was published there before is deleted once the new folder stands in its place. What
    else lies there moves into the new one: `.git`, `CNAME`, a picture that somebody added.

    Args:
        folder: Where to.
        files: Names with `/` between folders, and contents.

    Raises:
        OutputError: It cannot be written, or holds something that was not published and that
            would be replaced; what was there is there still.
    """
    check_folder(folder)
    folder = folder.resolve()
    draft = folder.with_name(f".{folder.name}-draft-{os.getpid()}")
    old = folder.with_name(f".{folder.name}-old-{os.getpid()}")
    total, names = 0, [MARKER]
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        for name, content in files:
            path = draft / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            total += len(content)
            names.append(name)
        (draft / MARKER).write_text("\n".join([_ABOUT, *sorted(names), ""]), "utf-8")
        if folder.is_dir():
            _replace(folder, draft, old)
        else:
            draft.rename(folder)
    except OSError as error:
        raise _refused(folder, error) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return total


def _replace(folder: Path, draft: Path, old: Path) -> None:
    """Put the new folder in the place of the old one, and what others added into it.

    Raises:
        OutputError: The new folder has a file of the same name; nothing was changed.
    """
    added = _added(folder, draft)
    for name in added:
        if (draft / name).exists():
            raise OutputError(
                f"{folder / name} was not written by `rftsearch publish`, which would replace it; "
                "move it away"
            )
    folder.rename(old)
    try:
        draft.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    for name in added:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (old / name).rename(folder / name)
    shutil.rmtree(old, ignore_errors=True)


def _added(folder: Path, draft: Path) -> list[Path]:
    """Return what was not published in a folder: files, and folders that the new one lacks."""
    marker = folder / MARKER
    lines = marker.read_text("utf-8").splitlines() if marker.is_file() else []
    ours = set(map(Path, filter(None, lines[1:])))
    shared = {parent for name in ours for parent in name.parents}
    found, looked_through = [], [Path()]
    while looked_through:
        for path in sorted((folder / looked_through.pop()).iterdir()):
            name = path.relative_to(folder)
            inside = name in shared or (draft / name).is_dir()
            if inside and path.is_dir() and not path.is_symlink():
                looked_through.append(name)
            elif name not in ours:
                found.append(name)
    return found


def _refused(folder: Path, error: OSError) -> OutputError:
    return OutputError(
        f"cannot write {folder}: {error.strerror or error}; "
        "check its permissions and the free space, or name another folder"
    )
