"""The plain script that a user would write: sentence-transformers, and FAISS over all vectors."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
from sentence_transformers import SentenceTransformer

from benchmarks.peer_common import K, documents, main


class Naive:
    """The model, the vectors and the ids, in memory."""

    def __init__(self, folder: Path, model: str) -> None:
        """Load what `build` wrote."""
        self._model = SentenceTransformer(model)
        self._index = faiss.read_index(str(folder / "index.faiss"))
        self._ids = json.loads((folder / "ids.json").read_text("utf-8"))

    def search(self, question: str) -> Sequence[str]:
        """Return the ids of the nearest documents."""
        vector = self._model.encode([question], normalize_embeddings=True)
        _, rows = self._index.search(np.asarray(vector), K)
        return [self._ids[row] for row in rows[0]]

    def encode(self, texts: Sequence[str]) -> None:
        """Encode documents as `build` does."""
        self._model.encode(texts, normalize_embeddings=True)


def build(folder: Path, model: str, path: Path) -> None:
    """Encode all documents and write their vectors."""
    found = list(documents(path))
    vectors = SentenceTransformer(model).encode(
        [document["text"] for document in found], normalize_embeddings=True
    )
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    faiss.write_index(index, str(folder / "index.faiss"))
    (folder / "ids.json").write_text(json.dumps([one["id"] for one in found]), "utf-8")


if __name__ == "__main__":
    main(build, Naive)
