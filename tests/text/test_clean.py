from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.text.clean import repair, slug, strip_emoji


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("Let\u00e2\u20ac\u2122s", "Let's"),
        ("Code \u011f\u0178\u2019\u00bb", "Code \N{PERSONAL COMPUTER}"),
        ("Project \u011f\u0178\u0152", "Project "),
        ("Blog \u011f\u0178\u00af", "Blog "),
        ("Omni\u00e2\u02dc\u00ba\u00ef\u00b8", "Omni\N{WHITE SMILING FACE}"),
        ("A\u011fa\u00e7 na\u00efve", "A\u011fa\u00e7 na\u00efve"),
        ("a &amp; b\nc", "a &amp; b\nc"),
        ("a\u2028b\rc", "a\u2028b\rc"),
    ],
)
def test_repair(text, repaired):
    assert repair(text) == repaired


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        (" Vision  (Image)\N{EYES} ", "Vision (Image)"),
        ("\N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER}Agents", "Agents"),
        ("Heart \u2764\ufe0f of it", "Heart of it"),
        (
            "360\N{DEGREE SIGN} x\N{SUPERSCRIPT TWO} \N{TRADE MARK SIGN}",
            "360\N{DEGREE SIGN} x\N{SUPERSCRIPT TWO} \N{TRADE MARK SIGN}",
        ),
    ],
)
def test_plain(text, bare):
    assert strip_emoji(text) == bare


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Deep-Agent/R1-V", "deep-agent-r1-v"),
        ("SFT or RL? An Early Look", "sft-or-rl-an-early-look"),
        ("Caf\u00e9 \u0130stanbul", "cafe-istanbul"),
        ("\u4e2d\u6587 a_b", "\u4e2d\u6587-a-b"),
        ("?!", ""),
    ],
)
def test_slug(text, expected):
    assert slug(text) == expected


@given(st.text())
def test_a_slug_is_stable_and_never_an_arxiv_id(text):
    assert slug(slug(text)) == slug(text)
    assert parse_arxiv_id(slug(text)) is None
