"""Tabs of the page: each way to show an answer is one `Tab`.

A tab is a panel of markup with a script of its own. Gradio runs the script in the browser
with `element` (the panel), `props` and `server`, which has one function for each of the
tab's functions. `look/scripts/plots.js` shows how a script reads the view (`currentView`), asks
for another one (`change`) and draws when its tab is opened (`keepDrawn`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import gradio as gr

from rftsearch.search.engine import Engine

__all__ = ["LIST", "Function", "Tab", "tab_panel"]

Function = Callable[[object], dict[str, Any]]
"""Called by a tab's script with one JSON value, or None; returns JSON values."""


def _no_functions(_: Engine) -> Sequence[Function]:
    return ()


@dataclass(frozen=True, slots=True)
class Tab:
    """One way to show an answer."""

    value: str
    """Its name in the address (`tab=map`), and in CSS: `#map-panel`, `body[data-tab="map"]`."""
    label: str
    """The words on its button."""
    markup: str = ""
    """The panel as HTML: everything in it that comes from an index is escaped."""
    script: str = ""
    """JavaScript: the body of a function with `element`, `props` and `server`."""
    functions: Callable[[Engine], Sequence[Function]] = _no_functions
    """Makes the functions that the script may call, for the engine of the page."""
    props: Mapping[str, str] = field(default_factory=dict)
    """Values that the script reads from `props`."""


LIST = Tab("", "List")
"""The cards: they stand below every other tab, and alone where no other is open."""


def tab_panel(tab: Tab, engine: Engine) -> gr.HTML:
    """Put the panel of a tab on the page; its script fills it when the tab is first opened."""
    return gr.HTML(
        value=tab.markup,
        elem_id=f"{tab.value}-panel",
        elem_classes=["tab-panel"],
        apply_default_css=False,
        js_on_load=tab.script,
        server_functions=[_plain_function(each) for each in tab.functions(engine)],
        **tab.props,
    )


def _plain_function(function: Function) -> Function:
    """Wrap a function or method: Gradio marks what a script may call, and methods bear no mark."""

    def call(asked: object = None) -> dict[str, Any]:
        return function(asked)

    call.__name__ = function.__name__
    return call
