"""The tools as an assistant sees them: through the official MCP client."""

from __future__ import annotations

import json
import logging
import socket
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
import requests
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

from support.serving import in_a_loop

TOOLS = {
    "search_papers": {"query"},
    "find_similar_papers": set(),
    "recommend_papers": {"liked"},
    "get_paper": {"paper"},
    "list_papers": set(),
    "list_categories": set(),
    "export_papers": {"papers"},
}


@pytest.fixture
def ask(address):
    """Do something in a session with the server."""

    def ask(what):
        async def talk():
            url = f"{address}gradio_api/mcp/"
            async with (
                streamable_http_client(url) as (read, write, _),
                ClientSession(read, write) as session,
            ):
                await session.initialize()
                return await what(session)

        return in_a_loop(talk)

    return ask


@pytest.fixture
def call(ask):
    """Call a tool: whether it failed, and the text it answers."""

    def call(name: str, **arguments: object) -> tuple[bool, str]:
        answer = ask(lambda session: session.call_tool(name, arguments))
        [content] = answer.content
        return bool(answer.isError), content.text

    return call


def test_tools_can_be_used_without_guessing(ask):
    tools = {tool.name: tool for tool in ask(lambda session: session.list_tools()).tools}
    assert tools.keys() == TOOLS.keys()
    for name, needed in TOOLS.items():
        tool = tools[name]
        assert len(tool.description) > 60
        assert "Returns:" in tool.description
        assert set(tool.inputSchema.get("required", ())) == needed
        for parameter in tool.inputSchema["properties"].values():
            assert parameter["description"].endswith(".")
    search = tools["search_papers"].inputSchema["properties"]
    assert search["k"]["type"] == "integer"
    assert search["k"]["default"] == 10
    for name in ("search_papers", "find_similar_papers", "recommend_papers"):
        order = tools[name].inputSchema["properties"]["sort"]
        assert order["enum"] == ["relevance", "newest", "oldest"]
        assert order["default"] == "relevance"
    formats = tools["export_papers"].inputSchema["properties"]["format"]
    assert formats["enum"] == ["bibtex", "ris", "csl", "csv", "markdown", "jsonl"]


def test_tools_answer_in_json(call):
    failed, text = call("search_papers", query="crowd", k=2, categories=["vision (image)"])
    assert not failed
    assert json.loads(text)["hits"][0]["short_name"] == "CrowdSeer"
    failed, text = call("search_papers", query="reward", k=1, sort="oldest")
    assert json.loads(text)["hits"][0]["short_name"] == "ClipMind"
    failed, text = call("find_similar_papers", paper="2504.00002", k=1)
    assert json.loads(text)["hits"][0]["short_name"] != "DrawWell"
    failed, text = call("recommend_papers", liked=["CrowdSeer"], k=1)
    assert len(json.loads(text)["hits"]) == 1
    failed, text = call("get_paper", paper="EarTest")
    assert json.loads(text)["abstract"] == "Audio in, answers out."
    failed, text = call("list_categories")
    assert json.loads(text)["categories"][0] == {"category": "Vision (Image)", "count": 3}
    failed, text = call("export_papers", papers=["EarTest"], format="bibtex")
    assert text.startswith("@misc{eartest:2502.00004,\n")


def test_answers_carry_notes(call):
    _, text = call("search_papers", query="quantum gravity zebra", k=1)
    assert json.loads(text)["notes"]
    _, text = call("search_papers", query="2506.00009", k=1)
    notes = " ".join(json.loads(text)["notes"])
    assert "find_similar_papers with paper='2506.00009' and fetch=true" in notes
    assert "rftsearch" not in notes


def test_one_text_is_a_list_of_one_and_null_is_nothing(call):
    _, text = call("search_papers", query="crowd", categories="Audio", since=None, k=None)
    assert [hit["short_name"] for hit in json.loads(text)["hits"]] == ["EarTest"]
    _, text = call("recommend_papers", liked="CrowdSeer", disliked=None, k=1)
    assert len(json.loads(text)["hits"]) == 1


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("search_papers", {"query": " "}, "the query is empty; type what"),
        ("search_papers", {"query": 5}, "query must be text, not 5"),
        ("search_papers", {"query": "x", "k": 1000}, "k is 1000; ask for 1 to 200 papers"),
        ("get_paper", {"paper": "CrowdSear"}, "did you mean CrowdSeer"),
        ("search_papers", {"query": "x", "categories": "Nope"}, "categories: unknown category"),
        ("search_papers", {"query": "x", "since": "soon"}, "since: 'soon' is not a month"),
        ("search_papers", {"querry": "x"}, "no parameter 'querry'; did you mean query?"),
        ("search_papers", {"query": "x", "zzz": 1}, "search_papers has no parameter 'zzz'"),
        ("search_papers", {"query": None}, "query must be text, not None"),
        ("get_paper", {"paper": "zzzzzz"}, "search_papers finds papers by topic"),
        ("find_similar_papers", {"paper": "2506.00009"}, "fetch=true asks arXiv"),
        ("recommend_papers", {"liked": ["ClipMind"], "diversity": 2}, "diversity is 2; it goes"),
        ("nothing", {}, "no tool is called 'nothing'; one of search_papers"),
        ("find_similar_papers", {}, "give paper or text, and not both"),
    ],
)
def test_mistakes_are_one_line(call, name, arguments, words):
    failed, text = call(name, **arguments)
    assert failed
    assert words in text
    assert "\n" not in text
    assert "rftsearch" not in text


