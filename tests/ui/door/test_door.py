"""Names, other sites and headers: what a request may come with."""

from __future__ import annotations

import pytest
import requests
from starlette.datastructures import Headers

from rftsearch.errors import UsageError
from rftsearch.ui.door.hosts import Hosts
from support.serving import served

EVERYWHERE = "0.0.0.0"  # noqa: S104 - a name here, nothing listens


@pytest.mark.parametrize(
    ("address", "names", "accepted", "refused"),
    [
        (
            "127.0.0.1",
            [],
            ["localhost", "LOCALHOST:7860", "127.0.0.1:1", "127.9.9.9", "[::1]:1", "a.localhost"],
            ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "192.0.2.1", "",
             EVERYWHERE, "[::2]", "127.0.0.1@evil.example"],
        ),
        ("::1", [], ["[::1]", "localhost"], ["evil.example"]),
        ("localhost", [], ["localhost:80", "127.0.0.1"], ["evil.example"]),
        (EVERYWHERE, [], ["192.0.2.1:7860", "[2001:db8::1]", "localhost"], ["evil.example", ""]),
        ("papers.example", [], ["papers.example:80", "papers.example."], ["evil.example"]),
        ("127.0.0.1", ["Papers.Example"], ["papers.example:443"], ["evil.example"]),
        ("127.0.0.1", ["*"], ["evil.example"], []),
    ],
)  # fmt: skip
def test_names_of_the_address_are_accepted(address, names, accepted, refused):
    hosts = Hosts(address, names)
    assert [host for host in accepted if not hosts.accepts(host)] == []
    assert [host for host in refused if hosts.accepts(host)] == []


@pytest.mark.parametrize("name", ["", "https://h.example", "a/b", "a b", "*.example"])
def test_what_is_not_a_name_is_one_line(name):
    with pytest.raises(UsageError, match="is not a host name; write it like papers"):
        Hosts("127.0.0.1", [name])


HERE = {"host": "127.0.0.1:7860"}


@pytest.mark.parametrize(
    ("headers", "same"),
    [
        ({}, True),
        ({"origin": "http://127.0.0.1:7860"}, True),
        ({"origin": "http://localhost:7860"}, True),
        ({"origin": "https://papers.example"}, True),
        ({"origin": "http://localhost:3000"}, False),
        ({"origin": "http://evil.example"}, False),
        ({"origin": "http://evil.example", "x-forwarded-host": "evil.example"}, True),
        ({"origin": "null"}, False),
        ({"origin": ""}, False),
        ({"sec-fetch-site": "same-origin", "origin": "http://h.example"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
    ],
)
def test_other_sites_differ_from_this_page(headers, same):
    # The door lets X-Forwarded-Host through only with an accepted name.
    hosts = Hosts("127.0.0.1", ["papers.example"])
    assert hosts.is_same_site(Headers(HERE | headers)) is same


PATHS = ["", "config", "api/search?q=crowd", "gradio_api/mcp/schema", "nothing"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("host", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example"])
def test_a_name_that_is_not_ours_is_refused(address, path, host):
    answer = requests.get(address + path, headers={"Host": host}, timeout=60)
    assert answer.status_code == 421
    assert "--allow-host" in answer.json()["error"]


FOREIGN = [
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://[::1"},
    {"Origin": "http://[evil.example]"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://sibling.example"},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_other_sites_may_link_to_the_page_and_no_more(address, headers):
    assert requests.get(f"{address}?q=crowd", headers=headers, timeout=60).status_code == 200
    for path in PATHS[1:]:
        assert requests.get(address + path, headers=headers, timeout=60).status_code == 403
    asked = {"query": "crowd"}
    for path in ("gradio_api/call/v2/search", "gradio_api/mcp/", "api/search", "login", ""):
        answer = requests.post(address + path, json=asked, headers=headers, timeout=60)
        assert answer.status_code == 403


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", None])
def test_json_says_that_it_is_json(address, kind):
    for path in ("gradio_api/run/search", "gradio_api/mcp/", "gradio_api/component_server/"):
        headers = {} if kind is None else {"Content-Type": kind}
        answer = requests.post(address + path, data=b'{"data": ["x"]}', headers=headers, timeout=60)
        assert answer.status_code == 415


@pytest.mark.parametrize("origin", ["http://evil.example", "http://localhost:1", "null"])
def test_no_other_site_is_allowed_to_read(address, origin):
    ours = address.rstrip("/")
    for method in ("GET", "OPTIONS", "POST"):
        for path in ("", "config", "api/search?q=crowd", "gradio_api/info"):
            for sender in (origin, ours):
                headers = {"Origin": sender, "Access-Control-Request-Method": "POST"}
                answer = requests.request(method, address + path, headers=headers, timeout=60)
                assert not [name for name in answer.headers if name.lower().startswith("access-")]


def test_a_forwarded_name_is_not_believed(engine):
    with served(engine, allowed_hosts=["papers.example"]) as address:

        def root(**headers: str) -> str:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return requests.get(f"{address}config", headers=named, timeout=60).json()["root"]

        assert root() == address.rstrip("/")
        assert root(x_forwarded_host="evil.example") == address.rstrip("/")
        assert root(x_gradio_server="http://evil.example") == address.rstrip("/")
        assert root(x_forwarded_proto="javascript") == address.rstrip("/")
        assert root(x_forwarded_host="papers.example") == "http://papers.example"


def test_the_variable_allows_names_too(engine, monkeypatch):
    monkeypatch.setenv("RFTSEARCH_ALLOWED_HOSTS", "one.example, two.example")
    with served(engine) as address:
        for name, status in (("one.example", 200), ("two.example", 200), ("evil.example", 421)):
            answer = requests.get(f"{address}config", headers={"Host": name}, timeout=60)
            assert answer.status_code == status
