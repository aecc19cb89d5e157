"""A page served for a test."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from rftsearch import Engine
from rftsearch.ui import build_page, serve

Value = TypeVar("Value")


def in_a_loop(ask: Callable[[], Coroutine[None, None, Value]]) -> Value:
    """Run a coroutine in a thread of its own: the loop of this one may be the browser's."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(ask())).result()


def a_free_port() -> int:
    """A port that nobody listens on: Gradio leaves a socket open for each one it finds taken."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def served(
    engine: Engine, port: int | None = None, tabs=None, about=None, **options
) -> Iterator[str]:
    """Serve the page over an engine, as `launch` does; its address."""

    async def start():
        page = build_page(engine, tabs, about)
        return page, serve(page, port=port or a_free_port(), **options)

    # Where no loop is running Gradio makes some and never closes them.
    page, address = in_a_loop(start)
    try:
        yield address
    finally:
        page.close(verbose=False)
