"""The peer txtai: its hybrid of BM25 and vectors, as its documentation sets it up.

With the content stored it would answer with texts instead of ids, more slowly.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from txtai import Embeddings  # type: ignore[import-not-found]  # in the peers' environment alone

from benchmarks.peer_common import K, documents, main


class Txtai:
    """A loaded database of embeddings."""

    def __init__(self, folder: Path, model: str) -> None:
        """Load what `build` wrote; it names its model itself."""
        del model
        self._embeddings = Embeddings()
        self._embeddings.load(str(folder))

    def search(self, question: str) -> Sequence[str]:
        """The ids of the best."""
        return [identifier for identifier, _ in self._embeddings.search(question, K)]

    def encode(self, texts: Sequence[str]) -> None:
        """As an index does, by its own batches."""
        self._embeddings.batchtransform(texts)


def build(folder: Path, model: str, path: Path) -> None:
    """Index all documents."""
    embeddings = Embeddings(path=model, hybrid=True)
    embeddings.index((one["id"], one["text"], None) for one in documents(path))
    embeddings.save(str(folder))


if __name__ == "__main__":
    main(build, Txtai)
