"""The command line: `rftsearch COMMAND`.

Answers go to standard output, everything about them to standard error. What
costs time to import is imported by the command that needs it.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from rftsearch import console
from rftsearch.cli_evaluate import evaluate
from rftsearch.errors import RftsearchError, UsageError
from rftsearch.index.location import INDEX_VARIABLE, default_index
from rftsearch.records import Filters
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

Index = Annotated[
    Path | None,
    typer.Option(
        "--index",
        metavar="DIR",
        help=f"Index folder; by default ${INDEX_VARIABLE}, the checkout's index/, "
        "or the user's data folder.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Count = Annotated[int, typer.Option("-k", "--count", help="How many papers at the most.")]
Category = Annotated[
    list[str] | None,
    typer.Option("--category", "-c", help="Only this category, in any case; may be repeated."),
]
Since = Annotated[
    str | None, typer.Option("--since", metavar="YYYY-MM", help="Released in that month or later.")
]
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="YYYY-MM", help="Released in that month or earlier."),
]
Has = Annotated[
    list[str] | None,
    typer.Option(
        "--has", help="Only with such a link: code, model, dataset, demo ...; may be repeated."
    ),
]
Kind = Annotated[str | None, typer.Option("--kind", help="Only this kind: paper or project.")]
Generative = Annotated[
    bool | None,
    typer.Option("--generative/--not-generative", help="Only works on generation, or none."),
]


@app.command()
def build(
    sources: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[SOURCE]...",
            help="Markdown lists; none for the catalogue that comes with rftsearch.",
            show_default=False,
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            help="Embedding model: a hub id or a folder; by default the index's own, "
            "at first all-MiniLM-L6-v2.",
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
    """Build or update the index: read lists, fetch abstracts, embed, publish."""
    from rftsearch.index.build import build_index, repair_index  # noqa: PLC0415 - heavy

    folder = _folder(index)
    started = time.monotonic()
    with console.progress() as tell:
        if repair:
            manifest = repair_index(folder, tell)
            console.say(f"Repaired {folder}: generation {manifest.generation}.")
            return
        report = build_index(
            folder,
            sources or (),
            model=model,
            abstracts=abstracts,
            offline=offline,
            refresh=refresh,
            progress=tell,
        )
    console.show_report(report, time.monotonic() - started)


@app.command()
def search(
    query: Annotated[list[str], typer.Argument(help="What the papers should be about.")],
    count: Count = 10,
    category: Category = None,
    since: Since = None,
    until: Until = None,
    has: Has = None,
    kind: Kind = None,
    generative: Generative = None,
    as_json: AsJson = False,
    index: Index = None,
) -> None:
    """Find the papers that answer a question or fit a description."""
    filters = _filters(category, since, until, has, kind, generative)
    with Engine.open(_folder(index)) as engine:
        console.show_results(engine.search(" ".join(query), count, filters), as_json)


@app.command()
def similar(
    paper: Annotated[str, typer.Argument(help="arXiv id or URL, short name, or title.")],
    count: Count = 10,
    category: Category = None,
    since: Since = None,
    until: Until = None,
    has: Has = None,
    kind: Kind = None,
    generative: Generative = None,
    as_json: AsJson = False,
    index: Index = None,
) -> None:
    """Find papers like one of the index."""
    filters = _filters(category, since, until, has, kind, generative)
    with Engine.open(_folder(index)) as engine:
        console.show_results(engine.similar(paper, count, filters), as_json)


@app.command()
def show(
    paper: Annotated[str, typer.Argument(help="arXiv id or URL, short name, or title.")],
    as_json: AsJson = False,
    index: Index = None,
) -> None:
    """Show everything about one paper."""
    with Engine.open(_folder(index)) as engine:
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
    filters = _filters(category, since, until, has, kind, generative)
    with Engine.open(_folder(index)) as engine:
        console.show_list(engine.papers(filters, count), as_json)


@app.command()
def categories(as_json: AsJson = False, index: Index = None) -> None:
    """Name the categories, with the number of works in each."""
    with Engine.open(_folder(index)) as engine:
        console.show_categories(engine.categories(), as_json)


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

    folder = _folder(index)
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
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")
    ] = True,
    index: Index = None,
) -> None:
    """Open the page."""
    from rftsearch.ui import launch  # noqa: PLC0415 - Gradio costs seconds

    launch(_folder(index), host=host, port=port, browser=browser)


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

    Exit codes: 0 done, 1 it failed, 2 it was asked wrongly, 130 interrupted.
    """
    try:
        app()
    except RftsearchError as error:
        console.complain(str(error))
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except BrokenPipeError:
        # The reader has what it wanted. Python would complain once more while it
        # flushes at exit, so its output leads nowhere from here on.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        console.complain("interrupted")
        sys.exit(130)


def _folder(index: Path | None) -> Path:
    return default_index() if index is None else index.expanduser()


def _filters(
    category: list[str] | None,
    since: str | None,
    until: str | None,
    has: list[str] | None,
    kind: Any,  # noqa: ANN401 - what was typed; Filters refuses anything but a kind
    generative: bool | None,
) -> Filters:
    return Filters(
        categories=tuple(category or ()),
        since=since,
        until=until,
        has=tuple(has or ()),
        kind=kind,
        generative=generative,
    )
