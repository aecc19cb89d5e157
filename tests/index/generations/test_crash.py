"""Whatever happens to a build, the index that was there goes on answering."""

from __future__ import annotations

import os
import resource
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from rftsearch.errors import IndexLockedError
from rftsearch.index.build.build import STAGES, build_index
from rftsearch.index.generations.verify import verify_index
from rftsearch.search.engine import Engine
from support.encoder import WordEncoder
from support.library import LIST, write_abstracts, write_list
from support.paths import TESTS

LONGER = LIST + "\n* [2505] [Robo2] [Robo2: A Robot Again](https://example.org/robo2.pdf)\n"


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    return write_list(tmp_path)


@pytest.fixture
def index(tmp_path: Path, lists: Path) -> Path:
    folder = tmp_path / "index"
    build_index(folder, [lists], encoder=WordEncoder(), abstracts=write_abstracts(tmp_path))
    lists.write_text(LONGER, "utf-8")
    return folder


def child(index: Path, lists: Path, action: str, stage: str, **options) -> subprocess.Popen:
    paths = [str(TESTS), str(TESTS.parent / "src")]
    return subprocess.Popen(
        [sys.executable, "-m", "support.child_build", str(index), str(lists), action, stage],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def names(index: Path) -> set[str]:
    with Engine.open(index, encoder=WordEncoder()) as engine:
        assert engine.search("crowd", k=1)[0].paper.short_name == "CrowdSeer"
        return {paper.short_name for paper in engine.papers()}


def assert_sound(index: Path, lists: Path) -> None:
    """The index verifies, and the next build completes it and leaves nothing behind."""
    verify_index(index)
    report = build_index(index, [lists], encoder=WordEncoder(), offline=True)
    assert "Robo2" in names(index)
    verify_index(index)
    folders = {path.name for path in (index / "generations").iterdir()}
    current = report.manifest.generation
    assert folders <= {f"{current:06d}", f"{report.manifest.previous:06d}"}
    left = {path.name for path in index.iterdir()}
    logs = {"store.sqlite3-wal", "store.sqlite3-shm"}
    assert left - logs == {"manifest.json", "store.sqlite3", "generations", "write.lock"}


# Offline, of a list, into a folder: no snapshot is read, nothing is fetched or uploaded.
NEVER_HERE = {"snapshot", "fetch", "learn", "upload"}


@pytest.mark.parametrize("stage", [s for s in STAGES if s not in NEVER_HERE])
def test_killed_at_any_stage(index, lists, stage):
    process = child(index, lists, "kill", stage)
    process.communicate(timeout=240)
    assert process.returncode == -9
    published = stage == "clean"
    assert ("Robo2" in names(index)) == published
    assert_sound(index, lists)


def test_killed_before_there_was_an_index(tmp_path, lists):
    lists.write_text(LONGER, "utf-8")
    index = tmp_path / "index"
    process = child(index, lists, "kill", "publish")
    process.communicate(timeout=240)
    build_index(index, [lists], encoder=WordEncoder(), offline=True)
    assert "Robo2" in names(index)
    verify_index(index)


@pytest.mark.parametrize("stage", ["write", "publish"])
def test_a_full_disk_before_publishing(index, lists, stage):
    process = child(index, lists, "full", stage)
    _, error = process.communicate(timeout=240)
    assert process.returncode == 1
    assert "IndexWriteError" in error
    assert "No space left on device" in error
    assert "Robo2" not in names(index)
    assert_sound(index, lists)


@pytest.mark.parametrize("room", [0, 1_000, 20_000])
def test_files_that_may_grow_no_further(index, lists, room):
    # A limit on file size is the one full disk that needs no rights to set up: every
    # write beyond it fails, SQLite's as well as ours.
    largest = max(path.stat().st_size for path in index.rglob("*"))
    limit = room if room < largest else largest
    process = child(
        index,
        lists,
        "none",
        "none",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    _, error = process.communicate(timeout=240)
    assert process.returncode == 1
    assert "rftsearch.errors.IndexWriteError: cannot write" in error
    assert "Robo2" not in names(index)
    assert_sound(index, lists)


def test_two_builds_at_once(index, lists):
    process = child(index, lists, "wait", "write")
    assert process.stdout is not None
    assert process.stdout.readline() == "write\n"
    with pytest.raises(IndexLockedError, match=f"process {process.pid} "):
        build_index(index, [lists], encoder=WordEncoder(), offline=True)
    assert "Robo2" not in names(index), "the one that waits has not published"
    process.communicate(timeout=240)
    assert process.returncode == 0
    assert "Robo2" in names(index)


def test_a_lock_dies_with_its_process(index, lists):
    process = child(index, lists, "wait", "write")
    assert process.stdout is not None
    process.stdout.readline()
    process.kill()
    process.communicate(timeout=240)
    assert_sound(index, lists)


# Imported before rights are given up: the interpreter itself may lie in a folder
# that only its owner reaches.
AS_ANOTHER_USER = """
import mmap, os, sys  # mmap: what numpy imports at its first use
from pathlib import Path
from rftsearch.errors import IndexWriteError
from rftsearch.index.build.repair import repair_index
from rftsearch.index.generations.status import read_status
from rftsearch.index.generations.verify import verify_index
from rftsearch.search.engine import Engine
from support.encoder import WordEncoder
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
path = Path(sys.argv[1])
"""
READ = """
with Engine.open(path, encoder=WordEncoder()) as engine:
    print(engine.search("crowd", k=1)[0].paper.short_name)
read_status(path)
verify_index(path)
"""
WRITE = """
try:
    repair_index(path)
except IndexWriteError as error:
    print(error)
"""


def as_another_user(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run Python without the right to write, whoever runs the tests."""
    paths = [str(TESTS), str(TESTS.parent / "src")]
    return subprocess.run(
        [sys.executable, "-c", AS_ANOTHER_USER + script, str(folder)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.fixture
def read_only(index: Path):
    """An index that nobody may write, in a place that everybody may reach."""
    place = Path("/tmp") / f"rftsearch-read-only-{os.getpid()}"  # noqa: S108 - must be reachable
    shutil.copytree(index, place)
    _allow(place, read_only=True)
    yield place
    _allow(place, read_only=False)
    shutil.rmtree(place)


def _allow(place: Path, *, read_only: bool) -> None:
    """Take away, or give back, the right to write; the right to read stays as built."""
    writing = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
    place.chmod(0o555 if read_only else 0o755)
    for path in place.rglob("*"):
        mode = path.stat().st_mode
        path.chmod(mode & ~writing if read_only else mode | stat.S_IWUSR)


def test_another_user_reads_what_nobody_may_write(read_only):
    before = sorted(path.name for path in read_only.rglob("*"))
    done = as_another_user(READ, read_only)
    assert done.stderr == ""
    assert done.stdout == "CrowdSeer\n"
    assert sorted(path.name for path in read_only.rglob("*")) == before


def test_another_user_reads_what_a_killed_build_left(index, lists):
    process = child(index, lists, "kill", "write")
    process.communicate(timeout=240)
    assert (index / "store.sqlite3-wal").stat().st_size > 0, "an unfinished log is the hard case"
    place = Path("/tmp") / f"rftsearch-killed-{os.getpid()}"  # noqa: S108 - must be reachable
    shutil.copytree(index, place)
    _allow(place, read_only=True)
    try:
        done = as_another_user(READ, place)
        assert done.stderr == ""
        assert done.stdout == "CrowdSeer\n"
    finally:
        _allow(place, read_only=False)
        shutil.rmtree(place)


def test_a_build_where_one_may_not_write_says_so(read_only):
    done = as_another_user(WRITE, read_only)
    assert done.stderr == ""
    assert "check the permissions" in done.stdout
    assert done.stdout.count("\n") == 1
