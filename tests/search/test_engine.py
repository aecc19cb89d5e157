from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from rftsearch import Engine, Filters
from rftsearch.errors import (
    FilterError,
    IndexMissingError,
    QueryError,
    RftsearchError,
    UnknownPaperError,
    UsageError,
)
from rftsearch.index.build.build import build_index, index_papers
from rftsearch.papers.notes import NoteCode
from rftsearch.papers.paper import ArxivMetadata, Paper
from rftsearch.search.ranking.numeric import Parameters
from support.encoder import WordEncoder
from support.library import write_abstracts, write_list


@pytest.fixture(scope="module")
def index(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("engine")
    build_index(
        folder / "index",
        [write_list(folder)],
        encoder=WordEncoder(),
        abstracts=write_abstracts(folder),
    )
    return folder / "index"


@pytest.fixture(scope="module")
def engine(index):
    with Engine.open(index, encoder=WordEncoder()) as opened:
        yield opened


def names(results) -> list[str]:
    return [hit.paper.short_name for hit in results]


class TestSearch:
    def test_meaning_is_worked_out_by_hand(self, engine):
        # DrawWell: "draw" three times and "reward" once, a norm of sqrt(10); its title
        # is "draw" alone.
        [hit] = engine.search("draw", k=1)
        assert hit.paper.short_name == "DrawWell"
        meaning = (3 / 10**0.5 + 0.25) / 1.25
        assert hit.parts["meaning"] == pytest.approx(meaning, abs=1e-3)
        assert hit.score == pytest.approx(sum(hit.parts.values()), abs=1e-6)

    def test_equals_stand_newest_first_and_undated_last(self, index):
        # None of them has a word of the query, and none learns from another: all at 0.
        with Engine.open(index, encoder=WordEncoder(), parameters=Parameters(related=0)) as engine:
            found = names(engine.search("scan", k=10))
        assert found == [
            "CrowdSeer",
            "DrawWell",
            "ClipMind",
            "NoPreprint",
            "EarTest",
            "Robo-Kit",
        ]

    def test_every_k_is_the_start_of_a_longer_answer(self, engine):
        whole = names(engine.search("reward for video", k=10))
        for k in range(1, 8):
            assert names(engine.search("reward for video", k=k)) == whole[:k]

    def test_a_filter_returns_k_whenever_k_exist(self, engine):
        only = Filters(categories=("audio", "Vision (Video)"))
        assert set(names(engine.search("draw", k=3, filters=only))) == {
            "ClipMind",
            "NoPreprint",
            "EarTest",
        }

    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            (Filters(kind="project"), {"Robo-Kit"}),
            (Filters(has=("code",)), {"CrowdSeer", "DrawWell", "Robo-Kit"}),
            (Filters(has=("code", "model")), {"CrowdSeer"}),
            (Filters(generative=True), {"DrawWell"}),
            (Filters(since="2025-03", until="2025-04"), {"DrawWell", "ClipMind", "NoPreprint"}),
            (Filters(until="2025-02"), {"EarTest"}),
            (Filters(since="2026-01"), set()),
        ],
    )
    def test_filters(self, engine, filters, expected):
        assert set(names(engine.search("video", filters=filters))) == expected
        assert {paper.short_name for paper in engine.papers(filters)} == expected

    def test_undated_works_left_out_by_a_month_filter_are_counted(self, engine):
        assert engine.search("video", filters=Filters(since="2025-01")).notes == (
            "1 entry has no date and is hidden by the date filter",
        )
        dated_papers = Filters(since="2025-01", kind="paper")
        assert engine.search("video", filters=dated_papers).notes == ()

    def test_facets_count_what_fits(self, engine):
        # Two works are about video; CrowdSeer and DrawWell alone share "reward" with one.
        assert engine.search("video", k=1).facets == {
            "Vision (Image)": 0,
            "Vision (Video)": 2,
            "Audio": 0,
        }
        facets = engine.search("draw", k=1, filters=Filters(has=("code",))).facets
        assert facets == {"Vision (Image)": 1, "Vision (Video)": 0, "Audio": 0}

    def test_what_has_every_word_of_the_question_fits(self, tmp_path):
        told = [
            ("Loud", "Crowd crowd: a crowd of crowds", "Crowd crowd crowd."),
            ("Aside", "Video and audio", "Video of robots, audio of robots, a crowd, and video."),
            ("Other", "Video or audio", "Video of robots, audio of robots, and video."),
        ]
        papers = [
            Paper(
                name,
                name,
                title,
                ("Audio",),
                released="2025-01",
                metadata=ArxivMetadata(name, title, abstract),
            )
            for name, title, abstract in told
        ]
        index_papers(tmp_path / "index", papers, encoder=WordEncoder())
        with Engine.open(tmp_path / "index", encoder=WordEncoder()) as engine:
            found = engine.search("crowd")
            assert names(found) == ["Loud", "Aside", "Other"]
            assert found[1].score < found[0].score / 2
            assert found.facets["Audio"] == engine.facets(query="crowd").total == 2
            assert names(engine.search("crowd", sort="newest")) == ["Loud", "Aside"]

    def test_of_what_nothing_is_about_nothing_fits(self, engine):
        assert sum(engine.search("scan bread").facets.values()) == 0
        assert engine.search("scan bread", sort="newest")  # the nearest, as by relevance

    @pytest.mark.parametrize("asked", ["2401.00001", "https://arxiv.org/abs/2401.00001v2."])
    def test_an_id_that_the_list_lacks_has_nothing_like_it(self, engine, asked):
        found = engine.search(asked)
        [note] = found.notes
        assert not found
        assert note == (
            "2401.00001 is not in this index; `rftsearch similar 2401.00001 --fetch` fetches it "
            "from arXiv and finds papers like it"
        )
        assert sum(found.facets.values()) == engine.facets(query=asked).total == 0
        assert not engine.search(asked, sort="newest")

    def test_an_id_whose_paper_a_filter_hides_is_not_said_to_lack(self, engine):
        found = engine.search("2502.00004", filters=Filters(since="2026-01"))
        assert not found
        assert not any("is not in this index" in note for note in found.notes)

    def test_a_paper_that_is_named_fits(self, engine):
        facets = engine.search("does EarTest draw", k=1).facets
        assert facets["Audio"] == facets["Vision (Image)"] == 1

    def test_a_question_about_something_else_says_so(self, engine):
        said = "no good match for this query; these are the closest papers"
        assert said in engine.search("scan bread", k=1).notes
        assert said not in engine.search("crowd", k=1).notes
        assert said not in engine.search("EarTest", k=1).notes
        assert said not in engine.search("scan bread", filters=Filters(since="2026-01")).notes

    @pytest.mark.parametrize("query", ["", "   ", "\n\t"])
    def test_an_empty_query(self, engine, query):
        with pytest.raises(QueryError, match="the query is empty"):
            engine.search(query)

    @pytest.mark.parametrize("k", [0, -3])
    def test_k_below_one(self, engine, k):
        with pytest.raises(QueryError, match="ask for 1 or more"):
            engine.search("video", k=k)
        with pytest.raises(QueryError, match="ask for 1 or more"):
            engine.similar("EarTest", k=k)

    def test_an_unknown_category_names_the_known_ones(self, engine):
        with pytest.raises(FilterError, match=r"Vision \(Image\), Vision \(Video\), Audio"):
            engine.search("video", filters=Filters(categories=("Smell",)))

    @pytest.mark.parametrize("query", ["\ud800", "title:foo AND (", "\x00", "🤗" * 3000])
    def test_any_text_is_a_query(self, engine, query):
        assert len(engine.search(query, k=3)) == 3


