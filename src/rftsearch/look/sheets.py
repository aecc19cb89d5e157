"""The style sheets of the page, and the colours of categories.

A category's colour is a hue and nothing else; lightness and chroma are the same
for all, one pair for light and one for dark (`css/colours.css`), in OKLCH, where equal
lightness looks equally light. So every label has the same contrast, whatever
list is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

__all__ = ["FAVICON", "SHEETS", "hues", "sheet"]

_GOLDEN_ANGLE = 137.508
_FIRST_HUE = 255.0

_HERE = Path(__file__).parent
FAVICON = _HERE / "favicon.svg"
SHEETS = ("colours", "base", "asking", "panel", "results", "basket", "plots", "phone", "print")
"""The parts of the style sheet, in their order; none of them knows Gradio."""


def hues(categories: Iterable[str]) -> dict[str, int]:
    """Return a hue in degrees for each category, by its place in the list.

    Steps of the golden angle keep neighbours far apart, and a category that is
    added at the end leaves the colours of the others alone.
    """
    return {
        name: round(_FIRST_HUE + place * _GOLDEN_ANGLE) % 360
        for place, name in enumerate(categories)
    }


def sheet(parts: Sequence[str] = SHEETS) -> str:
    """Return parts of the style sheet as one."""
    return "".join(_HERE.joinpath("css", f"{name}.css").read_text("utf-8") for name in parts)
