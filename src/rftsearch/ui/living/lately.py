"""What changed in an index lately, and what is new for a question: read for the tab "New"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rftsearch.errors import UsageError
from rftsearch.index.build.changes import Change
from rftsearch.index.generations.generation import Generation
from rftsearch.index.store.history import PastGeneration
from rftsearch.living.as_of import News, find_news
from rftsearch.living.history import History, LogEntry, check_date
from rftsearch.search.engine import Engine

__all__ = ["Lately", "read_lately"]

_DAYS = 7
_LOGGED = 10
_NEWS = 20


@dataclass(frozen=True)
class Lately:
    """What changed."""

    log: Sequence[LogEntry]
    """The last generations, the newest first."""
    known: Sequence[PastGeneration]
    """Those that can be compared, the newest first."""
    first: PastGeneration
    second: PastGeneration
    diff: Sequence[Change]
    """What changed from `first` to `second`."""
    since: str
    """The day since which papers are new."""
    news: News | None
    """What is new for the question; None if nothing was asked."""


def read_lately(engine: Engine, question: str, since: str, first: str, second: str) -> Lately:
    """Read what changed.

    Args:
        engine: The open index.
        question: What is asked on the page; may be empty.
        since: A day; empty for a week ago.
        first: The number of a generation; empty for the last but one.
        second: The number of a later or earlier one; empty for the last.

    Raises:
        UsageError: There is no such day or generation.
    """
    day = check_date(since) if since else _week_ago()

    def read(now: Generation) -> Lately:
        history = History(now.store, now.manifest)
        known = list(reversed(history.reachable))
        one = history.generation(_number(first)) if first else known[min(1, len(known) - 1)]
        other = history.generation(_number(second)) if second else known[0]
        diff = history.diff(one, other)
        return Lately(history.log()[:_LOGGED], known, one, other, diff, day, None)

    found = engine.read(read)
    news = find_news(engine, question, day, _NEWS) if question else None
    return Lately(found.log, found.known, found.first, found.second, found.diff, found.since, news)


def _week_ago() -> str:
    return (datetime.now(UTC) - timedelta(days=_DAYS)).date().isoformat()


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise UsageError(f"{text!r} is not the number of a generation")
    return int(text)
