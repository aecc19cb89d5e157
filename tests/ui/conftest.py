"""An index of invented papers, the page over it, and a browser to look at it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from rftsearch import Engine
from rftsearch.index.build.build import build_index
from support.encoder import WordEncoder
from support.hostile import MARKUP
from support.page import ABSTRACTS, AUTHORS, LIST, Arxiv, Visit
from support.serving import a_free_port, served


@pytest.fixture(scope="session")
def index(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    (folder / "invented.md").write_text(LIST, "utf-8")
    lines = [
        {"arxiv_id": arxiv_id, "title": title, "abstract": abstract, "authors": AUTHORS}
        for arxiv_id, (title, abstract) in ABSTRACTS.items()
    ]
    lines[-1]["authors"] = [MARKUP]
    abstracts = folder / "abstracts.jsonl"
    abstracts.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    report = build_index(
        folder / "index",
        [folder / "invented.md"],
        encoder=WordEncoder(),
        abstracts=abstracts,
        offline=True,
    )
    assert not report.problems
    return report.index


@pytest.fixture(scope="session")
def engine(index) -> Iterator[Engine]:
    with Engine.open(index, encoder=WordEncoder(), client=Arxiv()) as opened:
        yield opened


@pytest.fixture(scope="session")
def free_port() -> int:
    return a_free_port()


@pytest.fixture(scope="session")
def address(engine, free_port) -> Iterator[str]:
    """Where the page is served."""
    with served(engine, free_port) as address:
        yield address


@pytest.fixture
def visitor(chromium, address):
    """Makes visits: `visitor(width=360, scheme="dark")`; each is checked at the end."""
    visits = []
    contexts = []

    def visit(
        width: int = 1280, height: int = 900, scheme: str = "light", at: str = address
    ) -> Visit:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme
        )
        context.set_default_timeout(60_000)
        contexts.append(context)
        made = Visit(context.new_page(), at)
        host = urlsplit(at).netloc
        made.page.on(
            "console",
            lambda message: (
                message.type in {"error", "warning"} and made.complaints.append(message.text)
            ),
        )
        made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
        made.page.on("dialog", lambda dialog: made.complaints.append(dialog.message))
        made.page.on(
            "request",
            lambda request: (
                urlsplit(request.url).netloc not in {host, ""} and made.outside.append(request.url)
            ),
        )
        visits.append(made)
        return made

    yield visit
    for made in visits:
        assert made.complaints == []
        assert made.outside == []
        assert not made.ran()
    for context in contexts:
        context.close()
