"""A cache of static models on this machine: each is made from a collection once.

An index keeps a copy of the model that embedded it, so nothing depends on the cache:
it only saves making the same model twice, for another index of the same papers or after
the copy in the index was damaged.
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
from rftsearch.encoders.learning.change import CHANGE, LearnedChange
from rftsearch.encoders.learning.embeddings import token_embeddings
from rftsearch.encoders.learning.recipe import Recipe
from rftsearch.encoders.model_files import DEFAULT_MODEL, STATIC, ModelFiles, is_static
from rftsearch.encoders.onnx_encoder import OnnxEncoder
from rftsearch.encoders.static_encoder import TOKENIZER, StaticEncoder
from rftsearch.encoders.static_training import make_static, sampled
from rftsearch.encoders.torch_encoder import SentenceTransformerEncoder, accelerated
from rftsearch.errors import ModelError
from rftsearch.papers.documents import Texts
from rftsearch.settings import default_cache
from rftsearch.types import Progress

__all__ = ["find_static", "made_static", "teaching"]

_DAY = 24 * 60 * 60.0
"""In seconds."""
_SHOWN = 16
"""Hexadecimal digits of a digest in the name of a folder."""


def made_static(
    texts: Iterable[Texts],
    progress: Progress,
    *,
    total: int | None = None,
    teacher: SentenceTransformerEncoder | None = None,
    recipe: Recipe | None = None,
    cache: Path | None = None,
) -> StaticEncoder:
    """Return the static model of a collection: from the cache, or made now.

    Args:
        texts: Those of the collection, or those that `sampled` would take of it.
        progress: Called with the stage `learn`.
        total: How many papers the collection has; None: as many as there are texts.
        teacher: The model to imitate; None for the default one.
        recipe: How to make it; None for the usual recipe.
        cache: Where models are kept; None for the user's cache folder.

    Raises:
        ModelError: The teacher cannot be loaded, or the cache cannot be written.
    """
    teacher, recipe = teacher or SentenceTransformerEncoder(), recipe or Recipe()
    folder = cache or _cache()
    sample, given = sampled(texts, recipe)
    total = given if total is None else total
    change = _change_for(teacher)
    key = _key(sample, total, teacher, recipe, change)
    for found in folder.glob(f"{key}-*"):
        if _is(found, found.name.partition("-")[2]):
            return StaticEncoder(found, STATIC)
    draft = folder / f"draft-{os.getpid()}"
    _forget_drafts(folder)
    try:
        shutil.rmtree(draft, ignore_errors=True)  # A killed process may have had this number.
        draft.mkdir(parents=True)
        with teaching(teacher, draft / "teacher") as encoder:
            tokenizer = (teacher.files.folder / TOKENIZER).read_text("utf-8")
            model = make_static(
                sample,
                total,
                encoder,
                tokenizer,
                recipe,
                progress,
                token_embeddings(teacher.files.folder, tokenizer),
                change,
            )
        model.save(draft)
        made = folder / f"{key}-{ModelFiles(draft).fingerprint()[:_SHOWN]}"
        shutil.rmtree(made, ignore_errors=True)  # Damaged, or the same bytes of another process.
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
    """Return the folder of a static model outside of any index; None if there is none.

    Args:
        name: `static`, or the path of a folder.
        fingerprint: What the model must have.
        cache: Where models are kept; None for the user's cache folder.
    """
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


def _change_for(teacher: SentenceTransformerEncoder) -> LearnedChange | None:
    """What comes with rftsearch for tables of a teacher: it was learned with the default model."""
    return LearnedChange.read(CHANGE) if teacher.name == DEFAULT_MODEL else None


def _key(
    sample: Iterable[Texts],
    total: int,
    teacher: SentenceTransformerEncoder,
    recipe: Recipe,
    change: LearnedChange | None,
) -> str:
    """A digest over everything that a model is made from."""
    made_with = [teacher.fingerprint, recipe.describe(), total, change and change.fingerprint]
    digest = hashlib.sha256(json.dumps(made_with).encode())
    for text in sample:
        digest.update(json.dumps([text.title, text.body]).encode())
    return digest.hexdigest()[:_SHOWN]


def _is(folder: Path, fingerprint: str) -> bool:
    """Whether a folder holds the static model of a fingerprint, which may be given in part."""
    try:
        return is_static(folder) and ModelFiles(folder).fingerprint().startswith(fingerprint)
    except OSError:
        return False


@contextmanager
def teaching(teacher: SentenceTransformerEncoder, folder: Path) -> Iterator[Encoder]:
    """Yield the teacher in the form that encodes thousands of texts soonest.

    Args:
        teacher: The model.
        folder: For its export; made, and deleted at the end.
    """
    from rftsearch.encoders.onnx_export import export_model  # noqa: PLC0415 - for builds alone

    encoder: Encoder = teacher
    if not accelerated():
        folder.mkdir()
        try:
            export_model(teacher, folder, rounded=True)
            encoder = OnnxEncoder(folder, teacher.name, teacher.fingerprint, mapped=True)
        except NotExportableError:
            pass  # The original is slower, and has the same vectors.
    try:
        yield encoder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
