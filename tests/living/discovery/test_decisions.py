"""The file of decisions: whatever happens while it is written, nothing in it is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rftsearch.errors import OutputError, SourceError
from rftsearch.index.generations.lock import alone_with
from rftsearch.living.discovery.decisions import Decision, read_decisions, write_decisions
from support.command_line import run_command
from support.paths import ROOT

FIRST = Decision("2505.00001", "accepted", "2025-06-01", "A title", "An abstract.")
SECOND = Decision("2505.00002", "dismissed", "2025-06-02")


def test_of_many_who_write_at_once_each_is_kept(tmp_path):
    path = tmp_path / "decisions.jsonl"
    ids = [f"2505.{number:05}" for number in range(40)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda one: write_decisions(path, [Decision(one, "accepted", "")]), ids))
    assert sorted(read_decisions(path)) == ids
    assert [one.name for one in tmp_path.iterdir()] == ["decisions.jsonl"]


KILL = """
import os, signal, sys
from pathlib import Path
from rftsearch import files
from rftsearch.living.discovery.decisions import Decision, write_decisions
# Where the tests run in the background, children ignore SIGINT.
signal.signal(signal.SIGINT, signal.default_int_handler)
def die(*_, **__):
    os.kill(os.getpid(), int(sys.argv[2]))
setattr(files.os, sys.argv[3], die)
write_decisions(Path(sys.argv[1]), [Decision("2505.00002", "accepted", "")])
"""


@pytest.mark.parametrize("at", ["fsync", "replace"])
@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT])
def test_whoever_is_stopped_while_writing_leaves_the_file_as_it_was(tmp_path, at, sent):
    path = tmp_path / "decisions.jsonl"
    write_decisions(path, [FIRST])
    before = path.read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", KILL, str(path), str(int(sent)), at],
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        check=False,
        timeout=240,
    )
    assert done.returncode != 0
    assert path.read_bytes() == before
    # Whatever the process has left behind hinders nobody.
    assert list(write_decisions(path, [SECOND])) == [FIRST.id, SECOND.id]


def test_a_decision_is_replaced_and_taken_back(tmp_path):
    path = tmp_path / "deep" / "decisions.jsonl"
    write_decisions(path, [FIRST, SECOND])
    later = Decision(FIRST.id, "dismissed", "2025-07-01")
    assert write_decisions(path, [later])[FIRST.id].verdict == "dismissed"
    assert list(write_decisions(path, (), [FIRST.id])) == [SECOND.id]
    assert read_decisions(path) == {SECOND.id: SECOND}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"no json", "is not a decision"),
        (b'{"id": "2505.00009"}', "neither accepted nor dismissed"),
        (b'{"decision": "accepted"}', "is not a decision"),
        (b"\xff\xfe", "is not a decision"),
    ],
)
def test_a_broken_line_is_named_and_nothing_is_written(tmp_path, line, said, capsys):
    path = tmp_path / "decisions.jsonl"
    write_decisions(path, [FIRST])
    broken = path.read_bytes() + line + b"\n"
    path.write_bytes(broken)
    with pytest.raises(SourceError, match=f":2 .*{said}"):
        write_decisions(path, [SECOND])
    (tmp_path / "new.jsonl").write_text("", "utf-8")
    words = ["--decisions", path, "--snapshot", tmp_path / "new.jsonl"]
    assert run_command("dismiss", "2505.00002", *words) == 1
    assert f"{path}:2" in capsys.readouterr().err
    assert path.read_bytes() == broken


def test_a_folder_in_place_of_the_file_is_named(tmp_path):
    (tmp_path / "decisions.jsonl").mkdir()
    with pytest.raises(SourceError, match="cannot read"):
        write_decisions(tmp_path / "decisions.jsonl", [FIRST])
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises((SourceError, OutputError), match="file"):
        write_decisions(tmp_path / "file" / "decisions.jsonl", [FIRST])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_named(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(OutputError, match=r"cannot write .* nothing was changed"):
            write_decisions(tmp_path / "decisions.jsonl", [FIRST])
    finally:
        tmp_path.chmod(0o700)


def test_a_folder_in_which_nothing_can_be_made_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("rftsearch.index.generations.lock._PATIENCE", 0.0)
    # Not even root makes a file there.
    with pytest.raises(OutputError, match=r"cannot write .*nothing can be written in its folder"):
        write_decisions(Path("/proc/decisions.jsonl"), [FIRST])
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(OutputError, match="Permission denied"):
        write_decisions(tmp_path / "decisions.jsonl", [FIRST])


def test_a_device_is_not_read_for_ever():
    with pytest.raises(SourceError, match="cannot read /dev/zero"):
        read_decisions(Path("/dev/zero"))


def test_who_waits_too_long_for_another_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("rftsearch.index.generations.lock._PATIENCE", 0.0)
    path = Path(os.path.realpath(tmp_path)) / "decisions.jsonl"
    with alone_with(path), pytest.raises(OutputError, match="another process is writing it"):
        write_decisions(path, [FIRST])
    write_decisions(path, [FIRST])
