"""The command line: `rftsearch COMMAND`.

Answers go to standard output, everything about them to standard error. What
costs time to import is imported by the command that needs it.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from rftsearch import console
from rftsearch.cli_answers import index_folder, make_filters
from rftsearch.cli_evaluate import evaluate
from rftsearch.cli_export import export
from rftsearch.cli_options import (
    AsJson,
    Category,
    Generative,
    Has,
    Index,
    Kind,
    PaperName,
    Since,
    Until,
    make_snapshot,
)
from rftsearch.cli_overview import map_papers, timeline
from rftsearch.cli_search import search, similar
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


@app.command()
def build(
    sources: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[SOURCE]...",
            help="Markdown lists; with no source named those of the index, for a new one the "
            "catalogue that comes with rftsearch.",
            show_default=False,
        ),
    ] = None,
    arxiv_snapshot: Annotated[
        Path | None,
        typer.Option(
            "--arxiv-snapshot",
            metavar="FILE",
            help="arXiv's metadata snapshot, one JSON object a line, plain or as gz, xz or zst.",
        ),
    ] = None,
    arxiv_category: Annotated[
        list[str] | None,
        typer.Option(
            "--arxiv-category",
            metavar="CATEGORY,...",
            help="Of the snapshot, only papers in one of these: cs.CV,cs.CL, or cs for all of cs.",
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="DAY",
            help="Of the snapshot, only papers whose first version is of then or later: "
            "2024, 2024-01 or 2024-01-15.",
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            help="Embedding model: a hub id, a folder, or `static` for one made from the "
            "papers themselves, which is fast enough for millions; by default the index's "
            "own, at first all-MiniLM-L6-v2.",
        ),
    ] = None,
    abstracts: Annotated[
        Path | None,
        typer.Option("--abstracts", metavar="FILE", help="JSONL file of abstracts to read first."),
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask arXiv.")] = False,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Fetch again what was fetched before.")
    ] = False,
    repair: Annotated[
        bool,
        typer.Option(
            "--repair", help="Only write the derived files anew from the store; nothing is read."
        ),
    ] = False,
    index: Index = None,
) -> None:
    """Build or update the index: read lists and snapshots, fetch abstracts, embed, publish."""
    from rftsearch.index.build import build_index, repair_index  # noqa: PLC0415 - heavy

    folder = index_folder(index)
    snapshot = make_snapshot(arxiv_snapshot, arxiv_category, since)
    started = time.monotonic()
    with console.progress() as tell:
        if repair:
            manifest = repair_index(folder, tell)
            console.say(f"Repaired {folder}: generation {manifest.generation}.")
            console.show_notes(manifest.without_light_form)
            return
        report = build_index(
            folder,
            [*(sources or ()), *([snapshot] if snapshot else [])],
            model=model,
            abstracts=abstracts,
            offline=offline,
            refresh=refresh,
            progress=tell,
        )
    console.show_report(report, time.monotonic() - started)


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
        console.show_paper(engine.paper(paper), as_json)


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
    as_json: AsJson = False,
    index: Index = None,
) -> None:
    """List the papers, newest first."""
    filters = make_filters(category, since, until, has, kind, generative)
    with Engine.open(index_folder(index)) as engine:
        console.show_list(engine.papers(filters, count), as_json)


@app.command()
def categories(as_json: AsJson = False, index: Index = None) -> None:
    """Name the categories, with the number of works in each."""
    with Engine.open(index_folder(index)) as engine:
        console.show_categories(engine.categories(), as_json)


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
    from rftsearch.index.status import read_status, verify_index  # noqa: PLC0415

    folder = index_folder(index)
    if verify:
        verify_index(folder)
    console.show_status(read_status(folder), as_json, verified=verify)


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
    with console.explained():
        app()
