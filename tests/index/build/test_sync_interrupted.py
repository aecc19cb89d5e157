"""A synchronisation that is stopped at any stage changes nothing, and the next one is whole."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from rftsearch import Engine, sync_index
from rftsearch.errors import IndexLockedError, SourceError
from rftsearch.index.build.build import build_index
from rftsearch.index.generations.lock import writing
from rftsearch.index.generations.verify import verify_index
from rftsearch.living.history import open_history
from support.encoder import WordEncoder
from support.library import LIST, write_abstracts, write_list
from support.paths import ROOT, TESTS

LANTERN = "\n* [2505] [Lantern] [Lantern: A Robot Again](https://example.org/lantern.pdf)\n"
STOPPED = """
import os, sys
from rftsearch import sync_index
from support.encoder import WordEncoder
def tell(stage, done, total):
    if stage == sys.argv[2]:
        os.kill(os.getpid(), int(sys.argv[3]))
sync_index(sys.argv[1], encoder=WordEncoder(), offline=True, progress=tell)
"""


@pytest.fixture
def index(tmp_path):
    source = write_list(tmp_path)
    folder = tmp_path / "index"
    build_index(folder, [source], encoder=WordEncoder(), abstracts=write_abstracts(tmp_path))
    source.write_text(LIST.replace("EarTest", "EarExam") + LANTERN, "utf-8")
    return folder


def names(index) -> set[str]:
    with Engine.open(index, encoder=WordEncoder()) as engine:
        return {paper.short_name for paper in engine.papers()}


@pytest.mark.parametrize(
    ("stage", "sent"),
    [
        ("read", signal.SIGINT),
        ("store", signal.SIGKILL),
        ("encode", signal.SIGINT),
        ("write", signal.SIGKILL),
        ("publish", signal.SIGKILL),
    ],
)
def test_it_is_stopped(index, stage, sent):
    before = names(index)
    done = subprocess.run(
        [sys.executable, "-c", STOPPED, str(index), stage, str(int(sent))],
        env={"PYTHONPATH": f"{ROOT / 'src'}:{TESTS}"},
        capture_output=True,
        check=False,
        timeout=240,
    )
    assert done.returncode != 0
    verify_index(index)
    assert names(index) == before
    report = sync_index(index, encoder=WordEncoder(), offline=True)
    assert {change.kind for change in report.changes} == {"added", "renamed"}
    assert names(index) == before - {"EarTest"} | {"Lantern", "EarExam"}
    with open_history(index) as history:  # What was never published was never there.
        assert [(one.added, one.changed) for one in history.log()] == [(1, 1), (0, 0)]


def test_two_at_once_are_one_after_the_other(index):
    with writing(index), pytest.raises(IndexLockedError, match="another build is writing"):
        sync_index(index, encoder=WordEncoder(), offline=True)
    assert sync_index(index, encoder=WordEncoder(), offline=True)


def test_a_list_that_cannot_be_read_changes_nothing(index, tmp_path):
    before = names(index)
    (tmp_path / "invented.md").write_bytes(b"\x00\x01")
    with pytest.raises(SourceError, match="nothing is changed"):
        sync_index(index, encoder=WordEncoder(), offline=True)
    assert names(index) == before
