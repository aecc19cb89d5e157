"""`rftsearch mcp` as an assistant uses it: a program of its own, and the official client."""

from __future__ import annotations

import json
import subprocess
import sys

import jsonschema
import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

from support.paths import ROOT
from support.serving import in_a_loop

LINE = ["-m", "rftsearch", "mcp", "--index"]


@pytest.fixture
def ask(library):
    """Do something in a session with the program."""

    def ask(what):
        async def talk():
            started = StdioServerParameters(
                command=sys.executable,
                args=[*LINE, str(library)],
                env={"PYTHONPATH": str(ROOT / "src")},
            )
            async with stdio_client(started) as streams, ClientSession(*streams) as session:
                return await what(session, await session.initialize())

        return in_a_loop(talk)

    return ask


def test_an_assistant_finds_reads_and_cites(ask):
    async def use(session, begun):
        tools = (await session.list_tools()).tools
        answers = [
            await session.call_tool(name, arguments)
            for name, arguments in (
                ("search_papers", {"query": "watch a video"}),
                ("search_papers", {"query": "watch a video", "detail": "full", "k": 1}),
                ("find_similar_papers", {"text": "We count people in a crowd."}),
                ("find_similar_papers", {"paper": "ClipMind"}),
                ("recommend_papers", {"liked": ["ClipMind", "EarTest"], "k": 2}),
                ("list_papers", {"k": 2, "offset": 1, "sort": "oldest"}),
                ("get_paper", {"paper": "EarTest"}),
                ("list_categories", {}),
                ("export_papers", {"papers": ["EarTest"]}),
            )
        ]
        return begun, {tool.name: tool for tool in tools}, answers

    begun, tools, answers = ask(use)
    assert begun.serverInfo.name == "rftsearch"
    assert "Invented papers" in begun.instructions
    assert not [one for one in answers if one.isError]
    *structured, exported = answers
    assert exported.content[0].text.startswith("@misc{eartest:2502.00004,")
    for name, one in zip(
        ("search_papers",) * 2
        + ("find_similar_papers",) * 2
        + ("recommend_papers", "list_papers", "get_paper", "list_categories"),
        structured,
        strict=True,
    ):
        jsonschema.validate(one.structuredContent, tools[name].outputSchema)
        assert json.loads(one.content[0].text) == one.structuredContent
        assert isinstance(one.structuredContent["notes"], list)
    short, full, like_text, like_paper, _, listed, paper, _ = (
        one.structuredContent for one in structured
    )
    assert short["hits"][0]["short_name"] == "ClipMind"
    assert "video" in short["hits"][0]["sentence"].lower()
    assert "abstract" not in short["hits"][0]
    assert full["hits"][0]["abstract"] == "A video is watched twice. Video reward."
    assert like_text["hits"][0]["short_name"] == "CrowdSeer"
    assert "ClipMind" not in {hit["short_name"] for hit in like_paper["hits"]}
    assert len(listed["papers"]) == 2
    assert paper["abstract"] == "Audio in, answers out."


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("search_papers", {"query": " "}, "the query is empty"),
        ("search_papers", {"query": "x", "detail": "long"}, "detail is 'long'; one of brief, full"),
        ("find_similar_papers", {}, "give paper or text, and not both"),
        ("find_similar_papers", {"paper": "a", "text": "b"}, "give paper or text, and not both"),
        ("list_papers", {"offset": -1}, "offset is -1; it goes from 0"),
        ("list_papers", {"sort": "relevance"}, "a list is newest or oldest first"),
        ("nothing", {}, "no tool is called 'nothing'; one of search_papers"),
    ],
)
def test_mistakes_are_one_line_of_the_tools_words(ask, name, arguments, words):
    async def use(session, _):
        return await session.call_tool(name, arguments)

    answer = ask(use)
    assert answer.isError
    assert words in answer.content[0].text
    assert "\n" not in answer.content[0].text


def test_without_an_index_one_line_says_what_to_do(tmp_path):
    done = subprocess.run(
        [sys.executable, *LINE, str(tmp_path / "nothing")],
        env={"PYTHONPATH": str(ROOT / "src")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "rftsearch build" in done.stderr


def test_it_answers_nothing_else_and_ends_when_the_assistant_does(library):
    started = subprocess.Popen(
        [sys.executable, *LINE, str(library)],
        env={"PYTHONPATH": str(ROOT / "src")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with started as program:
        program.stdin.write('not a message\n{"jsonrpc": "2.0", "id": 7, "method": "ping"}\n')
        program.stdin.flush()
        answers = [json.loads(program.stdout.readline())]
        while answers[-1].get("id") != 7:
            answers.append(json.loads(program.stdout.readline()))
        rest, errors = program.communicate(timeout=240)
    assert answers[-1]["result"] == {}
    assert rest == ""
    assert program.returncode == 0
    assert "Traceback" not in errors
