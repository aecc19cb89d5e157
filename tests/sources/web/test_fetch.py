"""Files are fetched within bounds, asked about again, and never sent where they do not belong."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from rftsearch.errors import FetchError
from rftsearch.sources.web.answers import NotThereError, TooLongError, retry_seconds, unpacked
from rftsearch.sources.web.copies import Copies, Copy
from rftsearch.sources.web.fetch import Fetcher, Limits
from rftsearch.sources.web.hosts import GitHubHosts, is_private_host, is_public
from support.web import Reply, WebServer, redirect

OTHER = "127.0.0.2"
"""Another host of this machine; where a test says so, it plays one of the open internet."""


@pytest.fixture
def web() -> Iterator[WebServer]:
    with WebServer() as server:
        yield server


@pytest.fixture
def other() -> Iterator[WebServer]:
    with WebServer(host=OTHER) as server:
        yield server


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Fetcher]:
    def made(**options: object) -> Fetcher:
        # No test but those of time itself may end by time: a busy machine answers late.
        limits = Limits(connect=60, silence=60, whole=120, longest=100_000)
        given = {"copies": tmp_path / "copies", "limits": limits, "sleep": lambda _: None}
        return Fetcher(**{**given, **options})  # type: ignore[arg-type]

    return made


def test_what_was_fetched_is_asked_about_again_and_read_offline(web, make):
    web.answers["/a.md"] = Reply("one", etag=True)
    first = make().get(f"{web.url}/a.md")
    assert (first.content, first.final_url) == (b"one", f"{web.url}/a.md")
    again = make().get(f"{web.url}/a.md")
    assert again.content == b"one"
    assert [request.headers.get("If-None-Match") for request in web.requests] == [
        None,
        first.etag,
    ]
    web.answers["/a.md"] = Reply("two", etag=True)
    assert make().get(f"{web.url}/a.md").content == b"two"
    offline = make(offline=True)
    assert offline.get(f"{web.url}/a.md").content == b"two"
    assert offline.oldest == datetime.now(UTC).date().isoformat()
    assert len(web.requests) == 3


def test_the_time_of_a_change_is_asked_about_too(web, make):
    moment = "Wed, 21 Oct 2015 07:28:00 GMT"
    web.answers["/a.md"] = [
        Reply("one", headers={"Last-Modified": moment}),
        Reply(status=304),
    ]
    make().get(f"{web.url}/a.md")
    assert make().get(f"{web.url}/a.md").content == b"one"
    assert web.requests[1].headers["If-Modified-Since"] == moment


def test_offline_without_a_copy_is_an_error_with_a_cure(web, make):
    with pytest.raises(FetchError, match=r"never fetched, and --offline .* run once without"):
        make(offline=True).get(f"{web.url}/a.md")
    assert web.requests == []


def test_a_copy_that_is_damaged_is_none(web, make, tmp_path):
    web.answers["/a.md"] = Reply("one", etag=True)
    make().get(f"{web.url}/a.md")
    (path,) = (tmp_path / "copies").iterdir()
    path.write_bytes(path.read_bytes()[:-1] + b"X")
    make().get(f"{web.url}/a.md")
    assert "If-None-Match" not in web.requests[1].headers
    for content in (b"", b"{}\n", b"[]\nx", b'{"version": 1}\nx', b"\xff"):
        path.write_bytes(content)
        with pytest.raises(FetchError, match="never fetched"):
            make(offline=True).get(f"{web.url}/a.md")


def test_a_cache_that_cannot_be_written_is_done_without(web, make, tmp_path):
    (tmp_path / "file").write_text("")
    web.answers["/a.md"] = Reply("one")
    assert make(copies=tmp_path / "file" / "in").get(f"{web.url}/a.md").content == b"one"


def test_copies_are_for_their_owner_alone(tmp_path):
    copies = Copies(tmp_path / "a" / "copies")
    copies.keep(Copy("https://example.org/", "https://example.org/", b"x"))
    assert (tmp_path / "a" / "copies").stat().st_mode & 0o077 == 0
    found = copies.find("https://example.org/")
    assert found is not None
    assert found.content == b"x"


# --- refusals -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (Reply(status=404), r"there is nothing at .*/a\.md \(404\); check the address$"),
        (Reply(status=410), r"there is nothing at .* \(410\)"),
        (Reply(status=401), r"answered 401 .*: it asks for a login; download the file and give"),
        (Reply(status=403), r"answered 403 .*: it lets nobody in; download the file"),
        (Reply(status=429), r"answered 429 .*: it was asked too often; try again later"),
        (
            Reply(status=429, headers={"Retry-After": "300"}),
            r"asked too often; try again in 5 minutes",
        ),
        (Reply(status=500), r"answered 500 .*: the fault is on its side; try again later"),
        (Reply(status=599), r"answered 599 for .*: the fault is on its side"),
        (Reply(status=418), r"answered 418 .*check the address, or download the file"),
        (Reply(status=204), r"answered 204 No Content"),
        (Reply(status=304), r"answered 304 Not Modified"),
    ],
)
def test_each_refusal_names_its_cure(web, make, reply, message):
    web.answers["/a.md"] = reply
    with pytest.raises(FetchError, match=message) as raised:
        make().get(f"{web.url}/a.md")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504])
def test_what_may_pass_in_a_moment_is_asked_again(web, make, code):
    web.answers["/a.md"] = [
        Reply(status=code, headers={"Retry-After": "7"}),
        Reply(status=code),
        Reply("one"),
    ]
    pauses: list[float] = []
    assert make(sleep=pauses.append).get(f"{web.url}/a.md").content == b"one"
    assert pauses == [7.0, 1.0]


def test_nobody_waits_longer_than_briefly(web, make):
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=3_600), usegmt=True)
    web.answers["/a.md"] = Reply(status=503, headers={"Retry-After": moment})
    pauses: list[float] = []
    with pytest.raises(FetchError, match="try again in 60 minutes"):
        make(sleep=pauses.append).get(f"{web.url}/a.md")
    assert pauses == []
    assert len(web.requests) == 1


def test_a_failure_names_the_copy_there_is(web, make):
    web.answers["/a.md"] = [Reply("one"), Reply(status=404), Reply(status=500)]
    make().get(f"{web.url}/a.md")
    for kind in (NotThereError, FetchError):
        with pytest.raises(kind, match=r"; or add --offline to read the copy of 20\d\d-"):
            make().get(f"{web.url}/a.md")
    assert make(offline=True).get(f"{web.url}/a.md").content == b"one"


def test_a_host_that_is_not_there(make):
    with pytest.raises(FetchError, match=r"127\.0\.0\.1:9.*; check the address and the connec"):
        make().get("http://127.0.0.1:9/a.md")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/a.md",
        "https://",
        "file:///etc/passwd",
        "https://[::1",
        "https://a:99999/",
    ],
)
def test_what_is_no_web_address(make, url):
    with pytest.raises(FetchError, match="is no web address; write https://host/path"):
        make().get(url)


def test_a_password_in_an_address_is_refused_and_not_shown(make):
    with pytest.raises(FetchError, match="holds a name or a password") as raised:
        make().get("https://me:secret@example.org/a.md")
    assert "secret" not in str(raised.value)


# --- time and size ------------------------------------------------------------------------


def test_silence_ends(web, make):
    web.answers["/a.md"] = Reply(hang=True)
    with pytest.raises(FetchError, match=r"no answer from 127.* within 0\.3 s"):
        make(limits=Limits(silence=0.3, tries=2)).get(f"{web.url}/a.md")
    assert web.was_asked(2)


def test_an_answer_that_never_ends_does(web, make):
    web.answers["/a.md"] = Reply("x", drip=True)
    limits = Limits(silence=60, whole=0.5)
    with pytest.raises(FetchError, match=r"no whole answer from 127\.0\.0\.1:\d+ within 0\.5 s"):
        make(limits=limits).get(f"{web.url}/a.md")


@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_that_breaks_off_is_asked_for_again(web, make, packed):
    broken = Reply("- one\n" * 1_000, cut=20, packed=packed)
    web.answers["/a.md"] = [broken, Reply("whole")]
    assert make().get(f"{web.url}/a.md").content == b"whole"
    web.answers["/a.md"] = broken
    with pytest.raises(FetchError, match="broke off; check the connection"):
        make().get(f"{web.url}/a.md")


def test_packed_content_that_ends_too_soon_is_no_content(web, make):
    half = Reply("- one\n" * 1_000, packed=True, without_length=True, cut=20)
    web.answers["/a.md"] = half
    with pytest.raises(FetchError, match="the packed answer ends too soon"):
        make().get(f"{web.url}/a.md")


BOMB = gzip.compress(bytes(30_000_000))


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"x" * 100_001),
        Reply(b"x" * 100_001, without_length=True),
        Reply(BOMB, headers={"Content-Encoding": "gzip"}),
        Reply(BOMB, headers={"Content-Encoding": "gzip"}, without_length=True),
    ],
    ids=["stated", "not stated", "packed", "packed and not stated"],
)
def test_an_answer_that_is_too_long_is_refused(web, make, reply):
    web.answers["/a.md"] = reply
    with pytest.raises(FetchError, match=r"is longer than 0 MiB; download the file"):
        make().get(f"{web.url}/a.md")
    assert len(web.requests) == 1


def test_packed_content_is_unpacked(web, make):
    web.answers["/a.md"] = Reply("one" * 100, packed=True)
    assert make().get(f"{web.url}/a.md").content == b"one" * 100
    assert web.requests[0].headers["Accept-Encoding"] == "gzip"


RAW = zlib.compressobj(wbits=-15)


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        (b"onetwo", ""),
        (b"onetwo", "identity"),
        (gzip.compress(b"onetwo", mtime=0), "gzip"),
        (gzip.compress(b"one", mtime=0) + gzip.compress(b"two", mtime=0) + b"\0\0", "x-gzip"),
        (zlib.compress(b"onetwo"), "deflate"),
        (RAW.compress(b"onetwo") + RAW.flush(), "Deflate "),
    ],
    ids=["plain", "named plain", "gzip", "two gzip", "zlib", "raw deflate"],
)
@pytest.mark.parametrize("size", [1, 3, 1_000])
def test_ways_of_packing(packed, encoding, size):
    chunks = [packed[at : at + size] for at in range(0, len(packed), size)]
    assert unpacked(chunks, encoding, 1_000) == b"onetwo"


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip"])
def test_another_way_of_packing_is_refused(encoding):
    with pytest.raises(FetchError, match="packed in a way that was not asked for"):
        unpacked([b"x"], encoding, 1_000)


def test_damage_and_length_of_what_is_packed():
    with pytest.raises(FetchError, match="the packed answer is damaged"):
        unpacked([b"no gzip at all"], "gzip", 1_000)
    with pytest.raises(TooLongError):
        unpacked([BOMB], "gzip", 1_000_000)


# --- redirects ----------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_and_what_it_led_to_is_asked_about_again(web, make, status):
    web.answers |= {"/a": redirect("b.md", status), "/b.md": Reply("one", etag=True)}
    copy = make().get(f"{web.url}/a")
    assert (copy.content, copy.url, copy.final_url) == (b"one", f"{web.url}/a", f"{web.url}/b.md")
    assert make().get(f"{web.url}/a").content == b"one"
    assert [("If-None-Match" in r.headers) for r in web.requests] == [False, False, False, True]


def test_redirects_without_end_are_refused(web, make):
    web.answers |= {"/a": redirect("/b"), "/b": redirect("/a")}
    with pytest.raises(FetchError, match=r"redirects more than 5 times"):
        make().get(f"{web.url}/a")
    assert len(web.requests) == 6


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd",
        "ftp://example.org/a",
        "javascript:alert(1)",
        "https:///a",
        "data:,x",
        "http://[::1",
        "//h:port",
    ],
)
def test_a_redirect_leads_to_web_addresses_alone(web, make, target):
    web.answers["/a"] = redirect(target)
    with pytest.raises(FetchError, match="which is no web address; download the file"):
        make().get(f"{web.url}/a")


def test_a_redirect_with_a_password_is_refused(web, make):
    web.answers["/a"] = redirect(web.url.replace("://", "://me:secret@") + "/b")
    with pytest.raises(FetchError, match="with a password in it") as raised:
        make().get(f"{web.url}/a")
    assert "secret" not in str(raised.value)


def plays_public(address: str) -> bool:
    return address == OTHER


def test_a_public_host_does_not_lead_into_a_private_network(web, other, make):
    web.answers["/secret"] = Reply("secret")
    other.answers["/a"] = redirect(f"{web.url}/secret")
    other.answers["/named"] = redirect(web.url.replace("127.0.0.1", "localhost") + "/secret")
    other.answers["/b"] = redirect("/a")
    for path in ("/a", "/named", "/b"):
        with pytest.raises(FetchError, match="a public address redirects into a private network"):
            make(public=plays_public).get(f"{other.url}{path}")
    assert web.requests == []
    fetcher = make(public=plays_public)
    assert fetcher.get(f"{web.url}/secret").content == b"secret"  # What the user asks for.
    with pytest.raises(FetchError, match="into a private network"):
        fetcher.get(f"{other.url}/named")
    assert len(web.requests) == 1


def test_a_private_host_may_lead_anywhere_and_back_out(web, other, make):
    web.answers |= {"/a": redirect(f"{web.url}/b"), "/b": redirect(f"{other.url}/c")}
    other.answers |= {"/c": Reply("one"), "/d": redirect("/c")}
    assert make(public=plays_public).get(f"{web.url}/a").content == b"one"
    assert make(public=plays_public).get(f"{other.url}/d").content == b"one"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("nothing", False),
    ],
)
def test_which_addresses_are_of_the_open_internet(address, public):
    assert is_public(address) is public


@pytest.mark.parametrize(
    "host", ["localhost", "Localhost.", "a.localhost", "nas", "10.0.0.1", "::1"]
)
def test_which_names_are_of_private_networks(host):
    assert is_private_host(host)
    assert not is_private_host("example.org")
    assert not is_private_host("93.184.216.34")


# --- what is sent -------------------------------------------------------------------------


def test_a_token_goes_to_github_alone(web, other, make, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    hosts = GitHubHosts.below(web.url)
    web.answers |= {
        "/raw/a": Reply("one"),
        "/api/b": redirect(f"{other.url}/c"),
        "/elsewhere": Reply("two"),
    }
    other.answers["/c"] = Reply("three")
    for url in (f"{web.url}/raw/a", f"{web.url}/api/b", f"{web.url}/elsewhere"):
        make(hosts=hosts).get(url)
    sent = {request.path: request.headers.get("Authorization") for request in web.requests}
    assert sent == {"/raw/a": "Bearer secret", "/api/b": "Bearer secret", "/elsewhere": None}
    assert [request.headers.get("Authorization") for request in other.requests] == [None]


def test_a_token_that_is_refused_is_not_shown(web, make, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    web.answers["/raw/a"] = Reply(status=401)
    with pytest.raises(FetchError, match="refuses the token in GITHUB_TOKEN") as raised:
        make(hosts=GitHubHosts.below(web.url)).get(f"{web.url}/raw/a")
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("headers", "token", "message"),
    [
        (
            {"X-RateLimit-Remaining": "0"},
            None,
            r"limit of requests is used up; try again .*, or set GITHUB_TOKEN",
        ),
        ({"Retry-After": "60"}, "secret", r"limit of requests is used up; try again in 60 s$"),
        ({}, None, r"it lets nobody in"),
    ],
)
def test_the_limit_of_github_is_named(web, make, monkeypatch, headers, token, message):
    if token:
        monkeypatch.setenv("GITHUB_TOKEN", token)
    else:
        monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    web.answers["/api/a"] = Reply(status=403, headers=headers)
    with pytest.raises(FetchError, match=message):
        make(hosts=GitHubHosts.below(web.url)).get(f"{web.url}/api/a")


def test_a_private_repository_needs_a_token(web, make):
    with pytest.raises(NotThereError, match=r"a private repository needs a token in GITHUB_TOKEN"):
        make(hosts=GitHubHosts.below(web.url)).get(f"{web.url}/raw/a")


def test_no_password_of_a_netrc_file_is_sent_and_no_cookie(web, make, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    cookie = replace(redirect("/b"), headers={"Location": "/b", "Set-Cookie": "a=b"})
    web.answers |= {"/a": cookie, "/b": Reply("one")}
    fetcher = make()
    fetcher.get(f"{web.url}/a")
    fetcher.get(f"{web.url}/b")
    for request in web.requests:
        assert "Authorization" not in request.headers
        assert "Cookie" not in request.headers


def test_odd_signs_in_an_address_are_sent_as_the_web_writes_them(web, make):
    web.answers["/a ü.md"] = Reply("one")
    assert make().get(f"{web.url}/a ü.md#part").content == b"one"


def test_what_the_server_says_of_a_file_is_kept(web, make):
    web.answers["/a"] = Reply(
        "x",
        headers={
            "Content-Type": "Text/CSV; charset=ISO-8859-1",
            "Content-Disposition": 'attachment; filename="papers.csv"',
            "ETag": "odd\u00e9",
        },
    )
    copy = make().get(f"{web.url}/a")
    assert (copy.media_type, copy.charset, copy.file_name) == (
        "text/csv",
        "iso-8859-1",
        "papers.csv",
    )
    assert copy.etag == ""


def test_seconds_to_wait():
    assert retry_seconds(" 7 ") == 7.0
    assert retry_seconds("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0
    assert retry_seconds("soon") == 0.0
