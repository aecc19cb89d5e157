"""The program of every peer: build, answer one question, or answer line by line.

    python -m benchmarks.peer_NAME build FOLDER MODEL DOCUMENTS
    python -m benchmarks.peer_NAME search FOLDER MODEL QUESTION
    python -m benchmarks.peer_NAME serve FOLDER MODEL

`serve` reads one JSON object per line, `{"search": [question, ...]}` or `{"encode":
[text, ...]}`, and prints one object for each: the seconds that it took inside this process.
Documents are JSON Lines with `id` and `text`.
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
"""How many documents a search returns."""

Document = dict[str, str]


class Loaded(Protocol):
    """A peer that is ready to answer."""

    def search(self, question: str) -> Sequence[str]:
        """Return the ids of the first `K` documents."""

    def encode(self, texts: Sequence[str]) -> None:
        """Encode documents and drop the vectors."""


def documents(path: Path) -> Iterator[Document]:
    """Return the documents of a file."""
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def main(build: Callable[[Path, str, Path], None], load: Callable[[Path, str], Loaded]) -> None:
    """Run the command line."""
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
    # Libraries also print to standard output, but no line of theirs begins like this.
    print(f"answer {json.dumps(what)}", flush=True)
