"""Whether manifest and store belong together: nothing is cleaned up before they do."""

from __future__ import annotations

from pathlib import Path

from rftsearch.errors import CONTRADICTED, IndexDamagedError
from rftsearch.index.generations.manifest import Manifest
from rftsearch.index.store.generation_rows import GenerationRow, GenerationState
from rftsearch.index.store.store import Store

__all__ = ["check_agreement", "contradiction", "newest_published"]


def contradiction(manifest: Manifest, store: Store) -> str | None:
    """Return why a manifest is not the one of a store, as a clause; None if it is.

    Part of a backup may have been restored, or the store of another index.
    """
    index_id = store.index_id
    if index_id is None:  # Made before there were ids.
        return "the store is older than the manifest" if manifest.index_id else None
    rows = store.generations()
    if manifest.index_id and manifest.index_id != index_id:
        return "the store is that of another index"
    published = max((r.number for r in rows if r.state == GenerationState.PUBLISHED), default=0)
    if published > manifest.generation:
        return (
            f"the manifest is of generation {manifest.generation}, and the store has "
            f"published generation {published}"
        )
    own = next((row for row in rows if row.number == manifest.generation), None)
    if own is None:
        return f"the store does not have generation {manifest.generation}, which the manifest names"
    published_as = own.description or {}
    if (published_as.get("generation_id", ""), published_as.get("built")) != (
        manifest.generation_id,
        manifest.built,
    ):
        return f"manifest and store come from different builds of generation {manifest.generation}"
    return None


def check_agreement(index: Path, manifest: Manifest, store: Store) -> None:
    """Refuse a manifest that is not the one of a store.

    Raises:
        IndexDamagedError: It is not; see `contradiction`.
    """
    if (reason := contradiction(manifest, store)) is not None:
        raise IndexDamagedError(f"{index} is damaged: {reason}; {CONTRADICTED}")


def newest_published(rows: list[GenerationRow]) -> GenerationRow | None:
    """Return the last generation that was published, as far as the store can tell.

    A store that was made before it took that down has only generations that were
    described: each was whole by then, and the last one counts.
    """
    sure = [row for row in rows if row.state != GenerationState.STAGED]
    # What the store had before it took states down names no index.
    old = [row for row in rows if not (row.description or {}).get("index_id")]
    candidates = sure or old
    return candidates[-1] if candidates else None
