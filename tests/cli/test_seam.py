"""A new command needs a function in any module, and one line in the table."""

from __future__ import annotations

import pytest

from rftsearch.cli.app import COMMANDS
from support.command_line import run_command

MODULE = '''
from rftsearch.cli.command import Option, command
from rftsearch.cli.options import FILTERS, JSON
from rftsearch.cli.terminal import print_json, say
from rftsearch.errors import UsageError


@command(
    Option("names", nargs="+", metavar="NAME", help="whom to greet"),
    Option("--times", type=int, default=1, metavar="N", help="how often"),
    JSON,
    FILTERS,
)
def greet(*, names, times, as_json, filters):
    """Greet people.

    It is polite.
    """
    if times < 1:
        raise UsageError("greet once or more")
    if as_json:
        print_json({"names": names, "since": filters.since})
    for _ in range(times):
        say(f"Hello {' and '.join(names)}")
'''


@pytest.fixture(autouse=True)
def _toy(monkeypatch, tmp_path):
    (tmp_path / "toy_command.py").write_text(MODULE, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(COMMANDS, "greet", "toy_command:greet")


def test_a_toy_command_is_run(capsys):
    assert run_command("greet", "A", "--times", "2", "B") == 0
    assert capsys.readouterr() == ("Hello A and B\n" * 2, "")
    assert run_command("greet", "A", "--json", "--since", "2025") == 0
    assert '"since": "2025-01"' in capsys.readouterr().out


def test_it_is_explained(capsys):
    assert run_command("--help") == 0
    assert "\n  greet       Greet people.\n" in capsys.readouterr().out
    assert run_command("greet", "--help") == 0
    printed = capsys.readouterr().out
    assert "It is polite." in printed
    assert "how often" in printed


def test_its_mistakes_are_one_line(capsys):
    assert run_command("greet", "A", "--times", "0") == 2
    assert capsys.readouterr() == ("", "rftsearch: greet once or more\n")
