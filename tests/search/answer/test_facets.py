"""Counts beside the filters, orders by date, and guessed categories."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch import Engine, Filters
from rftsearch.errors import FilterError, QueryError
from rftsearch.index.build.build import build_index, index_papers
from rftsearch.index.generations.lock import being_built
from rftsearch.papers.paper import KINDS, LINK_KINDS, Paper
from support.encoder import WordEncoder
from support.library import write_list

CATEGORIES = ("Vision (Image)", "Vision (Video)", "Audio")
MONTHS = (None, "2025-02", "2025-03", "2025-04", "2025-05")


@pytest.fixture(scope="module")
def engine(invented_index):
    with Engine.open(invented_index, encoder=WordEncoder()) as opened:
        yield opened


def names(found) -> list[str]:
    return [getattr(one, "paper", one).short_name for one in found]


def build_filters(categories, since, until, has, kind, generative):
    if since and until and since > until:
        since, until = until, since
    return Filters(tuple(categories), since, until, tuple(has), kind, generative)


FILTERS = st.builds(
    build_filters,
    st.sets(st.sampled_from(CATEGORIES)),
    st.sampled_from(MONTHS),
    st.sampled_from(MONTHS),
    st.sets(st.sampled_from(("code", "model", "dataset"))),
    st.sampled_from((None, *KINDS)),
    st.sampled_from((None, True, False)),
)


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """More papers about crowds than are candidates; the old ones say it with more words."""
    many = [
        Paper(f"slug:new{n}", f"New{n}", "Crowd", ("Vision (Image)",), released="2025-03")
        for n in range(700)
    ]
    old = [
        Paper(f"slug:old{n}", f"Old{n}", "Crowd count", ("Audio",), released="2001-01")
        for n in range(20)
    ]
    dull = [
        Paper(f"slug:dull{n}", f"Dull{n}", "Robot", ("Audio",), released="2001-01")
        for n in range(5)
    ]
    index = tmp_path_factory.mktemp("large") / "index"
    index_papers(index, [*many, *old, *dull], encoder=WordEncoder())
    with Engine.open(index, encoder=WordEncoder()) as opened:
        yield opened


class TestLargeCollections:
    FILTERS = Filters(until="2010")

    def test_what_a_filter_leaves_is_counted_though_others_answer_as_well(self, large):
        facets = large.facets(self.FILTERS, "crowd")
        assert facets.total == facets.kinds["paper"] == facets.categories["Audio"] == 20
        assert large.search("crowd", 5, self.FILTERS).facets["Audio"] == 20

    def test_every_choice_is_counted_within_the_others(self, large):
        filters = Filters(until="2010", categories=("Vision (Image)",))
        facets = large.facets(filters, "crowd")
        assert (facets.total, facets.categories["Audio"]) == (0, 20)

    def test_the_timeline_of_a_question(self, large):
        line = large.timeline(self.FILTERS, "crowd")
        assert (line.months, sum(map(sum, line.counts))) == (("2001-01",), 20)


class TestFacets:
    @given(FILTERS)
    def test_each_choice_leaves_what_was_counted(self, engine, filters):
        facets = engine.facets(filters)

        def left(**change) -> int:
            fields = {name: getattr(filters, name) for name in filters.__slots__}
            return len(engine.papers(Filters(**{**fields, **change})))

        assert facets.total == left()
        for name, number in facets.categories.items():
            assert number == left(categories=(name,))
        for kind in LINK_KINDS:
            assert facets.has[kind] == left(has=(*filters.has, kind))
        assert facets.kinds == {kind: left(kind=kind) for kind in KINDS}
        assert facets.generative == {value: left(generative=value) for value in (True, False)}
        off = {
            "categories": {"categories": ()},
            "months": {"since": None, "until": None},
            "has": {"has": ()},
            "kind": {"kind": None},
            "generative": {"generative": None},
        }
        for name, number in facets.without.items():
            assert number == left(**off[name])
        assert bool(facets.without) == bool(filters)

    def test_of_a_query_only_works_that_fit_are_counted(self, engine):
        everything, facets = engine.facets(), engine.facets(query="draw")
        assert facets.total == 1 < everything.total
        assert facets.categories == {"Vision (Image)": 1, "Vision (Video)": 0, "Audio": 0}
        assert facets.generative == {True: 1, False: 0}

    def test_of_a_name_the_named_work_is_the_match_and_not_what_is_like_it(self, engine):
        assert engine.facets(query="DrawWell").total == 1

    def test_counts_are_those_of_all_works_where_nothing_is_filtered(self, engine):
        every = engine.papers()
        facets = engine.facets()
        assert facets.total == len(every)
        assert facets.categories == Counter(name for p in every for name in p.categories)

    def test_an_unknown_category_is_named(self, engine):
        with pytest.raises(FilterError, match="Smell"):
            engine.facets(Filters(categories=("Smell",)), "draw")


class TestSorting:
    def test_works_by_date(self, engine):
        newest, oldest = engine.papers(), engine.papers(sort="oldest")
        assert names(newest)[0] == "CrowdSeer"
        assert names(oldest)[0] == "EarTest"
        assert newest[-1].released is None
        assert oldest[-1].released is None
        assert names(engine.papers(Filters(kind="paper"), 1, sort="oldest")) == ["EarTest"]

    def test_answers_by_date_hold_what_fits(self, engine):
        found = engine.search("reward", sort="newest")
        assert names(found) == ["CrowdSeer", "DrawWell", "ClipMind"]
        assert names(engine.search("reward", sort="oldest")) == names(found)[::-1]
        assert names(engine.search("reward", 1, sort="oldest")) == ["ClipMind"]

    def test_papers_like_one_by_date_do_without_it(self, engine):
        found = engine.similar("DrawWell", sort="newest")
        assert "DrawWell" not in names(found)
        months = [hit.paper.released or "" for hit in found]
        assert months == sorted(months, reverse=True)
        assert set(names(found)) < set(names(engine.similar("DrawWell")))

    def test_papers_like_a_text_by_date(self, engine):
        months = [hit.paper.released for hit in engine.similar_to_text("a video", sort="oldest")]
        assert months == sorted(months)

    @pytest.mark.parametrize("ask", ["search", "similar", "similar_to_text"])
    def test_an_order_that_does_not_exist(self, engine, ask):
        with pytest.raises(QueryError, match="'best'; one of relevance, newest, oldest"):
            getattr(engine, ask)("DrawWell", sort="best")

    @pytest.mark.parametrize("order", ["relevance", "best"])
    def test_without_a_question_there_is_no_relevance(self, engine, order):
        with pytest.raises(QueryError, match=f"a list by '{order}'; one of newest, oldest$"):
            engine.papers(sort=order)

    def test_months_are_those_of_the_list(self, engine):
        assert engine.months() == ["2025-05", "2025-04", "2025-03", "2025-02"]


class TestKeepingUp:
    def test_another_index_is_another_version(self, tmp_path):
        source = write_list(tmp_path)
        build_index(tmp_path / "index", [source], encoder=WordEncoder(), offline=True)
        with Engine.open(tmp_path / "index", encoder=WordEncoder()) as engine:
            first = engine.version
            assert engine.version == first
            source.write_text(source.read_text("utf-8").replace("EarTest", "EarTrial"), "utf-8")
            build_index(tmp_path / "index", [source], encoder=WordEncoder(), offline=True)
            assert engine.version != first

    def test_a_build_is_seen_while_it_goes_on(self, tmp_path):
        index = tmp_path / "index"
        seen = {}
        build_index(
            index,
            [write_list(tmp_path)],
            encoder=WordEncoder(),
            offline=True,
            progress=lambda stage, *_: seen.setdefault(stage, being_built(index)),
        )
        assert seen.pop("read") is False  # what is not written needs no lock
        assert set(seen.values()) == {True}
        assert not being_built(index)

    def test_what_a_killed_build_left_is_no_build(self, tmp_path):
        (tmp_path / "writer.json").write_text("{}", "utf-8")
        assert not being_built(tmp_path)
        assert not (tmp_path / "writer.json").exists()
        assert not being_built(tmp_path / "nothing")

    def test_a_question_is_encoded_once_under_many_filters(self, invented_index):
        class Counting(WordEncoder):
            asked = 0

            def encode_queries(self, texts):
                self.asked += 1
                return super().encode_queries(texts)

        encoder = Counting()
        with Engine.open(invented_index, encoder=encoder) as engine:
            engine.search("video")
            engine.facets(Filters(has=("code",)), "video")
            engine.search("video", filters=Filters(kind="paper"))
        assert encoder.asked == 1
