from __future__ import annotations

import httpx
import pytest

from rftsearch.ui.page.plots import NEIGHBOURS, Plots, plotly_route
from support.hostile import MARKUP


@pytest.fixture
def plots(engine) -> Plots:
    return Plots(engine)


class TestMap:
    def test_what_is_drawn_and_how(self, plots):
        drawn = plots.map()
        columns = drawn["points"]
        assert {len(column) for column in columns.values()} == {14}
        assert [category["name"] for category in drawn["categories"]][:2] == [
            "Vision (Image)",
            "Vision (Video)",
        ]
        at = columns["id"].index("2505.00001")
        assert columns["name"][at] == "CrowdSeer"
        assert columns["month"][at] == "May 2025"
        assert drawn["about"].startswith("14 papers. Papers with similar titles and abstracts")
        assert "Layout: PCA." in drawn["about"]

    def test_which_works_pass_the_filters(self, plots):
        assert plots.standing({"query": "video"})["ids"] is None
        assert plots.standing({"kind": "project"})["ids"] == ["example-org-robo-kit"]
        assert plots.standing({"categories": ["Audio"], "since": "2026-01"})["ids"] == []

    @pytest.mark.parametrize("sent", [None, "x", {"since": "soon"}, {"categories": ["Smell"]}])
    def test_a_view_that_makes_no_sense_hides_nothing(self, plots, sent):
        assert plots.standing(sent)["ids"] is None

    def test_the_version_of_the_index_is_reported(self, plots, engine):
        assert plots.standing({})["version"] == plots.map()["version"] == engine.version

    def test_a_chosen_work_comes_with_its_card_and_those_like_it(self, plots):
        found = plots.choose("2505.00001")
        assert found["id"] == "2505.00001"
        assert len(found["near"]) == NEIGHBOURS
        assert "Counting People" in found["markup"]
        assert all(f'data-value="{near}"' in found["markup"] for near in found["near"])

    def test_nothing_in_a_card_is_markup(self, plots):
        markup = plots.choose("2501.00005")["markup"]
        assert MARKUP not in markup
        assert "<i>Trap" not in markup

    @pytest.mark.parametrize("asked", ["nobody's paper", "", None, 7, ["2505.00001"]])
    def test_a_work_that_is_not_there_is_said(self, plots, asked):
        found = plots.choose(asked)
        assert (found["id"], found["near"]) == ("", [])
        assert "card" not in found["markup"]
        assert 'class="hint"' in found["markup"]


class TestTimeline:
    def test_counts(self, plots):
        line = plots.timeline(None)
        assert line["months"][0] == "2024-12"
        assert line["names"][-1] == "May 2025"
        assert sum(map(sum, line["counts"])) == 13
        assert sum(line["cumulative"][-1]) == 13
        assert line["about"] == (
            "13 papers by month of release, coloured by first category. "
            "Not shown: 1 paper without a month."
        )

    def test_months_and_categories_are_marked_rather_than_taken_away(self, plots):
        chosen = {"since": "2025-05", "until": "2025-05", "categories": ["Audio"]}
        assert plots.timeline(chosen) == plots.timeline({})
        coded = plots.timeline({**chosen, "has": ["code"]})
        assert sum(map(sum, coded["counts"])) == 3

    def test_filters_that_make_no_sense_take_nothing_away(self, plots):
        assert plots.timeline({"has": ["smell"]}) == plots.timeline({})

    def test_what_fits_a_question_within_the_whole(self, plots, engine):
        line = plots.timeline({"query": "crowd", "since": "2025-05", "sort": "newest"})
        everything = plots.timeline({})
        assert everything["whole"] is None
        assert line["whole"] == everything["counts"]
        assert line["months"] == everything["months"]
        fitting = sum(map(sum, line["counts"]))
        undated = sum(hit.paper.released is None for hit in engine.search("crowd", sort="newest"))
        assert 0 < fitting == engine.facets(query="crowd").total - undated < 13
        assert sum(line["cumulative"][-1]) == fitting
        assert sum(line["whole_cumulative"][-1]) == 13
        assert f"{fitting} good match" in line["about"]
        assert "the rest of the list" in line["about_rest"]

    def test_papers_like_one_are_no_question_in_words(self, plots):
        assert plots.timeline({"query": "crowd", "seed": "ClipMind"}) == plots.timeline({})


def test_plotly_comes_from_here_compressed_and_is_kept(address):
    answer = httpx.get(f"{address}{plotly_route().path[1:]}", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "plotly.js v" in answer.text[:100]
