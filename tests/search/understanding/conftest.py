"""An index of invented papers with authors, months, places and links."""

from __future__ import annotations

from datetime import date

import pytest

from rftsearch import Engine
from rftsearch.index.build.build import index_papers
from rftsearch.papers.paper import ArxivMetadata, Link, Paper
from support.encoder import WordEncoder

TODAY = date(2026, 3, 10)


def paper(
    number: int, title: str, authors: str, released: str, said: str = "", **more: object
) -> Paper:
    arxiv_id = f"{released[2:4]}{released[5:7]}.{number:05}"
    meta = ArxivMetadata(
        arxiv_id,
        title,
        said or f"A video of {title}.",
        authors=tuple(authors.split(", ")),
        comment=more.pop("comment", None),  # type: ignore[arg-type]
    )
    return Paper(
        arxiv_id,
        f"N{number}",
        title,
        ("Audio",),
        released=released,
        arxiv_id=arxiv_id,
        metadata=meta,
        **more,  # type: ignore[arg-type]
    )


CODE = (Link("code", "https://example.org/code", "Code"),)
PAPERS = [
    paper(1, "Counting a Crowd", "Ann Bee, Søren Müller, Carl Long", "2024-11", links=CODE),
    paper(2, "Video of Robots", "Ann Bee, Dora Chain", "2025-03", comment="Accepted at CVPR 2025"),
    paper(3, "Audio in Fields", "A. Bee, Eve Fieldson", "2025-08", venue="NeurIPS 2025 Oral"),
    paper(4, "A Survey of Long Video", "Zbigniew Brzozowski", "2026-01", links=CODE),
    paper(
        5,
        "Reward for Long Chain",
        "Ann Bee, Li Wei",
        "2026-02",
        "A long chain of long steps on GridNet 2012. We introduce a new benchmark of chains.",
    ),
    paper(6, "Draw the Audio", "Yu-Gang Reward, Olga Ozzz", "2026-03"),
]


@pytest.fixture(scope="session")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("understood") / "index"
    index_papers(folder, PAPERS, encoder=WordEncoder())
    with Engine.open(folder, encoder=WordEncoder(), today=lambda: TODAY) as opened:
        yield opened
