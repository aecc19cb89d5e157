"""What the program of every peer does: build, answer once, or answer line by line.

    python -m benchmarks.peer_NAME build FOLDER MODEL DOCUMENTS
    python -m benchmarks.peer_NAME search FOLDER MODEL QUESTION
    python -m benchmarks.peer_NAME serve FOLDER MODEL

`serve` reads a JSON object a line, `{"search": [question, ...]}` or `{"encode":
[text, ...]}`, and prints one for each, with the seconds that each took inside this
process. Documents are JSON Lines of `id` and `text`.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

__all__ = ["Document", "K", "Loaded", "documents", "main"]

K = 10
"""How many documents are asked for."""

Document = dict[str, str]


class Loaded(Protocol):
    """A peer that is ready to answer."""

    def search(self, question: str) -> Sequence[str]:
        """The ids of the first `K` documents."""

    def encode(self, texts: Sequence[str]) -> None:
        """Encode documents, and throw the vectors away."""


def documents(path: Path) -> Iterator[Document]:
    """The documents of a file."""
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def main(build: Callable[[Path, str, Path], None], load: Callable[[Path, str], Loaded]) -> None:
    """Do what the command line says."""
    task, folder, model, *rest = sys.argv[1:]
    if task == "build":
        build(Path(folder), model, Path(rest[0]))
        return
    began = time.perf_counter()
    peer = load(Path(folder), model)
    if task == "search":
        print(json.dumps(list(peer.search(rest[0]))), flush=True)
        return
    _say({"loaded": time.perf_counter() - began})
    for line in sys.stdin:
        asked = json.loads(line)
        if "search" in asked:
            _say(_searched(peer, asked["search"]))
        else:
            began = time.perf_counter()
            peer.encode(asked["encode"])
            _say({"seconds": [time.perf_counter() - began]})


def _searched(peer: Loaded, questions: Sequence[str]) -> dict[str, list[float]]:
    seconds, found = [], []
    for question in questions:
        began = time.perf_counter()
        hits = peer.search(question)
        seconds.append(time.perf_counter() - began)
        found.append(float(len(hits)))
    return {"seconds": seconds, "found": found}


def _say(what: object) -> None:
    # What libraries print goes to standard output as well, and never begins like this.
    print(f"answer {json.dumps(what)}", flush=True)
