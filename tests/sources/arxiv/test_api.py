from __future__ import annotations

import gzip
import importlib.metadata
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import arxiv
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rftsearch.errors import UsageError
from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.settings import ARXIV_URL_VARIABLE
from rftsearch.sources.arxiv.api import ARXIV_LIMITER, ArxivClient, RateLimiter
from rftsearch.sources.arxiv.transport import AnswerError, Transport, _check_feed
from rftsearch.sources.bounds import LONGEST_ABSTRACT
from rftsearch.sources.web.answers import retry_seconds
from support.arxiv_feed import (
    CUT,
    DRIP,
    DRIP_HEAD,
    EMPTY,
    FAULTS,
    HANG,
    HTML,
    SHORT,
    TRUNCATED,
    Answer,
    ArxivFeed,
    body,
    make_feed,
    read_papers,
    status,
)
from support.impatience import give_up_on_hangs

PATIENCE = 20.0
INTERVAL = 3.0


class Time:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.now = 1000.0
        self.naps = []

    def clock(self):
        return self.now

    def sleep(self, seconds):
        assert seconds >= 0
        self.naps.append(seconds)
        self.now += seconds


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def make_client(time, monkeypatch):
    def make(feed, **options):
        if "timeout" not in options:
            give_up_on_hangs(monkeypatch, feed)
        limiter = RateLimiter(INTERVAL, clock=time.clock, sleep=time.sleep)
        settings = {
            "limiter": limiter,
            "clock": time.clock,
            "sleep": time.sleep,
            "jitter": random.Random(7),  # noqa: S311 - to repeat, not to surprise
            "timeout": 60.0,
        }
        return ArxivClient(feed.url, **settings | options)

    return make


def paper(arxiv_id, **more):
    return {
        "arxiv_id": arxiv_id,
        "title": f"An invented paper called {arxiv_id}",
        "abstract": f"Rewards are given for reading {arxiv_id}, a number < 9999 & no more. " * 3,
        "authors": ["Author One", "Author Two"],
        "published": "2025-03-17",
        "categories": ["cs.CV", "cs.LG"],
        **more,
    }


PAPERS = [paper(f"2503.{number:05}") for number in range(1, 13)]
IDS = [each["arxiv_id"] for each in PAPERS]


def many(count):
    return [paper(f"25{n // 900 + 1:02}.{n % 900:05}") for n in range(count)]


# --- what comes back ---------------------------------------------------------


def test_everything_arxiv_says_of_a_paper(make_client):
    stated = paper(
        "2503.00001",
        title="A title that is so long that the feed breaks it over two lines, as feeds do",
        abstract="First line.\n  Second line, with 5 < 6 & <b>markup</b>.",
        updated="2025-06-01",
        comment="12 pages,\n  3 figures",
        doi="10.1000/xyz",
        categories=["cs.LG", "cs.CV", "stat.ML"],
        version=4,
    )
    with ArxivFeed([stated]) as feed:
        fetched = make_client(feed).fetch(["2503.00001"])
    got = fetched.metadata["2503.00001"]
    assert got.title == stated["title"]
    assert got.abstract == "First line. Second line, with 5 < 6 & <b>markup</b>."
    assert got.authors == ("Author One", "Author Two")
    assert (got.published, got.updated) == ("2025-03-17", "2025-06-01")
    assert got.categories == ("cs.LG", "cs.CV", "stat.ML")
    assert got.comment == "12 pages, 3 figures"
    assert got.doi == "10.1000/xyz"
    assert not got.withdrawn


def test_a_paper_of_which_little_is_known(make_client):
    bare = {"arxiv_id": "2503.00001", "title": "T", "abstract": "A.", "published": None}
    with ArxivFeed([bare]) as feed:
        got = make_client(feed).fetch(["2503.00001"]).metadata["2503.00001"]
    assert (got.authors, got.categories, got.comment, got.doi) == ((), (), None, None)


def test_papers_are_joined_by_id_in_the_order_asked_for(make_client):
    with ArxivFeed(PAPERS) as feed:
        fetched = make_client(feed).fetch(IDS)
    assert list(fetched.metadata) == IDS
    assert all(i in fetched.metadata[i].title and i in fetched.metadata[i].abstract for i in IDS)
    assert (fetched.unknown, fetched.missing, fetched.malformed) == ((), (), ())
    assert fetched.error is None
    assert len(feed.requests) == 1


