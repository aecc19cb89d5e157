"""A backtest of an index: its own papers against those of a file."""

from __future__ import annotations

from pathlib import Path

from rftsearch.errors import UsageError
from rftsearch.living.discovery.backtest import Backtest, backtest, default_month
from rftsearch.living.discovery.candidates import Asked, Known, read_pool
from rftsearch.living.discovery.discover import encoded
from rftsearch.living.history import check_date
from rftsearch.living.labels.labelled import read_listed
from rftsearch.search.engine import Engine
from rftsearch.text.dates import first_day
from rftsearch.types import Progress

__all__ = ["travel"]


def travel(
    engine: Engine,
    snapshot: Path | None,
    *,
    month: str | None = None,
    most: int = 5_000,
    progress: Progress | None = None,
) -> Backtest:
    """Measure how well the later papers of an index would have been found.

    Args:
        engine: The open index of the list.
        snapshot: A file of papers, listed and others; the others are taken from that month on.
        month: Papers from then on are hidden, `2025-05` or `2025`; None for about 30% of them.
        most: How many of the others to take, the newest.
        progress: As for `discover`.

    Raises:
        UsageError: There is no file, the month is no date, or too few papers are known, hidden
            or others.
        SourceError: The file cannot be read.
        ModelError, ModelMismatchError: The papers cannot be encoded.
    """
    if snapshot is None:
        raise UsageError("a backtest needs papers that are not in the list; name --snapshot FILE")
    report: Progress = progress or (lambda *_: None)
    listed, evidence = engine.read(read_listed)
    since = check_date(month)[:7] if month else default_month(listed)
    pool = read_pool(snapshot, Asked((), first_day(since), "9999-12-31", most), report)
    known = Known(engine.papers())
    others = [paper for paper in pool.papers if paper not in known]
    found = encoded(engine, others, report) if others else evidence.rows([])
    return backtest(since, listed, evidence, others, found)
