"""Calls that were made and whose answers were not fetched yet: few, small and not for long."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from rftsearch.tools.schemas import Endpoint
from rftsearch.ui.server.places import BusyError

__all__ = ["Call", "WaitingCalls"]

MOST = 300
MOST_OF_A_SESSION = 50
MOST_BYTES = 16 << 20
LONGEST = 300.0
"""Seconds after which a call that nobody fetched is forgotten."""
SAFE = 10.0
"""Seconds for which a call is kept in any case; later it makes room for new ones."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of an endpoint."""

    endpoint: Endpoint
    arguments: Mapping[str, Any]
    session: str = ""
    """Of one of Gradio's clients; several calls may belong to it."""
    problem: str = ""
    """What is wrong with the arguments; it is returned when the answer is fetched."""


class WaitingCalls:
    """The calls, oldest first. All methods are called from one event loop."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Count time by `clock`, in seconds."""
        self._clock = clock
        self._calls: OrderedDict[str, tuple[Call, int, float]] = OrderedDict()
        self._arrived: dict[str, asyncio.Event] = {}
        self._bytes = 0

    def __len__(self) -> int:
        """Return how many calls wait."""
        return len(self._calls)

    def add(self, call: Call, size: int) -> str:
        """Keep a call; return the name of its event.

        Args:
            call: The call.
            size: The bytes of its request.

        Raises:
            BusyError: If too many wait, of this session or of all.
        """
        now = self._clock()
        while self._calls:
            oldest, (_, _, since) = next(iter(self._calls.items()))
            full = len(self._calls) >= MOST or self._bytes + size > MOST_BYTES
            if now - since <= (SAFE if full else LONGEST):
                if full:
                    raise BusyError
                break
            self.take(oldest)
        if call.session and sum(1 for _ in self._of(call.session)) >= MOST_OF_A_SESSION:
            raise BusyError
        event = uuid.uuid4().hex
        self._calls[event] = (call, size, now)
        self._bytes += size
        if call.session in self._arrived:
            self._arrived[call.session].set()
        return event

    def take(self, event: str) -> Call | None:
        """Return a call and forget it; None if there is none of that name."""
        call, size, _ = self._calls.pop(event, (None, 0, 0.0))
        self._bytes -= size
        return call

    def has_session(self, session: str) -> bool:
        """Return whether a call of a session waits."""
        return next(self._of(session), None) is not None

    def take_session(self, session: str) -> list[tuple[str, Call]]:
        """Return the calls of a session with the names of their events, and forget them."""
        taken = ((event, self.take(event)) for event in list(self._of(session)))
        return [(event, call) for event, call in taken if call is not None]

    @contextmanager
    def listening(self, session: str) -> Iterator[asyncio.Event]:
        """Give an event that is set whenever a call of a session arrives."""
        arrived = self._arrived.setdefault(session, asyncio.Event())
        try:
            yield arrived
        finally:
            if self._arrived.get(session) is arrived:
                del self._arrived[session]

    def _of(self, session: str) -> Iterator[str]:
        if session:
            yield from (
                event for event, (call, *_) in self._calls.items() if call.session == session
            )
