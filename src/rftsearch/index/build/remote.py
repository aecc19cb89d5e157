"""The end of a build of an index that also lies on a server: it is published there, too.

The folder stays the truth. What is published follows from it, and whatever the server does,
the folder answers.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rftsearch.errors import IndexStateError
from rftsearch.index.generations.manifest import Manifest
from rftsearch.types import Progress

if TYPE_CHECKING:
    from rftsearch.index.remote.publish import Published

__all__ = ["FOLDER", "chosen_address", "publish_remotely"]

FOLDER = "folder"
"""What to say instead of an address for an index that lies in its folder only."""


def chosen_address(engine: str | None) -> str | None:
    """Return the address that a build is told to publish at, before hours of work are done.

    Args:
        engine: An address; `FOLDER`; or None for the one that the index remembers.

    Returns:
        The address in full; empty for none; None for the one remembered.

    Raises:
        UsageError: It is no address.
        IndexServerError: The server does not answer, refuses, or is too old; or its client is
            not installed.
    """
    if engine is None:
        return None
    if engine == FOLDER:
        return ""
    from rftsearch.index.remote.address import Address  # noqa: PLC0415 - few indexes need it
    from rftsearch.index.remote.client import Remote  # noqa: PLC0415 - the same
    from rftsearch.index.remote.collections import answering  # noqa: PLC0415 - the same

    address = Address.parse(engine)
    with Remote.open(address) as remote:
        remote.check_version()
        answering(remote)
    return address.text


def publish_remotely(
    index: Path,
    manifest: Manifest,
    tell: Progress,
    *,
    force: bool = False,
    rewrite: bool = False,
) -> Published | None:
    """Publish the generation that answers in a folder where its manifest says.

    Args:
        index: The folder, which nobody else builds in.
        manifest: Of its current generation.
        tell: Called with the stage "upload".
        force: Put it in the place of another index.
        rewrite: Write every paper again, whatever the server says it has.

    Returns:
        What was done; None if the index lies in its folder only.

    Raises:
        IndexServerError, IndexLockedError, IndexDamagedError: See `upload_generation`.
    """
    if not manifest.engine:
        return None
    from rftsearch.index.remote.publish import upload_generation  # noqa: PLC0415 - the same

    try:
        return upload_generation(index, manifest.engine, tell, force=force, rewrite=rewrite)
    except IndexStateError as error:
        raise type(error)(
            f"{error}; generation {manifest.generation} answers in {index}, and at "
            f"{manifest.engine} what was published there before"
        ) from error
