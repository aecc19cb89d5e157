"""The invented index that tests of answers share."""

from __future__ import annotations

from pathlib import Path

import pytest

from rftsearch.index.build.build import build_index
from support.encoder import WordEncoder
from support.library import write_abstracts, write_list


@pytest.fixture
def word_encoder() -> WordEncoder:
    return WordEncoder()


@pytest.fixture(scope="session")
def invented_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("invented")
    build_index(
        folder / "index",
        [write_list(folder)],
        encoder=WordEncoder(),
        abstracts=write_abstracts(folder),
    )
    return folder / "index"
