"""Run the plain script on a collection of any size, within a limit of time and memory."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import peers
from benchmarks.corpus import Record
from benchmarks.processes import disk, memory, percentile, watch
from rftsearch.encoders.model_files import BASE_MODEL, find_model
from rftsearch.papers.documents import texts_of
from rftsearch.papers.paper import ArxivMetadata
from rftsearch.sources.arxiv.paper import arxiv_paper

__all__ = ["Limits", "measured", "write_documents"]


class Limits(NamedTuple):
    """The limits after which a build is stopped."""

    seconds: float
    megabytes: float
    """Of memory that is not mapped from files."""


def write_documents(path: Path, records: Iterable[Record]) -> Path:
    """Write records of a snapshot as documents of a peer, and return the file."""
    papers = (
        arxiv_paper(ArxivMetadata(one["id"], one["title"], one["abstract"])) for one in records
    )
    with path.open("w", encoding="utf-8") as file:
        for paper in papers:
            file.write(json.dumps({"id": paper.id, "text": texts_of(paper).body}) + "\n")
    return path


def measured(
    documents: Path,
    folder: Path,
    questions: Sequence[str],
    limits: Limits,
    hopeless: str = "",
) -> dict[str, Any]:
    """Measure a build and the questions after it.

    Args:
        documents: The file of `write_documents`.
        folder: Where it may write; the vectors of some documents are kept there.
        questions: What is asked; the first tenth is not counted.
        limits: When the build is stopped.
        hopeless: Why no build is tried, for example because fewer documents took too long;
            empty to try.

    Returns:
        `build` with its seconds and `peak_mb`; or with `stopped`, the reason why it did not
        end: then vectors are made up, and `drawn` is true. For the questions: `p50_ms`,
        `p99_ms`, `memory_mb` and `disk_mb`.

    Raises:
        ProcessError: The script failed.
    """
    where = folder / "naive"
    shutil.rmtree(where, ignore_errors=True)
    where.mkdir(parents=True)
    build: dict[str, Any] = {"stopped": hopeless, "limits": limits}
    if not hopeless:
        spent = watch(
            peers.command("naive", "build", where, documents),
            peers.variables(),
            **limits._asdict(),
        )
        taken = {"seconds": spent.seconds, "peak_mb": spent.peak_own, "stopped": spent.stopped}
        build.update(taken)
    if build["stopped"]:
        model = find_model(BASE_MODEL)
        peers.finish(peers.program("drawn", where, model, documents, folder / "real.npy"))
    found: dict[str, Any] = {
        "build": build,
        "drawn": bool(build["stopped"]),
        "disk_mb": disk(where),
    }
    with peers.serving("naive", where) as peer:
        warm = max(1, len(questions) // 10)
        peer.search(questions[:warm])
        seconds = peer.search(questions[warm:])["seconds"]
        found["p50_ms"], found["p99_ms"] = (1000 * percentile(seconds, p) for p in (0.5, 0.99))
        found["memory_mb"] = memory(peer.pid)["all"]
    shutil.rmtree(where)
    return found
