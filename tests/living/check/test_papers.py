from __future__ import annotations

import pytest

from rftsearch.papers.paper import ArxivMetadata
from support.checking import HEAD, codes, entry, found

TITLE = "Reading Old Maps by the Light of a Lantern"
PREPRINT = f"- [{TITLE}](https://arxiv.org/abs/2505.00001)\n"
PUBLISHED = f"- [{TITLE}](https://openreview.net/forum?id=lantern)\n"


def test_a_list_without_faults_has_no_findings():
    text = HEAD + "".join(
        entry(number, rest=" [[Code](https://example.org)]") for number in range(1, 9)
    )
    assert found(text) == []


def test_the_same_id_in_one_section_is_found_on_its_second_line():
    (finding,) = found(HEAD + entry(1) + entry(2) + entry(1))
    assert (finding.code, finding.severity, finding.line) == ("same-paper", "warning", 7)
    assert finding.message == (
        "The same paper stands on line 5: both have the arXiv id 2505.00001."
    )


def test_a_preprint_and_its_published_version_are_one_paper():
    (finding,) = found(HEAD + PREPRINT + PUBLISHED)
    assert (finding.code, finding.line) == ("same-paper", 6)
    assert "both have the same title" in finding.message


def test_a_title_with_a_slip_is_the_same_where_an_id_is_missing():
    slip = PUBLISHED.replace("Lantern", "Lantren")
    assert codes(found(HEAD + PREPRINT + slip)) == [("same-paper", 6)]
    other = PUBLISHED.replace("Old Maps", "Old Maps 2")
    assert codes(found(HEAD + PREPRINT + other)) == []


def test_the_doi_on_arxiv_joins_two_titles():
    published = "- [Maps Read by a Lantern](https://doi.org/10.1000/lantern)\n"
    known = ArxivMetadata("2505.00001", TITLE, "A lantern.", doi="10.1000/LANTERN")
    assert codes(found(HEAD + PREPRINT + published, known)) == [("same-paper", 6)]


@pytest.mark.parametrize("title", ["Introducing Lamp 5", "A Lamp Report"])
def test_a_short_title_proves_nothing(title):
    text = f"- [{title}](https://arxiv.org/abs/2505.00001)\n- [{title}](https://example.org/lamp.pdf)\n"
    assert found(HEAD + text) == []


def test_two_ids_under_one_title_are_told_apart_by_their_authors():
    same = "- [Lantern Models in Old Books: A Survey](https://arxiv.org/abs/2505.{})\n  - {}\n"
    one = same.format("00001", "Anna Ahorn, Bert Birke, Carla Cedrus, Dora Distel")
    other = same.format("00002", "Emil Efeu, Fritz Fichte, Gerda Ginster, Hans Hasel")
    again = same.format("00003", "Anna Ahorn, Bert Birke, Carla Cedrus, Dora Distel")
    assert found(HEAD + one + other) == []
    (finding,) = found(HEAD + one + other + again)
    assert (finding.code, finding.line) == ("same-paper", 9)
    assert "but the arXiv ids 2505.00001 and 2505.00003" in finding.message


def test_a_paper_under_two_headings_is_named_unless_the_list_does_so_on_purpose():
    second = "\n## Torches\n\n"
    once = HEAD + entry(1) + entry(2) + second + entry(1)
    assert codes(found(once)) == [("same-paper", 10)]
    often = HEAD + "".join(map(entry, range(1, 6))) + second + "".join(map(entry, range(1, 6)))
    assert found(often) == []
    assert codes(found(often + entry(2))) == [("same-paper", 18)]


def test_one_id_under_two_unlike_titles_is_a_wrong_link_or_a_new_name():
    other = entry(1, "Why Whales Sing at Night")
    (finding,) = found(HEAD + entry(1) + other)
    assert (finding.code, finding.line) == ("two-titles", 6)
    assert "line 5" in finding.message


def test_two_titles_are_left_to_arxiv_where_it_is_known():
    known = ArxivMetadata("2505.00001", "Why Whales Sing at Night", "Whales sing at night.")
    text = HEAD + entry(1, TITLE) + entry(1, "Why Whales Sing at Night")
    assert codes(found(text, known)) == [("wrong-link", 5)]


def test_a_link_to_another_paper_within_an_entry_is_found():
    text = HEAD + (
        "- [Reading Old Maps by a Lantern](https://arxiv.org/abs/2505.00001) "
        "[[Paper](https://arxiv.org/abs/2505.00002)]\n"
    )
    two = [one for one in found(text) if one.code == "two-ids"]
    assert [(one.line, one.column) for one in two] == [(5, 70)]


@pytest.mark.parametrize(
    ("month", "severity"),
    [("2505", None), ("2507", None), ("2503", None), ("2509", "note"), ("2605", "warning")],
)
def test_a_month_that_contradicts_the_id_is_found(month, severity):
    text = HEAD + "".join(map(entry, range(1, 9))) + entry(9, month=month)
    found_ = [(one.code, one.severity) for one in found(text)]
    assert found_ == ([("far-month", severity)] if severity else [])


def test_months_of_a_list_that_means_another_date_are_not_compared():
    text = HEAD + "".join(entry(n, month="2512") for n in range(1, 9)) + entry(9)
    assert found(text) == []


def test_the_month_of_a_conference_may_be_far_from_the_id():
    others = "".join(
        f"**Lantern number {n} of many** \\\n[[Paper](https://arxiv.org/abs/2505.0000{n})] \\\n"
        "10 May 2025\n\n"
        for n in range(1, 8)
    )
    far = (
        "**A lantern at a conference** \\\n{} [[Paper](https://arxiv.org/abs/2201.00009)] \\\n"
        "28 Sep 2021\n"
    )
    assert codes(found(HEAD + others + far.format("LAMPS Workshop 2021."))) == []
    assert codes(found(HEAD + others + far.format("arXiv 2022."))) == [("far-month", 33)]
