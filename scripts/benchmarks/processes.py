"""Measure processes: time until they print, memory, and processor time.

The figures come from /proc, so this works on Linux only.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from rftsearch.errors import RftsearchError

__all__ = [
    "ProcessError",
    "Spent",
    "disk",
    "last_line",
    "memory",
    "percentile",
    "printed",
    "processor",
    "watch",
]

OFTEN = 0.1
"""Seconds between two readings of a process's memory."""


class ProcessError(RftsearchError):
    """A process that is measured failed."""


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that this share of all values does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * round(share * 100) // 100) - 1)]


def printed(command: Sequence[str | Path], environment: Mapping[str, str]) -> tuple[float, str]:
    """Run a command; return the seconds from its start to its last line, and its output.

    The end of the process is not counted: the user has the answer by then.

    Raises:
        ProcessError: It failed, or printed nothing.
    """
    with tempfile.TemporaryFile() as errors:
        began = arrived = time.perf_counter()
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=errors
        ) as process:
            output = b""
            pipe = process.stdout
            while pipe is not None and (read := os.read(pipe.fileno(), 1 << 16)):
                arrived = time.perf_counter()
                output += read
        if process.returncode or not output:
            raise ProcessError(f"{_name(command)} failed: {last_line(errors)}")
    return arrived - began, output.decode()


def last_line(errors: IO[bytes]) -> str:
    """Return the last line that a process wrote to standard error."""
    errors.seek(0)
    lines = errors.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"


def _name(command: Sequence[str | Path]) -> str:
    return " ".join(str(word) for word in command[1:4])


# --- memory -----------------------------------------------------------------------


def memory(process: int | None = None) -> dict[str, float]:
    """Return the resident megabytes of a process: `all`, its `own`, and mapped from `files`.

    The system takes the mapped ones back when it needs memory.

    Raises:
        OSError: There is no such process.
    """
    status = Path(f"/proc/{process or os.getpid()}/status").read_text("ascii", "replace")

    def field(name: str) -> float:
        found = status.partition(f"\n{name}:")[2].split()  # a process that is ending has none
        return int(found[0]) / 1024 if found else 0.0

    own, shared = field("RssAnon"), field("RssShmem")
    return {"all": field("VmRSS"), "own": own + shared, "files": field("RssFile")}


def disk(folder: Path) -> float:
    """Return the megabytes that the files of a folder take on disk."""
    status = (path.stat() for path in folder.rglob("*") if path.is_file())
    return sum(one.st_blocks * 512 for one in status) / (1 << 20)


def processor(process: int) -> float:
    """Return the processor time that a process has used, in seconds."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Spent:
    """The time and memory that a command used."""

    seconds: float
    peak: float
    """Peak of the resident megabytes of the process and its children together."""
    peak_own: float
    """The same, without memory that is mapped from files."""
    stopped: str
    """Why it was stopped; empty if it ended by itself."""
    output: str


def watch(
    command: Sequence[str | Path],
    environment: Mapping[str, str],
    *,
    seconds: float | None = None,
    megabytes: float | None = None,
) -> Spent:
    """Run a command to its end, or stop it if it takes too long or too much memory.

    Raises:
        ProcessError: It failed by itself.
    """
    peak = peak_own = 0.0
    stopped = ""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        with (
            subprocess.Popen(
                command, env=environment, stdout=output, stderr=errors, start_new_session=True
            ) as process,
            _ended(process),
        ):
            while True:
                try:
                    process.wait(OFTEN)
                    break
                except subprocess.TimeoutExpired:
                    taken = [memory_of for one in _tree(process.pid) for memory_of in _read(one)]
                peak = max(peak, sum(one["all"] for one in taken))
                peak_own = max(peak_own, sum(one["own"] for one in taken))
                if seconds is not None and time.perf_counter() - began > seconds:
                    stopped = f"more than {seconds / 60:g} min"
                elif megabytes is not None and peak_own > megabytes:
                    stopped = f"more than {megabytes / 1024:g} GB of memory"
                if stopped:
                    break
        ended = time.perf_counter()
        if process.returncode and not stopped:
            raise ProcessError(f"{_name(command)} failed: {last_line(errors)}")
        output.seek(0)
        return Spent(ended - began, peak, peak_own, stopped, output.read().decode())


@contextmanager
def _ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Make sure that a process and its children have ended afterwards, whatever happens."""
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _read(process: int) -> Iterator[dict[str, float]]:
    try:
        yield memory(process)
    except OSError:
        return  # it has ended in the meantime


def _tree(process: int) -> Iterator[int]:
    """Return a process and all its descendants."""
    yield process
    for thread in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = thread.read_text("ascii").split()
        except OSError:
            continue
        for child in children:
            yield from _tree(int(child))
