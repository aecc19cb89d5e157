"""Install the systems that are measured against rftsearch, in an environment of their own.

`peers.txt` pins every package. The environment is in the user's cache folder, under a name
made from those pins, so that it is made only once. pip uses its own settings; if they lead
to a CPU build of torch, pip takes that.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from filelock import FileLock

from benchmarks.processes import ProcessError, last_line
from rftsearch.encoders.model_files import BASE_MODEL, find_model
from rftsearch.papers.documents import texts_of
from rftsearch.papers.paper import Paper
from rftsearch.settings import default_cache

__all__ = [
    "Peer",
    "built",
    "command",
    "documents",
    "environment",
    "finish",
    "pins",
    "program",
    "serving",
    "variables",
]

PINS = Path(__file__).with_name("peers.txt")
SCRIPTS = Path(__file__).resolve().parents[1]
READY = "ready"
"""A file in each environment that is complete."""


def pins() -> dict[str, str]:
    """Return the version of each package of the peers."""
    lines = PINS.read_text("utf-8").splitlines()
    return dict(line.split("==", 1) for line in lines if "==" in line)


def environment(cache: Path | None = None) -> Path:
    """Return the Python of the peers; make the environment if it is missing.

    Raises:
        ProcessError: It cannot be made.
    """
    made_from = f"{sys.version_info[:2]} {PINS.read_text('utf-8')}"
    name = hashlib.sha256(made_from.encode()).hexdigest()[:16]
    folder = (cache or default_cache()) / "peers" / name
    folder.parent.mkdir(parents=True, exist_ok=True)
    python = folder / "bin" / "python"
    with FileLock(folder.with_suffix(".lock")):
        if not (folder / READY).exists():
            shutil.rmtree(folder, ignore_errors=True)
            print(f"making an environment for the peers, once: {folder}", file=sys.stderr)
            _run([sys.executable, "-m", "venv", folder])
            pip: list[str | Path] = [python, "-m", "pip", "install", "--no-user"]
            _run([*pip, "--disable-pip-version-check", "-qq", "-r", PINS])
            (folder / READY).touch()
    return python


def _run(command: Sequence[str | Path]) -> None:
    status = subprocess.run(command, stdout=sys.stderr, check=False).returncode
    if status:
        raise ProcessError(
            f"`{' '.join(map(str, command[1:4]))}` ended with {status}, its reason is above; "
            "check the network, free disk space and pip's settings"
        )


def variables() -> dict[str, str]:
    """Return the environment variables that peers run with."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    # Without a network, a client of the model hub would retry many times.
    return kept | {"PYTHONPATH": str(SCRIPTS), "HF_HUB_OFFLINE": "1", "PYTHONWARNINGS": "ignore"}


def program(name: str, *words: str | Path) -> list[str | Path]:
    """Return the command that runs a program of the peers."""
    return [environment(), "-m", f"benchmarks.peer_{name}", *words]


def command(peer: str, task: str, folder: Path, *rest: str | Path) -> list[str | Path]:
    """Return the command that runs a peer with the default model of rftsearch."""
    return program(peer, task, folder, find_model(BASE_MODEL), *rest)


def documents(path: Path, papers: Iterable[Paper]) -> Path:
    """Write the texts that rftsearch embeds as documents of the peers; return the file."""
    with path.open("w", encoding="utf-8") as file:
        for paper in papers:
            json.dump({"id": paper.id, "text": texts_of(paper).body}, file)
            file.write("\n")
    return path


def built(peer: str, folder: Path, path: Path) -> Path:
    """Let a peer index a file of documents, and return its folder.

    Raises:
        ProcessError: It failed.
    """
    folder.mkdir(parents=True)
    finish(command(peer, "build", folder, path))
    return folder


def finish(words: Sequence[str | Path], said: str = "") -> None:
    """Run a program of the peers to its end, with an input.

    Raises:
        ProcessError: It failed.
    """
    with tempfile.TemporaryFile() as errors:
        done = subprocess.run(
            words, env=variables(), input=said.encode(), stdout=errors, stderr=errors, check=False
        )
        if done.returncode:
            raise ProcessError(f"`{' '.join(map(str, words[1:4]))}` failed: {last_line(errors)}")


class Peer:
    """A peer in its own process, ready to answer."""

    def __init__(self, name: str, process: subprocess.Popen[str], errors: IO[bytes]) -> None:
        """Use `serving`."""
        self.name, self.pid = name, process.pid
        self._process, self._errors = process, errors
        self.loaded = float(self._answer()["loaded"])
        """Seconds that it took to load, without its imports."""

    def search(self, questions: Sequence[str]) -> Mapping[str, list[float]]:
        """Ask; return the `seconds` of each question and how many documents were `found`."""
        return self._ask({"search": list(questions)})

    def encode(self, texts: Sequence[str]) -> float:
        """Return the seconds that it takes to encode documents."""
        return float(self._ask({"encode": list(texts)})["seconds"][0])

    def _ask(self, what: object) -> dict[str, Any]:
        if self._process.stdin:
            self._process.stdin.write(f"{json.dumps(what)}\n")
            self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        for line in self._process.stdout or ():
            head, _, content = line.partition(" ")
            if head == "answer":
                return dict(json.loads(content))
        raise ProcessError(f"{self.name} ended: {last_line(self._errors)}")


@contextmanager
def serving(name: str, folder: Path) -> Iterator[Peer]:
    """Start a peer that has loaded what `built` wrote.

    Raises:
        ProcessError: It does not start.
    """
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(
            command(name, "serve", folder),
            env=variables(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        try:
            yield Peer(name, process, errors)
        finally:
            if process.stdin:
                process.stdin.close()  # the end of its input ends the process
