from __future__ import annotations

import pytest

from rftsearch.papers.asked.author_keys import author_keys, exact_keys, initial_keys, name_words
from rftsearch.papers.asked.facts import facts_of
from rftsearch.papers.asked.venue_keys import venue_in_comment, venue_keys
from rftsearch.papers.paper import ArxivMetadata, Link, Paper


@pytest.mark.parametrize(
    ("listed", "typed"),
    [
        ("Ann Bee", "ann bee"),
        ("Ann Bee", "Bee, Ann"),
        ("Ann Bee", "Bee Ann"),
        ("Ann C. Bee", "Ann Bee"),
        ("Ann Bee", "Ann C. Bee"),
        ("Søren Müller", "soren muller"),
        ("Yu-Gang Bee", "Yugang Bee"),
        ("Yu-Gang Bee", "Yu Gang Bee"),
        ("Laurens van der Bee", "van der Bee, Laurens"),
        ("Bee, Ann", "Ann Bee"),
        ("Chí Đặng", "chi dang"),
        ("Ann O'Bee", "Ann OBee"),
        (r"Jos\'e Bee", "jose bee"),
    ],
)
def test_a_whole_name_is_found_however_it_is_written(listed, typed):
    assert set(author_keys(listed)) & set(exact_keys(typed))


@pytest.mark.parametrize("typed", ["A. Bee", "Bee A.", "A Bee", "Bee, A."])
def test_an_initial_and_a_family_name(typed):
    assert set(author_keys("Ann C. Bee")) & set(initial_keys(typed))
    assert not set(author_keys("Carl Bee")) & set(initial_keys(typed))


def test_other_people_have_other_keys():
    assert not set(author_keys("Ann Bee")) & set(exact_keys("Anna Bee"))
    assert "~ann" not in author_keys("Ann Bee")
    assert name_words("") == []
    assert author_keys(":") == ()
    assert author_keys("Nimbus Robotics") == ("=nimbusrobotics", "~nimbusrobotics")


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ("CVPR 2026", (("cvpr", "2026"),)),
        ("NIPS'16 Oral", (("neurips", "2016"),)),
        ("NeurIPS 2025 Datasets and Benchmarks Track", (("neurips", "2025"),)),
        ("Journal of Examples", (("journalexamples", ""),)),
        ("International Conference on Learning Representations, 2024", (("iclr", "2024"),)),
        ("arXiv", ()),
    ],
)
def test_places_have_one_key_however_they_are_written(written, keys):
    assert venue_keys(written) == keys


@pytest.mark.parametrize(
    ("comment", "keys"),
    [
        ("8 pages, 3 figures. Accepted at CVPR 2026", (("cvpr", "2026"),)),
        ("Accepted to ICLR 2025 (Oral). Code: https://example.org", (("iclr", "2025"),)),
        ("ACL Findings 2025", (("acl", "2025"),)),
        ("EMNLP 2024 camera-ready", (("emnlp", "2024"),)),
        ("To appear in TMLR", (("tmlr", ""),)),
        ("12 pages, v2 fixes a typo", ()),
        ("Project page: https://example.org", ()),
    ],
)
def test_a_comment_names_the_place(comment, keys):
    assert venue_in_comment(comment) == keys


def test_the_facts_of_a_paper():
    said = "We introduce CrowdBench, a benchmark of counted crowds."
    meta = ArxivMetadata(
        "2501.00001", "Counting", said, authors=("Ann Bee",), comment="Accepted at CVPR 2026"
    )
    paper = Paper("2501.00001", "", "Counting", ("Vision",), metadata=meta)
    facts = facts_of(paper)
    assert {"author:=annbee", "author:~bee", "author:~bee a"} <= set(facts)
    assert {"venue:cvpr", "venue:cvpr 2026", "presents:benchmark"} <= set(facts)
    linked = Paper("x", "", "A Survey", ("V",), links=(Link("dataset", "https://e.org", "Data"),))
    assert facts_of(linked) == ["presents:survey", "presents:dataset"]
