"""The list's name, description and home stand in exports, and no reader stumbles over them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from rftsearch import read_list
from rftsearch.export import FORMATS, export
from rftsearch.export.lists import join_lists, name_lists
from rftsearch.papers.about import ListAbout
from support.citable import HOSTILE, PENDING, PROJECT, REPORT, paper

ABOUT = ListAbout(
    title="Awesome Night Vision",
    description="Papers and projects that see in the dark.",
    home="https://github.com/example/awesome-night",
    licence="CC BY 4.0",
    updated="2026-05-03",
)
PAPERS = [paper(), PROJECT, REPORT, PENDING]
READ_BACK = sorted(FORMATS.keys() - {"csv"})


def back(folder, format, about):
    """What is read of an export: its records, and what the list says of itself."""
    path = folder / f"out{FORMATS[format].suffix}"
    path.write_bytes(export(PAPERS, format, about=about).encode())
    parsed = read_list(path)
    # A project under two headings of a Markdown list repeats itself, and is told.
    assert [one.reason[:7] for one in parsed.problems] == ["repeats"] * (format == "markdown")
    return [replace(one, provenance=(), heading_paths=()) for one in parsed.papers], parsed.about


@pytest.mark.parametrize("format", READ_BACK)
def test_the_records_come_back_as_without_it(tmp_path, format):
    plain, _ = back(tmp_path, format, None)
    assert back(tmp_path, format, ABOUT)[0] == plain
    text = export(PAPERS, format, about=ABOUT)
    assert ABOUT.title in text
    assert (ABOUT.home in text) == (format != "ris")


@pytest.mark.parametrize("format", READ_BACK)
@pytest.mark.parametrize("hostile", [*HOSTILE, "see https://arxiv.org/abs/2401.00001", "* [x](y)"])
def test_nothing_that_a_list_says_changes_the_records(tmp_path, format, hostile):
    about = ListAbout(hostile, hostile, f"https://example.org/{hostile}", hostile, hostile)
    assert back(tmp_path, format, about)[0] == back(tmp_path, format, None)[0]


def test_a_list_written_as_markdown_says_the_same_of_itself(tmp_path):
    said = back(tmp_path, "markdown", ABOUT)[1]
    assert (said.title, said.description, said.home) == (ABOUT.title, ABOUT.description, ABOUT.home)
    assert (said.licence, said.updated) == (ABOUT.licence, ABOUT.updated)


def test_a_table_and_an_export_without_papers_say_nothing():
    assert export(PAPERS, "csv", about=ABOUT) == export(PAPERS, "csv")
    assert export([], "markdown", about=ABOUT) == ""
    assert json.loads(export([], "csl", about=ABOUT)) == []


def test_several_lists_are_named_together():
    lists = name_lists(
        {
            "/lists/night.md": ABOUT,
            "/lists/my-robots.md": ListAbout(),
            "/lists/c.md": ListAbout(home="https://github.com/example/depth.git"),
            "/lists/d.bib": ListAbout(home="http://[odd", licence="CC BY 4.0"),
            "/lists/e.csv": ListAbout(title=" E\n and F "),
        }
    )
    assert [one.title for one in lists] == [ABOUT.title, "my-robots", "depth", "d.bib", "E and F"]
    joined = join_lists(lists)
    assert joined.title == "Awesome Night Vision, my-robots, depth and 2 more lists"
    assert (joined.home, joined.licence, join_lists(lists[:1])) == ("", "", lists[0])
    assert join_lists([lists[0], lists[3]]).licence == "CC BY 4.0"
    assert join_lists([]) == ListAbout()
