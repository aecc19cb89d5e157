"""Records as JSON text: what the store keeps of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from rftsearch.papers.paper import ArxivMetadata, Link, Paper, Provenance

__all__ = ["metadata_from_json", "paper_from_json", "record_hash", "to_json"]


_NAMES = {
    kind: tuple(field.name for field in fields(kind))
    for kind in (Paper, ArxivMetadata, Link, Provenance)
}


def to_json(record: Paper | ArxivMetadata) -> str:
    """A record as JSON with its fields in their order: equal records, equal text."""
    return json.dumps(_plain(record), default=_plain, ensure_ascii=False, separators=(",", ":"))


def record_hash(paper: Paper, record: str) -> bytes:
    """Return what tells whether a paper changed: sha256 of its record without line numbers.

    The line of an entry moves whenever something is written above it; the paper is the
    same, and the store writes the new line into the version that it has.

    Args:
        paper: The paper.
        record: What `to_json` makes of it.
    """
    if paper.provenance:
        places = tuple(replace(place, line=0) for place in paper.provenance)
        record = to_json(replace(paper, provenance=places))
    return hashlib.sha256(record.encode()).digest()


def _plain(record: Any) -> dict[str, Any]:  # noqa: ANN401 - any of the records
    """Its fields; `dataclasses.asdict` would copy each value, which takes ten times as long."""
    values = {name: getattr(record, name) for name in _NAMES[type(record)]}
    if not values.get("split_authors", True):
        del values["split_authors"]  # Records from before it existed keep their bytes.
    return values


def metadata_from_json(text: str) -> ArxivMetadata:
    """What `to_json` wrote of an arXiv answer."""
    return _metadata(json.loads(text))


def paper_from_json(text: str) -> Paper:
    """What `to_json` wrote of a paper."""
    fields: dict[str, Any] = json.loads(text)
    metadata = fields["metadata"]
    return Paper(
        **{
            **fields,
            "categories": tuple(fields["categories"]),
            "links": tuple(Link(**link) for link in fields["links"]),
            "provenance": tuple(Provenance(**place) for place in fields["provenance"]),
            "metadata": None if metadata is None else _metadata(metadata),
        }
    )


def _metadata(fields: Mapping[str, Any]) -> ArxivMetadata:
    return ArxivMetadata(
        **{
            **fields,
            "authors": tuple(fields["authors"]),
            "categories": tuple(fields["categories"]),
            "split_authors": tuple(map(tuple, fields.get("split_authors", ()))),
        }
    )
