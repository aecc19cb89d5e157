"""`manifest.json`: what the current generation is, and what its files must be."""

from __future__ import annotations

import errno
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rftsearch.errors import REPAIR, IndexDamagedError, IndexFormatError, IndexMissingError
from rftsearch.files import FileEntry, read_regular, refused, write_atomically
from rftsearch.index.engines.base import EngineEntry
from rftsearch.json_fields import (
    date,
    file_name,
    hexadecimal,
    mapping,
    optional_mapping,
    text,
    texts,
    whole,
)
from rftsearch.papers.about import ListAbout
from rftsearch.papers.notes import Note, NoteCode
from rftsearch.settings import build_command, refuse_address
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
LARGEST_NUMBER = 10**9
"""No generation has a larger number, and no format."""
_KEYS = {"export": "light", "vectors": "probing", "excluded_ids": "left_out"}
"""What JSON calls some fields."""
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
            KeyError, ValueError: It is something else.
        """
        folder = text(value["folder"])
        if folder:  # A repair may delete it.
            hexadecimal(folder, 16)
        return cls(folder, _files(value["files"]), text(value["why_not"]))

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
    excluded_ids: tuple[str, ...] = ()
    """Ids of papers that were removed by hand; builds pass over them. In JSON: `left_out`."""
    index_id: str = ""
    """The random id of the store; empty if the index was built before there were ids."""
    generation_id: str = ""
    """A random id of this generation; empty likewise."""
    engine: str = ""
    """The address where builds publish it, too; empty if it lies in its folder only."""
    about: Mapping[str, ListAbout] = field(default_factory=dict)
    """What the lists say of themselves, by their keys: those that say something."""

    def folder(self, index: Path) -> Path:
        """Return where the derived files of this generation lie."""
        return generation_folder(index, self.generation)

    def describe(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        value = asdict(self)
        for name, key in _KEYS.items():
            value[key] = value.pop(name)
        value["light"] = None if self.export is None else self.export.describe()
        return {"format": FORMAT, **value}

    @classmethod
    def parse(cls, value: object) -> Manifest:
        """Read what `describe` returned.

        Raises:
            ValueError: It is something else.
        """
        try:
            return cls._parsed(mapping(value))
        except (KeyError, TypeError, OverflowError) as error:
            raise ValueError("not a manifest") from error

    @classmethod
    def _parsed(cls, value: Mapping[str, Any]) -> Manifest:
        model, counts = mapping(value["model"]), mapping(value["counts"])
        previous = value["previous"]
        # An index built before there was such a thing lacks what is asked for by `get`.
        export = optional_mapping(value.get("light"))
        stamps = mapping(model["stamps"])
        return cls(
            generation=whole(value["generation"], 1, LARGEST_NUMBER),
            previous=None if previous is None else whole(previous, 1, LARGEST_NUMBER),
            built=date(value["built"]),
            model=ModelEntry(
                text(model["name"]),
                text(model["fingerprint"]),
                whole(model["dimension"], 1, 1 << 20),
                {
                    text(name): [whole(each, -(1 << 63), 1 << 63) for each in stamp]
                    for name, stamp in stamps.items()
                },
            ),
            export=None if export is None else ExportEntry.parse(export),
            categories=texts(value["categories"]),
            counts={name: whole(counts[name]) for name in COUNTS},
            sources=texts(value["sources"]),
            files=_files(value["files"]),
            vectors=optional_mapping(value.get("probing")),
            excluded_ids=texts(value.get("left_out", ())),
            index_id=text(value.get("index_id", "")),
            generation_id=text(value.get("generation_id", "")),
            engine=text(value.get("engine", "")),
            about={
                text(key): ListAbout(**{text(name): text(said) for name, said in about.items()})
                for key, about in mapping(value.get("about", {})).items()
            },
        )

    @classmethod
    def read(cls, index: Path) -> Manifest:
        """Read the manifest of an index.

        Raises:
            IndexMissingError: There is no index.
            IndexDamagedError: The file makes no sense.
            IndexFormatError: Another version of rftsearch wrote it.
            IndexReadError: The system refuses to read it.
        """
        path = index / MANIFEST
        try:
            content = read_regular(path).decode()
        except FileNotFoundError as error:
            refuse_address(index)
            raise IndexMissingError(
                f"there is no index in {index}; `{build_command(index)}` makes one"
            ) from error
        except NotADirectoryError as error:
            raise IndexMissingError(f"{index} is a file; --index takes a folder") from error
        except OSError as error:
            if error.errno in {errno.EINVAL, errno.EISDIR}:
                raise IndexDamagedError(f"{path} is not a file; {REPAIR}") from error
            raise refused(error, path) from error
        except UnicodeDecodeError as error:
            raise IndexDamagedError(f"{path} is damaged; {REPAIR}") from error
        try:
            value = json.loads(content)
            written_as = value["format"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise IndexDamagedError(f"{path} is damaged; {REPAIR}") from error
        if type(written_as) is not int or not 0 < written_as <= LARGEST_NUMBER:
            raise IndexDamagedError(f"{path} is damaged; {REPAIR}")
        if written_as != FORMAT:
            raise IndexFormatError(
                f"{index} has index format {written_as}, this rftsearch reads {FORMAT}; "
                + (
                    REPAIR
                    if written_as < FORMAT
                    else "update rftsearch, or name another folder with --index"
                )
            )
        try:
            return cls.parse(value)
        except (ValueError, RecursionError) as error:
            raise IndexDamagedError(f"{path} is damaged; {REPAIR}") from error

    def publish(self, index: Path) -> None:
        """Make this generation the current one, by one atomic rename.

        Raises:
            OSError: It cannot be written; the manifest before it stays.
        """
        content = json.dumps(self.describe(), ensure_ascii=False, indent=1)
        write_atomically(index / MANIFEST, content)


def _files(value: object) -> dict[str, FileEntry]:
    found = {}
    for name, entry in mapping(value).items():
        fields = mapping(entry)
        found[file_name(name)] = FileEntry(hexadecimal(fields["sha256"], 64), whole(fields["size"]))
    return found


def generation_folder(index: Path, number: int) -> Path:
    """Return where the derived files of a generation lie."""
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
