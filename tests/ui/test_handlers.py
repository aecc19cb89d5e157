from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch import Engine
from rftsearch.errors import FilterError
from rftsearch.index.build import build_index
from rftsearch.ui.handlers import MAX_CARDS, MAX_TEXT, PAGE_SIZE, Desk, View
from support.encoder import WordEncoder

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
NAMES = ["query", "seed", "categories", "since", "until", "has", "kind", "k"]


@pytest.fixture
def desk(engine) -> Desk:
    return Desk(engine)


def found(desk, **view) -> str:
    return desk.show(view)[2]


class TestView:
    def test_what_a_browser_sends(self):
        view = View.read(
            {
                "query": " a  b ",
                "categories": ["Audio"],
                "since": "2025-01",
                "kind": "paper",
                "k": 20,
            }
        )
        assert view.query == "a  b"
        assert view.k == 20
        assert view.filters().categories == ("Audio",)
        assert view.filters().kind == "paper"

    def test_nothing_is_the_empty_view(self):
        assert View.read(None) == View.read({}) == View()
        assert not View().filters()

    @given(ANYTHING | st.dictionaries(st.sampled_from(NAMES), ANYTHING))
    def test_anything_may_arrive(self, data):
        view = View.read(data)
        assert 1 <= view.k <= MAX_CARDS
        assert len(view.query) <= MAX_TEXT
        view.query.encode("utf-8")
        with suppress(FilterError):
            view.filters()

    def test_half_a_character_can_be_sent_back(self):
        assert View.read({"query": "a\ud800"}).query == "a?"


class TestShow:
    def test_before_anything_is_asked_the_newest_stand_first(self, desk):
        top, panel, answer = desk.show(None)
        assert "14 works: 13 papers and 1 project in 4 categories" in top
        assert answer.count('class="card"') == PAGE_SIZE
        assert answer.index("CrowdSeer") < answer.index("DrawWell") < answer.index("ClipMind")
        assert "Show more" in answer
        assert "score" not in answer
        assert 'value="2025-05"' in panel

    def test_a_question(self, desk):
        answer = found(desk, query="crowd")
        assert "Works on “crowd”" in answer
        assert answer.index("CrowdSeer") < answer.index("DrawWell")
        assert "score" in answer

    def test_papers_like_one(self, desk):
        answer = found(desk, query="crowd", seed="2504.00002")
        assert "Papers like DrawWell" in answer
        assert 'data-id="2504.00002"' not in answer
        assert 'data-action="back"' in answer

    def test_the_last_cards_come_without_a_button_for_more(self, desk):
        answer = found(desk, k=PAGE_SIZE * 2)
        assert answer.count('class="card"') == 14
        assert "Show more" not in answer

    def test_counts_are_those_under_the_other_filters(self, desk):
        _, panel, _ = desk.show({"categories": ["Audio"], "since": "2025-03"})
        rows = panel.split("<label")
        [image] = [row for row in rows if "Vision (Image)" in row]
        [audio] = [row for row in rows if ">Audio<" in row]
        assert '<span class="count">2</span>' in image
        assert '<span class="count">0</span>' in audio

    def test_no_answer_names_the_filters_to_take_off(self, desk):
        answer = found(desk, query="crowd", categories=["Audio"], has=["demo"])
        assert "No work passes all of these filters" in answer
        assert 'data-action="drop" data-value="categories"' in answer
        assert 'data-action="drop" data-value="has"' in answer
        assert 'data-value="months"' not in answer

    @pytest.mark.parametrize(
        ("view", "words"),
        [
            ({"since": "2025-13"}, "is not a month"),
            ({"since": "2025-05", "until": "2025-03"}, "No month lies between"),
            ({"categories": ["Nope"]}, "Nope"),
            ({"kind": "book"}, "Unknown kind"),
            ({"seed": "CrowdSear"}, "did you mean CrowdSeer"),
        ],
    )
    def test_mistakes_are_one_calm_line(self, desk, view, words):
        answer = found(desk, **view)
        assert words in answer.replace("&#39;", "'")
        assert "Traceback" not in answer
        assert 'class="card"' not in answer

    def test_a_name_that_comes_close_is_offered(self, desk):
        answer = found(desk, seed="CrowdSear")
        assert 'data-action="like" data-value="CrowdSeer"' in answer

    def test_a_note_of_the_header_is_not_said_again(self, desk):
        top, _, answer = desk.show({"query": "robot"})
        assert "not fetched yet" in top
        assert '<p class="note">' not in answer

    def test_undated_works_under_a_month_filter_are_told(self, desk):
        assert "undated" in found(desk, query="robot", since="2025-01")


class TestSuggest:
    def test_part_of_a_name(self, desk):
        assert desk.suggest("rowds") == [
            {"id": "2505.00001", "name": "CrowdSeer", "title": "Counting People"}
        ]

    @pytest.mark.parametrize("typed", ["", "   ", "zzzz", None, 7])
    def test_nothing_is_called_so(self, desk, typed):
        assert desk.suggest(typed) == []


def test_an_index_built_anew_is_picked_up(tmp_path):
    source = tmp_path / "list.md"
    entry = "* [2501] [{0}] [{0}](https://arxiv.org/abs/2501.0000{1})\n"
    source.write_text("# L\n\n## One\n\n" + entry.format("Old", 1), "utf-8")
    build_index(tmp_path / "index", [source], encoder=WordEncoder(), offline=True)
    with Engine.open(tmp_path / "index", encoder=WordEncoder()) as engine:
        desk = Desk(engine)
        assert "1 work: " in desk.show(None)[0]
        with source.open("a", encoding="utf-8") as out:
            out.write(entry.format("New", 2) + "\n## Two\n\n" + entry.format("Other", 3))
        build_index(tmp_path / "index", [source], encoder=WordEncoder(), offline=True)
        top, panel, answer = desk.show(None)
    assert "3 works: " in top
    assert "Two" in panel
    assert "New" in answer
