"""The scripts of the page, put together from `scripts/`.

Each is the body of a function. The page's own has `props` and `server`; that of a tab has
`element` (its panel) as well. `server` holds one async function for each question:
`show`, `suggest`, `cite` and `take`; `map`, `standing`, `choose`; `timeline`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

__all__ = ["MAP", "PAGE", "TIMELINE", "script"]

_SCRIPTS = Path(__file__).with_name("scripts")

# In this order they are one script: the view first, what sets it going last.
PAGE = (
    *("view", "asking", "basket", "symbols", "controls", "box", "combobox", "offers"),
    *("taking", "gestures", "keys", "begin"),
)
MAP = ("plots", "symbols", "labels", "map", "moving")
TIMELINE = ("plots", "symbols", "hatches", "timeline")


def script(parts: Sequence[str]) -> str:
    """Return files of `scripts/` as one script."""
    return "\n".join(_SCRIPTS.joinpath(f"{name}.js").read_text("utf-8") for name in parts)
