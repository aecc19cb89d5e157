"""What stands before the page's server: who may come in, and how much they may bring.

Gradio's own login keeps its pages and endpoints. It does not know of the plain route,
and lets everyone to the MCP server; so these are kept here, for whoever is logged in
(a cookie), and for programs that send the same name and password with each request
(HTTP Basic).
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Mapping
from pathlib import Path

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rftsearch.errors import UsageError
from rftsearch.settings import ACCOUNTS_VARIABLE

__all__ = ["MAX_BODY", "Guard", "read_accounts"]

MAX_BODY = 1 << 20
"""Bytes of a request: several times what the longest question has."""

_NOBODY = "{} has no line of name:password; without one nobody could log in"
_KEPT = ("/api/", "/gradio_api/mcp")


class Guard:
    """ASGI middleware; see the module."""

    def __init__(self, app: ASGIApp, accounts: Mapping[str, str]) -> None:
        """Stand before `app`; with no accounts everyone may come in."""
        self._app = app
        self._accounts = {name.encode(): password.encode() for name, password in accounts.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer that it may not pass."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > MAX_BODY:
            answer = JSONResponse({"error": f"send at most {MAX_BODY} bytes"}, 413)
            await answer(scope, receive, send)
        elif self._accounts and _is_kept(scope) and not self._is_known(scope, headers):
            answer = JSONResponse(
                {"error": "log in, or send name and password as HTTP Basic authentication"},
                401,
                headers={"WWW-Authenticate": 'Basic realm="rftsearch", charset="UTF-8"'},
            )
            await answer(scope, receive, send)
        else:
            await self._app(scope, _Bounded(receive), send)

    def _is_known(self, scope: Scope, headers: Headers) -> bool:
        return self._has_password(headers) or _is_logged_in(scope, headers)

    def _has_password(self, headers: Headers) -> bool:
        scheme, _, encoded = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return False
        try:
            name, _, password = base64.b64decode(encoded, validate=True).partition(b":")
        except (binascii.Error, ValueError):
            return False
        known = self._accounts.get(name)
        # Compared for an unknown name too, so that time does not tell which names exist.
        same = secrets.compare_digest(password, known or secrets.token_bytes(16))
        return same and known is not None


class _Bounded:
    """Counts what is received, for a request that does not say its length beforehand."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._left = MAX_BODY

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        return message if self._left >= 0 else {"type": "http.disconnect"}


def _is_kept(scope: Scope) -> bool:
    path, root = scope["path"], scope.get("root_path", "").rstrip("/")
    # What answers takes the root path off before it looks who is meant; a proxy may have, too.
    below = path.removeprefix(root) if path.startswith(f"{root}/") else path
    return bool(path.startswith(_KEPT) or below.startswith(_KEPT))


def _is_logged_in(scope: Scope, headers: Headers) -> bool:
    """Whether Gradio has given out the cookie that is sent."""
    app = scope["app"]
    cookies = cookie_parser(headers.get("cookie", ""))
    names = (f"access-token-{app.cookie_id}", f"access-token-unsecure-{app.cookie_id}")
    return any(cookies.get(name) in app.tokens for name in names if name in cookies)


def read_accounts(file: Path | None, variable: str | None) -> dict[str, str]:
    """Passwords by name, from a file or else from a variable's value.

    Args:
        file: Lines of `name:password`; empty ones and those that begin with # do not count.
        variable: The same, as the value of a variable.

    Raises:
        UsageError: They are not of that form, or the file cannot be read.
    """
    if file is None:
        accounts = _accounts(variable or "", f"${ACCOUNTS_VARIABLE}")
        if variable and not accounts:
            raise UsageError(_NOBODY.format(f"${ACCOUNTS_VARIABLE}"))
        return accounts
    try:
        text = file.expanduser().read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        # Not by its name: who takes --auth for the password itself has written it there.
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise UsageError(
            f"cannot read the file that --auth names ({reason}); it holds lines of name:password, "
            f"which may also be in ${ACCOUNTS_VARIABLE}"
        ) from None
    accounts = _accounts(text, str(file))
    if not accounts:
        raise UsageError(_NOBODY.format(file))
    return accounts


def _accounts(text: str, where: str) -> dict[str, str]:
    accounts: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, password = line.partition(":")
        name = name.strip()
        if not name or not password.strip():
            raise UsageError(f"line {number} of {where} is not name:password")
        if name in accounts:
            raise UsageError(f"line {number} of {where} names {name} a second time")
        accounts[name] = password
    return accounts
