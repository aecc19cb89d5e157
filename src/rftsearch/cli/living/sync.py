"""`rftsearch sync`: read the sources of an index again, say what changed, and apply it."""

from __future__ import annotations

import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rftsearch.cli.build import ABSTRACTS, OFFLINE, PROBLEMS, reported
from rftsearch.cli.command import Option, command
from rftsearch.cli.options import INDEX, JSON
from rftsearch.cli.progress import progress
from rftsearch.cli.terminal import complain, note, print_json, say, show_notes
from rftsearch.settings import index_path

if TYPE_CHECKING:
    from rftsearch.index.build.sync import SyncReport

__all__ = ["sync"]

_HEADINGS = {
    "added": "Added",
    "removed": "Removed",
    "renamed": "Renamed",
    "moved": "Moved to another category",
    "changed": "Changed",
}
_SHOWN = 20
"""Papers of each kind that are named, without --all."""


@command(
    Option("--dry-run", action="store_true", help="say what would change, and change nothing"),
    Option(
        "--all",
        action="store_true",
        dest="every",
        help="name up to 1,000 papers of each kind of change, not the first 20",
    ),
    ABSTRACTS,
    PROBLEMS,
    OFFLINE,
    Option(
        "--force",
        action="store_true",
        help="go on if a source cannot be read, and keep its papers; or if it lost half of its "
        "entries, and remove those papers",
    ),
    JSON,
    INDEX,
)
def sync(
    *,
    dry_run: bool,
    every: bool,
    abstracts: Path | None,
    problems: Path | None,
    offline: bool,
    force: bool,
    as_json: bool,
    index: Path | None,
) -> None:
    """Read the sources of the index again, name what changed, and apply it.

    Papers that were added by hand stay. If a source cannot be read, or has lost half of its
    entries, nothing is changed. `rftsearch log` shows what earlier runs changed.
    """
    from rftsearch.index.build.sync import sync_index

    folder = index_path(index)
    started = time.monotonic()
    with reported(problems) as done, progress() as show:
        report = sync_index(
            folder,
            dry_run=dry_run,
            force=force,
            abstracts=abstracts,
            offline=offline,
            progress=show,
        )
        done.append(report.outcome)
    if as_json:
        print_json(_as_json(report))
    else:
        _show(report, _SHOWN, time.monotonic() - started, every=every)
    for reason in report.failed.values():
        complain(f"{reason}; its papers stay as they are")


def _as_json(report: SyncReport) -> dict[str, object]:
    return {
        "index": str(report.index),
        "generation": report.manifest.generation,
        "published": report.build is not None,
        "dry_run": report.dry_run,
        "server": asdict(report.published) if report.published else None,
        "counts": dict(report.counts),
        "changes": [change.to_dict() for change in report.changes],
        "failed": dict(report.failed),
        "sources": [
            {
                "key": source.key,
                "name": source.name,
                "entries": source.entries,
                "with_arxiv_id": source.with_arxiv_id,
                "merged": source.merged,
                "not_understood": source.not_understood,
                "read_in_part": source.read_in_part,
            }
            for source in report.outcome.sources
        ],
        "notes": list(report.build.notes if report.build else ()),
    }


def _show(report: SyncReport, shown: int, seconds: float, *, every: bool) -> None:
    from rftsearch.cli.render import show_sources

    left_out = False
    for kind, heading in _HEADINGS.items():
        count = report.counts.get(kind, 0)  # type: ignore[call-overload]  # the kinds of changes
        if not count:
            continue
        say(f"{heading}: {count:,}")
        named = [change for change in report.changes if change.kind == kind]
        named = named if every else named[:shown]
        for change in named:
            say(f"  {change}")
        if count > len(named):
            left_out = True
            say(f"  and {count - len(named):,} more")
    if not report:
        say("No paper changed.")
    read = tuple(one for one in report.outcome.sources if one.key not in report.failed)
    # Merges are those of every build; what could not be read is named last.
    show_sources(replace(report.outcome, sources=read), merges=False)
    if report.dry_run:
        if left_out and not every:
            note("--all names more of these papers")
        note("this was a dry run: nothing is changed")
        return
    if report.published is not None:
        say(str(report.published))
    if report.build is None:
        say(f"{report.index} stays as it is: generation {report.manifest.generation}.")
        return
    say(f"Generation {report.manifest.generation} of {report.index} in {seconds:.1f} s.")
    if left_out:
        note("`rftsearch log -k 1 --all` names all papers that changed")
    show_notes(report.build.notes)
