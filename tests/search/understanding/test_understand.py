"""The seam: readers find parts, and every way to ask follows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest

from rftsearch import Engine, Filters
from rftsearch.errors import QueryError
from rftsearch.index.build.build import build_index
from rftsearch.papers.asked.understood import Part
from rftsearch.search.understanding import understand
from rftsearch.search.understanding.reading import Reading
from support.encoder import WordEncoder
from support.library import write_list

_YEAR = re.compile(r"in the year ([0-9]{4})")


def read_years(reading: Reading) -> Iterator[Part]:
    for match in reading.matches(_YEAR):
        only = Filters(since=match[1], until=match[1])
        label = f"in {match[1]}, asked in {reading.today.year}"
        yield Part("years", "filter", *match.span(), match[0], label, filters=only)


def read_slips(reading: Reading) -> Iterator[Part]:
    for word in reading.free_words():
        if word.text == "vidoe":
            found = (word.start, word.end, word.text, "video instead")
            yield Part("slips", "correction", *found, instead="video")


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("understand")
    build_index(folder / "index", [write_list(folder)], encoder=WordEncoder(), offline=True)
    return folder / "index"


@pytest.fixture
def engine(index, monkeypatch):
    rows = (("years", read_years), ("slips", read_slips))
    monkeypatch.setattr(understand, "READERS", rows)
    with Engine.open(index, encoder=WordEncoder(), today=lambda: date(2026, 3, 1)) as opened:
        yield opened


def names(hits) -> set[str]:
    return {hit.paper.short_name for hit in hits}


def test_a_plain_question_is_what_it_says(engine):
    understood = engine.understand("  count   the crowd ")
    assert (understood.query, understood.text, understood.parts) == (
        "count the crowd",
        "count the crowd",
        (),
    )


def test_parts_are_taken_out_of_the_text(engine):
    understood = engine.understand("vidoe papers in the year 2025")
    assert understood.text == "video papers"
    assert [part.label for part in understood.parts] == ["video instead", "in 2025, asked in 2026"]
    assert understood.filters == Filters(since="2025", until="2025")
    for part in understood.parts:
        assert understood.query[part.start : part.end] == part.words


def test_every_question_follows_them(engine):
    query, only = "vidoe in the year 2025", Filters(since="2025", until="2025")
    found = engine.search(query)
    assert names(found) == names(engine.search("video", filters=only))
    assert found.understood == engine.understand(query)
    assert engine.answer(query).results == found
    assert engine.facets(query=query) == engine.facets(only, "video")
    assert engine.timeline(query=query) == engine.timeline(only, "video")


@pytest.mark.parametrize("ignore", [["years:in the year 2025"], ["years"], "years"])
def test_a_part_that_is_switched_off_is_plain_text(engine, ignore):
    understood = engine.understand("vidoe in the year 2025", ignore=ignore)
    assert understood.text == "video in the year 2025"
    assert [part.kind for part in understood.parts] == ["slips"]
    found = engine.search("vidoe in the year 2025", ignore=ignore)
    assert len(found) == len(engine.search("video"))


def test_all_can_be_switched_off(engine):
    assert engine.understand("vidoe in the year 2025", ignore="all").parts == ()
    with pytest.raises(QueryError, match="each of ignore must be a string"):
        engine.understand("video", ignore=[3])


def test_without_a_topic_every_paper_that_passes_is_meant(engine):
    found = engine.search("papers in the year 2025", k=2)
    assert found.understood.text == ""
    papers = engine.papers(since="2025", until="2025")
    assert [hit.paper for hit in found] == papers[:2]
    assert {hit.score for hit in found} == {0.0}
    oldest = engine.search("in the year 2025", sort="oldest")
    assert [hit.paper for hit in oldest] == papers[::-1]
    assert engine.answer("in the year 2025").facets == engine.facets(since="2025", until="2025")
    assert engine.facets(query="in the year 2025").total == len(papers)
    assert engine.timeline(query="in the year 2025").total == len(papers)


def test_what_was_set_counts_more_than_words(engine):
    found = engine.search("video in the year 2024", since="2025")
    [part] = found.understood.parts
    assert not part.applied
    assert part.label.endswith("another filter is set")
    assert names(found) == names(engine.search("video", since="2025"))


def test_the_name_of_a_paper_is_not_read(index, monkeypatch):
    def read_everything(reading: Reading) -> Iterator[Part]:
        whole = (0, len(reading.query), reading.query, "everything")
        yield Part("all", "note", *whole, instead=None)

    monkeypatch.setattr(understand, "READERS", (("everything", read_everything),))
    with Engine.open(index, encoder=WordEncoder()) as engine:
        assert engine.understand("EarTest").parts == ()
        assert engine.understand("a test of ears").parts


def test_a_text_is_no_question(index):
    asked = "papers by Author One in 2025 without labels "
    with Engine.open(index, encoder=WordEncoder()) as engine:
        assert engine.understand(asked).parts
        text = (asked * 9).strip()
        assert engine.understand(text).parts == ()
        assert engine.understand(text).text == text


@pytest.mark.parametrize(
    "query", ["by " + "word " * 900, "\ud800 by (.*", "by \x00 in 2025-99", "'" * 99]
)
def test_any_text_can_be_read(index, query):
    with Engine.open(index, encoder=WordEncoder()) as engine:
        assert engine.understand(query).query
