"""Measure rftsearch: `python scripts/bench.py load`, and what else is in `scripts/benchmarks/`.

    python scripts/bench.py load                  # a table
    python scripts/bench.py load --json           # values
    python scripts/bench.py load --write          # the table into benchmarks/RESULTS.md

Run in a checkout whose environment has rftsearch installed, on a machine that does
nothing else.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks import load
from benchmarks.report import Benchmark, write_section
from rftsearch.errors import RftsearchError

BENCHMARKS: Mapping[str, Benchmark] = {"load": load}
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
    for failure in report.failures:
        print(f"bench.py: {failure}", file=sys.stderr)
    return 1 if report.failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
