"""The command line: `rftsearch COMMAND`.

Answers go to standard output, everything about them to standard error. What
costs time to import is imported by the command that needs it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, cast

import typer

from rftsearch.cli import terminal
from rftsearch.cli.answers import index_folder, make_filters
from rftsearch.cli.browse import map_papers, timeline
from rftsearch.cli.build import add, build, remove
from rftsearch.cli.evaluate import evaluate
from rftsearch.cli.export import export
from rftsearch.cli.options import (
    AsJson,
    Category,
    Generative,
    Has,
    Index,
    Kind,
    PaperName,
    Since,
    Until,
)
from rftsearch.cli.search import search, similar
from rftsearch.papers.results import Sort
from rftsearch.search.engine import Engine

__all__ = ["app", "main"]

app = typer.Typer(
    name="rftsearch",
    help="Search a curated list of research papers, and find papers like one you know.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


app.command()(build)
app.command()(add)
app.command()(remove)
app.command()(search)
app.command()(similar)
app.command()(export)


@app.command()
def show(
    paper: PaperName,
    as_json: AsJson = False,
    index: Index = None,
) -> None:
    """Show everything about one paper."""
    with Engine.open(index_folder(index)) as engine:
        terminal.show_paper(engine.paper(paper), as_json)


@app.command("list")
def list_papers(
    count: Annotated[
        int | None, typer.Option("-k", "--count", help="How many papers; all by default.")
    ] = None,
    category: Category = None,
    since: Since = None,
    until: Until = None,
    has: Has = None,
    kind: Kind = None,
    generative: Generative = None,
    sort: Annotated[
        str, typer.Option("--sort", metavar="ORDER", help="newest or oldest first.")
    ] = "newest",
    as_json: AsJson = False,
    index: Index = None,
) -> None:
    """List the papers, newest first unless --sort says otherwise."""
    filters = make_filters(category, since, until, has, kind, generative)
    with Engine.open(index_folder(index)) as engine:
        terminal.show_list(engine.papers(filters, count, sort=cast("Sort", sort)), as_json)


@app.command()
def categories(as_json: AsJson = False, index: Index = None) -> None:
    """Name the categories, with the number of works in each."""
    with Engine.open(index_folder(index)) as engine:
        terminal.show_categories(engine.categories(), as_json)


app.command("map")(map_papers)
app.command()(timeline)


@app.command()
def status(
    verify: Annotated[
        bool, typer.Option("--verify", help="Hash every file and check the store.")
    ] = False,
    as_json: AsJson = False,
    index: Index = None,
) -> None:
    """Say which index is used, and what is in it."""
    from rftsearch.index.generations.status import read_status, verify_index  # noqa: PLC0415

    folder = index_folder(index)
    if verify:
        verify_index(folder)
    terminal.show_status(read_status(folder), as_json, verified=verify)


app.command()(evaluate)


@app.command("app")
def run_app(
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; the default is this machine only.")
    ] = "127.0.0.1",
    port: Annotated[
        int | None, typer.Option("--port", help="Port; by default the first free one from 7860.")
    ] = None,
    root_path: Annotated[
        str | None,
        typer.Option("--root-path", metavar="PATH", help="Where a proxy shows it, like /papers."),
    ] = None,
    auth: Annotated[
        Path | None,
        typer.Option(
            "--auth",
            metavar="FILE",
            help="File of lines name:password, one of which is asked for; $RFTSEARCH_AUTH holds "
            "the same. Not the password itself, which every user of the machine could read.",
        ),
    ] = None,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")
    ] = True,
    index: Index = None,
) -> None:
    """Open the page."""
    from rftsearch.ui import launch  # noqa: PLC0415 - Gradio costs seconds

    launch(
        index_folder(index), host=host, port=port, root_path=root_path, auth=auth, browser=browser
    )


@app.callback(invoke_without_command=True)
def _about(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", is_eager=True)
    ] = False,
) -> None:
    if version:
        from rftsearch import __version__  # noqa: PLC0415 - circular at import

        typer.echo(f"rftsearch {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command line; the entry point of `rftsearch`.

    Exit codes: 0 done, 1 it failed, 2 it was asked wrongly, 130 interrupted. Where
    the reader of the output has had enough, it ends quietly with 1.
    """
    with terminal.explained():
        app()
