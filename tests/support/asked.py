"""A loopback server that is asked whether its addresses answer."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

Answer = tuple[int, Mapping[str, str]]
"""A status and headers."""


class AskedServer:
    """Answers each method and path as a test says; anything else is not found."""

    def __init__(self, answers: Mapping[str, Answer | Sequence[Answer]], host: str = "127.0.0.1"):
        """Prepare a server.

        Args:
            answers: By `HEAD /path`, `GET /path`, or a path for both; of several the first is
                given first, and the last for ever.
            host: Where to listen.
        """
        self.asked: list[str] = []
        left = {key: list(one) if isinstance(one, list) else [one] for key, one in answers.items()}
        lock = threading.Lock()
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                with lock:
                    asked.append(f"{self.command} {self.path}")
                    found = left.get(f"{self.command} {self.path}") or left.get(self.path)
                    status, headers = (
                        (found.pop(0) if found[1:] else found[0]) if found else (404, {})
                    )
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_HEAD = do_GET = _answer  # noqa: N815 - as the library calls them

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer((host, 0), Handler)
        self.url = f"http://{host}:{self._server.server_port}"

    def __enter__(self) -> Self:
        """Start to answer."""
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
