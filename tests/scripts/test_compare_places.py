"""`scripts/compare_places.py`: equal answers, and what it says where they are not."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from rftsearch.index.remote.client import forget_memory
from support.library import build_library
from support.paths import ROOT

SCRIPT = ROOT / "scripts" / "compare_places.py"


@pytest.fixture(scope="module")
def index(tmp_path_factory, tiny_model) -> Path:
    return build_library(tmp_path_factory.mktemp("library"), tiny_model)


@pytest.fixture
def script(monkeypatch) -> SimpleNamespace:
    """What the script defines."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    return SimpleNamespace(**runpy.run_path(str(SCRIPT)))


def test_every_answer_is_the_same(script, index, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    more = tmp_path / "more.jsonl"
    more.write_text('{"text": "papers that listen"}\n', "utf-8")
    arguments = ["qdrant+memory:compared", "--index", index, "--count", 20, "--questions", more]
    monkeypatch.setattr(sys, "argv", ["compare_places.py", *map(str, arguments)])
    try:
        assert script.main() == 0
    finally:
        forget_memory("compared")
    rows = [line.split(" | ") for line in capsys.readouterr().out.splitlines() if line[:2] == "| "]
    kinds = [row[0].strip("| ") for row in rows[1:]]
    assert {"words of titles", "names", "ids", "more.jsonl"} <= set(kinds)
    assert all(row[1] == row[2] for row in rows[1:])


def test_another_answer_is_counted(script):
    def answer(score):
        hit = SimpleNamespace(paper=SimpleNamespace(id="2501.00001"), score=score, parts={})
        return type("Answer", (list,), {"notes": ()})([hit])

    one = script.Compared("names")
    one.ask("same", lambda _: answer(0.5), lambda _: answer(0.5))
    one.ask("other", lambda _: answer(0.5), lambda _: answer(0.4))
    assert one.different == ["other"]
    assert one.row().startswith("| names | 2 | 1 | ")


def test_a_mistake_is_one_line(script, index, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["compare_places.py", "nowhere", "--index", str(index)])
    with pytest.raises(SystemExit, match=r"^compare_places\.py: [^\n]+$"):
        script.main()
