"""Lists and answers of an earlier day, and what is new for a question."""

from __future__ import annotations

from pathlib import Path

import pytest

from rftsearch import Engine, FilterError, Filters, Paper, QueryError, UsageError
from rftsearch.living.as_of import find_news, list_as_of, search_as_of
from rftsearch.papers.notes import NoteCode
from support.dated import DatedIndex, grown
from support.encoder import WordEncoder
from support.library import LIST


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        return grown(tmp_path_factory.mktemp("dated"), patch).index


@pytest.fixture
def engine(made):
    with Engine.open(made, encoder=WordEncoder()) as engine:
        yield engine


def names(papers) -> list[str]:
    return [paper.short_name for paper in papers]


class TestLists:
    def test_have_the_papers_of_the_day_as_they_were(self, engine):
        january = list_as_of(engine, "2026-01-31")
        assert set(names(january)) == {
            "CrowdSeer", "DrawWell", "Robo-Kit", "ClipMind", "NoPreprint", "EarTest",
        }  # fmt: skip
        [ear] = [paper for paper in january if paper.short_name == "EarTest"]
        assert ear.categories == ("Audio",)
        assert ear.abstract
        assert set(names(list_as_of(engine, "2026-04"))) == {
            "CrowdSeer", "DrawWell", "Robo-Kit", "ClipMinds", "NoPreprint", "EarTest", "Robo2",
            "DrawTwice",
        }  # fmt: skip

    def test_are_today_what_the_index_lists(self, engine):
        assert list_as_of(engine, "2026-05-20") == engine.papers()

    def test_are_sorted_cut_and_filtered_by_the_facts_of_the_day(self, engine):
        wanted = Filters(categories=("audio",))
        assert names(list_as_of(engine, "2026-03", wanted)) == ["Robo2", "EarTest"]
        with pytest.raises(FilterError):
            engine.papers(categories="Audio")  # It is called Sound today.
        assert names(list_as_of(engine, "2026-03", None, 2)) == ["Robo2", "CrowdSeer"]
        assert names(list_as_of(engine, "2026-03", None, 1, "oldest")) == ["EarTest"]
        with pytest.raises(QueryError):
            list_as_of(engine, "2026-03", None, 0)

    def test_need_a_day_in_the_history(self, engine):
        with pytest.raises(UsageError, match="begins on 2026-01-10"):
            list_as_of(engine, "2025")


class TestAnswers:
    def test_have_only_papers_of_the_day(self, engine):
        assert names(hit.paper for hit in engine.search("draw", k=1)) == ["DrawTwice"]
        found = search_as_of(engine, "draw", "2026-03", k=1)
        assert names(hit.paper for hit in found) == ["DrawWell"]

    def test_show_papers_as_they_were_and_say_what_is_missing(self, engine):
        found = search_as_of(engine, "count the crowd", "2026-01-10", k=1)
        assert names(hit.paper for hit in found) == ["CrowdSeer"]
        [note] = [note for note in found.notes if note.code == NoteCode.AS_OF]
        assert note == "1 paper was removed since then and cannot be searched: NoPreprint"
        filtered = search_as_of(engine, "crowd", "2026-01-10", 1, Filters(since="2025"))
        assert "filters compare the facts of today" in filtered.notes[-1]

    def test_of_today_are_those_of_a_search(self, engine):
        assert search_as_of(engine, "video", "2026-12", 3) == engine.search("video", 3)


class TestNews:
    def test_are_good_matches_that_were_added_since(self, engine):
        found = find_news(engine, "draw", "2026-03-06")
        assert [(item.hit.paper.short_name, item.listed[:10]) for item in found.items] == [
            ("DrawTwice", "2026-04-01")
        ]
        assert found.added == 1
        assert found.items[0].to_dict()["listed"] == "2026-04-01T12:00:00+00:00"

    def test_are_none_if_other_papers_are_much_better(self, engine):
        found = find_news(engine, "count the crowd", "2026-03")
        assert (found.items, found.added) == ((), 2)

    def test_are_none_before_and_after(self, engine):
        assert find_news(engine, "draw", "2026-04-02").items == ()
        assert find_news(engine, "DrawWell", "2026-01-10").begins.built[:10] == "2026-01-10"

    def test_a_paper_that_came_back_is_new_again(self, tmp_path, monkeypatch):
        dated = DatedIndex(tmp_path, monkeypatch)
        dated.build("2026-01-10", LIST)
        dated.remove("2026-02-01", "2505.00001")
        crowd = Paper("2505.00001", "CrowdSeer", "CrowdSeer: Counting a Crowd", ("Vision",))
        dated.add("2026-03-01", crowd)
        with Engine.open(dated.index, encoder=WordEncoder()) as engine:
            found = find_news(engine, "count the crowd", "2026-02")
        assert [item.listed[:10] for item in found.items] == ["2026-03-01"]
