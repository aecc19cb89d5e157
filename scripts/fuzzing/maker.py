"""Random and damaged requests for the page's server."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

__all__ = ["Maker", "Request"]

WORDS = ("crowd", "reward", "video", "TimeZero", "2503.13377", "the", "counting", "audio")
SIGNS = (
    "\0", "\x1b[31m", "\r\n", "\u202e", "\ufeff", "\ud800", "🦀", "本", "\u0301", "'", '"', "\\",
    "%", "%00", "../", "<b>", "${x}", "{{x}}", "$x^2$", "\\frac{1}{2}", "(", "[", "*", "~", "^",
    "AND", "OR NOT", "null", "-1", "=1+1", ":", ";", "#", "?", "&", " ", "\t",
)  # fmt: skip
NUMBERS = (0, 1, -1, 2, 10, 100, 1000, 10**6, 10**19, -(10**19), 0.5, 1e308, 2**53)
FILTERS = ("categories", "since", "until", "has", "kind", "generative", "sort", "k")
NAMES = (
    "search",
    "similar",
    "recommend",
    "paper",
    "list",
    "categories",
    "export",
    "show",
    "suggest",
)
TOOLS = {
    "search_papers": "search",
    "find_similar_papers": "similar",
    "recommend_papers": "recommend",
    "get_paper": "paper",
    "list_papers": "list",
    "list_categories": "categories",
    "export_papers": "export",
}
"""The endpoint of each tool of the MCP server."""
FILES = ("/api/export", "/api/search.atom", "/api/list.atom")
"""Routes whose answers are no JSON."""
JSON = {"Content-Type": "application/json"}
MCP = {**JSON, "Accept": "application/json, text/event-stream"}


@dataclass(frozen=True)
class Request:
    """What is sent, and what kind it is."""

    kind: str
    content: bytes
    is_json: bool = False
    """Whether the answer must be JSON."""
    leaves: bool = False
    """Whether the client goes away without reading."""


class Maker:
    """Makes requests; the same ones from the same seed."""

    def __init__(
        self, seed: int, host: str, operations: Mapping[tuple[str, str], Sequence[str]]
    ) -> None:
        """Make requests for a server.

        Args:
            seed: Of the random numbers.
            host: The name and the port of the server.
            operations: The parameters of each method and path of its OpenAPI document.
        """
        self._random = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self._host = host
        self._operations = operations
        self.events: list[str] = []
        """Paths of answers that wait to be fetched."""

    def next(self) -> Request:
        """Return the next request."""
        makers: Sequence[tuple[Callable[[], Request], int]] = (
            (self._documented, 6),
            (self._by_place, 3),
            (self._queue, 2),
            (self._fetched, 3),
            (self._tool, 3),
            (self._rpc, 1),
            (self._other_path, 2),
            (self._noise, 2),
        )
        kinds, weights = zip(*makers, strict=True)
        made: Request = self._random.choices(kinds, weights)[0]()
        if self._random.random() < 0.03:
            return Request(f"{made.kind}, damaged", self._damaged(made.content))
        if self._random.random() < 0.03:
            return Request(f"{made.kind}, gone", made.content, leaves=True)
        return made

    # --- values ---

    def _text(self) -> str:
        pick = self._random
        length = pick.choices((0, 1, 2, 5, 20, 300), (1, 6, 6, 4, 2, 1))[0]
        pieces = (pick.choice(WORDS if pick.random() < 0.6 else SIGNS) for _ in range(length))
        text = pick.choice(("", " ")).join(pieces)
        return text * pick.choices((1, 1000), (60, 1))[0]

    def _value(self, depth: int = 0) -> Any:  # noqa: ANN401 - any JSON value
        pick = self._random
        kind = pick.choices(
            ("text", "number", "flag", "none", "list", "object"), (9, 4, 2, 2, 3, 1)
        )
        match kind[0]:
            case "text":
                return self._text()
            case "number":
                return pick.choice(NUMBERS)
            case "flag":
                return pick.random() < 0.5
            case "none":
                return None
            case "list":
                return [
                    self._value(depth + 1) for _ in range(pick.randrange(4 if depth < 4 else 1))
                ]
            case _:
                return {} if depth > 3 else {self._text()[:40]: self._value(depth + 1)}

    def _likely(self, name: str) -> Any:  # noqa: ANN401 - any JSON value
        """Return a value for a parameter: most often one that makes sense."""
        pick = self._random
        if pick.random() < 0.2:
            return self._value()
        sensible: dict[str, Sequence[Any]] = {
            "categories": (["Audio"], "Audio", [], ["No such category"]),
            "category": (["Audio"], "Video", ["Audio", "Video"], "No such category"),
            "author": ("Wang", ["Li", "Zhang"], ""),
            "offset": (0, 5, 10, 995, -1),
            "detail": ("brief", "full", "long"),
            "since": ("2025", "2025-03", "2025-13"),
            "until": ("2026", "2024-01", ""),
            "has": (["code"], "model", ["nothing"]),
            "kind": ("paper", "project", "book"),
            "generative": (True, False, "yes"),
            "sort": ("relevance", "newest", "oldest", "best"),
            "k": (1, 5, 10, 0, "7"),
            "format": ("bibtex", "ris", "csl", "csv", "markdown", "pdf"),
            "diversity": (0, 0.3, 1, 2),
            "fetch": (False, False, False, False, True),
            "papers": (["TimeZero"], "TimeZero", []),
            "liked": (["TimeZero", "VLM-R1"], "TimeZero", []),
        }
        return pick.choice(sensible.get(name, (*WORDS, "count the crowd")))

    def _arguments(self, names: Sequence[str]) -> dict[str, Any]:
        """Return values for some of these parameters, sometimes for others too."""
        pick = self._random
        chosen = list(names[:1]) if pick.random() < 0.9 else []
        chosen += pick.sample(list(names), min(len(names), pick.choices((0, 1, 3), (5, 3, 1))[0]))
        if pick.random() < 0.1:
            chosen.append(self._text()[:30] or "x")
        return {name: self._likely(name) for name in chosen}

    # --- requests ---

    def _documented(self) -> Request:
        """A route of the OpenAPI document."""
        pick = self._random
        (method, path), names = pick.choice(list(self._operations.items()))
        if "{" in path:
            return self._fetched()
        arguments: Any = self._arguments(names)
        if method == "GET":
            words = [
                (name, one if isinstance(one, str) else json.dumps(one))
                for name, value in arguments.items()
                for one in (value if isinstance(value, list) else [value])
            ]
            asked = f"{path}?{urlencode(words, errors='surrogatepass')}"[:60_000]
            method = "HEAD" if path.startswith("/api/") and pick.random() < 0.1 else "GET"
            is_json = method == "GET" and path not in FILES
            return self._http(method, asked, kind="documented routes", is_json=is_json)
        if pick.random() < 0.05:
            arguments = self._value()
        is_json = path not in FILES
        return self._http("POST", path, arguments, kind="documented routes", is_json=is_json)

    def _by_place(self) -> Request:
        """Gradio's own style: values in the order of the parameters."""
        style = self._random.choice(("call", "run", "api"))
        values = [self._likely("query"), self._likely("k"), *map(self._likely, FILTERS[:6])]
        body: Any = {"data": values[: self._random.randrange(9)]}
        if self._random.random() < 0.1:
            body = self._value()
        path = f"/gradio_api/{style}/{self._random.choice(NAMES)}"
        return self._http("POST", path, body, kind="call by place", is_json=True)

    def _queue(self) -> Request:
        pick = self._random
        session = pick.choice(("one", "two", "three", self._text()))
        if pick.random() < 0.3:
            path = f"/gradio_api/queue/data?session_hash={quote(session, errors='surrogatepass')}"
            return self._http("GET", path, kind="queue")
        body = {
            "data": pick.choice(([self._likely("query"), 5], self._value())),
            "fn_index": pick.choice((*range(12), self._value())),
            "session_hash": pick.choice((session, self._value())),
        }
        name = pick.choice(("queue/join", "queue/join", "cancel", "component_server"))
        body |= (
            {} if name == "queue/join" else {"component_id": pick.randrange(60), "fn_name": "show"}
        )
        return self._http("POST", f"/gradio_api/{name}", body, kind="queue", is_json=True)

    def _fetched(self) -> Request:
        """The answer of a call."""
        if self.events and self._random.random() < 0.9:
            path = self.events.pop(self._random.randrange(len(self.events)))
        else:
            path = f"/gradio_api/call/search/{quote(self._text()[:80], errors='surrogatepass')}"
        return self._http("GET", path, kind="fetched answers")

    def _tool(self) -> Request:
        pick = self._random
        name = pick.choice(list(TOOLS))
        names = self._operations.get(("POST", f"/gradio_api/call/v2/{TOOLS[name]}"), ())
        arguments = self._arguments(names) if pick.random() < 0.95 else self._value()
        call = {"name": name if pick.random() < 0.95 else self._text(), "arguments": arguments}
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
        return self._http("POST", "/gradio_api/mcp/", body, MCP, kind="MCP tools")

    def _rpc(self) -> Request:
        pick = self._random
        methods = (
            "initialize",
            "tools/list",
            "ping",
            "resources/list",
            "prompts/get",
            self._text(),
        )
        body = {
            "jsonrpc": pick.choice(("2.0", "1.0", self._value())),
            "id": self._value(),
            "method": pick.choice(methods),
            "params": self._value(),
        }
        body = {name: value for name, value in body.items() if pick.random() < 0.9}
        method = pick.choice(("POST", "POST", "POST", "GET", "DELETE"))
        return self._http(method, "/gradio_api/mcp", body, MCP, kind="MCP messages")

    def _other_path(self) -> Request:
        pick = self._random
        known = (
            "/", "/config", "/theme.css", "/assets/", "/static/", "/gradio_api/info", "/login",
            "/logout", "/gradio_api/upload", "/gradio_api/file=", "/gradio_api/proxy=",
            "/gradio_api/heartbeat/x", "/api/", "/robots.txt", "/gradio_api/openapi.json",
        )  # fmt: skip
        path = pick.choice(known) + quote(
            self._text()[:200], pick.choice(("/", "/%?.")), errors="replace"
        )
        method = pick.choice(("GET", "GET", "GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "X"))
        headers = {} if pick.random() < 0.7 else {"Origin": "http://other.example"}
        return self._http(method, path, kind="other addresses", headers=headers)

    def _noise(self) -> Request:
        pick = self._random
        lines = (
            b"GET / HTTP/1.1", b"POST /api/search HTTP/1.1", b"PRI * HTTP/2.0", b"GET /", b"\0" * 9,
            b"Host: " + self._host.encode(), b"Content-Length: 99999999999", b"Content-Length: -1",
            b"Transfer-Encoding: chunked", b"Expect: 100-continue", b"Upgrade: websocket", b"",
            b"Content-Type: application/json", b"5", b"{}", pick.randbytes(40), b"A" * 70_000,
        )  # fmt: skip
        content = b"\r\n".join(pick.choices(lines, k=pick.randrange(1, 9)))
        return Request("noise", content + b"\r\n\r\n", leaves=pick.random() < 0.5)

    def _http(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: dict[str, str] | None = None,
        *,
        kind: str,
        is_json: bool = False,
    ) -> Request:
        # A lone surrogate, which JSON can carry as an escape.
        content = b"" if body is None else json.dumps(body).encode("ascii")
        lines = {
            "Host": self._host,
            "Connection": "close",
            **(JSON if headers is None else headers),
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        first = f"{method} {path} HTTP/1.1\r\n{head}Content-Length: {len(content)}\r\n\r\n"
        return Request(kind, first.encode("latin-1", "replace") + content, is_json)

    def _damaged(self, content: bytes) -> bytes:
        pick, changed = self._random, bytearray(content)
        for _ in range(pick.randrange(1, 6)):
            at = pick.randrange(len(changed) or 1)
            changed[at : at + pick.randrange(4)] = pick.randbytes(pick.randrange(4))
        return bytes(changed)
