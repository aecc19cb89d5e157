"""Measure processes: time until they print, memory, and processor time.

Read from /proc, so this is for Linux.
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
"""Seconds between two looks at a process's memory."""


class ProcessError(RftsearchError):
    """A process that was to be measured failed."""


def percentile(values: Sequence[float], share: float) -> float:
    """The value that so large a share of all is at or below (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * round(share * 100) // 100) - 1)]


def printed(command: Sequence[str | Path], environment: Mapping[str, str]) -> tuple[float, str]:
    """Run a command; seconds from its start until its last line was there, and its output.

    Its end is not waited for: who asked has the answer by then.

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
    """The last thing a process said on standard error."""
    errors.seek(0)
    lines = errors.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"


def _name(command: Sequence[str | Path]) -> str:
    return " ".join(str(word) for word in command[1:4])


# --- memory -----------------------------------------------------------------------


def memory(process: int | None = None) -> dict[str, float]:
    """Resident megabytes of a process: `all`, its `own`, and those mapped from `files`.

    The system takes back what is mapped from files when it needs the room.

    Raises:
        OSError: There is no such process.
    """
    status = Path(f"/proc/{process or os.getpid()}/status").read_text("ascii", "replace")

    def field(name: str) -> float:
        found = status.partition(f"\n{name}:")[2].split()  # a process that ends has none
        return int(found[0]) / 1024 if found else 0.0

    own, shared = field("RssAnon"), field("RssShmem")
    return {"all": field("VmRSS"), "own": own + shared, "files": field("RssFile")}


def disk(folder: Path) -> float:
    """Megabytes that the files of a folder take on disk."""
    status = (path.stat() for path in folder.rglob("*") if path.is_file())
    return sum(one.st_blocks * 512 for one in status) / (1 << 20)


def processor(process: int) -> float:
    """Seconds of processor time that a process has taken."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Spent:
    """What a command took."""

    seconds: float
    peak: float
    """Most resident megabytes of it and its children together."""
    peak_own: float
    """The same without what is mapped from files."""
    stopped: str
    """Why it was stopped before its end; empty where it was not."""
    output: str


def watch(
    command: Sequence[str | Path],
    environment: Mapping[str, str],
    *,
    seconds: float | None = None,
    megabytes: float | None = None,
) -> Spent:
    """Run a command to its end, or until it takes too long or too much memory.

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
    """See to it that a process and what it started are gone afterwards, come what may."""
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
        return  # it has ended meanwhile


def _tree(process: int) -> Iterator[int]:
    """A process and everything that it started."""
    yield process
    for thread in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = thread.read_text("ascii").split()
        except OSError:
            continue
        for child in children:
            yield from _tree(int(child))
