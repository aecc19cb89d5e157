"""The last steps of writing a generation: its files brought to the disk, and read back."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from rftsearch.errors import REPAIR, IndexDamagedError
from rftsearch.files import FileEntry, flush, mark_verified, sync_folder
from rftsearch.index.generations.generation import Generation
from rftsearch.index.generations.manifest import Manifest

__all__ = ["flush_folder", "read_back"]


def flush_folder(
    folder: Path, shared: Path | None = None, known: Mapping[str, FileEntry] | None = None
) -> dict[str, FileEntry]:
    """Bring all files of a generation to the disk.

    Args:
        folder: The generation's.
        shared: Another generation's, some of whose files may also be this one's.
        known: Those of the other.

    Returns:
        Each file by its path inside the folder.

    Raises:
        OSError: The disk is full, or broken.
    """
    files = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        if shared is not None and known and name in known and path.samefile(shared / name):
            files[name] = known[name]
            continue
        # tantivy keeps some of its files to their owner; an index is for whoever may read it.
        path.chmod(path.stat().st_mode | _readable(folder))
        files[name] = flush(path)
    for directory, _, _ in os.walk(folder):
        sync_folder(Path(directory))
    sync_folder(folder.parent)
    return files


def read_back(index: Path, manifest: Manifest) -> None:
    """Open what was written before anyone depends on it.

    Raises:
        IndexDamagedError: It does not read back as it was written.
    """
    folder = manifest.folder(index)
    with suppress(OSError):  # Then whoever opens it first hashes it.
        mark_verified(folder, manifest.files)
    generation = Generation.of(index, manifest)
    generation.close()
    if len(generation.attributes) != manifest.counts["papers"] + manifest.counts["projects"]:
        raise IndexDamagedError(f"{folder} did not read back as it was written; {REPAIR}")


def _readable(folder: Path) -> int:
    """The rights to read that others have to the folder's own array files."""
    return (folder / "attributes.npy").stat().st_mode & 0o444
