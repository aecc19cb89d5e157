"""Write the files of `peer_naive` for more documents than it can encode in the time limit.

    python -m benchmarks.peer_drawn FOLDER MODEL DOCUMENTS REAL.npy

Some documents are encoded once, and their vectors are kept in REAL.npy. The vector of each
other document is mixed from two of them. So the search can be measured without a build.
"""

from __future__ import annotations

import json
import sys
from itertools import islice
from pathlib import Path

import faiss
import numpy as np
from sentence_transformers import SentenceTransformer

from benchmarks.peer_common import documents

REAL = 1000
"""Documents that are encoded."""
AT_ONCE = 1 << 16


def main(folder: Path, model: str, path: Path, kept: Path) -> None:
    """Write vectors and ids as `peer_naive` does."""
    if not kept.exists():
        texts = [one["text"] for one in islice(documents(path), REAL)]
        vectors = SentenceTransformer(model).encode(texts, normalize_embeddings=True)
        np.save(kept, vectors)
    real = np.load(kept)
    ids = [one["id"] for one in documents(path)]
    index = faiss.IndexFlatIP(real.shape[1])
    chance = np.random.default_rng(0)
    for start in range(0, len(ids), AT_ONCE):
        count = min(AT_ONCE, len(ids) - start)
        one, other = (real[chance.integers(len(real), size=count)] for _ in range(2))
        weight = chance.uniform(0.0, 1.0, size=(count, 1)).astype(np.float32)
        drawn = weight * one + (1 - weight) * other
        index.add(drawn / np.linalg.norm(drawn, axis=1, keepdims=True))
    faiss.write_index(index, str(folder / "index.faiss"))
    (folder / "ids.json").write_text(json.dumps(ids), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
