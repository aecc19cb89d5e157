from __future__ import annotations

import importlib.util
import os
import socket
from contextlib import nullcontext
from pathlib import Path

import gradio as gr
import pytest

from rftsearch.errors import IndexMissingError, UsageError
from rftsearch.ui import launch, serve
from rftsearch.ui.app import _reach_loopback_directly


def test_it_listens_on_this_machine_only(address):
    assert address.startswith("http://127.0.0.1:")


def test_a_port_that_is_taken_is_one_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"cannot listen on 127.0.0.1:{port} .*--port"):
            serve(gr.Blocks, port=port)


def test_an_address_of_another_machine_is_one_line():
    with pytest.raises(UsageError, match=r"cannot listen on 192\.0\.2\.1 .*--host"):
        serve(gr.Blocks, host="192.0.2.1")


def test_no_index_is_the_packages_own_error(tmp_path):
    with pytest.raises(IndexMissingError):
        launch(tmp_path / "nothing")


def test_a_proxy_is_not_asked_for_this_machine(monkeypatch):
    monkeypatch.setenv("no_proxy", "example.org")
    monkeypatch.setenv("NO_PROXY", "example.org")
    _reach_loopback_directly()
    assert os.environ["no_proxy"] == os.environ["NO_PROXY"] == "example.org,localhost,127.0.0.1"


def test_telemetry_is_off():
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"


@pytest.fixture
def app():
    """The file that a Space runs."""
    spec = importlib.util.spec_from_file_location("app", Path(__file__).parents[2] / "app.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_space_without_an_index_builds_one(app, index, monkeypatch, tmp_path):
    built = []

    def build(folder, *, progress):
        built.append(folder)
        folder.symlink_to(index)

    monkeypatch.setenv("RFTSEARCH_INDEX", str(tmp_path / "index"))
    monkeypatch.setattr(app, "build_index", build)
    for _ in range(2):
        with app.open_or_build() as engine:
            assert len(engine.papers()) == 14
    assert built == [tmp_path / "index"]


def test_a_space_that_cannot_serve_says_why_in_one_line(app, engine, monkeypatch):
    def refuse(_):
        raise UsageError("no port; take another")

    monkeypatch.setattr(app, "launch", refuse)
    monkeypatch.setattr(app, "open_or_build", lambda: nullcontext(engine))
    with pytest.raises(SystemExit, match=r"^rftsearch: no port; take another$"):
        app.main()
