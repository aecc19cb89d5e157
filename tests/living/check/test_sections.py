from __future__ import annotations

import pytest

from rftsearch.living.labels.elsewhere import Elsewhere
from support.checking import HEAD, codes, entry, found


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Vision Models", "Vision Model", True),
        ("Vision Models", "vision models", True),
        ("Vision & Language", "Vision/Language", True),
        ("Vision and Language Models", "Vison and Langauge Models", False),
        ("Vision and Language Models", "Vison and Language Model", True),
        ("Papers", "Paper", True),
        ("Year 2024", "Year 2025", False),
        ("Part A of Vision", "Part B of Vision", False),
        ("2D Vision", "3D Vision", False),
        ("Code", "Mode", False),
        ("Audio", "Video", False),
    ],
)
def test_headings_that_differ_by_a_slip_are_found(one, other, alike):
    text = f"# Lamps\n\n## {one}\n\n{entry(1)}\n## {other}\n\n{entry(2)}"
    assert codes(found(text)) == ([("similar-headings", 7)] if alike else [])


def test_one_heading_twice_is_found_beside_itself_only():
    part = "# {}\n\n## Lanterns\n\n{}\n"
    assert found(part.format("A", entry(1)) + part.format("B", entry(2))) == []
    text = part.format("A", entry(1)) + f"## Lanterns\n\n{entry(2)}"
    assert codes(found(text)) == [("similar-headings", 7)]


def test_years_and_papers_may_stand_in_each_part():
    text = f"# A\n\n### 2025\n\n{entry(1)}\n### 2025\n\n{entry(2)}"
    assert found(text) == []


def test_slips_in_different_parts_are_only_untidy():
    text = f"## A\n\n### Papers\n\n{entry(1)}\n## B\n\n### Paper\n\n{entry(2)}"
    (finding,) = found(text)
    assert (finding.code, finding.severity) == ("similar-headings", "note")


def test_a_paper_that_surely_belongs_elsewhere_is_named():
    text = HEAD + entry(1) + "\n## Torches\n\n" + entry(2)
    torch = Elsewhere("Torches", 0.984, ("Lamp2", "Lamp3", "Lamp4"))
    (finding,) = found(text, elsewhere={"2505.00001": torch, "2505.00002": torch})
    assert (finding.code, finding.line) == ("other-section", 5)
    assert finding.message == (
        'It stands in "Lanterns", but by what it is about it belongs to "Torches" (98%), '
        "beside Lamp2, Lamp3, Lamp4."
    )
