"""Every route of the server: ours, and the few of Gradio's that the page needs.

Gradio has some sixty routes. Among them are routes that take files, fetch addresses that
a visitor gives, or print what a visitor sends. Only those in `OF_GRADIO` are answered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Router
from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["OF_GRADIO", "router"]

OF_GRADIO: tuple[tuple[str, frozenset[str]], ...] = (
    (r"/", frozenset({"GET", "HEAD"})),
    (r"/config", frozenset({"GET"})),
    (r"/theme\.css", frozenset({"GET"})),
    (r"/favicon\.ico", frozenset({"GET"})),
    (r"/robots\.txt", frozenset({"GET"})),
    (r"/(assets|static)/[\w./-]+", frozenset({"GET"})),
    (r"/gradio_api/info", frozenset({"GET"})),
    (r"/gradio_api/app_id", frozenset({"GET"})),
)
"""Patterns of whole paths, with the methods that are answered."""


def router(routes: Sequence[BaseRoute], gradio: ASGIApp) -> Router:
    """Return what answers: our routes, then those of Gradio that are allowed, then 404."""
    return Router(routes, redirect_slashes=False, default=_Allowed(gradio))


class _Allowed:
    """Lets through to Gradio what `OF_GRADIO` names."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        for pattern, methods in OF_GRADIO:
            if re.fullmatch(pattern, scope["path"], re.ASCII):
                if scope["method"] in methods:
                    await self._app(scope, receive, send)
                    return
                allowed = {"Allow": ", ".join(sorted(methods))}
                answer = JSONResponse({"error": "method not allowed"}, 405, headers=allowed)
                await answer(scope, receive, send)
                return
        answer = JSONResponse({"error": "there is nothing at this address"}, 404)
        await answer(scope, receive, send)
