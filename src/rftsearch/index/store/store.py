"""What is read from the store: papers, generations and what arXiv answered.

`schema.py` has the tables, `staging.py` writes them, `embeddings.py` keeps the vectors.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from rftsearch.errors import IndexDamagedError
from rftsearch.index.store.database import FILE_NAME, IN_ORDER, MEMBER, NEXT_MEMBERS, Database
from rftsearch.index.store.embeddings import Embeddings
from rftsearch.index.store.generation_rows import GenerationRow, read_generations
from rftsearch.index.store.history import History
from rftsearch.index.store.lru import RecentById
from rftsearch.index.store.record_json import metadata_from_json, paper_from_json
from rftsearch.index.store.schema import IDENTIFIED
from rftsearch.papers.documents import Texts
from rftsearch.papers.paper import ArxivMetadata, Paper
from rftsearch.types import IdArray

if TYPE_CHECKING:
    from rftsearch.index.store.proof import Proof

__all__ = ["FILE_NAME", "Known", "Store"]

_KEPT = 1000
"""How many records stay in memory once they were read: all of a list, few of a library."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows of the answers arXiv gave."""

    metadata: Mapping[str, ArxivMetadata]
    unknown: frozenset[str]
    """Ids that arXiv was asked for and does not have."""


class Store:
    """Reads a store. Its methods may be called from several threads."""

    def __init__(self, database: Database) -> None:
        """Read from an open database; `open` opens it first."""
        self._database = database
        self._papers: RecentById[Paper] = RecentById(_KEPT)
        self._titles: RecentById[tuple[str, ...]] = RecentById(_KEPT)
        self.embeddings = Embeddings(database)
        self.history = History(database)

    @classmethod
    def open(cls, index: Path, *, held: bool = False) -> Self:
        """Open the store of an index for reading only.

        Args:
            index: The index folder.
            held: Whether to hold a small store in memory; see `Database.open`.

        Raises:
            IndexDamagedError, IndexFormatError, IndexReadError: See `Database.open`.
        """
        return cls(Database.open(index, held=held))

    @property
    def path(self) -> Path:
        """The file."""
        return self._database.path

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def __enter__(self) -> Self:
        """Use it in a `with`."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close at the end of a `with`."""
        self.close()

    # --- proof ---

    def check_file(self) -> None:
        """Have SQLite check the whole file.

        Raises:
            IndexDamagedError: It found something.
        """
        from rftsearch.index.store.proof import check_file  # noqa: PLC0415 - no query needs it

        check_file(self._database)

    def prove(
        self, generation: int, fingerprint: str, dimension: int, texts: Callable[[Paper], Texts]
    ) -> Proof:
        """Check every row of a generation and its vectors.

        Args:
            generation: Whose papers.
            fingerprint: Of the model that made the vectors.
            dimension: Their length.
            texts: Returns the texts of a paper, which key its vectors.
        """
        from rftsearch.index.store.proof import prove  # noqa: PLC0415 - no query needs it

        model = self.embeddings.model(fingerprint)
        return prove(self._database, generation, model, dimension, texts)

    # --- arXiv's answers ---

    def known(self, ids: Iterable[str]) -> Known:
        """Return what arXiv already answered about these ids.

        Raises:
            IndexDamagedError: An answer cannot be read.
        """
        metadata: dict[str, ArxivMetadata] = {}
        unknown: set[str] = set()
        query = "SELECT arxiv_id, metadata FROM arxiv WHERE arxiv_id IN ({})"
        for arxiv_id, text in self._database.select_in(query, list(ids)):
            if text is None:
                unknown.add(arxiv_id)
                continue
            try:
                metadata[arxiv_id] = metadata_from_json(text)
            except ValueError as error:
                raise IndexDamagedError(
                    f"arXiv's answer about {arxiv_id} in {self.path} is damaged; "
                    "`rftsearch build --refresh` asks again"
                ) from error
        return Known(metadata, frozenset(unknown))

    # --- generations ---

    @property
    def index_id(self) -> str | None:
        """The random id of this store; None if it was made before there were ids."""
        if self._database.version < IDENTIFIED:
            return None
        return str(self._database.value("SELECT index_id FROM identity") or "")

    def generations(self) -> list[GenerationRow]:
        """Return all generations that the store knows, by ascending number."""
        return read_generations(self._database)

    def changes(self, generation: int) -> tuple[IdArray, IdArray]:
        """Return which versions a generation adds to the one before, and which it removes.

        Returns:
            Integer ids, (a,) and (r,) int64, ascending.
        """
        values = {"generation": generation}
        added = "added = :generation AND (removed IS NULL OR removed > :generation)"
        removed = "removed = :generation AND added < :generation"
        return self._database.ids(added, values), self._database.ids(removed, values)

    def count_updated(self, generation: int) -> int:
        """Return how many papers changed since the previous generation."""
        rows = self._database.rows(
            "SELECT count(*) FROM"
            " (SELECT paper_id FROM papers WHERE removed = :generation AND added < :generation"
            " INTERSECT SELECT paper_id FROM papers WHERE added = :generation"
            " AND (removed IS NULL OR removed > :generation))",
            {"generation": generation},
        )
        return int(rows[0][0])

    # --- the members of a generation ---

    def members(self, generation: int) -> Iterator[tuple[int, Paper]]:
        """Yield the papers of a generation in ascending order of their integer ids.

        Raises:
            IndexDamagedError: A record cannot be read.
        """
        statement = "SELECT id, record FROM papers" + NEXT_MEMBERS  # noqa: S608 - a constant
        for rows in self._database.portions(statement, {"generation": generation}):
            yield from self.parsed(rows).items()

    def keys(
        self, generation: int, ids: Sequence[int] | None = None
    ) -> Iterator[tuple[int, str, bytes]]:
        """Yield integer id, paper id and key of the embedding of members.

        Args:
            generation: Whose members.
            ids: Which ones; None for all of them.
        """
        statement = "SELECT id, paper_id, text_hash FROM papers"
        if ids is not None:
            yield from self._database.select_in(statement + " WHERE id IN ({})", ids)
            return
        values = {"generation": generation}
        for rows in self._database.portions(statement + NEXT_MEMBERS, values, 10_000):
            yield from rows

    def sample(self, generation: int, count: int) -> Iterator[Paper]:
        """Yield up to `count` members in the order of the keys of their texts, each text once."""
        rows = self._database.rows(
            "SELECT min(id) FROM papers"  # noqa: S608 - a constant
            f" WHERE {MEMBER} GROUP BY text_hash ORDER BY text_hash LIMIT :count",
            {"generation": generation, "count": count},
        )
        query = "SELECT id, record FROM papers WHERE id IN ({})"
        for row in self._database.select_in(query, [row[0] for row in rows]):
            yield from self.parsed([row]).values()

    def member_ids(self, generation: int) -> IdArray:
        """Return the integer ids of a generation's papers, (n,) int64, ascending."""
        return self._database.ids(MEMBER, {"generation": generation})

    def unembedded(
        self, generation: int, model: int, size: int, after: int = 0
    ) -> Iterator[list[Paper]]:
        """Yield the members that lack a vector, some at a time, by ascending integer id.

        Vectors may be added between two portions.

        Args:
            generation: Whose members.
            model: Whose vectors.
            size: The largest number of papers in a portion.
            after: Only those of greater integer ids.
        """
        statement = "SELECT papers.id, record" + _UNEMBEDDED + IN_ORDER
        values = {"generation": generation, "model": model}
        for rows in self._database.portions(statement, values, size, after):
            yield list(self.parsed(rows).values())

    def count_unembedded(self, generation: int, model: int, after: int = 0) -> int:
        """Return how many papers `unembedded` yields in all."""
        values = {"generation": generation, "model": model, "after": after}
        [[count]] = self._database.rows("SELECT count(*)" + _UNEMBEDDED, values)
        return int(count)

    # --- reading by key ---

    def papers(self, ids: Iterable[int]) -> dict[int, Paper]:
        """Return the records of integer ids; one that is not there is left out.

        Raises:
            IndexDamagedError: A record cannot be read.
        """
        return self._papers.get([int(i) for i in ids], self._read_papers)

    def _read_papers(self, ids: Sequence[int]) -> dict[int, Paper]:
        query = "SELECT id, record FROM papers WHERE id IN ({})"
        return {row[0]: self._parse(*row) for row in self._database.select_in(query, ids)}

    def parsed(self, rows: Sequence[tuple[int, str]]) -> dict[int, Paper]:
        """Return the papers of rows of integer id and record, in their order.

        One that was parsed or staged not long ago is not parsed again.

        Raises:
            IndexDamagedError: A record cannot be read.
        """
        texts = dict(rows)
        found = self._papers.get(
            list(texts), lambda ids: {i: self._parse(i, texts[i]) for i in ids}
        )
        return {identifier: found[identifier] for identifier in texts}

    def keep(self, papers: Mapping[int, Paper]) -> None:
        """Hold records that were just written, so that they need not be parsed."""
        self._papers.put(papers)

    def _parse(self, identifier: int, record: str) -> Paper:
        try:
            return paper_from_json(record)
        except ValueError as error:
            raise IndexDamagedError(
                f"{self.path} is damaged: the record of paper {identifier} cannot be read; "
                "`rftsearch status --verify` names all such papers"
            ) from error

    def titles(self, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """Return the title of integer ids, and the list's if it differs; quicker than records."""
        return self._titles.get(ids, self._read_titles)

    def _read_titles(self, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
        query = (
            "SELECT id, record ->> 'title', record ->> 'listed_title' FROM papers WHERE id IN ({})"
        )
        return {
            identifier: tuple(filter(None, titles))
            for identifier, *titles in self._database.select_in(query, ids)
        }

    def headings(self, ids: Sequence[int]) -> dict[int, tuple[str, str, str, str, str, str | None]]:
        """Return id, short name, title, first category, kind and month of integer ids."""
        query = (
            "SELECT id, paper_id, record ->> 'short_name', record ->> 'title',"
            " record ->> '$.categories[0]', record ->> 'kind', record ->> 'released'"
            " FROM papers WHERE id IN ({})"
        )
        return {
            identifier: (paper_id, name, title, category, kind, released)
            for identifier, paper_id, name, title, category, kind, released in (
                self._database.select_in(query, ids)
            )
        }

    def find(self, generation: int, paper_id: str) -> list[tuple[int, Paper]]:
        """Return the member of that paper id with its integer id; empty if there is none."""
        rows = self._database.rows(
            f"SELECT id, record FROM papers WHERE {MEMBER} AND paper_id = :paper_id",  # noqa: S608 - a constant
            {"generation": generation, "paper_id": paper_id},
        )
        return list(self.parsed(rows).items())

    def find_all(self, generation: int, ids: Iterable[str]) -> dict[str, tuple[int, Paper]]:
        """Return integer ids and records of those members, by paper id; others are left out."""
        return self.history.members(generation, ids)

    def live(self, paper_ids: Sequence[str]) -> dict[str, tuple[int, Paper]]:
        """Return integer ids and records of papers that no generation has removed yet."""
        query = "SELECT id, record FROM papers WHERE removed IS NULL AND paper_id IN ({})"
        papers = self.parsed(list(self._database.select_in(query, paper_ids)))
        return {paper.id: (identifier, paper) for identifier, paper in papers.items()}

    def live_ids(self) -> set[str]:
        """Return the paper ids of all papers that no generation has removed yet."""
        return {
            row[0]
            for row in self._database.rows("SELECT paper_id FROM papers WHERE removed IS NULL")
        }

    def containing(
        self, generation: int, key: str, limit: int, among: Sequence[int] | None = None
    ) -> list[Paper]:
        """Return members whose folded short name or title contains `key`; see `Records`.

        `among=None` reads every row.
        """
        chosen = "" if among is None else " AND id IN (SELECT value FROM json_each(:among))"
        rows = self._database.rows(
            f"""
            SELECT id, record FROM papers
            WHERE {MEMBER}{chosen} AND (instr(name_key, :key) OR instr(title_key, :key))
            ORDER BY instr(name_key, :key) = 0, instr(name_key, :key), name_key,
                instr(title_key, :key), id
            LIMIT :limit
            """,  # noqa: S608 - constants
            {"generation": generation, "key": key, "limit": limit, "among": json.dumps(among)},
        )
        return list(self.parsed(rows).values())

    def ids_in_state(self, generation: int, abstract_state: str) -> list[str]:
        """Return the paper ids of the members whose abstract is in that state."""
        rows = self._database.rows(
            f"SELECT paper_id FROM papers WHERE {MEMBER} AND abstract_state = :state"  # noqa: S608 - a constant
            " ORDER BY paper_id",
            {"generation": generation, "state": abstract_state},
        )
        return [row[0] for row in rows]


_UNEMBEDDED = (
    f" FROM papers WHERE {MEMBER} AND papers.id > :after AND NOT ("  # noqa: S608 - a constant
    "EXISTS (SELECT 1 FROM embeddings WHERE model = :model AND text_hash = papers.text_hash)"
    " AND EXISTS (SELECT 1 FROM embeddings WHERE model = :model AND text_hash = title_hash))"
)
