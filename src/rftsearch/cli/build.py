"""`rftsearch build`, `add` and `remove`: make an index, and keep it up to date."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from rftsearch.cli.command import Option, command
from rftsearch.cli.options import INDEX, SNAPSHOT
from rftsearch.cli.progress import progress
from rftsearch.cli.terminal import say, show_notes
from rftsearch.errors import SourceError, UsageError
from rftsearch.settings import expanded, index_path

if TYPE_CHECKING:
    from rftsearch.index.build.reading.accounts import ReadReport
    from rftsearch.sources.arxiv.snapshot import Snapshot
    from rftsearch.sources.base import Problem
    from rftsearch.sources.registry import SourceLike

__all__ = ["ABSTRACTS", "OFFLINE", "PROBLEMS", "add", "build", "remove", "reported"]

ABSTRACTS = Option(
    "--abstracts",
    type=Path,
    metavar="FILE",
    help="JSON Lines file of abstracts, read before arXiv is asked",
)
FORCE = Option(
    "--force",
    action="store_true",
    help="go on even if papers are lost that no list holds, for example those of a damaged "
    "index; without it the command names them and stops",
)
ENGINE = Option(
    "--engine",
    metavar="ADDRESS",
    help="publish the index on a Qdrant server, too: qdrant://host:6333/collection, or "
    "qdrant+https://...; later builds, `add`, `remove` and `sync` publish there as well, until "
    "`--engine folder`",
)
PROBLEMS = Option(
    "--problems",
    type=Path,
    metavar="FILE",
    help="write all lines with problems, such as entries that were not understood, and all merged "
    "entries, to a file: JSON Lines if it ends with .jsonl, else text",
)
OFFLINE = Option(
    "--offline",
    action="store_true",
    help="do not ask arXiv, and fetch no lists: a list from the web is read from its last copy",
)


@command(
    Option(
        "sources",
        nargs="*",
        metavar="SOURCE",
        help="a list, table or library of papers: a file, a folder, a web address, or a repository "
        "on GitHub (owner/name); by default those that the index was built from, for a new index "
        "the shipped list",
    ),
    Option(
        "--model",
        help="embedding model: a hub id, a folder, or `static` for a model made from the papers "
        "themselves, fast enough for millions; by default the model of the index, for a new "
        "index rftsearch-minilm; `minilm` is that one without what it learnt about papers",
    ),
    ABSTRACTS,
    PROBLEMS,
    OFFLINE,
    Option("--refresh", action="store_true", help="fetch all abstracts again"),
    Option(
        "--repair",
        action="store_true",
        help="only write all other files again from the store (store.sqlite3); reads the sources "
        "only if the store itself is damaged",
    ),
    Option(
        "--optimize",
        action="store_true",
        help="write all files of a large index again, so that after many additions its scores are "
        "those of a new index; reads no sources",
    ),
    ENGINE,
    FORCE,
    INDEX,
    SNAPSHOT,
)
def build(  # noqa: PLR0913 - each is an option
    *,
    sources: Sequence[str],
    snapshot: Snapshot | None,
    model: str | None,
    abstracts: Path | None,
    problems: Path | None,
    offline: bool,
    refresh: bool,
    repair: bool,
    optimize: bool,
    engine: str | None,
    force: bool,
    index: Path | None,
) -> None:
    """Build or update the index: read lists and snapshots, fetch abstracts, embed, publish."""
    from rftsearch.cli.render import show_report
    from rftsearch.index.build.build import build_index
    from rftsearch.index.build.repair import repair_index

    folder = index_path(index)
    named = _named(sources, snapshot)
    if (repair or optimize) and (named or model or refresh or abstracts or problems or engine):
        raise UsageError("--repair and --optimize read no sources; leave all other options out")
    started = time.monotonic()
    with reported(problems) as done, progress() as show:
        if repair or optimize:
            repaired = repair_index(folder, show, force=force)
            did = "Repaired" if repair else "Optimized"
            say(f"{did} {folder}: generation {repaired.manifest.generation}.")
            if repaired.published is not None:
                say(str(repaired.published))
            show_notes(repaired.notes)
            return
        report = build_index(
            folder,
            named,
            model=model,
            abstracts=abstracts,
            offline=offline,
            refresh=refresh,
            force=force,
            engine=engine,
            progress=show,
        )
        done.append(report.outcome)
    show_report(report, time.monotonic() - started, problems)


@command(
    Option("sources", nargs="*", metavar="SOURCE", help="lists of papers, as for `build`"),
    ABSTRACTS,
    PROBLEMS,
    OFFLINE,
    FORCE,
    INDEX,
    SNAPSHOT,
)
def add(
    *,
    sources: Sequence[str],
    snapshot: Snapshot | None,
    abstracts: Path | None,
    problems: Path | None,
    offline: bool,
    force: bool,
    index: Path | None,
) -> None:
    """Add the papers of lists and snapshots to the index, and read no other source again.

    Later builds read these sources, too.
    """
    from rftsearch.cli.render import show_report
    from rftsearch.index.build.update import update_index

    named = _named(sources, snapshot)
    if not named:
        raise UsageError("name a list to add, or a snapshot with --arxiv-snapshot")
    started = time.monotonic()
    with reported(problems) as done, progress() as show:
        report = update_index(
            index_path(index),
            named,
            abstracts=abstracts,
            offline=offline,
            force=force,
            progress=show,
        )
        done.append(report.outcome)
    show_report(report, time.monotonic() - started, problems)


@command(
    Option("papers", nargs="+", metavar="PAPER", help="arXiv id or URL, short name, or title"),
    FORCE,
    INDEX,
)
def remove(*, papers: Sequence[str], force: bool, index: Path | None) -> None:
    """Remove papers from the index. If one is not found, none is removed.

    Builds skip them until `rftsearch add` reads a list that names them.
    """
    from rftsearch.cli.render import show_report
    from rftsearch.index.build.update import update_index
    from rftsearch.search.engine import Engine

    folder = index_path(index)
    started = time.monotonic()
    with Engine.open(folder) as engine:
        found = list({paper.id: paper for paper in map(engine.paper, papers)}.values())
    with progress() as show:
        report = update_index(
            folder, remove=[paper.id for paper in found], force=force, progress=show
        )
    for paper in found:
        say(f"Removed {paper.short_name or paper.title} ({paper.id}).")
    show_report(report, time.monotonic() - started)


@contextmanager
def reported(path: Path | None) -> Iterator[list[ReadReport]]:
    """Write what was not understood to a file, also of sources that are refused for it.

    Yields:
        A list that takes the report on the sources.
    """
    from rftsearch.index.build.reading.accounts import check_place, write_problems

    reports: list[ReadReport] = []
    path = None if path is None else expanded(path)
    if path is not None:
        check_place(path)  # Before the work.
    try:
        yield reports
    except SourceError as error:
        if path is not None:
            write_problems(path, cast("tuple[Problem, ...]", error.problems))
        raise
    if path is not None:
        for report in reports:
            write_problems(path, report.problems, report.merges)


def _named(sources: Sequence[str], snapshot: Snapshot | None) -> list[SourceLike]:
    return [*sources, *([snapshot] if snapshot else [])]
