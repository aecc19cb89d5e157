"""An index of invented papers for tools."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.library import build_library
from support.static import save_static_model


@pytest.fixture(scope="session")
def library(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("tools")
    return build_library(folder, save_static_model(folder / "model"))
