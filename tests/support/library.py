"""A small invented list, and what arXiv would say of it."""

from __future__ import annotations

import json
from pathlib import Path

from rftsearch.index.build.build import build_index
from rftsearch.papers.paper import ArxivMetadata

LIST = """\
# Invented papers

## Vision (Image)

### Papers

* [2505] [CrowdSeer] [CrowdSeer: Counting People](https://arxiv.org/abs/2505.00001) \
[[Code](https://example.org/crowdseer)] [[Model](https://example.org/crowdseer-model)]

* [2504] [DrawWell (Gen)] [DrawWell: Learning to Draw](https://arxiv.org/abs/2504.00002v2) \
[[Code](https://example.org/drawwell)]

### Open-Source Projects

* [[Robo-Kit](https://github.com/example/robo-kit)] \
[[Code](https://github.com/example/robo-kit)] (A robot toolbox)

## Vision (Video)

### Papers

* [2503] [ClipMind] [ClipMind: Video Reasoning](https://arxiv.org/abs/2503.00003) \
[[Dataset](https://example.org/clips)]

* [2503] [NoPreprint] [NoPreprint: A Video Report](https://example.org/report.pdf)

## Audio

### Papers

* [2502] [EarTest] [EarTest: Audio Questions](https://arxiv.org/abs/2502.00004)
"""

ABSTRACTS = {
    "2505.00001": ("CrowdSeer: Counting People", "We count people in a crowd. Count and reward."),
    "2504.00002": ("DrawWell: Learning to Draw", "A reward teaches a model to draw and draw."),
    "2503.00003": ("ClipMind: Reasoning over Video", "A video is watched twice. Video reward."),
    "2502.00004": ("EarTest: Audio Questions", "Audio in, answers out."),
}
"""By arXiv id: title and abstract. ClipMind's title changed after it was listed."""


def metadata(arxiv_id: str) -> ArxivMetadata:
    title, abstract = ABSTRACTS[arxiv_id]
    return ArxivMetadata(
        arxiv_id, title, abstract, authors=("Author One", "Author Two"), published="2025-01-01"
    )


def write_list(folder: Path, text: str = LIST) -> Path:
    path = folder / "invented.md"
    path.write_text(text, "utf-8")
    return path


def write_abstracts(folder: Path) -> Path:
    path = folder / "abstracts.jsonl"
    lines = [
        json.dumps(
            {
                "arxiv_id": arxiv_id,
                "title": title,
                "abstract": abstract,
                "authors": ["Author One", "Author Two"],
                "published": "2025-01-01",
                "categories": ["cs.CV"],
            }
        )
        for arxiv_id, (title, abstract) in ABSTRACTS.items()
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def build_library(folder: Path, model: Path) -> Path:
    """The index of the list, abstracts and all, built with a model; its folder."""
    build_index(
        folder / "index",
        [write_list(folder)],
        model=str(model),
        abstracts=write_abstracts(folder),
    )
    return folder / "index"
