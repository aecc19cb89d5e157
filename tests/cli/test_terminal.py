"""Lines for a terminal: commands that are advised can be copied."""

from __future__ import annotations

from pathlib import Path

import pytest

from rftsearch.cli.render import print_paper
from rftsearch.cli.terminal import complain, note, set_named_index
from rftsearch.papers.paper import Paper


@pytest.fixture(autouse=True)
def no_index_is_named():
    yield
    set_named_index(None)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("`rftsearch build --repair` helps", "`rftsearch build --repair --index my/i` helps"),
        (
            "`rftsearch list` and `rftsearch add LIST`",
            "`rftsearch list --index my/i` and `rftsearch add LIST --index my/i`",
        ),
        ("`rftsearch build --index other` helps", "`rftsearch build --index other` helps"),
        ("see `rftsearch status --help`", "see `rftsearch status --help`"),
        ("see `rftsearch --help`", "see `rftsearch --help`"),
        ("`--fetch` asks; `ulimit -n 1024`", "`--fetch` asks; `ulimit -n 1024`"),
        ("a `sign, and `rftsearch build`", "a `sign, and `rftsearch build --index my/i`"),
    ],
)
def test_an_advised_command_names_the_index_that_the_user_named(capsys, line, expected):
    set_named_index(Path("my/i"))
    complain(line)
    note(line)
    assert capsys.readouterr().err == f"rftsearch: {expected}\nnote: {expected}\n"
    set_named_index(None)
    complain(line)
    assert capsys.readouterr().err == f"rftsearch: {line}\n"


def test_a_folder_is_quoted_for_the_shell(capsys):
    set_named_index(Path("my papers"))
    complain("`rftsearch build` helps")
    assert capsys.readouterr().err == "rftsearch: `rftsearch build --index 'my papers'` helps\n"


def test_a_paper_without_an_address_leaves_no_line_for_it(capsys):
    print_paper(Paper("by-hand", "Crowd", "Counting Crowds", ("Light",)), "")
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].strip() == "Counting Crowds"
    assert all(line.strip() for line in lines)
