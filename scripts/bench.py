"""Measure rftsearch, and other systems on the same data.

    python scripts/bench.py cold              # a search in a new process; the start of the page
    python scripts/bench.py warm              # new searches in a running process
    python scripts/bench.py build --corpus F  # documents encoded per second
    python scripts/bench.py scale 1000 200000 --corpus F  # collections of any size
    python scripts/bench.py concurrency       # many threads
    python scripts/bench.py load              # many visitors of the page
    python scripts/bench.py tools             # one call of an assistant's tool
    python scripts/bench.py published         # the page without a server, in Chromium
    python scripts/bench.py machine           # the machine itself

Each prints a table; `--json` prints values, and `--write` puts the table into
benchmarks/RESULTS.md. The other systems are installed once, in an environment of their own
in the user's cache folder. Run it in a checkout whose environment has rftsearch installed,
on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks import build, cold, concurrency, load, machine, published, scale, tools, warm
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
    "tools": tools,
    "published": published,
}
"""The benchmarks, by the name of their module."""

RESULTS = Path(__file__).resolve().parents[1] / "benchmarks" / "RESULTS.md"


def main() -> int:
    """Run one benchmark; return 1 if it fails, or if a figure misses its limit."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="benchmark", required=True)
    for name, benchmark in BENCHMARKS.items():
        command = commands.add_parser(name, help=(benchmark.__doc__ or "").partition("\n")[0])
        command.add_argument("--json", action="store_true", help="print values, not a table")
        command.add_argument(
            "--write", action="store_true", help=f"write the table into {RESULTS.name}"
        )
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
