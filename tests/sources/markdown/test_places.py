from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.sources.markdown.places import find_places
from rftsearch.sources.reading import read_list

STYLES = {
    "founding": (
        "# A list\n\n## Vision\n\n### Papers\n\n"
        "* [2505] [Lantern] [Reading in the Dark](https://arxiv.org/abs/2505.01234) [[Code](https://a.org)]\n"
        "   [[Model](https://b.org)]\n\n"
        "* [2504] [Torch] [Reading by Fire](https://arxiv.org/abs/2504.01234)\n",
        [(7, 8, "item"), (10, 10, "item")],
    ),
    "items below": (
        "## Vision\n- [Reading in the Dark](https://arxiv.org/abs/2505.01234)\n  - A. Author\n"
        "  - Code: [here](https://a.org)\n\n- [Reading by Fire](https://arxiv.org/abs/2504.01234)\n",
        [(2, 4, "item"), (6, 6, "item")],
    ),
    "loose items": (
        "## Vision\n\n1. **[Reading in the Dark.](https://arxiv.org/abs/2505.01234)**\n\n"
        "    *A. Author.* Preprint'25\n\n2. **[By Fire.](https://arxiv.org/abs/2504.01234)**\n",
        [(3, 5, "item"), (7, 7, "item")],
    ),
    "rows": (
        "## Vision\n| Title | Links |\n|---|---|\n"
        "| Reading in the Dark | [PDF](https://arxiv.org/abs/2505.01234) |\n"
        "| Reading by a Fire | [PDF](https://arxiv.org/abs/2504.01234) |\n",
        [(4, 4, "row"), (5, 5, "row")],
    ),
    "paragraphs": (
        "## Vision\n\n**Reading in the Dark** \\\n*A. Author* \\\n"
        "[[Paper](https://arxiv.org/abs/2505.01234)] \\\n10 May 2025\n\n"
        "**Reading by a Fire** \\\n[[Paper](https://arxiv.org/abs/2504.01234)]\n",
        [(3, 6, "paragraph"), (8, 9, "paragraph")],
    ),
    "HTML": (
        "## Vision\n\n<table>\n<tr>\n<td>Reading in the Dark</td>\n"
        '<td><a href="https://arxiv.org/abs/2505.01234">PDF</a></td>\n</tr>\n<tr>\n'
        '<td>Reading by a Fire</td><td><a href="https://arxiv.org/abs/2504.01234">PDF</a></td>\n'
        "</tr>\n</table>\n",
        [(4, 7, "html"), (8, 10, "html")],
    ),
    "title above its links": (
        "# A list\n\n## Vision\n\n### Reading in the Dark at Night\n\n"
        "- [PDF](https://arxiv.org/abs/2505.01234)\n- [Code](https://a.org)\n\n"
        "### Reading by a Fire Place\n\n- [PDF](https://arxiv.org/abs/2504.01234)\n",
        [(5, 8, "heading"), (10, 12, "heading")],
    ),
}


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize(("text", "places"), STYLES.values(), ids=STYLES)
def test_the_lines_of_entries_are_found_in_every_style(text, places, end):
    text = text.replace("\n", end)
    found = find_places(text, "x.md")
    assert [(one.first, one.last, one.kind) for one in found.entries] == places
    first, second = found.entries
    assert "2505.01234" in found.text_of(first)
    assert "2504.01234" in found.text_of(second)
    assert {link.url for link in found.links_of(first)} >= {link.url for link in first.paper.links}
    assert found.headings_above(first.first)[-1].level


def test_headings_are_named_without_what_decorates_them():
    text = (
        "# \U0001f525 A List\n\nAudio & Speech\n---\n\n## [Video](#video) (12) <a id='x'></a>\n\n"
        "<h3 align=center>Games</h3>\n"
    )
    found = find_places(text, "x.md").headings
    assert [(one.line, one.level, one.name) for one in found] == [
        (1, 1, "A List"),
        (3, 2, "Audio & Speech"),
        (6, 2, "Video"),
        (8, 3, "Games"),
    ]


def test_the_headings_above_a_line_are_those_that_are_open():
    found = find_places("# A\n## B\n### C\n## D\ntext\n", "x.md")
    assert [one.name for one in found.headings_above(5)] == ["A", "D"]
    assert [one.name for one in found.headings_above(3)] == ["A", "B", "C"]


PARTS = (
    *("- ", "## A", "| a | b |", "**Bold title here**", "[t](https://arxiv.org/abs/2505.01234)"),
    *("<tr>", "</tr>", "|---|---|", "---\n", "\u00e9", "\r", "    ", "\n", "\r\n", "\n\n"),
)


@given(st.lists(st.sampled_from(PARTS), max_size=30).map("".join))
def test_places_of_any_text_are_lines_of_it(text):
    found = find_places(text, "x.md")
    lines = re.split(r"\r\n?|\n", text)
    before = 0
    for one in found.entries:
        assert before < one.first <= one.last <= len(lines)
        before = one.last if one.kind != "heading" else one.first
        assert lines[one.last - 1].strip() or one.last == one.first
    for link in found.links:
        assert (
            text[link.start]
            == lines[found.line_at(link.start) - 1][found.column_at(link.start) - 1]
        )
    start, end = found.span(1, len(lines))
    assert (start, end) == (0, len(text))


@pytest.mark.shared
@pytest.mark.parametrize("name", ["data/awesome/awesome-RLHF.md", "data/list-2026-05.md"])
def test_the_entries_of_real_lists_hold_their_links(shared, name):
    path = shared / name
    found = find_places(path.read_bytes().decode("utf-8-sig"), path.name, read_list(path))
    for one in found.entries:
        text = found.text_of(one)
        urls = {link.url for link in found.links_of(one)}
        for paper in one.papers:
            assert paper.arxiv_id is None or paper.arxiv_id in text
            assert {link.url for link in paper.links} <= urls
