"""Headers of every response: what the page forbids the browser, and who else may read it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from rftsearch.errors import UsageError
from rftsearch.settings import EMBED_FROM_VARIABLE, setting

__all__ = ["PolicyHeaders", "framing_origins", "origin_of", "policy"]

_ORIGIN = re.compile(
    r"(?P<origin>https?://(?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])"
    r"(?::(?P<port>[0-9]{1,5}))?)/?"
)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]


def framing_origins(given: Iterable[str]) -> tuple[str, ...]:
    """Return the origins whose pages may show this one in a frame.

    Args:
        given: `https://example.org`, besides those that `RFTSEARCH_EMBED_FROM` names, with
            commas or spaces between them.

    Raises:
        UsageError: One of them is not an origin: a scheme and a host, perhaps a port.
    """
    named = re.split(r"[,\s]+", setting(EMBED_FROM_VARIABLE) or "")
    return tuple(dict.fromkeys(origin_of(one) for one in (*given, *filter(None, named))))


def origin_of(text: str) -> str:
    """Return an origin in the form in which browsers send it.

    Raises:
        UsageError: The text is not an origin: a scheme, a host, and perhaps a port.
    """
    found = _ORIGIN.fullmatch(text.strip().lower())
    if not found or not 0 < int(found["port"] or 1) < 65536:
        raise UsageError(
            f"{text!r} is not an origin; write scheme and host alone, like https://example.org"
        )
    return found["origin"]


def policy(framers: Iterable[str] = ()) -> str:
    """The content policy: as strict as Gradio's inline scripts and templates allow.

    Nothing is loaded from or sent to another host. On a Space, which is shown within a page
    of its host, that one may frame it; otherwise only `framers` may.
    """
    framing = " ".join(("'self'", *framers))
    if host := setting("SPACE_HOST"):
        # `owner-name.hf.space` is framed by the site it belongs to.
        framing += f" https://{host} https://huggingface.co"
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "worker-src 'self' blob:",
            "connect-src 'self'",
            "form-action 'self'",
            "object-src 'none'",
            # Gradio's page sets one, `./`, which changes nothing; all would work under
            # 'none' too, but for a complaint of the browser's at each visit.
            "base-uri 'self'",
            f"frame-ancestors {framing}",
        )
    )


class PolicyHeaders:
    """Adds the policy to every response, and takes away what lets other sites read it.

    Gradio allows every site to read its answers (`Access-Control-Allow-Origin`).
    """

    def __init__(
        self,
        app: Application,
        framers: Iterable[str] = (),
        leave: Callable[[Message], list[tuple[bytes, bytes]]] = lambda _: [],
    ) -> None:
        """Wrap an ASGI application.

        Args:
            app: What answers.
            framers: Origins whose pages may frame it.
            leave: Returns headers for a request: what lets its site read the answer.
        """
        self._app, self._leave = app, leave
        self._headers = [
            (b"content-security-policy", policy(framers).encode("ascii")),
            (b"referrer-policy", b"no-referrer"),
            (b"x-content-type-options", b"nosniff"),
        ]

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = (
                    (name, value)
                    for name, value in message.get("headers", ())
                    if not name.lower().startswith(b"access-control-")
                )
                message = {**message, "headers": [*kept, *self._headers, *self._leave(scope)]}
            await send(message)

        await self._app(scope, receive, send_with_policy)
