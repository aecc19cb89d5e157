"""Headers of every response: what the page forbids the browser, and no leave for other sites."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from rftsearch.settings import setting

__all__ = ["PolicyHeaders", "policy"]

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]


def policy() -> str:
    """The content policy: as strict as Gradio's inline scripts and templates allow.

    Nothing is loaded from, sent to or framed by another host. On a Space, which
    is shown within a page of its host, that one may frame it too.
    """
    framing = "'self'"
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

    def __init__(self, app: Application) -> None:
        """Wrap an ASGI application."""
        self._app = app
        self._headers = [
            (b"content-security-policy", policy().encode("ascii")),
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
                message = {**message, "headers": [*kept, *self._headers]}
            await send(message)

        await self._app(scope, receive, send_with_policy)
