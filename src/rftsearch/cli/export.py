"""The command `rftsearch export`."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from rftsearch.cli import terminal
from rftsearch.cli.answers import index_folder, make_filters
from rftsearch.cli.options import Category, Generative, Has, Index, Kind, Since, Until
from rftsearch.errors import OutputError, UsageError
from rftsearch.papers.filters import Filters
from rftsearch.papers.paper import Paper
from rftsearch.papers.results import Sort
from rftsearch.search.engine import Engine
from rftsearch.text.plural import plural

if TYPE_CHECKING:
    from rftsearch.export import Format

__all__ = ["export"]

_COUNT = 10
"""Of the papers of an answer, where no other number is asked for."""


def export(  # noqa: PLR0913, PLR0917 - each is an option of the command
    papers: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PAPER]...",
            help="arXiv id or URL, short name, or title; without any, and without --search "
            "and --similar, every paper that passes the filters.",
            show_default=False,
        ),
    ] = None,
    query: Annotated[
        str | None, typer.Option("--search", metavar="QUERY", help="The answer to a question.")
    ] = None,
    seed: Annotated[
        str | None, typer.Option("--similar", metavar="PAPER", help="The papers like one.")
    ] = None,
    format_name: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help="bibtex, ris, csl, csv or markdown; by default what the suffix of --output says.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write here instead of printing."),
    ] = None,
    count: Annotated[
        int | None,
        typer.Option("-k", "--count", help="How many at the most; 10 of an answer, else all."),
    ] = None,
    category: Category = None,
    since: Since = None,
    until: Until = None,
    has: Has = None,
    kind: Kind = None,
    generative: Generative = None,
    sort: Annotated[
        str | None,
        typer.Option(
            "--sort",
            metavar="ORDER",
            help="newest or oldest first: of an answer those that fit, else all; an answer may "
            "also say relevance, as it does by default.",
        ),
    ] = None,
    index: Index = None,
) -> None:
    """Write papers as BibTeX, RIS, CSL-JSON, CSV, or Markdown in the list's own form."""
    form = _format(format_name, output)
    filters = make_filters(category, since, until, has, kind, generative)
    if sum(bool(given) for given in (papers, query is not None, seed is not None)) > 1:
        raise UsageError("give papers, --search or --similar: one of the three")
    if papers and (filters or count is not None or sort is not None):
        raise UsageError(
            "papers that are named are all exported, in the order given; "
            "leave the filters, -k and --sort out"
        )
    order = cast("Sort | None", sort)  # what was typed; the engine refuses anything else
    with Engine.open(index_folder(index)) as engine:
        chosen = _chosen(engine, papers or (), query, seed, count, filters, order)
    _write(form.write(chosen), output)
    pending = sum(paper.abstract_state == "pending" for paper in chosen)
    if pending:
        have = "has" if pending == 1 else "have"
        terminal.note(
            f"{pending} of {len(chosen)} {have} no authors yet; `rftsearch build` asks arXiv"
        )
    if output is not None:
        terminal.say(f"Wrote {plural(len(chosen), 'work')} as {form.label} to {output}.")
    elif not chosen:
        terminal.note("nothing passes these filters")


def _format(name: str | None, output: Path | None) -> Format:
    """The format that is asked for, by its name or else by the suffix of the file.

    Raises:
        UsageError: Neither says which.
    """
    from rftsearch.export import FORMATS, find_format  # noqa: PLC0415 - reads lists and LaTeX

    if name is None and (output is None or not output.suffix):
        raise UsageError(f"say --format {', '.join(FORMATS)}, or name a file with -o refs.bib")
    return find_format(name or (output.suffix if output else ""))


def _chosen(
    engine: Engine,
    papers: Sequence[str],
    query: str | None,
    seed: str | None,
    count: int | None,
    filters: Filters,
    sort: Sort | None,
) -> list[Paper]:
    if papers:
        return list({paper.id: paper for paper in map(engine.paper, papers)}.values())
    limit = _COUNT if count is None else count
    order: Sort = "relevance" if sort is None else sort
    if query is not None:
        return [hit.paper for hit in engine.search(query, limit, filters, sort=order)]
    if seed is not None:
        return [hit.paper for hit in engine.similar(seed, limit, filters, sort=order)]
    return engine.papers(filters, count, sort="newest" if sort is None else sort)


def _write(text: str, output: Path | None) -> None:
    """Print a text, or put it into a file as a whole.

    Raises:
        OutputError: The file cannot be written.
    """
    content = text.encode("utf-8", "replace")
    if output is None:
        # As bytes: the line ends are part of a format, and so is UTF-8.
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    target = output.expanduser()
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(content)  # a device or a pipe cannot be replaced
            return
        _replace(target, content)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"cannot write {output}: {reason}; name another file with -o") from error


def _replace(target: Path, content: bytes) -> None:
    """Write beside the file, then rename: a full disk leaves what was there."""
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        Path(name).chmod(mode)
        Path(name).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
