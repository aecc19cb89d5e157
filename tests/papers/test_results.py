"""Results as Python values: sequences, rows of a table, members of a set."""

from __future__ import annotations

import copy
import json
import pickle
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from rftsearch.papers.notes import Note, NoteCode
from rftsearch.papers.paper import Paper
from rftsearch.papers.results import Facets, Hit, Results

PAPER = Paper(
    id="2505.01234",
    short_name="NightOwl",
    title="NightOwl: Seeing in the Dark",
    categories=("Night Vision",),
    released="2025-05",
    url="https://arxiv.org/abs/2505.01234",
)
HOSTILE = "<script>alert(1)</script>"


class Cells(HTMLParser):
    """The tags of a page, its links, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name == "href"]

    def handle_data(self, data):
        self.text.append(data)


def test_results_are_a_sequence():
    hits = (Hit(PAPER, 0.9), Hit(replace(PAPER, id="other"), 0.8))
    results = Results(hits, notes=("One is missing.",), facets={"Night Vision": 2})
    assert len(results) == 2
    assert list(results) == list(hits)
    assert results[0] is hits[0]
    assert results[-1:] == hits[1:]
    assert hits[1] in results
    assert results.notes == ("One is missing.",)
    assert not Results(())
    assert Results(()).facets == {}


def test_rows_of_a_table():
    results = Results((Hit(PAPER, 0.9, {"meaning": 0.9}),))
    [row] = results.to_dicts()
    assert (row["short_name"], row["score"], row["parts"]) == ("NightOwl", 0.9, {"meaning": 0.9})
    json.dumps(row)
    assert Results(()).to_dicts() == []


def test_hits_results_and_facets_can_stand_in_a_set():
    def facets(number: int) -> Facets:
        return Facets(2, {"Audio": number}, {}, {}, {True: 1}, {})

    def results(number: float) -> Results:
        return Results((Hit(PAPER, 0.5, {"words": number}),), facets={"Audio": 1})

    assert len({facets(1), facets(1), facets(2)}) == 2
    assert len({results(0.1), results(0.1), results(0.2)}) == 2
    assert len({*results(0.1), *results(0.1), *results(0.2)}) == 2
    assert results(0.1) != results(0.2)


class TestTable:
    def test_a_paper_is_a_row(self):
        page = Cells(Results((Hit(PAPER, 0.876),))._repr_html_())
        assert page.links == ["https://arxiv.org/abs/2505.01234"]
        assert page.tags.count("tr") == 2
        for cell in ("1", "NightOwl", "NightOwl: Seeing in the Dark", "Night Vision", "0.88"):
            assert cell in page.text

    @pytest.mark.parametrize("field", ["short_name", "title", "released", "url"])
    def test_what_a_list_holds_is_text(self, field):
        hit = Hit(replace(PAPER, categories=(HOSTILE,), **{field: f'"><{HOSTILE}'}), 0.5)
        note = Note(NoteCode.UNDATED_HIDDEN, HOSTILE)
        page = Cells(Results((hit,), notes=(note,))._repr_html_())
        assert set(page.tags) <= {"table", "thead", "tbody", "tr", "th", "td", "a", "p"}

    @pytest.mark.parametrize("url", [None, "", "javascript:alert(1)", "data:text/html,x", "//x"])
    def test_only_addresses_of_the_web_are_links(self, url):
        assert Cells(Results((Hit(replace(PAPER, url=url), 0.5),))._repr_html_()).links == []


class TestNote:
    def test_is_a_text_with_a_code(self):
        note = Note(NoteCode.NOT_IN_INDEX, "2401.00001 is not in this index")
        assert note == "2401.00001 is not in this index" == note.text
        assert note.code is NoteCode.NOT_IN_INDEX
        assert json.dumps([note]) == '["2401.00001 is not in this index"]'

    @pytest.mark.parametrize(
        "again",
        [copy.copy, copy.deepcopy, lambda note: pickle.loads(pickle.dumps(note))],  # noqa: S301 - our own bytes
    )
    def test_copies_keep_the_code(self, again):
        note = again(Note(NoteCode.FETCHED, "fetched"))
        assert (note, note.code) == ("fetched", NoteCode.FETCHED)
