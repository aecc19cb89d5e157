"""Open an index for the page, and build it first if there is none."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from rftsearch.cli.terminal import note, say
from rftsearch.errors import IndexMissingError, SourceError
from rftsearch.index.generations.manifest import Manifest
from rftsearch.search.engine import Engine
from rftsearch.settings import SOURCES_VARIABLE, address_of, first_sources, index_place

__all__ = ["open_or_build"]


def open_or_build(index: Path | None = None) -> Engine:
    """Open an index; if there is none, build it from the sources in `RFTSEARCH_SOURCES`.

    Args:
        index: Its folder or address; None for the default one. Nothing is built for an address.

    Returns:
        An engine that the caller closes.

    Raises:
        SourceError: A source cannot be read; nothing was built.
        RftsearchError: See `build_index` and `Engine.open`.
    """
    folder = index_place(index)
    if address_of(folder):
        return Engine.open(folder)
    sources = first_sources()
    try:
        manifest = Manifest.read(folder)
    except IndexMissingError:
        _build(folder, sources)
    else:
        _compare(folder, manifest, sources)
    return Engine.open(folder)


def _build(folder: Path, sources: Sequence[str]) -> None:
    # With an index, the page does not wait for these imports.
    from rftsearch.cli.progress import progress
    from rftsearch.cli.render import show_report
    from rftsearch.index.build.build import build_index

    say(f"Building the index from {', '.join(sources) or 'the shipped list'} ...")
    started = time.monotonic()
    try:
        with progress() as show:
            report = build_index(folder, sources, progress=show)
    except SourceError as error:
        if not sources:
            raise
        raise SourceError(f"{SOURCES_VARIABLE}: {error}") from None
    show_report(report, time.monotonic() - started)


def _compare(folder: Path, manifest: Manifest, sources: Sequence[str]) -> None:
    """Say so if an index was built from other sources than those that are set now."""
    from rftsearch.sources.registry import open_source

    if not sources or tuple(open_source(one).key for one in sources) == manifest.sources:
        return
    built = ", ".join(manifest.sources) or "the shipped list"
    note(
        f"the index in {folder} was built from {built}, and this page shows it; to build it from "
        f"{SOURCES_VARIABLE}, start with an empty folder, or name those sources to "
        f"`rftsearch build`"
    )
