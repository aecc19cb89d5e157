"""The server under the page: its address, its login, its routes."""

from __future__ import annotations

import io
import os
import re
import socket
import webbrowser
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout, suppress
from functools import partial
from pathlib import Path
from threading import Event, Thread

import gradio as gr
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from rftsearch.errors import RftsearchError, UsageError
from rftsearch.search.engine import Engine
from rftsearch.settings import (
    ACCOUNTS_VARIABLE,
    SERVER_NAME_VARIABLE,
    SERVER_PORT_VARIABLE,
    setting,
)
from rftsearch.ui.page import strings
from rftsearch.ui.page.build import build_page
from rftsearch.ui.page.plots import plotly_route
from rftsearch.ui.page.styles import FAVICON, head, theme
from rftsearch.ui.server.auth import Guard, read_accounts
from rftsearch.ui.server.endpoints import answer_tools_in_json
from rftsearch.ui.server.headers import PolicyHeaders
from rftsearch.ui.server.rest import search_route

__all__ = ["launch", "serve"]

STATUS_EVERY = 1.0
"""Seconds after which those who wait are told their place. Gradio's own way is to tell
all of them whenever one is served: of fifty, fifty messages a call."""


def serve(
    page: gr.Blocks,
    host: str | None = None,
    port: int | None = None,
    *,
    root_path: str | None = None,
    accounts: Mapping[str, str] | None = None,
    routes: Sequence[BaseRoute] = (),
) -> str:
    """Start serving a page, its endpoints and its MCP server, and return its address.

    Args:
        page: What `build_page` made.
        host: Address to listen on; None for `GRADIO_SERVER_NAME`, else loopback.
        port: None for `GRADIO_SERVER_PORT`, else the first free one from 7860.
        root_path: Where a proxy shows the page: `/papers`, or a whole address. None for
            `GRADIO_ROOT_PATH`, else the top.
        accounts: Passwords by name, one of which is asked for; none for a page open to all.
        routes: What else the server answers.

    Raises:
        UsageError: The port is taken, the address is none of this machine, or the root
            path is none.
    """
    _reach_loopback_directly()
    host = host or setting(SERVER_NAME_VARIABLE) or "127.0.0.1"
    path = _root_path(root_path)
    port = _free_port(host, port or _port_of_environment())
    _describe_once(page)
    page.queue(status_update_rate=STATUS_EVERY)
    with redirect_stdout(io.StringIO()):  # `quiet` does not reach the lines about MCP
        _, address, _ = page.launch(
            server_name=host,
            server_port=port,
            root_path=path,
            auth=list(accounts.items()) if accounts else None,
            app_kwargs={
                "routes": [plotly_route(), *routes],
                "middleware": [
                    Middleware(PolicyHeaders),
                    Middleware(Guard, accounts=accounts or {}),
                ],
            },
            mcp_server=True,
            prevent_thread_lock=True,
            quiet=True,
            share=False,
            ssr_mode=False,
            pwa=False,
            run_history=False,
            enable_monitoring=False,
            max_file_size=1,  # nothing on this page takes a file
            # Gradio takes every call of a program for a visitor of its own and remembers
            # 10,000 of them, 0.1 MB each. There is nothing to remember of any.
            state_session_capacity=100,
            footer_links=["api"],
            favicon_path=FAVICON,
            theme=theme(),
            head=head(),
        )
    answer_tools_in_json(page)
    return str(address)


def _describe_once(page: gr.Blocks) -> None:
    """Keep what Gradio says of each part of the page.

    It describes all of them anew for each caller, looking through the scripts for every
    name that it misses: two fifths of the processor time of a call. They never change.
    """
    for block in page.blocks.values():
        block.get_config = partial(dict, block.get_config())  # a new one each: it is changed


def _root_path(path: str | None) -> str | None:
    """The root path without a slash at its end."""
    if path is None:
        return None
    if not re.fullmatch(r"(https?://[^/?#\s]+)?(/[\w.~-]+)*/?", path, re.ASCII):
        raise UsageError(f"{path!r} is no root path; write it like /papers")
    return path.rstrip("/")


def _port_of_environment() -> int:
    """What `GRADIO_SERVER_PORT` says, which Gradio would read as well; 0 where it is not set."""
    named = setting(SERVER_PORT_VARIABLE) or "0"
    if not (named.isascii() and named.isdecimal()):
        raise UsageError(f"GRADIO_SERVER_PORT is {named!r}; give a number from 1 to 65535")
    return int(named)


def _free_port(host: str, port: int) -> int:
    """The port if it can be listened on; for 0 the first one that can, from Gradio's usual one."""
    if not 0 <= port <= 65535:
        raise UsageError(f"{port} is no port; give one from 1 to 65535")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    problem = OSError("no port is free")
    for candidate in [port] if port else range(7860, 7960):
        try:
            with socket.create_server((host.strip("[]"), candidate), family=family):
                return candidate
        except (UnicodeError, TypeError):  # Letters that no name in DNS has.
            raise UsageError(f"{host!r} is not a host name; try another --host") from None
        except OSError as error:
            problem = error
    reason = problem.strerror or str(problem)
    where = f"{host}:{port}" if port else host
    raise UsageError(f"cannot listen on {where} ({reason}); try another --port or --host")


def _print(line: str) -> None:
    print(line, flush=True)  # At once, also where the output is a file that someone reads.


def launch(
    index: Engine | str | Path | None = None,
    *,
    host: str | None = None,
    port: int | None = None,
    root_path: str | None = None,
    auth: Path | None = None,
    browser: bool = False,
    announce: Callable[[str], None] | None = None,
) -> None:
    """Serve the page until it is interrupted.

    Args:
        index: An open engine, or the folder of an index; None for the default one.
        host: See `serve`.
        port: See `serve`.
        root_path: See `serve`.
        auth: File of lines `name:password`; None for those of `RFTSEARCH_AUTH`, if any.
        browser: Whether to open the page in the user's browser.
        announce: Called with the address once it answers; None prints it.

    Raises:
        IndexStateError: There is no index, or none that can be used.
        UsageError: See `serve` and `read_accounts`.
    """
    accounts = read_accounts(auth, setting(ACCOUNTS_VARIABLE))
    engine = index if isinstance(index, Engine) else Engine.open(index)
    try:
        page = build_page(engine)
        try:
            address = serve(
                page,
                host,
                port,
                root_path=root_path,
                accounts=accounts,
                routes=[search_route(engine)],
            )
            (announce or _print)(f"{strings.NAME} answers at {address} (Ctrl-C ends it)")
            Thread(target=_warm, args=(engine,), daemon=True).start()
            if browser:
                webbrowser.open(address)
            with suppress(KeyboardInterrupt):
                Event().wait()
        finally:
            page.close(verbose=False)
    finally:
        if engine is not index:
            engine.close()


def _warm(engine: Engine) -> None:
    """Load the model before the first question has to wait for it."""
    with suppress(RftsearchError):  # the question will say it
        engine.search(strings.NAME, k=1)


def _reach_loopback_directly() -> None:
    """Keep a proxy from standing between Gradio and its own server, which it asks if it is up."""
    known = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    names = dict.fromkeys([*filter(None, known.split(",")), "localhost", "127.0.0.1"])
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = ",".join(names)
