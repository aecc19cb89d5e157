"""Staging: how the papers of a new generation come into the store, and old ones leave it.

An integer id names one immutable version of a record. A version belongs to the
generations from `added` up to, but not including, `removed`; what a build stages for
the generation it is making is therefore invisible to the one that answers, and a
build that died is undone by forgetting the numbers above the published one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from rftsearch.index.store.database import Database, explained
from rftsearch.index.store.record_json import paper_from_json, record_hash, to_json
from rftsearch.papers.documents import Texts
from rftsearch.papers.paper import Paper
from rftsearch.text.terms import fold_name

__all__ = ["StagingStore", "document_hash"]


def document_hash(text: str) -> bytes:
    """The key of a document's embedding: sha256 of its text in UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


class StagingStore(Database):
    """The part of the store that generations are made with."""

    def newest_generation(self) -> tuple[int, dict[str, Any]] | None:
        """Number and description of the last generation that was staged."""
        with self._lock, explained(self.path):
            row = self._connection.execute(
                "SELECT number, description FROM generations ORDER BY number DESC LIMIT 1"
            ).fetchone()
        return (int(row[0]), json.loads(row[1])) if row else None

    def descriptions(self, numbers: Iterable[int]) -> list[dict[str, Any]]:
        """What the manifests of these generations said, as far as they are remembered."""
        query = "SELECT description FROM generations WHERE number IN ({})"
        return [json.loads(row[0]) for row in self._select_in(query, list(numbers))]

    def forget_unpublished(self, published: int) -> None:
        """Undo what builds staged that never published."""
        with self._writing():
            self._connection.execute("DELETE FROM papers WHERE added > ?", (published,))
            self._connection.execute(
                "UPDATE papers SET removed = NULL WHERE removed > ?", (published,)
            )
            self._connection.execute("DELETE FROM generations WHERE number > ?", (published,))

    def begin_stage(self) -> None:
        """Begin to stage a generation; its papers come in portions of any number.

        Until a generation is published its rows belong to a number that nobody
        reads, and the next build forgets them: portions need no common transaction.
        """
        with self._writing():
            self._connection.execute("DROP TABLE IF EXISTS temp.staged")
            self._connection.execute("CREATE TEMP TABLE staged (id INTEGER PRIMARY KEY)")

    def stage_some(
        self, generation: int, papers: Sequence[Paper], texts: Sequence[Texts]
    ) -> list[Paper]:
        """Make papers members of a new generation.

        Versions that are members already and did not change keep their id; a
        change, or a return after a removal, makes a new one.

        Args:
            generation: A number above every published one.
            papers: The records.
            texts: The texts of each, which key its embeddings.

        Returns:
            What this generation already had of papers that came once more.
        """
        again: list[int] = []
        with self._writing():
            live: dict[str, tuple[int, list[bytes]]] = {
                paper_id: (identifier, hashes)
                for identifier, paper_id, *hashes in self._select_in(
                    "SELECT id, paper_id, record_hash, text_hash, title_hash FROM papers"
                    " WHERE removed IS NULL AND paper_id IN ({})",
                    [paper.id for paper in papers],
                )
            }
            known_ids = [identifier for identifier, *_ in live.values()]
            staged = {
                row[0]
                for row in self._select_in("SELECT id FROM staged WHERE id IN ({})", known_ids)
            }
            for paper, text in zip(papers, texts, strict=True):
                record = to_json(paper)
                hashes = [
                    record_hash(paper, record),
                    document_hash(text.body),
                    document_hash(text.title),
                ]
                known = live.get(paper.id)
                again += known[:1] if known and known[0] in staged else ()
                if known is not None and self._is_same(known, hashes):
                    if paper.provenance:  # Its line may have moved.
                        self._connection.execute(
                            "UPDATE papers SET record = ?, record_hash = ?"
                            " WHERE id = ? AND (record <> ? OR record_hash <> ?)",
                            (record, hashes[0], known[0], record, hashes[0]),
                        )
                else:
                    if known is not None:
                        self._connection.execute(
                            "UPDATE papers SET removed = ? WHERE id = ?", (generation, known[0])
                        )
                    known = self._insert(generation, paper, record, hashes), hashes
                    live[paper.id] = known
                staged.add(known[0])
                self._connection.execute("INSERT OR IGNORE INTO staged VALUES (?)", (known[0],))
        query = "SELECT id, record FROM papers WHERE id IN ({})"
        records = dict(self._select_in(query, again))
        return [paper_from_json(records[identifier]) for identifier in again]

    def _is_same(self, known: tuple[int, list[bytes]], hashes: list[bytes]) -> bool:
        """Whether a version is what these hashes are of.

        Versions 0.1 kept a hash of the record with its line numbers.
        """
        if known[1] == hashes:
            return True
        if known[1][1:] != hashes[1:]:
            return False
        [[record]] = self._connection.execute("SELECT record FROM papers WHERE id = ?", (known[0],))
        return record_hash(paper_from_json(record), record) == hashes[0]

    def end_stage(self, generation: int) -> None:
        """Leave what was not staged out of a new generation."""
        with self._writing():
            self._connection.execute(
                "UPDATE papers SET removed = ? WHERE removed IS NULL"
                " AND id NOT IN (SELECT id FROM staged)",
                (generation,),
            )

    def live(self, paper_ids: Sequence[str]) -> dict[str, tuple[int, Paper]]:
        """Integer ids and records of papers that nothing has removed by now."""
        return {
            paper_id: (identifier, paper_from_json(record))
            for identifier, paper_id, record in self._select_in(
                "SELECT id, paper_id, record FROM papers"
                " WHERE removed IS NULL AND paper_id IN ({})",
                paper_ids,
            )
        }

    def remove(self, generation: int, ids: Sequence[int]) -> None:
        """Leave the papers of some integer ids out of a new generation."""
        with self._writing():
            self._connection.executemany(
                "UPDATE papers SET removed = ? WHERE id = ?", [(generation, i) for i in ids]
            )

    def changes(self, generation: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """What a generation has that the one before had not, and the reverse.

        Returns:
            Integer ids, (a,) and (r,) int64, ascending.
        """
        values = {"generation": generation}
        return (
            self._ids("added = :generation AND (removed IS NULL OR removed > :generation)", values),
            self._ids("removed = :generation AND added < :generation", values),
        )

    def count_replaced(self, generation: int) -> int:
        """How many papers stand otherwise in a generation than in the one before."""
        [[count]] = self._connection.execute(
            "SELECT COUNT(*) FROM"
            " (SELECT paper_id FROM papers WHERE removed = :generation AND added < :generation"
            " INTERSECT SELECT paper_id FROM papers WHERE added = :generation"
            " AND (removed IS NULL OR removed > :generation))",
            {"generation": generation},
        )
        return int(count)

    def describe(self, generation: int, description: Mapping[str, Any]) -> None:
        """Keep what the manifest of a generation says of it."""
        with self._writing():
            self._connection.execute(
                "INSERT OR REPLACE INTO generations VALUES (?, ?)",
                (generation, json.dumps(description)),
            )

    def _insert(self, generation: int, paper: Paper, record: str, hashes: Sequence[bytes]) -> int:
        cursor = self._connection.execute(
            "INSERT INTO papers (paper_id, record_hash, text_hash, title_hash, name_key,"
            " title_key, abstract_state, record, added)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                paper.id,
                *hashes,
                fold_name(paper.short_name),
                fold_name(paper.title),
                paper.abstract_state,
                record,
                generation,
            ),
        )
        return int(cursor.lastrowid or 0)

    def collect(self, kept: Sequence[int], *, thoroughly: bool = False) -> None:
        """Delete versions that no kept generation names, and the vectors of their texts.

        Args:
            kept: Numbers of generations.
            thoroughly: Look at all vectors, and delete those of no text at all, which
                a build left that never came to its end.
        """
        oldest = min(kept)
        with self._writing():
            gone = self._connection.execute(
                "DELETE FROM papers WHERE removed <= ? RETURNING text_hash, title_hash", (oldest,)
            ).fetchall()
            self._connection.execute("DELETE FROM generations WHERE number < ?", (oldest,))
            if thoroughly:
                self._connection.execute(
                    "DELETE FROM embeddings WHERE text_hash NOT IN"
                    " (SELECT text_hash FROM papers UNION SELECT title_hash FROM papers)"
                )
            self._connection.executemany(
                "DELETE FROM embeddings"
                " WHERE model IN (SELECT id FROM models) AND text_hash = :hash"
                " AND NOT EXISTS (SELECT 1 FROM papers WHERE text_hash = :hash)"
                " AND NOT EXISTS (SELECT 1 FROM papers WHERE title_hash = :hash)",
                [{"hash": text_hash} for text_hash in {each for pair in gone for each in pair}],
            )
