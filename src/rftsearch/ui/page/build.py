"""The page put together: its parts, its tabs, its script and the endpoints behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from rftsearch.look import strings
from rftsearch.look.scripts import PAGE, script
from rftsearch.look.texts import TEXTS
from rftsearch.papers.about import ListAbout
from rftsearch.search.engine import Engine
from rftsearch.ui.head.identity import PageIdentity
from rftsearch.ui.head.picture import Picture
from rftsearch.ui.page.controller import PageController
from rftsearch.ui.page.layout import search_form, tab_buttons
from rftsearch.ui.page.plots import map_tab, timeline_tab
from rftsearch.ui.page.tabs import LIST, Tab, tab_panel
from rftsearch.ui.page.view import PAGE_SIZE
from rftsearch.ui.server.endpoints import add_endpoints

__all__ = ["ListPage", "build_page", "default_tabs"]


def default_tabs() -> tuple[Tab, ...]:
    """Return the tabs of the page: the list, the map and the timeline."""
    return (LIST, map_tab(), timeline_tab())


class ListPage(gr.Blocks):  # type: ignore[misc]  # Gradio has no complete types
    """The page of a list; what it says of itself may change with the index."""

    engine: Engine
    identity: Callable[[], PageIdentity]
    picture: Picture


def build_page(
    engine: Engine, tabs: Sequence[Tab] | None = None, about: ListAbout | None = None
) -> ListPage:
    """Lay out the page over an engine.

    Args:
        engine: Answers the page; the caller closes it.
        tabs: The ways to show an answer, the list first; None for `default_tabs`.
        about: Title, description and home of the page; what is empty comes from the lists.

    Returns:
        The page with its endpoints for programs; `rftsearch.ui.serve` serves it.
    """
    tabs = default_tabs() if tabs is None else tabs
    controller = PageController(engine, about)
    first = controller.show(None)

    # Gradio marks the functions that a part of the page may call, and a method cannot be marked.
    def show(view: object) -> dict[str, Any]:
        return controller.show(view)._asdict()

    def suggest(typed: object) -> list[dict[str, str]]:
        return controller.suggest(typed)

    def cite(paper_id: object) -> str:
        return controller.cite(paper_id)

    def take(wanted: object) -> dict[str, str]:
        return controller.take(wanted)

    title = controller.identity().title
    page = ListPage(title=title, analytics_enabled=False, fill_width=True)
    page.engine, page.identity, page.picture = engine, controller.identity, Picture(engine)
    with page:
        _slot(first.masthead, "masthead")
        # The markup goes in as a prop, for a template's own text is run as code. Its
        # functions are called by the script alone: no endpoints, and no events whose
        # failures Gradio would report in its own way.
        gr.HTML(
            value="",
            html_template="${markup}",
            markup=search_form(strings.examples(engine.status(), engine.examples())),
            step=PAGE_SIZE,
            trouble=strings.TROUBLE,
            js_on_load=script(PAGE),
            texts=TEXTS,
            apply_default_css=False,
            server_functions=[show, suggest, cite, take],
            elem_id="ask",
        )
        with gr.Row(elem_id="body"):
            _slot(first.panel, "panel")
            with gr.Column(elem_id="main"):
                _part(tab_buttons(tabs), "tabs")
                for tab in tabs:
                    if tab.value:
                        tab_panel(tab, engine)
                _slot(first.found, "found")
        _slot(first.basket, "basket")
        add_endpoints(engine)
    return page


def _part(markup: str, name: str) -> gr.HTML:
    return gr.HTML(markup, elem_id=name, apply_default_css=False)


def _slot(markup: str, name: str) -> gr.HTML:
    """A part whose markup the script replaces with that of each answer."""
    return _part(f'<div class="slot">{markup}</div>', name)
