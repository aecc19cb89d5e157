from __future__ import annotations

import pytest

from rftsearch import Filters
from rftsearch.errors import FilterError


@pytest.mark.parametrize(
    ("query", "text", "filters"),
    [
        ("robots with code", "robots", Filters(has=("code",))),
        ("robots that release their code", "robots", Filters(has=("code",))),
        ("robots code available", "robots", Filters(has=("code",))),
        ("only surveys of long video", "survey of long video", Filters(presents=("survey",))),
        ("video, survey papers only", "video, survey", Filters(presents=("survey",))),
        ("just benchmarks of video", "benchmark of video", Filters(presents=("benchmark",))),
        ("accepted at CVPR 2025", "", Filters(venue=("CVPR 2025",))),
        ("robots, accepted to cvpr 2025", "robots", Filters(venue=("cvpr 2025",))),
        ("NIPS 2025 audio", "audio", Filters(venue=("NIPS 2025",))),
        ("CVPR papers on robots", "papers on robots", Filters(venue=("CVPR",))),
        ("audio at NeurIPS", "audio", Filters(venue=("NeurIPS",))),
    ],
)
def test_what_is_asked_for_is_a_filter(engine, query, text, filters):
    understood = engine.understand(query)
    assert (understood.text, understood.filters) == (text, filters)


@pytest.mark.parametrize(
    ("query", "text", "preferred"),
    [
        ("survey of long video", "survey of long video", Filters(presents=("survey",))),
        ("benchmarks of video", "benchmarks of video", Filters(presents=("benchmark",))),
        ("video survey papers", "video survey papers", Filters(presents=("survey",))),
        ("CVPR robots", "robots", Filters(venue=("CVPR",))),
    ],
)
def test_what_is_only_named_is_a_preference(engine, query, text, preferred):
    understood = engine.understand(query)
    assert (understood.text, understood.filters) == (text, Filters())
    assert understood.preferred == (preferred,)
    [part] = understood.parts
    assert part.to_dict()["means"] == "preference"
    assert part.label.endswith(" first")


def test_a_preference_lifts_and_hides_nothing(engine):
    asked = "survey of reward for long chain"
    lifted, plain = engine.search(asked), engine.search(asked, ignore="all")
    assert len(lifted) == len(plain) == 6
    gained = {hit.paper.short_name: hit.parts["preferred"] for hit in lifted}
    assert [name for name, gain in gained.items() if gain > 0] == ["N4"]
    assert "preferred" not in plain[0].parts
    assert list(gained).index("N4") <= [hit.paper.short_name for hit in plain].index("N4")
    strict = engine.search(asked, presents="survey")
    assert [hit.paper.short_name for hit in strict] == ["N4"]
    assert [part.label for part in strict.understood.parts] == ["surveys only"]


@pytest.mark.parametrize(
    "query",
    [
        "video with codebooks",
        "code generation",
        "rewards with models of video",
        "benchmark the robots",
        "audio in fields",
        "video benchmarks",
        "surveying a crowd",
    ],
)
def test_a_word_in_a_sentence_is_a_word(engine, query):
    assert engine.understand(query).filters == Filters()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("accepted at ICLR 2026", "no paper here is said to be of ICLR 2026"),
        ("CVPR 2031", "no paper here is said to be of CVPR 2031"),
        ("robots with a demo", "no paper here has a link of the kind “demo”"),
    ],
)
def test_what_nobody_has_is_said(engine, query, said):
    understood = engine.understand(query)
    assert [part.label for part in understood.parts] == [said]
    assert understood.filters == Filters()
    assert len(engine.search(query)) == 6


def test_filters_by_place_and_kind(engine):
    def found(**filters) -> set[str]:
        return {paper.short_name for paper in engine.papers(**filters)}

    assert found(venue="cvpr") == found(venue="CVPR 2025") == {"N2"}
    assert found(venue=["CVPR", "NIPS"]) == {"N2", "N3"}
    assert found(presents="survey") == {"N4"}
    assert found(presents=["benchmark"]) == {"N5"}
    with pytest.raises(FilterError, match="no paper here is said to be of 'CVPR 2031'; give a"):
        engine.papers(venue="CVPR 2031")
    with pytest.raises(FilterError, match="unknown kind 'song'; one of survey, dataset, benchmark"):
        engine.papers(presents="song")
