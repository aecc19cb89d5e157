"""The peer bm25s: searches by words only, with everything in memory."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import bm25s  # type: ignore[import-untyped]  # it ships no types

from benchmarks.peer_common import K, documents, main


class Bm25s:
    """A loaded index."""

    def __init__(self, folder: Path, model: str) -> None:
        """Load what `build` wrote; it uses no model."""
        del model
        self._index = bm25s.BM25.load(str(folder))
        self._ids = json.loads((folder / "ids.json").read_text("utf-8"))

    def search(self, question: str) -> Sequence[str]:
        """Return the ids of the best documents."""
        tokens = bm25s.tokenize([question], stopwords="en", show_progress=False)
        rows, _ = self._index.retrieve(tokens, k=K, show_progress=False)
        return [self._ids[row] for row in rows[0]]

    def encode(self, texts: Sequence[str]) -> None:
        """Do nothing: it encodes nothing."""
        raise NotImplementedError("bm25s encodes nothing")


def build(folder: Path, model: str, path: Path) -> None:
    """Index all documents."""
    del model
    found = list(documents(path))
    index = bm25s.BM25()
    texts = [one["text"] for one in found]
    index.index(bm25s.tokenize(texts, stopwords="en", show_progress=False), show_progress=False)
    index.save(str(folder))
    (folder / "ids.json").write_text(json.dumps([one["id"] for one in found]), "utf-8")


if __name__ == "__main__":
    main(build, Bm25s)
