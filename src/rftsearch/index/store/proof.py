"""Proof that the store holds what was published: records, keys, vectors, answers, digests."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rftsearch.errors import IndexDamagedError
from rftsearch.index.store.database import NEXT_MEMBERS, Database
from rftsearch.index.store.digest import checksum_of, row_digest
from rftsearch.index.store.embeddings import checksum, document_hash
from rftsearch.index.store.record_json import metadata_from_json, paper_from_json, record_hash
from rftsearch.index.store.schema import IDENTIFIED
from rftsearch.papers.documents import Texts
from rftsearch.papers.paper import Paper
from rftsearch.text.terms import fold_name

__all__ = ["Proof", "check_file", "prove"]

_TEXTS = {1, 5, 6, 7, 8}
"""Which columns of a row are text."""
_UNIT = 1e-3
"""How far the norm of a vector without a checksum may be from 1."""


@dataclass
class Proof:
    """What was found of the papers of one generation."""

    papers: int = 0
    """How many rows there are."""
    digest: int = 0
    """Over those rows."""
    unproved: dict[int, str] = field(default_factory=dict)
    """Paper id by integer id: records that cannot be read, or are not those that were written."""
    miskeyed: dict[int, Paper] = field(default_factory=dict)
    """Records that are as they were written, in rows whose other columns are not."""
    unproved_texts: set[bytes] = field(default_factory=set)
    """Keys of texts whose vectors are missing or damaged."""
    damaged_answers: list[str] = field(default_factory=list)
    """arXiv ids whose answers cannot be read."""
    counts: Counter[str] = field(default_factory=Counter)
    """Papers by kind, and by the state of their abstracts."""
    categories: set[str] = field(default_factory=set)


def check_file(database: Database) -> None:
    """Have SQLite check the whole file.

    Raises:
        IndexDamagedError: It found something.
    """
    found = str(database.value("PRAGMA integrity_check(1)"))
    if found != "ok":
        raise IndexDamagedError(
            f"{database.path} is damaged ({' '.join(found.split())}); "
            "move it away and run `rftsearch build`"
        )


def prove(
    database: Database,
    generation: int,
    model: int | None,
    dimension: int,
    texts_of: Callable[[Paper], Texts],
    after: int = 0,
) -> Proof:
    """Check every row of a generation, its vectors, and arXiv's answers.

    Args:
        database: The open store.
        generation: Whose papers.
        model: Whose vectors; None if the store does not have the model at all.
        dimension: Their length.
        texts_of: Returns the texts of a paper, which key its vectors.
        after: Only papers of greater integer ids.

    Raises:
        IndexDamagedError: SQLite cannot read the file.
    """
    proof = Proof()
    sums = "checksum" if database.version >= IDENTIFIED else "NULL"
    statement = (
        # As bytes: damaged text may be no UTF-8.
        "SELECT id, CAST(paper_id AS BLOB), record_hash, text_hash, title_hash,"  # noqa: S608 - a constant
        " CAST(abstract_state AS BLOB), CAST(record AS BLOB), CAST(name_key AS BLOB),"
        f" CAST(title_key AS BLOB), {sums} FROM papers" + NEXT_MEMBERS
    )
    keys: set[bytes] = set()
    for rows in database.portions(statement, {"generation": generation}, 1000, after):
        for found in rows:
            row = [_text(value) if place in _TEXTS else value for place, value in enumerate(found)]
            proof.papers += 1
            proof.digest += row_digest(row[:6])
            keys |= {key for key in row[3:5] if isinstance(key, bytes)}
            _prove_row(proof, row, found[6] or b"", texts_of)
    proof.unproved_texts = _unproved(database, sorted(keys), model, dimension, sums)
    for rows in _answers(database):
        for arxiv_id, text in rows:
            try:
                metadata_from_json(text)
            except ValueError:
                proof.damaged_answers.append(arxiv_id)
    return proof


def _prove_row(
    proof: Proof, row: Sequence[Any], written: bytes, texts_of: Callable[[Paper], Texts]
) -> None:
    identifier, paper_id, known_hash, text_hash, title_hash, state, record, name, title, sum_ = row
    paper = None
    if sum_ is None or checksum_of(record) == sum_:
        with suppress(ValueError):
            paper = paper_from_json(record)
            # Versions 0.1 kept a hash of the record with its line numbers.
            if known_hash not in {record_hash(paper, record), hashlib.sha256(written).digest()}:
                paper = None
    if paper is None:
        proof.unproved[identifier] = paper_id
        return
    texts = texts_of(paper)
    expected = (
        paper.id,
        document_hash(texts.body),
        document_hash(texts.title),
        paper.abstract_state,
        fold_name(paper.short_name),
        fold_name(paper.title),
    )
    if (paper_id, text_hash, title_hash, state, name, title) != expected:
        proof.miskeyed[identifier] = paper
    proof.counts[paper.kind] += 1
    proof.counts[paper.abstract_state] += 1
    proof.categories.update(paper.categories)


def _text(value: object) -> str:
    """Return a column as text; damaged bytes may be no UTF-8, or nothing at all."""
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _unproved(
    database: Database, keys: Sequence[bytes], model: int | None, dimension: int, columns: str
) -> set[bytes]:
    """Return which texts have no vector that is proved."""
    missing = set(keys)
    if model is None:
        return missing
    query = (
        f"SELECT text_hash, vector, {columns} FROM embeddings"  # noqa: S608 - constants
        " WHERE model = ? AND text_hash IN ({})"
    )
    for key, vector, sum_of_it in database.select_in(query, keys, model):
        if not isinstance(vector, bytes) or len(vector) != 4 * dimension:
            continue
        numbers = np.frombuffer(vector, "<f4").astype(np.float64)
        if not np.isfinite(numbers).all():
            continue
        if sum_of_it is None:  # Written before there were checksums.
            proved = abs(float(np.linalg.norm(numbers)) - 1) < _UNIT
        else:
            proved = checksum(model, key, vector) == sum_of_it
        if proved:
            missing.discard(key)
    return missing


def _answers(database: Database) -> Iterator[list[tuple[str, str]]]:
    yield from (
        [(arxiv_id, text) for _, arxiv_id, text in rows]
        for rows in database.portions(
            "SELECT rowid, arxiv_id, metadata FROM arxiv"
            " WHERE metadata IS NOT NULL AND rowid > :after ORDER BY rowid LIMIT :limit",
            {},
        )
    )
