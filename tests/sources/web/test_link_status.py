from __future__ import annotations

import socket

import pytest

from rftsearch.sources.web.link_status import LinkAsker, LinkStatus
from support.asked import AskedServer


def asker(waits: list[float] | None = None, **settings: object) -> LinkAsker:
    """One that may ask this machine, and notes its pauses instead of waiting."""
    sleep = [].append if waits is None else waits.append
    return LinkAsker(sleep=sleep, public=lambda _: True, **settings)  # type: ignore[arg-type]


def verdicts(server: AskedServer, *paths: str, **settings: object) -> list[tuple[str, str]]:
    urls = [server.url + path for path in paths]
    found = asker(**settings).ask(urls)
    return [(found[url].verdict, found[url].said) for url in urls]


def test_what_answers_is_alive_and_what_is_gone_is_dead():
    with AskedServer({"/a": (200, {}), "/gone": (410, {})}) as server:
        assert verdicts(server, "/a", "/missing", "/gone") == [
            ("alive", "200 OK"),
            ("dead", "404 Not Found"),
            ("dead", "410 Gone"),
        ]
        assert server.asked[0] == "HEAD /a"
        assert "GET /missing" in server.asked


@pytest.mark.parametrize("status", [403, 404, 405, 501])
def test_where_head_is_not_understood_get_decides(status):
    with AskedServer({"HEAD /a": (status, {}), "GET /a": (200, {})}) as server:
        assert verdicts(server, "/a") == [("alive", "200 OK")]
        assert server.asked == ["HEAD /a", "GET /a"]


@pytest.mark.parametrize("status", [401, 403, 500])
def test_who_refuses_programs_may_answer_people(status):
    with AskedServer({"/a": (status, {})}) as server:
        ((verdict, _),) = verdicts(server, "/a")
        assert verdict == "unsure"


def test_only_a_permanent_move_to_another_place_is_one():
    to = "/b"
    answers = {
        "/permanent": (301, {"Location": to}),
        "/temporary": (302, {"Location": to}),
        "/slash": (308, {"Location": "/slash/"}),
        "/slash/": (200, {}),
        to: (200, {}),
        "/loop": (301, {"Location": "/loop"}),
    }
    with AskedServer(answers) as server:
        found = asker().ask([server.url + path for path in ("/permanent", "/temporary", "/slash")])
        assert [one.verdict for one in found.values()] == ["moved", "alive", "alive"]
        assert found[f"{server.url}/permanent"].target == f"{server.url}/b"
        assert verdicts(server, "/loop") == [("unsure", "more than 5 redirects")]


def test_one_host_is_asked_slowly_and_each_address_once():
    waits: list[float] = []
    with AskedServer({path: (200, {}) for path in ("/a", "/b", "/c")}) as server:
        urls = [f"{server.url}/a", f"{server.url}/a#part", f"{server.url}/b", f"{server.url}/c"]
        found = asker(waits, pause=2.5).ask(urls)
        assert {one.verdict for one in found.values()} == {"alive"}
        assert server.asked == ["HEAD /a", "HEAD /b", "HEAD /c"]
    assert waits == [2.5, 2.5]


def test_a_server_that_asks_to_wait_is_waited_for():
    waits: list[float] = []
    busy = (429, {"Retry-After": "7"})
    with AskedServer({"HEAD /a": busy, "GET /a": (200, {})}) as server:
        found = asker(waits).ask([f"{server.url}/a"])
        assert found[f"{server.url}/a"].verdict == "alive"
    assert waits == [7.0]


def test_a_server_that_asks_too_much_is_left_alone():
    with AskedServer({"/a": (429, {"Retry-After": "3600"}), "/b": (200, {})}) as server:
        found = verdicts(server, "/a", "/b")
        assert [verdict for verdict, _ in found] == ["unsure", "unsure"]
        assert server.asked == ["HEAD /a"]


def test_hosts_that_do_not_exist_are_dead_only_where_others_answer(monkeypatch):
    real = socket.getaddrinfo

    def resolve(host, *rest, **more):
        if str(host).endswith(".example"):
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return real(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    alone = asker().ask(["http://lamps.example/"])
    assert alone["http://lamps.example/"] == LinkStatus("unsure", "there is no such host")
    with AskedServer({"/a": (200, {})}) as server:
        found = asker().ask([f"{server.url}/a", "http://lamps.example/"])
        assert found["http://lamps.example/"].verdict == "dead"


def test_private_networks_are_never_asked():
    with AskedServer({"/a": (200, {})}) as server:
        found = LinkAsker(sleep=[].append).ask(
            [f"{server.url}/a", "http://localhost/x", "http://x/"]
        )
        assert {one.said for one in found.values()} == {"it leads into a private network"}
        assert server.asked == []
        inward = {"/a": (302, {"Location": "http://127.0.0.9/x"})}
    with AskedServer(inward) as server:
        only = LinkAsker(sleep=[].append, public=lambda address: address != "127.0.0.9")
        ((url, status),) = only.ask([f"{server.url}/a"]).items()
        assert (url, status.said) == (f"{server.url}/a", "it redirects into a private network")


def test_a_closed_port_and_a_silent_server_are_no_proof():
    closed = socket.socket()
    closed.bind(("127.0.0.1", 0))
    port = closed.getsockname()[1]
    closed.close()
    (status,) = asker().ask([f"http://127.0.0.1:{port}/"]).values()
    assert status == LinkStatus("unsure", "the connection failed")
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        (status,) = asker(silence=0.1).ask([f"http://127.0.0.1:{port}/"]).values()
        assert status == LinkStatus("unsure", "no answer within 0.1 s")


def test_hosts_are_asked_at_once_up_to_a_bound():
    hosts = [f"127.0.0.{n}" for n in range(2, 8)]
    servers = [AskedServer({"/a": (200, {})}, host) for host in hosts]
    for server in servers:
        server.__enter__()
    try:
        found = asker(at_once=2).ask([f"{server.url}/a" for server in servers])
    finally:
        for server in servers:
            server.__exit__()
    assert {one.verdict for one in found.values()} == {"alive"}
