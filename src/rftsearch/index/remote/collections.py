"""The collections of one index on a server: which are ours, which one answers, and the switch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rftsearch.errors import IndexServerError
from rftsearch.index.remote.client import Remote
from rftsearch.index.remote.layout import (
    INDEXED,
    VERSION,
    GenerationName,
    papers_schema,
    payload_index,
    tables_name,
    tables_schema,
)
from rftsearch.index.remote.tables import Mark, mark_to_follow

if TYPE_CHECKING:
    from qdrant_client import QdrantClient, models

__all__ = ["OWNED", "Owned", "answering", "drop", "make", "owned", "switch"]

OWNED = "rftsearch"
"""Under this key the metadata of each of our collections say whose they are. It is written
as the collection is made, so that none of ours is ever without."""


@dataclass(frozen=True)
class Owned:
    """A collection of papers that an index of ours published, or began to."""

    name: str
    index_id: str
    mark: Mark | None
    """None if it was hardly begun, or is of an older layout."""


def answering(remote: Remote) -> str | None:
    """Return the collection that the alias of an address leads to; None if there is none.

    Raises:
        IndexServerError: The name is that of a collection, so that no alias can have it.
    """
    name = remote.address.collection
    for alias in remote.ask(lambda client: client.get_aliases()).aliases:
        if alias.alias_name == name:
            return str(alias.collection_name)
    if remote.ask(lambda client: client.collection_exists(name)):
        raise IndexServerError(
            f"{remote.address.text} is a collection that rftsearch did not make; name another one"
        )
    return None


def owned(remote: Remote) -> list[Owned]:
    """Return our collections of papers under the name of an address, of any index of ours."""
    found = []
    for each in remote.ask(lambda client: client.get_collections()).collections:
        parts = GenerationName.parse(each.name)
        if parts is None or parts.name != remote.address.collection:
            continue
        index_id = owner_of(remote, each.name)
        if index_id is not None:
            found.append(Owned(each.name, index_id, mark_to_follow(remote, each.name)))
    return found


def owner_of(remote: Remote, collection: str) -> str | None:
    """Return the id of the index that a collection belongs to; None if it is not ours."""
    info = remote.ask(lambda client: client.get_collection(collection))
    said = (info.config.metadata or {}).get(OWNED)
    return str(said.get("index_id")) if isinstance(said, dict) else None


def make(remote: Remote, collection: str, index_id: str, dimension: int, papers: int) -> None:
    """Make the two collections of a generation, with what they are filtered by.

    Args:
        remote: Where.
        collection: Name of the one of papers.
        index_id: Whose they are.
        dimension: Length of a dense vector.
        papers: How many there will be.
    """
    metadata = {OWNED: {"index_id": index_id, "layout": VERSION}}
    create(remote, collection, metadata, papers_schema(dimension, papers))
    create(remote, tables_name(collection), metadata, tables_schema())
    if remote.address.is_local:
        return  # It filters without.
    for field in INDEXED:
        make_index(remote, collection, field, payload_index(field))


def make_index(
    remote: Remote,
    collection: str,
    field: str,
    schema: models.KeywordIndexParams | models.IntegerIndexParams,
) -> None:
    """Make an index of a field of the payload; one that is there stays."""
    remote.ask(
        lambda client: client.create_payload_index(
            collection, field, field_schema=schema, wait=True
        )
    )


def create(
    remote: Remote, collection: str, metadata: dict[str, Any], schema: dict[str, Any]
) -> None:
    """Make a collection, if an attempt that seemed to fail, or another builder, has not."""

    def once(client: QdrantClient) -> None:
        if client.collection_exists(collection):
            return
        try:
            client.create_collection(collection, metadata=metadata, **schema)
        except Exception:
            if not client.collection_exists(collection):
                raise

    remote.ask(once)


def drop(remote: Remote, collections: Sequence[str], index_ids: Sequence[str]) -> list[str]:
    """Delete collections of papers with their tables, each only if it is ours.

    Args:
        remote: Where.
        collections: Which ones.
        index_ids: Of the indexes they may belong to.

    Returns:
        Those that were deleted.
    """
    dropped = []
    for collection in collections:
        for name in (tables_name(collection), collection):
            if not remote.ask(exists(name)) or owner_of(remote, name) not in index_ids:
                continue
            remote.ask(lambda client, name=name: client.delete_collection(name))  # type: ignore[misc]
            dropped.append(name)
    return dropped


def exists(name: str) -> Callable[[QdrantClient], bool]:
    """Return the question whether there is a collection."""
    return lambda client: bool(client.collection_exists(name))


def switch(remote: Remote, collection: str) -> None:
    """Lead the alias of an address to another collection, in one step for all readers."""
    from qdrant_client import models  # noqa: PLC0415 - an extra

    alias = remote.address.collection
    operations: list[models.AliasOperations] = [
        models.DeleteAliasOperation(delete_alias=models.DeleteAlias(alias_name=alias)),
        models.CreateAliasOperation(
            create_alias=models.CreateAlias(collection_name=collection, alias_name=alias)
        ),
    ]
    if answering(remote) is None:
        operations = operations[1:]
    remote.ask(lambda client: client.update_collection_aliases(operations))
