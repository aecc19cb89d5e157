"""The page without a server: how soon it answers after it was opened, and then each question.

The index is published into a folder, which is served on this machine and opened in Chromium.
The first answer stands when the first card of a question in the address does. It is measured in
a new browser profile each time, so that nothing is kept. Then questions made of titles are asked
in one page, once the table for meaning is there: the time of a question is that of the engine,
from the words to the order, the sentences that answer and the counts beside the filters.
"""

from __future__ import annotations

import argparse
import functools
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote

from benchmarks.options import add_index
from benchmarks.processes import percentile
from benchmarks.questions import Phrases
from benchmarks.report import Report
from rftsearch import Engine
from rftsearch.errors import UsageError
from rftsearch.publish.publish import Published, publish
from rftsearch.settings import default_index

__all__ = ["add_arguments", "run"]

LIBRARIES = ("playwright",)
SMALL, LARGE = 300, 5_000
"""Papers for which there is a goal."""
FIRST_ANSWER = 1.0
"""Seconds until the first answer of up to `SMALL` papers."""
EACH = {SMALL: 10.0, LARGE: 50.0}
"""Milliseconds of a question, median, up to so many papers."""
WARMING = 20
"""Questions that are not counted: with them the browser compiles the scripts."""
FIRST_CARD = """
new Promise((done) => {
  const look = () => document.querySelector("#found .cards .card")
    ? done(performance.now()) : requestAnimationFrame(look);
  look();
})
"""
ASK_ALL = """
async (asked) => {
  const { Engine } = await import("./engine/engine.js");
  const { answerOf } = await import("./page/results.js");
  const { EMPTY } = await import("./page/view.js");
  const engine = await Engine.open("data/");
  await Promise.all([engine.loadMeaning(), engine.loadTexts()]);
  const texts = await (await fetch("texts.json")).json();
  const page = { engine, texts, basket: { rows: () => [] } };
  const times = [];
  for (const query of asked) {
    const start = performance.now();
    const { answer } = answerOf(page, { ...EMPTY, query });
    engine.explain(answer.order, answer.terms);
    times.push(performance.now() - start);
  }
  return times;
}
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `bench.py published`."""
    add_index(parser)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--openings", type=int, default=7, help="how often the page is opened")


def run(arguments: argparse.Namespace) -> Report:
    """Measure.

    Raises:
        UsageError: There is no Chromium, or playwright is not installed.
    """
    index = arguments.index or default_index()
    with Engine.open(index) as engine:
        papers = engine.papers()
    titles = [paper.title for paper in papers]
    asked = Phrases(titles).take(arguments.questions + WARMING)
    with tempfile.TemporaryDirectory(prefix="rftsearch-published-") as place:
        done = publish(index, Path(place) / "site")
        with _served(done.folder) as address, _chromium() as browser:
            opened = [_first_answer(browser, address, one) for one in asked[: arguments.openings]]
            page = browser.new_page()
            page.goto(f"{address}index.html")
            times = page.evaluate(ASK_ALL, asked)[WARMING:]
    return _report(done, opened, times)


def _report(done: Published, opened: list[float], times: list[float]) -> Report:
    first, middle, high = median(opened), percentile(times, 0.5), percentile(times, 0.95)
    failures = []
    if done.papers <= SMALL and first > FIRST_ANSWER:
        failures.append(f"the first answer stands after {first:.2f} s, not {FIRST_ANSWER:.0f} s")
    limits = [limit for papers, limit in EACH.items() if done.papers <= papers]
    if limits and middle > limits[0]:
        failures.append(f"a question takes {middle:.1f} ms, not {limits[0]:.0f} ms")
    head = ("papers", "before the first answer", "first answer", "a question, p50", "p95", "all")
    row = [
        f"{done.papers:,}",
        f"{done.first / 1e6:.1f} MB",
        f"{first:.2f} s ({min(opened):.2f} to {max(opened):.2f})",
        f"{middle:.1f} ms",
        f"{high:.1f} ms",
        f"{done.size / 1e6:.1f} MB",
    ]
    values: dict[str, Any] = {
        "papers": done.papers,
        "first_answer_s": opened,
        "question_ms": {"p50": middle, "p95": high},
        "bytes": {"first": done.first, "all": done.size},
    }
    return Report("The page without a server", head, [row], values, LIBRARIES, failures=failures)


def _first_answer(browser: Any, address: str, query: str) -> float:  # noqa: ANN401 - playwright
    """Return the seconds from opening the address of a question to its first card."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.goto(f"{address}index.html?q={quote(query)}", wait_until="commit")
    seconds = float(page.evaluate(FIRST_CARD)) / 1000
    context.close()
    return seconds


@contextmanager
def _chromium() -> Iterator[Any]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - of the tests
    except ImportError:
        path = None
    if path is None:
        raise UsageError("`pip install 'rftsearch[test]'` and Chromium are needed for this")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing of requests."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Say nothing of a browser that leaves before it has everything."""


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine; its address."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
