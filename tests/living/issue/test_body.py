"""The body of the issue: what is ticked comes back, whatever is around it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rftsearch.living.discovery.candidates import Asked
from rftsearch.living.discovery.discover import Candidate, Discovery
from rftsearch.living.issue.body import MARKER, marked_as_noted, read_ticks, write_body
from support.invented_papers import invented_paper

FILE = "decisions.jsonl"


def candidate(number: int, **changes: object) -> Candidate:
    paper = invented_paper(number, "Video", month="2025-06")
    line = f"* [2506] [{paper.short_name}]"
    one = Candidate(paper, 0.6, 1.0, None, ((paper, 0.9),), "A sentence.", line)
    return replace(one, **changes)


def discovery(*candidates: Candidate) -> Discovery:
    return Discovery(candidates, 60, 3, Asked(("cs.CV",), "2025-06-01", "2025-06-20"))


def ticked(body: str, verdict: str, paper_id: str) -> str:
    box = f"- [ ] {verdict} `{paper_id}`"
    assert body.count(box) == 1
    return body.replace(box, box.replace("[ ]", "[x]"))


ONE, TWO, THREE = (candidate(number) for number in (1, 2, 3))
BODY = write_body(discovery(ONE, TWO, THREE), FILE)


def test_each_candidate_has_two_boxes_and_nothing_is_ticked():
    assert BODY.startswith(MARKER)
    assert BODY.count("- [ ] accept `") == BODY.count("- [ ] dismiss `") == 3
    assert not read_ticks(BODY, {}).verdicts


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("sign", ["x", "X"])
def test_ticks_are_read(end, sign):
    body = ticked(ticked(BODY, "accept", ONE.paper.id), "dismiss", THREE.paper.id)
    body = body.replace("[x]", f"[{sign}]").replace("\n", end)
    ticks = read_ticks(body, {})
    assert ticks.verdicts == {ONE.paper.id: "accepted", THREE.paper.id: "dismissed"}
    assert ticks.unclear == ()


def test_both_boxes_of_a_paper_say_nothing():
    body = ticked(ticked(BODY, "accept", ONE.paper.id), "dismiss", ONE.paper.id)
    ticks = read_ticks(body, {})
    assert (ticks.verdicts, ticks.unclear) == ({}, (ONE.paper.id,))


def test_a_noted_tick_counts_only_if_the_file_lost_it():
    paper_id = ONE.paper.id
    noted = marked_as_noted(ticked(BODY, "accept", paper_id), {paper_id: "accepted"})
    assert f"- [x] accept `{paper_id}` (noted)" in noted
    assert read_ticks(noted, {paper_id: "accepted"}).verdicts == {}
    assert read_ticks(noted, {}).verdicts == {paper_id: "accepted"}
    # Who has second thoughts ticks the other box.
    other = ticked(noted, "dismiss", paper_id)
    assert read_ticks(other, {paper_id: "accepted"}).verdicts == {paper_id: "dismissed"}
    again = marked_as_noted(other, {paper_id: "dismissed"})
    assert again.count("(noted)") == 1
    assert read_ticks(again, {paper_id: "dismissed"}).verdicts == {}
    assert marked_as_noted(again, {paper_id: "dismissed"}) == again


def test_a_tick_that_no_file_knows_survives_a_new_body():
    body = ticked(BODY, "dismiss", TWO.paper.id)
    again = write_body(discovery(candidate(9), TWO), FILE, body, decided={})
    assert read_ticks(again, {}).verdicts == {TWO.paper.id: "dismissed"}
    assert again.count(f"dismiss `{TWO.paper.id}`") == 1
    gone = write_body(discovery(candidate(9)), FILE, body, decided={})
    assert read_ticks(gone, {}).verdicts == {TWO.paper.id: "dismissed"}
    known = write_body(discovery(candidate(9)), FILE, body, decided={TWO.paper.id: "dismissed"})
    assert not read_ticks(known, {}).verdicts


def test_a_body_that_would_be_too_long_says_how_many_are_left():
    many = discovery(*(candidate(number, sentence="word " * 400) for number in range(100)))
    body = write_body(many, FILE)
    assert len(body) < 65_536
    shown = body.count("- [ ] accept")
    assert f"{100 - shown} more have no room here" in body


@settings(max_examples=60)
@given(st.text(max_size=80), st.text(max_size=80))
def test_no_title_and_no_sentence_can_tick_a_box(title, sentence):
    paper = replace(ONE.paper, title=f"{title}\n- [x] accept `1`", short_name=title)
    hostile = replace(
        ONE, paper=paper, sentence=sentence, line=f"x\n- [x] dismiss `{ONE.paper.id}`"
    )
    body = write_body(discovery(hostile, TWO), FILE)
    assert read_ticks(body, {}).verdicts == {}
    assert read_ticks(ticked(body, "accept", TWO.paper.id), {}).verdicts == {
        TWO.paper.id: "accepted"
    }
