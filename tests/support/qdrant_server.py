"""A server on this machine that speaks the part of Qdrant's REST API we use, and may misbehave.

It answers from the client's own local mode, so that what goes over the wire is as real as it
can be without Qdrant itself.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from qdrant_client import QdrantClient, models

Route = tuple[str, str, Callable[..., Any]]


@dataclass
class Fault:
    """What the server does instead of answering."""

    kind: str
    """hang, cut, html, broken, empty; or a status such as 500."""
    path: str = ".*"
    """A pattern of the requests it is for, `PUT /collections/.*/points`."""
    times: int = 1_000_000
    after: int = 0
    """Requests of that kind that are answered first."""
    text: str = ""
    """What the server says."""
    headers: dict[str, str] = field(default_factory=dict)


class LoopbackQdrant:
    """The server; `with running() as server:` starts it."""

    def __init__(self) -> None:
        self.client = QdrantClient(location=":memory:", force_disable_check_same_thread=True)
        self.version = "1.18.0"
        self.key: str | None = None
        self.faults: list[Fault] = []
        self.asked: list[str] = []
        """Method and path of each request."""
        self.keys: list[str | None] = []
        self.lock = threading.Lock()
        self.over = threading.Event()
        self.port = 0

    def address(self, collection: str = "papers") -> str:
        return f"qdrant://127.0.0.1:{self.port}/{collection}"

    def fault(self, kind: str, path: str = ".*", **more: Any) -> None:
        self.faults.append(Fault(kind, path, **more))

    def fault_of(self, request: str) -> Fault | None:
        with self.lock:
            for fault in self.faults:
                if fault.times and re.fullmatch(fault.path, request):
                    if fault.after:
                        fault.after -= 1
                        continue
                    fault.times -= 1
                    return fault
        return None

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        """The answer to a request as Qdrant gives it: a status and JSON."""
        if (method, path) == ("GET", "/"):
            return 200, {"title": "qdrant - vector search engine", "version": self.version}
        for wanted, pattern, call in _ROUTES:
            found = re.fullmatch(pattern, path)
            if wanted == method and found:
                try:
                    with self.lock:
                        result = call(self.client, body, *map(unquote, found.groups()))
                except ValueError as error:
                    status = 404 if "not found" in str(error) else 400
                    return status, {"status": {"error": str(error)}, "time": 0.0}
                return 200, {"result": result, "status": "ok", "time": 0.0}
        return 404, {"status": {"error": "Not found"}, "time": 0.0}


def _plain(value: Any) -> Any:
    return json.loads(value.model_dump_json()) if hasattr(value, "model_dump_json") else value


def _create(client: QdrantClient, body: Any, name: str) -> bool:
    made = models.CreateCollection(**body)
    return client.create_collection(
        name,
        vectors_config=made.vectors,
        sparse_vectors_config=made.sparse_vectors,
        metadata=made.metadata,
    )


def _upsert(client: QdrantClient, body: Any, name: str) -> Any:
    asked = models.PointsList(**body)
    return _plain(client.upsert(name, asked.points, update_filter=asked.update_filter))


def _delete(client: QdrantClient, body: Any, name: str) -> Any:
    kind = models.PointIdsList if "points" in body else models.FilterSelector
    return _plain(client.delete(name, kind(**body)))


def _retrieve(client: QdrantClient, body: Any, name: str) -> Any:
    found = client.retrieve(
        name,
        body["ids"],
        with_payload=body.get("with_payload", True),
        with_vectors=body.get("with_vector", False),
    )
    return [_plain(one) for one in found]


def _scroll(client: QdrantClient, body: Any, name: str) -> Any:
    asked = models.ScrollRequest(**body)
    found, after = client.scroll(
        name,
        scroll_filter=asked.filter,
        limit=asked.limit or 10,
        offset=asked.offset,
        with_payload=True if asked.with_payload is None else asked.with_payload,
        with_vectors=asked.with_vector or False,
    )
    return {"points": [_plain(one) for one in found], "next_page_offset": after}


def _count(client: QdrantClient, body: Any, name: str) -> Any:
    return _plain(client.count(name, count_filter=models.CountRequest(**body).filter))


def _query_batch(client: QdrantClient, body: Any, name: str) -> Any:
    asked = [models.QueryRequest(**one) for one in body["searches"]]
    return [_plain(one) for one in client.query_batch_points(name, asked)]


def _query(client: QdrantClient, body: Any, name: str) -> Any:
    return _query_batch(client, {"searches": [body]}, name)[0]


def _switch(client: QdrantClient, body: Any) -> bool:
    return client.update_collection_aliases(models.ChangeAliasesOperation(**body).actions)


_NAME = "/collections/([^/]+)"
_ROUTES: tuple[Route, ...] = (
    ("GET", "/collections", lambda client, _: _plain(client.get_collections())),
    ("GET", "/aliases", lambda client, _: _plain(client.get_aliases())),
    ("POST", "/collections/aliases", _switch),
    ("GET", f"{_NAME}/exists", lambda c, _, name: {"exists": c.collection_exists(name)}),
    ("GET", _NAME, lambda client, _, name: _plain(client.get_collection(name))),
    ("PUT", _NAME, _create),
    ("DELETE", _NAME, lambda client, _, name: client.delete_collection(name)),
    ("PUT", f"{_NAME}/index", lambda *_: {"operation_id": 0, "status": "completed"}),
    ("PUT", f"{_NAME}/points", _upsert),
    ("POST", f"{_NAME}/points", _retrieve),
    ("POST", f"{_NAME}/points/delete", _delete),
    ("POST", f"{_NAME}/points/scroll", _scroll),
    ("POST", f"{_NAME}/points/count", _count),
    ("POST", f"{_NAME}/points/query", _query),
    ("POST", f"{_NAME}/points/query/batch", _query_batch),
)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    loopback: LoopbackQdrant

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._handle()

    do_PUT = do_POST = do_DELETE = do_GET  # noqa: N815 - the names that http.server calls

    def _handle(self) -> None:
        server, path = self.loopback, self.path.partition("?")[0]
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or "null")
        request = f"{self.command} {unquote(path)}"
        server.asked.append(request)
        server.keys.append(self.headers.get("api-key"))
        if server.key is not None and self.headers.get("api-key") != server.key:
            self._send(401, b"Must provide an API key or an Authorization bearer token")
            return
        fault = server.fault_of(request)
        if fault is None:
            status, answer = server.answer(self.command, path, body)
            self._send(status, json.dumps(answer).encode())
        elif fault.kind == "hang":
            server.over.wait(60)
            self.close_connection = True
        elif fault.kind == "cut":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b'{"result": ')
            self.close_connection = True
        elif fault.kind == "html":
            self._send(200, b"<html><body>It works!</body></html>")
        elif fault.kind == "broken":
            self._send(200, b'{"result": {"poin')
        elif fault.kind == "empty":
            self._send(200, b'{"result": null, "status": "ok", "time": 0}')
        else:
            said = json.dumps({"status": {"error": fault.text}, "time": 0.0}).encode()
            self._send(int(fault.kind), said, fault.headers)

    def _send(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Type", "application/json")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Say nothing: whoever asked may have gone, as when it was kept waiting."""


@contextmanager
def running() -> Iterator[LoopbackQdrant]:
    """Start the server on a free port."""
    loopback = LoopbackQdrant()
    handler = type("Handler", (_Handler,), {"loopback": loopback})
    server = _Server(("127.0.0.1", 0), handler)
    loopback.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield loopback
    finally:
        loopback.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
        loopback.client.close()
