"""A small index in a folder, and the loopback server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from rftsearch.index.build.build import index_papers
from support.encoder import WordEncoder
from support.invented_papers import SUBJECTS, invented_paper
from support.qdrant_server import LoopbackQdrant, running

CATEGORIES = list(SUBJECTS)
PAPERS = [invented_paper(number, CATEGORIES[number % 4]) for number in range(40)]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of forty papers; nobody builds in it."""
    folder = tmp_path_factory.mktemp("remote") / "index"
    index_papers(folder, PAPERS, encoder=WordEncoder())
    return folder


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    """A copy of it, for tests that build."""
    return Path(shutil.copytree(built, tmp_path / "index"))


@pytest.fixture
def server() -> Iterator[LoopbackQdrant]:
    with running() as started:
        yield started
