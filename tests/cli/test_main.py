"""The start of the process: interruptions, broken pipes, terminals that lack letters."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rftsearch.index.build.build import build_index, index_papers
from rftsearch.papers.paper import Paper
from support.command_line import run_command
from support.encoder import WordEncoder
from support.library import write_abstracts, write_list
from support.paths import ROOT


@pytest.fixture(scope="module")
def index(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("quick")
    index, abstracts = folder / "index", write_abstracts(folder)
    build_index(index, [write_list(folder)], encoder=WordEncoder(), abstracts=abstracts)
    return index


def test_an_interruption_has_its_code(monkeypatch, index):
    def fail(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("rftsearch.search.engine.Engine.similar", fail)
    assert run_command("similar", "ClipMind", "--index", index) == 130


# Ctrl-C, or what a library in C makes of it, while a module is imported.
INTERRUPTED = """
import sys

_, module, changed, *words = sys.argv
from rftsearch.__main__ import main

assert module not in sys.modules, "nobody would answer Ctrl-C"


class Finder:
    def find_spec(self, name, *_):
        if name == module and changed:
            raise ImportError("initialization failed") from KeyboardInterrupt()
        if name == module:
            raise KeyboardInterrupt


sys.meta_path.insert(0, Finder())
sys.argv = ["rftsearch", *words]
sys.exit(main())
"""


@pytest.mark.parametrize(
    ("module", "changed", "words"),
    [
        ("rftsearch.papers.paper", "", ["status"]),
        ("faiss", "", ["search", "crowd"]),
        ("faiss", "changed", ["search", "crowd"]),
        ("argparse", "", ["status"]),
    ],
)
def test_an_interruption_while_modules_are_imported_has_its_code(module, changed, words):
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, module, changed, *words],
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


# The same while two threads import: no exception, which could leave each waiting for the other.
STRUCK = """
import os, signal, sys
from rftsearch.__main__ import main


class Finder:
    def find_spec(self, name, *_):
        if name == "faiss":
            os.kill(os.getpid(), signal.SIGINT)


signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, Finder())
sys.argv = ["rftsearch", "search", "crowd"]
sys.exit(main())
"""


def test_a_search_that_is_interrupted_ends_at_once():
    done = subprocess.run(
        [sys.executable, "-c", STRUCK],
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


def test_json_is_json_where_the_terminal_lacks_letters(tmp_path):
    index = tmp_path / "index"
    index_papers(index, [Paper("a", "Bär", "Bär", ("Audio",))], encoder=WordEncoder())
    done = subprocess.run(
        [sys.executable, "-m", "rftsearch", "show", "a", "--json", "--index", str(index)],
        env={"PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
        timeout=240,
    )
    [shown] = json.loads(done.stdout)
    assert shown["short_name"] == "Bär"


def test_a_broken_pipe_is_quiet(index):
    process = subprocess.Popen(
        [sys.executable, "-m", "rftsearch", "similar", "ClipMind", "--index", str(index)],
        env={"PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=240) == 1
    process.stderr.close()
