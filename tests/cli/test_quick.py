"""What is read without typer is read as typer reads it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from rftsearch import __main__, __version__
from rftsearch.cli import app
from rftsearch.cli.quick import MANY, OPTIONS, parsed
from rftsearch.index.build.build import build_index, index_papers
from rftsearch.papers.paper import Paper
from support.encoder import WordEncoder
from support.library import write_abstracts, write_list
from support.paths import ROOT

PLAIN = [
    ["similar", "TimeZero"],
    ["similar", "ClipMind"],
    ["similar", "ClipMind", "-k", "2", "--json"],
    ["similar", "--json-full", "ClipMind", "EarTest", "--not", "DrawWell", "--diversity", "0.5"],
    ["similar", "ClipMind", "--count=3", "--category", "Audio", "-c", "Vision (Image)"],
    ["similar", "ClipMind", "--since", "2025-01", "--until=2025-05", "--has", "code", "--explain"],
    ["similar", "ClipMind", "--kind", "paper", "--not-generative"],
    ["similar", "ClipMind", "EarTest", "--sort", "oldest", "--json"],
    ["search", "ClipMind", "--sort=newest"],
    ["search", "ClipMind", "--sort", "best"],
    ["similar", "--text", "video", "--not", "EarTest"],
    ["similar", "--file", "no-such.txt"],
    ["similar"],
    ["similar", "ClipMind", "--kind", "book"],
    ["search", "ClipMind", "--json"],
    ["search", "Clip", "Mind", "-k", "0"],
]
NOT_PLAIN = [
    [],
    ["--version"],
    ["status"],
    ["search"],
    ["search", "-h"],
    ["search", "x", "--nope"],
    ["search", "x", "-k", "two"],
    ["search", "x", "-k3"],
    ["search", "x", "-k=3"],
    ["search", "x", "--count"],
    ["search", "x", "--since", "--json"],
    ["search", "x", "--json=yes"],
    ["search", "--", "-x"],
    ["search", "x", "--fetch"],
    ["similar", "x", "--diversity", "much"],
]


@pytest.fixture(scope="module")
def index(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("quick")
    index, abstracts = folder / "index", write_abstracts(folder)
    build_index(index, [write_list(folder)], encoder=WordEncoder(), abstracts=abstracts)
    return index


@pytest.fixture
def run(monkeypatch, capsys, index):
    """Run a command line through one of the two ways in."""
    monkeypatch.setenv("RFTSEARCH_INDEX", str(index))

    def run(main, words: list[str]) -> tuple[object, str, str]:
        monkeypatch.setattr(sys, "argv", ["rftsearch", *words])
        code: object = 0
        try:
            main()
        except SystemExit as ended:
            code = ended.code or 0
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.mark.parametrize("command", sorted(OPTIONS))
def test_every_option_is_there_and_means_what_it_means_to_typer(command: str):
    known = typer.main.get_command(app.app).commands[command]
    expected = {}
    for option in known.params:
        if option.param_type_name != "option":
            continue
        for names, flag in ((option.opts, True), (option.secondary_opts, False)):
            for name in names:
                expected[name] = (flag if option.is_flag else None, option.multiple)
    found = {
        name: (read if isinstance(read, bool) else None, sets in MANY)
        for name, (sets, read) in OPTIONS[command].items()
    }
    assert found == expected


@pytest.mark.parametrize("words", PLAIN, ids=" ".join)
def test_a_plain_line_is_answered_as_typer_has_it_answered(run, monkeypatch, tmp_path, words):
    monkeypatch.chdir(tmp_path)
    assert parsed(words) is not None
    assert run(__main__.main, words) == run(app.main, words)


@pytest.mark.parametrize("words", NOT_PLAIN, ids=" ".join)
def test_any_other_line_is_left_to_typer(words):
    assert parsed(words) is None


def test_what_is_left_to_typer_is_answered(run):
    code, out, _ = run(__main__.main, ["--version"])
    assert (code, out) == (0, f"rftsearch {__version__}\n")
    code, _, err = run(__main__.main, ["search", "x", "--nope"])
    assert code == 2
    assert "--nope" in err


def test_an_interruption_has_its_code(run, monkeypatch):
    def ends(error: type[BaseException]) -> int:
        def fail(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr("rftsearch.cli.answers.similar", fail)
        return run(__main__.main, ["similar", "ClipMind"])[0]

    assert ends(KeyboardInterrupt) == 130


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
        ("typer", "", ["status"]),
        ("typer", "changed", ["status"]),
    ],
)
def test_an_interruption_while_modules_are_imported_has_its_code(module, changed, words):
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, module, changed, *words],
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
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
        timeout=60,
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
        timeout=60,
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
    assert process.wait(timeout=60) == 1
    process.stderr.close()