def test_a_named_paper_is_found_where_neither_engine_proposes_it(index):
    few = Parameters(candidates=1)
    with Engine.open(index, encoder=WordEncoder(), parameters=few) as engine:
        question = "count video crowd audio with Robo-Kit"
        assert names(engine.search(question, k=1)) == ["Robo-Kit"]
        only = Filters(kind="paper")
        assert "Robo-Kit" not in names(engine.search(question, k=1, filters=only))


class TestSimilar:
    @pytest.mark.parametrize(
        "reference",
        [
            "2504.00002",
            "arXiv:2504.00002v3",
            "https://www.arxiv.org/pdf/2504.00002v1.pdf",
            "DrawWell",
            "draw well",
            "DrawWell: Learning to Draw",
        ],
    )
    def test_every_way_to_name_a_paper(self, engine, reference):
        found = engine.similar(reference, k=10)
        assert "DrawWell" not in names(found)
        assert len(found) == 5
        assert engine.paper(reference).id == "2504.00002"

    def test_takes_filters(self, engine):
        assert names(engine.similar("EarTest", filters=Filters(kind="project"))) == ["Robo-Kit"]

    def test_needs_no_model(self, index):
        with Engine.open(index) as engine:  # "words" is no model that could be loaded
            assert len(engine.similar("EarTest", k=2)) == 2

    def test_an_unknown_name_offers_the_closest(self, engine):
        with pytest.raises(UnknownPaperError, match="did you mean CrowdSeer") as refused:
            engine.similar("CrowdSear")
        assert refused.value.suggestions[0] == "CrowdSeer"

    def test_an_unknown_id(self, engine):
        with pytest.raises(UnknownPaperError, match=r"2501\.99999"):
            engine.similar("https://arxiv.org/abs/2501.99999")

    def test_nothing_named(self, engine):
        with pytest.raises(QueryError):
            engine.similar(" ")