def test_every_form_of_an_id_is_one_id(make_client):
    old = paper("cs/0501001", published="2005-01-01")
    forms = ["https://arxiv.org/abs/2503.00001v3", "2503.00001", "arXiv:2503.00001v1"]
    with ArxivFeed([*PAPERS, old]) as feed:
        fetched = make_client(feed).fetch([*forms, "http://arxiv.org/pdf/cs/0501001v2.pdf"])
    assert list(fetched.metadata) == ["2503.00001", "cs/0501001"]
    assert feed.requests[0].ids == ("2503.00001", "cs/0501001")


def test_hundreds_of_ids_come_in_few_requests_over_one_connection(make_client, time):
    papers = many(450)
    ids = [each["arxiv_id"] for each in papers]
    with ArxivFeed(papers) as feed:
        fetched = make_client(feed).fetch(ids)
    assert list(fetched.metadata) == ids
    assert len(feed.requests) == 3
    assert len({request.port for request in feed.requests}) == 1
    assert time.naps == [INTERVAL, INTERVAL]


def test_a_server_that_sends_few_papers_at_a_time_is_read_to_the_end(make_client):
    papers = many(40)
    with ArxivFeed(papers, at_most=15) as feed:
        fetched = make_client(feed).fetch([each["arxiv_id"] for each in papers])
    assert len(fetched.metadata) == 40
    assert len(feed.requests) == 3


@pytest.mark.parametrize(
    ("comment", "abstract", "withdrawn"),
    [
        ("This paper has been withdrawn by the author due to an error", "", True),
        ("Withdrawn", "", True),
        ("7 pages, this article has been withdrawn", "", True),
        ("", "This paper has been withdrawn by the authors.", True),
        ("An earlier version of this paper was withdrawn", "", False),
        ("Replaces the withdrawn 2501.00001", "", False),
        ("", "We study requests that were withdrawn. This paper is not.", False),
    ],
)
def test_withdrawn_papers_are_marked(make_client, comment, abstract, withdrawn):
    with ArxivFeed([paper("2503.00001", comment=comment, abstract=abstract or "Text.")]) as feed:
        fetched = make_client(feed).fetch(["2503.00001"])
    assert fetched.metadata["2503.00001"].withdrawn is withdrawn


def test_each_batch_and_its_progress_are_reported_as_they_come(make_client):
    papers = many(310)
    steps, batches = [], []
    with ArxivFeed(papers, faults=[None, status(503)]) as feed:
        make_client(feed).fetch(
            [each["arxiv_id"] for each in papers],
            progress=lambda *step: steps.append(step),
            on_batch=lambda batch: batches.append((len(feed.requests), len(batch))),
        )
    assert batches == [(1, 150), (3, 150), (4, 10)]
    assert steps[0] == ("fetch", 0, 310)
    assert steps[-1] == ("fetch", 310, 310)
    assert [done for _, done, _ in steps] == sorted(done for _, done, _ in steps)


def test_nothing_to_ask_is_no_request(make_client):
    with ArxivFeed(PAPERS) as feed:
        fetched = make_client(feed).fetch([])
    assert not fetched.metadata
    assert not feed.requests


def test_requests_say_who_asks(make_client):
    with ArxivFeed(PAPERS) as feed:
        make_client(feed).fetch(IDS)
    version = importlib.metadata.version("arxiv")
    assert feed.requests[0].user_agent.startswith("rftsearch/")
    assert feed.requests[0].user_agent.endswith(f"arxiv.py/{version}")


# --- trouble, and recovery from it -------------------------------------------


@pytest.mark.parametrize("name", FAULTS)
def test_one_fault_costs_one_more_request_and_no_paper(make_client, name):
    with ArxivFeed(PAPERS, faults=[FAULTS[name]]) as feed:
        fetched = make_client(feed).fetch(IDS)
    assert list(fetched.metadata) == IDS
    assert all(
        fetched.metadata[each["arxiv_id"]].abstract == each["abstract"].strip() for each in PAPERS
    )
    assert (fetched.unknown, fetched.missing, fetched.error) == ((), (), None)
    # An empty answer is asked for again in halves, for it may be that of unknown ids.
    assert len(feed.requests) == (3 if name == "empty" else 2)


