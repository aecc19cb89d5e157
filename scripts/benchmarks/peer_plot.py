"""Draw the curves over the number of papers: `python -m benchmarks.peer_plot FILE`.

Reads the measurements of `scale.py` from standard input. It is a program of the peers
because matplotlib is installed with them and not with rftsearch.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure  # type: ignore[import-not-found]  # with the peers alone
from PIL import Image

OURS, NAIVE = "#1f5fa8", "#c4541c"

Value = Callable[[dict[str, Any]], float | None]

PANELS: dict[str, dict[str, tuple[Value, str, str]]] = {
    "a question, ms": {
        "rftsearch, p50": (lambda one: one["query"]["p50_ms"], OURS, "o-"),
        "rftsearch, p99": (lambda one: one["query"]["p99_ms"], OURS, "o:"),
        "rftsearch, p50 in 1%": (lambda one: one["filtered"]["p50_ms"], OURS, "^--"),
        "plain script, p50": (lambda one: one["naive"]["p50_ms"], NAIVE, "s-"),
    },
    "resident memory, MB": {
        "rftsearch": (lambda one: one["memory_mb"]["all"], OURS, "o-"),
        "... not mapped from files": (lambda one: one["memory_mb"]["own"], OURS, "o:"),
        "plain script": (lambda one: one["naive"]["memory_mb"], NAIVE, "s-"),
    },
    "disk, MB": {
        "rftsearch": (lambda one: one["disk_mb"], OURS, "o-"),
        "plain script": (lambda one: one["naive"]["disk_mb"], NAIVE, "s-"),
    },
    "building, s": {
        "rftsearch": (lambda one: one["build"]["seconds"], OURS, "o-"),
        "100 papers more": (lambda one: (one["add"] or {}).get("seconds"), OURS, "^--"),
        "plain script": (
            lambda one: (
                None if one["naive"]["build"]["stopped"] else one["naive"]["build"]["seconds"]
            ),
            NAIVE,
            "s-",
        ),
    },
}


def main(file: Path, points: dict[str, dict[str, Any]]) -> None:
    """Draw all panels into a file."""
    figure = Figure(figsize=(9, 6.4), layout="constrained")
    axes = figure.subplots(2, 2)
    sizes = sorted(map(int, points))
    for axis, (title, series) in zip(axes.flat, PANELS.items(), strict=True):
        for name, (value, colour, style) in series.items():
            found = {int(size): value(point) for size, point in points.items()}
            drawn = sorted((size, one) for size, one in found.items() if one is not None)
            if drawn:
                axis.plot(*zip(*drawn, strict=True), style, color=colour, label=name, markersize=4)
        axis.set(xscale="log", yscale="log", title=title)
        axis.set_xticks(sizes, [_short(size) for size in sizes])
        axis.xaxis.minorticks_off()
        axis.grid(alpha=0.3)
        axis.legend(fontsize=8)
    for axis in axes[1]:
        axis.set_xlabel("papers")
    drawing = BytesIO()
    figure.savefig(drawing, dpi=100)
    # With few colours the file has a third of the size.
    Image.open(drawing).convert("RGB").quantize(32).save(file, optimize=True)


def _short(size: int) -> str:
    for unit, name in ((1_000_000, "M"), (1000, "k")):
        if size >= unit:
            return f"{size / unit:g}{name}"
    return str(size)


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.load(sys.stdin))
