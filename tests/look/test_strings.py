from __future__ import annotations

import pytest

from rftsearch.look.strings import counts_line, heading_search, month, purpose


class Counts:
    """As much of a status as sentences are made of."""

    def __init__(self, papers, projects=0, categories=3, with_abstract=0):
        self.papers, self.projects = papers, projects
        self.categories, self.with_abstract = categories, with_abstract


@pytest.mark.parametrize(
    ("counts", "line"),
    [
        (Counts(65, 14, 8, 65), "79 entries: 65 papers and 14 projects in 8 categories; "
         "14 have no abstract"),
        (Counts(1, 1, 2, 1), "2 entries: 1 paper and 1 project in 2 categories; 1 has no abstract"),
        (Counts(65, 0, 8, 65), "65 papers in 8 categories"),
        (Counts(65, 0, 1, 62), "65 papers; 3 are known by title only"),
        (Counts(65, 0, 1, 64), "65 papers; 1 is known by title only"),
        (Counts(65, 0, 2, 0), "65 papers in 2 categories; all are known by title only"),
        (Counts(1, 0, 1, 0), "1 paper; 1 is known by title only"),
        (Counts(1200, 0, 1, 1200), "1,200 papers"),
    ],
)  # fmt: skip
def test_visitors_read_what_the_page_holds_and_what_is_missing(counts, line):
    assert counts_line(counts) == line


@pytest.mark.parametrize(
    ("counts", "entries"),
    [(Counts(3), "3 papers"), (Counts(2, 1), "3 entries"), (Counts(0, 1), "1 entry")],
)
def test_the_purpose_counts_what_can_be_searched(counts, entries):
    assert purpose(counts) == f"Search {entries} by topic, title or meaning."


def test_the_heading_of_a_long_question_is_its_beginning():
    assert heading_search("crowd counting") == "Results for “crowd counting”"
    long = heading_search("word " * 200)
    assert long.endswith("word…”")
    assert len(long) < 160


def test_a_question_does_not_turn_what_stands_after_it():
    assert heading_search("a\u202eb \u2067c") == "Results for “ab c”"


def test_a_year_alone_is_shown_as_it_is():
    assert [month(text) for text in ("2025-03", "2025")] == ["Mar 2025", "2025"]
