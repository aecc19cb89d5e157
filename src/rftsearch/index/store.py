"""The only source of truth: papers, embeddings and what arXiv said, in SQLite.

An integer id names one immutable version of a record. A version belongs to the
generations from `added` up to, but not including, `removed`; what a build
stages for the generation it is making is therefore invisible to the one that
answers, and a build that died is undone by forgetting the numbers above the
published one.

Write-ahead logging lets readers go on while a build writes. A folder that
cannot be written has no such log beside it and is read as immutable.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from rftsearch.errors import IndexDamagedError, IndexFormatError
from rftsearch.index.documents import Texts
from rftsearch.index.encoders import BoolArray, FloatArray
from rftsearch.index.recent import Recent
from rftsearch.index.serial import metadata_from_json, paper_from_json, to_json
from rftsearch.index.store_file import (
    APPLICATION_ID,
    MIGRATIONS,
    check_application,
    connect_read_only,
    explained,
)
from rftsearch.index.tokens import fold_name
from rftsearch.records import ArxivMetadata, Paper

__all__ = ["FILE_NAME", "Known", "Member", "Store", "document_hash"]

FILE_NAME = "store.sqlite3"
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


def document_hash(text: str) -> bytes:
    """The key of a document's embedding: sha256 of its text in UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


class Store:
    """One open connection; methods may be called from several threads."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        """Wrap a connection; use `create` or `open`."""
        self._connection = connection
        self._lock = threading.RLock()
        self._papers: Recent[Paper] = Recent(_KEPT)
        self._titles: Recent[tuple[str, ...]] = Recent(_KEPT)
        self.path = path

    @classmethod
    def create(cls, folder: Path) -> Self:
        """Open the store of an index for writing, making or migrating it first.

        Raises:
            IndexFormatError: A newer rftsearch, or another program, wrote the file.
            IndexDamagedError: SQLite cannot read it.
            IndexWriteError: It cannot be written.
        """
        path = folder / FILE_NAME
        with explained(path):
            connection = sqlite3.connect(path, timeout=30, check_same_thread=False)
            try:
                connection.isolation_level = None  # Transactions are written out below.
                check_application(connection, path)
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("PRAGMA foreign_keys = ON")
                # Keys are hashes: each new one touches another page of an index.
                connection.execute("PRAGMA cache_size = -65536")  # in KiB
                store = cls(connection, path)
                store._migrate()
            except BaseException:
                connection.close()
                raise
        return store

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the store of an index for reading only.

        Raises:
            IndexDamagedError: The file is missing or SQLite cannot read it.
            IndexFormatError: Another version of rftsearch, or another program, wrote it.
        """
        path = folder / FILE_NAME
        if not path.is_file():
            raise IndexDamagedError(f"{path} is missing; `rftsearch build` makes the index anew")
        with explained(path):
            connection = connect_read_only(path)
            try:
                check_application(connection, path)
                version = connection.execute("PRAGMA user_version").fetchone()[0]
                if version != len(MIGRATIONS):
                    raise IndexFormatError(
                        f"{path} has format {version}, this rftsearch reads {len(MIGRATIONS)}; "
                        "`rftsearch build` brings it up to date"
                    )
            except BaseException:
                connection.close()
                raise
        return cls(connection, path)

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        """Use it in a `with`."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close at the end of a `with`."""
        self.close()

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

    # --- generations ---

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
                    hashlib.sha256(record.encode()).digest(),
                    document_hash(text.body),
                    document_hash(text.title),
                ]
                known = live.get(paper.id)
                again += known[:1] if known and known[0] in staged else ()
                if known is None or known[1] != hashes:
                    if known is not None:
                        self._connection.execute(
                            "UPDATE papers SET removed = ? WHERE id = ?", (generation, known[0])
                        )
                    known = self._insert(generation, paper, record, hashes), hashes
                    live[paper.id] = known
                staged.add(known[0])
                self._connection.execute("INSERT OR IGNORE INTO staged VALUES (?)", (known[0],))
        return list(self.papers(again).values())

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

    def members(self, generation: int) -> Iterator[Member]:
        """The papers of a generation in ascending order of their integer ids."""
        for rows in self._in_portions(
            "SELECT id, text_hash, record FROM papers" + _NEXT_MEMBERS,  # noqa: S608 - a constant
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
        for rows in self._in_portions(statement + _NEXT_MEMBERS, values, 10_000):
            yield from rows

    def sample(self, generation: int, count: int) -> Iterator[Paper]:
        """Members in the order of the keys of their texts, each text once.

        Args:
            generation: Whose members.
            count: How many at the most.
        """
        statement = (
            "SELECT min(id) FROM papers"  # noqa: S608 - a constant
            f" WHERE {_MEMBER} GROUP BY text_hash ORDER BY text_hash LIMIT :count"
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
        return self._ids(_MEMBER, {"generation": generation})

    def _ids(self, condition: str, values: Mapping[str, object]) -> npt.NDArray[np.int64]:
        with self._lock, explained(self.path):
            rows = self._connection.execute(
                f"SELECT id FROM papers WHERE {condition} ORDER BY id",  # noqa: S608 - a constant
                values,
            )
            return np.fromiter((row[0] for row in rows), np.int64)

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
        statement = "SELECT papers.id, record" + _UNEMBEDDED + _IN_ORDER
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
            " ON title.model = :model AND title.text_hash = papers.title_hash" + _NEXT_MEMBERS,
            {"generation": generation, "model": model},
            after=after,
        ):
            vectors = [vector for _, *both in rows for vector in both]
            if None in vectors:
                raise IndexDamagedError(
                    f"{vectors.count(None)} embeddings are missing from the store; "
                    "`rftsearch build` makes them anew"
                )
            both = np.frombuffer(b"".join(vectors), dtype="<f4").astype(np.float32)
            both = both.reshape(len(rows), 2, dimension)
            yield both[:, 0], both[:, 1]

    def count_windowed(self, generation: int, model: int) -> int:
        """How many documents of a generation are longer than the model reads."""
        with self._lock, explained(self.path):
            row = self._connection.execute(
                "SELECT count(*) FROM papers JOIN embeddings USING (text_hash)"  # noqa: S608 - the same
                f" WHERE model = :model AND windowed AND {_MEMBER}",
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

    def _in_portions(
        self, statement: str, values: Mapping[str, object], size: int = 1000, after: int = 0
    ) -> Iterator[list[tuple[Any, ...]]]:
        """Rows of a statement that asks for those `:after` an id, `:limit` at a time."""
        while True:
            with self._lock, explained(self.path):
                rows = self._connection.execute(
                    statement, {**values, "after": after, "limit": size}
                ).fetchall()
            if not rows:
                return
            yield rows
            after = rows[-1][0]

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
                f"SELECT id, record FROM papers WHERE {_MEMBER} AND paper_id = :paper_id",  # noqa: S608 - a constant
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
                WHERE {_MEMBER}{chosen} AND (instr(name_key, :key) OR instr(title_key, :key))
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
                f"SELECT paper_id FROM papers WHERE {_MEMBER} AND abstract_state = :state"  # noqa: S608 - a constant
                " ORDER BY paper_id",
                {"generation": generation, "state": abstract_state},
            ).fetchall()
        return [row[0] for row in rows]

    def verify(self) -> None:
        """Have SQLite check the whole file.

        Raises:
            IndexDamagedError: It found something.
        """
        found = self._one("PRAGMA integrity_check(1)")
        if found != "ok":
            raise IndexDamagedError(
                f"{self.path} is damaged ({found}); move it away and run `rftsearch build`"
            )

    # --- how statements are run ---

    def _migrate(self) -> None:
        done = self._one("PRAGMA user_version")
        if done > len(MIGRATIONS):
            raise IndexFormatError(
                f"{self.path} was written by a newer rftsearch; update this one, "
                "or build into another folder with --index"
            )
        for number, (_name, statements) in enumerate(MIGRATIONS[done:], start=done + 1):
            self._connection.executescript(
                f"BEGIN IMMEDIATE; {statements}; PRAGMA user_version = {number};"
                f" PRAGMA application_id = {APPLICATION_ID}; COMMIT;"
            )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock, explained(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                # A full disk makes SQLite roll back by itself.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def _one(self, statement: str, *values: object) -> Any:  # noqa: ANN401 - SQLite decides
        with self._lock, explained(self.path):
            return self._connection.execute(statement, values).fetchone()[0]

    def _select_in(
        self, statement: str, keys: Sequence[object], *before: object
    ) -> Iterator[tuple[Any, ...]]:
        """Run `... IN ({})` over any number of keys, in portions SQLite takes."""
        for start in range(0, len(keys), 500):
            portion = keys[start : start + 500]
            marks = ",".join("?" * len(portion))
            with self._lock, explained(self.path):
                rows = self._connection.execute(
                    statement.format(marks), (*before, *portion)
                ).fetchall()
            yield from rows


# The plus signs keep SQLite from its indexes of both: nearly every row passes, and it
# would sort what it finds by id.
_MEMBER = "+added <= :generation AND (removed IS NULL OR +removed > :generation)"
_IN_ORDER = " ORDER BY papers.id LIMIT :limit"
_NEXT_MEMBERS = f" WHERE {_MEMBER} AND papers.id > :after" + _IN_ORDER
_UNEMBEDDED = (
    f" FROM papers WHERE {_MEMBER} AND papers.id > :after AND NOT ("  # noqa: S608 - a constant
    "EXISTS (SELECT 1 FROM embeddings WHERE model = :model AND text_hash = papers.text_hash)"
    " AND EXISTS (SELECT 1 FROM embeddings WHERE model = :model AND text_hash = title_hash))"
)
