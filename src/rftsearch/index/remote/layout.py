"""How an index lies on Qdrant: the names and the schema, which readers of other versions rely on.

`NAME` is an alias. It leads to the collection of the papers, `NAME@12-1f00aa31`: the number of
the generation it was made for, and a random token. What a reader holds itself - filters, the
model, tables of keys - lies beside it in `NAME@12-1f00aa31.tables`, in chunks.

A point is a paper under its integer id in the store.

========== =================================================================================
`text`     dense: title and abstract
`title`    dense: the title
`words`    sparse: BM25's saturation of each term's frequency, by the number of the term
`pairs`    sparse: the same of neighbouring terms, times the inverse frequency
========== =================================================================================

Its payload has the record itself, what filters ask about, and the keys it is looked up by.
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Any, NamedTuple

from rftsearch.settings import QDRANT_REPLICAS_VARIABLE, QDRANT_SHARDS_VARIABLE, number_setting

if TYPE_CHECKING:
    from qdrant_client import models

__all__ = [
    "ARXIV",
    "CATEGORIES",
    "DIGEST",
    "EXACT_PAPERS",
    "FACTS",
    "FLAGS",
    "INDEXED",
    "KIND",
    "LINKS",
    "MARK",
    "MONTH",
    "NAMES",
    "PAIRS",
    "PAPER_ID",
    "RECORD",
    "ROW",
    "TERMS",
    "TEXT",
    "TITLE",
    "VERSION",
    "WORDS",
    "GenerationName",
    "halves",
    "lease_name",
    "papers_schema",
    "payload_index",
    "tables_name",
    "tables_schema",
]

VERSION = 2
"""Of this layout; another one is refused."""

TEXT, TITLE, WORDS, PAIRS = "text", "title", "words", "pairs"
"""The vectors of a point."""

RECORD = "record"
"""The record as JSON text, as the store has it."""
PAPER_ID = "id"
"""`Paper.id`."""
ARXIV = "arxiv"
"""The arXiv id; missing if there is none."""
NAMES = "names"
"""Short name and titles, folded: letters and digits. See `papers.documents.name_keys`."""
FACTS = "facts"
"""Keys of authors, venues and of what it presents. See `papers.asked.facts.facts_of`."""
TERMS = "terms"
"""The numbers of its terms, ascending: those of `words`, which no filter can ask for."""
CATEGORIES, LINKS, KIND, FLAGS = "categories", "links", "kind", "flags"
"""Names of categories; kinds of links; `paper` or `project`; `generative`, `described`."""
MONTH = "month"
"""Months since year 0; 0 if it has no date."""
ROW = "row"
"""All that ranking reads, packed: both dense vectors and both sparse ones, and of each term of
`words` what cannot be computed again to the last bit. See `Row`."""
DIGEST = "digest"
"""Of everything else in the point, 16 hexadecimal digits."""

EXACT_PAPERS = 50_000
"""Up to this many papers are compared one by one, and keep their vectors in single precision,
as in a folder. More are compressed to eight bits and scored again in half precision."""

INDEXED = {
    PAPER_ID: "keyword",
    ARXIV: "keyword",
    NAMES: "keyword",
    FACTS: "keyword",
    TERMS: "number",
    CATEGORIES: "keyword",
    LINKS: "keyword",
    KIND: "keyword",
    FLAGS: "keyword",
    MONTH: "range",
}
"""Which fields of the payload are looked up, and how."""
_IN_MEMORY = frozenset({CATEGORIES, LINKS, KIND, FLAGS, MONTH})
"""Those that filters ask with; the others are looked up here and there."""

MARK = 0
"""The id of the point in the tables that says what the generation is."""

_TABLES = ".tables"
_GENERATION = re.compile(r"(?P<name>.+)@(?P<number>[0-9]+)-(?P<token>[0-9a-f]{8})")


class GenerationName(NamedTuple):
    """The parts of the name of a collection of papers."""

    name: str
    number: int
    token: str

    @classmethod
    def new(cls, name: str, number: int) -> GenerationName:
        """Return a name that no other collection has."""
        return cls(name, number, secrets.token_hex(4))

    @classmethod
    def parse(cls, collection: str) -> GenerationName | None:
        """Read the name of a collection; None if it is not one of ours."""
        found = _GENERATION.fullmatch(collection)
        return None if found is None else cls(found["name"], int(found["number"]), found["token"])

    def __str__(self) -> str:
        """Return the name of the collection."""
        return f"{self.name}@{self.number}-{self.token}"


def tables_name(collection: str) -> str:
    """Return the collection of the small tables of a collection of papers."""
    return f"{collection}{_TABLES}"


def lease_name(name: str) -> str:
    """Return the collection that says who writes."""
    return f"{name}@lease"


def halves(papers: int) -> bool:
    """Return whether the vectors of that many papers are kept in half precision."""
    return papers > EXACT_PAPERS


def papers_schema(dimension: int, papers: int) -> dict[str, Any]:
    """Return what a collection of papers is made with.

    Args:
        dimension: Length of a dense vector.
        papers: How many there will be.
    """
    from qdrant_client import models  # noqa: PLC0415 - an extra

    def dense(datatype: models.Datatype, **more: Any) -> models.VectorParams:  # noqa: ANN401
        return models.VectorParams(
            size=dimension, distance=models.Distance.DOT, datatype=datatype, on_disk=True, **more
        )

    compressed = None
    if halves(papers):
        compressed = models.ScalarQuantization(
            scalar=models.ScalarQuantizationConfig(type=models.ScalarType.INT8, always_ram=True)
        )
    sparse = models.SparseVectorParams(
        index=models.SparseIndexParams(on_disk=True, datatype=models.Datatype.FLOAT16)
    )
    half, single = models.Datatype.FLOAT16, models.Datatype.FLOAT32
    return {
        "vectors_config": {
            TEXT: dense(half if halves(papers) else single, quantization_config=compressed),
            # No question searches titles by themselves: a graph of them would only take memory.
            TITLE: dense(half, hnsw_config=models.HnswConfigDiff(m=0)),
        },
        "sparse_vectors_config": {WORDS: sparse, PAIRS: sparse},
        "on_disk_payload": True,
        **_spread(),
    }


def tables_schema() -> dict[str, Any]:
    """Return what a collection of small tables is made with: it has no vectors."""
    return {"vectors_config": {}, "on_disk_payload": True, **_spread()}


def _spread() -> dict[str, int]:
    """Return over how many shards and copies, where that is set."""
    wanted = {
        "shard_number": number_setting(QDRANT_SHARDS_VARIABLE, "shards"),
        "replication_factor": number_setting(QDRANT_REPLICAS_VARIABLE, "copies"),
    }
    return {name: number for name, number in wanted.items() if number is not None}


def payload_index(field: str) -> models.KeywordIndexParams | models.IntegerIndexParams:
    """Return how a field of the payload is indexed."""
    from qdrant_client import models  # noqa: PLC0415 - an extra

    how, on_disk = INDEXED[field], field not in _IN_MEMORY
    if how == "keyword":
        return models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD, on_disk=on_disk)
    return models.IntegerIndexParams(
        type=models.IntegerIndexType.INTEGER,
        lookup=how == "number",
        range=how == "range",
        on_disk=on_disk,
    )
