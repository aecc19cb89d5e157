"""`rftsearch export`: write papers for a reference manager, a spreadsheet, or a list."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from rftsearch.cli.command import Option, command
from rftsearch.cli.options import FILTERS, INDEX
from rftsearch.cli.terminal import blank_controls, note, say
from rftsearch.errors import OutputError, UsageError
from rftsearch.files import replace_file
from rftsearch.settings import expanded, index_place
from rftsearch.text.plural import plural

if TYPE_CHECKING:
    from rftsearch.export import Format
    from rftsearch.papers.filters import Filters
    from rftsearch.papers.paper import Paper
    from rftsearch.papers.results import Sort
    from rftsearch.search.engine import Engine

__all__ = ["export"]

_COUNT = 10
"""Papers of a result, if no other number is asked for."""


def _file(text: str) -> Path | None:
    return None if text == "-" else Path(text)


@command(
    Option(
        "papers",
        nargs="*",
        metavar="PAPER",
        help="arXiv id or URL, short name, or title; by default every paper that passes the "
        "filters",
    ),
    Option("--search", dest="query", metavar="QUERY", help="the results for a question"),
    Option("--similar", dest="seed", metavar="PAPER", help="the papers like one"),
    Option(
        "--format",
        "-f",
        dest="format_name",
        metavar="FORMAT",
        help="bibtex, ris, csl, csv, markdown or jsonl; by default the suffix of --output decides",
    ),
    Option(
        "--like",
        type=Path,
        metavar="LIST",
        help="write the papers that this Markdown list lacks into it, in its own style",
    ),
    Option("--output", "-o", type=_file, metavar="FILE", help="write to this file; - is stdout"),
    Option(
        "-k",
        "--count",
        type=int,
        metavar="N",
        help="number of papers; by default 10 with --search or --similar, otherwise all",
    ),
    Option(
        "--sort",
        metavar="ORDER",
        help="newest (default) or oldest; with --search or --similar also relevance, which is then "
        "the default; by date only good matches",
    ),
    INDEX,
    FILTERS,
)
def export(
    *,
    papers: Sequence[str],
    query: str | None,
    seed: str | None,
    format_name: str | None,
    like: Path | None,
    output: Path | None,
    count: int | None,
    filters: Filters,
    sort: str | None,
    index: Path | None,
) -> None:
    """Write papers as BibTeX, RIS, CSL-JSON, CSV, or Markdown in the format of a list."""
    from rftsearch.export.lists import join_lists, name_lists
    from rftsearch.papers.about import ListAbout
    from rftsearch.search.engine import Engine

    form = _format(format_name or (None if like is None else "markdown"), output)
    if like is not None and form.name != "markdown":
        raise UsageError(f"--like writes Markdown, not {form.label}; leave one of them out")
    if sum(bool(given) for given in (papers, query is not None, seed is not None)) > 1:
        raise UsageError("give only one of these: papers, --search, --similar")
    if papers and (filters or count is not None or sort is not None):
        raise UsageError(
            "named papers are all exported, in the order given; leave the filters, -k and --sort "
            "out"
        )
    order = cast("Sort | None", sort)  # The engine refuses anything else.
    with Engine.open(index_place(index)) as engine:
        chosen = _chosen(engine, papers or (), query, seed, count, filters, order)
        # Whoever names papers wants their entries alone.
        about = ListAbout() if papers else join_lists(name_lists(engine.status().lists))
        if like is None:
            from rftsearch.living.labels.unlabelled import predicted

            chosen = predicted(engine, chosen)
    if like is not None:
        from rftsearch.cli.living.writing import write_like

        write_like(chosen, expanded(like), output, _write)
        return
    _write(form.write(chosen, about), output)
    pending = sum(paper.abstract_state == "pending" and not paper.authors for paper in chosen)
    if pending:
        have = "has" if pending == 1 else "have"
        note(f"{pending} of {len(chosen)} {have} no authors yet; `rftsearch build` asks arXiv")
    if output is not None:
        say(f"Wrote {plural(len(chosen), 'paper')} as {form.label} to {output}.")
    elif not chosen:
        note("no paper passes these filters")


def _format(name: str | None, output: Path | None) -> Format:
    """Return the format that was asked for, by its name or else by the suffix of the file.

    Raises:
        UsageError: If neither names a format.
    """
    from rftsearch.export import FORMATS, find_format

    if name is None and (output is None or not output.suffix):
        raise UsageError(
            f"name a format with --format ({', '.join(FORMATS)}), or a file with -o refs.bib"
        )
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
    """Print a text, or write it to a file.

    Raises:
        OutputError: If the file cannot be written.
    """
    from rftsearch.export import without_mark

    if output is None:
        text = without_mark(text)
        if sys.stdout.isatty():
            text = blank_controls(text, keep="\r\n")
        # As bytes: the line ends are part of a format, and so is UTF-8.
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
        return
    try:
        replace_file(expanded(output), text.encode("utf-8", "replace"))
    except OSError as error:
        folder = expanded(output).absolute().parent
        if not folder.is_dir():
            cure = f"there is no folder {folder}; make it first"
        else:
            cure = f"{error.strerror or error}; name another file with -o"
        raise OutputError(f"cannot write {output}: {cure}") from error
