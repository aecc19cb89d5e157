"""`rftsearch app`: serve the page."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from rftsearch.cli.command import Option, OptionGroup, command
from rftsearch.cli.living.discover import DECISIONS
from rftsearch.cli.options import INDEX
from rftsearch.errors import UsageError
from rftsearch.papers.about import ListAbout
from rftsearch.settings import ACCOUNTS_VARIABLE, index_place

__all__ = ["serve"]


def _about(*, title: str | None, home: str | None, description: str | None) -> ListAbout:
    return ListAbout(title=title or "", description=description or "", home=home or "")


ABOUT = OptionGroup(
    "about",
    _about,
    Option("--title", help="its name; by default the names of its lists"),
    Option(
        "--home",
        metavar="ADDRESS",
        help="web address where the list is kept, for a link; by default what the list says",
    ),
    Option(
        "--description",
        metavar="TEXT",
        help="what the list is about, in a sentence or two; by default what it says",
    ),
    title="what stands in the head of the page",
)


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
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="name under which a proxy shows the page; repeatable, * for every name. Requests "
        "under other names than those of the address are refused.",
    ),
    Option(
        "--embed-from",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="origin whose pages may show this one in a frame, such as https://example.org; "
        "repeatable. By default no other site may.",
    ),
    Option(
        "--allow-origin",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="origin whose scripts may send plain requests to /api/, such as "
        "https://example.org; repeatable, * for every site. By default none may.",
    ),
    ABOUT,
    Option(
        "--curate",
        action="store_true",
        help='show the tab "New" to whoever keeps the list: candidates to accept and dismiss, '
        "synchronising, and what changed. Only for a page on your own machine.",
    ),
    DECISIONS,
    Option(
        "--browser",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="open the page in a browser",
    ),
    INDEX,
)
def serve(  # noqa: PLR0913 - each is an option
    *,
    host: str,
    port: int | None,
    root_path: str | None,
    auth: Path | None,
    allow_host: list[str],
    embed_from: list[str],
    allow_origin: list[str],
    about: ListAbout,
    curate: bool,
    decisions: Path | None,
    browser: bool,
    index: Path | None,
) -> None:
    """Open the page."""
    folder = index_place(index)
    if decisions is not None and not curate:
        raise UsageError("--decisions is for the tab of --curate; give both or neither")
    try:
        Path.cwd()
    except FileNotFoundError:
        os.chdir("/")  # Gradio asks for the working folder, but this one was deleted.
    from rftsearch.ui import launch
    from rftsearch.ui.head.identity import chosen_about

    launch(
        folder,
        host=host,
        port=port,
        root_path=root_path,
        auth=auth,
        allowed_hosts=allow_host,
        embed_from=embed_from,
        allow_origins=allow_origin,
        about=chosen_about(about.title, about.home, about.description),
        browser=browser,
        curate=curate,
        decisions=decisions,
    )
