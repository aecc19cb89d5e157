"""What the system refuses is named as such, with a cure that helps."""

from __future__ import annotations

import errno
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from rftsearch.errors import IndexDamagedError, IndexFormatError, IndexReadError, IndexWriteError
from rftsearch.files import refused, system_error
from rftsearch.index.build.build import build_index, index_papers
from rftsearch.index.store.database import FILE_NAME, Database
from rftsearch.index.store.refusals import explained
from rftsearch.index.store.store import Store
from rftsearch.papers.paper import Paper
from rftsearch.search.engine import Engine
from support.encoder import WordEncoder
from support.library import write_list
from support.paths import TESTS

CURES = {
    errno.ENOSPC: "free some space",
    errno.EACCES: "permission|right to read",
    errno.EROFS: "read-only",
    errno.EMFILE: "ulimit -n",
    errno.ENFILE: "ulimit -n",
    errno.EIO: "check the disk",
    errno.ENOMEM: "memory",
    errno.ENOLCK: "local disk",
    errno.ESTALE: "local disk",
}


@pytest.mark.parametrize("writing", [False, True])
@pytest.mark.parametrize("number", CURES)
def test_each_refusal_has_its_reason_and_its_cure(number, writing):
    error = refused(OSError(number, os.strerror(number)), Path("index/f"), writing=writing)
    assert isinstance(error, IndexWriteError if writing else IndexReadError)
    assert os.strerror(number) in str(error)
    assert re.search(CURES[number], str(error))
    assert "--repair" not in str(error)
    assert ("free some space" in str(error)) == (number == errno.ENOSPC)


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("could not open f for reading: Too many open files", errno.EMFILE),
        ("Cannot open: Permission denied (os error 13)", errno.EACCES),
        ("Os { code: 5 } Input/output error", errno.EIO),
        ("read error in f: 3 != 4", None),
    ],
)
def test_libraries_name_the_system_in_their_own_errors(words, number):
    found = system_error(RuntimeError(words))
    assert (found and found.errno) == number


@pytest.fixture
def index(tmp_path: Path) -> Path:
    papers = [Paper(f"p{n}", f"P{n}", f"P{n}: A crowd", ("Part",)) for n in range(3)]
    index_papers(tmp_path / "index", papers, encoder=WordEncoder())
    return tmp_path / "index"


def test_a_search_leaves_nothing_beside_the_store(index):
    before = sorted(path.name for path in index.iterdir())
    assert not any("-wal" in name or "-shm" in name for name in before)
    with Engine.open(index, encoder=WordEncoder()) as engine:
        assert engine.search("crowd")
        assert sorted(path.name for path in index.iterdir()) == before


def test_a_build_while_an_engine_reads_and_the_one_after(index):
    papers = [Paper(f"q{n}", f"Q{n}", f"Q{n}: A crowd", ("Part",)) for n in range(3)]
    with Engine.open(index, encoder=WordEncoder()) as engine:
        assert len(engine.papers()) == 3
        index_papers(index, papers[:2], encoder=WordEncoder())
        assert len(engine.papers()) == 2
    index_papers(index, papers, encoder=WordEncoder())
    with Store.open(index) as store:
        assert len(store.live_ids()) == 3


def test_a_store_of_a_newer_version_is_not_brought_up_to_date(index):
    store = sqlite3.connect(index / FILE_NAME)
    store.execute("PRAGMA user_version = 99")
    store.close()
    lists = [write_list(index.parent)]
    for use in (Engine.open, lambda folder: build_index(folder, lists, offline=True)):
        with pytest.raises(IndexFormatError, match="newer rftsearch; update this one") as refusal:
            use(index)
        assert "brings it up to date" not in str(refusal.value)


def test_an_older_store_is_brought_up_to_date(index):
    store = sqlite3.connect(index / FILE_NAME)
    store.execute("PRAGMA user_version = 1")
    store.close()
    with pytest.raises(IndexFormatError, match=r"build --index .*` brings it up to date"):
        Engine.open(index)


def test_errors_of_damage_differ_from_refusals(tmp_path):
    path = tmp_path / FILE_NAME
    path.write_bytes(b"x" * 5000)
    for use in (Database.open, Database.create):
        with pytest.raises(IndexDamagedError, match="is damaged"):
            use(tmp_path)


def complain(path: Path, name: str, *, writing: bool) -> None:
    with explained(path, writing=writing):
        error = sqlite3.OperationalError(name.lower())
        error.sqlite_errorname = name
        raise error


def test_what_sqlite_names_itself(tmp_path):
    with pytest.raises(IndexReadError, match="in use by another program"):
        complain(tmp_path / FILE_NAME, "SQLITE_BUSY", writing=False)
    with pytest.raises(IndexWriteError, match="the disk is full; free some space"):
        complain(tmp_path / FILE_NAME, "SQLITE_FULL", writing=True)


ASK = """
import sys, threading, mmap
from pathlib import Path
from rftsearch.errors import IndexStateError
from rftsearch.search.engine import Engine
from support.encoder import WordEncoder
import os
import re
with Engine.open(sys.argv[1], encoder=WordEncoder()) as engine:  # Imports all that it needs.
    engine.search("crowd")
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    with Engine.open(sys.argv[2], encoder=WordEncoder()) as engine:
        print(len(engine.search("crowd")))
except IndexStateError as error:
    print(type(error).__name__, error)
"""


@pytest.fixture
def elsewhere(index: Path):
    """A copy where every user may go."""
    place = Path("/tmp") / f"rftsearch-refusals-{os.getpid()}"  # noqa: S108 - must be reachable
    shutil.copytree(index, place)
    yield place
    for path in (place, *place.rglob("*")):
        path.chmod(0o700)
    shutil.rmtree(place)


def ask(index: Path, place: Path) -> str:
    paths = [str(TESTS), str(TESTS.parent / "src")]
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(index), str(place)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1
    return done.stdout


def forbid_writing(place: Path) -> None:
    for path in (*place.rglob("*"), place):
        path.chmod(0o555 if path.is_dir() else 0o444)


def test_an_empty_log_without_its_memory_is_no_hindrance(index, elsewhere):
    (elsewhere / f"{FILE_NAME}-wal").touch()
    forbid_writing(elsewhere)
    assert ask(index, elsewhere) == "3\n"


def test_an_old_store_with_a_log_mode_is_read_where_nothing_can_be_made(index, elsewhere):
    store = sqlite3.connect(elsewhere / FILE_NAME)
    store.execute("PRAGMA journal_mode = WAL")
    store.close()
    forbid_writing(elsewhere)
    assert ask(index, elsewhere) == "3\n"


@pytest.mark.parametrize(
    "name", ["manifest.json", FILE_NAME, "generations/000001/map.npy", "generations", ""]
)
def test_what_one_may_not_read_is_named_and_repair_is_not_advised(index, elsewhere, name):
    (elsewhere / name).chmod(0)
    said = ask(index, elsewhere)
    assert said.startswith("IndexReadError cannot read")
    assert "Permission denied" in said
    assert "--repair" not in said
    assert "write" not in said
