"""Fixtures that several folders of tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers

from support.browser import chromium
from support.exported import causal, four_poolings, minilm, minilm_by_torch
from support.long_files import LONG
from support.paths import TESTS
from support.tiny_model import save_tiny_model

# A busy machine is no failure. The examples are the same in each run, so that a failure belongs
# to the change that it was seen on; RFTSEARCH_NEW_EXAMPLES=1 draws others.
NEW_EXAMPLES = os.environ.get("RFTSEARCH_NEW_EXAMPLES") == "1"
settings.register_profile("rftsearch", deadline=None, derandomize=not NEW_EXAMPLES)
settings.load_profile("rftsearch")
if not NEW_EXAMPLES:
    # Hypothesis also draws the texts of the modules imported so far: in a random order of tests
    # these are never the same twice.
    providers._get_local_constants = lambda: providers._local_constants
# Fixtures, found here by every folder.
__all__ = ["causal", "chromium", "four_poolings", "minilm", "minilm_by_torch"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with long files: one that comes last keeps one process busy and the others idle."""
    places = {TESTS / name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path, len(LONG)))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real lists and abstracts, which is not a part of the repository.

    RFTSEARCH_SHARED says where it is, else it is looked for beside the checkout.
    Where it is missing the test is skipped, or fails with RFTSEARCH_REQUIRE_SHARED=1.
    """
    beside = Path(__file__).resolve().parents[2] / "shared"
    folder = Path(os.environ.get("RFTSEARCH_SHARED") or beside)
    if not folder.is_dir():
        reason = f"no folder of real lists at {folder}; RFTSEARCH_SHARED says where it is"
        if os.environ.get("RFTSEARCH_REQUIRE_SHARED") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real sentence-transformers model whose vectors can be worked out by hand."""
    return save_tiny_model(tmp_path_factory.mktemp("tiny") / "model")


@pytest.fixture(autouse=True)
def _no_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was not given an address meets a closed port, not arXiv or a model hub."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("RFTSEARCH_ARXIV_URL", "http://127.0.0.1:9/api/query")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
