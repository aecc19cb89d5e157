from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from threading import Event, Semaphore
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import gradio as gr
import pytest
import requests

from rftsearch import Engine
from rftsearch.errors import IndexMissingError, UsageError
from rftsearch.papers.about import ListAbout
from rftsearch.sources.arxiv.api import Fetched
from rftsearch.tools.functions import MAX_FETCHING
from rftsearch.ui import build_page, launch, serve
from rftsearch.ui.door.headers import policy
from rftsearch.ui.server.serve import _describe_once
from support.command_line import run_command
from support.encoder import WordEncoder
from support.paths import ROOT, TESTS
from support.serving import a_free_port, in_a_loop, served


def test_it_listens_on_this_machine_only(address):
    assert address.startswith("http://127.0.0.1:")


def test_a_port_that_is_taken_is_one_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"cannot listen on 127.0.0.1:{port} .*--port"):
            serve(gr.Blocks, port=port)


@pytest.mark.parametrize("named", ["abc", "-1", "7e3", "70000"])
def test_a_port_that_does_not_exist_is_one_line(monkeypatch, named):
    monkeypatch.setenv("GRADIO_SERVER_PORT", named)
    with pytest.raises(UsageError, match="from 1 to 65535"):
        serve(gr.Blocks)


def test_an_address_of_another_machine_is_one_line():
    with pytest.raises(UsageError, match=r"cannot listen on 192\.0\.2\.1 .*--host"):
        serve(gr.Blocks, host="192.0.2.1")


def test_no_index_is_the_packages_own_error(tmp_path):
    with pytest.raises(IndexMissingError):
        launch(tmp_path / "nothing")


def test_telemetry_is_off():
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"


def test_what_gradio_says_of_the_page_is_worked_out_once(engine):
    async def make():
        return build_page(engine)

    page = in_a_loop(make)
    said = page.get_config_file()["components"]
    _describe_once(page)
    assert page.get_config_file()["components"] == said
    parts = list(page.blocks.values())
    parts[0].get_config()["value"] = "of one visitor"  # Gradio changes what it was given
    assert page.get_config_file()["components"] == said


class Waiting:
    """An arXiv that answers once it may."""

    def __init__(self):
        self.asked, self.may = Semaphore(0), Event()

    def fetch(self, ids):
        self.asked.release()
        assert self.may.wait(60)
        return Fetched({}, unknown=tuple(ids))


def test_who_waits_for_arxiv_holds_up_nobody_else(index):
    arxiv = Waiting()
    opened = Engine.open(index, encoder=WordEncoder(), client=arxiv)
    with opened as engine, served(engine) as address, ThreadPoolExecutor(MAX_FETCHING) as threads:

        def ask(paper, fetch):
            asked = {"paper": paper, "k": 3, "fetch": fetch}
            at = f"{address}gradio_api/call"
            event = requests.post(f"{at}/v2/similar", json=asked, timeout=60).json()["event_id"]
            return requests.get(f"{at}/similar/{event}", timeout=60).text

        waiting = [threads.submit(ask, f"1801.0000{n}", True) for n in range(MAX_FETCHING)]
        assert arxiv.asked.acquire(timeout=60)  # one at a time
        assert "event: complete" in ask("ClipMind", False)
        arxiv.may.set()
        for one in waiting:
            assert "arXiv has none of that id" in one.result()


@pytest.mark.parametrize("root", ["/papers", "/papers/", "https://example.org/deep/papers"])
def test_behind_a_proxy_the_page_knows_where_it_is_shown(engine, root):
    with served(engine, root_path=root) as address:
        config = requests.get(f"{address}config", timeout=60).json()
        found = requests.get(f"{address}api/search?q=crowd", timeout=60).json()
    shown = root.rstrip("/")
    assert config["root"] == (shown if "://" in root else f"{address.rstrip('/')}{shown}")
    assert found["hits"][0]["short_name"] == "CrowdSeer"


@pytest.mark.parametrize("root", ["papers", "/a b", "/../x?y", "ftp://example.org", "//evil"])
def test_what_is_no_root_path_is_one_line(root):
    with pytest.raises(UsageError, match="is not a root path; write it like /papers"):
        serve(gr.Blocks, root_path=root)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--auth", "reader:secret"], "cannot read the file that --auth names"),
        (["--root-path", "papers"], "'papers' is not a root path; write it like /papers"),
        (["--port", "70000"], "70000 is not a port"),
        (["--home", "kites"], "the home of the page is 'kites'; give a web address like"),
        (["--embed-from", "*"], "'*' is not an origin; write scheme and host alone"),
    ],
)
def test_mistakes_of_the_command_are_one_line(index, capsys, options, words):
    async def run():
        return run_command("app", "--no-browser", "--index", index, *options)

    assert in_a_loop(run) == 2
    printed = capsys.readouterr().err
    assert words in printed
    assert printed.count("\n") == 1
    assert "secret" not in printed


