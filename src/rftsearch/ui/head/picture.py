"""The picture of a link preview: the map of the papers, each in the colour of its category."""

from __future__ import annotations

import math
import struct
import threading
import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rftsearch.errors import RftsearchError
from rftsearch.look.sheets import hues
from rftsearch.search.answer.overview import PaperMap
from rftsearch.search.engine import Engine
from rftsearch.types import DoubleArray

__all__ = ["HEIGHT", "PICTURE", "WIDTH", "Picture", "draw", "picture_route"]

PICTURE = "preview.png"
"""Its address, below that of the page."""
WIDTH, HEIGHT = 1200, 630
"""Pixels; the shape that sites which show previews ask for."""
_LEAST = 10
"""A map of fewer papers is no picture."""
_MARGIN = 70
_GROUND = (0xF7, 0xF7, 0xF5)
_LIGHTNESS, _CHROMA = 0.62, 0.13
"""Of a dot: `--dot` of `css/colours.css`."""
_OPACITY = 0.85
_STRETCH = 1.6
"""How much farther apart the dots stand on one axis than on the other, at most."""


class Picture:
    """The picture of an engine's index; safe for several visitors at once."""

    def __init__(self, engine: Engine) -> None:
        """Draw the papers of `engine`, which the caller closes."""
        self._engine = engine
        self._lock = threading.Lock()
        self._drawn: tuple[str, bytes] = ("", b"")

    def exists(self) -> bool:
        """Return whether there are papers enough for a picture."""
        try:
            return self._engine.facets().total >= _LEAST
        except RftsearchError:
            return False

    def png(self) -> bytes:
        """Return the picture, drawn once for each version of the index; empty if there is none.

        Raises:
            RftsearchError: The index cannot be read.
        """
        with self._lock:
            version = self._engine.version
            if self._drawn[0] != version:
                drawn = draw(self._engine.map(), hues(self._engine.categories()))
                self._drawn = (version, drawn)
            return self._drawn[1]


def picture_route(picture: Picture) -> Route:
    """Return the route that serves a picture."""

    async def send(_: Request) -> Response:
        try:
            content = await run_in_threadpool(picture.png)
        except RftsearchError:
            content = b""
        if not content:
            return JSONResponse({"error": "there is no picture of this list"}, 404)
        return Response(content, media_type="image/png", headers={"Cache-Control": "max-age=3600"})

    return Route(f"/{PICTURE}", send, methods=["GET"])


def draw(papers: PaperMap, colours: dict[str, int]) -> bytes:
    """Return the map of papers as a PNG file; empty if there are too few of them.

    Args:
        papers: The map.
        colours: The hue of each category, in degrees.
    """
    points = papers.points
    if len(points) < _LEAST:
        return b""
    places = _fitted(np.array([(point.x, -point.y) for point in points], dtype=np.float64))
    pixels: DoubleArray = np.empty((HEIGHT, WIDTH, 3))
    pixels[:] = _GROUND
    radius = min(12.0, max(3.0, 220 / math.sqrt(len(points))))
    known = {category: _rgb(hue) for category, hue in colours.items()}
    for point, place in zip(points, places, strict=True):
        _dot(pixels, place, radius, known.get(point.category) or _rgb(0))
    return _png(np.rint(pixels).astype(np.uint8))


def _fitted(places: DoubleArray) -> DoubleArray:
    """Move and scale places, (n, 2), into the picture; it is wider than most maps are."""
    low, high = places.min(axis=0), places.max(axis=0)
    room = np.array([WIDTH - 2 * _MARGIN, HEIGHT - 2 * _MARGIN])
    scale = room / np.maximum(high - low, 1e-9)
    scale = np.minimum(scale, _STRETCH * scale.min())
    fitted: DoubleArray = (places - (low + high) / 2) * scale + np.array([WIDTH, HEIGHT]) / 2
    return fitted


def _dot(pixels: DoubleArray, place: DoubleArray, radius: float, colour: Sequence[float]) -> None:
    """Draw a dot with a soft edge."""
    x, y = place
    left, right = max(0, math.floor(x - radius - 1)), min(WIDTH, math.ceil(x + radius + 2))
    top, bottom = max(0, math.floor(y - radius - 1)), min(HEIGHT, math.ceil(y + radius + 2))
    across, down = np.arange(left, right) - x, np.arange(top, bottom) - y
    far = np.sqrt(down[:, None] ** 2 + across[None, :] ** 2)
    cover = np.clip(radius + 0.5 - far, 0, 1)[..., None] * _OPACITY
    part = pixels[top:bottom, left:right]
    part += cover * (np.array(colour) - part)


def _rgb(hue: float) -> tuple[float, float, float]:
    """Return a hue at the lightness and chroma of dots, from OKLCH to sRGB, 0 to 255."""
    a, b = (_CHROMA * turn(math.radians(hue)) for turn in (math.cos, math.sin))
    long = (_LIGHTNESS + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (_LIGHTNESS - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (_LIGHTNESS - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red, green, blue = (
        255 * _encoded(light)
        for light in (
            4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
        )
    )
    return red, green, blue


def _encoded(light: float) -> float:
    light = min(max(light, 0.0), 1.0)
    return 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055


def _png(pixels: npt.NDArray[np.uint8]) -> bytes:
    """Return pixels, (height, width, 3), as a PNG file."""
    height, width, _ = pixels.shape
    lines = np.zeros((height, 1 + 3 * width), dtype=np.uint8)  # each begins with its filter: none
    lines[:, 1:] = pixels.reshape(height, -1)

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(lines.tobytes(), 9))
        + chunk(b"IEND", b"")
    )
