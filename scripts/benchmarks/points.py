"""Keep the figures of each size in a file, print them as tables, and draw them as curves."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks import peers
from benchmarks.report import Report, replace_marked, table

__all__ = ["Point", "Points", "hopeless", "read", "report", "summary", "write"]

Point = dict[str, Any]
"""What `scale.py` measured for one size, as plain JSON values."""
Points = dict[int, Point]
"""By number of papers."""

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "benchmarks" / "scale.json"
PLOT = ROOT / "docs" / "curve.png"
PAGE = ROOT / "docs" / "large-collections.md"
"""The page that shows the short table."""
MARK = "curve"
"""The name of the table's place on that page."""
LIBRARIES = ("onnxruntime", "faiss-cpu", "tantivy")
PEERS = ("sentence-transformers", "faiss-cpu", "torch")

HEAD = (
    "papers",
    "build s",
    "build peak MB",
    "disk MB",
    "first answer s",
    "new process s",
    "p50 ms",
    "p99 ms",
    "filter keeps",
    "... p50 ms",
    "... p99 ms",
    "... returned",
    "resident MB",
    "... own",
    "recall@10",
    "... filter 1%",
    "... 0.1%",
    "... 3 papers",
    "100 more s",
)
PUBLISHED_HEAD = (
    "papers",
    "address",
    "s",
    "papers a second",
    "peak MB",
    "p50 ms there",
    "... under a filter",
    "p50 ms in the folder",
)
NAIVE_HEAD = ("papers", "build", "build peak MB", "p50 ms", "p99 ms", "resident MB", "disk MB")

AT_200K = {"p50": 10, "p99": 40, "resident": 1200, "open": 1.5, "build": 360, "recall": 0.98}
AT_1M = {"p50": 20, "resident": 4000, "recall": 0.95}
GOALS = {200_000: AT_200K, 1_000_000: AT_1M, 3_000_000: AT_1M}
"""The goals: milliseconds, megabytes, seconds."""
FILTERED_RECALL = 0.98


def read(path: Path = KEPT) -> Points:
    """Return all sizes that were measured; none if there is no file."""
    if not path.exists():
        return {}
    return {int(size): point for size, point in json.loads(path.read_text("utf-8")).items()}


def write(points: Points, path: Path = KEPT) -> None:
    """Save them with one rename."""
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(_ordered(points), indent=1) + "\n", "utf-8")
    draft.replace(path)


def hopeless(points: Points, size: int, limits: Sequence[float]) -> str:
    """Return why the plain script need not be tried: fewer papers were already too many.

    Args:
        points: The sizes that were measured.
        size: How many papers the script would read.
        limits: See `benchmarks.naive.Limits`; what was stopped by lower ones does not count.

    Returns:
        The reason for which it was stopped before; empty if it may be tried.
    """
    for smaller, point in _whole(points).items():
        build = point["naive"]["build"]
        allowed = all(was >= now for was, now in zip(build["limits"], limits, strict=True))
        if smaller < size and build["stopped"] and allowed:
            return str(build["stopped"])
    return ""


def report(points: Points) -> Report:
    """Return the tables of all sizes, and what writes the plot and the short table."""
    every, points = _ordered(points), _whole(points)
    remarks = [
        "Under these headings: memory at the peak of the build, without what is mapped from "
        "files; seconds from the opening of an index to its first answer, imports included, "
        "and of a whole `rftsearch search`; resident memory after the questions, and of it "
        "what is not mapped from files; recall of the vector index against reading every "
        "vector.",
        "The plain script of sentence-transformers and FAISS (MiniLM; it encodes the first "
        "256 tokens):",
        table(NAIVE_HEAD, [_naive_row(size, point) for size, point in points.items()]),
        "If its build was stopped, most vectors were mixed from those of 1,000 real documents, "
        "so that its search could still be measured.",
        "Measured on: "
        + "; ".join(
            f"{size:,}: {point['when']}, {point['machine']}, model {point['model']}"
            for size, point in points.items()
        )
        + ".",
    ]
    if published := [
        _published_row(size, point) for size, point in every.items() if "published" in point
    ]:
        remarks += [
            "Published on a server, with what a build without changes does besides:",
            table(PUBLISHED_HEAD, published),
            "`qdrant+path` is the client's local mode, which compares a question with every paper; "
            "few questions were asked. Measured on: "
            + "; ".join(
                f"{size:,}: {point['published']['when']}, {point['published']['machine']}"
                for size, point in every.items()
                if "published" in point
            )
            + ".",
        ]
    if sentence := _beyond(points):
        remarks.insert(0, sentence.strip())
    return Report(
        title="From few papers to many",
        head=HEAD,
        rows=[_row(size, point) for size, point in points.items()],
        values={str(size): point for size, point in every.items()},
        libraries=LIBRARIES,
        peers={name: peers.pins()[name] for name in PEERS},
        remarks=remarks,
        failures=list(_failures(points)),
        write=lambda: _write(points),
    )


