"""A published folder, and the index that it was made from."""

from __future__ import annotations

from pathlib import Path

import pytest

from rftsearch.index.build.build import build_index
from rftsearch.publish.publish import publish
from support.hostile import MARKUP, TEMPLATE
from support.library import LIST, write_abstracts
from support.static import save_static_model


@pytest.fixture(scope="session")
def model(tmp_path_factory) -> Path:
    return save_static_model(tmp_path_factory.mktemp("static") / "model")


@pytest.fixture(scope="session")
def index(tmp_path_factory, model) -> Path:
    """A small list with a paper whose texts would do harm, and an index with a static model."""
    folder = tmp_path_factory.mktemp("published")
    hostile = f"* [2506] [Trap] [Trap: {MARKUP} {TEMPLATE}](javascript:alert(1)) [[Code](data:x)]"
    (folder / "invented.md").write_text(f"{LIST}\n\n{hostile}\n", "utf-8")
    abstracts = write_abstracts(folder)
    build_index(
        folder / "index",
        [folder / "invented.md"],
        model=str(model),
        abstracts=abstracts,
        offline=True,
    )
    return folder / "index"


@pytest.fixture(scope="session")
def folder(tmp_path_factory, index) -> Path:
    place = tmp_path_factory.mktemp("site") / "site"
    publish(index, place)
    return place
