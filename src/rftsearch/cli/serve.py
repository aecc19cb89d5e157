"""`rftsearch app`: serve the page."""

from __future__ import annotations

import argparse
from pathlib import Path

from rftsearch.cli.command import Option, command
from rftsearch.cli.options import INDEX, index_folder
from rftsearch.settings import ACCOUNTS_VARIABLE

__all__ = ["serve"]


@command(
    Option(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="address to listen on; by default only this machine can reach the page",
    ),
    Option("--port", type=int, help="port; by default the first free one from 7860 on"),
    Option("--root-path", metavar="PATH", help="path of the page behind a proxy, such as /papers"),
    Option(
        "--auth",
        type=Path,
        metavar="FILE",
        help="file with one name:password in each line; visitors must log in with one of them. "
        f"${ACCOUNTS_VARIABLE} can hold the same lines.",
    ),
    Option(
        "--browser",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="open the page in a browser",
    ),
    INDEX,
)
def serve(
    *,
    host: str,
    port: int | None,
    root_path: str | None,
    auth: Path | None,
    browser: bool,
    index: Path | None,
) -> None:
    """Open the page."""
    from rftsearch.ui import launch

    launch(
        index_folder(index), host=host, port=port, root_path=root_path, auth=auth, browser=browser
    )
