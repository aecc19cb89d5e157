from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

from support.paths import ROOT

REPOSITORY = ROOT
JUDGED = REPOSITORY / "tests" / "judged"


@pytest.fixture
def evaluate(tmp_path):
    """Run the script on the shared folder of this test."""

    def evaluate(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, REPOSITORY / "scripts" / "evaluate.py", *arguments],
            env=os.environ
            | {"RFTSEARCH_SHARED": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")},
            capture_output=True,
            text=True,
            check=False,
            timeout=250,
        )

    return evaluate


def rows(markdown: str) -> list[list[str]]:
    lines = [line for line in markdown.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_tables_and_values_of_the_sets_that_are_there(evaluate, tmp_path):
    folder = tmp_path / "eval" / "rft"
    folder.mkdir(parents=True)
    copies = {
        "corpus.jsonl": "corpus.jsonl",
        "seeds.jsonl": "similar_seeds.jsonl",
        "seeds_qrels.tsv": "similar_qrels.tsv",
    }
    for name, copy in copies.items():
        shutil.copy(JUDGED / name, folder / copy)

    done = evaluate("--ablations")
    assert (done.returncode, done.stderr.count("skipped")) == (0, 4)
    table = rows(done.stdout)
    assert table[0] == ["set", "measure", "BM25", "dense", "RRF", "rftsearch", "p"]
    assert table[2][:2] == ["similar", "nDCG@10"]
    ours = table[2][5].split("**")[1]
    assert ["rftsearch", ours] in table
    assert any(row[0] == "similar_words = 0" for row in table)
    assert [row[:2] for row in table if row[0] == "similar"][1:3] == [
        ["similar", "even"],
        ["similar", "odd"],
    ]

    values = json.loads(evaluate("--set", "similar", "--json").stdout)
    (system,) = [s for s in values["similar"]["systems"] if s["name"] == "rftsearch"]
    assert f"{system['measures']['nDCG@10']['mean']:.3f}" == ours
    assert values["similar"]["even"][0]["measures"]["MRR"]["queries"] == 3


def test_no_sets(evaluate):
    done = evaluate("--set", "rft")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "RFTSEARCH_SHARED names another" in done.stderr.splitlines()[-1]


def test_a_set_that_cannot_be_read(evaluate, tmp_path):
    folder = tmp_path / "eval" / "rft"
    folder.mkdir(parents=True)
    (folder / "queries.jsonl").write_text("{\n")
    done = evaluate("--set", "rft")
    assert done.returncode == 1
    assert "queries.jsonl, line 1: not JSON" in done.stderr
    assert "Traceback" not in done.stderr
