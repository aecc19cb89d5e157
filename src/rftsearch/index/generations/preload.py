"""The model of an index, loaded while everything else is still being imported.

A process that starts for one question imports what answers, opens the index, and then
loads the model, which takes about as long as the rest and needs none of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

from rftsearch.files import check_files
from rftsearch.index.generations.manifest import ExportEntry, Manifest, model_folder

if TYPE_CHECKING:
    from concurrent.futures import Future

    from rftsearch.encoders.base import Encoder

__all__ = ["answers_once", "preloaded", "preloading"]

_Loaded = tuple[ExportEntry, "Encoder"]
_begun: ContextVar[Future[_Loaded | None] | None] = ContextVar("begun", default=None)


@contextmanager
def preloading(index: Path) -> Iterator[None]:
    """Load the exported model of an index beside what is done within, if it has one.

    Whatever is wrong with it is said when it is asked for, as without this.
    """
    # The thread is waited for at the end, whether its work was needed or not: a process
    # that ends while onnxruntime opens a model may crash.
    with ThreadPoolExecutor(1, "rftsearch-preload") as pool:
        reset = _begun.set(pool.submit(_load, index))
        try:
            yield
        finally:
            _begun.reset(reset)


def answers_once() -> bool:
    """Return whether this process preloads: then it answers one question and ends."""
    return _begun.get() is not None


def preloaded(export: ExportEntry) -> Encoder | None:
    """Wait for the model that is being loaded and return it.

    Returns:
        None if there is none, it is another model, or loading failed.
    """
    begun = _begun.get()
    if begun is None or begun.exception() is not None:
        return None
    loaded = begun.result()
    return loaded[1] if loaded is not None and loaded[0] == export else None


def _load(index: Path) -> _Loaded | None:
    from rftsearch.encoders.kinds import kind_of_export  # noqa: PLC0415 - in its thread

    manifest = Manifest.read(index)
    export, model = manifest.export, manifest.model
    kind = None if export is None else kind_of_export(export.files)
    if export is None or kind is None or not kind.slow_to_open:
        return None
    folder = model_folder(index, export)
    check_files(folder, export.files)
    # Whoever preloads answers one question and ends.
    return export, kind.open_export(folder, model.name, model.fingerprint, mapped=True)
