"""Every command under conditions that a shell, a service or a container may bring.

Whatever happens, the process ends with a code and at most one line of error: no traceback,
no silence where something failed, and nothing waits for ever.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rftsearch.cli.app import COMMANDS
from rftsearch.index.build.build import build_index
from rftsearch.index.build.update import update_index
from support.library import write_abstracts, write_list
from support.paths import ROOT
from support.static import save_static_model

LINES = {
    "build": ["build", "--optimize"],
    "add": ["add", "more.md", "--offline"],
    "remove": ["remove", "EarTest"],
    "search": ["search", "crowd"],
    "similar": ["similar", "ClipMind"],
    "export": ["export", "ClipMind", "--format", "bibtex"],
    "show": ["show", "ClipMind"],
    "list": ["list"],
    "categories": ["categories"],
    "map": ["map"],
    "timeline": ["timeline"],
    "status": ["status"],
    "sync": ["sync", "--offline"],
    "log": ["log"],
    "diff": ["diff", "1"],
    "news": ["news", "crowd", "--since", "2020"],
    "check": ["check", "invented.md"],
    "classify": ["classify", "ClipMind"],
    "discover": ["discover", "--snapshot", "new.jsonl", "--since", "2025"],
    "accept": ["accept", "2505.00077", "--snapshot", "new.jsonl"],
    "dismiss": ["dismiss", "2505.00077", "--snapshot", "new.jsonl"],
    "issue": ["issue", "--repository", "example/list", "--read"],
    "evaluate": ["evaluate", "--queries", "queries.jsonl", "--qrels", "qrels.tsv"],
    "app": ["app", "--no-browser", "--port", "70000"],
    "mcp": ["mcp"],
    "publish": ["publish", "./site"],
}
"""A line for each command. That of the page is a mistake: a page that runs does not end; and so
is that of the issue, for which there is no token here."""
MISTAKES = {"app", "issue"}
WRITES = {"build", "add", "remove", "sync", "accept", "dismiss"}
WITHOUT_INDEX = {"accept", "dismiss"}


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A folder with an index, and with what the lines read."""
    folder = tmp_path_factory.mktemp("conditions")
    model = save_static_model(folder / "model")
    build_index(
        folder / "index",
        [write_list(folder)],
        model=str(model),
        abstracts=write_abstracts(folder),
        offline=True,
    )
    (folder / "later.md").write_text(
        "## Audio\n\n* [2506] [Crowd] [Crowd: Hearing a crowd](https://example.org/crowd.pdf)\n",
        "utf-8",
    )
    update_index(folder / "index", [folder / "later.md"], offline=True)
    (folder / "more.md").write_text(
        "## Audio\n\n* [2501] [A] [A: B](https://example.org/a.pdf)\n", "utf-8"
    )
    (folder / "new.jsonl").write_text(
        '{"arxiv_id": "2505.00077", "title": "Counting Crowds", "abstract": "We count."}\n', "utf-8"
    )
    (folder / "queries.jsonl").write_text('{"id": "1", "text": "crowd"}\n', "utf-8")
    (folder / "qrels.tsv").write_text("1\t2505.00001\t1\n", "utf-8")
    return folder


def run(
    place: Path, *words: str | bytes | Path, prepare: Callable[[], None] = lambda: None
) -> tuple[int, str]:
    """Run a command in a process of its own; return its exit code, and its errors and notes."""
    done = subprocess.run(
        [sys.executable, "-m", "rftsearch", *words],
        env={
            "PYTHONPATH": str(ROOT / "src"),
            "PATH": os.environ["PATH"],
            "HOME": str(place),
            "RFTSEARCH_ARXIV_URL": "http://127.0.0.1:9/api/query",
            "HF_HUB_OFFLINE": "1",
        },
        cwd=place,
        preexec_fn=prepare,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
        timeout=240,
    )
    error = done.stderr.decode("utf-8", "replace")
    for word in ("Traceback", "Exception ignored", "Fatal"):
        assert word not in error
    errors = [line for line in error.splitlines() if not line.startswith("note: ")]
    if done.returncode == 0:
        assert errors == []
    else:
        [line] = errors
        assert line.startswith("rftsearch: ")
    return done.returncode, error


def test_every_command_has_a_line():
    assert list(LINES) == list(COMMANDS)


def close_all_but_errors() -> None:
    os.close(0)
    os.close(1)


