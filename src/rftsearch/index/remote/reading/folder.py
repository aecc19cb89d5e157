"""The small files of an index behind an address: fetched once, kept in the user's cache.

They lie as in the folder of an index, so that whatever reads them there reads them here:
`manifest.json`, the files of the generation, the model, and the tables of keys.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from rftsearch.errors import IndexDamagedError, IndexReadError
from rftsearch.files import write_atomically
from rftsearch.index.generations.manifest import MANIFEST, Manifest, model_folder
from rftsearch.index.remote.client import Remote
from rftsearch.index.remote.keys import KeyTable
from rftsearch.index.remote.publish import MODEL
from rftsearch.index.remote.tables import Mark, TableEntry, read_table
from rftsearch.settings import default_cache

__all__ = ["fetched", "key_table"]

_KEPT = 3
"""Generations of one address that stay in the cache."""
_HASHED = 64 << 20
"""Files of up to this many bytes are hashed at every opening; of larger ones the size is
compared, and they were hashed when they were fetched."""


def fetched(remote: Remote, collection: str, mark: Mark) -> Path:
    """Return the folder with the small files of a generation; fetch what is missing.

    Args:
        remote: Where the index is.
        collection: Of the papers.
        mark: What the collection says of itself.

    Raises:
        IndexDamagedError: A file is missing on the server, or not as it was written.
        IndexReadError: The cache cannot be written.
        IndexServerError: See `Remote.ask`.
    """
    address = hashlib.sha256(remote.address.text.encode()).hexdigest()[:16]
    place = default_cache() / "qdrant" / address
    folder = (
        place / f"{mark.generation}-{hashlib.sha256(_state(collection, mark)).hexdigest()[:16]}"
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        manifest = _manifest(remote, collection, mark, folder)
        for name, path in _places(folder, manifest, mark):
            _bring(remote, collection, mark, name, path)
        os.utime(folder)
        _forget(place, folder)
    except OSError as error:
        raise IndexReadError(
            f"cannot keep the small files of {remote.address.text} in {place} "
            f"({error.strerror}); make room, or name another cache with XDG_CACHE_HOME"
        ) from error
    return folder


def key_table(folder: Path, name: str) -> KeyTable:
    """Read one of the tables of keys; see `KEY_TABLES`.

    Raises:
        IndexDamagedError: It is damaged.
    """
    keys, counts = (folder / "keys" / f"{name}.{suffix}" for suffix in ("txt", "npy"))
    return KeyTable.parse(keys.read_bytes(), counts.read_bytes())


def _state(collection: str, mark: Mark) -> bytes:
    """Return what differs between two states of a collection, which may be filled again."""
    hashes = sorted(entry.sha256 for entry in mark.tables.values())
    return "\n".join([collection, mark.proof, *hashes]).encode()


def _manifest(remote: Remote, collection: str, mark: Mark, folder: Path) -> Manifest:
    _bring(remote, collection, mark, MANIFEST, folder / MANIFEST)
    manifest = Manifest.read(folder)
    if manifest.model.fingerprint != mark.fingerprint or manifest.generation != mark.generation:
        raise IndexDamagedError(
            f"{collection} has the manifest of another generation; `rftsearch build --repair` on "
            "the index it was published from writes it again"
        )
    return manifest


def _places(folder: Path, manifest: Manifest, mark: Mark) -> Iterator[tuple[str, Path]]:
    """Yield the names of all tables but the manifest, and where each belongs."""
    own = manifest.folder(folder)
    for name in mark.tables:
        if name.startswith(MODEL):
            if manifest.export is not None and manifest.export.folder:
                yield name, model_folder(folder, manifest.export) / name.removeprefix(MODEL)
        elif name.startswith("keys/"):
            yield name, folder / name
        elif name != MANIFEST:
            yield name, own / name


def _bring(remote: Remote, collection: str, mark: Mark, name: str, path: Path) -> None:
    """Fetch a file unless it is there already."""
    entry = mark.tables.get(name)
    if entry is not None and _is(path, entry):
        return
    content = read_table(remote, collection, mark, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, content)


def _is(path: Path, entry: TableEntry) -> bool:
    try:
        if path.stat().st_size != entry.size:
            return False
        return entry.size > _HASHED or hashlib.sha256(path.read_bytes()).hexdigest() == entry.sha256
    except OSError:
        return False


def _forget(place: Path, current: Path) -> None:
    """Delete what was fetched for generations that are long gone."""
    known = sorted(place.iterdir(), key=lambda one: one.stat().st_mtime, reverse=True)
    for old in known[_KEPT:]:
        if old != current:
            with suppress(OSError):
                shutil.rmtree(old)
