"""What an index held on a day is known, though only two generations are kept."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rftsearch import Engine, IndexDamagedError, Paper, UsageError, index_papers
from rftsearch.index.build.changes import changed_papers
from rftsearch.index.generations.manifest import Manifest
from rftsearch.index.store.store import Store
from rftsearch.living.history import check_date, open_history
from support.dated import DatedIndex, grown
from support.encoder import WordEncoder
from support.library import LIST
from support.stores import opened_store


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        return grown(tmp_path_factory.mktemp("dated"), patch).index


def lines(changes) -> list[str]:
    return [str(change) for change in changes]


def test_the_log_names_each_generation_newest_first(made):
    with open_history(made) as history:
        entries = history.log()
    then = [entry.generation for entry in entries]
    assert [(one.number, one.built[:10], one.papers) for one in then] == [
        (4, "2026-05-20", 7),
        (3, "2026-04-01", 8),
        (2, "2026-03-05", 7),
        (1, "2026-01-10", 6),
    ]
    assert [(e.added, e.removed, e.changed) for e in entries] == [
        (0, 1, 1), (1, 0, 3), (1, 0, 0), (0, 0, 0),
    ]  # fmt: skip
    assert entries[0].lines == ("- NoPreprint", "~ CrowdSeer -> Crowd")
    assert entries[-1].to_dict() == {
        "generation": 1,
        "built": "2026-01-10T12:00:00+00:00",
        "papers": 6,
        "previous": None,
        "added": 0,
        "removed": 0,
        "changed": 0,
        "changes": [],
    }


def test_only_two_generations_are_kept(made):
    with Store.open(made) as store:
        assert [row.number for row in store.generations()] == [3, 4]


def test_a_difference_skips_what_lies_between(made):
    with open_history(made) as history:
        one, two, three, four = history.generations
        assert lines(history.diff(one, two)) == ["+ Robo2"]
        assert set(lines(history.diff(one, four))) == {
            "+ Robo2",
            "+ DrawTwice",
            "- NoPreprint",
            "~ ClipMind -> ClipMinds",
            "~ CrowdSeer -> Crowd",
            "~ EarTest: Audio -> Sound",
        }
        assert set(lines(history.diff(four, three))) == {"+ NoPreprint", "~ Crowd -> CrowdSeer"}
        assert history.diff(two, two) == []


@pytest.mark.parametrize(
    ("day", "number"),
    [
        ("2026-01-10", 1),
        ("2026-02", 1),
        ("2026-03-04", 1),
        ("2026-03", 2),
        ("2026", 4),
        ("2030", 4),
    ],
)
def test_a_date_means_the_last_generation_until_its_end(made, day, number):
    with open_history(made) as history:
        assert history.on(day).number == number


def test_before_the_history_nothing_is_known(made):
    with open_history(made) as history:
        with pytest.raises(UsageError, match="begins on 2026-01-10; name that day or a later"):
            history.on("2026-01-09")
        with pytest.raises(UsageError, match="generation 9 is not in the history, which reaches"):
            history.generation(9)


@pytest.mark.parametrize("text", ["", "2026-13", "2026-02-30", "March", "26", "2026-03-05T12:00"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(UsageError, match="is not a date; write it like 2026-03-15"):
        check_date(text)


def test_papers_that_were_added_since_a_day(made):
    with open_history(made) as history:
        march, april = "2026-03-05T12:00:00+00:00", "2026-04-01T12:00:00+00:00"
        assert history.listed_since("2026") == {
            "robo2-a-robot": march,
            "2506.00001": april,
        }
        assert set(history.listed_since("2026-03-06")) == {"2506.00001"}
        assert history.listed_since("2026-06") == {}


def test_an_index_from_before_has_a_history_from_the_next_change_on(tmp_path, monkeypatch):
    dated = DatedIndex(tmp_path, monkeypatch)
    dated.build("2026-01-10")
    with opened_store(dated.index) as connection:
        for table in ("history_changes", "history_generations"):
            connection.execute(f"DROP TABLE {table}")
    with open_history(dated.index) as history:
        assert [(one.number, one.previous) for one in history.generations] == [(1, None)]
    dated.sync("2026-02-01", LIST.replace("[CrowdSeer]", "[Crowd]"))
    with open_history(dated.index) as history:
        assert [(one.number, one.built[:10]) for one in history.generations] == [
            (1, "2026-01-10"),
            (2, "2026-02-01"),
        ]
        assert lines(history.diff(*history.generations)) == ["~ CrowdSeer -> Crowd"]


def test_a_gap_in_the_history_is_where_it_begins(tmp_path, monkeypatch):
    """An older rftsearch wrote a generation in between."""
    dated = grown(tmp_path, monkeypatch)
    with opened_store(dated.index) as connection:
        connection.execute("DELETE FROM history_generations WHERE number = 4")
        connection.execute("DELETE FROM history_changes WHERE generation = 4")
    dated.sync("2026-06-01", LIST)
    with open_history(dated.index) as history:
        assert [one.number for one in history.generations] == [1, 2, 3, 4, 5]
        assert [one.number for one in history.reachable] == [4, 5]
        with pytest.raises(UsageError, match="begins on 2026-05-20"):
            history.on("2026-04-01")


def test_a_damaged_history_is_named_and_the_papers_answer(made, tmp_path):
    index = Path(shutil.copytree(made, tmp_path / "index"))
    with opened_store(index) as connection:
        connection.execute("UPDATE history_changes SET before = '{' WHERE before IS NOT NULL")
    with open_history(index) as history, pytest.raises(IndexDamagedError, match="the history in"):
        history.past(history.on("2026-01-10"))
    with Engine.open(index, encoder=WordEncoder()) as engine:
        assert engine.search("video", k=1)


# --- property: every state can be had again ------------------------------------------------

NAMES = st.sampled_from(["Ada", "Bo", "Cy", "Di"])
PAPERS = st.builds(
    Paper,
    st.sampled_from(["a", "b", "c", "d", "e"]),
    NAMES,
    st.sampled_from(["A crowd is counted", "A video of a robot", "Draw, and draw again"]),
    st.sampled_from([("Audio",), ("Video",), ("Audio", "Video")]),
    released=st.sampled_from([None, "2025-01", "2025"]),
    venue=st.sampled_from([None, "CVPR 2025"]),
    heading_paths=st.sampled_from([(), (("Audio",),)]),
    description=st.sampled_from(["", "oral"]),
)
STATES = st.lists(
    st.lists(PAPERS, min_size=1, max_size=5, unique_by=lambda paper: paper.id),
    min_size=2,
    max_size=5,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STATES)
def test_every_earlier_state_is_had_again(tmp_path_factory, states):
    index = tmp_path_factory.mktemp("states")
    for papers in states:
        index_papers(index, papers, encoder=WordEncoder(), force=True)
    now = {paper.id: paper for paper in states[-1]}
    with open_history(index) as history:
        assert history.generations[-1].number == Manifest.read(index).generation == len(states)
        for number, papers in enumerate(states, start=1):
            generation = history.generation(number)
            past = history.past(generation)
            found = {key: paper for key, paper in now.items() if key not in past.added}
            found |= past.restored
            state = [*found.values(), *past.gone]
            assert sorted(state, key=str) == sorted(papers, key=str)
            last = history.generations[-1]
            assert sorted(lines(history.diff(generation, last))) == sorted(
                changed_papers(
                    [paper for paper in papers if now.get(paper.id) != paper],
                    [paper for paper in states[-1] if paper not in papers],
                )
            )
