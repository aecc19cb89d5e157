"""The tools of assistants over stdin and stdout: an assistant starts this as a program of its own.

Messages of the Model Context Protocol are lines of JSON. Nothing else may reach stdout, so
whatever a library prints goes to stderr while the server runs.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from io import TextIOWrapper
from typing import Any

import anyio
from anyio import to_thread
from mcp import types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

from rftsearch import __version__
from rftsearch.errors import RftsearchError
from rftsearch.search.engine import Engine
from rftsearch.tools.assistants import AssistantTools
from rftsearch.tools.instructions import instructions

__all__ = ["serve_stdio"]


def serve_stdio(engine: Engine) -> None:
    """Answer an assistant until it closes stdin.

    Args:
        engine: What answers; the caller closes it.

    Raises:
        OSError: stdin or stdout cannot be used.
    """
    server: Server[Any, Any] = Server(
        "rftsearch", version=__version__, instructions=instructions(engine)
    )
    own = AssistantTools(engine)

    async def list_tools() -> list[types.Tool]:
        return own.tools()

    async def call_tool(name: str, arguments: dict[str, Any]) -> types.CallToolResult:
        try:
            # As many threads as the library allows; the engine bounds what computes at once.
            return await to_thread.run_sync(partial(own.call, name, arguments))
        except RftsearchError as error:
            return _failed(str(error))
        except Exception:
            logging.getLogger(__name__).exception("a call failed")
            return _failed("rftsearch failed on this call; its log, on stderr, says why")

    # Its warnings put the names of tools into the log as they were sent.
    logging.getLogger("mcp.server.lowlevel.server").setLevel(logging.ERROR)
    server.list_tools()(list_tools)  # type: ignore[no-untyped-call]
    # Our own errors name the argument; those of the library's check do not.
    server.call_tool(validate_input=False)(call_tool)

    async def serve() -> None:
        with _own_stdout() as (sent, answers):
            async with stdio_server(anyio.wrap_file(sent), anyio.wrap_file(answers)) as streams:
                await server.run(streams[0], streams[1], server.create_initialization_options())

    try:
        anyio.run(serve)
    except BaseExceptionGroup as group:
        # Streams within that close while an answer is under way: the assistant has left.
        rest = group.split((anyio.BrokenResourceError, anyio.ClosedResourceError))[1]
        failed = rest.split(OSError)[1] if rest else None
        if failed:
            raise
        if rest:
            raise _first(rest) from None


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the first error within a group."""
    error = group.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error


@contextmanager
def _own_stdout() -> Iterator[tuple[TextIOWrapper, TextIOWrapper]]:
    """Give stdin and stdout to the protocol alone, in UTF-8, whatever the terminal's encoding."""
    sent = TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")
    answers = TextIOWrapper(sys.stdout.buffer, encoding="utf-8")
    printed, sys.stdout = sys.stdout, sys.stderr
    try:
        yield sent, answers
    finally:
        sys.stdout = printed
        for stream in (sent, answers):  # Else the end of this function would close the originals.
            stream.detach()


def _failed(text: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=text)], isError=True)
