"""The style of the page: category colours, Gradio's theme, the style sheet.

A category's colour is a hue and nothing else; lightness and chroma are the same
for all, one pair for light and one for dark (`css/base.css`), in OKLCH, where equal
lightness looks equally light. So every label has the same contrast, whatever
list is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import gradio as gr

__all__ = ["FAVICON", "head", "hues", "theme"]

_GOLDEN_ANGLE = 137.508
_FIRST_HUE = 255.0

_HERE = Path(__file__).parent
FAVICON = _HERE / "favicon.svg"
_SHEETS = ("base", "asking", "panel", "results", "basket", "plots", "new", "phone")
"""The parts of the style sheet, in their order."""


def hues(categories: Iterable[str]) -> dict[str, int]:
    """Return a hue in degrees for each category, by its place in the list.

    Steps of the golden angle keep neighbours far apart, and a category that is
    added at the end leaves the colours of the others alone.
    """
    return {
        name: round(_FIRST_HUE + place * _GOLDEN_ANGLE) % 360
        for place, name in enumerate(categories)
    }


def theme() -> gr.themes.Base:
    """Return Gradio's plainest theme with system fonts and our two background colours."""
    return gr.themes.Base(
        font=("system-ui", "sans-serif"), font_mono=("ui-monospace", "monospace")
    ).set(
        body_background_fill="#f7f7f5",
        body_background_fill_dark="#131417",
        body_text_color="#1d1f23",
        body_text_color_dark="#e7e7e4",
    )


def head() -> str:
    """Return the page's head; given as `css`, Gradio would rewrite the selectors."""
    sheet = "".join(_HERE.joinpath("css", f"{name}.css").read_text("utf-8") for name in _SHEETS)
    return f'<meta name="color-scheme" content="light dark"><style>{sheet}</style>'
