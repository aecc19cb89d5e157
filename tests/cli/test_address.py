"""The commands where `--index` is an address: those that read work, the others say what to do."""

from __future__ import annotations

import json

import pytest

from rftsearch.cli.terminal import set_named_index
from rftsearch.index.remote.client import forget_memory
from rftsearch.index.remote.publish import upload_generation
from support.command_line import run_command
from support.library import build_library

ADDRESS = "qdrant+memory:commands"
READING = (
    ("search", "count the crowd"),
    ("search", "video", "--category", "audio", "--explain"),
    ("similar", "ClipMind"),
    ("similar", "ClipMind", "EarTest", "--not", "CrowdSeer", "--json"),
    ("similar", "--text", "people in a crowd are counted"),
    ("show", "crowdseer"),
    ("list", "--has", "code"),
    ("categories",),
    ("map",),
    ("timeline", "--json"),
    ("export", "-o", "-", "--format", "bibtex"),
    ("check", "--offline"),
)
FOLDERS = (
    ("build",),
    ("add", "more.md"),
    ("remove", "ClipMind"),
    ("sync",),
    ("log",),
    ("diff", "1"),
    ("news", "video"),
)


@pytest.fixture(scope="module")
def index(tmp_path_factory, tiny_model):
    folder = build_library(tmp_path_factory.mktemp("commands"), tiny_model)
    upload_generation(folder, ADDRESS)
    yield folder
    forget_memory("commands")


@pytest.fixture(autouse=True)
def _cache(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "commands-cache"))
    yield
    set_named_index(None)


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_reading_commands_print_the_same(words, index, capsys):
    code = run_command(*words, "--index", index)
    printed = capsys.readouterr()
    assert run_command(*words, "--index", ADDRESS) == code
    assert capsys.readouterr() == printed


def test_the_environment_names_an_address(index, capsys, monkeypatch):
    monkeypatch.setenv("RFTSEARCH_INDEX", ADDRESS)
    assert run_command("show", "EarTest") == 0
    assert "EarTest: Audio Questions" in capsys.readouterr().out


def test_status_names_the_address_and_proves_what_is_there(index, capsys):
    assert run_command("status", "--verify", "--json", "--index", ADDRESS) == 0
    told = json.loads(capsys.readouterr().out)
    assert run_command("status", "--json", "--index", index) == 0
    own = json.loads(capsys.readouterr().out)
    assert told["path"] == ADDRESS
    assert told["verified"]
    differing = {name for name in own if own[name] != told[name]}
    assert differing == {"path", "size_bytes", "verified"}


@pytest.mark.parametrize("words", FOLDERS, ids=" ".join)
def test_commands_that_need_the_folder_say_so_in_one_line(words, index, capsys):
    assert run_command(*words, "--index", ADDRESS) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert f"{ADDRESS} is an index on a server" in line
    assert "name that with --index" in line


def test_days_gone_by_are_asked_of_the_folder(index, capsys):
    assert run_command("search", "video", "--as-of", "2030-01-01", "--index", ADDRESS) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert "what changed is kept where the index is built" in line


def test_where_nothing_was_published_the_command_is_named(capsys):
    assert run_command("search", "video", "--index", "qdrant+memory:nothing") == 1
    [line] = capsys.readouterr().err.splitlines()
    assert line.endswith("`rftsearch build SOURCE --engine qdrant+memory:nothing` publishes one")
