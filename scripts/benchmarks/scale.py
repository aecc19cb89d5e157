"""Measure collections of a thousand to millions of papers, against a plain script.

A collection has the real papers of a corpus, and beyond its size papers that are mixed from
them (see `corpus.py`). `rftsearch build --arxiv-snapshot` builds it in its own process, from
nothing. With `--write`, the measurements of each size are kept in `benchmarks/scale.json`,
and the tables and the plot are made from all sizes in it; without a size nothing new is
measured. `--keep` keeps the index, and `--ask` asks it again, when the machine is quieter.
`--engine` publishes each index on a server, too, and asks it there; with `--ask` that is all
that is done with a kept index.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks import naive, points
from benchmarks.corpus import Record, papers, real, write_snapshot
from benchmarks.processes import ProcessError, Spent, disk, printed, watch
from benchmarks.questions import Phrases
from benchmarks.report import Report, cores, machine
from rftsearch.errors import UsageError
from rftsearch.settings import default_cache

__all__ = ["add_arguments", "run"]

SCRIPTS = Path(__file__).resolve().parents[1]
ADDED = 100
"""Papers that `rftsearch add` adds."""
TITLES = 20_000
"""Questions are made from this many papers."""
WARM = 20
"""Questions that are not counted."""
STARTS = 5
"""Number of `rftsearch search` processes that are timed."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `bench.py scale`."""
    parser.add_argument("sizes", type=int, nargs="*", metavar="PAPERS", help="1000 10000 ...")
    parser.add_argument("--corpus", type=Path, help="JSON Lines of real papers")
    parser.add_argument("--model", default="static", help="as for `rftsearch build`")
    parser.add_argument("--questions", type=int, default=500, help="questions of each kind")
    parser.add_argument(
        "--engine",
        metavar="ADDRESS",
        help="also publish each index there, such as qdrant://127.0.0.1:6333/bench, and ask "
        "it there; the collection stays",
    )
    parser.add_argument(
        "--work", type=Path, help="folder for the indexes; by default in the cache folder"
    )
    parser.add_argument("--keep", action="store_true", help="do not remove the indexes")
    parser.add_argument("--ask", action="store_true", help="only ask indexes that --keep left")
    parser.add_argument(
        "--naive-minutes", type=float, default=15, help="time limit of the plain script"
    )
    parser.add_argument(
        "--naive-gigabytes", type=float, default=8, help="memory limit of the plain script"
    )


def run(arguments: argparse.Namespace) -> Report:
    """Measure.

    Raises:
        ProcessError: A build or a peer failed.
        UsageError: There is nothing to measure, or nothing to measure it on.
    """
    known = points.read() if arguments.write else {}
    if arguments.sizes:
        if arguments.corpus is None or min(arguments.sizes) < 100 or arguments.questions < 20:
            raise UsageError("name a --corpus, 100 papers or more, and 20 --questions or more")
        found = real(arguments.corpus, max(arguments.sizes) + ADDED)
        for size in sorted(arguments.sizes):
            if arguments.ask and arguments.engine is not None:
                place = (arguments.work or default_cache() / "scale") / str(size)
                if not (place / "index").exists():
                    raise UsageError(f"measure {size:,} papers with --keep before you ask again")
                questions = _questions(found, arguments.questions)
                there = _published(place, arguments.engine, questions)
                known[size] = {**known.get(size, {}), "published": there}
            elif arguments.ask:
                known[size] = _asked_again(found, size, arguments, known)
            else:
                known[size] = _measured(found, size, arguments, known)
            if arguments.write:
                points.write(known)
    if not known:
        raise UsageError("name the numbers of papers to measure, such as 1000 10000")
    return points.report(known)


def _measured(
    found: list[Record], size: int, arguments: argparse.Namespace, known: points.Points
) -> points.Point:
    """Measure one size."""
    work = arguments.work or default_cache() / "scale"
    folder = work / str(size)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _say(f"{size:,} papers: writing them")
    snapshot = write_snapshot(folder / "papers.json.zst", papers(found, size))
    more = write_snapshot(folder / "more.json.zst", islice(papers(found, size + ADDED), size, None))
    questions = _questions(found, arguments.questions)
    index = folder / "index"
    point: points.Point = {
        **_here(),
        "model": arguments.model,
        "drawn": max(0, size - len(found)),
    }
    _say(f"{size:,} papers: building")
    spent = _run(folder, "build", "--arxiv-snapshot", snapshot, "--model", arguments.model)
    point["build"] = _cost(spent)
    point["disk_mb"] = disk(index)
    _say(f"{size:,} papers: built in {spent.seconds:.0f} s; asking")
    point.update(_asked(index, questions))
    point["add"] = _added(folder, more, size)
    if arguments.engine is not None:
        point["published"] = _published(folder, arguments.engine, questions)
    _say(f"{size:,} papers: the plain script")
    documents = naive.write_documents(folder / "documents.jsonl", papers(found, size))
    if not arguments.keep:
        shutil.rmtree(index)
    limits = naive.Limits(60 * arguments.naive_minutes, 1024 * arguments.naive_gigabytes)
    point["naive"] = naive.measured(
        documents,
        work,
        questions["warm"] + questions["open"],
        limits,
        points.hopeless(known, size, limits),
    )
    if not arguments.keep:
        shutil.rmtree(folder)
    return point


