"""`rftsearch mcp`: serve an assistant that starts this program."""

from __future__ import annotations

from pathlib import Path

from rftsearch.cli.command import command
from rftsearch.cli.options import INDEX
from rftsearch.settings import index_place

__all__ = ["mcp"]


@command(INDEX)
def mcp(*, index: Path | None) -> None:
    """Answer an assistant over stdin and stdout (MCP); the assistant starts this command."""
    from rftsearch.search.engine import Engine
    from rftsearch.tools.stdio import serve_stdio

    with Engine.open(index_place(index)) as engine:
        serve_stdio(engine)
