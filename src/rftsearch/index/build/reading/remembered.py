"""From what an index was built: the keys of its sources, which later builds read again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rftsearch.errors import (
    REPAIR,
    IndexDamagedError,
    IndexFormatError,
    IndexReadError,
    IndexStateError,
    SourceError,
)
from rftsearch.index.generations.agreement import newest_published
from rftsearch.index.generations.manifest import GIVEN_PAPERS, Manifest
from rftsearch.index.store.store import FILE_NAME, Store
from rftsearch.sources.catalogue import CATALOGUE

__all__ = ["own_sources", "with_more"]


def own_sources(index: Path) -> tuple[str, ...]:
    """Return the keys of what an index was built from; none for a new one, or the catalogue.

    Raises:
        SourceError: It was made from papers at hand.
        IndexFormatError: It is of another version, and its lists are not to be forgotten.
        IndexDamagedError: It was made from papers at hand, and only a repair keeps them;
            or nothing says from what it was made.
    """
    try:
        sources = Manifest.read(index).sources
    except (IndexFormatError, IndexReadError):
        raise
    except IndexStateError:
        sources = _remembered(index)
        if GIVEN_PAPERS in sources:
            raise IndexDamagedError(f"the manifest of {index} cannot be read; {REPAIR}") from None
    if GIVEN_PAPERS in sources:
        if set(sources) == {GIVEN_PAPERS}:
            raise SourceError(
                f"the index in {index} was made from papers, not from a list; "
                "name a list, or another folder with --index"
            )
        raise SourceError(
            f"some papers of {index} were added by hand, and no source has them; "
            "`rftsearch sync` reads the sources again and keeps these papers"
        )
    return sources


def _remembered(index: Path) -> tuple[str, ...]:
    """Return the sources that the store knows if there is no manifest; none for a new index."""
    if not (index / FILE_NAME).is_file():
        return ()
    with Store.open(index) as store:
        published = newest_published(store.generations())
    try:
        return Manifest.parse(published.description).sources if published else ()
    except ValueError as error:
        raise IndexDamagedError(
            f"neither the manifest nor the store of {index} says what it was built from; "
            "name the lists to build from"
        ) from error


def with_more(names: Sequence[str], more: Sequence[str]) -> tuple[str, ...]:
    """Return the names of an index's sources and of some that are added to them."""
    return tuple(dict.fromkeys([*(names or (CATALOGUE,)), *more]))
