"""The map and the timeline: the data for their scripts, and Plotly from our own server.

Nothing of them is sent with the page. When one is first opened its script asks
for Plotly and for the data, draws, and from then on redraws what a view changes.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from rftsearch.errors import FilterError, RftsearchError
from rftsearch.living.labels.unlabelled import predicted
from rftsearch.look import strings
from rftsearch.look.cards import card
from rftsearch.look.scripts import MAP, TIMELINE, script
from rftsearch.look.sheets import hues
from rftsearch.look.templates import render
from rftsearch.look.texts import TEXTS
from rftsearch.papers.filters import Filters
from rftsearch.search.answer.overview import PaperMap, Timeline
from rftsearch.search.answer.regions import name_regions
from rftsearch.search.engine import Engine
from rftsearch.text.latex import latex_to_text
from rftsearch.ui.page.tabs import Function, Tab
from rftsearch.ui.page.view import View

__all__ = ["NEIGHBOURS", "Plots", "map_tab", "plotly_route", "timeline_tab"]

NEIGHBOURS = 8
"""Nearest neighbours drawn for the selected paper."""


@dataclass(frozen=True, slots=True)
class Plots:
    """Answer the scripts of the map and the timeline; safe for several visitors at once."""

    engine: Engine

    def map(self, _: object = None) -> dict[str, Any]:
        """Return everything the map draws, column by column, and its caption."""
        version = self.engine.version  # before the map: a newer one is drawn again
        drawn = self.engine.map()
        columns: dict[str, list[Any]] = {
            name: [getattr(point, name) for point in drawn.points]
            for name in ("id", "category", "kind", "released", "x", "y")
        }
        columns["name"] = [latex_to_text(point.short_name) for point in drawn.points]
        columns["title"] = [latex_to_text(point.title) for point in drawn.points]
        columns["month"] = [strings.month(one) if one else "" for one in columns["released"]]
        return {
            "version": version,
            "categories": self._categories(),
            "points": columns,
            "regions": [asdict(region) for region in name_regions(drawn.points)],
            "method": drawn.method,
            "about": strings.about_map(drawn),
        }

    def standing(self, data: object) -> dict[str, Any]:
        """Return which papers pass the filters of a view; `ids` is None if all of them do."""
        drawn = self._under(View.read(data))
        passing = None if drawn is None else [point.id for point in drawn.points]
        return {"ids": passing, "version": self.engine.version}

    def choose(self, paper_id: object) -> dict[str, Any]:
        """Return the card of a paper and its nearest neighbours."""
        try:
            [paper] = predicted(self.engine, [self.engine.paper(str(paper_id))])
            near = [hit.paper for hit in self.engine.similar(paper.id, NEIGHBOURS)]
        except RftsearchError as error:
            return {"id": "", "near": [], "markup": render("chosen.html", trouble=str(error))}
        colours = hues(self.engine.categories())
        markup = render(
            "chosen.html",
            trouble="",
            card=card(paper, colours),
            near=[card(one, colours) for one in near],
        )
        return {"id": paper.id, "near": [one.id for one in near], "markup": markup}

    def timeline(self, data: object) -> dict[str, Any]:
        """Count papers by month and category, under the other filters of a view.

        What is chosen of months and categories is marked, not taken away: the bars
        stay where they are while one clicks on them. Where something was asked in words
        the counts are of what fits, and `whole` has those of all.
        """
        view = replace(View.read(data), since="", until="", categories=())
        asked = view.query if view.question == "search" else ""
        try:
            filters = view.filters()
        except FilterError:
            filters = None
        whole = self.engine.timeline(filters)
        line = self._fitting(view, filters, whole) if asked else whole
        return {
            "categories": self._categories(),
            "months": whole.months,
            "names": [strings.month(month) for month in whole.months],
            "counts": line.counts,
            "cumulative": line.cumulative(),
            "whole": whole.counts if asked else None,
            "whole_cumulative": whole.cumulative() if asked else None,
            "about": strings.about_timeline(line, asked=bool(asked)),
            "about_rest": TEXTS["timeline"]["rest"] if asked else "",
        }

    def _fitting(self, view: View, filters: Filters | None, whole: Timeline) -> Timeline:
        """Count the good matches of a query in the months of the whole list; zero on an error."""
        empty = (0,) * len(whole.categories)
        try:
            line = self.engine.timeline(filters, view.query, view.ignore)
        except RftsearchError:  # the results name the error already
            return replace(whole, counts=(empty,) * len(whole.months), undated=0, earlier=0)
        by_month = dict(zip(line.months, line.counts, strict=True))
        counts = tuple(by_month.get(month, empty) for month in whole.months)
        earlier = line.earlier + line.total - sum(map(sum, counts))
        return replace(line, months=whole.months, counts=counts, earlier=earlier)

    def _under(self, view: View) -> PaperMap | None:
        """Return the map under the filters of a view; None without filters, or with wrong ones."""
        try:
            filters = view.filters()
            return self.engine.map(filters) if filters else None
        except FilterError:
            return None  # The results name the error already.

    def _categories(self) -> list[dict[str, Any]]:
        colours = hues(self.engine.categories())
        return [{"name": name, "hue": hue} for name, hue in colours.items()]


def map_tab() -> Tab:
    """Return the map's tab."""

    def functions(engine: Engine) -> Sequence[Function]:
        plots = Plots(engine)
        return [plots.map, plots.standing, plots.choose]

    return _tab("map", "Map", MAP, functions)


def timeline_tab() -> Tab:
    """Return the timeline's tab."""
    return _tab("timeline", "Timeline", TIMELINE, lambda engine: [Plots(engine).timeline])


def _tab(
    name: str,
    label: str,
    scripts: Sequence[str],
    functions: Callable[[Engine], Sequence[Function]],
) -> Tab:
    return Tab(
        value=name,
        label=label,
        markup=render(f"{name}.html"),
        script=script(scripts),
        functions=functions,
        props={"plotly": _address()},
    )


# --- Plotly ------------------------------------------------------------------


def plotly_route() -> Route:
    """Return the route that serves Plotly's script."""

    async def send(_: Request) -> Response:
        # The version is in the address, so a browser may keep the file for ever.
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}
        return FileResponse(_plotly(), media_type="text/javascript", headers=headers)

    return Route(f"/{_address()}", send)


def _address() -> str:
    """Return the address of Plotly, relative to the page."""
    return f"plotly/plotly-{version('plotly')}.min.js"


@cache
def _plotly() -> Path:
    """Return the script inside the Python package; no code of the package runs."""
    spec = importlib.util.find_spec("plotly")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    return Path(folders[0]) / "package_data" / "plotly.min.js"
