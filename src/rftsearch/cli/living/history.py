"""`rftsearch log`, `diff` and `news`: what changed in an index, and what is new in it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from rftsearch.cli.command import Option, command
from rftsearch.cli.options import INDEX, JSON
from rftsearch.cli.terminal import note, print_json, print_line, say
from rftsearch.errors import UsageError
from rftsearch.settings import index_path
from rftsearch.text.dates import is_from
from rftsearch.text.plural import plural

if TYPE_CHECKING:
    from rftsearch.index.store.history import PastGeneration
    from rftsearch.living.as_of import News
    from rftsearch.living.history import History

__all__ = ["diff", "log", "news"]

_LINES = 5
"""Changes of a generation that `log` shows without --all."""
_DAYS = 7
"""Days that `news` looks back if no date is given."""


@command(
    Option("-k", "--count", type=int, metavar="N", help="number of generations; by default all"),
    Option("--all", action="store_true", dest="every", help="name all changes, not the first 5"),
    JSON,
    INDEX,
)
def log(*, count: int | None, every: bool, as_json: bool, index: Path | None) -> None:
    """List the generations of the index, newest first: when, how many papers, what changed."""
    from rftsearch.living.history import open_history

    if count is not None and count < 1:
        raise UsageError("-k is the number of generations; give 1 or more")
    with open_history(index_path(index)) as history:
        entries = history.log()[:count]
    if as_json:
        print_json([entry.to_dict() for entry in entries])
        return
    for entry in entries:
        then = entry.generation
        kinds = ((entry.added, "added"), (entry.removed, "removed"), (entry.changed, "changed"))
        changes = ", ".join(f"{number:,} {kind}" for number, kind in kinds if number)
        begins = "the history begins here" if then.previous is None else "no paper changed"
        head = f"{then.number:5}  {_minute(then)}  {plural(then.papers, 'entry', 'entries')}"
        print_line((head, "bold"), (f"  {changes or begins}", "cyan"))
        for line in entry.lines if every else entry.lines[:_LINES]:
            print_line(f"         {line}")
        if not every and (more := len(entry.lines[_LINES:])):
            print_line(f"         and {more:,} more")


@command(
    Option("first", metavar="FROM", help="number of a generation, or a date like 2026-03-15"),
    Option("second", nargs="?", metavar="TO", help="the same; by default the newest generation"),
    JSON,
    INDEX,
)
def diff(*, first: str, second: str | None, as_json: bool, index: Path | None) -> None:
    """Name what changed from one generation of the index to another.

    A date stands for the last generation of that day. `rftsearch log` lists the generations.
    """
    from rftsearch.living.history import open_history

    with open_history(index_path(index)) as history:
        one = _generation(history, first)
        other = history.reachable[-1] if second is None else _generation(history, second)
        changes = history.diff(one, other)
    if as_json:
        print_json([change.to_dict() for change in changes])
        return
    say(f"From generation {one.number} ({_minute(one)}) to {other.number} ({_minute(other)}):")
    for change in changes:
        print_line(f"  {change}")
    if not changes:
        print_line("  no paper changed")


@command(
    Option("question", nargs="+", metavar="QUESTION", help="what the papers should be about"),
    Option(
        "--since",
        metavar="DATE",
        help="count what the index got on this day or later: 2026-03-15, 2026-03 or 2026; by "
        f"default the last {_DAYS} days",
    ),
    Option("-k", "--count", type=int, default=50, metavar="N", help="at most; 50 by default"),
    JSON,
    Option("--atom", action="store_true", help="print an Atom feed"),
    INDEX,
)
def news(
    *,
    question: Sequence[str],
    since: str | None,
    count: int,
    as_json: bool,
    atom: bool,
    index: Path | None,
) -> None:
    """Find what is new for a question: good matches that the index got since a date.

    The exit code is 0 if something is new and 1 if nothing is, as with grep.
    """
    from rftsearch.living.as_of import find_news
    from rftsearch.search.engine import Engine

    if as_json and atom:
        raise UsageError("print JSON or an Atom feed, not both: leave out --json or --atom")
    day = since or (datetime.now(UTC) - timedelta(days=_DAYS)).date().isoformat()
    with Engine.open(index_path(index)) as engine:
        found = find_news(engine, " ".join(question), day, count)
    if as_json:
        print_json([item.to_dict() for item in found.items])
    elif atom:
        sys.stdout.write(_feed(found))
    else:
        _show(found)
    if is_from(found.begins.built, day.strip()):
        note(f"the history begins on {found.begins.built[:10]}; what was there then is not new")
    if not found.items:
        sys.exit(1)


def _generation(history: History, text: str) -> PastGeneration:
    """Return the generation of a number or a date."""
    # A number of four digits is more likely a year than a generation.
    if text.isascii() and text.isdigit() and len(text) != len("2026"):
        return history.generation(int(text))
    return history.on(text)


def _minute(generation: PastGeneration) -> str:
    return generation.built[:16].replace("T", " ")


def _feed(found: News) -> str:
    from rftsearch.living.atom import FeedEntry, write_feed

    digest = sha256(found.question.encode()).hexdigest()[:16]
    entries = [FeedEntry(item.hit.paper, item.listed) for item in found.items]
    updated = max((entry.updated for entry in entries), default=found.built)
    title = f"New papers: {found.question}"
    return write_feed(title, f"urn:rftsearch:{found.index_id}:news:{digest}", updated, entries)


def _show(found: News) -> None:
    from rftsearch.cli.render import print_paper

    for item in found.items:
        print_paper(item.hit.paper, f"{item.listed[:10]}  {item.hit.score:.3f}  ")
    if not found.items:
        papers = plural(found.added, "paper is", "papers are")
        print_line(
            f"Nothing new for this question; {papers} new since {found.since}.", file=sys.stderr
        )
