"""What the benchmarks compute and write; nothing here is timed, and no peer is installed."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from itertools import islice

import numpy as np
import pytest

from rftsearch.errors import UsageError
from rftsearch.search.engine import Engine
from support.paths import ROOT

SCRIPTS = ROOT / "scripts"


@pytest.fixture(autouse=True)
def _scripts(monkeypatch):
    """The folder of benchmarks, as the script sees it."""
    monkeypatch.syspath_prepend(str(SCRIPTS))


# --- what is written -------------------------------------------------------------------


def test_a_marked_place_is_filled_and_filled_again(tmp_path):
    from benchmarks.report import replace_marked

    file = tmp_path / "README.md"
    file.write_text("# Head\n\n<!-- curve -->\n<!-- /curve -->\n\nTail\n")
    replace_marked(file, "curve", "first\nlines\n")
    replace_marked(file, "curve", "second")
    assert file.read_text() == "# Head\n\n<!-- curve -->\nsecond\n<!-- /curve -->\n\nTail\n"


@pytest.mark.parametrize(
    "text",
    ["", "<!-- curve -->", "<!-- /curve --><!-- curve -->", 2 * "<!-- curve --><!-- /curve -->"],
)
def test_a_file_without_that_one_place_is_left_alone(tmp_path, text):
    from benchmarks.report import replace_marked

    file = tmp_path / "README.md"
    file.write_text(text)
    with pytest.raises(UsageError, match="one place between"):
        replace_marked(file, "curve", "first")
    assert file.read_text() == text


@pytest.mark.parametrize(
    ("papers", "first", "each", "missed"),
    [(300, 0.5, 5.0, 0), (300, 1.5, 11.0, 2), (301, 1.5, 11.0, 0), (5_000, 2.0, 51.0, 1)],
)
def test_a_published_page_has_goals_by_its_number_of_papers(papers, first, each, missed, tmp_path):
    from benchmarks.published import _report
    from rftsearch.publish.publish import Published

    done = Published(tmp_path, papers, 2_000_000, 1_000_000, meaning=True, converted=False)
    report = _report(done, [first, first, first + 1], [each] * 10)
    assert len(report.failures) == missed
    assert report.rows[0][1:3] == ["1.0 MB", f"{first:.2f} s ({first:.2f} to {first + 1:.2f})"]


def test_a_report_names_its_peers_and_what_was_missed():
    from benchmarks.report import Report

    report = Report(
        title="Something",
        head=["a", "b"],
        rows=[["1", "2"]],
        values={"a": 1},
        libraries=["numpy"],
        peers={"other": "1.2"},
        failures=["it is slow."],
    )
    text = report.markdown()
    assert f"numpy {np.__version__}; beside it other 1.2." in text
    assert "| a | b |\n| --- | --- |\n| 1 | 2 |\n\nMissed: it is slow." in text
    assert report.to_dict()["peers"] == {"other": "1.2"}


@pytest.mark.parametrize(("whole", "missed"), [(13.0, []), (12.0, ["as many tokens"])])
def test_whole_documents_are_measured_by_their_tokens(whole, missed):
    from benchmarks import build

    rates = {build.PEER: 10.0, build.WHOLE: whole, build.BEGINNING: 16.0, build.STATIC: 6000.0}
    read = {build.PEER: 200.0, build.BEGINNING: 200.0, build.WHOLE: 240.0}
    report = build._report(rates, read, Namespace(documents=640, static_papers=20_000))
    assert report.values[build.WHOLE]["tokens"] == 240 * whole
    assert report.rows[-1] == [build.STATIC, "6,000.0", "600.00", ""]
    assert len(report.failures) == len(missed)
    assert all(word in line for word, line in zip(missed, report.failures, strict=True))


def test_every_package_of_the_peers_is_pinned():
    from benchmarks.peers import PINS, pins

    lines = [line for line in PINS.read_text().splitlines() if not line.startswith("#")]
    assert len(pins()) == len(lines)
    assert {"txtai", "bm25s", "sentence-transformers", "faiss-cpu", "torch"} <= pins().keys()


# --- processes -------------------------------------------------------------------------


def test_a_process_is_read_to_its_last_line():
    from benchmarks.processes import ProcessError, printed

    seconds, output = printed([sys.executable, "-c", "print('a'); print('b')"], os.environ)
    assert (output, seconds > 0) == ("a\nb\n", True)
    with pytest.raises(ProcessError, match="failed: no"):
        printed([sys.executable, "-c", "raise SystemExit('no')"], os.environ)
    with pytest.raises(ProcessError, match="it said nothing"):
        printed([sys.executable, "-c", ""], os.environ)


CHILD = "x = bytearray(300 << 20); print(len(x)); input()"
PARENT = f"""
import pathlib, subprocess, sys, time
with subprocess.Popen([sys.executable, "-c", {CHILD!r}], stdin=-1, stdout=-1) as child:
    child.stdout.readline()
    print("ready", flush=True)
    while not pathlib.Path(sys.argv[1]).exists():
        time.sleep(0.01)
    child.stdin.close()