def test_all_faults_in_a_row(make_client):
    faults = [status(429), status(503), CUT, None, HTML, TRUNCATED, None, EMPTY, HANG, None]
    papers = many(440)
    with ArxivFeed(papers, faults=faults) as feed:
        fetched = make_client(feed).fetch([each["arxiv_id"] for each in papers])
    assert len(fetched.metadata) == 440
    assert len(feed.requests) == len(faults)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (status(429), "arXiv answered 429 Too Many Requests"),
        (status(503), "arXiv answered 503 Service Unavailable"),
        (status(599), "arXiv answered 599"),
        (CUT, "the connection to HOST broke off"),
        (HTML, "arXiv answered 'Rate exceeded.' instead of a feed"),
        (body(b"Rate exceeded."), "arXiv answered 'Rate exceeded.' instead of a feed"),
        (body(b""), "arXiv answered nothing instead of a feed"),
        (TRUNCATED, "arXiv sent a feed that is cut short or damaged"),
        (EMPTY, "arXiv sent a feed without the papers asked for"),
    ],
)
def test_trouble_without_end_is_one_readable_line(make_client, time, fault, error):
    started = time.now
    with ArxivFeed(PAPERS, faults=[fault] * 50) as feed:
        client = make_client(feed)
        fetched = client.fetch(IDS)
    assert fetched.error == error.replace("HOST", client.host)
    assert (fetched.metadata, fetched.unknown, fetched.missing) == ({}, (), tuple(IDS))
    assert time.now - started <= PATIENCE
    assert 3 <= len(feed.requests) <= 8


def test_a_host_that_never_answers(make_client, time):
    with ArxivFeed(PAPERS, faults=[HANG] * 50) as feed:
        client = make_client(feed, timeout=0.05)
        fetched = client.fetch(IDS)
    assert fetched.error == f"no answer from {client.host} within 0.05 s"
    assert fetched.missing == tuple(IDS)


@pytest.mark.parametrize("fault", [DRIP, DRIP_HEAD])
def test_an_answer_without_end_is_given_up_in_time(make_client, fault):
    with ArxivFeed(PAPERS, faults=[fault] * 50) as feed:
        client = make_client(feed, answer_time=0.2)
        fetched = client.fetch(IDS)
        assert fetched.error == f"no whole answer from {client.host} within 0.2 s"
        assert fetched.missing == tuple(IDS)
    with ArxivFeed(PAPERS, faults=[fault]) as feed:
        assert list(make_client(feed, answer_time=2.0).fetch(IDS).metadata) == IDS


@pytest.mark.parametrize("packed", [True, False])
def test_an_answer_that_is_too_long_is_not_held(time, packed):
    content, headers = bytes(33 << 20), {}
    if packed:
        content, headers = gzip.compress(content, 1), {"Content-Encoding": "gzip"}
    with ArxivFeed(PAPERS, faults=[lambda _: Answer(200, content, headers=headers)]) as feed:
        transport = Transport("arXiv", RateLimiter(clock=time.clock, sleep=time.sleep))
        with pytest.raises(AnswerError, match=r"^arXiv sent an answer of more than 32 MiB$"):
            transport.get(feed.url)
        transport.close()


def test_an_abstract_that_is_too_long_is_cut_and_named(make_client):
    long = paper("2503.00001", abstract="word " * 200_000)
    with ArxivFeed([long, paper("2503.00002")]) as feed:
        fetched = make_client(feed).fetch(["2503.00001", "2503.00002"])
    assert len(fetched.metadata["2503.00001"].abstract) == LONGEST_ABSTRACT - 1
    assert fetched.cut == {
        "2503.00001": ("its abstract is longer than 20,000 characters; the rest is left out",)
    }


def test_a_host_that_is_not_there(make_client):
    with ArxivFeed(PAPERS) as feed:
        client = make_client(feed)
    fetched = client.fetch(IDS)
    assert fetched.error == f"the connection to {client.host} failed"
    assert fetched.missing == tuple(IDS)


def test_what_came_before_the_trouble_is_kept(make_client):
    papers = many(310)
    with ArxivFeed(papers, faults=[None, None, *[status(503)] * 50]) as feed:
        fetched = make_client(feed).fetch([each["arxiv_id"] for each in papers])
    assert len(fetched.metadata) == 300
    assert fetched.missing == tuple(each["arxiv_id"] for each in papers[300:])
    assert fetched.error == "arXiv answered 503 Service Unavailable"


