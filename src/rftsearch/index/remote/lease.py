"""One builder at a time for a name on a server: a lease that runs out if its holder dies.

It is a point that only the holder of its token can change: each change names the token that
it replaces, and the server changes nothing where another one is there by then. Times are by
the clock of each builder, so that clocks which differ by a minute do no harm.
"""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rftsearch.errors import IndexLockedError, IndexStateError
from rftsearch.index.remote.client import Remote
from rftsearch.index.remote.collections import OWNED, create, make_index
from rftsearch.index.remote.layout import VERSION, lease_name, tables_schema

if TYPE_CHECKING:
    from qdrant_client import models

__all__ = ["Lease"]

SECONDS = 180.0
"""How long a lease holds."""
RENEWED = 30.0
"""Seconds after which it is renewed."""
_POINT = 1


class Lease:
    """The right to write under a name; use it in a `with`."""

    def __init__(self, remote: Remote, clock: Callable[[], float] = time.time) -> None:
        """Prepare to write where an address leads; nothing is asked yet."""
        self._remote = remote
        self._clock = clock
        self._token = secrets.token_hex(8)
        self._collection = lease_name(remote.address.collection)
        self._renewed = 0.0

    def __enter__(self) -> Lease:
        """Take it.

        Raises:
            IndexLockedError: Another builder holds it.
            IndexServerError: See `Remote.ask`.
        """
        create(
            self._remote,
            self._collection,
            {OWNED: {"index_id": "", "layout": VERSION}},
            tables_schema(),
        )
        if not self._remote.address.is_local:  # A server may forbid filters without.
            make_index(self._remote, self._collection, "token", _keyword())
        holder = self._holder()
        if holder is not None and not self._is_over(holder):
            raise IndexLockedError(_held(self._remote, holder))
        # A point that is not there yet is made whatever the filter says.
        self._write(str(holder["token"]) if holder else "none")
        return self

    def __exit__(self, *_: object) -> None:
        """Give it back; if that fails it runs out."""
        with suppress(IndexStateError):
            selector = _with_token(self._token)
            self._remote.ask(
                lambda client: client.delete(self._collection, selector, wait=True), again=False
            )

    def renew(self, *, now: bool = False) -> None:
        """Hold it longer, if it is time to.

        Args:
            now: Do it whether or not it is time, to be certain that it is still held.

        Raises:
            IndexLockedError: It ran out, and another builder took it.
        """
        if now or self._clock() - self._renewed >= RENEWED:
            self._write(self._token)

    def _write(self, replaced: str) -> None:
        """Put our lease in the place of the one with another token, and see that it is there."""
        from qdrant_client import models  # noqa: PLC0415 - an extra

        began = self._clock()
        payload = {"token": self._token, "until": began + SECONDS, **_own_process()}
        point = models.PointStruct(id=_POINT, vector={}, payload=payload)
        # A second attempt may find that the first one did it.
        either = models.Filter(
            must=[
                models.FieldCondition(
                    key="token", match=models.MatchAny(any=[replaced, self._token])
                )
            ]
        )
        self._remote.ask(
            lambda client: client.upsert(
                self._collection,
                [point],
                wait=True,
                update_filter=either,
                ordering=models.WriteOrdering.STRONG,
            )
        )
        holder = self._holder()
        if holder is None or holder.get("token") != self._token:
            raise IndexLockedError(_held(self._remote, holder or {}))
        self._renewed = began

    def _holder(self) -> Mapping[str, Any] | None:
        from qdrant_client import models  # noqa: PLC0415 - an extra

        # Of several copies, most have to agree.
        found = self._remote.ask(
            lambda client: client.retrieve(
                self._collection,
                [_POINT],
                with_payload=True,
                consistency=models.ReadConsistencyType.MAJORITY,
            )
        )
        return (found[0].payload or {}) if found else None

    def _is_over(self, holder: Mapping[str, Any]) -> bool:
        until = holder.get("until")
        if not isinstance(until, int | float) or until < self._clock():
            return True
        return _died_here(holder)


def _with_token(token: str) -> models.FilterSelector:
    from qdrant_client import models  # noqa: PLC0415 - an extra

    condition = models.FieldCondition(key="token", match=models.MatchValue(value=token))
    return models.FilterSelector(filter=models.Filter(must=[condition]))


def _keyword() -> models.KeywordIndexParams:
    from qdrant_client import models  # noqa: PLC0415 - an extra

    return models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD)


def _own_process() -> dict[str, Any]:
    return {"process": os.getpid(), "host": socket.gethostname(), "space": _process_space()}


def _process_space() -> str:
    """Return in which space this process has its number: containers may share a host's name."""
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    return ""


def _died_here(holder: Mapping[str, Any]) -> bool:
    """Return whether the holder was a process of this machine that is no longer there."""
    own, process = _own_process(), holder.get("process")
    same = all(holder.get(key) == own[key] for key in ("host", "space")) and own["space"]
    if not same or not isinstance(process, int):
        return False
    return not Path("/proc", str(process)).exists()


def _held(remote: Remote, holder: Mapping[str, Any]) -> str:
    until = holder.get("until")
    text = ""
    if isinstance(until, int | float):
        when = datetime.fromtimestamp(until, UTC).isoformat(timespec="seconds")
        text = f" (process {holder.get('process')} on {holder.get('host')}, until {when})"
    return (
        f"another build is publishing to {remote.address.text}{text}; wait for it or stop it: "
        "what a build that died held is free after that time"
    )