"""


def test_memory_of_children_is_counted(tmp_path, monkeypatch):
    from benchmarks import processes

    read, seen = processes.memory, tmp_path / "seen"

    def memory(process):
        found = read(process)
        if found["own"] > 300:
            seen.touch()  # the child may go now
        return found

    monkeypatch.setattr(processes, "memory", memory)
    spent = processes.watch([sys.executable, "-c", PARENT, seen], os.environ)
    assert (spent.stopped, spent.output) == ("", "ready\n")
    assert 300 < spent.peak_own < spent.peak


@pytest.mark.parametrize(
    ("limit", "reason"),
    [({"megabytes": 256}, "0.25 GB of memory"), ({"seconds": 0.3}, "0.005 min")],
)
def test_a_process_that_takes_too_much_is_stopped(tmp_path, limit, reason):
    from benchmarks.processes import watch

    spent = watch([sys.executable, "-c", PARENT, tmp_path / "never"], os.environ, **limit)
    assert spent.stopped == f"more than {reason}"


def test_memory_is_measured_separately():
    from benchmarks.processes import memory

    before = memory()
    kept = np.ones(64 << 20, np.uint8)
    after = memory()
    assert 60 < after["own"] - before["own"] < 70
    assert after["all"] == pytest.approx(after["own"] + after["files"], abs=1)
    assert kept.all()


# --- what is measured ------------------------------------------------------------------


def test_an_encoder_that_is_timed_gives_the_same_vectors(index):
    from benchmarks.warm import TimedEncoder
    from rftsearch.index.generations.manifest import Manifest
    from rftsearch.index.generations.models import open_encoder

    plain = open_encoder(index, Manifest.read(index))
    timed = TimedEncoder(plain)
    assert timed.fingerprint == plain.fingerprint
    assert timed.seconds == 0
    assert (timed.encode_queries(["crowd"]) == plain.encode_queries(["crowd"])).all()
    assert timed.seconds > 0
    with Engine.open(index, encoder=timed) as engine:
        timed.seconds = 0.0
        engine.search("how the crowd counts", k=1)
        assert timed.seconds > 0


def test_answers_that_differ_are_counted(index):
    from benchmarks.concurrency import asked, different

    questions = ["how the crowd counts", "a video reward"]
    _, ones = asked(index, questions, 1)
    _, others = asked(index, questions, 4)
    assert different(ones, others) == 0
    assert different(ones, list(reversed(ones))) == 2
    assert different(ones, [ones[0], ones[0]]) == 1


def test_the_machine_is_measured():
    from benchmarks.machine import copy

    assert copy(2, 1) > 0


def test_an_own_environment_is_made_once_and_whole(tmp_path, monkeypatch):
    from benchmarks import peers

    ran = []

    def run(command):
        ran.append(command)
        if "venv" in command:
            command[-1].mkdir()

    monkeypatch.setattr(peers, "_run", run)
    python = peers.environment(tmp_path)
    assert python.is_relative_to(tmp_path / "peers")
    assert [str(words[1:3]) for words in ran] == [str(["-m", "venv"]), str(["-m", "pip"])]
    assert peers.environment(tmp_path) == python
    assert len(ran) == 2


def test_peers_are_given_what_rftsearch_embeds(index, tmp_path):
    from benchmarks.peer_common import documents
    from benchmarks.peers import documents as write

    with Engine.open(index) as engine:
        papers = engine.papers()
    found = list(documents(write(tmp_path / "documents.jsonl", papers)))
    assert [one["id"] for one in found] == [paper.id for paper in papers]
    [crowd] = islice((one for one in found if "crowd" in one["text"]), 1)
    assert (
        crowd["text"] == "CrowdSeer: Counting People. We count people in a crowd. Count and reward."
    )