HEADERS = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}


def rpc(**message: object) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": 1, **message}).encode()


@pytest.mark.parametrize(
    ("body", "status", "code", "words"),
    [
        (b"", 400, -32700, "not JSON"),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "\xdc"}', 400, -32700, "not JSON"),
        (b"[" * 100_000, 400, -32700, "not JSON"),
        (b"[]", 400, -32600, "not a message"),
        (b'{"jsonrpc": "1.0", "id": 1, "method": "ping"}', 400, -32600, "not a message"),
        (rpc(method="crowd"), 200, -32602, "Invalid request parameters"),
        (rpc(method="tools/call", params={"arguments": {}}), 200, -32602, "Invalid request"),
    ],
)
def test_what_is_no_message_is_refused_in_one_line_and_not_logged(
    address, caplog, body, status, code, words
):
    url = f"{address}gradio_api/mcp/"
    answer = requests.post(url, body, headers=HEADERS, timeout=60)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert error["code"] == code
    assert words in error["message"]
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


def test_half_a_sign_is_answered(address, caplog):
    half = "\ud800"
    for message in (
        rpc(id=half, method="ping"),
        rpc(method="tools/call", params={"name": half, "arguments": {half: half}}),
        rpc(method="tools/call", params={"name": "search_papers", "arguments": {"query": half}}),
        rpc(method="tools/call", params={"name": "get_paper", "arguments": {"paper": half}}),
    ):
        answer = requests.post(f"{address}gradio_api/mcp/", message, headers=HEADERS, timeout=60)
        assert answer.status_code == 200
        assert '"result"' in answer.text
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


def test_a_notification_that_nobody_knows_is_dropped(address, caplog):
    body = json.dumps({"jsonrpc": "2.0", "method": "crowd"}).encode()
    url = f"{address}gradio_api/mcp/"
    assert requests.post(url, body, headers=HEADERS, timeout=60).status_code == 202
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


def test_the_name_of_a_tool_does_not_reach_the_log(address, caplog):
    call = rpc(method="tools/call", params={"name": "\x1b[31mcrowd", "arguments": {}})
    answer = requests.post(f"{address}gradio_api/mcp/", call, headers=HEADERS, timeout=60)
    assert "no tool is called" in answer.text
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


def test_no_stream_is_held_open_for_what_the_server_never_says(address):
    answer = requests.get(f"{address}gradio_api/mcp/", headers=HEADERS, timeout=60)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize(
    "path", ["gradio_api/mcp/", "api/search", "gradio_api/call/v2/search", "gradio_api/queue/join"]
)
@pytest.mark.parametrize("begun", ["Content-Length: 90", "Transfer-Encoding: chunked"])
def test_a_body_that_breaks_off_leaves_no_trace(address, caplog, path, begun):
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as client:
        head = f"POST /{path} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        head += f"Content-Type: application/json\r\n{begun}\r\n\r\n"
        client.sendall(head.encode() + b'5\r\n{"a":')
    # Answered only after the one before was dealt with: both are read by one thread.
    assert requests.get(f"{address}robots.txt", timeout=60).ok
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("path", ["gradio_api/mcp/", "api/search", "gradio_api/call/v2/search"])
def test_a_body_without_a_length_is_bounded_too(address, path, caplog):
    def pieces():
        yield b'{"query": "'
        for _ in range(40):
            yield b"a" * 100_000

    headers = {"Content-Type": "application/json"}
    answer = requests.post(f"{address}{path}", pieces(), headers=headers, timeout=60)
    assert answer.status_code == 413
    assert "send at most 1048576 bytes" in answer.json()["error"]
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("path", ["gradio_api/mcp/", "api/search", "nothing"])
@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
@pytest.mark.parametrize("apart", [False, True])
def test_a_body_that_is_not_http_is_refused_once(address, caplog, path, kind, apart):
    parts = urlsplit(address)
    head = f"POST /{path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: {kind}\r\n"
    head += "Transfer-Encoding: chunked\r\n\r\n"
    pieces = [head.encode(), b"no number\r\n"]
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as client:
        for piece in pieces if apart else [b"".join(pieces)]:
            client.sendall(piece)
        answer = b""
        with suppress(ConnectionError):
            while read := client.recv(1 << 16):
                answer += read
    assert answer.count(b"HTTP/1.1 ") == 1
    assert answer.startswith(b"HTTP/1.1 4")
    assert requests.get(f"{address}robots.txt", timeout=60).ok
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []
