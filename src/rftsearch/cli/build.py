"""`rftsearch build`, `add` and `remove`: make an index, and keep it up to date."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rftsearch.cli import terminal
from rftsearch.cli.answers import index_folder
from rftsearch.cli.options import Index, make_snapshot
from rftsearch.errors import UsageError
from rftsearch.search.engine import Engine

if TYPE_CHECKING:
    from rftsearch.sources.arxiv.snapshot import Snapshot
    from rftsearch.sources.registry import SourceLike

__all__ = ["add", "build", "remove"]

SnapshotFile = Annotated[
    Path | None,
    typer.Option(
        "--arxiv-snapshot",
        metavar="FILE",
        help="arXiv's metadata snapshot, one JSON object a line, plain or as gz, xz or zst.",
    ),
]
SnapshotCategory = Annotated[
    list[str] | None,
    typer.Option(
        "--arxiv-category",
        metavar="CATEGORY,...",
        help="Of the snapshot, only papers in one of these: cs.CV,cs.CL, or cs for all of cs.",
    ),
]
SnapshotSince = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="DAY",
        help="Of the snapshot, only papers whose first version is of then or later: "
        "2024, 2024-01 or 2024-01-15.",
    ),
]
Abstracts = Annotated[
    Path | None,
    typer.Option("--abstracts", metavar="FILE", help="JSONL file of abstracts to read first."),
]
Offline = Annotated[bool, typer.Option("--offline", help="Do not ask arXiv.")]


def build(  # noqa: PLR0913, PLR0917 - typer reads the signature
    sources: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[SOURCE]...",
            help="Markdown lists; with no source named those of the index, for a new one the "
            "catalogue that comes with rftsearch.",
            show_default=False,
        ),
    ] = None,
    arxiv_snapshot: SnapshotFile = None,
    arxiv_category: SnapshotCategory = None,
    since: SnapshotSince = None,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            help="Embedding model: a hub id, a folder, or `static` for one made from the "
            "papers themselves, which is fast enough for millions; by default the index's "
            "own, at first all-MiniLM-L6-v2.",
        ),
    ] = None,
    abstracts: Abstracts = None,
    offline: Offline = False,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Fetch again what was fetched before.")
    ] = False,
    repair: Annotated[
        bool,
        typer.Option(
            "--repair", help="Only write the derived files anew from the store; nothing is read."
        ),
    ] = False,
    optimize: Annotated[
        bool,
        typer.Option(
            "--optimize",
            help="Write a large index that papers were added to in one piece again, so that "
            "its scores are those of a new one; nothing is read.",
        ),
    ] = False,
    index: Index = None,
) -> None:
    """Build or update the index: read lists and snapshots, fetch abstracts, embed, publish."""
    from rftsearch.index.build.build import build_index, repair_index  # noqa: PLC0415 - heavy
    from rftsearch.index.generations.models import no_export_note  # noqa: PLC0415 - heavy

    folder = index_folder(index)
    named = _named(sources, make_snapshot(arxiv_snapshot, arxiv_category, since))
    if (repair or optimize) and (named or model or refresh or abstracts):
        raise UsageError("--repair and --optimize read nothing; leave everything else out")
    started = time.monotonic()
    with terminal.progress() as tell:
        if repair or optimize:
            manifest = repair_index(folder, tell)
            done = "Repaired" if repair else "Optimized"
            terminal.say(f"{done} {folder}: generation {manifest.generation}.")
            terminal.show_notes(no_export_note(manifest))
            return
        report = build_index(
            folder,
            named,
            model=model,
            abstracts=abstracts,
            offline=offline,
            refresh=refresh,
            progress=tell,
        )
    terminal.show_report(report, time.monotonic() - started)


def add(
    sources: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[SOURCE]...", help="Markdown lists.", show_default=False),
    ] = None,
    arxiv_snapshot: SnapshotFile = None,
    arxiv_category: SnapshotCategory = None,
    since: SnapshotSince = None,
    abstracts: Abstracts = None,
    offline: Offline = False,
    index: Index = None,
) -> None:
    """Add the papers of lists and snapshots to the index; nothing else is read again.

    Later builds read these sources, too.
    """
    from rftsearch.index.build.build import update_index  # noqa: PLC0415 - heavy

    named = _named(sources, make_snapshot(arxiv_snapshot, arxiv_category, since))
    if not named:
        raise UsageError("name a list to add, or a snapshot with --arxiv-snapshot")
    started = time.monotonic()
    with terminal.progress() as tell:
        report = update_index(
            index_folder(index), named, abstracts=abstracts, offline=offline, progress=tell
        )
    terminal.show_report(report, time.monotonic() - started)


def remove(
    papers: Annotated[
        list[str], typer.Argument(metavar="PAPER...", help="arXiv id or URL, short name, or title.")
    ],
    index: Index = None,
) -> None:
    """Remove papers from the index; all of those named, or none.

    Builds pass over them until `rftsearch add` reads a list that names them.
    """
    from rftsearch.index.build.build import update_index  # noqa: PLC0415 - heavy

    folder = index_folder(index)
    started = time.monotonic()
    with Engine.open(folder) as engine:
        found = list({paper.id: paper for paper in map(engine.paper, papers)}.values())
    with terminal.progress() as tell:
        report = update_index(folder, remove=[paper.id for paper in found], progress=tell)
    for paper in found:
        terminal.say(f"Removed {paper.short_name or paper.title} ({paper.id}).")
    terminal.show_report(report, time.monotonic() - started)


def _named(sources: Sequence[Path] | None, snapshot: Snapshot | None) -> list[SourceLike]:
    return [*(sources or ()), *([snapshot] if snapshot else [])]
