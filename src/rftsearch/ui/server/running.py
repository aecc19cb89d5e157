"""The server as it runs: in a thread of its own, until it is closed."""

from __future__ import annotations

import logging
import socket
from threading import Event, Thread
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from rftsearch.ui.door.connections import (
    BACKLOG,
    IDLE_TIME,
    OncePerMinute,
    connection_class,
    raise_descriptor_limit,
)

__all__ = ["RunningServer"]

_LOGS = ("asyncio", "uvicorn.error")


class RunningServer:
    """Answers on a socket; `close` ends it within a second or two."""

    def __init__(self, app: ASGIApp, gradio: Any, listening: socket.socket) -> None:  # noqa: ANN401 - Gradio's application has no complete types
        """Start.

        Args:
            app: What answers.
            gradio: Gradio's application within it, which has something to start and to end.
            listening: The socket; closed at the end.
        """
        config = uvicorn.Config(
            _with_lifespan(app, gradio),
            http=connection_class(raise_descriptor_limit()),
            ws="none",
            backlog=BACKLOG,
            lifespan="on",
            log_level="error",
            server_header=False,
            timeout_keep_alive=IDLE_TIME,
            timeout_graceful_shutdown=1,
        )
        self._filter = OncePerMinute()
        for name in _LOGS:
            logging.getLogger(name).addFilter(self._filter)
        self._server = _Server(config)
        self._thread = Thread(
            target=self._server.run, args=([listening],), name="rftsearch-server", daemon=True
        )
        self._thread.start()
        self._server.ready.wait()
        if not self._server.started:
            raise RuntimeError("the server did not start; what it says stands above")

    def close(self) -> None:
        """Hang up and end."""
        self._server.should_exit = True
        self._thread.join(5)
        for name in _LOGS:
            logging.getLogger(name).removeFilter(self._filter)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.ready.set()


def _with_lifespan(app: ASGIApp, gradio: Any) -> ASGIApp:  # noqa: ANN401 - as above
    """Return an application that starts and ends Gradio's with the server."""

    async def whole(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return
        await receive()
        async with gradio.router.lifespan_context(gradio):
            await send({"type": "lifespan.startup.complete"})
            await receive()
            gradio.stop_event.set()
        await send({"type": "lifespan.shutdown.complete"})

    return whole
