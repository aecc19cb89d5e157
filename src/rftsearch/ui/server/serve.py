"""The server under the page: its address, its door, its routes."""

from __future__ import annotations

import re
import socket
import sys
import webbrowser
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlsplit

import gradio as gr
from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp

from rftsearch.errors import RftsearchError, UsageError
from rftsearch.living.labels.unlabelled import predicted
from rftsearch.look import strings
from rftsearch.look.sheets import FAVICON
from rftsearch.papers.about import ListAbout
from rftsearch.search.engine import Engine
from rftsearch.settings import (
    ACCOUNTS_VARIABLE,
    ALLOWED_HOSTS_VARIABLE,
    ROOT_PATH_VARIABLE,
    SERVER_NAME_VARIABLE,
    SERVER_PORT_VARIABLE,
    setting,
)
from rftsearch.ui.door.auth import Accounts, read_accounts
from rftsearch.ui.door.connections import BACKLOG
from rftsearch.ui.door.door import Door
from rftsearch.ui.door.headers import PolicyHeaders, framing_origins
from rftsearch.ui.door.hosts import Hosts
from rftsearch.ui.door.login import LoginDoor
from rftsearch.ui.door.other_sites import OtherSites, allowed_origins
from rftsearch.ui.door.routes import router
from rftsearch.ui.head.identity import chosen_about
from rftsearch.ui.head.link_preview import LinkPreview
from rftsearch.ui.head.picture import picture_route
from rftsearch.ui.living.curator import Curator
from rftsearch.ui.living.local import OnlyLocal, check_local
from rftsearch.ui.living.tab import new_tab
from rftsearch.ui.page.build import ListPage, build_page, default_tabs
from rftsearch.ui.page.plots import plotly_route
from rftsearch.ui.page.styles import head, theme
from rftsearch.ui.page.view import PAGE_SIZE
from rftsearch.ui.rest.functions import plain_endpoints
from rftsearch.ui.rest.routes import rest_routes
from rftsearch.ui.server.calls import Calls, endpoints_of
from rftsearch.ui.server.openapi import openapi_route
from rftsearch.ui.server.running import RunningServer
from rftsearch.ui.server.tools import tool_routes

__all__ = ["launch", "serve"]


def serve(
    page: gr.Blocks,
    host: str | None = None,
    port: int | None = None,
    *,
    root_path: str | None = None,
    accounts: Mapping[str, str] | None = None,
    allowed_hosts: Sequence[str] = (),
    embed_from: Sequence[str] = (),
    allow_origins: Sequence[str] = (),
    routes: Sequence[BaseRoute] = (),
    only_local: bool = False,
) -> str:
    """Start serving a page, its endpoints and its MCP server, and return its address.

    Args:
        page: What `build_page` made.
        host: Address to listen on; None for `GRADIO_SERVER_NAME`, else loopback.
        port: None for `GRADIO_SERVER_PORT`, else the first free one from 7860.
        root_path: Where a proxy shows the page: `/papers`, or a whole address. None for
            `GRADIO_ROOT_PATH`, else the top.
        accounts: Passwords by name; a visitor must give one of these pairs. Empty: no login.
        allowed_hosts: Names under which a proxy shows the page, besides those of
            `RFTSEARCH_ALLOWED_HOSTS`; see `Hosts`.
        embed_from: Origins whose pages may show this one in a frame, besides those of
            `RFTSEARCH_EMBED_FROM`: `https://example.org`.
        allow_origins: Origins whose scripts may send plain requests, besides those of
            `RFTSEARCH_ALLOW_ORIGIN`; see `OtherSites`.
        routes: What else the server answers.
        only_local: Whether the page changes things, so that nobody else may see it; see
            `rftsearch.ui.living.local`.

    Raises:
        UsageError: If the page is only for this machine and shown to others, the port is
            taken, the address is not one of this machine, or the root path, one of the names
            or one of the origins is malformed.
    """
    if only_local:
        check_local(host, root_path, allowed_hosts, embed_from, allow_origins)
    host = host or setting(SERVER_NAME_VARIABLE) or "127.0.0.1"
    root = _root_path(root_path if root_path is not None else setting(ROOT_PATH_VARIABLE))
    names = _names(root, allowed_hosts)
    hosts = Hosts(host, names)
    framers, origins = framing_origins(embed_from), allowed_origins(allow_origins)
    listening = _listen(host, port or _port_of_environment())
    try:
        port = listening.getsockname()[1]
        path = urlsplit(root).path
        known = Accounts(accounts or {})
        endpoints = endpoints_of(page)
        plain = plain_endpoints(page.engine) if isinstance(page, ListPage) else {}
        gradio = _gradio(page, root)
        own = [
            *Calls(page, endpoints).routes(),
            openapi_route(endpoints, plain, path, bool(known)),
            plotly_route(),
            *routes,
        ]
        shown = gradio
        if isinstance(page, ListPage):
            own += [picture_route(page.picture), *tool_routes(page, page.engine, path)]
            own += rest_routes(page.engine, plain, root)
            shown = LinkPreview(gradio, page.identity, page.picture.exists, root)
        app = router(own, shown)
        login, others = LoginDoor(known, f"rftsearch-{port}", path), OtherSites(origins, path)
        door = Door(GZipMiddleware(app, 2000, 4), hosts, known, login, path, others)
        first = OnlyLocal(door) if only_local else door
        outside = PolicyHeaders(first, framers, others.headers)
        server = RunningServer(outside, gradio, listening)
    except BaseException:
        listening.close()
        raise
    # What `page.close` ends.
    page.app, page.server, page.is_running = gradio, server, True
    name = f"[{host.strip('[]')}]" if ":" in host else host
    return f"http://{'localhost' if host == '0.0.0.0' else name}:{port}/"  # noqa: S104 - compared