def summary(points: Points) -> str:
    """Return the short table of all sizes, as Markdown for `PAGE`."""
    head = (
        "papers",
        "build",
        "disk",
        "memory",
        "query (p50 / p99)",
        "... filter keeps 1%",
        "add 100",
        "plain script: build",
        "... query (p50)",
    )
    rows = [
        (
            f"{size:,}",
            _span(point["build"]["seconds"]),
            _size(point["disk_mb"]),
            _size(point["memory_mb"]["all"]),
            f"{point['query']['p50_ms']:.1f} / {point['query']['p99_ms']:.0f} ms",
            f"{point['filtered']['p50_ms']:.1f} ms",
            _span(point["add"]["seconds"]) if point["add"] else "",
            _naive_build(point),
            f"{point['naive']['p50_ms']:.0f} ms",
        )
        for size, point in _ordered(points).items()
    ]
    last = max(points.values(), key=lambda point: str(point["when"]))
    parts = [
        f"The cost of a collection on {last['cores']} cores with `--model {last['model']}`, beside "
        "a plain script that uses sentence-transformers and FAISS:",
        table(head, rows),
        f"{_beyond(points)}Where the build of the plain script was stopped, its queries were "
        "measured on vectors drawn from those of real papers. The whole table is in "
        "[benchmarks/RESULTS.md](../benchmarks/RESULTS.md); `python scripts/bench.py scale` makes "
        "it.",
        f"![The same table as curves]({PLOT.name})",
    ]
    return "\n\n".join(parts)


def _beyond(points: Points) -> str:
    """Return a sentence about papers that are not real; empty if all are real."""
    beyond = [size - point["drawn"] for size, point in points.items() if point["drawn"]]
    if not beyond:
        return ""
    return (
        f"Papers beyond {min(beyond):,} are mixed from real ones: half of one title, half of "
        "another, and sentences of both abstracts. "
    )


def _write(points: Points) -> None:
    replace_marked(PAGE, MARK, summary(points))
    peers.finish(peers.program("plot", PLOT), json.dumps(points))


def _ordered(points: Points) -> Points:
    return dict(sorted(points.items()))


def _whole(points: Points) -> Points:
    """Return the sizes that were built here; of others only the publishing was measured."""
    return {size: point for size, point in _ordered(points).items() if "build" in point}


# --- rows -----------------------------------------------------------------------------


def _row(size: int, point: Point) -> list[str]:
    asked, filtered, recall = point["query"], point["filtered"], point["recall"]
    return [
        f"{size:,}",
        f"{point['build']['seconds']:.0f}",
        f"{point['build']['peak_own_mb']:.0f}",
        f"{point['disk_mb']:.0f}",
        f"{point['open_s']:.2f}",
        f"{point['cold_s']:.2f}",
        f"{asked['p50_ms']:.1f}",
        f"{asked['p99_ms']:.1f}",
        f"{filtered['share']:.1%}",
        f"{filtered['p50_ms']:.1f}",
        f"{filtered['p99_ms']:.1f}",
        f"{filtered['returned']} of {filtered['of']}",
        f"{point['memory_mb']['all']:.0f}",
        f"{point['memory_mb']['own']:.0f}",
        *(f"{recall[name]:.3f}" for name in ("all", "1%", "0.1%", "3 papers")),
        f"{point['add']['seconds']:.1f}" if point["add"] else "",
    ]


def _naive_row(size: int, point: Point) -> list[str]:
    found = point["naive"]
    return [
        f"{size:,}",
        _naive_build(point),
        f"{found['build']['peak_mb']:.0f}" if "peak_mb" in found["build"] else "",
        *(f"{found[name]:.1f}" for name in ("p50_ms", "p99_ms")),
        *(f"{found[name]:.0f}" for name in ("memory_mb", "disk_mb")),
    ]


def _published_row(size: int, point: Point) -> list[str]:
    found = point["published"]
    numbers = (f"{found[name]:,.0f}" for name in ("seconds", "a_second", "peak_mb"))
    asked = (f"{found[kind]['p50_ms']:,.1f}" for kind in ("query", "filtered", "folder"))
    return [f"{size:,}", found["kind"], *numbers, *asked]


def _naive_build(point: Point) -> str:
    build = point["naive"]["build"]
    return f"stopped: {build['stopped']}" if build["stopped"] else _span(build["seconds"])


def _span(seconds: float) -> str:
    for unit, name in ((3600, "h"), (60, "min")):
        if seconds >= 1.5 * unit:
            return f"{seconds / unit:.1f} {name}"
    return f"{seconds:.1f} s"


def _size(megabytes: float) -> str:
    return f"{megabytes / 1024:.1f} GB" if megabytes >= 1024 else f"{megabytes:.0f} MB"


# --- goals ----------------------------------------------------------------------------


def _both(point: Point, name: str) -> dict[str, float]:
    return {"": point["query"][name], " under a filter": point["filtered"][name]}


def _failures(points: Points) -> Iterator[str]:
    values: dict[str, Callable[[Point], dict[str, float]]] = {
        "p50": lambda point: _both(point, "p50_ms"),
        "p99": lambda point: _both(point, "p99_ms"),
        "resident": lambda point: {"": point["memory_mb"]["all"]},
        "open": lambda point: {"": point["open_s"]},
        "build": lambda point: {"": point["build"]["seconds"]},
        "recall": lambda point: {"": -point["recall"]["all"]},
    }
    for size, point in points.items():
        for name, goal in GOALS.get(size, {}).items():
            for where, value in values[name](point).items():
                if value > (-goal if name == "recall" else goal):
                    yield f"{size:,} papers: {name}{where} misses {goal:g}."
        if point["filtered"]["returned"] < point["filtered"]["of"]:
            yield f"{size:,} papers: a filter left fewer papers than there are."
        for name in ("1%", "0.1%", "3 papers"):
            if point["recall"][name] < FILTERED_RECALL:
                yield f"{size:,} papers: recall under a filter ({name}) misses {FILTERED_RECALL}."
