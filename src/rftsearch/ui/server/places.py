"""Places for requests that compute: how many run at once, and how many may wait.

More threads than cores only wait for one another. A request that waits costs next to
nothing, and is dropped when its client goes away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse

__all__ = ["WAITING", "BusyError", "ClientGoneError", "Places", "busy", "while_connected"]

Value = TypeVar("Value")

WAITING = 200
"""Requests that may wait for a place."""
RETRY_AFTER = 5
"""Seconds after which a client that was refused may ask again."""


class BusyError(Exception):
    """Too many requests wait already."""


class ClientGoneError(Exception):
    """The client hung up before it was answered."""


class Places:
    """A number of places to compute in, each with a thread."""

    def __init__(self, at_once: int, waiting: int = WAITING) -> None:
        """Make places.

        Args:
            at_once: Functions that run at the same time.
            waiting: Requests that may wait for a place; further ones are refused.
        """
        self._at_once, self._most = at_once, at_once + waiting
        self._here = 0
        self._limiter: CapacityLimiter | None = None

    async def run(self, function: Callable[[], Value]) -> Value:
        """Run a function in a thread as soon as there is a place.

        Cancelled while it waits, it never runs.

        Raises:
            BusyError: If too many wait.
        """
        if self._limiter is None:  # made here, because it belongs to the event loop that runs
            self._limiter = CapacityLimiter(self._at_once)
        if self._here >= self._most:
            raise BusyError
        self._here += 1
        try:
            return await to_thread.run_sync(function, limiter=self._limiter)
        finally:
            self._here -= 1


async def while_connected(request: Request, work: Coroutine[Any, Any, Value]) -> Value:
    """Return what a coroutine returns; cancel it when the client hangs up.

    Args:
        request: Its body has been read.
        work: Cancelled at the next place where it waits.

    Raises:
        ClientGoneError: If the client hung up first.
    """
    working = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({working, gone}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise ClientGoneError
    finally:
        working.cancel()
        gone.cancel()
        await asyncio.gather(working, gone, return_exceptions=True)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def busy() -> JSONResponse:
    """Return the answer to a request that was refused."""
    return JSONResponse(
        {"error": f"the server is busy; try again in {RETRY_AFTER} seconds"},
        503,
        headers={"Retry-After": str(RETRY_AFTER)},
    )
