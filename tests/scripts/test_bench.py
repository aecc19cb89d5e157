"""`scripts/bench.py`: what it prints, not how fast anything is."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from support.paths import ROOT

SCRIPTS = ROOT / "scripts"


@pytest.fixture
def benchmarks(monkeypatch):
    """The folder of benchmarks, as the script sees it."""
    monkeypatch.syspath_prepend(str(SCRIPTS))


def bench(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, SCRIPTS / "bench.py", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=250,
    )


def test_load(index):
    few = ["--clients", 2, "--requests", 12, "--searches", 20]
    done = bench("load", "--index", index, "--json", *few)
    report = json.loads(done.stdout)
    values = report["values"]
    for name in ("nothing, on unchanged Gradio", "nothing", "search", "plain route"):
        assert (values[name]["requests"], values[name]["errors"]) == (12, 0)
    assert values["plain route, arXiv slow"]["errors"] == 0
    assert len(values["memory_mb"]) == 3
    for name in ("vanishing clients", "uncollected answers"):
        assert (values[name]["requests"], values[name]["refused"]) == (12, 0)
        assert len(values[name]["memory_mb"]) == 2
        assert values[name]["next_visitor_ms"] > 0
    assert report["libraries"].keys() >= {"gradio", "faiss-cpu"}
    # Whether it was fast enough is for a machine that does nothing else.
    assert done.returncode == bool(report["failures"])


def test_mistakes_are_one_line(tmp_path):
    done = bench("load", "--index", tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("bench.py: ")
    assert done.stderr.count("\n") == 1
    done = bench("load", "--requests", 10)
    assert "ask for 150 requests or more" in done.stderr


def test_a_section_takes_the_place_of_the_one_before(benchmarks, tmp_path):
    from benchmarks.report import write_section

    file = tmp_path / "RESULTS.md"
    write_section(file, "load", "first")
    write_section(file, "build", "another")
    write_section(file, "load", "second\n")
    assert file.read_text() == "# Measured\n\n## load\n\nsecond\n\n## build\n\nanother\n"


def test_percentiles(benchmarks):
    from benchmarks.clients import Series

    series = Series([float(n) for n in range(1, 101)], wall=10.0)
    assert [series.percentile(share) for share in (0.5, 0.95, 1.0)] == [50, 95, 100]
    assert Series([3.0]).percentile(0.95) == 3
    assert series.rate == 10


def test_questions_are_new_ones_and_the_same_in_each_run(benchmarks):
    from benchmarks.load import Questions

    one, other = (Questions(["a", "b", "c", "d"]) for _ in range(2))
    assert one.take(5) + one.take(5) == other.take(10)
