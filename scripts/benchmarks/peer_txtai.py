"""The peer txtai: BM25 and vectors together (hybrid), set up as its documentation says.

If it stored the content too, it would return texts instead of ids, and take longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from txtai import Embeddings  # type: ignore[import-not-found]  # in the peers' environment alone

from benchmarks.peer_common import K, documents, main


class Txtai:
    """A loaded index of txtai."""

    def __init__(self, folder: Path, model: str) -> None:
        """Load what `build` wrote; the files name the model."""
        del model
        self._embeddings = Embeddings()
        self._embeddings.load(str(folder))

    def search(self, question: str) -> Sequence[str]:
        """Return the ids of the best documents."""
        return [identifier for identifier, _ in self._embeddings.search(question, K)]

    def encode(self, texts: Sequence[str]) -> None:
        """Encode documents in txtai's own batches, as a build does."""
        self._embeddings.batchtransform(texts)


def build(folder: Path, model: str, path: Path) -> None:
    """Index all documents."""
    embeddings = Embeddings(path=model, hybrid=True)
    embeddings.index((one["id"], one["text"], None) for one in documents(path))
    embeddings.save(str(folder))


if __name__ == "__main__":
    main(build, Txtai)
