"""The result of a benchmark, as a Markdown table and as values."""

from __future__ import annotations

import argparse
import os
import platform
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

from rftsearch.errors import UsageError

__all__ = [
    "Benchmark",
    "Report",
    "cores",
    "machine",
    "replace_marked",
    "table",
    "write_section",
]


class Benchmark(Protocol):
    """A module of this folder."""

    __doc__: str | None

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the options of its command."""

    def run(self, arguments: argparse.Namespace) -> Report:
        """Measure."""


@dataclass(frozen=True)
class Report:
    """What was measured, on which machine, and which goals were missed."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    """The table."""
    values: dict[str, Any]
    """The same as plain JSON values."""
    libraries: Sequence[str]
    """Packages whose versions are shown."""
    peers: Mapping[str, str] = field(default_factory=dict)
    """Versions of the systems that were compared, by name."""
    remarks: Sequence[str] = ()
    failures: Sequence[str] = ()
    """One sentence for each goal that was missed."""
    write: Callable[[], None] | None = None
    """Writes other files, such as a plot."""
    when: str = field(default_factory=lambda: datetime.now(UTC).date().isoformat())

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain JSON values."""
        return {
            "date": self.when,
            "machine": machine(),
            "libraries": {name: version(name) for name in self.libraries},
            "peers": dict(self.peers),
            "values": self.values,
            "failures": list(self.failures),
        }

    def markdown(self) -> str:
        """Return the table, with a line about the machine above it."""
        libraries = ", ".join(f"{name} {version(name)}" for name in self.libraries)
        beside = ", ".join(f"{name} {number}" for name, number in self.peers.items())
        lines = [
            f"{self.title}. {self.when}, {machine()}, {libraries}"
            f"{f'; beside it {beside}' if beside else ''}.",
            "",
            table(self.head, self.rows),
        ]
        for remark in (*self.remarks, *(f"Missed: {failure}" for failure in self.failures)):
            lines += ["", remark]
        return "\n".join(lines)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def cores() -> int:
    """Return the number of processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def machine() -> str:
    """Describe the machine in a few words; its load shows what else ran on it."""
    return (
        f"{cores()} cores ({platform.machine()}), load {os.getloadavg()[2]:.1f} over the last "
        f"quarter of an hour, Python {platform.python_version()}"
    )


def write_section(path: Path, name: str, text: str) -> None:
    """Write a section with a heading into a file; it replaces the section of that heading."""
    known = path.read_text("utf-8") if path.exists() else "# Measured\n"
    section = f"## {name}\n\n{text.rstrip()}\n"
    pattern = re.compile(rf"^## {re.escape(name)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    if pattern.search(known):
        written = pattern.sub(lambda _: section + "\n", known)
    else:
        written = f"{known.rstrip()}\n\n{section}"
    path.write_text(f"{written.rstrip()}\n", "utf-8")


def replace_marked(path: Path, name: str, text: str) -> None:
    """Replace the text between `<!-- NAME -->` and `<!-- /NAME -->`.

    Raises:
        UsageError: The file has no such place, or more than one.
    """
    known = path.read_text("utf-8")
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    if known.count(begin) != 1 or known.count(end) != 1 or known.index(begin) > known.index(end):
        raise UsageError(f"{path} is to have one place between {begin} and {end}")
    before, _, rest = known.partition(begin)
    after = rest.partition(end)[2]
    path.write_text(f"{before}{begin}\n{text.strip()}\n{end}{after}", "utf-8")
