"""Logging in and out: cookies, logins that end, and the brake on guessing."""

from __future__ import annotations

import pytest
import requests

from rftsearch.ui.door import auth
from rftsearch.ui.door.auth import Brake, Logins
from support.serving import served

ACCOUNTS = {"reader": "secret", "other": "word"}
RIGHT = {"username": "reader", "password": "secret"}
WRONG = RIGHT | {"password": "guess"}
BROWSER = {"Accept": "text/html"}


@pytest.fixture
def kept(engine):
    with served(engine, accounts=ACCOUNTS) as address:
        yield address


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def test_the_page_asks_for_a_login(kept):
    answer = requests.get(f"{kept}?q=crowd+%22counting%22&k=2", timeout=60)
    assert answer.status_code == 401
    assert 'action="login"' in answer.text
    assert 'value="q=crowd+%22counting%22&amp;k=2"' in answer.text
    assert "www-authenticate" not in answer.headers  # a browser would ask in its own way
    assert "CrowdSeer" not in answer.text


@pytest.mark.parametrize(
    ("headers", "framed"),
    [
        ({"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site"}, True),
        # A page of the same site gets its cookies.
        ({"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "cross-site"}, False),
        ({}, False),
    ],
)
def test_in_a_frame_of_another_site_a_link_leads_to_the_login(kept, headers, framed):
    page = requests.get(f"{kept}?q=crowd", headers=headers, timeout=60).text
    assert ('<form method="post" action="login" hidden>' in page) == framed
    assert ('<a href="./?q=crowd" target="_blank" rel="noopener" hidden>' in page) != framed


def test_a_browser_is_sent_back_to_where_it_was(kept):
    form = RIGHT | {"back": "q=crowd&k=2"}
    answer = requests.post(f"{kept}login", data=form, headers=BROWSER, timeout=60)
    assert answer.status_code == 200
    assert answer.url == f"{kept}?q=crowd&k=2"
    assert "gradio" in answer.text


@pytest.mark.parametrize("back", ["\r\nSet-Cookie: a=b", "<script>", "ä", "a b", '"'])
def test_nobody_is_sent_anywhere_else(kept, back):
    form = RIGHT | {"back": back}
    answer = requests.post(
        f"{kept}login", data=form, headers=BROWSER, timeout=60, allow_redirects=False
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "./")


@pytest.mark.parametrize(
    ("headers", "secure"), [({}, False), ({"X-Forwarded-Proto": "https"}, True)]
)
def test_the_cookie_is_for_this_site_alone(kept, headers, secure):
    answer = requests.post(f"{kept}login", data=RIGHT, headers=headers, timeout=60)
    assert answer.json() == {"success": True}
    cookie = answer.headers["set-cookie"].lower()
    assert "samesite=lax" in cookie
    assert "httponly" in cookie
    assert "path=/;" in cookie
    assert ("secure" in cookie) == secure
    assert "none" not in cookie


def test_logging_out_ends_the_login_and_leads_to_this_page(kept):
    with requests.Session() as session:
        session.post(f"{kept}login", data=RIGHT, timeout=60)
        cookies = session.cookies.get_dict()
        assert session.get(f"{kept}config", timeout=60).status_code == 200
        headers = {"X-Forwarded-Host": "evil.example"}
        answer = session.get(f"{kept}logout", headers=headers, timeout=60, allow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "./")
        assert session.get(f"{kept}config", timeout=60).status_code == 401
    # Not only forgotten by the browser: the server does not know it any more.
    assert requests.get(f"{kept}config", cookies=cookies, timeout=60).status_code == 401


@pytest.mark.parametrize(
    "sent",
    [
        {"data": {"username": "reader"}},
        {"data": {}},
        {"files": {"username": (None, "reader"), "password": (None, "guess")}},
        {"files": {"username": ("a.txt", b"reader")}},
        {"data": {"username": "x" * 2000, "password": "y"}},
        {"json": RIGHT},
        {"data": b"\xff=1", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
    ],
)
def test_other_forms_do_not_log_in(kept, capfd, sent):
    answer = requests.post(f"{kept}login", timeout=60, **sent)
    assert answer.status_code in {400, 401}
    assert list(answer.json()) == ["error"]
    assert "set-cookie" not in answer.headers
    assert capfd.readouterr() == ("", "")


def test_a_form_of_parts_logs_in_too(kept):
    parts = {name: (None, value) for name, value in RIGHT.items()}
    assert requests.post(f"{kept}login", files=parts, timeout=60).json() == {"success": True}


def test_guessing_is_braked(kept):
    for _ in range(auth.FREE_GUESSES):
        assert requests.post(f"{kept}login", data=WRONG, timeout=60).status_code == 401
    answer = requests.post(f"{kept}login", data=RIGHT, timeout=60)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1
    assert "too many wrong passwords" in answer.json()["error"]
    page = requests.post(f"{kept}login", data=RIGHT, headers=BROWSER, timeout=60)
    assert (page.status_code, "too many wrong passwords" in page.text) == (429, True)
    for path in ("api/search?q=crowd", "config"):
        answer = requests.get(kept + path, auth=("reader", "secret"), timeout=60)
        assert answer.status_code == 429
    # Another name is not held up.
    assert requests.get(f"{kept}config", auth=("other", "word"), timeout=60).status_code == 200


def test_the_brake_grows_and_forgives():
    clock = Clock()
    brake = Brake(clock)
    waits = []
    for _ in range(14):
        brake.count("192.0.2.1", b"reader")
        waits.append(brake.wait("192.0.2.1", b"reader"))
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    assert brake.wait("192.0.2.2", b"reader") == 0
    clock.now += 30
    assert brake.wait("192.0.2.1", b"reader") == 30
    clock.now += auth.FORGIVEN
    assert brake.wait("192.0.2.1", b"reader") == 0
    brake.count("192.0.2.1", b"reader")
    assert brake.wait("192.0.2.1", b"reader") == 0


def test_an_address_that_tries_many_names_is_braked():
    brake = Brake(Clock())
    for number in range(auth.FREE_GUESSES_OF_AN_ADDRESS):
        brake.count("192.0.2.1", str(number).encode())
    assert brake.wait("192.0.2.1", b"reader") == 1
    assert brake.wait("192.0.2.2", b"reader") == 0


def test_logins_end():
    clock = Clock()
    logins = Logins(clock)
    token = logins.begin()
    assert logins.is_known(token)
    assert not logins.is_known("x")
    clock.now += auth.IDLE - 1
    assert logins.is_known(token)
    clock.now += auth.IDLE + 1
    assert not logins.is_known(token)
    token = logins.begin()
    for _ in range(int(auth.LONGEST / 3600)):
        assert logins.is_known(token)
        clock.now += 3600
    clock.now += 1
    assert not logins.is_known(token)


def test_the_number_of_logins_is_bounded(monkeypatch):
    monkeypatch.setattr(auth, "MOST_LOGINS", 3)
    logins = Logins(Clock())
    tokens = [logins.begin() for _ in range(5)]
    assert [logins.is_known(token) for token in tokens] == [False, False, True, True, True]
