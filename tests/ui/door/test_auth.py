"""Who may come in, and how much they may bring."""

from __future__ import annotations

import pytest
import requests
from gradio_client import Client
from mcp import ClientSession
from mcp.client.streamable_http import create_mcp_http_client, streamable_http_client

from rftsearch.errors import UsageError
from rftsearch.ui.door.auth import read_accounts
from rftsearch.ui.door.door import MAX_BODY
from support.serving import in_a_loop, served

ACCOUNTS = {"reader": "a:b c", "Zoë": "schlüssel"}


@pytest.fixture(scope="module")
def kept(engine):
    """Where a page is served that asks for a password."""
    with served(engine, accounts=ACCOUNTS) as address:
        yield address


PATHS = [
    "api/search?q=crowd",
    "api/",
    "gradio_api/mcp",
    "gradio_api/mcp/",
    "gradio_api/mcp/schema",
    "gradio_api/mcp/sse",
    "gradio_api/info",
    "gradio_api/openapi.json",
    "config",
]


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_open_to_all(kept, path):
    assert requests.get(kept + path, timeout=60).status_code == 401


@pytest.mark.parametrize("path", ["papers/api/search?q=crowd", "papers/gradio_api/mcp/schema"])
def test_nothing_is_open_below_a_root_path(engine, path):
    with served(engine, accounts=ACCOUNTS, root_path="/papers") as address:
        top = address.split("papers")[0]
        answer = requests.get(top + path, timeout=60)
        assert answer.status_code == 401
        assert requests.get(top + path, auth=("reader", "a:b c"), timeout=60).ok


@pytest.mark.parametrize("path", ["run/search", "call/search", "api/search", "queue/join"])
def test_no_endpoint_is_open_to_all(kept, path):
    asked = {"data": ["crowd", 2, *[None] * 6], "fn_index": 0}
    answer = requests.post(f"{kept}gradio_api/{path}", json=asked, timeout=60)
    assert answer.status_code == 401


@pytest.mark.parametrize("account", ACCOUNTS.items())
def test_scripts_send_name_and_password(kept, account):
    name, password = (part.encode() for part in account)
    answer = requests.get(f"{kept}api/search?q=crowd", auth=(name, password), timeout=60)
    assert answer.json()["hits"][0]["short_name"] == "CrowdSeer"


@pytest.mark.parametrize(
    "header",
    ["Basic", "Basic !", "Basic cmVhZGVy", "Basic cmVhZGVyOng=", "Basic bm9ib2R5Og==", "Bearer x"],
)
def test_other_words_do_not_open(kept, header):
    answer = requests.get(
        f"{kept}api/search?q=crowd", headers={"Authorization": header}, timeout=60
    )
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic ")
    assert list(answer.json()) == ["error"]


def test_who_is_logged_in_may_use_the_route_too(kept):
    with requests.Session() as session:
        account = {"username": "reader", "password": ACCOUNTS["reader"]}
        assert session.post(f"{kept}login", data=account, timeout=60).status_code == 200
        assert session.get(f"{kept}api/search?q=crowd", timeout=60).status_code == 200
        forged = dict.fromkeys(session.cookies.keys(), "x")
    answer = requests.get(f"{kept}api/search?q=crowd", cookies=forged, timeout=60)
    assert answer.status_code == 401


def test_the_client_logs_in(kept):
    client = Client(
        kept, auth=("reader", ACCOUNTS["reader"]), verbose=False, analytics_enabled=False
    )
    assert client.predict("crowd", api_name="/search")[0]["short_name"] == "CrowdSeer"
    client.close()


def test_assistants_send_name_and_password(kept):
    async def talk():
        http = create_mcp_http_client(
            headers={"Authorization": requests.auth._basic_auth_str("reader", ACCOUNTS["reader"])}
        )
        async with (
            http,
            streamable_http_client(f"{kept}gradio_api/mcp/", http_client=http) as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            return await session.call_tool("list_categories", {})

    assert not in_a_loop(talk).isError


def test_a_request_has_a_size(address):
    url = f"{address}gradio_api/run/search"
    json = {"Content-Type": "application/json"}
    answer = requests.post(url, data=b"x" * (MAX_BODY + 1), headers=json, timeout=60)
    assert answer.status_code == 413

    def without_length():
        yield from [b"[" * (MAX_BODY // 4)] * 8

    try:
        answer = requests.post(url, data=without_length(), headers=json, timeout=60)
    except requests.ConnectionError:
        return  # it hung up, which is as good
    assert answer.status_code >= 400


def test_accounts_are_read_from_a_file_or_a_variable(tmp_path):
    file = tmp_path / "accounts"
    file.write_text("\ufeff# who may read\n\nreader:a:b c\n Zoë :schlüssel\n", "utf-8")
    assert read_accounts(file, "other:x") == ACCOUNTS
    assert read_accounts(None, "reader:a:b c\nZoë:schlüssel") == ACCOUNTS
    assert read_accounts(None, None) == read_accounts(None, "") == {}


@pytest.mark.parametrize("value", [" ", "# reader:secret"])
def test_a_variable_without_an_account_opens_nothing(value):
    with pytest.raises(UsageError, match=r"\$RFTSEARCH_AUTH has no line of name:password"):
        read_accounts(None, value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("secret", "line 1 of {} is not name:password"),
        ("a:b\n:secret", "line 2 of {} is not name:password"),
        ("secret: ", "line 1 of {} is not name:password"),
        ("a:secret\na:other", "line 2 of {} names a a second time"),
    ],
)
def test_what_is_no_account_is_one_line(tmp_path, text, words):
    file = tmp_path / "accounts"
    file.write_text(text, "utf-8")
    for where, arguments in ((file, (file, None)), ("$RFTSEARCH_AUTH", (None, text))):
        with pytest.raises(UsageError) as caught:
            read_accounts(*arguments)
        assert str(caught.value) == words.format(where)
        assert "secret" not in str(caught.value)


def test_a_password_in_place_of_a_file_is_not_repeated(tmp_path):
    with pytest.raises(UsageError, match="cannot read the file that --auth names") as caught:
        read_accounts(tmp_path / "reader:secret", None)
    assert "secret" not in str(caught.value)
    empty = tmp_path / "empty"
    empty.write_text("# nobody\n")
    with pytest.raises(UsageError, match="nobody could log in"):
        read_accounts(empty, None)
