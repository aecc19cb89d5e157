"""The small tables of a generation on the server: files in chunks, listed with their hashes.

The first point, `MARK`, says what the generation is, how far it came, and which files there
are. Each chunk is a point of its own, named by its file and its place in it.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from rftsearch.errors import IndexDamagedError, IndexFormatError
from rftsearch.index.remote.client import Remote
from rftsearch.index.remote.layout import MARK, VERSION, tables_name
from rftsearch.json_fields import file_name, hexadecimal, mapping, text, whole

if TYPE_CHECKING:
    from qdrant_client import models

__all__ = [
    "CHUNK",
    "Mark",
    "State",
    "TableEntry",
    "mark_to_follow",
    "read_mark",
    "read_table",
    "write_tables",
]

CHUNK = 2 << 20
"""Bytes of a file in one point; a server takes requests of up to 32 MB."""
_NAMES = uuid.UUID("6f1c9d0e-6f0b-4a53-9d0e-3c1f5b1f7a10")
"""The space of the names of chunks."""


class State(StrEnum):
    """How far a generation on the server came."""

    FILLING = "filling"
    """Its papers are being written; nobody may read it."""
    WHOLE = "whole"
    """All of it is there, counted and compared."""


@dataclass(frozen=True, slots=True)
class TableEntry:
    """One file among the small tables."""

    sha256: str
    size: int
    """In bytes."""
    chunks: int


@dataclass(frozen=True, slots=True)
class Mark:
    """What a generation on the server is."""

    state: State
    index_id: str
    """Of the store it comes from; only its own builder replaces it."""
    generation: int
    generation_id: str
    model: str
    fingerprint: str
    """Of the encoder that made the vectors."""
    dimension: int
    papers: int
    """Points in the collection."""
    proof: str = ""
    """Over the digests of all points, once they are known."""
    built: str = ""
    """When the generation was built, in UTC, ISO 8601."""
    published: float = 0.0
    """When the alias was about to lead here, in seconds since 1970 by the builder's clock."""
    tables: Mapping[str, TableEntry] = field(default_factory=dict)

    def describe(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {"layout": VERSION, **asdict(self)}

    @classmethod
    def parse(cls, value: object) -> Mark:
        """Read what `describe` returned.

        Raises:
            IndexFormatError: It is of another layout.
            IndexDamagedError: It is something else.
        """
        try:
            fields = mapping(value)
            if (version := whole(fields["layout"])) != VERSION:
                raise IndexFormatError(
                    f"the collection has layout {version}, and this rftsearch reads {VERSION}; "
                    + ("update rftsearch" if version > VERSION else "publish the index once more")
                )
            return cls(
                state=State(text(fields["state"])),
                index_id=text(fields["index_id"]),
                generation=whole(fields["generation"]),
                generation_id=text(fields["generation_id"]),
                model=text(fields["model"]),
                fingerprint=text(fields["fingerprint"]),
                dimension=whole(fields["dimension"], 1, 1 << 20),
                papers=whole(fields["papers"]),
                proof=text(fields["proof"]),
                built=text(fields["built"]),
                published=float(fields["published"]),
                tables={
                    file_name(name): TableEntry(
                        hexadecimal(entry["sha256"], 64),
                        whole(entry["size"]),
                        whole(entry["chunks"]),
                    )
                    for name, entry in mapping(fields["tables"]).items()
                },
            )
        except (KeyError, TypeError, ValueError) as error:
            raise IndexDamagedError(
                "what the collection says of itself makes no sense; publish the index once more"
            ) from error


def read_mark(remote: Remote, collection: str) -> Mark | None:
    """Return what a collection of papers is; None if it is not ours.

    Raises:
        IndexFormatError, IndexDamagedError: It is of another layout, or makes no sense.
        IndexServerError: See `Remote.ask`.
    """
    said = _said(remote, collection)
    return None if said is None else Mark.parse(said)


def mark_to_follow(remote: Remote, collection: str) -> Mark | None:
    """Return the same for who publishes: None also where a new collection takes its place.

    That is one of an older layout, or one that makes no sense.

    Raises:
        IndexFormatError: It is of a newer layout.
        IndexServerError: See `Remote.ask`.
    """
    said = _said(remote, collection)
    older = isinstance(said, dict) and said.get("layout") in range(VERSION)
    with suppress(IndexDamagedError):
        return None if said is None or older else Mark.parse(said)
    return None


def _said(remote: Remote, collection: str) -> Mapping[str, Any] | None:
    tables = tables_name(collection)
    if not remote.ask(lambda client: client.collection_exists(tables)):
        return None
    found = remote.ask(lambda client: client.retrieve(tables, [MARK], with_payload=True))
    return (found[0].payload or {}) if found else None


def write_mark(remote: Remote, collection: str, mark: Mark) -> None:
    """Say what a collection is."""
    from qdrant_client import models  # noqa: PLC0415 - an extra

    point = models.PointStruct(id=MARK, vector={}, payload=mark.describe())
    remote.ask(lambda client: client.upsert(tables_name(collection), [point], wait=True))


def read_table(remote: Remote, collection: str, mark: Mark, name: str) -> bytes:
    """Return a file of the small tables.

    Args:
        remote: Where.
        collection: Of the papers.
        mark: What it says of itself.
        name: The file.

    Raises:
        IndexDamagedError: It is not there, or not as it was written.
        IndexServerError: See `Remote.ask`.
    """
    entry = mark.tables.get(name)
    damaged = IndexDamagedError(
        f"{name} of {collection} is missing or damaged on the server; `rftsearch build --repair` "
        "on the index it was published from writes it again"
    )
    if entry is None:
        raise damaged
    parts = []
    for part in range(entry.chunks):
        wanted = _chunk_id(name, part)
        found = remote.ask(
            lambda client, wanted=wanted: client.retrieve(  # type: ignore[misc]
                tables_name(collection), [wanted], with_payload=True
            )
        )
        try:
            parts.append(zlib.decompress(base64.b64decode(found[0].payload["data"])))
        except (IndexError, KeyError, TypeError, ValueError, zlib.error) as error:
            raise damaged from error
    content = b"".join(parts)
    if len(content) != entry.size or hashlib.sha256(content).hexdigest() != entry.sha256:
        raise damaged
    return content


def write_tables(
    remote: Remote, collection: str, files: Mapping[str, bytes], mark: Mark
) -> tuple[Mark, int]:
    """Write files into the tables of a collection; what is there already stays.

    Args:
        remote: Where.
        collection: Of the papers.
        files: Their contents by name.
        mark: What the collection is.

    Returns:
        The mark with its tables, and how many chunks were written.
    """
    from qdrant_client import models  # noqa: PLC0415 - an extra

    tables = tables_name(collection)
    there = dict(_chunks(remote, tables))
    entries, wanted, written = {}, {}, 0
    for name, content in files.items():
        chunks = [content[at : at + CHUNK] for at in range(0, len(content), CHUNK)]
        sha256 = hashlib.sha256(content).hexdigest()
        entries[name] = TableEntry(sha256, len(content), len(chunks))
        for part, chunk in enumerate(chunks):
            identifier, digest = _chunk_id(name, part), hashlib.sha256(chunk).hexdigest()
            wanted[identifier] = digest
            if there.get(identifier) == digest:
                continue
            data = base64.b64encode(zlib.compress(chunk)).decode("ascii")
            payload = {"name": name, "part": part, "sha256": digest, "data": data}
            point = models.PointStruct(id=identifier, vector={}, payload=payload)
            remote.ask(lambda client, one=point: client.upsert(tables, [one], wait=True))  # type: ignore[misc]
            written += 1
    if gone := sorted(there.keys() - wanted.keys()):
        selector = models.PointIdsList(points=list(gone))
        remote.ask(lambda client: client.delete(tables, selector, wait=True))
    return replace(mark, tables=entries), written


def _chunk_id(name: str, part: int) -> str:
    return str(uuid.uuid5(_NAMES, f"{part} {name}"))


def _chunks(remote: Remote, tables: str) -> Iterator[tuple[str, str]]:
    """Yield the ids of all chunks that are there, and their hashes."""
    offset: Any = None
    while True:
        records: list[models.Record]
        records, offset = remote.ask(
            lambda client, after=offset: client.scroll(  # type: ignore[misc]
                tables, limit=1_000, offset=after, with_payload=["sha256"]
            )
        )
        for record in records:
            if record.id != MARK:
                yield str(record.id), str((record.payload or {}).get("sha256"))
        if offset is None:
            return