def test_pauses_double_up_to_a_cap_and_differ(make_client, time):
    with ArxivFeed(PAPERS, faults=[status(503)] * 8) as feed:
        client = make_client(feed, patience=100.0, limiter=RateLimiter(0.0, clock=time.clock))
        client.fetch(IDS)
    bounds = [2.0, 4.0, 8.0, 8.0, 8.0, 8.0, 8.0, 8.0]
    assert all(bound / 2 <= nap <= bound for nap, bound in zip(time.naps, bounds, strict=True))
    assert len(set(time.naps)) == len(bounds)


def test_arxiv_is_not_asked_earlier_than_it_wishes(make_client, time):
    with ArxivFeed(PAPERS, faults=[status(429, retry_after=11)]) as feed:
        fetched = make_client(feed).fetch(IDS)
    assert time.naps == [11.0]
    assert len(fetched.metadata) == len(IDS)


def test_a_wish_beyond_patience_ends_it_at_once(make_client, time):
    with ArxivFeed(PAPERS, faults=[status(429, retry_after=600)]) as feed:
        fetched = make_client(feed).fetch(IDS)
    assert fetched.error == "arXiv answered 429 Too Many Requests and asks to wait 600 s"
    assert len(feed.requests) == 1
    assert not time.naps


def test_patience_counts_from_the_last_success(make_client, time):
    # Each of three batches takes most of the patience; the whole takes more than all of it.
    started = time.now
    trouble = [status(429, retry_after=15), None]
    papers = many(450)
    with ArxivFeed(papers, faults=trouble * 3) as feed:
        fetched = make_client(feed).fetch([each["arxiv_id"] for each in papers])
    assert len(fetched.metadata) == 450
    assert time.now - started > 2 * PATIENCE


def test_the_last_request_waits_no_longer_than_patience(make_client, time):
    with ArxivFeed(PAPERS, faults=[status(429, retry_after=19), HANG]) as feed:
        client = make_client(feed, timeout=60.0)
        fetched = client.fetch(IDS)
    assert fetched.error == f"no answer from {client.host} within 1 s"


def test_ctrl_c_passes_through(make_client):
    def interrupt(_):
        raise KeyboardInterrupt

    with ArxivFeed(PAPERS) as feed, pytest.raises(KeyboardInterrupt):
        make_client(feed).fetch(IDS, on_batch=interrupt)


# --- ids that arXiv does not have, or does not like --------------------------


def test_a_malformed_id_is_reported_and_never_sent(make_client):
    with ArxivFeed(PAPERS) as feed:
        fetched = make_client(feed).fetch(["2503.1", *IDS, "no id", "2513.00001"])
    assert fetched.malformed == ("2503.1", "no id", "2513.00001")
    assert list(fetched.metadata) == IDS
    assert feed.requests[0].ids == tuple(IDS)


@pytest.mark.parametrize("counts_unknown", [False, True], ids=["total right", "total too high"])
def test_an_unknown_id_is_asked_for_again_beside_a_known_one(make_client, counts_unknown):
    unknown = ("2503.90001", "2503.90002")
    with ArxivFeed(PAPERS, counts_unknown=counts_unknown) as feed:
        fetched = make_client(feed).fetch([unknown[0], *IDS, unknown[1]])
    assert fetched.unknown == unknown
    assert (list(fetched.metadata), fetched.missing, fetched.error) == (IDS, (), None)
    again = [request.ids for request in feed.requests if request.start == 0][1:]
    assert again == [(*unknown, IDS[0])] * 2


def test_unknown_ids_of_all_batches_are_asked_for_together(make_client):
    papers = many(300)
    ids = [each["arxiv_id"] for each in papers]
    ids[10], ids[200] = "2503.90001", "2503.90002"
    with ArxivFeed(papers) as feed:
        fetched = make_client(feed).fetch(ids)
    assert fetched.unknown == ("2503.90001", "2503.90002")
    assert len(feed.requests) == 4


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_ids_may_all_be_unknown(make_client, count):
    unknown = [f"2503.9000{number}" for number in range(count)]
    with ArxivFeed(PAPERS) as feed:
        fetched = make_client(feed).fetch(unknown)
    assert fetched.unknown == tuple(unknown)
    assert fetched.error is None


def test_a_long_spell_of_empty_feeds_makes_no_paper_unknown(make_client):
    with ArxivFeed(PAPERS, faults=[EMPTY] * 50) as feed:
        fetched = make_client(feed).fetch(IDS)
    assert (fetched.unknown, fetched.missing) == ((), tuple(IDS))


