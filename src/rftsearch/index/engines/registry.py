"""The vector engines by their names: which one writes a new index, which one opens an old one.

An entry of the manifest names its engine, unless that is FAISS: so the manifests of
indexes that were built before there were others stay what they are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

from rftsearch import settings
from rftsearch.errors import REPAIR, IndexFormatError, UsageError
from rftsearch.index.engines.base import EngineEntry, VectorEngine, VectorIndex, VectorSource
from rftsearch.index.engines.faiss_engine import FaissEngine

__all__ = [
    "DEFAULT_ENGINE",
    "chosen_engine",
    "drop_vectors",
    "engine_name",
    "open_vectors",
    "register_engine",
    "write_vectors",
]

_NOTE = "engine.json"
"""Beside the vectors of another engine than FAISS: their entry, for `drop_vectors`."""
_NAME = "engine"
DEFAULT_ENGINE = FaissEngine()
_ENGINES: dict[str, VectorEngine] = {DEFAULT_ENGINE.name: DEFAULT_ENGINE}


def register_engine(engine: VectorEngine) -> Callable[[], None]:
    """Add an engine; `RFTSEARCH_VECTOR_ENGINE` with its name has builds use it.

    Returns:
        A function that takes it out again.
    """
    _ENGINES[engine.name] = engine

    def unregister() -> None:
        del _ENGINES[engine.name]

    return unregister


def engine_name(entry: EngineEntry | None) -> str:
    """Return the name of the engine that wrote an entry."""
    return DEFAULT_ENGINE.name if entry is None else str(entry.get(_NAME, DEFAULT_ENGINE.name))


def chosen_engine() -> VectorEngine:
    """Return the engine that builds use.

    Raises:
        UsageError: `RFTSEARCH_VECTOR_ENGINE` names none.
    """
    name = settings.vector_engine() or DEFAULT_ENGINE.name
    if name not in _ENGINES:
        raise UsageError(
            f"{settings.VECTOR_ENGINE_VARIABLE} is {name!r}; there is {', '.join(sorted(_ENGINES))}"
        )
    return _ENGINES[name]


def write_vectors(folder: Path, source: VectorSource, engine: VectorEngine) -> EngineEntry | None:
    """Write vectors into an empty folder.

    Args:
        folder: Where; it exists.
        source: The vectors.
        engine: What writes them.

    Returns:
        The entry for the manifest.

    Raises:
        OSError: They cannot be written; what is there is to be thrown away.
    """
    entry = engine.write(folder, source)
    if engine.name == DEFAULT_ENGINE.name:
        return entry
    entry = {**(entry or {}), _NAME: engine.name}
    try:
        (folder / _NOTE).write_text(json.dumps(entry), "utf-8")
    except OSError:
        engine.drop(folder, entry)
        raise
    return entry


def open_vectors(folder: Path, entry: EngineEntry | None) -> VectorIndex:
    """Open the vectors that an entry describes.

    Raises:
        IndexDamagedError: They are missing or cannot be read.
        IndexFormatError: An engine wrote them that is not installed here.
    """
    name = engine_name(entry)
    if name not in _ENGINES:
        raise IndexFormatError(
            f"the vectors in {folder} were written by the engine {name!r}, which is not here; "
            f"install what brings it, or {REPAIR} with {DEFAULT_ENGINE.name}"
        )
    return _ENGINES[name].open(folder, entry)


def drop_vectors(folders: Iterable[Path], kept: Iterable[Path]) -> None:
    """Have engines delete what they keep outside of folders that are about to be deleted.

    Args:
        folders: Folders of vectors.
        kept: Those of generations that stay; what they share with the others is kept.
    """
    needed = [_note(folder) for folder in kept]
    for folder in folders:
        entry = _note(folder)
        if entry is not None and entry not in needed and engine_name(entry) in _ENGINES:
            _ENGINES[engine_name(entry)].drop(folder, entry)


def _note(folder: Path) -> EngineEntry | None:
    try:
        entry = json.loads((folder / _NOTE).read_text("utf-8"))
    except (OSError, ValueError):
        return None  # FAISS's, which keeps everything in the folder; or nothing was written.
    return entry if isinstance(entry, dict) else None
