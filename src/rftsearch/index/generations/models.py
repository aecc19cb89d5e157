"""Models in an index: exported or static, made once and shared by its generations.

Each lies in a folder of its own, named by a digest over its files, so that a
generation that still answers never meets another's. The folder appears whole, by
one rename; what a dead build left behind is named by no manifest and goes with
the next build.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from rftsearch.encoders.base import Encoder, NotExportableError
from rftsearch.encoders.kinds import (
    Corpus,
    ModelKind,
    kind_of_encoder,
    kind_of_export,
    kind_of_name,
)
from rftsearch.errors import IndexDamagedError, ModelError, ModelMismatchError
from rftsearch.files import check_files, flush, sync_folder, verify_files
from rftsearch.index.generations.manifest import (
    MODELS,
    ExportEntry,
    Manifest,
    model_folder,
)
from rftsearch.index.generations.preload import preloaded

__all__ = [
    "check_model",
    "choose_encoder",
    "document_encoder",
    "encoded_by",
    "export_for",
    "no_export_note",
    "open_encoder",
    "remade",
    "verify_model",
]


def choose_encoder(
    name: str, index: Path, before: Manifest | None, corpus: Corpus, *, keep: bool = False
) -> Encoder:
    """Return what a build embeds with.

    Args:
        name: `static`, the folder of a static model, or a model of sentence-transformers.
        index: The index folder.
        before: The generation before. A static model of it goes on serving: with another
            one, every text would have to be embedded again.
        corpus: What is to be embedded.
        keep: Go on with the static model before, however much the collection has grown.

    Raises:
        ModelError: The model cannot be loaded or made.
    """
    if before is not None and before.model.name == name:
        export, model = before.export, before.model
        kind = kind_of_export(export.files) if export is not None else None
        if export is not None and kind is not None and _intact(index, export):
            folder, papers = model_folder(index, export), None if keep else corpus.papers
            with suppress(ModelError):  # Written by another version: it is made again.
                own = kind.continues(folder, name, model.fingerprint, papers)
                if own is not None:
                    return own
    return kind_of_name(name).open(name, corpus)


def open_encoder(index: Path, manifest: Manifest) -> Encoder:
    """Open the model that encodes queries for an index: its export, if there is one.

    Raises:
        IndexDamagedError: The files of the export have changed.
        ModelError: The model cannot be found or loaded.
        ModelMismatchError: The model of that name is no longer the one that built it.
    """
    model, export = manifest.model, manifest.export
    if export is not None and export.folder:
        if encoder := preloaded(export):
            return encoder
        # All of its bytes: they are read anyway, and a wrong weight gives wrong answers that
        # look right. Hashing 90 MB takes 0.05 to 0.07 s, a fifth of opening the model.
        folder = model_folder(index, export)
        verify_files(folder, export.files)
        kind = kind_of_export(export.files)
        if kind is None:
            raise ModelError(
                f"{folder} holds a model of a kind that this rftsearch does not know; "
                "update it, or `rftsearch build --model` with another model"
            )
        return kind.open_export(folder, model.name, model.fingerprint)
    original = kind_of_name(model.name).reopen(model.name, model.fingerprint, model.stamps)
    check_model(manifest, original)
    return original


def document_encoder(
    index: Path, export: ExportEntry | None, encoder: Encoder, count: int
) -> Encoder:
    """Return what embeds this many documents soonest: the encoder, or its export."""
    kind = kind_of_encoder(encoder)
    if kind is None or export is None or not export.folder:
        return encoder
    return kind.for_documents(encoder, model_folder(index, export), count)


def export_for(index: Path, before: Manifest | None, encoder: Encoder) -> ExportEntry | None:
    """Return the export that the next generation names; write it if there is none yet.

    Args:
        index: The index folder.
        before: The generation before, whose export serves as long as the model is the same.
        encoder: What was asked for.

    Returns:
        None if a program brought an encoder of its own, which no kind of model knows.

    Raises:
        ModelError: The model cannot be found or loaded.
        OSError: Its export cannot be written.
    """
    kind = kind_of_encoder(encoder)
    if kind is None:
        return None
    if before is not None and before.model.fingerprint == encoder.fingerprint:
        export = before.export
        refused = export is not None and export.no_export_reason and kind.slow_to_export
        if export is not None and (refused or (export.folder and _intact(index, export))):
            return export
    return _export(index, kind, encoder)


def no_export_note(manifest: Manifest) -> tuple[str, ...]:
    """Return a sentence to show once if the model could not be exported; else nothing."""
    if manifest.export is None or not manifest.export.no_export_reason:
        return ()
    name, reason = manifest.model.name, manifest.export.no_export_reason
    return (f"{name} is not exported: {reason}; {kind_of_name(name).without_export}",)


def encoded_by(manifest: Manifest) -> tuple[str, str]:
    """Return what encodes queries, and why the model is not exported.

    Returns:
        Both for people to read. The first is empty if a program brings the encoder, the
        second if the model is exported.
    """
    model, export = manifest.model, manifest.export
    if export is not None and export.folder:
        kind = kind_of_export(export.files)
        return ("a model of an unknown kind" if kind is None else kind.export_runs_on), ""
    if export is not None:
        return kind_of_name(model.name).runs_on, export.no_export_reason
    if model.stamps:  # Only a model that lies in files of its own has stamps.
        return kind_of_name(model.name).runs_on, "`rftsearch build` exports the model"
    return "", ""


def remade(index: Path, manifest: Manifest) -> ExportEntry | None:
    """Return the export as it is after a repair: made again if it is damaged or missing.

    Raises:
        OSError: It cannot be written.
    """
    from rftsearch.index.generations.owned import remove_owned  # noqa: PLC0415 - for builds alone

    export = manifest.export
    if export is None:
        return None
    try:
        verify_model(index, export)
    except IndexDamagedError:
        # Out of the way: its name is free again for an export of the same bytes.
        remove_owned(model_folder(index, export))
    else:
        if export.folder:
            return export
    model = manifest.model
    kind = kind_of_export(export.files) or kind_of_name(model.name)
    try:
        encoder = kind.reopen(model.name, model.fingerprint, {})
        if encoder.fingerprint != model.fingerprint:
            return ExportEntry("", {}, f"the model now called {model.name} is another one")
        return _export(index, kind, encoder)
    except ModelError as error:
        return ExportEntry("", {}, str(error))


def verify_model(index: Path, export: ExportEntry) -> None:
    """Hash the files of an exported model, if there are any.

    Raises:
        IndexDamagedError: One is missing or altered.
    """
    if export.folder:
        verify_files(model_folder(index, export), export.files)


def _export(index: Path, kind: ModelKind, encoder: Encoder) -> ExportEntry:
    """Export a model into the index, or take down why that is not possible."""
    draft = index / MODELS / f"draft-{os.urandom(8).hex()}"
    draft.mkdir(parents=True)
    try:
        kind.export(encoder, draft)
        return _keep(draft)
    except NotExportableError as reason:
        return ExportEntry("", {}, str(reason))
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _keep(draft: Path) -> ExportEntry:
    """Bring an exported model to the disk and give it its name."""
    from rftsearch.index.generations.owned import (  # noqa: PLC0415 - for builds alone
        model_name,
        remove_owned,
    )

    files = {path.name: flush(path) for path in sorted(draft.iterdir())}
    sync_folder(draft)
    name = model_name(files)
    folder = draft.with_name(name)
    export = ExportEntry(name, files, "")
    try:
        verify_files(folder, files)
    except IndexDamagedError:  # Not there, most often.
        remove_owned(folder)
        draft.rename(folder)
        sync_folder(folder.parent)
    return export


def _intact(index: Path, export: ExportEntry) -> bool:
    try:
        check_files(model_folder(index, export), export.files)
    except IndexDamagedError:
        return False
    return True


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
