"""What an index is, in figures: for `rftsearch status`, the page and the API."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rftsearch.index.generations.agreement import check_agreement
from rftsearch.index.generations.manifest import GIVEN_PAPERS, Manifest, missing_abstracts
from rftsearch.index.generations.models import encoded_by
from rftsearch.index.store.store import Store
from rftsearch.papers.about import ListAbout
from rftsearch.papers.notes import Note
from rftsearch.settings import address_of
from rftsearch.sources.catalogue import ABOUT, CATALOGUE

__all__ = ["Status", "folder_size", "read_status", "status_of"]


@dataclass(frozen=True, slots=True)
class Status:
    """The figures of one index."""

    path: Path
    generation: int
    built: str
    """When, in UTC, ISO 8601."""
    model: str
    dimension: int
    encoded_by: str
    """What encodes queries: `onnxruntime`, from the exported model; `sentence-transformers`
    if the model is not exported; empty if a program brings the encoder."""
    no_export_reason: str
    """Why the model is not exported, as a clause; empty where it is."""
    sources: tuple[str, ...]
    papers: int
    projects: int
    categories: int
    with_abstract: int
    pending: int
    """Abstracts that were not fetched yet."""
    unknown: int
    """Ids that arXiv does not have."""
    without: int
    """Records that have no abstract to fetch."""
    windowed: int
    """Documents longer than the model reads at once, embedded in windows."""
    left_out: tuple[str, ...]
    """Ids of papers that were removed by hand."""
    size_bytes: int
    """Of everything in the index folder; of an index on a server, of its files here."""
    pending_ids: tuple[str, ...]
    unknown_ids: tuple[str, ...]
    notes: tuple[Note, ...]
    """What is missing and how to get it, one sentence each."""
    about: Mapping[str, ListAbout] = field(default_factory=dict, hash=False)
    """What the lists say of themselves, by their keys in `sources`."""
    engine: str = ""
    """The address where builds publish it, too; empty if it lies in its folder only."""

    @property
    def lists(self) -> Mapping[str, ListAbout]:
        """What each of its lists says of itself, even if that is nothing, by its key."""
        keys = [key for key in self.sources or (CATALOGUE,) if key != GIVEN_PAPERS]
        # An index that was built before lists were asked what they say knows nothing.
        shipped = {CATALOGUE: ABOUT}
        return {key: self.about.get(key) or shipped.get(key, ListAbout()) for key in keys}

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {**asdict(self), "path": self.place}

    @property
    def place(self) -> str:
        """The folder of the index, or its address."""
        return address_of(self.path) or str(self.path)


def read_status(index: Path) -> Status:
    """Read the figures of an index; neither its vectors nor its model are loaded.

    Raises:
        IndexMissingError, IndexDamagedError, IndexFormatError: See errors.
    """
    manifest = Manifest.read(index)
    with Store.open(index) as store:
        check_agreement(index, manifest, store)
        pending = store.ids_in_state(manifest.generation, "pending")
        unknown = store.ids_in_state(manifest.generation, "unknown")
    return status_of(manifest, index, folder_size(index), pending, unknown)


def status_of(
    manifest: Manifest, index: Path, size: int, pending: Sequence[str], unknown: Sequence[str]
) -> Status:
    """Return the figures that a manifest has, with what it lacks.

    Args:
        manifest: Of the current generation.
        index: The folder of the index, or its address.
        size: Bytes of its files here.
        pending: Ids of papers whose abstract was not fetched yet.
        unknown: Ids that arXiv does not have.
    """
    counts = manifest.counts
    encoder, no_export_reason = encoded_by(manifest)
    return Status(
        path=index,
        generation=manifest.generation,
        built=manifest.built,
        model=manifest.model.name,
        dimension=manifest.model.dimension,
        encoded_by=encoder,
        no_export_reason=no_export_reason,
        sources=manifest.sources,
        papers=counts["papers"],
        projects=counts["projects"],
        categories=len(manifest.categories),
        with_abstract=counts["with_abstract"],
        pending=counts["pending"],
        unknown=counts["unknown"],
        without=counts["without"],
        windowed=counts["windowed"],
        left_out=manifest.excluded_ids,
        size_bytes=size,
        pending_ids=tuple(pending),
        unknown_ids=tuple(unknown),
        notes=missing_abstracts(manifest),
        about=manifest.about,
        engine=manifest.engine,
    )


def folder_size(folder: Path) -> int:
    """Bytes in all files of a folder; a build may take some away meanwhile."""
    sizes: dict[tuple[int, int], int] = {}
    for place, _, names in os.walk(folder):  # Passes over what is gone.
        for name in names:
            with suppress(OSError):
                file = (Path(place) / name).stat()
                # Generations share files: what has two names takes its place once.
                sizes[file.st_dev, file.st_ino] = file.st_size
    return sum(sizes.values())
