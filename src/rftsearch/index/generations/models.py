"""Models in an index: exported or static, made once, shared by its generations, collected at last.

Each lies in a folder of its own, named by a digest over its files, so that a
generation that still answers never meets another's. The folder appears whole, by
one rename; what a dead build left behind is named by no manifest and goes with
the next build.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from rftsearch.encoders.base import Encoder
from rftsearch.encoders.model_files import full_name
from rftsearch.encoders.onnx_encoder import OnnxEncoder
from rftsearch.encoders.static_cache import find_static, made_static
from rftsearch.encoders.static_encoder import (
    FILES,
    MADE_FROM,
    SETTINGS,
    STATIC,
    StaticEncoder,
    is_static,
)
from rftsearch.encoders.static_training import Recipe
from rftsearch.encoders.torch_encoder import SentenceTransformerEncoder, accelerated
from rftsearch.errors import IndexDamagedError, ModelError, ModelMismatchError
from rftsearch.files import check_files, flush, sync_folder, verify_files
from rftsearch.index.generations.manifest import (
    MODELS,
    ExportEntry,
    Manifest,
    ModelEntry,
    model_folder,
)
from rftsearch.index.generations.preload import preloaded
from rftsearch.papers.documents import Texts
from rftsearch.types import Progress

__all__ = [
    "check_model",
    "choose_encoder",
    "collect_models",
    "document_encoder",
    "export_for",
    "open_encoder",
    "remade",
    "verify_model",
]

GROWN = 4
"""A static model is made anew once the collection is so many times what it was made from."""
MANY_TEXTS = 2000
"""From so many texts on, looking for an accelerator is worth the import of torch."""


def choose_encoder(
    name: str,
    index: Path,
    before: Manifest | None,
    count: int,
    sample: Callable[[int], Iterable[Texts]],
    progress: Progress,
    *,
    keep: bool = False,
) -> Encoder:
    """What a build embeds with.

    Args:
        name: `static`, the folder of a static model, or a model of sentence-transformers.
        index: The index folder.
        before: The generation before, whose static model goes on serving: with another
            one, every text would have to be embedded again.
        count: How many papers the collection has.
        sample: Gives the texts of so many of them, for a static model to be made from.
        progress: Called with the stage `learn` when one is made.
        keep: Go on with the static model before, however the collection has grown.

    Raises:
        ModelError: The model cannot be loaded or made.
    """
    folder = Path(name).expanduser()
    if name != STATIC and is_static(folder):
        return StaticEncoder(folder, full_name(name))
    own = _own_static(index, before) if before is not None and before.model.name == name else None
    few = own is None or count <= GROWN * own.settings[MADE_FROM]
    if own is not None and (keep or few or name != STATIC):
        return own
    if name == STATIC:
        return made_static(sample(Recipe().papers), progress, total=count)
    return SentenceTransformerEncoder(name)


def open_encoder(index: Path, manifest: Manifest) -> Encoder:
    """The model that answers for an index: its light form where it has one.

    Raises:
        IndexDamagedError: The light form's files have changed.
        ModelError: The model cannot be found or loaded.
        ModelMismatchError: The model of that name is no longer the one that built it.
    """
    model, light = manifest.model, manifest.light
    if light is not None and light.folder:
        if encoder := preloaded(light):
            return encoder
        folder = model_folder(index, light)
        check_files(folder, light.files)
        kind = StaticEncoder if SETTINGS in light.files else OnnxEncoder
        return kind(folder, model.name, model.fingerprint)
    if model.name == STATIC:
        raise ModelError(
            f"the static model of {index} is lost; `rftsearch build --model static` makes "
            "another, and embeds every text with it"
        )
    original = SentenceTransformerEncoder(model.name, known=(model.fingerprint, model.stamps))
    check_model(manifest, original)
    return original


def document_encoder(
    index: Path, light: ExportEntry | None, encoder: Encoder, count: int
) -> Encoder:
    """What embeds so many documents soonest: the light form, but for many and a GPU."""
    if isinstance(encoder, StaticEncoder):
        return encoder
    if light is None or not light.folder or (count >= MANY_TEXTS and accelerated()):
        return encoder
    return OnnxEncoder(model_folder(index, light), encoder.name, encoder.fingerprint)


def export_for(index: Path, before: Manifest | None, encoder: Encoder) -> ExportEntry | None:
    """What the next generation says of its model's light form, exported where it must be.

    Args:
        index: The index folder.
        before: The generation before, whose export serves as long as the model is the same.
        encoder: What was asked for; a static model is copied, and what else is no model
            of sentence-transformers has no light form.

    Raises:
        ModelError: The model cannot be found or loaded.
        OSError: Its light form cannot be written.
    """
    if isinstance(encoder, StaticEncoder):
        return _adopt(index, encoder.folder)
    if not isinstance(encoder, SentenceTransformerEncoder):
        return None
    if before is not None and before.model.fingerprint == encoder.fingerprint:
        light = before.light
        if light is not None and (light.why_not or _intact(index, light)):
            return light
    return _export(index, encoder)


def remade(index: Path, manifest: Manifest) -> ExportEntry | None:
    """The light form as it is after a repair: exported again where it is damaged or lacking.

    Raises:
        OSError: It cannot be written.
    """
    light = manifest.light
    if light is None:
        return None
    try:
        verify_model(index, light)
    except IndexDamagedError:
        # Out of the way: its name is free again for an export of the same bytes.
        shutil.rmtree(model_folder(index, light), ignore_errors=True)
    else:
        if light.folder:
            return light
    return _made_again(index, manifest.model)


def _made_again(index: Path, model: ModelEntry) -> ExportEntry:
    if (static := find_static(model.name, model.fingerprint)) is not None:
        return _adopt(index, static)
    if model.name == STATIC:
        return ExportEntry("", {}, "its table is lost")
    try:
        encoder = SentenceTransformerEncoder(model.name)
        if encoder.fingerprint != model.fingerprint:
            return ExportEntry("", {}, f"the model now called {model.name} is another one")
        return _export(index, encoder)
    except ModelError as error:
        return ExportEntry("", {}, str(error))


def verify_model(index: Path, light: ExportEntry) -> None:
    """Hash the files of an exported model, if there are any.

    Raises:
        IndexDamagedError: One is missing or altered.
    """
    if light.folder:
        verify_files(model_folder(index, light), light.files)


def collect_models(index: Path, kept: Collection[str]) -> None:
    """Delete the exported models that no kept generation names."""
    folder = index / MODELS
    for found in list(folder.iterdir()) if folder.is_dir() else []:
        if found.name not in kept:
            shutil.rmtree(found, ignore_errors=True)
    with suppress(OSError):
        folder.rmdir()  # Only an empty one goes.


def _own_static(index: Path, before: Manifest) -> StaticEncoder | None:
    """The static model of the generation before, if it had one that can be used."""
    light = before.light
    if light is None or SETTINGS not in light.files or not _intact(index, light):
        return None
    folder, model = model_folder(index, light), before.model
    with suppress(ModelError):  # Of another version: it is made anew.
        return StaticEncoder(folder, model.name, model.fingerprint)
    return None


def _adopt(index: Path, folder: Path) -> ExportEntry:
    """Keep a copy of a static model in the index."""
    draft = index / MODELS / "draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        for name in FILES:
            shutil.copyfile(folder / name, draft / name)
        return _keep(draft)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _export(index: Path, encoder: SentenceTransformerEncoder) -> ExportEntry:
    from rftsearch.encoders.onnx_export import NotExportableError, export_model  # noqa: PLC0415 - for builds alone

    draft = index / MODELS / "draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        export_model(encoder, draft)
        return _keep(draft)
    except NotExportableError as reason:
        return ExportEntry("", {}, str(reason))
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _keep(draft: Path) -> ExportEntry:
    """Bring an exported model to the disk and give it its name."""
    files = {path.name: flush(path) for path in sorted(draft.iterdir())}
    sync_folder(draft)
    said = json.dumps({name: asdict(entry) for name, entry in files.items()})
    name = hashlib.sha256(said.encode()).hexdigest()[:16]
    folder = draft.with_name(name)
    light = ExportEntry(name, files, "")
    try:
        verify_files(folder, files)
    except IndexDamagedError:  # Not there, most often.
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)
        sync_folder(folder.parent)
    return light


def _intact(index: Path, light: ExportEntry) -> bool:
    try:
        check_files(model_folder(index, light), light.files)
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
