"""The only source of truth: papers, embeddings and what arXiv said, in SQLite.

`store_file.py` has the tables, `store_staging.py` the ways papers come and go; here
is what is asked of them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rftsearch.errors import IndexDamagedError
from rftsearch.index.store.database import FILE_NAME, IN_ORDER, MEMBER, NEXT_MEMBERS, explained
from rftsearch.index.store.lru import Recent
from rftsearch.index.store.record_json import metadata_from_json, paper_from_json, to_json
from rftsearch.index.store.staging import StagingStore, document_hash
from rftsearch.papers.paper import ArxivMetadata, Paper
from rftsearch.text.plural import plural
from rftsearch.types import BoolArray, FloatArray

__all__ = ["FILE_NAME", "Known", "Member", "Store", "document_hash"]

_KEPT = 1000
"""So many records stay in memory once they were read: all of a list, little of a library."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows of the answers arXiv gave."""

    metadata: Mapping[str, ArxivMetadata]
    unknown: frozenset[str]
    """Ids that arXiv was asked for and does not have."""


@dataclass(frozen=True, slots=True)
class Member:
    """One paper of a generation."""

    id: int
    body: bytes
    """The key of the embedding of title and abstract."""
    paper: Paper


class Store(StagingStore):
    """One open connection; methods may be called from several threads."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        """Wrap a connection; use `create` or `open`."""
        super().__init__(connection, path)
        self._papers: Recent[Paper] = Recent(_KEPT)
        self._titles: Recent[tuple[str, ...]] = Recent(_KEPT)

    # --- arXiv's answers ---

    def known(self, ids: Iterable[str]) -> Known:
        """What arXiv already answered about these ids."""
        metadata: dict[str, ArxivMetadata] = {}
        unknown: set[str] = set()
        for arxiv_id, text in self._select_in(
            "SELECT arxiv_id, metadata FROM arxiv WHERE arxiv_id IN ({})", list(ids)
        ):
            if text is None:
                unknown.add(arxiv_id)
            else:
                metadata[arxiv_id] = metadata_from_json(text)
        return Known(metadata, frozenset(unknown))

    def remember(self, answers: Iterable[ArxivMetadata], unknown: Iterable[str] = ()) -> None:
        """Keep what arXiv answered, and which ids it does not have."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        rows: list[tuple[str, str | None, str]] = [
            (answer.arxiv_id, to_json(answer), now) for answer in answers
        ]
        rows += [(arxiv_id, None, now) for arxiv_id in unknown]
        with self._writing():
            self._connection.executemany("INSERT OR REPLACE INTO arxiv VALUES (?, ?, ?)", rows)

    # --- embeddings ---

    def model(self, fingerprint: str, name: str) -> int:
        """The number of a model in this store, given one when it has none."""
        with self._writing():
            self._connection.execute(
                "INSERT OR IGNORE INTO models (fingerprint, name) VALUES (?, ?)",
                (fingerprint, name),
            )
        return int(self._one("SELECT id FROM models WHERE fingerprint = ?", fingerprint))

    def dimension(self, model: int) -> int | None:
        """Length of a model's vectors; None where there is none yet."""
        with self._lock, explained(self.path):
            row = self._connection.execute(
                "SELECT length(vector) / 4 FROM embeddings WHERE model = ? LIMIT 1", (model,)
            ).fetchone()
        return row and int(row[0])

    def missing_embeddings(self, model: int, hashes: Sequence[bytes]) -> set[bytes]:
        """Which of these texts have no vector yet."""
        query = "SELECT text_hash FROM embeddings WHERE model = ? AND text_hash IN ({})"
        return set(hashes) - {row[0] for row in self._select_in(query, hashes, model)}

    def add_embeddings(
        self, model: int, hashes: Sequence[bytes], vectors: FloatArray, windowed: BoolArray
    ) -> None:
        """Keep vectors, (n, dimension) float32, and whether each text was cut, (n,) bool."""
        rows = [
            (model, text_hash, vector.astype("<f4").tobytes(), int(cut))
            for text_hash, vector, cut in zip(hashes, vectors, windowed, strict=True)
        ]
        with self._writing():
            self._connection.executemany(
                "INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?, ?)", rows
            )

    def unembedded(
        self, generation: int, model: int, size: int, after: int = 0
    ) -> Iterator[list[Paper]]:
        """The members that lack a vector, some at a time, by ascending integer id.

        Vectors may be added between two portions.

        Args:
            generation: Whose members.
            model: Whose vectors.
            size: Papers in a portion at the most.
            after: Only those of greater integer ids.
        """
        statement = "SELECT papers.id, record" + _UNEMBEDDED + IN_ORDER
        values = {"generation": generation, "model": model}
        for rows in self._in_portions(statement, values, size, after):
            yield [paper_from_json(record) for _, record in rows]

    def count_unembedded(self, generation: int, model: int, after: int = 0) -> int:
        """How many papers `unembedded` gives in all."""
        with self._lock, explained(self.path):
            row = self._connection.execute(
                "SELECT count(*)" + _UNEMBEDDED,
                {"generation": generation, "model": model, "after": after},
            ).fetchone()
        return int(row[0])

    def vectors(
        self, generation: int, model: int, dimension: int, after: int = 0
    ) -> Iterator[tuple[FloatArray, FloatArray]]:
        """The embeddings of a generation's texts and titles, by ascending integer id.

        Args:
            generation: Whose members.
            model: Which model's vectors.
            dimension: Their length.
            after: Only those of members of greater integer ids.

        Yields:
            Some rows of both at a time, (r, dimension) float32 each.

        Raises:
            IndexDamagedError: One is not there.
        """
        for rows in self._in_portions(
            "SELECT papers.id, body.vector, title.vector FROM papers"  # noqa: S608 - a constant
            " LEFT JOIN embeddings AS body"
            " ON body.model = :model AND body.text_hash = papers.text_hash"
            " LEFT JOIN embeddings AS title"
            " ON title.model = :model AND title.text_hash = papers.title_hash" + NEXT_MEMBERS,
            {"generation": generation, "model": model},
            after=after,
        ):
            vectors = [vector for _, *both in rows for vector in both]
            if None in vectors:
                missing = plural(vectors.count(None), "embedding is", "embeddings are")
                raise IndexDamagedError(
                    f"{missing} missing from the store; `rftsearch build` makes them anew"
                )
            both = np.frombuffer(b"".join(vectors), dtype="<f4").astype(np.float32)
            both = both.reshape(len(rows), 2, dimension)
            yield both[:, 0], both[:, 1]

    def count_windowed(self, generation: int, model: int) -> int:
        """How many documents of a generation are longer than the model reads."""
        with self._lock, explained(self.path):
            row = self._connection.execute(
                "SELECT count(*) FROM papers JOIN embeddings USING (text_hash)"  # noqa: S608 - the same
                f" WHERE model = :model AND windowed AND {MEMBER}",
                {"generation": generation, "model": model},
            ).fetchone()
        return int(row[0])

    def count_windowed_of(self, ids: Sequence[int], model: int) -> int:
        """How many of some papers' documents are longer than the model reads."""
        # In this order: from the papers to their vectors, not through all vectors.
        query = (
            "SELECT count(*) FROM papers CROSS JOIN embeddings USING (text_hash)"
            " WHERE model = ? AND windowed AND papers.id IN ({})"
        )
        return sum(row[0] for row in self._select_in(query, ids, model))

    # --- the members of a generation ---

    def members(self, generation: int) -> Iterator[Member]:
        """The papers of a generation in ascending order of their integer ids."""
        for rows in self._in_portions(
            "SELECT id, text_hash, record FROM papers" + NEXT_MEMBERS,  # noqa: S608 - a constant
            {"generation": generation},
        ):
            for identifier, body, record in rows:
                yield Member(identifier, body, paper_from_json(record))

    def keys(
        self, generation: int, ids: Sequence[int] | None = None
    ) -> Iterator[tuple[int, str, bytes]]:
        """Integer id, paper id and key of the embedding of members; of all, or of known ids."""
        statement = "SELECT id, paper_id, text_hash FROM papers"
        if ids is not None:
            yield from self._select_in(statement + " WHERE id IN ({})", ids)
            return
        values = {"generation": generation}
        for rows in self._in_portions(statement + NEXT_MEMBERS, values, 10_000):
            yield from rows

    def sample(self, generation: int, count: int) -> Iterator[Paper]:
        """Members in the order of the keys of their texts, each text once.

        Args:
            generation: Whose members.
            count: How many at the most.
        """
        statement = (
            "SELECT min(id) FROM papers"  # noqa: S608 - a constant
            f" WHERE {MEMBER} GROUP BY text_hash ORDER BY text_hash LIMIT :count"
        )
        with self._lock, explained(self.path):
            rows = self._connection.execute(
                statement, {"generation": generation, "count": count}
            ).fetchall()
        query = "SELECT record FROM papers WHERE id IN ({})"
        for (record,) in self._select_in(query, [row[0] for row in rows]):
            yield paper_from_json(record)

    def member_ids(self, generation: int) -> npt.NDArray[np.int64]:
        """The integer ids of a generation's papers, (n,) int64, ascending."""
        return self._ids(MEMBER, {"generation": generation})

    # --- reading by key ---

    def papers(self, ids: Sequence[int]) -> dict[int, Paper]:
        """The records of integer ids; one that is not there is left out."""
        return self._papers.get([int(i) for i in ids], self._read_papers)

    def _read_papers(self, ids: Sequence[int]) -> dict[int, Paper]:
        query = "SELECT id, record FROM papers WHERE id IN ({})"
        return {
            identifier: paper_from_json(record)
            for identifier, record in self._select_in(query, ids)
        }

    def titles(self, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """The title, and the list's where it differs, of integer ids: less than the record."""
        return self._titles.get(ids, self._read_titles)

    def _read_titles(self, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
        query = (
            "SELECT id, record ->> 'title', record ->> 'listed_title' FROM papers WHERE id IN ({})"
        )
        return {
            identifier: tuple(filter(None, titles))
            for identifier, *titles in self._select_in(query, ids)
        }

    def headings(self, ids: Sequence[int]) -> dict[int, tuple[str, str, str, str, str, str | None]]:
        """Id, short name, title, first category, kind and month of integer ids, unparsed."""
        query = (
            "SELECT id, paper_id, record ->> 'short_name', record ->> 'title',"
            " record ->> '$.categories[0]', record ->> 'kind', record ->> 'released'"
            " FROM papers WHERE id IN ({})"
        )
        return {
            identifier: (paper_id, name, title, category, kind, released)
            for identifier, paper_id, name, title, category, kind, released in self._select_in(
                query, ids
            )
        }

    def find(self, generation: int, paper_id: str) -> list[tuple[int, Paper]]:
        """The member of that paper id under its integer id; an empty list where there is none."""
        with self._lock, explained(self.path):
            rows = self._connection.execute(
                f"SELECT id, record FROM papers WHERE {MEMBER} AND paper_id = :paper_id",  # noqa: S608 - a constant
                {"generation": generation, "paper_id": paper_id},
            ).fetchall()
        return [(identifier, paper_from_json(record)) for identifier, record in rows]

    def containing(
        self, generation: int, key: str, limit: int, among: Sequence[int] | None = None
    ) -> list[Paper]:
        """Members whose folded short name or title contains `key`; names first.

        Args:
            generation: Whose members.
            key: Letters and digits.
            limit: How many at the most.
            among: Integer ids that are looked at; None for all, which reads every row.
        """
        chosen = "" if among is None else " AND id IN (SELECT value FROM json_each(:among))"
        with self._lock, explained(self.path):
            rows = self._connection.execute(
                f"""
                SELECT record FROM papers
                WHERE {MEMBER}{chosen} AND (instr(name_key, :key) OR instr(title_key, :key))
                ORDER BY instr(name_key, :key) = 0, instr(name_key, :key), name_key,
                    instr(title_key, :key), id
                LIMIT :limit
                """,  # noqa: S608 - constants
                {
                    "generation": generation,
                    "key": key,
                    "limit": limit,
                    "among": json.dumps(among),
                },
            ).fetchall()
        return [paper_from_json(row[0]) for row in rows]

    def ids_in_state(self, generation: int, abstract_state: str) -> list[str]:
        """Paper ids of the members whose abstract is in that state."""
        with self._lock, explained(self.path):
            rows = self._connection.execute(
                f"SELECT paper_id FROM papers WHERE {MEMBER} AND abstract_state = :state"  # noqa: S608 - a constant
                " ORDER BY paper_id",
                {"generation": generation, "state": abstract_state},
            ).fetchall()
        return [row[0] for row in rows]


_UNEMBEDDED = (
    f" FROM papers WHERE {MEMBER} AND papers.id > :after AND NOT ("  # noqa: S608 - a constant
    "EXISTS (SELECT 1 FROM embeddings WHERE model = :model AND text_hash = papers.text_hash)"
    " AND EXISTS (SELECT 1 FROM embeddings WHERE model = :model AND text_hash = title_hash))"
)
