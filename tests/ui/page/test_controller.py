from __future__ import annotations

import logging
import re

import pytest

from rftsearch import Engine
from rftsearch.errors import (
    FetchError,
    IndexDamagedError,
    IndexReadError,
    ModelError,
    UnknownPaperError,
)
from rftsearch.export import FORMATS
from rftsearch.index.build.build import build_index
from rftsearch.ui.page import queries
from rftsearch.ui.page.controller import PageController
from rftsearch.ui.page.queries import SILENCE, PaperLookup
from rftsearch.ui.page.view import PAGE_SIZE
from support.encoder import WordEncoder
from support.page import OUTSIDE, SILENT, Arxiv


@pytest.fixture
def desk(engine) -> PageController:
    return PageController(engine)


def found(desk, **view) -> str:
    return desk.show(view).found


class TestShow:
    def test_before_anything_is_asked_the_newest_stand_first(self, desk):
        top, panel, answer, *_ = desk.show(None)
        assert "14 entries: 13 papers and 1 project in 4 categories" in top
        assert answer.count('class="card"') == PAGE_SIZE
        assert answer.index("CrowdSeer") < answer.index("DrawWell") < answer.index("ClipMind")
        assert "Show more" in answer
        assert "score" not in answer
        assert 'value="2025-05"' in panel

    def test_a_question(self, desk):
        answer = found(desk, query="crowd")
        assert "Results for “crowd”" in answer
        assert answer.index("CrowdSeer") < answer.index("DrawWell")
        assert "score" in answer

    def test_papers_like_one(self, desk):
        answer = found(desk, query="crowd", seed="2504.00002")
        assert "Papers like DrawWell" in answer
        seed, cards = answer.split('<ol class="cards">')
        assert 'data-id="2504.00002"' in seed
        assert 'data-id="2504.00002"' not in cards
        assert 'data-action="back"' in answer

    def test_the_last_cards_come_without_a_button_for_more(self, desk):
        answer = found(desk, k=PAGE_SIZE * 2)
        assert answer.count('class="card"') == 14
        assert "Show more" not in answer

    def test_counts_are_those_under_the_other_filters(self, desk):
        _, panel, *_ = desk.show({"categories": ["Audio"], "since": "2025-03"})
        rows = panel.split("<label")
        [image] = [row for row in rows if "Vision (Image)" in row]
        [audio] = [row for row in rows if ">Audio<" in row]
        assert '<span class="count">2</span>' in image
        assert '<span class="count">0</span>' in audio

    @pytest.mark.parametrize(
        ("sent", "full"),
        [
            (["VIDEO"], ("Vision (Video)",)),
            (["audio", "Vision (Image)"], ("Audio", "Vision (Image)")),
            (["video", "Vision (Video)", "vision (video)"], ("Vision (Video)",)),
            ([], ()),
            (["video", "Nope"], ("video", "Nope")),
            (["vision"], ("vision",)),
        ],
    )
    def test_categories_of_an_address_get_their_full_names(self, desk, sent, full):
        assert desk.show({"categories": sent}).categories == full

    def test_no_answer_names_the_filters_to_take_off(self, desk):
        answer = found(desk, query="crowd", categories=["Audio"], has=["demo"])
        assert "No paper passes all of these filters" in answer
        # Without the resource one is left; whatever the category, nothing has a demo.
        assert "with or without resources (1 paper)" in answer
        assert 'data-action="drop" data-value="categories"' not in answer
        assert 'data-value="months"' not in answer
        assert "Clear all filters" in answer

    def test_where_the_question_leaves_nothing_its_parts_are_named(self, desk):
        answer = found(desk, query='"crowd" -crowd')
        assert "No paper is all that your question asks for." in answer
        assert 'data-action="ignore"' in answer
        assert "The list holds no papers yet" not in answer

    def test_the_filter_that_hides_most_is_offered_first(self, desk):
        answer = found(desk, categories=["Audio"], has=["code"])
        assert answer.index("any category (") < answer.index("with or without resources (")

    def test_a_question_that_nothing_is_about_says_so_once(self, desk):
        answer = found(desk, query="roses")
        assert "No good match for this query; these are the closest papers." in answer
        assert "fit" not in answer.split("<details")[0]

    def test_an_id_that_the_list_lacks_is_offered_to_arxiv(self, desk):
        answer = found(desk, query="arXiv:2401.00001")
        assert "2401.00001 is not in the list." in answer
        assert 'data-action="like" data-value="2401.00001"' in answer
        assert "data-id" not in answer

    def test_an_id_whose_paper_a_filter_hides_is_in_the_list(self, desk):
        answer = found(desk, query="2505.00001", categories=["Audio"], has=["demo"], kind="project")
        assert "No paper passes all of these filters" in answer

    @pytest.mark.parametrize(
        ("view", "words"),
        [
            ({"since": "2025-13"}, "is not a month"),
            ({"since": "2025-05", "until": "2025-03"}, "No month lies between"),
            ({"categories": ["Nope"]}, "Nope"),
            ({"kind": "book"}, "Unknown kind"),
            ({"seed": "CrowdSear"}, "called “CrowdSear”. Did you mean:"),
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

    def test_notes_for_whoever_runs_the_page_are_not_shown(self, desk, engine):
        top, _, answer, *_ = desk.show({"query": "robot"})
        assert any("rftsearch build" in note for note in engine.status().notes)
        assert "9 have no abstract" in top
        assert "rftsearch build" not in top + answer
        assert '<p class="note">' not in answer

    @pytest.mark.parametrize("error", [IndexDamagedError, IndexReadError, ModelError])
    def test_what_only_whoever_runs_the_page_can_mend_goes_to_the_log(
        self, desk, monkeypatch, caplog, error
    ):
        reason = f"{error.__name__}: /srv/index is damaged; `rftsearch build --repair` mends it"

        def fail(*_, **__):
            raise error(reason)

        monkeypatch.setattr(Engine, "answer", fail)
        monkeypatch.setattr(logging.getLogger("uvicorn.error"), "propagate", True)
        monkeypatch.setattr(logging.getLogger("uvicorn"), "propagate", True)
        answer = found(desk, query="crowd")
        assert "cannot be searched at the moment" in answer
        assert "/srv" not in answer
        assert "--repair" not in answer
        assert reason in caplog.text

    def test_a_paper_that_was_removed_by_hand_is_no_paper_of_the_list(self, desk, monkeypatch):
        def gone(*_, **__):
            raise UnknownPaperError("Kit", cure="`rftsearch add LIST` brings it back")

        monkeypatch.setattr(Engine, "paper", gone)
        answer = found(desk, seed="Kit")
        assert "No paper is called “Kit”" in answer
        assert "rftsearch add" not in answer

    def test_undated_works_under_a_month_filter_are_reported(self, desk):
        assert "no date" in found(desk, query="robot", since="2025-01")


class TestSeeds:
    def test_a_paper_that_only_arxiv_has(self, desk):
        answer = found(desk, seed=f"https://arxiv.org/abs/{OUTSIDE}v2")
        assert "Papers like Outside" in answer
        assert "Vision (Image)?" in answer
        assert "it was fetched from arXiv" in answer
        assert answer.index("Author Five") < answer.index('<ol class="cards">')

    def test_the_guess_does_not_change_with_the_filters(self, desk):
        assert "Vision (Image)?" in found(desk, seed=OUTSIDE, categories=["Audio"])

    def test_an_arxiv_that_does_not_answer(self, desk):
        answer = found(desk, seed=SILENT)
        assert f"Cannot fetch {SILENT}" in answer
        assert 'data-action="paste"' in answer

    def test_arxiv_is_waited_for_by_a_few_at_a_time(self, engine, monkeypatch):
        monkeypatch.setattr(queries, "MAX_WAITING", 1)
        desk = PageController(engine)
        with desk._library._waiting:
            assert "many papers at once" in found(desk, seed="2506.99998")
            assert "Papers like DrawWell" in found(desk, seed="2504.00002")
        assert "arXiv has none" in found(desk, seed="2506.99998")

    def test_an_id_that_nobody_has(self, desk):
        assert "arXiv has none of that id either" in found(desk, seed="2506.99999")

    def test_a_pasted_text(self, desk):
        answer = found(desk, text="We teach a model to draw. " * 200)
        assert "Papers like your text" in answer
        assert "from similar papers: Vision (Image)" in answer
        assert answer.index("DrawWell") < answer.index("EarTest")
        assert "<mark>draw</mark>" in answer


class TestTheBasket:
    def test_it_recommends_and_its_papers_never_come_back(self, desk):
        liked = ["2505.00001", "2503.00003"]
        answer = found(desk, liked=liked, disliked=["2504.00002"], show="basket", k=50)
        assert "Recommended from your basket" in answer
        for paper_id in (*liked, "2504.00002"):
            assert f'<li data-id="{paper_id}"' not in answer

    def test_each_recommendation_says_because_of_which_paper(self, desk):
        answer = found(desk, liked=["2505.00001", "2503.00003"], show="basket")
        reasons = re.findall(r'data-action="like" data-value="([^"]+)">(\w+)</a>', answer)
        assert len(reasons) == PAGE_SIZE
        assert set(reasons) <= {("2505.00001", "CrowdSeer"), ("2503.00003", "ClipMind")}

    def test_it_is_a_place(self, desk):
        view = {"liked": ["2505.00001", OUTSIDE], "disliked": ["2504.00002", "2506.99999"]}
        answer = found(desk, show="saved", **view)
        assert "Your basket" in answer
        assert re.findall(r'<li data-id="([^"]+)"', answer) == ["2505.00001", OUTSIDE, "2504.00002"]
        assert answer.index("Not interesting") < answer.index('<li data-id="2504.00002"')
        assert answer.count("data-note=") == 3
        assert "2506.99999 of the basket is no longer in the list" in answer
        assert "Your basket is empty" in found(desk, show="saved")

    def test_it_names_its_papers(self, desk):
        basket = desk.show({"liked": ["2505.00001"], "disliked": ["2504.00002"]}).basket
        assert "CrowdSeer" in basket
        assert "DrawWell" in basket
        assert desk.show(None).basket == ""

    def test_something_has_to_be_liked(self, desk):
        answer = found(desk, disliked=["2504.00002"], show="basket")
        assert "Your basket holds no paper that you like" in answer

    @pytest.mark.parametrize(
        ("gone", "words"),
        [(SILENT, "arXiv does not answer"), ("a-project-long-gone", "no longer in the list")],
    )
    def test_what_cannot_be_had_is_left_out_and_named(self, desk, gone, words):
        answer = found(desk, liked=["2505.00001", gone], show="basket")
        assert words in answer
        assert 'class="cards"' in answer

    def test_where_nothing_that_is_liked_can_be_had_each_is_named(self, desk):
        answer = found(desk, liked=[SILENT, "long-gone"], disliked=["2505.00001"], show="basket")
        assert f"{SILENT} of the basket is left out, for arXiv does not answer; long-gone" in answer
        assert 'class="cards"' not in answer

    def test_its_recommendations_can_be_sorted_by_date(self, desk):
        view = {"liked": ["2504.00002", "2502.00004"], "show": "basket", "k": 20}
        answer, newest = found(desk, **view), found(desk, **view, sort="newest")
        assert 'name="sort"' in answer
        for one in (answer, newest):
            assert 'data-id="2504.00002"' not in one
        months = re.findall(r'datetime="([0-9-]+)"', newest)
        assert len(months) > 1
        assert months == sorted(months, reverse=True)
        assert months != re.findall(r'datetime="([0-9-]+)"', answer)


class Feed(Arxiv):
    """An arXiv that counts what it is asked for."""

    def __init__(self):
        self.asked = []

    def fetch(self, ids):
        self.asked += ids
        return super().fetch(ids)


def test_an_arxiv_that_is_silent_is_left_alone_by_baskets_for_a_while(index):
    feed, now = Feed(), [0.0]
    with Engine.open(index, encoder=WordEncoder(), client=feed) as engine:
        library = PaperLookup(engine, clock=lambda: now[0])
        library.find(f"https://arxiv.org/abs/{OUTSIDE}v2")
        basket = ["2504.00002", SILENT, OUTSIDE, "2506.99999"]
        for _ in range(3):
            papers, notes = library.basket(basket)
            assert [paper.id for paper in papers] == ["2504.00002", OUTSIDE]
            assert [note.split()[0] for note in notes] == [SILENT, "2506.99999"]
            assert all("arXiv does not answer" in note for note in notes)
        assert feed.asked == [OUTSIDE, SILENT]
        now[0] = SILENCE
        _, notes = library.basket(basket)
        assert feed.asked == [OUTSIDE, SILENT, SILENT]
        with pytest.raises(FetchError):  # who names it alone has it asked for
            library.find(SILENT)
        assert len(feed.asked) == 4


class TestSorting:
    def test_the_oldest_first(self, desk):
        answer = found(desk, sort="oldest", k=20)
        assert "Oldest papers" in answer
        assert answer.index("EarTest") < answer.index("ClipMind")

    def test_relevance_that_outlived_its_question_means_the_newest(self, desk):
        assert found(desk, sort="relevance") == found(desk)

    def test_where_works_no_longer_fit_is_shown(self, desk):
        answer = found(desk, query="reward")
        assert "3 good matches" in answer
        assert answer.count("data-weaker") == 1
        assert len(answer.split("data-weaker")[0].split("<li data-id")) == 3 + 1 + 1
        assert "data-weaker" not in found(desk, query="reward", sort="newest")

    def test_answers_by_date_hold_only_what_fits(self, desk):
        answer = found(desk, query="reward", sort="oldest")
        assert answer.index("ClipMind") < answer.index("DrawWell") < answer.index("CrowdSeer")
        assert "EarTest" not in answer

    def test_an_order_that_does_not_exist_is_said_calmly(self, desk):
        assert "Cannot sort by &#39;best&#39;" in found(desk, query="reward", sort="best")


class TestTaking:
    def test_a_reference(self, desk):
        entry = desk.cite("2505.00001")
        assert entry.startswith("@")
        assert "eprint" in entry

    @pytest.mark.parametrize("wanted", ["nothing-of-that-name", SILENT, "", None, 7, {"a": 1}])
    def test_what_is_not_there_has_no_reference(self, desk, wanted):
        assert desk.cite(wanted) == ""

    @pytest.mark.parametrize("form", FORMATS)
    def test_what_an_answer_shows(self, desk, form):
        view = {"query": "crowd", "k": 3}
        file = desk.take({"view": view, "what": "results", "format": form})
        assert file["name"] == f"rftsearch-crowd{FORMATS[form].suffix}"
        assert "Counting People" in file["text"]

    @pytest.mark.parametrize(
        ("view", "what", "name"),
        [
            ({}, "results", "rftsearch-invented-works"),
            ({"seed": "CrowdSeer"}, "results", "rftsearch-like-crowdseer"),
            ({"text": "We draw."}, "results", "rftsearch-papers-like-your-text"),
            ({"liked": ["2505.00001"], "show": "basket"}, "results", "rftsearch-recommended"),
            ({"liked": ["2505.00001"], "show": "saved"}, "results", "rftsearch-basket"),
            ({"liked": ["2505.00001"], "query": "draw"}, "basket", "rftsearch-basket"),
        ],
    )
    def test_a_file_is_called_after_what_it_is_about(self, desk, view, what, name):
        file = desk.take({"view": view, "what": what, "format": "ris"})
        assert file["name"] == f"{name}.ris"

    def test_a_list_is_had_as_a_whole_and_an_answer_as_shown(self, desk):
        def lines(view) -> int:
            file = desk.take({"view": view, "what": "results", "format": "markdown"})
            return file["text"].count("\n* ")

        assert lines({}) == 14
        assert lines({"query": "crowd", "k": 3}) == 3
        assert "Download all 14" in found(desk)
        assert "Download these 3" in found(desk, query="crowd", k=3)

    def test_a_basket_is_what_is_liked(self, desk):
        view = {"liked": ["2505.00001"], "disliked": ["2504.00002"]}
        text = desk.take({"view": view, "what": "basket", "format": "bibtex"})["text"]
        assert "Counting People" in text
        assert "Learning to Draw" not in text

    @pytest.mark.parametrize(
        "wanted",
        [None, "x", {}, {"format": "pdf"}, {"format": ["bibtex"]},
         {"format": "bibtex", "view": {"since": "x"}}],
    )  # fmt: skip
    def test_there_is_nothing_else_to_take(self, desk, wanted):
        assert desk.take(wanted) == {}


class TestSuggest:
    def test_part_of_a_name(self, desk):
        assert desk.suggest("rowds") == [
            {"id": "2505.00001", "name": "CrowdSeer", "title": "Counting People"}
        ]

    @pytest.mark.parametrize("typed", ["", "   ", "zzzz", None, 7])
    def test_nothing_is_called_so(self, desk, typed):
        assert desk.suggest(typed) == []


def test_an_index_rebuilt_is_picked_up(tmp_path):
    source = tmp_path / "list.md"
    entry = "* [2501] [{0}] [{0}](https://arxiv.org/abs/2501.0000{1})\n"
    source.write_text("# L\n\n## One\n\n" + entry.format("Old", 1), "utf-8")
    build_index(tmp_path / "index", [source], encoder=WordEncoder(), offline=True)
    with Engine.open(tmp_path / "index", encoder=WordEncoder()) as engine:
        desk = PageController(engine)
        top, *_, before = desk.show(None)
        assert "<li>1 paper;" in top
        with source.open("a", encoding="utf-8") as out:
            out.write(entry.format("New", 2) + "\n## Two\n\n" + entry.format("Other", 3))
        build_index(tmp_path / "index", [source], encoder=WordEncoder(), offline=True)
        top, panel, answer, *_, version = desk.show({"version": before})
        assert "updated while you were reading" in answer
        assert "updated while" not in desk.show({"version": version}).found
    assert "<li>3 papers in 2 categories;" in top
    assert "Two" in panel
    assert "New" in answer


def test_the_folder_is_not_read_again_for_each_question(desk, monkeypatch):
    desk.show(None)
    monkeypatch.setattr(Engine, "status", lambda _: pytest.fail("read again"))
    assert "14 entries" in desk.show({"query": "crowd"}).masthead
