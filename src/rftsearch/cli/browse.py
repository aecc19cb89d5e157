"""The commands `rftsearch map` and `rftsearch timeline`."""

from __future__ import annotations

from typing import Annotated

import typer

from rftsearch.cli import terminal
from rftsearch.cli.answers import index_folder, make_filters
from rftsearch.cli.options import AsJson, Category, Generative, Has, Index, Kind, Since, Until
from rftsearch.search.engine import Engine

__all__ = ["map_papers", "timeline"]


def map_papers(
    category: Category = None,
    since: Since = None,
    until: Until = None,
    has: Has = None,
    kind: Kind = None,
    generative: Generative = None,
    as_json: AsJson = False,
    index: Index = None,
) -> None:
    """Print where papers lie on the map, as CSV: what is alike lies close together."""
    filters = make_filters(category, since, until, has, kind, generative)
    with Engine.open(index_folder(index)) as engine:
        terminal.show_map(engine.map(filters), as_json)


def timeline(
    category: Category = None,
    since: Since = None,
    until: Until = None,
    has: Has = None,
    kind: Kind = None,
    generative: Generative = None,
    cumulative: Annotated[
        bool, typer.Option("--cumulative", help="Count the works up to each month.")
    ] = False,
    as_json: AsJson = False,
    index: Index = None,
) -> None:
    """Chart the works released in each month; with --json in each category too."""
    filters = make_filters(category, since, until, has, kind, generative)
    with Engine.open(index_folder(index)) as engine:
        terminal.show_timeline(engine.timeline(filters), as_json, cumulative=cumulative)
