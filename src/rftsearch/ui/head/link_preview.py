"""The head of the served page: its title, and what other sites show of a link to it.

Gradio's page comes without a title, and with tags for link previews that describe Gradio.
They are replaced in the HTML itself, for what reads them runs no scripts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rftsearch.look import strings
from rftsearch.look.templates import render
from rftsearch.ui.head.identity import PageIdentity
from rftsearch.ui.head.picture import HEIGHT, PICTURE, WIDTH

__all__ = ["LinkPreview", "with_head"]

_TAGS = re.compile(
    r"""<meta\b[^>]*?\b(?:property|name)\s*=\s*["'](?:og|twitter):[^>]*>|<title\b.*?</title>""",
    re.IGNORECASE | re.DOTALL,
)
_QUERY = re.compile(r"[\w.~%&=+*'()!:@,;/?$-]*", re.ASCII)


class LinkPreview:
    """ASGI middleware around Gradio's application; see the module."""

    def __init__(
        self,
        app: ASGIApp,
        identity: Callable[[], PageIdentity],
        has_picture: Callable[[], bool],
        root: str,
    ) -> None:
        """Stand before `app`.

        Args:
            app: What answers.
            identity: Returns what the page says of itself; called for each visit.
            has_picture: Returns whether there is a picture for previews; likewise.
            root: Where a proxy shows the page: `/papers`, a whole address, or nothing.
        """
        self._app = app
        self._identity = identity
        self._has_picture = has_picture
        self._root = root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; a visit of the page gets the page's own head."""
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        started: list[Message] = []
        body: list[bytes] = []

        async def hold(message: Message) -> None:
            if message["type"] != "http.response.start":
                body.append(message.get("body", b""))
            else:
                started.append(message)

        await self._app(scope, receive, hold)
        content = b"".join(body)
        [start] = started
        headers = MutableHeaders(raw=list(start["headers"]))
        if headers.get("content-type", "").startswith("text/html"):
            identity = _asked(await run_in_threadpool(self._identity), scope)
            picture = await run_in_threadpool(self._has_picture)
            page, query = self._address(scope)
            content = with_head(
                content.decode(), identity, f"{page}{query}", f"{page}{PICTURE}" if picture else ""
            ).encode()
            headers["content-length"] = str(len(content))
        await send({**start, "headers": headers.raw})
        await send({"type": "http.response.body", "body": content})

    def _address(self, scope: Scope) -> tuple[str, str]:
        """Return the address of the page as the visitor sees it, and what follows in this visit.

        The headers of proxies name an accepted host here; the door has removed all others.
        """
        base = self._root
        if "://" not in base:
            headers = Headers(scope=scope)
            scheme = _first(headers.get("x-forwarded-proto", "")) or scope["scheme"]
            host = _first(headers.get("x-forwarded-host", "")) or headers.get("host", "")
            base = f"{scheme}://{host}{self._root}"
        query = scope["query_string"].decode("ascii", "replace")
        return f"{base}/", f"?{query}" if query and _QUERY.fullmatch(query) else ""


def with_head(page: str, identity: PageIdentity, url: str, picture: str = "") -> str:
    """Return the HTML of a page with our title and tags for previews in place of all others.

    Args:
        page: The HTML.
        identity: What the page says of itself.
        url: Its address, as the visitor sees it.
        picture: The address of a picture; empty for none.
    """
    head, end, rest = page.partition("</head>")
    filled = render(
        "head.html",
        identity=identity,
        name=strings.NAME,
        url=url,
        picture=picture,
        width=WIDTH,
        height=HEIGHT,
    )
    tags = iter([filled])
    head = _TAGS.sub(lambda _: next(tags, ""), head)
    return f"{head}{next(tags, '')}{end}{rest}"


def _asked(identity: PageIdentity, scope: Scope) -> PageIdentity:
    """Return what the page says of itself where its address asks a question: that comes first."""
    query = parse_qs(scope["query_string"].decode("ascii", "replace")).get("q", [""])[0]
    subject = strings.subject(query)
    return replace(identity, title=f"{subject} · {identity.title}") if subject else identity


def _first(header: str) -> str:
    return header.partition(",")[0].strip().lower()
