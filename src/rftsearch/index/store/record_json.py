"""Records as JSON text: how the store keeps them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import MISSING, fields, replace
from typing import Any, get_args, get_type_hints

from rftsearch.papers.paper import KINDS, ArxivMetadata, Link, Paper, Provenance

__all__ = ["metadata_from_json", "paper_from_json", "record_hash", "to_json"]

_KINDS: tuple[type[Any], ...] = (Paper, ArxivMetadata, Link, Provenance)
# What does not count in comparisons is no part of a record.
_NAMES = {kind: tuple(each.name for each in fields(kind) if each.compare) for kind in _KINDS}
_REQUIRED = {
    kind: {each.name for each in fields(kind) if each.compare and each.default is MISSING}
    for kind in _NAMES
}
_LISTS = {
    "categories",
    "links",
    "provenance",
    "authors",
    "split_authors",
    "heading_paths",
    "listed_authors",
    "listed_parts",
}
_LATER: dict[type[Any], tuple[str, ...]] = {
    Paper: ("heading_paths", "venue", "doi", "listed_authors", "listed_parts"),
    ArxivMetadata: ("split_authors",),
}
"""Fields that came later; they are written only where they are known."""


def to_json(record: Paper | ArxivMetadata) -> str:
    """Return a record as JSON, its fields in their order: equal records, equal text."""
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
    """Return its fields; `dataclasses.asdict` copies each value, which takes ten times as long."""
    values = {name: getattr(record, name) for name in _NAMES[type(record)]}
    for name in _LATER.get(
        type(record), ()
    ):  # Records from before these fields existed keep their bytes.
        if not values.get(name, True):
            del values[name]
    return values


def metadata_from_json(text: str) -> ArxivMetadata:
    """Return the arXiv answer that `to_json` wrote.

    Raises:
        ValueError: It is something else.
    """
    return _metadata(_loaded(text))


def paper_from_json(text: str) -> Paper:
    """Return the paper that `to_json` wrote.

    Raises:
        ValueError: It is something else.
    """
    values = _checked(Paper, _loaded(text))
    if "categories" in values:
        values["categories"] = _texts(values["categories"])
    values["links"] = tuple(Link(**_checked(Link, link)) for link in values.get("links", ()))
    places = values.get("provenance", ())
    values["provenance"] = tuple(Provenance(**_checked(Provenance, place)) for place in places)
    values["listed_authors"] = _texts(values.get("listed_authors", []))
    values["listed_parts"] = tuple(map(_name, values.get("listed_parts", ())))
    values["heading_paths"] = tuple(map(_texts, values.get("heading_paths", ())))
    if values.get("metadata") is not None:
        values["metadata"] = _metadata(values["metadata"])
    return Paper(**values)


def _loaded(text: str) -> Any:  # noqa: ANN401 - any JSON
    try:
        return json.loads(text)
    except (TypeError, RecursionError) as error:
        raise ValueError("not the JSON of a record") from error


def _metadata(values: object) -> ArxivMetadata:
    checked = _checked(ArxivMetadata, values)
    texts = {name: _texts(checked.get(name, [])) for name in ("authors", "categories")}
    names = tuple(_name(name) for name in checked.get("split_authors", ()))
    return ArxivMetadata(**{**checked, **texts, "split_authors": names})


def _name(value: object) -> tuple[str, ...]:
    parts = _texts(value)
    if len(parts) != 3:
        raise ValueError("not a name in three parts")
    return parts


def _texts(values: object) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(type(value) is str for value in values):
        raise ValueError("not a list of texts")
    return tuple(values)


def _checked(kind: type[Any], values: object) -> dict[str, Any]:
    """Return the fields of a record, each of its type; one with a default may be missing.

    Raises:
        ValueError: It is something else.
    """
    allowed = _ALLOWED[kind]
    if not isinstance(values, dict) or not _REQUIRED[kind] <= values.keys() <= allowed.keys():
        raise ValueError(f"not the fields of a {kind.__name__}")
    for name, value in values.items():
        if type(value) not in allowed[name]:
            raise ValueError(f"{name} of a {kind.__name__} is a {type(value).__name__}")
    if kind is Paper and not (values["categories"] and values.get("kind", KINDS[0]) in KINDS):
        raise ValueError("a paper without a category, or of an unknown kind")
    return values


def _allowed(kind: type[Any]) -> dict[str, tuple[type, ...]]:
    """Return the types that JSON has for each field."""
    found: dict[str, tuple[type, ...]] = {}
    for name, hint in get_type_hints(kind).items():
        options = get_args(hint) or (hint,)
        if name in _LISTS:
            found[name] = (list,)
        elif name == "metadata":
            found[name] = (dict, type(None))
        elif name == "kind":
            found[name] = (str,)
        else:
            found[name] = tuple(options)
    return found


_ALLOWED = {kind: _allowed(kind) for kind in _NAMES}
