from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest

from rftsearch.look.sheets import hues
from rftsearch.search.answer.overview import MapPoint, PaperMap
from rftsearch.ui.head.picture import HEIGHT, WIDTH, Picture, draw


def drawn_of(places, category="A") -> bytes:
    points = tuple(
        MapPoint(str(n), "", "", category, "paper", None, x, y) for n, (x, y) in enumerate(places)
    )
    return draw(PaperMap(points, "PCA", len(points), sampled=False), hues(["A", "B"]))


def pixels(png: bytes) -> np.ndarray:
    """Read a PNG file as a strict reader does: every chunk with its check sum."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, data, kinds = 8, b"", []
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        body = png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length]) == (
            zlib.crc32(kind + body),
        )
        kinds.append(kind)
        data += body if kind == b"IDAT" else b""
        at += 12 + length
    assert kinds == [b"IHDR", b"IDAT", b"IEND"]
    lines = np.frombuffer(zlib.decompress(data), np.uint8).reshape(HEIGHT, 1 + 3 * WIDTH)
    assert not lines[:, 0].any()
    return lines[:, 1:].reshape(HEIGHT, WIDTH, 3)


def coloured(image: np.ndarray) -> np.ndarray:
    return np.abs(image.astype(int) - image[0, 0]).sum(axis=2) > 60


def test_the_dots_fill_the_picture_and_leave_a_margin():
    found = coloured(pixels(drawn_of([(x / 10, x % 3) for x in range(30)])))
    rows, columns = np.flatnonzero(found.any(axis=1)), np.flatnonzero(found.any(axis=0))
    assert 40 < rows[0] < 80
    assert HEIGHT - 80 < rows[-1] < HEIGHT - 40
    assert 40 < columns[0] < 400
    assert columns[-1] == pytest.approx(WIDTH - columns[0], abs=3)


def test_north_is_up():
    found = coloured(pixels(drawn_of([(n, 0) for n in range(12)] + [(5, 9)])))
    assert 0 < found[: HEIGHT // 2].sum() < found[HEIGHT // 2 :].sum() / 3


def test_each_category_has_its_colour():
    places = [(n, n) for n in range(12)]
    one, other = (pixels(drawn_of(places, category)) for category in ("A", "B"))
    assert (coloured(one) == coloured(other)).mean() > 0.99
    assert (one != other).any()


@pytest.mark.parametrize("places", [[(1.0, 1.0)] * 12, [(n, 0) for n in range(12)]])
def test_papers_in_one_place_or_in_a_row_are_drawn(places):
    assert coloured(pixels(drawn_of(places))).any()


def test_the_same_papers_give_the_same_bytes_and_few_of_them():
    places = np.random.default_rng(1).normal(size=(500, 2)).tolist()
    assert drawn_of(places) == drawn_of(places)
    assert len(drawn_of(places)) < 300_000


def test_few_papers_are_no_picture():
    assert drawn_of([(n, n) for n in range(9)]) == b""


def test_it_is_drawn_once_for_each_version(engine, monkeypatch):
    picture = Picture(engine)
    first = picture.png()
    monkeypatch.setattr("rftsearch.ui.head.picture.draw", lambda *_: pytest.fail("drawn again"))
    assert picture.exists()
    assert picture.png() is first