class TestLookup:
    def test_papers_stand_newest_first(self, engine):
        assert [paper.short_name for paper in engine.papers(limit=2)] == ["CrowdSeer", "DrawWell"]

    def test_suggestions_while_typing(self, engine):
        assert [paper.short_name for paper in engine.suggest("rea")] == ["ClipMind"]
        assert [paper.short_name for paper in engine.suggest("clip m")] == ["ClipMind"]
        assert engine.suggest("") == []
        assert engine.suggest("%") == []

    def test_categories_stand_in_the_lists_order(self, engine):
        assert list(engine.categories().items()) == [
            ("Vision (Image)", 3),
            ("Vision (Video)", 2),
            ("Audio", 1),
        ]

    def test_status(self, engine, index):
        status = engine.status()
        assert (status.path, status.papers, status.projects, status.model) == (index, 5, 1, "words")
        assert status.to_dict()["path"] == str(index)

    def test_two_works_of_one_name(self, tmp_path):
        listed = write_list(
            tmp_path,
            "## Audio\n\n"
            "* [2501] [Twin] [Twin: The Elder](https://arxiv.org/abs/2501.00001)\n"
            "* [2502] [Twin] [Twin: The Younger](https://arxiv.org/abs/2502.00002)\n",
        )
        build_index(tmp_path / "i", [listed], encoder=WordEncoder(), offline=True)
        with Engine.open(tmp_path / "i", encoder=WordEncoder()) as engine:
            found = engine.similar("twin")
            assert names(found) == ["Twin"]
            assert found[0].paper.id == "2501.00001"
            assert "2 papers are called twin; this is the newest, 2502.00002" in found.notes[0]


class TestKeywords:
    """Filters as keyword arguments, wherever filters are taken."""

    def test_every_question_takes_them(self, engine):
        kind = Filters(kind="project")
        assert engine.search("robot", kind="project") == engine.search("robot", filters=kind)
        assert names(engine.similar("EarTest", kind="project")) == ["Robo-Kit"]
        assert names(engine.similar_to_text("a robot", kind="project")) == ["Robo-Kit"]
        assert names(engine.recommend("EarTest", kind="project")) == ["Robo-Kit"]
        assert [paper.short_name for paper in engine.papers(kind="project")] == ["Robo-Kit"]
        assert engine.facets(kind="project") == engine.facets(kind)
        assert engine.timeline(kind="project") == engine.timeline(kind)
        assert [one.short_name for one in engine.map(kind="project").points] == ["Robo-Kit"]
        assert sum(engine.categories(kind="project").values()) == 1

    def test_with_filters_both_count(self, engine):
        both = engine.papers({"has": "code"}, kind="paper")
        assert {paper.short_name for paper in both} == {"CrowdSeer", "DrawWell"}

    def test_a_filter_given_twice_is_named(self, engine):
        with pytest.raises(FilterError, match="since is given twice"):
            engine.search("video", filters=Filters(since="2025"), since="2024")


def test_notes_have_codes(engine):
    def codes(results) -> list[NoteCode]:
        return [note.code for note in results.notes]

    nothing = engine.search("scan bread")
    assert codes(nothing) == [NoteCode.WORDS_UNKNOWN, NoteCode.NO_GOOD_MATCH]
    assert nothing.notes[0] == "no paper mentions scan or bread"
    assert codes(engine.search("2401.00001")) == [NoteCode.NOT_IN_INDEX]
    assert codes(engine.search("video", since="2025-01")) == [NoteCode.UNDATED_HIDDEN]
    assert codes(engine.search("video")) == []


def test_one_paper_may_be_given_as_a_text(engine):
    assert engine.recommend("EarTest", "DrawWell") == engine.recommend(["EarTest"], ["DrawWell"])


def test_answers_can_stand_in_a_set(engine):
    assert len({*engine.search("video", k=3), *engine.search("video", k=3)}) == 3
    assert len({engine.facets(), engine.facets(), engine.facets(kind="paper")}) == 2