def test_options_of_the_head_and_of_frames_reach_the_page(index, monkeypatch):
    given = {}
    monkeypatch.setattr("rftsearch.ui.launch", lambda folder, **options: given.update(options))
    options = ["--title", "Kites", "--home", "https://example.org", "--description", "All of them."]
    options += ["--embed-from", "https://a.example", "--embed-from", "https://b.example"]
    assert run_command("app", "--index", index, *options) == 0
    assert given["about"] == ListAbout("Kites", "All of them.", "https://example.org")
    assert given["embed_from"] == ["https://a.example", "https://b.example"]


def test_what_visitors_could_not_mend_is_printed_at_the_start(engine, monkeypatch, capsys):
    class Ended:
        def wait(self):
            raise KeyboardInterrupt

    monkeypatch.setattr("rftsearch.ui.server.serve.Event", Ended)

    async def run():
        launch(engine, port=a_free_port(), announce=lambda _: None)

    in_a_loop(run)
    assert capsys.readouterr().err == f"note: {engine.status().notes[0]}\n"


@pytest.fixture
def read_only(index):
    """An index that nobody may write, in a place that everybody may reach."""
    place = Path("/tmp") / f"rftsearch-served-{os.getpid()}"  # noqa: S108 - must be reachable
    shutil.copytree(index, place / "index")
    (place / "scratch").mkdir()
    (place / "scratch").chmod(0o777)
    for path in [*place.rglob("index/**/*"), place / "index"]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield place
    for path in [place / "index", *place.rglob("index/**/")]:
        path.chmod(0o755)
    shutil.rmtree(place)


LOOK = """
import codecs, os, sys
import gradio.queueing, gradio.routes, requests, uvicorn.logging, uvicorn.protocols.http.h11_impl
import uvicorn.lifespan.on
from rftsearch import Engine
from support.encoder import WordEncoder
from support.serving import in_a_loop, served

codecs.lookup("unicode-escape")  # what Python imports late may be out of reach below
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
folder = sys.argv[1]
assert not os.access(folder, os.W_OK)
with Engine.open(folder, encoder=WordEncoder()) as engine, served(engine) as address:
    hits = requests.get(f"{address}api/search?q=crowd", timeout=60).json()["hits"]
    asked = {"data": [["CrowdSeer"], "bibtex"]}
    answer = requests.post(f"{address}gradio_api/run/export", json=asked, timeout=60).json()
    print(hits[0]["short_name"], answer["data"][0].splitlines()[0])
"""


def test_an_index_that_may_only_be_read(read_only):
    before = sorted(path.name for path in (read_only / "index").rglob("*"))
    tests = TESTS
    done = subprocess.run(
        [sys.executable, "-c", LOOK, read_only / "index"],
        env=os.environ
        | {
            "PYTHONPATH": os.pathsep.join([str(tests), str(tests.parent / "src")]),
            "TMPDIR": str(read_only / "scratch"),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.stdout == "CrowdSeer @misc{crowdseer:2505.00001,\n", done.stderr
    assert sorted(path.name for path in (read_only / "index").rglob("*")) == before


@pytest.fixture
def app():
    """The file that a Space runs."""
    spec = importlib.util.spec_from_file_location("app", ROOT / "app.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_space_that_cannot_serve_says_why_in_one_line(app, engine, monkeypatch, capsys):
    def refuse(_):
        raise UsageError("no port; take another")

    monkeypatch.setattr(app, "launch", refuse)
    monkeypatch.setattr(app, "open_or_build", lambda: nullcontext(engine))
    with pytest.raises(SystemExit, match=r"^2$"):
        app.main()
    assert capsys.readouterr().err == "rftsearch: no port; take another\n"


@pytest.mark.parametrize("accounts", [{}, {"reader": "secret"}])
def test_the_container_is_healthy_while_the_page_answers(engine, accounts):
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    [check] = re.findall(r"^HEALTHCHECK .*CMD (\[.*\])$", dockerfile, re.MULTILINE)
    _, option, code = json.loads(check)

    def health(port: int) -> int:
        command = [
            sys.executable,
            option,
            code.replace("7860", str(port)).replace("timeout=5", "timeout=60"),
        ]
        return subprocess.run(command, capture_output=True, timeout=240, check=False).returncode

    with served(engine, accounts=accounts) as address:
        port = urlsplit(address).port
        assert health(port) == 0
    assert health(port) != 0


def test_every_answer_carries_the_content_policy(address):
    for path in ("/", "/config", "/gradio_api/info", "/nothing"):
        try:
            answer = urlopen(address.rstrip("/") + path, timeout=60)  # noqa: S310 - of our own server
        except HTTPError as error:
            answer = error
        with answer:
            policy = answer.headers["content-security-policy"]
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == "no-referrer"
        for rule in ("connect-src 'self'", "object-src 'none'", "frame-ancestors 'self'"):
            assert rule in policy.split("; ")


def test_a_space_may_be_framed_by_its_host(monkeypatch):
    assert "frame-ancestors 'self'" in policy().split("; ")
    monkeypatch.setenv("SPACE_HOST", "a-b.example.org")
    assert "frame-ancestors 'self' https://a-b.example.org" in policy()
