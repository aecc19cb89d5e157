"""Scripts of other sites: refused by default, and let in by `--allow-origin` to plain routes."""

from __future__ import annotations

import pytest
import requests

from rftsearch.errors import UsageError
from rftsearch.ui.door.other_sites import OtherSites, allowed_origins
from support.serving import served

FRIEND = "https://friend.example:8443"
ACCOUNT = ("reader", "secret")
CROSS = {"Sec-Fetch-Site": "cross-site"}
PREFLIGHT = {**CROSS, "Access-Control-Request-Method": "POST"}


@pytest.fixture(scope="module")
def open_to_friend(engine):
    with served(engine, allow_origins=[FRIEND]) as address:
        yield address


@pytest.fixture(scope="module")
def kept(engine):
    with served(engine, allow_origins=["*"], accounts=dict([ACCOUNT])) as address:
        yield address


def leave(answer: requests.Response) -> dict[str, str]:
    start = "access-control-"
    return {
        name.lower().removeprefix(start): one
        for name, one in answer.headers.items()
        if name.lower().startswith(start)
    }


def ask(address: str, path: str, origin: str, method: str = "GET", **options) -> requests.Response:
    headers = {**CROSS, "Origin": origin, **options.pop("headers", {})}
    return requests.request(method, f"{address}{path}", headers=headers, timeout=60, **options)


def test_by_default_no_other_site_is_answered(address):
    for path in ("api/search?q=x", "gradio_api/info"):
        for method in ("GET", "OPTIONS"):
            answer = ask(address, path, FRIEND, method, headers=PREFLIGHT)
            assert answer.status_code == 403
            assert leave(answer) == {}
    said = ask(address, "api/search?q=x", FRIEND).json()["error"]
    assert said.endswith(f"start this page with --allow-origin {FRIEND}")
    said = ask(address, "api/search?q=x", "null").json()["error"]
    assert said == "requests from other sites are not answered"


def test_a_friend_may_ask(open_to_friend):
    for path, status in (("api/search?q=crowd", 200), ("api/search", 400), ("api/nothing", 404)):
        answer = ask(open_to_friend, path, FRIEND)
        assert answer.status_code == status
        assert leave(answer) == {"allow-origin": FRIEND, "expose-headers": "ETag, Retry-After"}
        assert "origin" in answer.headers["vary"].lower()
    answer = ask(open_to_friend, "api/similar", FRIEND, "POST", json={"text": "a video"})
    assert answer.status_code == 200
    assert leave(answer)["allow-origin"] == FRIEND


def test_a_friend_may_not_ask_for_anything_else(open_to_friend):
    for path in ("gradio_api/info", "config", "gradio_api/openapi.json", "apis"):
        answer = ask(open_to_friend, path, FRIEND)
        assert (answer.status_code, leave(answer)) == (403, {})


@pytest.mark.parametrize("origin", ["https://friend.example", "http://friend.example:8443", "null"])
def test_others_stay_outside(open_to_friend, origin):
    for method in ("GET", "OPTIONS"):
        answer = ask(open_to_friend, "api/search?q=x", origin, method, headers=PREFLIGHT)
        assert (answer.status_code, leave(answer)) == (403, {})


def test_leave_is_asked_for_first(open_to_friend):
    answer = ask(open_to_friend, "api/similar", FRIEND, "OPTIONS", headers=PREFLIGHT)
    assert (answer.status_code, answer.content) == (204, b"")
    assert leave(answer) == {
        "allow-origin": FRIEND,
        "allow-methods": "GET, HEAD, POST",
        "allow-headers": "Authorization, Content-Type, If-None-Match",
        "expose-headers": "ETag, Retry-After",
        "max-age": "600",
    }
    inside = {**PREFLIGHT, "Access-Control-Request-Private-Network": "true"}
    answer = ask(open_to_friend, "api/similar", FRIEND, "OPTIONS", headers=inside)
    assert leave(answer)["allow-private-network"] == "true"
    unknown = ask(open_to_friend, "api/x", FRIEND, "OPTIONS", headers={"Host": "other.example"})
    assert unknown.status_code == 421


def test_a_login_is_asked_for_all_the_same(kept):
    answer = ask(kept, "api/search?q=x", FRIEND)
    assert answer.status_code == 401
    assert leave(answer)["allow-origin"] == "*"
    assert "allow-credentials" not in leave(answer)
    assert ask(kept, "api/search?q=x", FRIEND, auth=ACCOUNT).status_code == 200
    assert ask(kept, "api/search", FRIEND, "OPTIONS", headers=PREFLIGHT).status_code == 204
    assert ask(kept, "login", FRIEND, "POST", json={}).status_code == 403


def test_origins_of_options_and_of_the_variable(monkeypatch):
    monkeypatch.setenv("RFTSEARCH_ALLOW_ORIGIN", "https://A.example, http://b.example:80")
    assert allowed_origins(["https://friend.example/", "*"]) == (
        "https://friend.example", "*", "https://a.example", "http://b.example:80",
    )  # fmt: skip
    with pytest.raises(UsageError, match="is not an origin"):
        allowed_origins(["friend.example"])


def test_a_page_below_a_path():
    others = OtherSites(["*"], "/papers")

    def told(path: str) -> list[tuple[bytes, bytes]]:
        headers = [(b"origin", b"https://a.example")]
        return others.headers({"path": path, "method": "GET", "headers": headers, "type": "http"})

    assert told("/papers/api/search") == told("/api/search") != []
    assert told("/papers/") == told("/papers/gradio_api/info") == []
