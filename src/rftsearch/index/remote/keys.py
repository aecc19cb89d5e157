"""The small tables of keys: all terms, names and facts in order, and how many papers have each.

Qdrant finds the papers of a key, but not the keys that begin with some letters or differ by
a slip, and not how rare a term is. A reader looks these up in the tables, and asks Qdrant
for the papers.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rftsearch.errors import IndexDamagedError
from rftsearch.index.engines.parts import WordIndex
from rftsearch.papers.asked.facts import facts_of
from rftsearch.papers.documents import name_keys, paper_terms
from rftsearch.papers.paper import Paper
from rftsearch.types import IntArray

__all__ = ["KEY_TABLES", "KeyTable", "KeysWriter"]

KEY_TABLES = ("terms", "names", "facts")
"""Each is a file of keys, `keys/terms.txt`, and one of counts, `keys/terms.npy`."""


@dataclass(frozen=True)
class KeyTable:
    """Keys in the order of their UTF-8 bytes, and how many papers have each."""

    keys: Sequence[str]
    counts: IntArray
    """(n,) int64."""

    def files(self, name: str) -> dict[str, bytes]:
        """Return the files of a table."""
        array = io.BytesIO()
        np.save(array, self.counts.astype("<u4"), allow_pickle=False)
        return {
            f"keys/{name}.txt": "\n".join(self.keys).encode(),
            f"keys/{name}.npy": array.getvalue(),
        }

    @classmethod
    def parse(cls, keys: bytes, counts: bytes) -> KeyTable:
        """Read what `files` made.

        Raises:
            IndexDamagedError: It is something else.
        """
        try:
            texts = keys.decode().split("\n") if keys else []
            numbers = np.load(io.BytesIO(counts), allow_pickle=False).astype(np.int64)
        except (ValueError, OSError, EOFError) as error:
            raise IndexDamagedError("a table of keys is damaged") from error
        if numbers.shape != (len(texts),):
            raise IndexDamagedError("a table of keys is damaged")
        return cls(texts, numbers)


class KeysWriter:
    """Takes the papers of a generation, and makes the tables."""

    def __init__(self) -> None:
        """Begin without papers."""
        self._terms: set[str] = set()
        self._names: Counter[str] = Counter()
        self._facts: set[str] = set()

    def add(self, paper: Paper) -> None:
        """Take a paper."""
        terms = paper_terms(paper)
        self._terms.update(terms.head)
        self._terms.update(terms.body)
        self._names.update(name_keys(paper))
        self._facts.update(facts_of(paper))

    def files(self, lexical: WordIndex) -> dict[str, bytes]:
        """Return the files of all tables.

        Args:
            lexical: Of the folder: counts are what it counts, so that both rank alike. After
                removals it counts papers that are gone, for some time.
        """
        terms, names, facts = (sorted(one) for one in (self._terms, self._names, self._facts))
        tables = (
            KeyTable(terms, _counted([lexical.frequency(term) for term in terms])),
            KeyTable(names, _counted([self._names[name] for name in names])),
            KeyTable(facts, _counted([lexical.fact_count(fact) for fact in facts])),
        )
        files: dict[str, bytes] = {}
        for name, table in zip(KEY_TABLES, tables, strict=True):
            files |= table.files(name)
        return files


def _counted(counts: Sequence[int]) -> IntArray:
    return np.array(counts, np.int64)
