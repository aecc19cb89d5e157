"""Scripts on pages of other sites: which may ask `/api/...`, and what browsers are told.

By default none may (see `rftsearch.ui.door.hosts`). `--allow-origin` names those that may
read answers to plain requests. The page itself, its login and Gradio's endpoints stay closed
to them: a script sends no cookie of this page, and where there are accounts it must send
name and password.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from rftsearch.errors import UsageError
from rftsearch.settings import ALLOW_ORIGIN_VARIABLE, setting
from rftsearch.ui.door.headers import origin_of

__all__ = ["ANY_ORIGIN", "FOR_OTHERS", "OtherSites", "allowed_origins", "refusal"]

ANY_ORIGIN = "*"
FOR_OTHERS = "/api/"
"""Where paths begin that other sites may be allowed to ask."""
_READABLE = "ETag, Retry-After"
_LEAVE = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "600",  # seconds for which a browser need not ask again
}


def allowed_origins(given: Iterable[str]) -> tuple[str, ...]:
    """Return the origins whose scripts may ask.

    Args:
        given: `https://example.org`, or `*` for all, besides those of
            `RFTSEARCH_ALLOW_ORIGIN`, which has commas or spaces between them.

    Raises:
        UsageError: One of them is not an origin: a scheme and a host, perhaps a port.
    """
    named = re.split(r"[,\s]+", setting(ALLOW_ORIGIN_VARIABLE) or "")
    every = [one.strip() for one in (*given, *filter(None, named))]
    return tuple(dict.fromkeys(one if one == ANY_ORIGIN else origin_of(one) for one in every))


class OtherSites:
    """The origins that may ask, and the headers that tell browsers so."""

    def __init__(self, origins: Iterable[str] = (), path: str = "") -> None:
        """Allow origins, as `allowed_origins` returns them.

        Args:
            origins: None of them for no other site; `*` for every one.
            path: Where a proxy shows the page, `/papers`; or nothing.
        """
        self._origins = frozenset(origins)
        self._path = path

    def allows(self, path: str, headers: Headers) -> bool:
        """Return whether a request comes from a page that may ask, for a path that it may ask."""
        origin = headers.get("origin")
        return origin is not None and path.startswith(FOR_OTHERS) and self._has(origin)

    def leave(self, method: str, path: str, headers: Headers) -> Response | None:
        """Return the answer to a browser that asks for leave before it sends a request.

        None if it is another request, or if it gets no leave. `headers` has what it says.
        """
        return Response(status_code=204) if self._asks(method, path, headers) else None

    def _asks(self, method: str, path: str, headers: Headers) -> bool:
        asks = method == "OPTIONS" and "access-control-request-method" in headers
        return asks and self.allows(path, headers)

    def headers(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        """Return what an answer says to the browser of a page that may ask."""
        path = scope["path"].removeprefix(self._path)
        if not self._origins or not path.startswith(FOR_OTHERS):
            return []
        varies = [] if ANY_ORIGIN in self._origins else [(b"vary", b"Origin")]
        headers = Headers(scope=scope)
        if not self.allows(path, headers):
            return varies
        own = ANY_ORIGIN if not varies else headers["origin"]
        told = {"Access-Control-Allow-Origin": own, "Access-Control-Expose-Headers": _READABLE}
        if self._asks(scope["method"], path, headers):
            told |= _LEAVE
            if headers.get("access-control-request-private-network") == "true":
                told["Access-Control-Allow-Private-Network"] = "true"
        return [*varies, *((name.lower().encode(), one.encode()) for name, one in told.items())]

    def _has(self, origin: str) -> bool:
        return ANY_ORIGIN in self._origins or origin.lower() in self._origins


def refusal(headers: Headers, path: str) -> str:
    """Return why a request of another site is not answered, and what to do about it."""
    text = "requests from other sites are not answered"
    if not path.startswith(FOR_OTHERS):
        return text
    try:
        origin = origin_of(headers.get("origin", ""))
    except UsageError:
        return text
    return f"{text}; to let its scripts ask, start this page with --allow-origin {origin}"
