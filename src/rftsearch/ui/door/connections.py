"""Connections to the server: how many there may be, and how long each may take.

Without bounds, a thousand clients that connect and say nothing take every file descriptor
of the process, and nobody else gets in.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

__all__ = ["BACKLOG", "Connection", "OncePerMinute", "connection_class", "raise_descriptor_limit"]

MOST = 1000
"""Connections at once."""
BACKLOG = 128
"""Connections that are accepted before the first of them is looked at."""
RESERVED = BACKLOG + 72
"""Descriptors that are kept for those, and for files."""
REQUEST_TIME = 20.0
"""Seconds within which a whole request must have arrived, headers and body."""
IDLE_TIME = 30
"""Seconds for which a connection stays open without a request."""
READING_TIME = 60.0
"""Seconds for which a client may leave an answer unread."""
ENOUGH_DESCRIPTORS = 65_536


class Connection(H11Protocol):
    """One connection; closed when its client is too slow, or when there are too many."""

    most = MOST
    request_time = REQUEST_TIME

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as uvicorn has it
        """Make it as uvicorn does."""
        super().__init__(*args, **kwargs)
        self._deadline: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._since = self.loop.time()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection; with too many open, close the one that is idle for longest."""
        super().connection_made(transport)
        self._watch()
        if len(self.connections) <= self.most:
            return
        idle = [one for one in self.connections if isinstance(one, Connection) and one.is_idle]
        oldest = min(idle, key=lambda one: one._since, default=self)
        oldest.transport.abort()
        self.connections.discard(oldest)  # as at its end, which comes later

    @property
    def is_idle(self) -> bool:
        """Whether no request is being answered."""
        return self.cycle is None or self.cycle.response_complete

    def data_received(self, data: bytes) -> None:
        """Read on; the time for a request runs until all of it is there."""
        super().data_received(data)
        self._watch()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP; the request that it is a part of gets no other answer."""
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            super().send_400_response(msg)
        else:  # An answer has begun.
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timers."""
        _cancel(self._deadline)
        _cancel(self._unread)
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Be idle again."""
        self._since = self.loop.time()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """Wait for a slow reader, but not for ever."""
        super().pause_writing()
        self._unread = self.loop.call_later(READING_TIME, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on."""
        _cancel(self._unread)
        super().resume_writing()

    def _watch(self) -> None:
        if self.conn.their_state in {h11.IDLE, h11.SEND_BODY}:
            if self._deadline is None:
                self._deadline = self.loop.call_later(self.request_time, self.transport.abort)
        else:
            _cancel(self._deadline)
            self._deadline = None


def _cancel(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()


def connection_class(descriptors: int) -> type[Connection]:
    """Return the class of connections for a process with so many file descriptors."""
    most = max(16, min(MOST, descriptors - RESERVED))
    return type("Connection", (Connection,), {"most": most})


def raise_descriptor_limit() -> int:
    """Raise this process's limit of open files as far as it may; return the limit."""
    try:
        import resource  # noqa: PLC0415 - Windows has none
    except ImportError:
        return ENOUGH_DESCRIPTORS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH_DESCRIPTORS if hard == resource.RLIM_INFINITY else hard
    wanted = min(wanted, ENOUGH_DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):  # some systems have a lower limit of their own
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return ENOUGH_DESCRIPTORS if soft == resource.RLIM_INFINITY else soft


class OncePerMinute(logging.Filter):
    """Lets each kind of message pass once a minute: what repeats must not fill the log."""

    _EVERY = 60.0
    _QUIET = ("Cancel %s running task",)
    """At the end of the server, streams that nobody closed are cancelled; that is no error."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Count time by `clock`, in seconds."""
        super().__init__()
        self._clock = clock
        self._last: dict[tuple[str, str], float] = {}
        self._held: dict[tuple[str, str], int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a message is printed."""
        kind = (record.name, str(record.msg).partition("\n")[0][:80])
        if kind[1].startswith(self._QUIET):
            return False
        now = self._clock()
        if now - self._last.get(kind, -self._EVERY) < self._EVERY:
            self._held[kind] = self._held.get(kind, 0) + 1
            return False
        if held := self._held.pop(kind, 0):
            record.msg = f"{record.msg} (and {held} more like it)"
        self._last[kind] = now
        return True
