from __future__ import annotations

import json
import lzma
import subprocess
import sys
from pathlib import Path

import pytest

from rftsearch.sources.arxiv.snapshot import Snapshot, SnapshotReader
from support.paths import ROOT

SCRIPT = ROOT / "scripts" / "corpus_snapshot.py"
CORPUS = [
    {"title": "One: A Paper", "abstract": "First.", "arxiv_id": "2503.00001", "year": 2025},
    {
        "title": "Two",
        "abstract": "Second.",
        "arxiv_id": "cs/0501001",
        "year": 2005,
        "published": "2005-01-03",
        "categories": ["cs.CV", "cs.RO"],
    },
    {"title": "Three", "abstract": "Third.", "year": 2022, "venue": "conf2022"},
]


def convert(corpus: Path, snapshot: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, SCRIPT, corpus, snapshot],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


@pytest.mark.parametrize("suffix", ["", ".gz", ".xz", ".zst"])
def test_a_corpus_becomes_a_snapshot_that_is_read_whole(tmp_path, suffix):
    corpus, snapshot = tmp_path / "corpus.jsonl.xz", tmp_path / f"snapshot.json{suffix}"
    corpus.write_bytes(lzma.compress("".join(json.dumps(p) + "\n" for p in CORPUS).encode()))
    done = convert(corpus, snapshot)
    assert done.stdout == f"3 papers written to {snapshot}\n", done.stderr
    reader = SnapshotReader(Snapshot(snapshot))
    papers = list(reader)
    assert not reader.problems
    assert [(paper.id, paper.category, paper.released) for paper in papers] == [
        ("2503.00001", "arXiv", "2025-03"),
        ("cs/0501001", "cs.CV", "2005-01"),
        ("9001.00002", "arXiv", "2022-03"),
    ]
    assert [paper.abstract for paper in papers] == ["First.", "Second.", "Third."]


def test_what_is_not_a_corpus_is_an_error_of_one_line(tmp_path):
    corpus = tmp_path / "corpus.jsonl"
    for content in (None, "no JSON\n", '{"title": "A"}\n'):
        if content:
            corpus.write_text(content)
        done = convert(corpus, tmp_path / "out")
        assert done.returncode == 1
        assert done.stderr.startswith("corpus_snapshot.py: ")
        assert done.stderr.count("\n") == 1
        assert not (tmp_path / "out").exists()
