"""Searching arXiv for new papers: every page, whatever goes wrong on the way."""

from __future__ import annotations

import random

import pytest

from rftsearch.errors import FilterError
from rftsearch.sources.arxiv.api import ArxivClient, RateLimiter
from rftsearch.sources.arxiv.search_job import PAGE, recent_query
from support.arxiv_feed import CUT, FAULTS, HANG, HTML, ArxivFeed, status
from support.impatience import give_up_on_hangs

DAYS = ("2025-03-01", "2025-03-31")


class Time:
    """A clock that only sleeping moves."""

    now = 1000.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def client_of(feed: ArxivFeed, **options: object) -> ArxivClient:
    time = Time()
    return ArxivClient(
        feed.url,
        limiter=RateLimiter(3.0, clock=time.clock, sleep=time.sleep),
        clock=time.clock,
        sleep=time.sleep,
        jitter=random.Random(7),  # noqa: S311 - to repeat
        timeout=60.0,
        **options,
    )


def papers(count: int, **more: object) -> list[dict]:
    return [
        {
            "arxiv_id": f"2503.{number:05}",
            "title": f"An invented paper {number}",
            "abstract": "Nothing was measured. " * 3,
            "published": f"2025-03-{1 + number % 28:02}",
            "categories": ["cs.CV"],
            **more,
        }
        for number in range(count)
    ]


def test_all_pages_are_read_newest_first():
    with ArxivFeed(papers(2 * PAGE + 30)) as feed:
        found = client_of(feed).recent(["cs.CV"], *DAYS)
        assert len(feed.requests) == 4  # one of them beyond the last page
    assert found.error is None
    assert (found.total, found.missing) == (2 * PAGE + 30, 0)
    days = [one.published for one in found.papers]
    assert days == sorted(days, reverse=True)
    assert len({one.arxiv_id for one in found.papers}) == found.total


def test_only_the_classes_and_days_that_were_asked_for():
    other = [paper | {"arxiv_id": f"2504.{n:05}"} for n, paper in enumerate(papers(5))]
    others = [other[0] | {"categories": ["cs.CL"]}, other[1] | {"published": "2025-04-02"}]
    second = other[2] | {"categories": ["cs.RO", "cs.LG"]}
    with ArxivFeed([*papers(3), *others, second]) as feed:
        found = client_of(feed).recent(["cs.CV", "cs.LG"], *DAYS)
    assert {one.arxiv_id for one in found.papers} == {
        "2503.00000",
        "2503.00001",
        "2503.00002",
        second["arxiv_id"],
    }


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("page", [0, 1])
def test_a_fault_loses_nothing(name, page, monkeypatch):
    with ArxivFeed(papers(PAGE + 20), faults=[*[None] * page, FAULTS[name]]) as feed:
        give_up_on_hangs(monkeypatch, feed)
        found = client_of(feed).recent(["cs.CV"], *DAYS)
    assert found.error is None
    assert len(found.papers) == PAGE + 20
    assert found.missing == 0


def test_a_month_without_papers_is_no_trouble():
    with ArxivFeed([]) as feed:
        found = client_of(feed).recent(["cs.CV"], *DAYS)
    assert (found.papers, found.total, found.error) == ((), 0, None)


def test_trouble_is_named_and_what_came_is_kept():
    with ArxivFeed(papers(PAGE + 20), faults=[None, *[status(503)] * 30]) as feed:
        found = client_of(feed).recent(["cs.CV"], *DAYS)
    assert "503" in found.error
    assert len(found.papers) == PAGE
    assert found.missing == 20


@pytest.mark.parametrize("fault", [CUT, HTML, HANG])
def test_without_any_answer_nothing_is_known(fault, monkeypatch):
    with ArxivFeed(papers(3), faults=[fault] * 40) as feed:
        give_up_on_hangs(monkeypatch, feed)
        found = client_of(feed).recent(["cs.CV"], *DAYS)
    assert found.error
    assert (found.papers, found.total) == ((), None)


def test_a_request_that_is_refused_is_not_repeated():
    with ArxivFeed(papers(3), faults=[status(400)] * 5) as feed:
        found = client_of(feed).recent(["cs.CV"], *DAYS)
        assert len(feed.requests) == 1
    assert "400" in found.error


def test_no_more_than_wanted():
    with ArxivFeed(papers(2 * PAGE)) as feed:
        found = client_of(feed).recent(["cs.CV"], *DAYS, most=50)
        assert len(feed.requests) == 1
    assert len(found.papers) == 50
    assert "newest 50 of 400" in found.error


@pytest.mark.parametrize("name", ["", "cs.CV OR all:x", "cs.CV]", "a b", "cs CV"])
def test_a_class_cannot_smuggle_a_query(name):
    with pytest.raises(FilterError, match="not an arXiv class"):
        recent_query([name], *DAYS)
