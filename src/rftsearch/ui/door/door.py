"""The door before the server: what each request must pass, in this order.

1. The name in its `Host` header is one under which the page is served.
2. It does not come from another site, except for a visit of the page itself, and for plain
   requests from the sites that may send them.
3. It is no larger than `MAX_BODY`, and its body is JSON (for the login: a form).
4. With accounts: it brings a login or a password. Nothing but the login form is open.

Behind the door are only the routes of `rftsearch.ui.door.routes`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rftsearch.ui.door.auth import Accounts, basic_credentials
from rftsearch.ui.door.hosts import Hosts
from rftsearch.ui.door.login import LoginDoor
from rftsearch.ui.door.other_sites import OtherSites, refusal

__all__ = ["MAX_BODY", "Door"]

MAX_BODY = 1 << 20
"""Bytes of a request: several times what the longest question has."""

_TOO_LARGE = f"send at most {MAX_BODY} bytes"
_BROKEN = "the body of the request broke off"
_MCP = "/gradio_api/mcp"
_FOR_PROGRAMS = ("/api/", _MCP)
"""Where the answer to a missing login names HTTP Basic; elsewhere browsers would ask for it."""
_PROTOCOLS = re.compile(rb"https?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request at the door."""

    scope: Scope
    headers: Headers
    path: str
    method: str

    @property
    def is_visit(self) -> bool:
        """Whether somebody opens the page: a link on another site may lead to it."""
        return self.path == "/" and self.method in {"GET", "HEAD"}


class Door:
    """ASGI middleware; see the module."""

    def __init__(
        self,
        app: ASGIApp,
        hosts: Hosts,
        accounts: Accounts,
        login: LoginDoor,
        path: str,
        others: OtherSites,
    ) -> None:
        """Stand before `app`.

        Args:
            app: What answers.
            hosts: The names under which the page is served.
            accounts: Who may come in; without accounts everyone may.
            login: Knows who is logged in.
            path: Where a proxy shows the page, `/papers`; or nothing.
            others: Which other sites may ask.
        """
        self._app = app
        self._hosts, self._others = hosts, others
        self._accounts = accounts
        self._login = login
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer that it may not pass."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # No part of the page is a web socket.
        scope = self._cleaned(scope)
        asked = _Asked(scope, Headers(scope=scope), scope["path"], scope["method"])
        answer = self._refusal(asked) or self._others.leave(asked.method, asked.path, asked.headers)
        receive = bounded = _Bounded(receive)
        try:
            if answer is None and self._accounts:
                answer = await self._at_the_login(asked, receive)
            await (answer or self._app)(scope, receive, send)
        except ClientDisconnect:  # Whatever reads a body raises it, before it answers.
            broken = _error(_TOO_LARGE, 413) if bounded.exceeded else _error(_BROKEN, 400)
            await broken(scope, receive, send)

    def _cleaned(self, scope: Scope) -> Scope:
        """Return the request as what answers may see it.

        The path has no root path, and no slash at its end where none belongs. Gradio builds
        addresses from some headers: these stay only if they name an accepted host.
        """
        path = scope["path"]
        if self._path and path.startswith(f"{self._path}/"):
            path = path[len(self._path) :]
        if path != "/":
            path = path.rstrip("/") or "/"
        if path == _MCP:
            path = f"{_MCP}/"  # without it there would be a redirect, which loses the root path
        headers = [
            (name, value) for name, value in scope["headers"] if self._is_believed(name, value)
        ]
        return {**scope, "path": path, "raw_path": path.encode(), "headers": headers}

    def _is_believed(self, name: bytes, value: bytes) -> bool:
        if name == b"x-forwarded-host":
            return self._hosts.accepts(value.decode("latin-1").partition(",")[0])
        if name == b"x-forwarded-proto":
            return _PROTOCOLS.fullmatch(value.partition(b",")[0].strip()) is not None
        return name != b"x-gradio-server"

    def _refusal(self, asked: _Asked) -> Response | None:
        headers = asked.headers
        host = headers.get("host", "")
        if not self._hosts.accepts(host):
            return _error(
                f"this page is not served as {_shown(host)}; "
                "to serve it under that name, start it with --allow-host NAME",
                421,
            )
        if not (
            asked.is_visit
            or self._hosts.is_same_site(headers)
            or self._others.allows(asked.path, headers)
        ):
            return _error(refusal(headers, asked.path), 403)
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdecimal()) or int(length[:20]) > MAX_BODY:
            return _error(_TOO_LARGE, 413)
        if asked.method == "POST" and asked.path != "/login":
            kind = headers.get("content-type", "").partition(";")[0].strip().lower()
            if kind != "application/json":
                return _error("send JSON, with the header Content-Type: application/json", 415)
        return None

    async def _at_the_login(self, asked: _Asked, receive: Receive) -> Response | None:
        """Return the answer to who is not logged in, and to who logs in or out."""
        request = Request(asked.scope, _Bounded(receive))
        if asked.path == "/login" and asked.method == "POST":
            return await self._login.log_in(request)
        known, refusal = self._known(asked)
        if refusal is not None:
            return refusal
        if asked.path == "/login":
            return RedirectResponse("./", 303) if known else self._login.ask(asked.scope)
        if known:
            return await self._login.log_out(request) if asked.path == "/logout" else None
        if asked.is_visit or asked.path == "/logout":
            return self._login.ask(asked.scope)
        answer = _error("log in, or send name and password as HTTP Basic authentication", 401)
        if asked.path.startswith(_FOR_PROGRAMS):
            answer.headers["WWW-Authenticate"] = 'Basic realm="rftsearch", charset="UTF-8"'
        return answer

    def _known(self, asked: _Asked) -> tuple[bool, Response | None]:
        """Return whether a request may come in, or the answer to one that guesses passwords."""
        if self._login.is_logged_in(asked.headers):
            return True, None
        credentials = basic_credentials(asked.headers.get("authorization", ""))
        if credentials is None:
            return False, None
        address = (asked.scope.get("client") or ("",))[0]
        if wait := self._login.brake.wait(address, credentials[0]):
            answer = _error(f"too many wrong passwords; try again in {wait} seconds", 429)
            answer.headers["Retry-After"] = str(wait)
            return False, answer
        if self._accounts.has(*credentials):
            return True, None
        self._login.brake.count(address, credentials[0])
        return False, None


class _Bounded:
    """Counts what is received, for a request that does not say its length beforehand."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._left = MAX_BODY
        self.exceeded = False

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        self.exceeded = self._left < 0
        return message if not self.exceeded else {"type": "http.disconnect"}


def _error(problem: str, status: int) -> JSONResponse:
    return JSONResponse({"error": problem}, status)


def _shown(text: str) -> str:
    """Return what a client sent, as it may stand in an answer."""
    return repr(text[:80])