def _asked_again(
    found: list[Record], size: int, arguments: argparse.Namespace, known: points.Points
) -> points.Point:
    """Ask the kept index of one size again, and return its figures with the new ones."""
    index = (arguments.work or default_cache() / "scale") / str(size) / "index"
    if "build" not in known.get(size, {}) or not index.exists():
        raise UsageError(f"measure {size:,} papers with --write and --keep before you ask again")
    _say(f"{size:,} papers: asking")
    return {**known[size], **_here(), **_asked(index, _questions(found, arguments.questions))}


def _here() -> points.Point:
    now = datetime.now(UTC).date().isoformat()
    return {"when": now, "machine": machine(), "cores": cores()}


def _questions(found: list[Record], count: int) -> dict[str, list[str]]:
    phrases = Phrases([one["title"] for one in found[:TITLES]])
    return {
        "warm": phrases.take(WARM),
        "open": phrases.take(count),
        "filtered": phrases.take(count),
    }


_RFTSEARCH = [sys.executable, "-m", "rftsearch"]


def _run(folder: Path, command: str, *words: str | Path) -> Spent:
    # A cache of its own: it must not find the static model of an earlier run.
    cache = {"XDG_CACHE_HOME": str(folder / "cache")}
    process = [*_RFTSEARCH, command, "--offline", "--index", folder / "index", *words]
    return watch(process, os.environ | cache)


def _cost(spent: Spent) -> dict[str, float]:
    return {"seconds": spent.seconds, "peak_mb": spent.peak, "peak_own_mb": spent.peak_own}


def _asked(index: Path, questions: dict[str, list[str]]) -> dict[str, Any]:
    """Return what `scale_child` measures, and how long `rftsearch search` takes."""
    said = _answers(index, index.with_name("questions.json"), questions)
    question = ["search", questions["open"][0], "--index", str(index)]
    starts = [printed([*_RFTSEARCH, *question], os.environ)[0] for _ in range(STARTS)]
    return {**said, "cold_s": statistics.median(starts)}


def _answers(place: Path, file: Path, questions: dict[str, list[str]]) -> dict[str, Any]:
    """Return what `scale_child` measures of a folder, or of an address."""
    file.write_text(json.dumps(questions), "utf-8")
    path = os.pathsep.join(filter(None, (str(SCRIPTS), os.environ.get("PYTHONPATH"))))
    _, said = printed(
        [sys.executable, "-m", "benchmarks.scale_child", place, file],
        os.environ | {"PYTHONPATH": path},
    )
    answers: dict[str, Any] = json.loads(said)
    return answers


def _added(folder: Path, more: Path, size: int) -> dict[str, float]:
    spent = _run(folder, "add", "--arxiv-snapshot", more)
    index = str(folder / "index")
    _, said = printed([*_RFTSEARCH, "status", "--json", "--index", index], os.environ)
    status = json.loads(said)
    if status["papers"] != size + ADDED:
        raise ProcessError(f"after adding {ADDED} papers to {size} there are {status['papers']}")
    return _cost(spent)


def _published(folder: Path, address: str, questions: dict[str, list[str]]) -> dict[str, Any]:
    """Return what it costs to publish an index on a server, beside no change, and to ask it."""
    few = {kind: texts[:WARM] for kind, texts in questions.items()}
    here = _asked(folder / "index", few)
    _say(f"{here['papers']:,} papers: publishing them")
    spent = _run(folder, "build", "--engine", address)
    _say(f"{here['papers']:,} papers: published in {spent.seconds:.0f} s; asking them there")
    there = _answers(Path(address), folder / "questions.json", few)
    asked = {"folder": here["query"], "query": there["query"], "filtered": there["filtered"]}
    kind = address.partition(":")[0]
    speed = here["papers"] / max(spent.seconds, 1e-9)
    return {**_cost(spent), **_here(), **asked, "kind": kind, "a_second": speed}


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
