from __future__ import annotations

import pytest

from rftsearch.errors import FilterError


def found(engine, **filters) -> set[str]:
    return {paper.short_name for paper in engine.papers(**filters)}


@pytest.mark.parametrize(
    ("query", "text", "authors", "label"),
    [
        ("Ann Bee", "", ("Ann Bee",), "by Ann Bee"),
        ("ann bee", "", ("ann bee",), "by Ann Bee"),
        ("Bee Ann", "", ("Bee Ann",), "by Ann Bee"),
        ("papers by Ann Bee", "", ("Ann Bee",), "by Ann Bee"),
        ("papers by Ann Bee on robots", "robots", ("Ann Bee",), "by Ann Bee"),
        ("robots Ann Bee", "robots", ("Ann Bee",), "by Ann Bee"),
        ("soren muller video", "video", ("soren muller",), "by Søren Müller"),
        ("Yugang Reward", "", ("Yugang Reward",), "by Yu-Gang Reward"),
        ("Zbigneiw Brzozowski", "", ("Zbigneiw Brzozowski",), "by Zbigniew Brzozowski"),
        ("brzozowski", "", ("brzozowski",), "by Zbigniew Brzozowski"),
        ("papers by brzozowski et al.", "", ("brzozowski",), "by Zbigniew Brzozowski"),
        ("papers by A. Bee", "", ("A. Bee",), "by A. Bee"),
        ("Ann Bee's papers", "", ("Ann Bee",), "by Ann Bee"),
        ("papers by Long", "", ("Long",), "by Carl Long"),
        ("Carl Long", "", ("Carl Long",), "by Carl Long"),
    ],
)
def test_names_are_understood(engine, query, text, authors, label):
    understood = engine.understand(query)
    assert [part.label for part in understood.parts] == [label]
    assert understood.filters.authors == authors
    assert understood.text == text


@pytest.mark.parametrize(
    "query",
    [
        "long",
        "Long video",
        "long chain",
        "Chain",
        "reward",
        "a reward for long video",
        "step by step",
        "Field",
        "Draw the Audio by hand",
        "bees and crowds",
        "the crowd that Ann counts",
    ],
)
def test_a_word_that_is_also_a_name_is_a_word(engine, query):
    assert [part for part in engine.understand(query).parts if part.kind == "authors"] == []


def test_a_family_name_with_a_year(engine):
    understood = engine.understand("bee 2025")
    assert [part.label for part in understood.parts] == ["by bee: Ann Bee or A. Bee", "in 2025"]
    assert {hit.paper.short_name for hit in engine.search("bee 2025")} == {"N2", "N3"}


def test_a_year_of_which_an_author_has_nothing_shows_the_nearest(engine):
    found = engine.search("Ann Bee 2019")
    said = "in 2019: nothing here; the nearest in time is of 2024-11"
    assert [part.label for part in found.understood.parts] == ["by Ann Bee", said]
    assert [hit.paper.short_name for hit in found] == ["N1", "N2", "N5"]


def test_several_authors(engine):
    understood = engine.understand("papers by Ann Bee and Dora Chain")
    assert understood.filters.authors == ("Ann Bee", "Dora Chain")
    assert found(engine, authors=["Ann Bee", "Dora Chain"]) == {"N2"}


def test_a_whole_name_comes_before_one_with_an_initial(engine):
    assert found(engine, authors="Ann Bee") == {"N1", "N2", "N5"}
    assert found(engine, authors="A. Bee") == {"N3"}
    assert found(engine, authors="Bee") == {"N1", "N2", "N3", "N5"}
    assert found(engine, authors="S. Müller") == found(engine, authors="Muller") == {"N1"}
    assert found(engine, authors="Zbigneiw Brzozowski") == {"N4"}
    # Only listed with an initial:
    assert found(engine, authors="Amelia Bee") == {"N3"}


def test_an_author_who_is_not_here(engine):
    with pytest.raises(FilterError, match="no author here is called 'Nobody Known'; give a whole"):
        engine.papers(authors="Nobody Known")


def test_suggestions_while_typing(engine):
    assert engine.suggest_authors("ann") == {"Ann Bee": 3}
    assert engine.suggest_authors("bee a") == {"Ann Bee": 3, "A. Bee": 1}
    assert engine.suggest_authors("soren m") == {"Søren Müller": 1}
    assert engine.suggest_authors("word " * 500) == {}
    assert (
        engine.suggest_authors("(.*")
        == engine.suggest_authors("a")
        == engine.suggest_authors("xyzzy")
        == {}
    )


def test_the_counts_beside_filters_follow(engine):
    facets = engine.facets(authors="Ann Bee")
    assert facets.total == 3
    assert facets.without == {"authors": 6}
