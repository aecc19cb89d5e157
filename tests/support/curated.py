"""A list that somebody keeps: its file, its index, and new papers of which some belong."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rftsearch.export import export
from rftsearch.index.build.build import build_index
from rftsearch.papers.paper import Paper
from support.encoder import WordEncoder
from support.invented_papers import SUBJECTS, invented_paper

__all__ = ["TODAY", "curated_list", "encoder", "listed", "metadata_lines", "new_papers"]

TODAY = "2025-06-20"
LISTED = ("Robots", "Video")
_WORDS = tuple(word for words in SUBJECTS.values() for word in words[:3])


def encoder() -> WordEncoder:
    """The encoder of the index."""
    return WordEncoder(_WORDS)


def listed() -> list[Paper]:
    """The papers of the list: about robots, and about video."""
    return [
        invented_paper(number, LISTED[number % 2], month=f"2025-{1 + number % 5:02}")
        for number in range(24)
    ]


def new_papers() -> list[Paper]:
    """New papers; two of five are about what the list is about."""
    names = [*SUBJECTS, *SUBJECTS, "Crowds", "Audio"]
    return [invented_paper(1000 + n, names[n % 10], month="2025-06") for n in range(60)]


def metadata_lines(papers: Sequence[Paper]) -> list[dict[str, object]]:
    """What arXiv says of papers, as lines of a file of abstracts."""
    return [asdict(one.metadata) | {"arxiv_id": one.id} for one in papers if one.metadata]


def curated_list(folder: Path) -> tuple[Path, Path]:
    """Write the list and build its index; return both.

    Beside them lies `new.jsonl`, the new papers.
    """
    path = folder / "README.md"
    path.write_text(f"# Invented papers\n\n{export(listed(), 'markdown')}", "utf-8")
    for name, papers in (("abstracts", listed()), ("new", new_papers())):
        lines = (f"{json.dumps(one)}\n" for one in metadata_lines(papers))
        (folder / f"{name}.jsonl").write_text("".join(lines), "utf-8")
    build_index(
        folder / "index",
        [path],
        encoder=encoder(),
        abstracts=folder / "abstracts.jsonl",
        offline=True,
    )
    return path, folder / "index"
