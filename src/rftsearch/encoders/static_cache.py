"""Static models on this machine: made from a collection once, kept in a cache, found again.

An index keeps a copy of the one that embedded it, so nothing depends on the cache:
it spares making the same model twice, for another index of the same papers or after
the index's own copy was damaged.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rftsearch.encoders.base import Encoder, NotExportableError
from rftsearch.encoders.model_files import ModelFiles
from rftsearch.encoders.onnx_encoder import OnnxEncoder
from rftsearch.encoders.static_encoder import STATIC, TOKENIZER, StaticEncoder, is_static
from rftsearch.encoders.static_training import Recipe, make_static, sampled
from rftsearch.encoders.torch_encoder import SentenceTransformerEncoder, accelerated
from rftsearch.errors import ModelError
from rftsearch.papers.documents import Texts
from rftsearch.settings import default_cache
from rftsearch.types import Progress

__all__ = ["find_static", "made_static"]

_DAY = 24 * 60 * 60.0
"""In seconds."""
_SHOWN = 16
"""So many hexadecimal digits of a digest stand in a folder's name."""


def made_static(
    texts: Iterable[Texts],
    progress: Progress,
    *,
    total: int | None = None,
    teacher: SentenceTransformerEncoder | None = None,
    recipe: Recipe | None = None,
    cache: Path | None = None,
) -> StaticEncoder:
    """The static model of a collection: out of the cache, or made now.

    Args:
        texts: Of the collection, or those of it that `sampled` would take.
        progress: Called with the stage `learn`.
        total: How many papers the collection has; None for as many as there are texts.
        teacher: The model to come near to; None for the default one.
        recipe: How to make it; None for the usual way.
        cache: Where models are kept; None for the user's cache folder.

    Raises:
        ModelError: The teacher cannot be loaded, or the cache cannot be written.
    """
    teacher, recipe = teacher or SentenceTransformerEncoder(), recipe or Recipe()
    folder = cache or _cache()
    sample, given = sampled(texts, recipe)
    total = given if total is None else total
    key = _key(sample, total, teacher, recipe)
    for found in folder.glob(f"{key}-*"):
        if _is(found, found.name.partition("-")[2]):
            return StaticEncoder(found, STATIC)
    draft = folder / f"draft-{os.getpid()}"
    _forget_drafts(folder)
    try:
        shutil.rmtree(draft, ignore_errors=True)  # A killed process may have had this number.
        draft.mkdir(parents=True)
        with _teaching(teacher, draft / "teacher") as encoder:
            tokenizer = (teacher.folder / TOKENIZER).read_text("utf-8")
            model = make_static(sample, total, encoder, tokenizer, recipe, progress)
        model.save(draft)
        made = folder / f"{key}-{ModelFiles(draft).fingerprint()[:_SHOWN]}"
        shutil.rmtree(made, ignore_errors=True)  # Damaged, or another process's same bytes.
        draft.rename(made)
    except OSError as error:
        raise ModelError(
            f"cannot keep a static model in {folder}: {error.strerror or error}; free some "
            "space, or set XDG_CACHE_HOME to a folder that can be written"
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return StaticEncoder(made, STATIC)


def find_static(name: str, fingerprint: str, cache: Path | None = None) -> Path | None:
    """Where a static model of this name and fingerprint lies outside of any index."""
    if name == STATIC:
        places = list((cache or _cache()).glob(f"*-{fingerprint[:_SHOWN]}"))
    else:
        places = [Path(name)]
    return next((place for place in places if _is(place, fingerprint)), None)


def _cache() -> Path:
    return default_cache() / "static"


def _forget_drafts(folder: Path) -> None:
    """Delete what processes that were killed left behind; making a model takes minutes."""
    for draft in folder.glob("draft-*"):
        with suppress(OSError):
            if time.time() - draft.stat().st_mtime > _DAY:
                shutil.rmtree(draft)


def _key(
    sample: Iterable[Texts], total: int, teacher: SentenceTransformerEncoder, recipe: Recipe
) -> str:
    """What a model is made from, as a name."""
    digest = hashlib.sha256(json.dumps([teacher.fingerprint, recipe.describe(), total]).encode())
    for text in sample:
        digest.update(json.dumps([text.title, text.body]).encode())
    return digest.hexdigest()[:_SHOWN]


def _is(folder: Path, fingerprint: str) -> bool:
    """Whether a folder holds the static model of a fingerprint, or of one that begins so."""
    try:
        return is_static(folder) and ModelFiles(folder).fingerprint().startswith(fingerprint)
    except OSError:
        return False


@contextmanager
def _teaching(teacher: SentenceTransformerEncoder, folder: Path) -> Iterator[Encoder]:
    """The teacher in whichever form reads thousands of texts soonest."""
    from rftsearch.encoders.onnx_export import export_model  # noqa: PLC0415 - for builds alone

    encoder: Encoder = teacher
    if not accelerated():
        folder.mkdir()
        try:
            export_model(teacher, folder)
            encoder = OnnxEncoder(folder, teacher.name, teacher.fingerprint, mapped=True)
        except NotExportableError:
            pass  # Slower, and the same vectors.
    try:
        yield encoder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
