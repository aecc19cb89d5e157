from __future__ import annotations

import pytest

from rftsearch import Filters


@pytest.mark.parametrize(
    ("query", "text", "since", "until", "label"),
    [
        ("2026 papers on robots", "papers on robots", "2026-01", "2026-12", "in 2026"),
        ("robots since August 2025", "robots", "2025-08", None, "since Aug 2025"),
        ("robots since 2025-08", "robots", "2025-08", None, "since Aug 2025"),
        ("robots before 2026", "robots", None, "2025-12", "before 2026"),
        ("robots after 2024", "robots", "2025-01", None, "after 2024"),
        ("robots until March 2025", "robots", None, "2025-03", "until Mar 2025"),
        ("from 2024 to 2025", "", "2024-01", "2025-12", "from 2024 to 2025"),
        ("robots 2024-2025", "robots 2024-2025", None, None, None),
        (
            "between Jan and Mar 2026 robots",
            "robots",
            "2026-01",
            "2026-03",
            "from Jan 2026 to Mar 2026",
        ),
        ("robots this year", "robots", "2026-01", "2026-12", "this year: 2026"),
        ("robots last year", "robots", "2025-01", "2025-12", "last year: 2025"),
        ("robots last month", "robots", "2026-02", "2026-02", "last month: Feb 2026"),
        ("last three months", "", "2025-12", None, "last 3 months: since Dec 2025"),
        ("robots in the past 2 weeks", "robots", "2026-02", None, "last 2 weeks: since Feb 2026"),
        ("robots from March 2025 on", "robots", "2025-03", None, "since Mar 2025"),
        ("robots in 2025", "robots", "2025-01", "2025-12", "in 2025"),
        ("robots 2025", "robots", "2025-01", "2025-12", "in 2025"),
        ("2025 robots", "robots", "2025-01", "2025-12", "in 2025"),
        ("since November", "", "2025-11", None, "since Nov 2025"),
        ("published in February 2026", "", "2026-02", "2026-02", "in Feb 2026"),
    ],
)
def test_dates_are_understood(engine, query, text, since, until, label):
    understood = engine.understand(query)
    assert [part.label for part in understood.parts] == ([label] if label else [])
    assert understood.filters == Filters(since=since, until=until)
    assert understood.text == text


@pytest.mark.parametrize(
    ("query", "text", "order"),
    [
        ("newest video papers", "video papers", "newest"),
        ("video papers, newest first", "video papers", "newest"),
        ("latest work on robots", "work on robots", "newest"),
        ("most recent robots papers", "robots papers", "newest"),
        ("oldest papers on video", "papers on video", "oldest"),
        ("robots sorted by date", "robots", "newest"),
    ],
)
def test_orders_are_understood(engine, query, text, order):
    understood = engine.understand(query)
    assert (understood.sort, understood.text) == (order, text)


@pytest.mark.parametrize(
    "query",
    [
        "GridNet 2012",  # the collection has it so
        "gridnet 2012 benchmark",
        "trained on GridNet 2012",
        "ImageStack 2017",  # a name that the collection does not know
        "SuperNet-2025",
        "2048 tokens of video",
        "a crowd of 2000",
        "the latest frame of a video is drawn",
        "does it hold for the latest video models?",
        "what happens this time",
        "the first step of a chain",
        "may reward",
        "march of robots",
        "before and after the reward",
    ],
)
def test_a_number_or_word_that_is_no_date(engine, query):
    assert [part for part in engine.understand(query).parts if part.kind == "dates"] == []


def test_what_was_asked_for_is_shown(engine):
    assert [hit.paper.short_name for hit in engine.search("newest papers", k=2)] == ["N6", "N5"]
    assert [hit.paper.short_name for hit in engine.search("oldest", k=1)] == ["N1"]
    assert {hit.paper.short_name for hit in engine.search("video in 2025")} == {"N2", "N3"}
    sorted_by_hand = engine.search("newest papers", k=1, sort="oldest")
    assert sorted_by_hand[0].paper.short_name == "N1"


@pytest.mark.parametrize(
    ("query", "first", "said"),
    [
        (
            "papers before 2020",
            "N1",
            "before 2020: nothing here; the nearest in time is of 2024-11",
        ),
        ("papers in 2031", "N6", "in 2031: nothing here; the nearest in time is of 2026-03"),
    ],
)
def test_dates_that_leave_nothing_show_the_nearest(engine, query, first, said):
    found = engine.search(query)
    assert [part.label for part in found.understood.parts] == [said]
    assert found[0].paper.short_name == first
    assert len(found) == 6


def test_dates_that_were_set_by_hand_stay(engine):
    assert not engine.search("video", until="2020")
    found = engine.search("video papers before 2020", since="2025")
    assert [part.applied for part in found.understood.parts] == [False]
    assert all(hit.paper.released >= "2025" for hit in found)