def test_an_empty_feed_does_not_make_known_papers_unknown(make_client):
    with ArxivFeed(PAPERS, faults=[EMPTY] * 3) as feed:
        fetched = make_client(feed).fetch(IDS)
    assert list(fetched.metadata) == IDS


def test_short_answers_are_completed_however_many_there_are(make_client):
    with ArxivFeed(PAPERS, faults=[SHORT] * 4) as feed:
        fetched = make_client(feed).fetch(IDS)
    assert list(fetched.metadata) == IDS
    assert fetched.unknown == ()


def test_an_unknown_id_needs_sound_answers_to_be_called_so(make_client):
    faults = [None, EMPTY, HTML, *[status(503)] * 50]
    with ArxivFeed(PAPERS, faults=faults) as feed:
        fetched = make_client(feed).fetch([*IDS, "2503.90001"])
    assert (fetched.unknown, fetched.missing) == ((), ("2503.90001",))
    assert fetched.error == "arXiv answered 503 Service Unavailable"


def test_an_id_that_arxiv_names_malformed_stops_no_other(make_client):
    with ArxivFeed(PAPERS, refused=[IDS[3]]) as feed:
        fetched = make_client(feed).fetch(IDS)
    assert fetched.unknown == (IDS[3],)
    assert len(fetched.metadata) == len(IDS) - 1
    assert len(feed.requests) == 2


@pytest.mark.parametrize("refused", [[0], [11], [2, 9], [4, 5, 6]], ids=str)
def test_an_id_that_arxiv_refuses_without_naming_it_is_found(make_client, refused):
    refused = [IDS[position] for position in refused]
    with ArxivFeed(PAPERS, refused=refused, names_refused=False) as feed:
        fetched = make_client(feed).fetch(IDS)
    assert fetched.unknown == tuple(refused)
    assert len(fetched.metadata) == len(IDS) - len(refused)
    assert fetched.error is None
    assert len({request.ids for request in feed.requests}) == len(feed.requests)


def test_one_refused_id_among_hundreds(make_client):
    papers = many(290)
    ids = [each["arxiv_id"] for each in papers]
    with ArxivFeed(papers, refused=[ids[77]], names_refused=False) as feed:
        fetched = make_client(feed).fetch(ids)
    assert fetched.unknown == (ids[77],)
    assert len(fetched.metadata) == 289
    assert len(feed.requests) <= 20


def test_where_every_request_is_refused_no_id_is_blamed(make_client, time):
    started = time.now
    with ArxivFeed(PAPERS, refused=IDS, names_refused=False) as feed:
        fetched = make_client(feed).fetch(IDS)
        lone = make_client(feed).fetch(IDS[:1])
    assert fetched.error == lone.error == "arXiv answered 400 Bad Request"
    assert fetched.missing == tuple(IDS)
    assert lone.missing == (IDS[0],)
    assert time.now - started <= 2 * PATIENCE


