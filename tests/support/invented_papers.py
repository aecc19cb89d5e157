"""Invented papers about a few subjects, for what learns from a list."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from rftsearch.papers.paper import ArxivMetadata, Paper, Provenance

SUBJECTS: Mapping[str, Sequence[str]] = {
    "Robots": ("robot", "gripper", "arm", "grasp", "joint"),
    "Video": ("video", "frame", "clip", "motion", "film"),
    "Audio": ("audio", "speech", "sound", "voice", "tone"),
    "Crowds": ("crowd", "count", "people", "street", "density"),
}
"""By category: the words of its papers."""
_FILLERS = ("method", "results", "training", "model", "data", "learning", "task", "test")


def invented_paper(
    number: int,
    category: str,
    *,
    month: str = "2025-03",
    categories: Sequence[str] = (),
    classes: Sequence[str] = ("cs.CV",),
) -> Paper:
    """A paper about the subject of a category; `number` makes it another one."""
    draw = random.Random(f"{number} {category}")  # noqa: S311 - no secret
    words = [draw.choice(SUBJECTS[category]) for _ in range(8)]
    title = f"{words[0].title()} {draw.choice(_FILLERS)} {words[1]} {number}"
    fill = [draw.choice(_FILLERS) for _ in range(8)]
    abstract = f"We study {' '.join(words[2:5])} {' '.join(fill[:4])}. "
    abstract += f"Our {' '.join(fill[4:])} shows {' '.join(words[5:])}."
    arxiv_id = f"{month[2:4]}{month[5:]}.{number:05d}"
    return Paper(
        id=arxiv_id,
        short_name=title,
        title=title,
        categories=tuple(categories) or (category,),
        released=month,
        arxiv_id=arxiv_id,
        url=f"https://arxiv.org/abs/{arxiv_id}",
        provenance=(Provenance("invented.md", number + 1),),
        metadata=ArxivMetadata(
            arxiv_id, title, abstract, published=f"{month}-01", categories=tuple(classes)
        ),
    )
