"""Measure rftsearch, and beside it what others use.

    python scripts/bench.py cold              # a question to a new process; the page's start
    python scripts/bench.py warm              # new questions to one that runs
    python scripts/bench.py build --corpus F  # documents encoded a second
    python scripts/bench.py scale 1000 200000 --corpus F  # collections of any size
    python scripts/bench.py concurrency       # many threads
    python scripts/bench.py load              # many people at the page
    python scripts/bench.py machine           # what the machine itself can do

Each prints a table; `--json` prints values instead, and `--write` puts the table into
benchmarks/RESULTS.md. Peers are installed, once, into an environment of their own in
the user's cache folder. Run in a checkout whose environment has rftsearch installed, on
a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks import build, cold, concurrency, load, machine, scale, warm
from benchmarks.report import Benchmark, write_section
from rftsearch.errors import RftsearchError

BENCHMARKS: Mapping[str, Benchmark] = {
    "cold": cold,
    "warm": warm,
    "build": build,
    "scale": scale,
    "concurrency": concurrency,
    "machine": machine,
    "load": load,
}
"""What can be measured, by the name of its module."""

RESULTS = Path(__file__).resolve().parents[1] / "benchmarks" / "RESULTS.md"


def main() -> int:
    """Run one benchmark; 1 where it fails, or where what it measured is not good enough."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="benchmark", required=True)
    for name, benchmark in BENCHMARKS.items():
        command = commands.add_parser(name, help=(benchmark.__doc__ or "").partition("\n")[0])
        command.add_argument("--json", action="store_true", help="values instead of a table")
        command.add_argument("--write", action="store_true", help=f"the table into {RESULTS.name}")
        benchmark.add_arguments(command)
    arguments = parser.parse_args()
    try:
        report = BENCHMARKS[arguments.benchmark].run(arguments)
    except RftsearchError as error:
        print(f"bench.py: {error}", file=sys.stderr)
        return 1
    if arguments.json:
        print(json.dumps(report.to_dict(), indent=2))
    else:
        print(report.markdown())
    if arguments.write:
        write_section(RESULTS, arguments.benchmark, report.markdown())
        if report.write:
            report.write()
    for failure in report.failures:
        print(f"bench.py: {failure}", file=sys.stderr)
    return 1 if report.failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
