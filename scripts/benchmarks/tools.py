"""What an assistant reads and waits for in one call of a tool, beside two other paper servers.

Each question finds ten papers. Their answer is written as our tool writes it, in short and in
full, and the same ten papers as two well-known servers of the Model Context Protocol write
theirs: arxiv-mcp-server (`search_papers`: all fields and the abstract, JSON with an indent of
two) and paper-search-mcp (`search_arxiv`: fifteen fields of a paper, with the abstract). Both
shapes are rebuilt from the public sources of those servers. Tokens are counted by the tokenizer
of the index's own model (WordPiece), which cuts names and addresses into more pieces than those
of large models do; characters are there for other rules, such as four to a token. The other
servers ask arXiv for each call, at most once in three seconds by its rules, so their time is
that of the network and cannot be measured here.

The same questions are then sent to the page's server, one at a time and in turns: as a plain
request and through Gradio's endpoint, in one step and in two.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any
from urllib.parse import quote

from tokenizers import Tokenizer

from benchmarks.clients import Ask, Connection, plain, two_step
from benchmarks.load import served
from benchmarks.options import add_index
from benchmarks.processes import percentile
from benchmarks.questions import Phrases
from benchmarks.report import Report
from rftsearch import Engine
from rftsearch.errors import UsageError
from rftsearch.papers.paper import Paper
from rftsearch.settings import default_index
from rftsearch.tools.assistants import AssistantTools

__all__ = ["add_arguments", "arxiv_mcp_server", "paper_search_mcp", "run"]

K = 10
LIBRARIES = ("mcp", "gradio", "tokenizers", "onnxruntime")
BRIEF = 6000
"""Characters that ten short hits may take."""
OURS = {"rftsearch, in short": "brief", "rftsearch, in full": "full"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `bench.py tools`."""
    add_index(parser)
    parser.add_argument("--questions", type=int, default=60)


def run(arguments: argparse.Namespace) -> Report:
    """Measure.

    Raises:
        IndexStateError: There is no index that can be used.
        UsageError: Its model has no tokenizer.
    """
    index = arguments.index or default_index()
    with Engine.open(index) as engine:
        questions = Phrases([paper.title for paper in engine.papers()]).take(arguments.questions)
        count = _counter(index)
        sizes = _sizes(engine, questions)
        times = _times_within(engine, questions)
    with served(index) as page:
        times |= asyncio.run(_times_of_server(page.address, questions))
    values: dict[str, Any] = {
        name: {
            "tokens": round(fmean(map(count, texts))),
            "characters": round(fmean(map(len, texts))),
            "most_characters": max(map(len, texts)),
        }
        for name, texts in sizes.items()
    }
    for name, seconds in times.items():
        values.setdefault(name, {})["p50_ms"] = round(1000 * percentile(seconds, 0.5), 2)
        values[name]["p95_ms"] = round(1000 * percentile(seconds, 0.95), 2)
    most = values["rftsearch, in short"]["most_characters"]
    columns = ("tokens", "characters", "most_characters", "p50_ms", "p95_ms")
    return Report(
        title=f"{len(questions)} questions, {K} papers each, one at a time",
        head=["answer", "tokens", "characters", "... most", "p50 ms", "p95 ms"],
        rows=[
            [name, *(str(one.get(column, "-")) for column in columns)]
            for name, one in values.items()
        ],
        values=values,
        libraries=LIBRARIES,
        remarks=["Tokens are those of the index's own model. The other servers wait for arXiv."],
        failures=[f"a short answer has {most} characters, more than {BRIEF}"]
        if most > BRIEF
        else [],
    )


# --- what an assistant reads ------------------------------------------------------------


def arxiv_mcp_server(papers: Sequence[Paper]) -> str:
    """Return papers as `search_papers` of arxiv-mcp-server writes them."""
    written = [
        {
            "id": f"{paper.arxiv_id}v1",
            "title": paper.title,
            "authors": list(paper.authors),
            "abstract": paper.abstract,
            "categories": _classes(paper),
            "published": _published(paper),
            "url": f"http://arxiv.org/pdf/{paper.arxiv_id}v1",
            "resource_uri": f"arxiv://{paper.arxiv_id}v1",
        }
        for paper in papers
    ]
    return json.dumps({"total_results": len(written), "papers": written}, indent=2)


