"""Contrast, computed: WCAG's AA asks 4.5 to 1 of text, 3 to 1 of the edges of controls."""

from __future__ import annotations

import math
import re

import pytest

from rftsearch.look.sheets import hues
from rftsearch.ui.page.styles import head

SHEET = head().partition("<style>")[2]


def colours(selector: str) -> dict[str, str]:
    block = re.search(rf"^{re.escape(selector)} \{{(.*?)^\}}", SHEET, re.DOTALL | re.MULTILINE)
    return dict(re.findall(r"--([a-z-]+): ([^;]+);", block[1]))


SCHEMES = {"light": colours(":root"), "dark": colours(".dark")}


def hexadecimal(colour: str) -> tuple[float, ...]:
    """Linear red, green and blue of `#rrggbb`."""
    levels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return tuple(v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in levels)


def oklch(lightness: float, chroma: float, hue: float) -> tuple[float, ...]:
    """Linear red, green and blue, cut off at what a screen can show.

    After https://bottosson.github.io/posts/oklab/.
    """
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    levels = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return tuple(min(max(level, 0), 1) for level in levels)


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    def luminance(levels):
        return 0.2126 * levels[0] + 0.7152 * levels[1] + 0.0722 * levels[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ink", ["text", "soft", "accent"])
@pytest.mark.parametrize("ground", ["ground", "surface", "accent-ground", "notice", "mark"])
def test_texts_can_be_read(scheme, ink, ground):
    pair = SCHEMES[scheme]
    assert contrast(hexadecimal(pair[ink]), hexadecimal(pair[ground])) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_button_can_be_read_and_controls_have_edges(scheme):
    pair = {name: value for name, value in SCHEMES[scheme].items() if value.startswith("#")}
    ink = {name: hexadecimal(value) for name, value in pair.items()}
    assert contrast(ink["on-accent"], ink["accent"]) >= 4.5
    assert contrast(ink["line-strong"], ink["surface"]) >= 3
    assert contrast(ink["line-strong"], ink["ground"]) >= 3


@pytest.mark.parametrize("scheme", SCHEMES)
def test_labels_can_be_read_in_every_hue(scheme):
    ground = [float(part) for part in SCHEMES[scheme]["label"].split()]
    ink = [float(part) for part in SCHEMES[scheme]["label-text"].split()]
    worst = min(contrast(oklch(*ink, hue), oklch(*ground, hue)) for hue in range(360))
    assert worst >= 4.5


def test_the_arithmetic_is_right():
    assert contrast(hexadecimal("#000000"), hexadecimal("#ffffff")) == pytest.approx(21)
    assert oklch(1, 0, 0) == pytest.approx((1, 1, 1), abs=1e-3)
    # sRGB red, from CSS Color 4.
    assert oklch(0.62796, 0.25768, 29.234) == pytest.approx((1, 0, 0), abs=2e-3)


def test_hues_are_settled_by_the_place_in_the_list():
    first = hues(["a", "b", "c"])
    assert hues(["a", "b", "c", "d"]).items() > first.items()


def test_eleven_hues_can_be_distinguished():
    found = sorted(hues(map(str, range(11))).values())
    gaps = [
        (after - before) % 360 for before, after in zip(found, found[1:] + found[:1], strict=True)
    ]
    assert min(gaps) >= 15


def test_the_style_sheet_asks_for_nothing_outside():
    assert "url(" not in head()
    assert "@import" not in head()
    assert "http" not in head()
