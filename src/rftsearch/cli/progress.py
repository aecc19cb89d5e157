"""Show how far a long task is: a bar on a terminal, elsewhere a line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from rftsearch.cli.terminal import print_line
from rftsearch.types import Progress

__all__ = ["progress"]

_SILENCE = 10.0
"""Seconds between two lines, where no terminal shows a bar; shorter tasks print nothing."""
_IN_BYTES = ("snapshot",)
_STAGES = {
    "read": "Reading lists",
    "snapshot": "Reading the snapshot",
    "fetch": "Fetching abstracts",
    "search": "Asking arXiv",
    "embed": "Embedding",
    "learn": "Making the static model",
    "export": "Exporting the model",
    "encode": "Embedding",
    "store": "Storing",
    "write": "Writing the index",
    "publish": "Publishing",
    "clean": "Tidying up",
    "upload": "Publishing on the server",
}


@contextmanager
def progress() -> Iterator[Progress]:
    """Show progress on stderr: a bar on a terminal, elsewhere a line every ten seconds."""
    if not sys.stderr.isatty():
        yield _lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[figures]}"))
    console = Console(file=sys.stderr)
    with Bar(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task("", total=None, figures="")

        def show(stage: str, done: int, total: int) -> None:
            name, now = _STAGES.get(stage, stage), bar.tasks[task]
            if now.description != name:  # Each stage has its own speed.
                bar.reset(task, description=name, total=None, figures="")
            bar.update(task, completed=done, total=total or None)
            rate = now.finished_speed or now.speed
            bar.update(task, figures=_figures(stage, done, total, rate))

        yield show


def _lines(clock: Callable[[], float] = time.monotonic) -> Progress:
    """Return a function that prints how far a task is, at most one line in `_SILENCE`.

    Args:
        clock: Returns the time in seconds.
    """
    printed = clock()

    def show(stage: str, done: int, total: int) -> None:
        nonlocal printed
        if clock() - printed < _SILENCE:
            return
        printed = clock()
        far = _figures(stage, done, total, None)
        with suppress(OSError):  # A build goes on even if nobody reads its progress.
            print_line(": ".join(filter(None, [_STAGES.get(stage, stage), far])), file=sys.stderr)

    return show


def _figures(stage: str, done: int, total: int, rate: float | None) -> str:
    """Return how far a stage is, and how fast: `1,200/2,000  85/s`; bytes as megabytes."""
    if not (done or total):
        return ""
    unit, digits, step = (" MB", 1, 1e6) if stage in _IN_BYTES else ("", 0, 1)
    far = f"{done / step:,.{digits}f}" + (f"/{total / step:,.{digits}f}" if total else "") + unit
    return f"{far}  {rate / step:,.{digits}f}{unit}/s" if rate else far
