from __future__ import annotations

import os
import socket

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
