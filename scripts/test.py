#!/usr/bin/env python3
"""Run every check of this checkout: the tests, ruff and mypy.

Uses the same `.venv` as start.py, with the test extras, and makes it if it is missing.
Without arguments all tests run, in as many processes as there are cores, at most four.
Arguments go to pytest as they are, and one process runs the tests:
`scripts/test.py -k parser -x`. Every check runs even if an earlier one fails. The last line
sums them up; the exit status is 0 only if all passed.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence
from pathlib import Path

import start

MOST_PROCESSES = 4
"""Each holds models of its own, up to 1.5 GB."""


def all_tests(cores: int) -> list[str]:
    """Return the arguments with which pytest runs all tests on so many cores.

    The tests of a file stay in one process, for they share what is dear to make.
    """
    processes = min(cores, MOST_PROCESSES)
    # In the order of tests/conftest.py: xdist's own puts long files of few tests last.
    spread = ["--dist", "loadfile", "--no-loadscope-reorder"]
    return ["--numprocesses", str(processes), *spread] if processes > 1 else []


def checks(pytest_arguments: Sequence[str]) -> dict[str, list[str | Path]]:
    """Return the commands of the checks by name, in the order in which they run."""
    tools = start.VENV / "bin"
    return {
        "pytest": [start.PYTHON, "-m", "pytest", *pytest_arguments],
        "ruff check": [tools / "ruff", "check"],
        "ruff format": [tools / "ruff", "format", "--check"],
        "mypy": [tools / "mypy"],
    }


def main() -> int:
    """Run the checks; return 0 if all passed, else 1."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    _, pytest_arguments = parser.parse_known_args()
    start.check_python()
    with start.only_one() as lock:
        start.ensure_environment(["test"], lock)
    os.chdir(start.ROOT)
    began = time.monotonic()
    failed = []
    arguments = pytest_arguments or all_tests(os.cpu_count() or 1)
    for name, command in checks(arguments).items():
        start.say(f"\n--- {name}")
        if start.run(command):
            failed.append(name)
    verdict = f"FAILED: {', '.join(failed)}" if failed else "all checks passed"
    start.say(f"\ntest.py: {verdict} ({time.monotonic() - began:.0f} s)")
    return 1 if failed else 0


if __name__ == "__main__":
    start.guarded(main)
