"""`manifest.json`: what the current generation is, and what its files must be."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from rftsearch.errors import REPAIR, IndexDamagedError, IndexFormatError, IndexMissingError
from rftsearch.files import FileEntry
from rftsearch.index.engines.base import EngineEntry
from rftsearch.papers.notes import Note, NoteCode
from rftsearch.text.plural import plural

__all__ = [
    "FORMAT",
    "GIVEN_PAPERS",
    "MANIFEST",
    "MODELS",
    "ExportEntry",
    "Manifest",
    "ModelEntry",
    "generation_folder",
    "missing_abstracts",
    "model_folder",
]

MANIFEST = "manifest.json"
MODELS = "models"
"""Holds the exported models, each in a folder of its own."""
FORMAT = 3
GIVEN_PAPERS = "given papers"
"""Stands among the sources for records that came from no list."""
COUNTS = ("papers", "projects", "with_abstract", "pending", "unknown", "without", "windowed")


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """The encoder that made the vectors, and alone may encode queries for them."""

    name: str
    fingerprint: str
    dimension: int
    stamps: Mapping[str, Sequence[int]]
    """Size and time of its files when they were hashed."""


@dataclass(frozen=True, slots=True)
class ExportEntry:
    """What the index keeps of its model to encode queries with; generations share it."""

    folder: str
    """Its name among the exported models; empty if the model is not exported."""
    files: Mapping[str, FileEntry]
    no_export_reason: str
    """Why it is not exported, as a clause; empty if it is. In JSON: `why_not`."""

    @classmethod
    def parse(cls, value: Mapping[str, Any]) -> ExportEntry:
        """Read it from a manifest.

        Raises:
            KeyError, TypeError, ValueError: It is something else.
        """
        if value["folder"] and not value["folder"].isalnum():
            raise ValueError("a folder that no build makes")  # A repair may delete it.
        files = {name: FileEntry(**entry) for name, entry in value["files"].items()}
        return cls(str(value["folder"]), files, str(value["why_not"]))

    def describe(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        files = {name: asdict(entry) for name, entry in self.files.items()}
        return {"folder": self.folder, "files": files, "why_not": self.no_export_reason}


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds."""

    generation: int
    previous: int | None
    """The generation published before this one; its files are kept."""
    built: str
    """When, in UTC, ISO 8601."""
    model: ModelEntry
    export: ExportEntry | None
    """None if a program brings the encoder. In JSON: `light`."""
    categories: tuple[str, ...]
    """In the order of the lists."""
    counts: Mapping[str, int]
    """Papers, projects, how many abstracts are in each state, documents in windows."""
    sources: tuple[str, ...]
    """Paths of the lists and names of the snapshots it was built from; none for the
    shipped catalogue."""
    files: Mapping[str, FileEntry]
    """Each derived file, by its path inside the generation's folder."""
    vectors: EngineEntry | None = None
    """What the vector engine noted when it wrote the vectors. In JSON: `probing`."""
    left_out: tuple[str, ...] = ()
    """Ids of papers that were removed by hand; builds pass over them."""

    def folder(self, index: Path) -> Path:
        """Where the derived files of this generation lie."""
        return generation_folder(index, self.generation)

    def describe(self) -> dict[str, Any]:
        """As plain JSON values."""
        value = asdict(self)
        del value["export"], value["vectors"]
        return {
            "format": FORMAT,
            **value,
            "light": None if self.export is None else self.export.describe(),
            "probing": self.vectors,
        }

    @classmethod
    def parse(cls, value: Mapping[str, Any]) -> Manifest:
        """Read what `describe` gave.

        Raises:
            KeyError, TypeError, ValueError, AttributeError: It is something else.
        """
        # What an index built before there was such a thing does not name.
        value = {"light": None, "probing": None, "left_out": (), **value}
        value |= {"export": value["light"], "vectors": value["probing"]}
        known = {field.name: value[field.name] for field in fields(cls)}
        return cls(
            **{
                **known,
                "generation": int(known["generation"]),
                "previous": None if known["previous"] is None else int(known["previous"]),
                "counts": {name: int(known["counts"][name]) for name in COUNTS},
                "model": ModelEntry(**known["model"]),
                "export": None if known["export"] is None else ExportEntry.parse(known["export"]),
                "vectors": None if known["vectors"] is None else dict(known["vectors"]),
                "categories": tuple(known["categories"]),
                "sources": tuple(known["sources"]),
                "left_out": tuple(known["left_out"]),
                "files": {name: FileEntry(**entry) for name, entry in known["files"].items()},
            }
        )

    @classmethod
    def read(cls, index: Path) -> Manifest:
        """Read the manifest of an index.

        Raises:
            IndexMissingError: There is no index.
            IndexDamagedError: The file cannot be read or makes no sense.
            IndexFormatError: Another version of rftsearch wrote it.
        """
        path = index / MANIFEST
        try:
            text = path.read_text("utf-8")
        except FileNotFoundError as error:
            raise IndexMissingError(
                f"there is no index in {index}; `rftsearch build` makes one"
            ) from error
        except NotADirectoryError as error:
            raise IndexMissingError(f"{index} is a file; --index takes a folder") from error
        except (OSError, UnicodeDecodeError) as error:
            raise IndexDamagedError(f"cannot read {path}: {error}; {REPAIR}") from error
        try:
            value = json.loads(text)
            written_as = value["format"]
        except (ValueError, KeyError, TypeError) as error:
            raise IndexDamagedError(f"{path} is damaged; {REPAIR}") from error
        if written_as != FORMAT:
            older = isinstance(written_as, int) and written_as < FORMAT
            raise IndexFormatError(
                f"{index} has index format {written_as}, this rftsearch reads {FORMAT}; "
                + (REPAIR if older else "update rftsearch, or name another folder with --index")
            )
        try:
            return cls.parse(value)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise IndexDamagedError(f"{path} is damaged; {REPAIR}") from error

    def publish(self, index: Path) -> None:
        """Make this generation the current one, by one atomic rename.

        Raises:
            OSError: It cannot be written; the manifest before it stays.
        """
        draft = index / f"{MANIFEST}.new"
        with draft.open("w", encoding="utf-8") as file:
            json.dump(self.describe(), file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(index / MANIFEST)


def generation_folder(index: Path, number: int) -> Path:
    """Where the derived files of a generation lie."""
    return index / "generations" / f"{number:06d}"


def model_folder(index: Path, export: ExportEntry) -> Path:
    """Return where an exported model lies."""
    return index / MODELS / export.folder


def missing_abstracts(manifest: Manifest) -> tuple[Note, ...]:
    """Return notes on abstracts that a reader should know are missing."""
    notes = []
    counts = manifest.counts
    if pending := counts["pending"]:
        missing = (
            f"{plural(pending, 'abstract')} not fetched yet: "
            f"{'that paper is' if pending == 1 else 'those papers are'} found by title only; "
            "`rftsearch build` on this index fetches the rest"
        )
        notes.append(Note(NoteCode.ABSTRACTS_PENDING, missing))
    if unknown := counts["unknown"]:
        missing = f"arXiv does not know {plural(unknown, 'id')} of the list"
        notes.append(Note(NoteCode.IDS_UNKNOWN, missing))
    return tuple(notes)
