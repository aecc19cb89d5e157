from __future__ import annotations

import pytest

from rftsearch import Engine, Filters
from rftsearch.errors import FilterError
from rftsearch.index.build.build import index_papers
from rftsearch.index.tables import paper_map
from rftsearch.papers.paper import Paper
from rftsearch.search.answer import overview
from support.encoder import WordEncoder


def paper(name: str, month: str | None, *categories: str) -> Paper:
    return Paper(f"{name}-id", name, f"{name}: video", categories or ("A",), released=month)


PAPERS = [
    paper("One", "2024-11", "A"),
    paper("Two", "2025-02", "B", "A"),
    paper("Three", "2025-02", "A", "C"),
    paper("Four", "2025-02", "C"),
    paper("Five", None, "B"),
]


@pytest.fixture
def engine(invented_index):
    with Engine.open(invented_index, encoder=WordEncoder()) as opened:
        yield opened


@pytest.fixture
def dated(tmp_path):
    index_papers(tmp_path / "index", PAPERS, encoder=WordEncoder())
    with Engine.open(tmp_path / "index", encoder=WordEncoder()) as opened:
        yield opened


class TestMap:
    def test_every_paper_has_a_place(self, engine):
        drawn = engine.map()
        assert drawn.method == "PCA"
        assert (drawn.total, drawn.sampled) == (6, False)
        assert {point.id for point in drawn.points} == {paper.id for paper in engine.papers()}
        [crowd] = [point for point in drawn.points if point.short_name == "CrowdSeer"]
        assert (crowd.title, crowd.category) == ("CrowdSeer: Counting People", "Vision (Image)")
        assert (crowd.kind, crowd.released) == ("paper", "2025-05")
        assert drawn.to_dict()["points"][0].keys() >= {"id", "x", "y"}

    def test_filters_take_papers_off_and_move_none(self, engine):
        everything = {point.id: point for point in engine.map().points}
        some = engine.map(Filters(categories=("Vision (Video)",)))
        assert {point.short_name for point in some.points} == {"ClipMind", "NoPreprint"}
        assert all(everything[point.id] == point for point in some.points)
        assert some.total == 2
        assert engine.map(Filters(since="2030-01")).points == ()

    def test_an_unknown_category_is_an_error(self, engine):
        for ask in (engine.map, engine.timeline):
            with pytest.raises(FilterError, match="unknown category"):
                ask(Filters(categories=("Smell",)))

    def test_a_large_collection_is_sampled(self, tmp_path, monkeypatch):
        monkeypatch.setattr(paper_map, "MOST", 3)
        index_papers(tmp_path / "index", PAPERS, encoder=WordEncoder())
        with Engine.open(tmp_path / "index", encoder=WordEncoder()) as engine:
            drawn = engine.map()
        assert (len(drawn.points), drawn.total, drawn.sampled) == (3, 5, True)


class TestTimeline:
    def test_counts_by_month_and_first_category(self, dated):
        line = dated.timeline()
        assert line.categories == ("A", "B", "C")
        assert line.months == ("2024-11", "2024-12", "2025-01", "2025-02")
        assert line.counts == ((1, 0, 0), (0, 0, 0), (0, 0, 0), (1, 1, 1))
        assert (line.total, line.undated, line.earlier) == (4, 1, 0)
        assert line.cumulative() == ((1, 0, 0), (1, 0, 0), (1, 0, 0), (2, 1, 1))
        assert line.to_dict()["undated"] == 1

    def test_filters(self, dated):
        line = dated.timeline(Filters(categories=("C",)))
        assert line.months == ("2025-02",)
        assert line.counts == ((1, 0, 1),)
        assert dated.timeline(Filters(since="2025-01")).undated == 0

    def test_nothing_passes(self, dated):
        line = dated.timeline(Filters(since="2030-01"))
        assert (line.months, line.counts, line.cumulative(), line.total) == ((), (), (), 0)

    def test_the_earliest_months_go_where_there_are_too_many_bars(self, dated, monkeypatch):
        monkeypatch.setattr(overview, "MOST_BARS", 6)
        line = dated.timeline()
        assert line.months == ("2025-01", "2025-02")
        assert (line.total, line.earlier) == (3, 1)

    def test_months_end_years(self, tmp_path):
        papers = [paper("Old", "1999-12"), paper("New", "2000-01")]
        index_papers(tmp_path / "index", papers, encoder=WordEncoder())
        with Engine.open(tmp_path / "index", encoder=WordEncoder()) as engine:
            assert engine.timeline().months == ("1999-12", "2000-01")