def _gradio(page: gr.Blocks, root: str) -> ASGIApp:
    """Return Gradio's application for a page: the page itself, and the MCP server."""
    _describe_once(page)
    host = FastAPI()
    gr.mount_gradio_app(
        host,
        page,
        path="/",
        root_path=root,
        mcp_server=True,
        ssr_mode=False,
        pwa=False,
        run_history=False,
        enable_monitoring=False,
        footer_links=["api"],
        favicon_path=FAVICON,
        theme=theme(),
        head=head(),
    )
    [mounted] = [route.app for route in host.routes if isinstance(route, Mount)]
    return mounted


def _names(root: str, given: Sequence[str]) -> list[str]:
    """Return the names besides those of the address: of options, variables, a Space."""
    named = re.split(r"[,\s]+", setting(ALLOWED_HOSTS_VARIABLE) or "")
    of_root = urlsplit(root).hostname
    return [name for name in (*given, *named, of_root, setting("SPACE_HOST")) if name]


def _describe_once(page: gr.Blocks) -> None:
    """Keep Gradio's description of each part of the page.

    Gradio describes all parts again for each visitor, and looks through the scripts for
    every name that it misses. The parts never change.
    """
    for block in page.blocks.values():
        block.get_config = partial(dict, block.get_config())  # a new one each: it is changed


def _root_path(path: str | None) -> str:
    """Return the root path without a slash at its end; nothing for the top."""
    if not path:
        return ""
    if not re.fullmatch(r"(https?://[^/?#\s]+)?(/[\w.~-]+)*/?", path, re.ASCII):
        raise UsageError(f"{path!r} is not a root path; write it like /papers")
    return path.rstrip("/")


def _port_of_environment() -> int:
    """Return the port in `GRADIO_SERVER_PORT`; 0 if it is not set."""
    named = setting(SERVER_PORT_VARIABLE) or "0"
    if not (named.isascii() and named.isdecimal()):
        raise UsageError(f"GRADIO_SERVER_PORT is {named!r}; give a number from 1 to 65535")
    return int(named)


def _listen(host: str, port: int) -> socket.socket:
    """Listen on a port; for 0 on the first free one, from Gradio's usual one."""
    if not 0 <= port <= 65535:
        raise UsageError(f"{port} is not a port; give one from 1 to 65535")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    problem = OSError("no port is free")
    for candidate in [port] if port else range(7860, 7960):
        try:
            return socket.create_server(
                (host.strip("[]"), candidate), family=family, backlog=BACKLOG
            )
        except (UnicodeError, TypeError):  # Letters that no name in DNS has.
            raise UsageError(f"{host!r} is not a host name; try another --host") from None
        except OSError as error:
            problem = error
    reason = problem.strerror or str(problem)
    where = f"{host}:{port}" if port else host
    raise UsageError(f"cannot listen on {where} ({reason}); try another --port or --host")


def _print(line: str) -> None:
    print(line, flush=True)  # At once, also where the output is a file that someone reads.


def launch(  # noqa: PLR0913 - each is an option
    index: Engine | str | Path | None = None,
    *,
    host: str | None = None,
    port: int | None = None,
    root_path: str | None = None,
    auth: Path | None = None,
    allowed_hosts: Sequence[str] = (),
    embed_from: Sequence[str] = (),
    allow_origins: Sequence[str] = (),
    about: ListAbout | None = None,
    browser: bool = False,
    curate: bool = False,
    decisions: Path | None = None,
    announce: Callable[[str], None] | None = None,
) -> None:
    """Serve the page until it is interrupted.

    Args:
        index: An open engine, or the folder of an index; None for the default one.
        host: See `serve`.
        port: See `serve`.
        root_path: See `serve`.
        auth: File of lines `name:password`; None for those of `RFTSEARCH_AUTH`, if any.
        allowed_hosts: See `serve`.
        embed_from: See `serve`.
        allow_origins: See `serve`.
        about: Title, description and home of the page; None for those of `RFTSEARCH_TITLE`,
            `RFTSEARCH_DESCRIPTION` and `RFTSEARCH_HOME`. What is empty comes from the lists.
        browser: Whether to open the page in the user's browser.
        curate: Whether to show the tab "New" to whoever keeps the list; see
            `rftsearch.ui.living.local`.
        decisions: The file of what was accepted and dismissed; None for that of the command
            line.
        announce: Called with the address once it answers; None prints it.

    Raises:
        IndexStateError: If there is no index, or it cannot be used.
        UsageError: See `serve`, `read_accounts` and `chosen_about`.
    """
    about = chosen_about() if about is None else about
    accounts = read_accounts(auth, setting(ACCOUNTS_VARIABLE))
    if curate:  # Before anything is opened.
        check_local(host, root_path, allowed_hosts, embed_from, allow_origins)
    engine = index if isinstance(index, Engine) else Engine.open(index)
    try:
        tabs = (*default_tabs(), new_tab(Curator(engine, decisions))) if curate else None
        page = build_page(engine, tabs, about)
        try:
            address = serve(
                page,
                host,
                port,
                root_path=root_path,
                accounts=accounts,
                allowed_hosts=allowed_hosts,
                embed_from=embed_from,
                allow_origins=allow_origins,
                only_local=curate,
            )
            (announce or _print)(f"{strings.NAME} answers at {address} (Ctrl-C ends it)")
            for note in engine.status().notes:  # Visitors could do nothing about them.
                print(f"note: {note}", file=sys.stderr, flush=True)
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
        predicted(engine, engine.papers(limit=PAGE_SIZE))
