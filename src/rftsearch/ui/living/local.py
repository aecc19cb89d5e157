"""Who may keep the list on the page: whoever started it, on this machine.

The tab writes a file of decisions, reads files and changes the index. So it is there only
if it was asked for when the page was started, if the page listens on loopback alone, and if
nothing says that a proxy shows it to others. Requests that a proxy has passed on are refused.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from rftsearch.errors import UsageError
from rftsearch.settings import (
    ALLOW_ORIGIN_VARIABLE,
    ALLOWED_HOSTS_VARIABLE,
    EMBED_FROM_VARIABLE,
    ROOT_PATH_VARIABLE,
    SERVER_NAME_VARIABLE,
    setting,
)
from rftsearch.ui.door.hosts import is_loopback

__all__ = ["OnlyLocal", "check_local"]

_OF_PROXIES = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
"""Headers that proxies add; a browser on this machine sends none of them."""


def check_local(
    host: str | None,
    root_path: str | None,
    allowed_hosts: Sequence[str],
    embed_from: Sequence[str],
    allow_origins: Sequence[str] = (),
) -> None:
    """Refuse to let a page that others may see change the list.

    Args:
        host: Address to listen on; None for that of `GRADIO_SERVER_NAME`, else loopback.
        root_path: As for `serve`.
        allowed_hosts: As for `serve`.
        embed_from: As for `serve`.
        allow_origins: As for `serve`.

    Raises:
        UsageError: The page is meant for others, too.
    """
    address = host or setting(SERVER_NAME_VARIABLE) or "127.0.0.1"
    for_others = {
        f"it listens on {address}": not is_loopback(address),
        "it has a root path": bool(root_path or setting(ROOT_PATH_VARIABLE)),
        "it is shown under other names": bool(allowed_hosts or setting(ALLOWED_HOSTS_VARIABLE)),
        "other sites may show it in a frame": bool(embed_from or setting(EMBED_FROM_VARIABLE)),
        "scripts of other sites may ask it": bool(allow_origins or setting(ALLOW_ORIGIN_VARIABLE)),
        "it is a Space": bool(setting("SPACE_HOST")),
    }
    reasons = [reason for reason, holds in for_others.items() if holds]
    if reasons:
        raise UsageError(
            f"--curate is for a page on your own machine, but {' and '.join(reasons)}; leave "
            "--curate out, or start a second page without the other options"
        )


class OnlyLocal:
    """ASGI middleware: refuses what a proxy has passed on."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer that it came through a proxy."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            if any(name in headers for name in _OF_PROXIES):
                refused = JSONResponse(
                    {
                        "error": "this page was started with --curate, for this machine alone; "
                        "to show it through a proxy, start it without"
                    },
                    403,
                )
                await refused(scope, receive, send)
                return
        await self._app(scope, receive, send)
