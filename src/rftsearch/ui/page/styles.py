"""The look of the page on Gradio: its theme, and the head with the style sheet."""

from __future__ import annotations

import gradio as gr

from rftsearch.look.sheets import SHEETS, sheet

__all__ = ["head", "theme"]

_SHEETS = ("gradio", *SHEETS, "new")


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
    return f'<meta name="color-scheme" content="light dark"><style>{sheet(_SHEETS)}</style>'