CALLS = {
    "search": lambda engine: engine.search("video"),
    "answer": lambda engine: engine.answer("video"),
    "similar": lambda engine: engine.similar("EarTest"),
    "similar_to_text": lambda engine: engine.similar_to_text("video"),
    "recommend": lambda engine: engine.recommend(["EarTest"]),
    "understand": lambda engine: engine.understand("video"),
    "explain": lambda engine: engine.explain("video", []),
    "document_vectors": lambda engine: engine.document_vectors(["video"]),
    "ask": lambda engine: engine.ask(lambda _, now: now.manifest.generation),
    "read": lambda engine: engine.read(lambda now: now.manifest.generation),
    "paper": lambda engine: engine.paper("EarTest"),
    "papers": lambda engine: engine.papers(),
    "suggest": lambda engine: engine.suggest("ear"),
    "suggest_authors": lambda engine: engine.suggest_authors("ann"),
    "categories": lambda engine: engine.categories(),
    "category": lambda engine: engine.category("Audio"),
    "facets": lambda engine: engine.facets(),
    "months": lambda engine: engine.months(),
    "map": lambda engine: engine.map(),
    "timeline": lambda engine: engine.timeline(),
    "examples": lambda engine: engine.examples(),
    "status": lambda engine: engine.status(),
    "version": lambda engine: engine.version,
    "__enter__": lambda engine: engine.__enter__(),
}


@pytest.fixture(scope="module")
def closed(index):
    opened = Engine.open(index, encoder=WordEncoder())
    for call in CALLS.values():
        call(opened)
    opened.close()
    opened.close()  # as often as one likes
    return opened


@pytest.mark.parametrize("name", CALLS)
def test_a_closed_engine_says_so(closed, name):
    with pytest.raises(UsageError, match="this engine is closed"):
        CALLS[name](closed)


def test_every_public_method_is_tried_on_a_closed_engine():
    public = {name for name in dir(Engine) if not name.startswith("_")}
    assert public - {"open", "close"} == CALLS.keys() - {"__enter__"}


ASKED = [name for name in CALLS if name not in {"__enter__", "version"}]


@pytest.mark.parametrize("name", ASKED)
def test_the_callers_settings_of_numpy_do_not_matter(index, name):
    with np.errstate(all="raise"), Engine.open(index, encoder=WordEncoder()) as engine:
        CALLS[name](engine)


def test_a_relative_path_holds_when_the_current_folder_changes(index, monkeypatch):
    monkeypatch.chdir(index.parent)
    with Engine.open(index.name, encoder=WordEncoder()) as engine:
        monkeypatch.chdir("/")
        assert engine.path == index
        for call in CALLS.values():
            call(engine)


def test_a_whole_path_is_enough_in_a_folder_that_was_deleted(index, tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with Engine.open(index, encoder=WordEncoder()) as engine:
        assert engine.search("video")
    with pytest.raises(RftsearchError, match="was deleted; give the whole path"):
        Engine.open("index")


def test_many_threads_get_the_answers_of_one(engine):
    queries = ["crowd", "draw a reward", "audio", "video", "robot scan"]
    alone = {query: engine.search(query, k=4) for query in queries}
    wrong: list[object] = []

    def ask(offset: int) -> None:
        for turn in range(40):
            query = queries[(turn + offset) % len(queries)]
            if engine.search(query, k=4) != alone[query]:
                wrong.append(query)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_no_index(tmp_path, monkeypatch):
    monkeypatch.setenv("RFTSEARCH_INDEX", str(tmp_path / "nowhere"))
    with pytest.raises(IndexMissingError, match=r"nowhere; `rftsearch build` makes one"):
        Engine.open()


def test_papers_of_nearly_the_name_follow_the_one_named(tmp_path):
    listed = write_list(
        tmp_path,
        "## Audio\n\n"
        "* [2503] [EarTwo] [A Video of Crowds](https://arxiv.org/abs/2503.00001)\n"
        "* [2502] [SkylarkR1] [Counting Crowds](https://arxiv.org/abs/2502.00002)\n"
        "* [2501] [SkylarkR2] [Drawing](https://arxiv.org/abs/2501.00003)\n",
    )
    build_index(tmp_path / "i", [listed], encoder=WordEncoder(), offline=True)
    with Engine.open(tmp_path / "i", encoder=WordEncoder()) as engine:
        assert names(engine.search("skylark r1")) == ["SkylarkR1", "SkylarkR2", "EarTwo"]
        assert names(engine.search("skylark r2")) == ["SkylarkR2", "SkylarkR1", "EarTwo"]
