"""A loopback server that speaks as much of GitHub's REST API for issues as we use.

It takes a token, and stumbles when a test asks for it: `faults` are statuses that are
answered first, one for each request.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

TOKEN = "a-token-of-a-test"  # noqa: S105 - of a test
REPOSITORY = "example/list"


class GitHubServer:
    """The issues of `example/list`."""

    def __init__(self, faults: Iterable[int] = ()) -> None:
        self.issues: list[dict[str, Any]] = []
        self.requests: list[tuple[str, str]] = []
        self.faults = deque(faults)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def body(self) -> str:
        """The body of the only issue."""
        [issue] = self.issues
        return issue["body"]

    def tick(self, verdict: str, paper_id: str, *, noted: str = "") -> None:
        """Tick a box, as a person does on the page of the issue."""
        [issue] = self.issues
        box = f"- [ ] {verdict} `{paper_id}`{noted}"
        assert box in issue["body"]
        issue["body"] = issue["body"].replace(box, box.replace("[ ]", "[x]"))

    def answer(self, method: str, path: str, query: str, sent: Any) -> tuple[int, Any]:
        base = f"/repos/{REPOSITORY}/issues"
        if method == "GET" and path == base:
            [label] = parse_qs(query)["labels"]
            return 200, [
                one
                for one in self.issues
                if one["state"] == "open" and label in [each["name"] for each in one["labels"]]
            ]
        if method == "POST" and path == base:
            number = len(self.issues) + 1
            page = f"https://github.com/{REPOSITORY}/issues/{number}"
            labels = [{"name": name} for name in sent["labels"]]
            made = {"number": number, "state": "open", "html_url": page, **sent, "labels": labels}
            self.issues.append(made)
            return 201, made
        if method == "PATCH" and path.startswith(f"{base}/"):
            found = self.issues[int(path.rpartition("/")[2]) - 1]
            found.update(sent)
            return 200, found
        return 404, {"message": "Not Found"}


def _handler(server: GitHubServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("content-length", "0"))
            sent = json.loads(self.rfile.read(length)) if length else None
            parts = urlsplit(self.path)
            server.requests.append((self.command, parts.path))
            status, said = 401, {"message": "Bad credentials"}
            if server.faults:
                status, said = server.faults.popleft(), {"message": "A fault"}
            elif self.headers.get("authorization") == f"Bearer {TOKEN}":
                status, said = server.answer(self.command, parts.path, parts.query, sent)
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = _answer  # noqa: N815 - the names of the library

        def log_message(self, *_: object) -> None:
            pass

    return Handler
