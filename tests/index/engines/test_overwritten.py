"""A process that answers outlives an index whose files are overwritten or cut in place."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from rftsearch.errors import IndexDamagedError
from rftsearch.index.build.build import build_index
from rftsearch.index.generations.manifest import Manifest
from rftsearch.search.engine import Engine
from support.encoder import WordEncoder
from support.exported import copy_exports
from support.library import write_abstracts, write_list
from support.paths import ROOT

CHILD = """
import subprocess, sys
from pathlib import Path
from rftsearch import Engine

index, damage = Path(sys.argv[1]), sys.argv[2]
# A build is writing: the store has a log, and the memory map that belongs to it.
builds = "import pathlib, sys; from rftsearch.index.store.staging import Staging;"
builds += "staging = Staging.create(pathlib.Path(sys.argv[1])); print(flush=True); input()"
builder = subprocess.Popen(
    [sys.executable, "-c", builds, index], stdin=subprocess.PIPE, stdout=subprocess.PIPE
)
builder.stdout.readline()
engine = Engine.open(index)

def ask():
    found = engine.search("count the crowd", k=3)
    for more in (engine.similar("ClipMind"), engine.recommend(["CrowdSeer"], ["DrawWell"])):
        assert more
    engine.map(), engine.suggest("crowd"), engine.search("crwodseer"), engine.explain("a", found)
    return [(hit.paper.id, hit.score) for hit in found]

before = ask()
assert (index / "store.sqlite3-shm").stat().st_size
builder.kill()
builder.communicate()
for path in index.rglob("*"):
    if path.is_file() and path.name != "manifest.json":
        content = path.read_bytes()
        with path.open("r+b") as file:  # As `cp` does: the same file, first of no length.
            file.truncate(0)
            if damage == "overwritten":
                file.write(content)
engine.search("a question that was not asked before: robots", k=3)
assert ask() == before
print("alive")
"""


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a file in use cannot be cut")
@pytest.mark.parametrize("damage", ["cut", "overwritten"])
def test_it_goes_on_answering(tmp_path, causal, monkeypatch, damage):
    copy_exports(monkeypatch, causal)
    sources, abstracts, index = [write_list(tmp_path)], write_abstracts(tmp_path), tmp_path / "i"
    model = causal.original.name
    build_index(index, sources, model=model, abstracts=abstracts, offline=True)
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(index), damage],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert (done.stdout.strip(), done.returncode) == ("alive", 0), done.stderr


def test_a_bit_that_flips_is_named_though_size_and_time_stay(tmp_path):
    index = tmp_path / "index"
    sources, abstracts = [write_list(tmp_path)], write_abstracts(tmp_path)
    build_index(index, sources, encoder=WordEncoder(), abstracts=abstracts, offline=True)
    Engine.open(index).close()
    manifest = Manifest.read(index)
    for name in manifest.files:
        path = manifest.folder(index) / name
        content, times = path.read_bytes(), path.stat()
        for place in {0, len(content) // 2, len(content) - 1} if content else ():
            changed = bytearray(content)
            changed[place] ^= 16
            path.write_bytes(changed)
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
            with pytest.raises(IndexDamagedError, match=f"{path.name} is damaged"):
                Engine.open(index)
        path.write_bytes(content)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    Engine.open(index).close()


def test_a_bit_that_flips_in_a_large_model_is_named_before_it_answers(
    tmp_path, causal, monkeypatch
):
    copy_exports(monkeypatch, causal)
    monkeypatch.setattr("rftsearch.files.ALWAYS_HASHED", 0)  # Each file is a large one.
    sources, index = [write_list(tmp_path)], tmp_path / "index"
    build_index(index, sources, model=causal.original.name, offline=True)
    export = Manifest.read(index).export
    for name in export.files:
        path = index / "models" / export.folder / name
        content, times = path.read_bytes(), path.stat()
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        with Engine.open(index) as engine:
            assert engine.similar("ClipMind")  # It needs no model.
            with pytest.raises(IndexDamagedError, match=f"{path.name} is damaged"):
                engine.search("count the crowd")
        path.write_bytes(content)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