def paper_search_mcp(papers: Sequence[Paper]) -> str:
    """Return papers as `search_arxiv` of paper-search-mcp writes them."""
    written = [
        {
            "paper_id": f"{paper.arxiv_id}v1",
            "title": paper.title,
            "authors": "; ".join(paper.authors),
            "abstract": paper.abstract,
            "doi": paper.doi or "",
            "published_date": _published(paper),
            "pdf_url": f"https://arxiv.org/pdf/{paper.arxiv_id}v1",
            "url": f"http://arxiv.org/abs/{paper.arxiv_id}v1",
            "source": "arxiv",
            "updated_date": _published(paper),
            "categories": "; ".join(_classes(paper)),
            "keywords": "",
            "citations": 0,
            "references": "",
            "extra": "",
        }
        for paper in papers
    ]
    return json.dumps(written, indent=2)


def _classes(paper: Paper) -> list[str]:
    return list(paper.metadata.categories) if paper.metadata else []


def _published(paper: Paper) -> str:
    day = paper.metadata.published if paper.metadata else None
    return f"{day or paper.released}T00:00:00+00:00"


def _sizes(engine: Engine, questions: Sequence[str]) -> dict[str, list[str]]:
    """Return the answers as texts, by who writes them."""
    tools = AssistantTools(engine)
    found: dict[str, list[str]] = {}
    for question in questions:
        papers = [hit.paper for hit in engine.search(question, K)]
        for name, detail in OURS.items():
            found.setdefault(name, []).append(_called(tools, question, detail))
        found.setdefault("arxiv-mcp-server", []).append(arxiv_mcp_server(papers))
        found.setdefault("paper-search-mcp", []).append(paper_search_mcp(papers))
    return found


def _called(tools: AssistantTools, question: str, detail: str) -> str:
    sent = {"query": question, "k": K, "detail": detail}
    [content] = tools.call("search_papers", sent).content
    return str(content.text)  # type: ignore[union-attr]  # tools answer in text


def _counter(index: Path) -> Callable[[str], int]:
    files = sorted(index.glob("models/*/tokenizer.json"))
    if not files:
        raise UsageError(f"no model in {index} has a tokenizer; build it with the default model")
    tokenizer = Tokenizer.from_file(str(files[0]))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)


# --- how long it waits ------------------------------------------------------------------


def _times_within(engine: Engine, questions: Sequence[str]) -> dict[str, list[float]]:
    """Return the seconds of each question in this process, by the way to ask."""
    tools = AssistantTools(engine)
    ways: Mapping[str, Callable[[str], object]] = {
        "the engine alone": lambda question: engine.search(question, K),
        **{
            name: (lambda question, detail=detail: _called(tools, question, detail))  # type: ignore[misc]
            for name, detail in OURS.items()
        },
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for number, question in enumerate(questions):
        for name, ask in _turned(ways, number):
            began = time.perf_counter()
            ask(question)
            times[name].append(time.perf_counter() - began)
    return times


async def _times_of_server(address: str, questions: Sequence[str]) -> dict[str, list[float]]:
    ways: Mapping[str, Ask] = {
        "plain request": plain,
        "plain request, in short": _plain_in_short,
        "Gradio's endpoint, one step": _one_step,
        "Gradio's endpoint, two steps": two_step("search"),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    async with Connection(address) as connection:
        for ask in ways.values():
            await ask(connection, "the first question loads what is loaded once")
        for number, question in enumerate(questions):
            for name, ask in _turned(ways, number):
                began = time.perf_counter()
                if not await ask(connection, question):
                    raise UsageError(f"{name} did not answer {question!r}")
                times[name].append(time.perf_counter() - began)
    return times


def _turned(ways: Mapping[str, Any], number: int) -> Iterator[tuple[str, Any]]:
    """Return the ways, another one first each time: the first one fills the caches."""
    pairs = list(ways.items())
    first = number % len(pairs)
    yield from pairs[first:] + pairs[:first]


async def _plain_in_short(connection: Connection, question: str) -> bool:
    status, _ = await connection.ask("GET", f"/api/search?q={quote(question)}&detail=brief")
    return status == 200


def _one_step(connection: Connection, question: str) -> Awaitable[bool]:
    async def ask() -> bool:
        status, _ = await connection.ask("POST", "/gradio_api/run/search", {"data": [question]})
        return status == 200

    return ask()
