"""A loopback web server that answers what a test tells it to, and stumbles when it is asked to.

In a test::

    with WebServer({"/list.md": Reply("- [Title](https://...)")}) as web:
        read_list(f"{web.url}/list.md")
    assert [request.path for request in web.requests] == ["/list.md"]
"""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import unquote


@dataclass(frozen=True)
class Reply:
    """One answer."""

    body: str | bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    packed: bool = False
    """Whether the body is sent as gzip."""
    etag: bool = False
    """Whether it has an ETag, and 304 is the answer to whoever knows that."""
    hang: bool = False
    """Say nothing until the server closes."""
    drip: bool = False
    """Send a byte now and then, without end."""
    cut: int | None = None
    """Close the connection after this many bytes of the body."""
    without_length: bool = False
    """Name no length; the end of the connection is that of the body."""

    @property
    def content(self) -> bytes:
        raw = self.body.encode() if isinstance(self.body, str) else self.body
        return gzip.compress(raw) if self.packed else raw


def redirect(target: str, status: int = 302) -> Reply:
    return Reply(status=status, headers={"Location": target})


@dataclass(frozen=True)
class Request:
    """What the server was asked."""

    path: str
    headers: Mapping[str, str]


Answers = Mapping[str, Reply | Sequence[Reply]]


class WebServer:
    """The server; answers while its `with` block lasts."""

    def __init__(self, answers: Answers | None = None, host: str = "127.0.0.1") -> None:
        """Prepare a server.

        Args:
            answers: By path; of several the first is given first, and the last for ever. A
                path that is not there is answered with 404.
            host: Where to listen: all of 127.0.0.0/8 is this machine.
        """
        self.answers = dict(answers or {})
        self.requests: list[Request] = []
        self.heard = threading.Condition()
        self.closing = threading.Event()
        self._server = _Server((host, 0), _Handler)
        self._server.web = self
        self.url = f"http://{host}:{self._server.server_port}"

    def __enter__(self) -> Self:
        """Start to answer."""
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, and let go of whoever waits."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [request.path for request in self.requests]

    def was_asked(self, times: int) -> bool:
        """Whether it was asked so often, once whoever gave up on it has been read."""
        with self.heard:
            return self.heard.wait_for(lambda: len(self.requests) >= times, 60) and (
                len(self.requests) == times
            )

    def reply_to(self, path: str) -> Reply:
        found = self.answers.get(path)
        if found is None:
            return Reply("not found", 404)
        if isinstance(found, Reply):
            return found
        first, *rest = found
        if rest:
            self.answers[path] = rest
        return first

    def holds(self, repository: str, files: Mapping[str, str | bytes], **about: object) -> None:
        """Play GitHub with a repository on its branch `main`.

        Args:
            repository: `owner/name`.
            files: What it holds, by path.
            about: What the API says of it; nothing is said without.
        """
        for name, body in files.items():
            for branch in ("HEAD", "main"):
                self.answers[f"/raw/{repository}/{branch}/{name}"] = Reply(body, etag=True)
        tree = [{"path": name, "type": "blob"} for name in files]
        listing = json.dumps({"tree": tree, "truncated": False})
        for branch in ("HEAD", "main"):
            place = f"/api/repos/{repository}/git/trees/{branch}?recursive=1"
            self.answers[place] = Reply(listing)
        if about:
            self.answers[f"/api/repos/{repository}"] = Reply(json.dumps(about))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    web: WebServer

    def handle_error(self, *_: object) -> None:
        """Keep quiet about clients that break off."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        """Answer one request."""
        web = self.server.web
        path = unquote(self.path)
        with web.heard:
            web.requests.append(Request(path, dict(self.headers)))
            web.heard.notify_all()
        reply = web.reply_to(path)
        if reply.hang:
            web.closing.wait()
            self.close_connection = True
            return
        tag = f'"{hashlib.sha256(reply.content).hexdigest()[:12]}"'
        if reply.etag and self.headers.get("If-None-Match") == tag:
            self._head(Reply(status=304, headers={"ETag": tag}), None)
            return
        headers = dict(reply.headers)
        headers |= {"ETag": tag} if reply.etag else {}
        headers |= {"Content-Encoding": "gzip"} if reply.packed else {}
        endless = reply.drip or reply.without_length
        self._head(Reply(status=reply.status, headers=headers), None if endless else reply.content)
        with suppress(OSError):
            self.wfile.write(reply.content[: reply.cut])
            while reply.drip and not web.closing.wait(0.01):
                self.wfile.write(b"x")
        self.close_connection = endless or reply.cut is not None

    def _head(self, reply: Reply, content: bytes | None) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if content is not None:
            self.send_header("Content-Length", str(len(content)))
        elif reply.status != 304:
            self.send_header("Connection", "close")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet; a test looks at `requests`."""
