"""A generation: the derived files that answer, written whole and checked before use."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from rftsearch.errors import IndexDamagedError, ModelMismatchError
from rftsearch.index.attributes import Attributes
from rftsearch.index.encoders import Encoder, FloatArray
from rftsearch.index.manifest import REPAIR, FileEntry, Manifest, generation_folder, sync_folder
from rftsearch.index.store import Store
from rftsearch.index.vectors import IdArray, VectorIndex
from rftsearch.records import Paper

__all__ = ["Generation", "check_model", "verify_files", "write_generation"]

VECTORS = "vectors.faiss"
ATTRIBUTES = "attributes.npy"
VERIFIED = "verified.json"


@dataclass(frozen=True)
class Generation:
    """One published state of an index, opened: nothing of it ever changes."""

    manifest: Manifest
    store: Store
    vectors: VectorIndex
    attributes: Attributes

    @classmethod
    def open(cls, index: Path) -> Self:
        """Open the current generation of an index.

        Raises:
            IndexMissingError, IndexDamagedError, IndexFormatError: See errors.
        """
        for attempt in range(3):
            manifest = Manifest.read(index)
            try:
                return cls._open(index, manifest)
            except IndexDamagedError:
                # Builds may have published twice since the manifest was read and
                # taken its files away; then there is a newer one to open.
                if attempt == 2 or Manifest.read(index) == manifest:
                    raise
        raise AssertionError("unreachable")

    @classmethod
    def _open(cls, index: Path, manifest: Manifest) -> Self:
        folder = manifest.folder(index)
        _check_files(folder, manifest.files)
        vectors = VectorIndex.open(folder / VECTORS)
        attributes = Attributes.open(folder / ATTRIBUTES, manifest.categories)
        if len(vectors) != len(attributes) or vectors.dimension != manifest.model.dimension:
            raise IndexDamagedError(f"the files in {folder} do not belong together; {REPAIR}")
        return cls(manifest, Store.open(index), vectors, attributes)

    @property
    def number(self) -> int:
        """Which generation this is."""
        return self.manifest.generation

    def close(self) -> None:
        """Let go of its files."""
        self.store.close()


def check_model(manifest: Manifest, encoder: Encoder) -> None:
    """Refuse an encoder that did not build this index.

    Raises:
        ModelMismatchError: Its fingerprint is another one.
    """
    if encoder.fingerprint != manifest.model.fingerprint:
        ours, theirs = encoder.fingerprint[:8], manifest.model.fingerprint[:8]
        raise ModelMismatchError(
            f"this index was built with {manifest.model.name} ({theirs}), not with "
            f"{encoder.name} ({ours}); `rftsearch build --model {encoder.name}` builds it for that"
        )


def write_generation(
    index: Path,
    number: int,
    papers: Mapping[int, Paper],
    categories: Sequence[str],
    vectors: FloatArray,
) -> dict[str, FileEntry]:
    """Write a generation's files into a folder of their own and flush them to disk.

    Args:
        index: The index folder.
        number: Of the generation.
        papers: Its members by integer id.
        categories: All of theirs, in the order to show them.
        vectors: (n, dimension) float32, in the order of `papers`.

    Returns:
        What the manifest says of each file.

    Raises:
        OSError: A file cannot be written.
        IndexDamagedError: What was written does not read back.
    """
    folder = generation_folder(index, number)
    folder.mkdir(parents=True)
    ids: IdArray = np.fromiter(papers, dtype=np.int64, count=len(papers))
    VectorIndex.build(ids, vectors).save(folder / VECTORS)
    Attributes.build(papers, categories).save(folder / ATTRIBUTES)
    entries: dict[str, FileEntry] = {}
    for name in (VECTORS, ATTRIBUTES):
        _flush(folder / name)
        entries[name] = FileEntry(_sha256(folder / name), (folder / name).stat().st_size)
    sync_folder(folder)
    sync_folder(folder.parent)
    # Read back before anyone depends on it.
    if len(VectorIndex.open(folder / VECTORS)) != len(papers):
        raise IndexDamagedError(f"{folder / VECTORS} did not read back as it was written")
    return entries


def verify_files(folder: Path, files: Mapping[str, FileEntry]) -> None:
    """Hash every derived file of a generation and compare.

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


def _check_files(folder: Path, files: Mapping[str, FileEntry]) -> None:
    """Hash what was never hashed here; trust size and time of what was.

    The record of that lies beside the files. Where it cannot be written, the
    files are hashed at each opening.
    """
    record = folder / VERIFIED
    with suppress(OSError, ValueError):  # Never checked here, or changed since: check.
        if json.loads(record.read_text("utf-8")) == _stamps(folder, files):
            return
    verify_files(folder, files)
    draft = record.with_suffix(f".{os.getpid()}")
    with suppress(OSError):  # An index that cannot be written is still searchable.
        draft.write_text(json.dumps(_stamps(folder, files)), "utf-8")
        draft.replace(record)


def _stamps(folder: Path, names: Iterable[str]) -> dict[str, list[int]]:
    status = {name: (folder / name).stat() for name in names}
    return {name: [stat.st_size, stat.st_mtime_ns] for name, stat in status.items()}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
