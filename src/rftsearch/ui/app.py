"""The page put together, and the server under it."""

from __future__ import annotations

import io
import os
import re
import socket
import webbrowser
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout, suppress
from pathlib import Path
from threading import Event, Thread

import gradio as gr
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from rftsearch.errors import RftsearchError, UsageError
from rftsearch.search.engine import Engine
from rftsearch.ui import text
from rftsearch.ui.api import add_endpoints, answer_tools_in_json
from rftsearch.ui.guard import ACCOUNTS_VARIABLE, Guard, read_accounts
from rftsearch.ui.handlers import PAGE_SIZE, Desk
from rftsearch.ui.plain import search_route
from rftsearch.ui.layout import search_form, tabs
from rftsearch.ui.styles import FAVICON, head, theme

__all__ = ["build_page", "launch", "serve"]

_SCRIPT = Path(__file__).with_name("page.js")
# Runs as soon as an answer is on the page, before it is painted.
_SHOWN = "watch('value', () => document.dispatchEvent(new Event('rftsearch:shown')));"
# Run after every answer, and after every question that came to nothing.
_ANSWERED = "() => { document.dispatchEvent(new Event('rftsearch:answered')); }"
_FAILED = "() => { document.dispatchEvent(new Event('rftsearch:failed')); }"


def build_page(engine: Engine) -> gr.Blocks:
    """Lay out the page and its public endpoints over an engine."""
    desk = Desk(engine)
    top, filters, answer = desk.show(None)

    def suggest(typed: str) -> list[dict[str, str]]:
        # Gradio marks the function it may call, and a method cannot be marked.
        return desk.suggest(typed)

    with gr.Blocks(title=text.NAME, analytics_enabled=False, fill_width=True) as page:
        masthead = _part(top, "masthead")
        # The page's memory: its value is the view that the script asks for. The
        # markup goes in as a prop, for a template's own text is run as code.
        view = gr.HTML(
            value={},
            html_template="${markup}",
            markup=search_form(text.examples(engine.status(), engine.categories())),
            step=PAGE_SIZE,
            js_on_load=_SCRIPT.read_text("utf-8"),
            apply_default_css=False,
            server_functions=[suggest],
            elem_id="ask",
        )
        with gr.Row(elem_id="body"):
            panel = _part(filters, "panel")
            with gr.Column(elem_id="main"):
                _part(tabs(), "tabs")
                _part("", "map-panel")
                _part("", "timeline-panel")
                found = _part(answer, "found", _SHOWN)
        asked = view.ask(
            desk.show,
            view,
            [masthead, panel, found],
            queue=False,
            show_progress="hidden",
            trigger_mode="multiple",
            api_visibility="private",
        )
        asked.success(None, js=_ANSWERED)
        asked.failure(None, js=_FAILED)
        add_endpoints(engine)
    return page


def _part(markup: str, name: str, script: str | None = None) -> gr.HTML:
    return gr.HTML(markup, elem_id=name, apply_default_css=False, js_on_load=script)


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
    host = host or os.environ.get("GRADIO_SERVER_NAME") or "127.0.0.1"
    with redirect_stdout(io.StringIO()):  # `quiet` does not reach the lines about MCP
        _, address, _ = page.launch(
            server_name=host,
            server_port=_free_port(host, port or int(os.environ.get("GRADIO_SERVER_PORT", "0"))),
            root_path=_root_path(root_path),
            auth=list(accounts.items()) if accounts else None,
            app_kwargs={
                "routes": list(routes),
                "middleware": [Middleware(Guard, accounts=accounts or {})],
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
            footer_links=["api"],
            favicon_path=FAVICON,
            theme=theme(),
            head=head(),
        )
    answer_tools_in_json(page)
    return str(address)


def _root_path(path: str | None) -> str | None:
    """The root path without a slash at its end."""
    if path is None:
        return None
    if not re.fullmatch(r"(https?://[^/?#\s]+)?(/[\w.~-]+)*/?", path, re.ASCII):
        raise UsageError(f"{path!r} is no root path; write it like /papers")
    return path.rstrip("/")


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
    accounts = read_accounts(auth, os.environ.get(ACCOUNTS_VARIABLE))
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
            (announce or _print)(f"{text.NAME} answers at {address} (Ctrl-C ends it)")
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
        engine.search(text.NAME, k=1)


def _reach_loopback_directly() -> None:
    """Keep a proxy from standing between Gradio and its own server, which it asks if it is up."""
    known = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    names = dict.fromkeys([*filter(None, known.split(",")), "localhost", "127.0.0.1"])
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = ",".join(names)
