"""Papers as points: what is written of each, and the digest that proves it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from rftsearch.index.generations.generation import Generation
from rftsearch.index.remote import layout
from rftsearch.index.remote.packed import Row
from rftsearch.index.store.record_json import to_json
from rftsearch.index.tables.forward_index import weight_of
from rftsearch.index.tables.rows import rows_of
from rftsearch.papers.asked.facts import facts_of
from rftsearch.papers.documents import is_described, name_keys
from rftsearch.papers.paper import LINK_KINDS, Paper
from rftsearch.types import FloatArray, TermArray

if TYPE_CHECKING:
    from qdrant_client import models

__all__ = ["AT_ONCE", "Point", "Sparse", "points_of"]

AT_ONCE = 512
"""Papers that are read of the folder at once."""


@dataclass(frozen=True)
class Sparse:
    """A sparse vector."""

    numbers: TermArray
    """(m,) uint32, ascending, each once."""
    values: FloatArray
    """(m,) float32."""


@dataclass(frozen=True)
class Point:
    """A paper as it lies on the server."""

    id: int
    text: FloatArray
    """(dimension,) float32."""
    title: FloatArray
    """(dimension,) float32."""
    words: Sparse
    pairs: Sparse
    payload: Mapping[str, Any] = field(repr=False)
    """Without its digest."""

    @cached_property
    def digest(self) -> str:
        """What proves that a point is this one, 16 hexadecimal digits."""
        proof = hashlib.blake2b(digest_size=8)
        for array, kind in (
            (np.array([self.id]), "<i8"),
            (self.text, "<f4"),
            (self.title, "<f4"),
            *((sparse.numbers, "<u4") for sparse in (self.words, self.pairs)),
            *((sparse.values, "<f4") for sparse in (self.words, self.pairs)),
        ):
            proof.update(len(array).to_bytes(8, "little") + array.astype(kind).tobytes())
        plain = json.dumps(self.payload, sort_keys=True, separators=(",", ":"))
        proof.update(plain.encode("ascii"))
        return proof.hexdigest()

    def struct(self) -> models.PointStruct:
        """Return it as the client takes it."""
        from qdrant_client import models  # noqa: PLC0415 - an extra

        # Its lists are right as they are made here; to have each number checked takes longer
        # than all the rest.
        vector: dict[str, Any] = {
            layout.TEXT: self.text.tolist(),
            layout.TITLE: self.title.tolist(),
        }
        for name, sparse in ((layout.WORDS, self.words), (layout.PAIRS, self.pairs)):
            vector[name] = models.SparseVector.model_construct(
                indices=sparse.numbers.tolist(), values=sparse.values.tolist()
            )
        payload = {**self.payload, layout.DIGEST: self.digest}
        return models.PointStruct.model_construct(id=self.id, vector=vector, payload=payload)

    @classmethod
    def of_record(cls, record: models.Record) -> Point:
        """Return the point that a server sent, with all its vectors and its payload.

        Raises:
            ValueError: It is something else.
        """
        payload = dict(record.payload or {})
        payload.pop(layout.DIGEST, None)
        vectors = record.vector
        if not isinstance(vectors, dict) or not isinstance(record.id, int):
            raise ValueError("not a paper")  # noqa: TRY004 - the server's mistake, no type of ours
        try:
            dense = [np.array(vectors[name], np.float32) for name in (layout.TEXT, layout.TITLE)]
            sparse = [_sparse(vectors.get(name)) for name in (layout.WORDS, layout.PAIRS)]
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("not a paper") from error
        return cls(record.id, dense[0], dense[1], sparse[0], sparse[1], payload)


def _sparse(value: Any) -> Sparse:  # noqa: ANN401 - whatever the client made of the answer
    if value is None:  # A server does not keep an empty one.
        return Sparse(np.zeros(0, np.uint32), np.zeros(0, np.float32))
    numbers = np.array(value.indices, np.uint32)
    order = np.argsort(numbers)
    return Sparse(numbers[order], np.array(value.values, np.float32)[order])


def points_of(
    generation: Generation, seen: Callable[[Paper], object] = lambda _: None
) -> Iterator[list[Point]]:
    """Yield all papers of a generation as points, some at a time, by ascending id.

    Args:
        generation: What is read, from its folder.
        seen: Called with each paper.
    """
    half = layout.halves(len(generation.attributes))
    members = iter(generation.store.members(generation.number))
    rows = generation.attributes
    while some := list(islice(members, AT_ONCE)):
        ids = np.array([identifier for identifier, _ in some], np.int64)
        places = generation.places(ids)
        texts = generation.vectors.vectors(ids)
        if half:
            texts = texts.astype(np.float16).astype(np.float32)
        titles = np.asarray(rows_of(generation.titles, places), np.float32)
        unigrams = generation.unigrams.only(places)
        bigrams = generation.bigrams.only(places)
        months = rows.month_numbers(rows.rank(ids))
        found = []
        for at, (identifier, paper) in enumerate(some):
            seen(paper)
            own = slice(*unigrams.offsets[at : at + 2])
            two = slice(*bigrams.offsets[at : at + 2])
            row = Row(
                texts[at],
                titles[at],
                (np.asarray(unigrams.terms)[own], np.asarray(unigrams.weights)[own]),
                (np.asarray(bigrams.terms)[two], np.asarray(bigrams.weights)[two]),
            )
            words, pairs = (
                Sparse(numbers, weight_of(weights, name))
                for (numbers, weights), name in (
                    (row.unigrams, "tf_saturation"),
                    (row.bigrams, "bm25"),
                )
            )
            payload = _payload(paper, int(months[at]))
            payload[layout.TERMS] = words.numbers.tolist()
            payload[layout.ROW] = row.packed(half=half)
            found.append(Point(identifier, texts[at], titles[at], words, pairs, payload))
        yield found


def _payload(paper: Paper, month: int) -> dict[str, Any]:
    flags = [
        name
        for name, holds in (("generative", paper.generative), ("described", is_described(paper)))
        if holds
    ]
    payload = {
        layout.RECORD: to_json(paper),
        layout.PAPER_ID: paper.id,
        layout.NAMES: list(name_keys(paper)),
        layout.FACTS: facts_of(paper),
        layout.CATEGORIES: list(paper.categories),
        layout.LINKS: [kind for kind in LINK_KINDS if paper.has(kind)],
        layout.KIND: paper.kind,
        layout.FLAGS: flags,
        layout.MONTH: month,
    }
    if paper.arxiv_id:
        payload[layout.ARXIV] = paper.arxiv_id
    return payload
