"""COinS, read as Zotero reads it: an OpenURL of keys and values."""

from __future__ import annotations

from urllib.parse import parse_qs

from rftsearch.look.cards import card
from rftsearch.look.coins import coins
from rftsearch.papers.paper import ArxivMetadata, Paper


def paper(**more) -> Paper:
    known = ArxivMetadata(
        "2503.00001", r"TimeOne: A {\'E}tude & More", "Words.", ("Ada van der One", "B. Two")
    )
    return Paper(
        id="2503.00001", short_name="TimeOne", title=known.title, categories=("Audio",),
        released="2025-03", arxiv_id="2503.00001", url="https://arxiv.org/abs/2503.00001",
        metadata=known, **more,
    )  # fmt: skip


def test_a_preprint():
    read = parse_qs(coins(paper()), strict_parsing=True)
    assert read["rft_val_fmt"] == ["info:ofi/fmt:kev:mtx:journal"]
    assert read["rft.genre"] == ["preprint"]
    assert read["rft.atitle"] == ["TimeOne: A Étude & More"]
    assert read["rft.au"] == ["van der One, Ada", "Two, B."]
    assert read["rft.date"] == ["2025-03"]
    assert read["rft_id"] == ["https://arxiv.org/abs/2503.00001"]


def test_what_was_published_says_where():
    read = parse_qs(coins(paper(venue="CVPR 2026", doi="10.1000/example")))
    assert read["rft.genre"] == ["proceeding"]
    assert read["rft.jtitle"] == ["CVPR 2026"]
    assert read["rft_id"][0] == "info:doi/10.1000/example"


def test_a_card_has_it():
    assert card(paper(), {}).coins == coins(paper())