@pytest.mark.parametrize("command", sorted(LINES.keys() - WRITES - MISTAKES))
def test_results_that_cannot_be_printed_are_an_error(place, command):
    words = [*LINES[command], "--index", place / "index"]
    code, error = run(place, *words, prepare=close_all_but_errors)
    assert (code, "stdout is closed" in error) == (1, True)


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["list", "--help"]])
def test_nor_can_help(place, words):
    code, error = run(place, *words, prepare=close_all_but_errors)
    assert (code, "stdout is closed" in error) == (1, True)


def test_no_file_takes_the_number_of_a_closed_stream():
    def close() -> None:
        for number in (0, 1, 2):
            os.close(number)

    # A library that prints must not print into the file that was opened first.
    code = "from rftsearch.cli.process import explained\nimport os\n"
    code += "with explained():\n    raise SystemExit(os.open(os.devnull, os.O_RDONLY))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(ROOT / "src")},
        preexec_fn=close,
        check=False,
        timeout=240,
    )
    assert done.returncode == 3


def test_a_closed_input_is_named(place):
    words = ["similar", "--file", "-", "--index", place / "index"]
    code, error = run(place, *words, prepare=lambda: os.close(0))
    assert code == 1
    assert "cannot read stdin" in error


@pytest.mark.parametrize("command", sorted(LINES.keys() - WRITES))
def test_a_working_folder_that_was_deleted(place, tmp_path, command):
    folder = tmp_path / "gone"
    folder.mkdir()

    def leave() -> None:
        os.chdir(folder)
        folder.rmdir()

    words = [word if "." not in word else str(place / word) for word in LINES[command]]
    code, _ = run(place, *words, "--index", place / "index", prepare=leave)
    assert code == (2 if command in MISTAKES else 0)


def test_a_relative_path_in_a_folder_that_was_deleted(place, tmp_path):
    folder = tmp_path / "gone"
    folder.mkdir()

    def leave() -> None:
        os.chdir(folder)
        folder.rmdir()

    code, error = run(place, "list", "--index", "index", prepare=leave)
    assert (code, "give the whole path" in error) == (2, True)


@pytest.mark.parametrize("command", sorted(LINES.keys() - WITHOUT_INDEX - MISTAKES))
def test_a_path_that_is_not_utf_8(place, command):
    code, error = run(place, *LINES[command], "--index", os.fsencode(place) + b"/caf\xe9")
    assert (code, "caf\ufffd is not in UTF-8; rename the folder" in error) == (2, True)


@pytest.mark.parametrize(
    "words",
    [
        ["search", b"caf\xe9"],
        ["show", b"caf\xe9"],
        ["list", "--category", b"caf\xe9"],
        ["similar", "--text", b"caf\xe9", "--explain", "--json"],
        ["similar", "--file", b"caf\xe9"],
        ["export", "--search", "crowd", "--format", b"caf\xe9"],
        ["build", b"caf\xe9.md", "--offline"],
        ["app", "--host", b"caf\xe9"],
        [b"caf\xe9"],
    ],
    ids=str,
)
def test_words_that_are_not_utf_8(place, words):
    code, _ = run(place, *words, *(["--index", place / "index"] if len(words) > 1 else []))
    assert code in {0, 1, 2}


@pytest.mark.parametrize("files", [6, 9, 14])
@pytest.mark.parametrize("command", ["search", "export", "evaluate", "status"])
def test_too_few_files(place, command, files):
    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))

    code, error = run(place, *LINES[command], "--index", place / "index", prepare=bound)
    assert code == 0 or "ulimit -n" in error
    assert "--repair" not in error


def test_a_low_limit_is_raised(place):
    def lower() -> None:
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (9, hard))

    assert run(place, "search", "crowd", "--index", place / "index", prepare=lower)[0] == 0


NAMESPACES = ["unshare", "--pid", "--fork", "--mount-proc"]
WAIT = """
import sys
from rftsearch.cli.process import explained
with explained():
    print("ready", flush=True)
    sys.stdin.read()
"""


def can_be_first() -> bool:
    try:
        return subprocess.run([*NAMESPACES, "true"], check=False).returncode == 0
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not can_be_first(), reason="unshare needs rights that this user lacks")
def test_sigterm_ends_the_first_process_of_a_container():
    with subprocess.Popen(
        [*NAMESPACES, sys.executable, "-c", WAIT],
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": os.environ["PATH"]},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as outer:
        assert outer.stdout is not None
        assert outer.stdout.readline() == b"ready\n"
        [first] = Path(f"/proc/{outer.pid}/task/{outer.pid}/children").read_text("ascii").split()
        os.kill(int(first), signal.SIGTERM)
        assert outer.wait(timeout=240) == 143
