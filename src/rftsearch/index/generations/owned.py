"""What in an index folder is ours, and may be deleted when it is superfluous.

A name alone proves nothing: a folder counts as ours if its name has the form that we
give, it is no symbolic link, and it holds nothing but names that we write.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from rftsearch.errors import IndexFormatError
from rftsearch.files import VERIFIED, FileEntry, entry_of
from rftsearch.index.engines.registry import drop_vectors
from rftsearch.index.generations.layout import EVERY_NAME, VECTORS
from rftsearch.index.generations.manifest import MANIFEST, MODELS

__all__ = [
    "GENERATIONS",
    "check_folder",
    "generation_numbers",
    "model_name",
    "published_folders",
    "remove_drafts",
    "remove_generations",
    "remove_models",
    "remove_owned",
]

GENERATIONS = "generations"
_NUMBER = re.compile(r"[0-9]{6,9}")
_MODEL = re.compile(r"[0-9a-f]{16}")
_MODEL_DRAFT = re.compile(r"draft-[0-9a-f]{16}")
_DRAFT = re.compile(rf"{re.escape(MANIFEST)}(\.[0-9]+)?\.new")
_NOTES = re.compile(rf"{re.escape(VERIFIED)}(\.[0-9]+\.new)?|verified\.[0-9]+")
_BEGUN = {"write.lock", "writer.json"}
"""What a build leaves that died before it had a store."""
_KEEPERS = {"README.md", ".gitkeep", ".gitignore", ".DS_Store", "lost+found"}
"""What keeps an empty folder in a repository, and what systems put into a new one: a folder
with nothing else is as good as empty."""


def check_folder(index: Path, store: str) -> None:
    """Refuse to build where something else lies.

    Args:
        index: The folder.
        store: The name of the store's file.

    Raises:
        IndexFormatError: The folder holds files and no index of ours, or a manifest that
            another program wrote.
        OSError: It cannot be read.
    """
    if not index.is_dir():
        return
    names = {path.name for path in index.iterdir()} - _BEGUN - _KEEPERS
    foreign = MANIFEST in names and _foreign_manifest(index / MANIFEST, beside=store in names)
    if foreign:
        raise IndexFormatError(
            f"{index / MANIFEST} is not a manifest of rftsearch and is left as it is; "
            "move it away or name another folder with --index"
        )
    if names and store not in names and MANIFEST not in names:
        raise IndexFormatError(
            f"{index} is not empty and holds no index; name a new or empty folder with --index"
        )


def _foreign_manifest(path: Path, *, beside: bool) -> bool:
    """Whether a manifest is not ours; damage beside a store is taken for damage of ours."""
    try:
        value = json.loads(path.read_bytes()) if path.is_file() else None
    except (ValueError, RecursionError):
        return not beside
    if beside:
        return isinstance(value, dict) and bool(value) and "format" not in value
    return not isinstance(value, dict) or not {"format", "generation", "built"} <= value.keys()


def generation_numbers(index: Path) -> dict[int, Path]:
    """Return the folders of generations by their numbers."""
    return {int(path.name): path for path in _entries(index / GENERATIONS, _NUMBER)}


def published_folders(index: Path) -> list[int]:
    """Return the numbers of the generations whose files were once written whole."""
    return [
        number
        for number, folder in generation_numbers(index).items()
        if (folder / VERIFIED).is_file()
    ]


def remove_generations(index: Path, keep: Collection[int]) -> None:
    """Delete the folders of generations that nobody needs any more.

    Their vector engines delete what they keep elsewhere.
    """
    found = generation_numbers(index)
    removed = [
        folder
        for number, folder in found.items()
        if number not in keep
        and all(path.name in EVERY_NAME or _NOTES.fullmatch(path.name) for path in folder.iterdir())
    ]
    kept = [folder for folder in found.values() if folder not in removed]
    drop_vectors(*([each / VECTORS for each in some] for some in (removed, kept)))
    for folder in removed:
        remove_owned(folder)


def remove_models(index: Path, keep: Collection[str]) -> None:
    """Delete the exported models that no kept generation names, and unfinished ones.

    The name of a model is a digest over its files: it proves that we made it.
    """
    folder = index / MODELS
    for model in _entries(folder, _MODEL):
        if model.name not in keep and _is_model(model):
            remove_owned(model)
    for draft in _entries(folder, _MODEL_DRAFT):
        remove_owned(draft)
    if not folder.is_symlink():
        with suppress(OSError):
            folder.rmdir()  # Only an empty one goes.


def model_name(files: Mapping[str, FileEntry]) -> str:
    """Return the name of an exported model, a digest over its files."""
    said = json.dumps({name: asdict(entry) for name, entry in files.items()})
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _is_model(folder: Path) -> bool:
    paths = sorted(path for path in folder.iterdir() if not _NOTES.fullmatch(path.name))
    if not all(path.is_file() and not path.is_symlink() for path in paths):
        return False
    with suppress(OSError):
        return model_name({path.name: entry_of(path) for path in paths}) == folder.name
    return False


def remove_drafts(index: Path) -> None:
    """Delete the manifests that builds wrote which died before they published."""
    for path in index.iterdir():
        if _DRAFT.fullmatch(path.name) and path.is_file() and not path.is_symlink():
            with suppress(OSError):
                path.unlink()


def remove_owned(folder: Path) -> None:
    """Delete a folder of ours, as far as the system allows; never through a link."""
    if not any(path.is_symlink() for path in (folder, folder.parent)):
        shutil.rmtree(folder, ignore_errors=True)


def _entries(folder: Path, pattern: re.Pattern[str]) -> list[Path]:
    """Return the real folders of some form below a real folder."""
    if folder.is_symlink() or not folder.is_dir():
        return []
    return [
        path
        for path in folder.iterdir()
        if pattern.fullmatch(path.name) and path.is_dir() and not path.is_symlink()
    ]
