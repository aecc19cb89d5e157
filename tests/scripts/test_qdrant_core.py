"""`scripts/qdrant_core.py`: what it says without Qdrant's core."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from support.library import build_library
from support.paths import ROOT

SCRIPT = ROOT / "scripts" / "qdrant_core.py"


@pytest.fixture(scope="module")
def index(tmp_path_factory, tiny_model) -> Path:
    return build_library(tmp_path_factory.mktemp("library"), tiny_model)


@pytest.fixture
def script(monkeypatch) -> SimpleNamespace:
    """What the script defines."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    return SimpleNamespace(**runpy.run_path(str(SCRIPT)))


def test_eight_bits_are_emulated(script, index, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["qdrant_core.py", str(index), "--emulated", "--count", "6"])
    assert script.main() == 0
    lines = capsys.readouterr().out.splitlines()
    assert "questions, emulated" in "".join(lines)
    assert lines[-1] == "| 318 | 3 | 1.0000 | 1.0000 |"  # All papers are scored again.


def test_without_the_core_it_says_how_to_get_it(script, index, monkeypatch):
    monkeypatch.setitem(sys.modules, "qdrant_edge", None)
    monkeypatch.setattr(sys, "argv", ["qdrant_core.py", str(index), "--count", "2"])
    with pytest.raises(SystemExit, match="pip install qdrant-edge-py"):
        script.main()


def test_an_index_that_is_none_is_one_line(script, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["qdrant_core.py", str(tmp_path / "none"), "--emulated"])
    with pytest.raises(SystemExit, match=r"qdrant_core\.py: there is no index"):
        script.main()
