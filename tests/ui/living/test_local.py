"""The tab is for this machine alone: how that is known, and what is refused."""

from __future__ import annotations

import pytest
import requests

from rftsearch import Engine
from rftsearch.errors import UsageError
from rftsearch.ui.living.curator import Curator
from rftsearch.ui.living.local import check_local
from rftsearch.ui.living.tab import new_tab
from rftsearch.ui.page.build import default_tabs
from support.command_line import run_command
from support.encoder import WordEncoder
from support.serving import served


@pytest.mark.parametrize("host", [None, "127.0.0.1", "localhost", "::1", "[::1]"])
def test_a_page_on_loopback_may_curate(host):
    check_local(host, None, (), ())


@pytest.mark.parametrize(
    ("host", "root", "names", "framers", "said"),
    [
        ("0.0.0.0", None, (), (), "listens on 0.0.0.0"),  # noqa: S104 - refused
        ("192.168.1.5", None, (), (), "listens on 192.168.1.5"),
        (None, "/papers", (), (), "root path"),
        (None, None, ("papers.example.org",), (), "other names"),
        (None, None, (), ("https://example.org",), "in a frame"),
    ],
)
def test_a_page_for_others_may_not(host, root, names, framers, said):
    with pytest.raises(UsageError, match=said):
        check_local(host, root, names, framers)


@pytest.mark.parametrize(
    "variable",
    [
        "GRADIO_ROOT_PATH",
        "RFTSEARCH_ALLOWED_HOSTS",
        "RFTSEARCH_EMBED_FROM",
        "RFTSEARCH_ALLOW_ORIGIN",
        "SPACE_HOST",
    ],
)
def test_variables_count_as_options_do(variable, monkeypatch):
    monkeypatch.setenv(variable, "papers.example.org")
    with pytest.raises(UsageError, match="your own machine"):
        check_local(None, None, (), ())


def test_what_a_proxy_passes_on_is_refused_and_visitors_have_no_such_functions(index, tmp_path):
    with Engine.open(index, encoder=WordEncoder()) as engine:
        tabs = (*default_tabs(), new_tab(Curator(engine, tmp_path / "decisions.jsonl")))
        with served(engine, tabs=tabs, only_local=True) as address:
            assert 'id=\\"proposed\\"' in requests.get(f"{address}config", timeout=60).text
            for name in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"):
                answer = requests.get(address, headers={name: "203.0.113.9"}, timeout=60)
                assert answer.status_code == 403, name
            other = {"Origin": "https://example.org", "Sec-Fetch-Site": "cross-site"}
            call = f"{address}gradio_api/component_server"
            answer = requests.post(call, json={}, headers=other, timeout=60)
            assert answer.status_code == 403
        with served(engine) as address:
            assert 'id=\\"proposed\\"' not in requests.get(f"{address}config", timeout=60).text


def test_the_command_refuses_a_page_for_others(index, capsys):
    at = ["--index", index, "--no-browser", "--port", "70000"]
    assert run_command("app", "--curate", "--host", "0.0.0.0", *at) == 2  # noqa: S104
    assert "--curate is for a page on your own machine" in capsys.readouterr().err
    assert run_command("app", "--decisions", "x.jsonl", *at) == 2
    assert "--decisions is for the tab of --curate" in capsys.readouterr().err
