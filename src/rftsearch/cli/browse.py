"""`rftsearch show`, `list`, `categories`, `map`, `timeline` and `status`: look at an index."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rftsearch.cli.command import Option, command
from rftsearch.cli.options import AS_OF, FILTERS, INDEX, JSON, PAPER
from rftsearch.settings import index_place

if TYPE_CHECKING:
    from rftsearch.papers.filters import Filters

__all__ = ["categories", "list_papers", "map_papers", "show", "status", "timeline"]


@command(PAPER, JSON, INDEX)
def show(*, paper: str, as_json: bool, index: Path | None) -> None:
    """Show everything about one paper."""
    from rftsearch.cli import render
    from rftsearch.living.labels.unlabelled import predicted
    from rftsearch.search.engine import Engine

    with Engine.open(index_place(index)) as engine:
        [found] = predicted(engine, [engine.paper(paper)])
        render.show_paper(found, as_json)


@command(
    Option("-k", "--count", type=int, metavar="N", help="number of papers; by default all"),
    Option("--sort", default="newest", metavar="ORDER", help="newest (default) or oldest"),
    AS_OF,
    JSON,
    INDEX,
    FILTERS,
)
def list_papers(
    *,
    filters: Filters,
    count: int | None,
    sort: Any,  # noqa: ANN401 - the engine refuses what is not an order
    as_of: str | None,
    as_json: bool,
    index: Path | None,
) -> None:
    """List papers, newest first."""
    from rftsearch.cli import render
    from rftsearch.search.engine import Engine

    with Engine.open(index_place(index)) as engine:
        if as_of is None:
            papers = engine.papers(filters, count, sort=sort)
        else:
            from rftsearch.living.as_of import list_as_of

            papers = list_as_of(engine, as_of, filters, count, sort)
        if as_json:
            from rftsearch.living.labels.unlabelled import predicted

            papers = predicted(engine, papers)
        render.show_list(papers, as_json)


@command(JSON, INDEX)
def categories(*, as_json: bool, index: Path | None) -> None:
    """List the categories, each with the number of papers in it."""
    from rftsearch.cli import render
    from rftsearch.search.engine import Engine

    with Engine.open(index_place(index)) as engine:
        render.show_categories(engine.categories(), as_json)


@command(JSON, INDEX, FILTERS)
def map_papers(*, filters: Filters, as_json: bool, index: Path | None) -> None:
    """Print the map as CSV: a place for each paper; similar papers lie close together."""
    from rftsearch.cli import render
    from rftsearch.search.engine import Engine

    with Engine.open(index_place(index)) as engine:
        render.show_map(engine.map(filters), as_json)


@command(
    Option("--cumulative", action="store_true", help="count the papers up to each month"),
    JSON,
    INDEX,
    FILTERS,
)
def timeline(*, filters: Filters, cumulative: bool, as_json: bool, index: Path | None) -> None:
    """Chart the papers released in each month; with --json also by category."""
    from rftsearch.cli import render
    from rftsearch.search.engine import Engine

    with Engine.open(index_place(index)) as engine:
        render.show_timeline(engine.timeline(filters), as_json, cumulative=cumulative)


@command(
    Option("--verify", action="store_true", help="check every file and the store for damage"),
    JSON,
    INDEX,
)
def status(*, verify: bool, as_json: bool, index: Path | None) -> None:
    """Show which index is used, and what is in it."""
    from rftsearch.cli import render
    from rftsearch.search.generation_watcher import place_of

    place = place_of(index_place(index))
    if verify:
        place.verify()
    render.show_status(place.status(), as_json, verified=verify)
