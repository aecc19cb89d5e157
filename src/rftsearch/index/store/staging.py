"""Staging: how papers and answers come into the store, and how old ones leave it.

An integer id names one immutable version of a record. A version belongs to the
generations from `added` up to, but not including, `removed`. What a build stages for
the generation it is making is therefore invisible to the one that answers, and a
build that died is undone by forgetting the numbers above the published one.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from rftsearch.index.store.database import MEMBER, Database
from rftsearch.index.store.digest import ROW, checksum_of, digest_exchange, digest_of, digest_sum
from rftsearch.index.store.embeddings import Embeddings, document_hash
from rftsearch.index.store.generation_rows import GenerationState
from rftsearch.index.store.lookup import Lookup
from rftsearch.index.store.record_json import paper_from_json, record_hash, to_json
from rftsearch.index.store.store import Store
from rftsearch.papers.documents import Texts
from rftsearch.papers.paper import ArxivMetadata, Paper
from rftsearch.text.terms import fold_name

__all__ = ["Staging"]


class Staging:
    """Writes a store, and reads it through `store`."""

    def __init__(self, database: Database) -> None:
        """Write to an open database; `create` opens it first."""
        self._database = database
        self.moves_lines = True
        """Whether to write where an entry stands now into a record that did not change."""
        self.store = Store(database)
        self.lookup = Lookup(database, self.store)

    @classmethod
    def create(cls, index: Path) -> Self:
        """Open the store of an index for writing; make or migrate it first.

        Raises:
            IndexFormatError, IndexDamagedError, IndexWriteError: See `Database.create`.
        """
        return cls(Database.create(index))

    @property
    def embeddings(self) -> Embeddings:
        """The vectors."""
        return self.store.embeddings

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def __enter__(self) -> Self:
        """Use it in a `with`."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close at the end of a `with`."""
        self.close()

    def remember(self, answers: Iterable[ArxivMetadata], unknown: Iterable[str] = ()) -> None:
        """Keep what arXiv answered, and which ids it does not have."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        rows: list[tuple[str, str | None, str]] = [
            (answer.arxiv_id, to_json(answer), now) for answer in answers
        ]
        rows += [(arxiv_id, None, now) for arxiv_id in unknown]
        with self._database.transaction() as connection:
            connection.executemany("INSERT OR REPLACE INTO arxiv VALUES (?, ?, ?)", rows)

    # --- a new generation ---

    def begin_stage(self) -> None:
        """Begin to stage a generation; its papers come in any number of portions.

        Until a generation is published its rows belong to a number that nobody
        reads, and the next build forgets them: portions need no common transaction.
        """
        with self._database.transaction() as connection:
            connection.execute("DROP TABLE IF EXISTS temp.staged")
            connection.execute("CREATE TEMP TABLE staged (id INTEGER PRIMARY KEY)")
        if self._database.value("SELECT 1 FROM papers LIMIT 1") is None:
            self.lookup.prepare()  # While it costs nothing.

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
        written: dict[int, Paper] = {}
        with self._database.transaction() as connection:
            live: dict[str, tuple[int, list[bytes]]] = {
                paper_id: (identifier, hashes)
                for identifier, paper_id, *hashes in self._database.select_in(
                    "SELECT id, paper_id, record_hash, text_hash, title_hash FROM papers"
                    " WHERE removed IS NULL AND paper_id IN ({})",
                    [paper.id for paper in papers],
                )
            }
            known_ids = [identifier for identifier, *_ in live.values()]
            staged = {
                row[0]
                for row in self._database.select_in(
                    "SELECT id FROM staged WHERE id IN ({})", known_ids
                )
            }
            for paper, text in zip(papers, texts, strict=True):
                record = to_json(paper)
                hashes = _hashes(paper, record, text)
                known = live.get(paper.id)
                again += known[:1] if known and known[0] in staged else ()
                if known is not None and self._is_same(known, hashes):
                    moves = paper.provenance and self.moves_lines
                    if moves and self._move(known[0], record, hashes[0]):
                        written[known[0]] = paper
                else:
                    if known is not None:
                        connection.execute(
                            "UPDATE papers SET removed = ? WHERE id = ?", (generation, known[0])
                        )
                    known = _insert(connection, generation, paper, record, hashes), hashes
                    live[paper.id] = known
                    written[known[0]] = paper
                staged.add(known[0])
                connection.execute("INSERT OR IGNORE INTO staged VALUES (?)", (known[0],))
        self.store.keep(written)  # Not before the transaction has succeeded.
        query = "SELECT id, record FROM papers WHERE id IN ({})"
        earlier = self.store.parsed(list(self._database.select_in(query, again)))
        return [earlier[identifier] for identifier in again]

    def _is_same(self, known: tuple[int, list[bytes]], hashes: list[bytes]) -> bool:
        """Return whether a version is the one that these hashes are of.

        Versions 0.1 kept a hash of the record with its line numbers.
        """
        if known[1] == hashes:
            return True
        if known[1][1:] != hashes[1:]:
            return False
        record = self._database.value("SELECT record FROM papers WHERE id = ?", known[0])
        with suppress(ValueError):
            return record_hash(paper_from_json(record), record) == hashes[0]
        return False

    def _move(self, identifier: int, record: str, hash_of_it: bytes) -> bool:
        """Write the lines where a version now stands in its lists; return whether they moved.

        The hash may be one of version 0.1: then the digests of the generations that have
        this version follow.
        """
        statement = f"SELECT {ROW}, record, added, removed FROM papers WHERE id = ?"  # noqa: S608
        [row] = self._database.rows(statement, (identifier,))
        *columns, written, added, removed = row
        if (written, columns[2]) == (record, hash_of_it):
            return False
        with self._database.asking() as connection:
            connection.execute(
                "UPDATE papers SET record = ?, record_hash = ?, checksum = ? WHERE id = ?",
                (record, hash_of_it, checksum_of(record), identifier),
            )
            now = [*columns[:2], hash_of_it, *columns[3:]]
            if now != columns:
                for each in self.store.generations():
                    until = each.number + 1 if removed is None else removed
                    if each.digest is not None and added <= each.number < until:
                        connection.execute(
                            "UPDATE generations SET digest = ? WHERE number = ?",
                            (digest_exchange(each.digest, columns, now), each.number),
                        )
        return True

    def end_stage(self, generation: int) -> None:
        """Leave what was not staged out of a new generation."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE papers SET removed = ? WHERE removed IS NULL"
                " AND id NOT IN (SELECT id FROM staged)",
                (generation,),
            )

    def remove(self, generation: int, ids: Sequence[int]) -> None:
        """Leave the papers of some integer ids out of a new generation."""
        with self._database.transaction() as connection:
            connection.executemany(
                "UPDATE papers SET removed = ? WHERE id = ?", [(generation, i) for i in ids]
            )

    def describe(self, generation: int, description: Mapping[str, Any]) -> None:
        """Keep the description of a generation."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO generations (number, description) VALUES (?, ?)",
                (generation, json.dumps(description)),
            )

    def seal(self, generation: int, description: Mapping[str, Any], base: int | None) -> None:
        """Take down that a generation is complete and about to be published.

        Args:
            generation: Its number.
            description: Its whole manifest.
            base: The generation before it, if it is published: its digest is updated
                instead of read from all rows.
        """
        count, total = self._summed(generation, base)
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO generations (number, description, state, papers, digest)"
                " VALUES (?, ?, ?, ?, ?)",
                (generation, json.dumps(description), GenerationState.SEALED, count, total),
            )

    def unseal(self, generation: int) -> None:
        """Take back `seal`: the generation could not be published."""
        self._set_state(generation, GenerationState.STAGED)

    def confirm(self, generation: int) -> None:
        """Take down that a generation is published."""
        self._set_state(generation, GenerationState.PUBLISHED)

    def _set_state(self, generation: int, state: GenerationState) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE generations SET state = ? WHERE number = ?", (state, generation)
            )

    def _summed(self, generation: int, base: int | None) -> tuple[int, bytes]:
        known = [row for row in self.store.generations() if row.number == base]
        if not known or known[0].papers is None or known[0].digest is None:
            return digest_of(self._database, MEMBER, generation)
        added = digest_of(
            self._database,
            "added = :generation AND (removed IS NULL OR removed > :generation)",
            generation,
        )
        removed = digest_of(
            self._database, "removed = :generation AND added < :generation", generation
        )
        total = digest_sum(known[0].digest, added[1], minus=removed[1])
        return known[0].papers + added[0] - removed[0], total

    # --- repair ---

    def rebuild_file(self) -> None:
        """Make SQLite's own indexes again: damage of those alone loses nothing."""
        with self._database.asking() as connection:
            connection.execute("REINDEX")

    def forget_vectors(self, model: int, hashes: Iterable[bytes]) -> None:
        """Delete the vectors of some texts, which are then embedded again."""
        with self._database.transaction() as connection:
            connection.executemany(
                "DELETE FROM embeddings WHERE model = ? AND text_hash = ?",
                [(model, text_hash) for text_hash in hashes],
            )

    def forget_answers(self, arxiv_ids: Iterable[str]) -> None:
        """Delete some of arXiv's answers, which are then asked for again."""
        with self._database.transaction() as connection:
            connection.executemany(
                "DELETE FROM arxiv WHERE arxiv_id = ?", [(each,) for each in arxiv_ids]
            )

    def replace(self, generation: int, identifier: int, paper: Paper, texts: Texts) -> None:
        """Put a record in the place of a version that is damaged, for a new generation.

        Args:
            generation: The number of the new generation.
            identifier: The integer id of the damaged version.
            paper: The record.
            texts: Its texts.
        """
        record = to_json(paper)
        hashes = _hashes(paper, record, texts)
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE papers SET removed = ? WHERE id = ?", (generation, identifier)
            )
            _insert(connection, generation, paper, record, hashes)

    # --- what is no longer needed ---

    def forget_unpublished(self, published: int) -> None:
        """Undo what builds staged that never published."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM papers WHERE added > ?", (published,))
            connection.execute("UPDATE papers SET removed = NULL WHERE removed > ?", (published,))
            connection.execute("DELETE FROM generations WHERE number > ?", (published,))
        self.store.history.forget_unpublished(published)

    def collect(self, kept: Sequence[int], *, thoroughly: bool = False) -> None:
        """Delete versions that no kept generation names, and the vectors of their texts.

        Args:
            kept: Numbers of generations.
            thoroughly: Look at all vectors, and delete those that belong to no text,
                which an unfinished build left.
        """
        oldest = min(kept)
        with self._database.transaction() as connection:
            gone = connection.execute(
                "DELETE FROM papers WHERE removed <= ? RETURNING text_hash, title_hash", (oldest,)
            ).fetchall()
            connection.execute("DELETE FROM generations WHERE number < ?", (oldest,))
            if thoroughly:
                connection.execute(
                    "DELETE FROM embeddings WHERE text_hash NOT IN"
                    " (SELECT text_hash FROM papers UNION SELECT title_hash FROM papers)"
                )
            connection.executemany(
                "DELETE FROM embeddings"
                " WHERE model IN (SELECT id FROM models) AND text_hash = :hash"
                " AND NOT EXISTS (SELECT 1 FROM papers WHERE text_hash = :hash)"
                " AND NOT EXISTS (SELECT 1 FROM papers WHERE title_hash = :hash)",
                [{"hash": text_hash} for text_hash in {each for pair in gone for each in pair}],
            )


def _hashes(paper: Paper, record: str, texts: Texts) -> list[bytes]:
    """Return what proves a record, and the keys of the embeddings of its texts."""
    return [record_hash(paper, record), document_hash(texts.body), document_hash(texts.title)]


def _insert(
    connection: sqlite3.Connection,
    generation: int,
    paper: Paper,
    record: str,
    hashes: Sequence[bytes],
) -> int:
    cursor = connection.execute(
        "INSERT INTO papers (paper_id, record_hash, text_hash, title_hash, name_key,"
        " title_key, abstract_state, record, added, checksum)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            paper.id,
            *hashes,
            fold_name(paper.short_name),
            fold_name(paper.title),
            paper.abstract_state,
            record,
            generation,
            checksum_of(record),
        ),
    )
    return int(cursor.lastrowid or 0)