def test_an_error_that_comes_with_status_200_is_a_refusal(make_client):
    error = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry>
    <id>http://arxiv.org/api/errors#incorrect_id_format_for_2503.00002</id><title>Error</title>
    <summary>incorrect id format for 2503.00002</summary></entry></feed>"""
    with ArxivFeed(PAPERS, faults=[body(error)]) as feed:
        fetched = make_client(feed).fetch(IDS)
    assert fetched.unknown == ("2503.00002",)
    assert len(fetched.metadata) == len(IDS) - 1


def test_a_url_that_is_too_long_is_halved(make_client):
    with ArxivFeed(PAPERS, faults=[status(414)]) as feed:
        fetched = make_client(feed).fetch(IDS)
    assert len(fetched.metadata) == len(IDS)
    assert [len(request.ids) for request in feed.requests] == [12, 6, 7]


def test_papers_nobody_asked_for_are_no_answer(make_client):
    strangers = body(make_feed([paper("2401.00001")], total=1))
    with ArxivFeed(PAPERS, faults=[strangers]) as feed:
        fetched = make_client(feed).fetch(IDS[:1])
    assert list(fetched.metadata) == IDS[:1]


def test_an_entry_with_a_malformed_date_is_no_answer(make_client):
    odd = make_feed(PAPERS, total=len(PAPERS)).replace(b"2025-03-17", b"2025-99-99")
    with ArxivFeed(PAPERS, faults=[body(odd)]) as feed:
        fetched = make_client(feed).fetch(IDS)
    assert list(fetched.metadata) == IDS


@settings(max_examples=40)
@given(
    wanted=st.lists(st.sampled_from([*IDS, "2503.90001", "2503.90002", "none", "v1"]), max_size=9),
    faults=st.lists(
        st.sampled_from([None, EMPTY, SHORT, TRUNCATED, HTML, status(503)]), max_size=9
    ),
)
def test_every_id_is_accounted_for_and_no_known_paper_is_called_unknown(wanted, faults):
    time = Time()
    limiter = RateLimiter(INTERVAL, clock=time.clock, sleep=time.sleep)
    with ArxivFeed(PAPERS, faults=faults) as feed:
        client = ArxivClient(feed.url, limiter=limiter, clock=time.clock, sleep=time.sleep)
        fetched = client.fetch(wanted)
    parts = [list(fetched.metadata), fetched.unknown, fetched.missing, fetched.malformed]
    assert sorted(each for part in parts for each in part) == sorted(set(wanted))
    assert bool(fetched.missing) == bool(fetched.error)
    abstracts = {each["arxiv_id"]: each["abstract"].strip() for each in PAPERS}
    assert all(got.abstract == abstracts[i] for i, got in fetched.metadata.items())
    # Three answers that lack the same paper are past telling from three good ones.
    if faults.count(EMPTY) + faults.count(SHORT) < 3:
        assert not set(fetched.unknown) & set(IDS)


# --- the address -------------------------------------------------------------


def test_arxiv_is_asked_where_no_other_address_is_set(monkeypatch):
    monkeypatch.delenv(ARXIV_URL_VARIABLE)
    assert ArxivClient().host == "export.arxiv.org"
    assert arxiv.Client.query_url_format.startswith("https://export.arxiv.org/api/query")


def test_the_address_is_a_setting(monkeypatch, make_client, time):
    with ArxivFeed(PAPERS) as feed:
        monkeypatch.setenv(ARXIV_URL_VARIABLE, f" {feed.url} ")
        client = ArxivClient(limiter=RateLimiter(0), clock=time.clock, sleep=time.sleep)
        assert list(client.fetch(IDS).metadata) == IDS


def test_trouble_at_an_address_that_somebody_set_names_the_setting(monkeypatch, time):
    monkeypatch.setenv(ARXIV_URL_VARIABLE, "http://name:secret@127.0.0.1:9/wrong")
    client = ArxivClient(limiter=RateLimiter(0), clock=time.clock, sleep=time.sleep)
    error = client.fetch(IDS).error
    assert error.endswith(f"; check {ARXIV_URL_VARIABLE}, which is http://127.0.0.1:9/wrong")
    given = ArxivClient(
        "http://127.0.0.1:9/", limiter=RateLimiter(0), clock=time.clock, sleep=time.sleep
    )
    assert ARXIV_URL_VARIABLE not in given.fetch(IDS).error


@pytest.mark.parametrize(
    "url",
    ["127.0.0.1:8000/api/query", "ftp://127.0.0.1/", "http://", "http://h:port/", "http://h/?q=1"],
)
def test_what_is_not_an_address_is_an_error_with_the_cure(url):
    with pytest.raises(UsageError, match=r"set RFTSEARCH_ARXIV_URL to one such as http://\S+"):
        ArxivClient(url)


def test_braces_in_the_address_are_kept(make_client):
    with ArxivFeed(PAPERS) as feed:
        client = make_client(feed)
        odd = ArxivClient(feed.url + "/{}", patience=0.0, limiter=RateLimiter(0))
        assert odd.fetch(IDS).error == "arXiv answered 404 Not Found"
        assert client.fetch(IDS).error is None


def test_a_proxy_is_taken_from_the_environment(monkeypatch, make_client, time):
    with ArxivFeed(PAPERS) as feed:
        monkeypatch.setenv("HTTP_PROXY", feed.url.removesuffix("/api/query"))
        client = ArxivClient("http://arxiv.invalid/api/query", limiter=RateLimiter(0))
        assert list(client.fetch(IDS).metadata) == IDS
    client = ArxivClient("http://arxiv.invalid/api/query", patience=0.0, limiter=RateLimiter(0))
    assert client.fetch(IDS).error == "the proxy does not reach arxiv.invalid"


def test_a_ca_file_that_is_missing_is_named(monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/such/file.pem")
    client = ArxivClient("https://127.0.0.1:9/api/query", patience=0.0, limiter=RateLimiter(0))
    error = client.fetch(IDS).error
    assert error.startswith("asking 127.0.0.1:9 failed: ")
    assert "/no/such/file.pem" in error


# --- parts -------------------------------------------------------------------


def test_requests_are_spaced(time):
    limiter = RateLimiter(3.0, clock=time.clock, sleep=time.sleep)
    starts = []
    for busy in (0.0, 1.0, 5.0, 0.0):
        with limiter.turn():
            starts.append(time.now)
            time.now += busy
    assert starts == [1000.0, 1003.0, 1006.0, 1011.0]
    assert limiter.remaining() == 3.0


def test_threads_take_turns(time):
    limiter = RateLimiter(3.0, clock=time.clock, sleep=time.sleep)
    starts, inside, ready = [], [], threading.Barrier(8)

    def ask(number):
        ready.wait()
        with limiter.turn():
            inside.append(number)
            starts.append(time.now)
            assert inside == [number]
            inside.remove(number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(8)))
    assert starts == [1000.0 + 3.0 * turn for turn in range(8)]


def test_clients_of_several_threads_share_a_limiter_and_keep_their_answers_apart(time):
    limiter = RateLimiter(3.0, clock=time.clock, sleep=time.sleep)
    with ArxivFeed(PAPERS) as feed, ThreadPoolExecutor(4) as pool:
        client = ArxivClient(feed.url, limiter=limiter, clock=time.clock, sleep=time.sleep)
        answers = list(pool.map(lambda i: client.fetch([i]), IDS))
    assert [list(answer.metadata) for answer in answers] == [[i] for i in IDS]
    assert sum(time.naps) == pytest.approx(3.0 * (len(IDS) - 1))


def test_a_turn_that_fails_gives_way_to_the_next(time):
    limiter = RateLimiter(3.0, clock=time.clock, sleep=time.sleep)
    with pytest.raises(KeyboardInterrupt), limiter.turn():
        raise KeyboardInterrupt
    with limiter.turn():
        assert time.naps == [3.0]


def test_one_limiter_serves_the_process():
    assert ArxivClient()._limiter is ArxivClient()._limiter is ARXIV_LIMITER


def test_a_wish_may_be_a_date():
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    assert 95 < retry_seconds(soon) <= 100
    assert retry_seconds("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0
    assert retry_seconds(" 7 ") == 7.0


@given(st.text())
def test_a_wish_may_be_nonsense(text):
    assert retry_seconds(text) >= 0.0


@given(cut=st.integers(min_value=0))
def test_no_part_of_a_feed_passes_for_the_whole(cut):
    feed = make_feed(PAPERS[:2], total=2)
    _check_feed(feed)
    with pytest.raises(AnswerError):
        _check_feed(feed[: cut % len(feed)])


@given(st.binary(max_size=300))
def test_whatever_comes_is_a_feed_or_an_error_of_one_line(content):
    with pytest.raises(AnswerError) as caught:
        _check_feed(content)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("encoding", ["gb2312", "no-such"])
def test_a_feed_in_an_encoding_that_cannot_be_read(encoding):
    with pytest.raises(AnswerError):
        _check_feed(f'<?xml version="1.0" encoding="{encoding}"?><feed/>'.encode())


# --- real abstracts ----------------------------------------------------------


@pytest.mark.shared
def test_all_real_abstracts_come_in_two_requests(make_client, shared):
    papers = {each["arxiv_id"]: each for each in read_papers(shared / "data" / "abstracts.jsonl")}
    with ArxivFeed(papers.values()) as feed:
        fetched = make_client(feed).fetch(list(papers))
    assert len(feed.requests) == 2
    assert list(fetched.metadata) == list(papers)
    for arxiv_id, stated in papers.items():
        got = fetched.metadata[arxiv_id]
        assert got.arxiv_id == parse_arxiv_id(arxiv_id)
        assert got.title == " ".join(stated["title"].split())
        assert got.abstract == " ".join(stated["abstract"].split())
        assert got.authors == tuple(stated["authors"])
        assert got.categories == tuple(stated["categories"])
        assert got.published == (stated["published"] or f"20{arxiv_id[:2]}-{arxiv_id[2:4]}-01")
