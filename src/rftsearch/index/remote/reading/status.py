"""The figures of an index behind an address: for `rftsearch status`, the page and the API."""

from __future__ import annotations

from pathlib import Path

from rftsearch.index.generations.manifest import Manifest
from rftsearch.index.generations.status import Status, folder_size, status_of
from rftsearch.index.remote.client import Remote
from rftsearch.index.remote.reading.points import Points
from rftsearch.index.remote.reading.records import RemoteRecords

__all__ = ["remote_status"]

_FEW = 20_000
"""Up to this many papers are looked through for those whose abstract is missing."""


def remote_status(remote: Remote, collection: str, folder: Path, place: Path) -> Status:
    """Return the figures of an index.

    Args:
        remote: Where it is.
        collection: Of its papers.
        folder: Its small files; their size is what it takes here.
        place: Its address, as a path.
    """
    manifest = Manifest.read(folder)
    counts = manifest.counts
    missing: dict[str, list[str]] = {"pending": [], "unknown": []}
    few = counts["papers"] + counts["projects"] <= _FEW
    if few and (counts["pending"] or counts["unknown"]):
        points = Points(remote, collection, manifest.model.dimension)
        for _, paper in RemoteRecords(points, folder).members(manifest.generation):
            if paper.abstract_state in missing:
                missing[paper.abstract_state].append(paper.id)
    return status_of(
        manifest, place, folder_size(folder), sorted(missing["pending"]), sorted(missing["unknown"])
    )
