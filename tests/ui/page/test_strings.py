from __future__ import annotations

from pathlib import Path

import pytest

from rftsearch.sources.arxiv.snapshot import Snapshot
from rftsearch.ui.page.strings import heading_search, tagline


class Sources:
    """As much of a status as a tagline is made of."""

    def __init__(self, *sources):
        self.sources = sources
        self.papers, self.projects = 2, 1


@pytest.mark.parametrize(
    ("sources", "named"),
    [
        (["/lists/mine.md"], "mine.md"),
        ([Snapshot(Path("/data/arxiv.json")).key], "arxiv.json"),
        (
            ["/lists/mine.md", Snapshot(Path("/a b/arxiv.gz"), ("cs.CV", "cs.CL"), "2024").key],
            "mine.md, arxiv.gz (in cs.CV or cs.CL since 2024)",
        ),
    ],
)
def test_the_tagline_names_the_sources(sources, named):
    assert (
        tagline(Sources(*sources)) == f"Search 3 entries from {named} by topic, title or meaning."
    )


def test_the_heading_of_a_long_question_is_its_beginning():
    assert heading_search("crowd counting") == "Results for “crowd counting”"
    long = heading_search("word " * 200)
    assert long.endswith("word…”")
    assert len(long) < 160


def test_a_question_does_not_turn_what_stands_after_it():
    assert heading_search("a\u202eb \u2067c") == "Results for “ab c”"
