"""How a command line is read: options between words, filters, mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from rftsearch.cli import options
from rftsearch.cli.app import COMMANDS, find_command
from rftsearch.cli.command import Command, Option, OptionGroup, command
from rftsearch.errors import UsageError
from rftsearch.papers.filter_fields import FILTER_FIELDS
from rftsearch.papers.filters import Filters


@pytest.fixture
def read():
    """A function that reads a line as `search` does, and returns the values."""
    values: dict[str, object] = {}

    @command(
        Option("query", nargs="+"),
        options.COUNT,
        Option("--not", dest="disliked", action="append"),
        options.FORM,
        options.INDEX,
        options.FILTERS,
    )
    def toy(**given: object) -> None:
        """Do nothing."""
        values.update(given)

    def read(*words: str) -> dict[str, object]:
        toy("toy", words)
        return values

    return read


def test_options_may_stand_between_the_words(read):
    got = read("count", "-k", "3", "the", "--not", "a", "crowd", "--not=b", "--index", "x")
    assert got["query"] == ["count", "the", "crowd"]
    assert (got["count"], got["disliked"], got["index"]) == (3, ["a", "b"], Path("x"))


def test_what_is_not_given_has_its_default(read):
    assert read("x") == {
        "query": ["x"],
        "count": 10,
        "disliked": None,
        "form": "text",
        "index": None,
        "filters": Filters(),
    }


def test_filters_and_forms_reach_a_command_as_one_value(read):
    words = "x -c Audio --category=Video --since 2025 --until 2025-05 --has code --kind paper"
    got = read(*words.split(), "--not-generative", "--json-full")
    assert got["filters"] == Filters(
        categories=("Audio", "Video"),
        since="2025-01",
        until="2025-05",
        has=("code",),
        kind="paper",
        generative=False,
    )
    assert got["form"] == "json-full"
    assert read("x", "--json", "--generative")["filters"] == Filters(generative=True)


def test_words_that_begin_with_a_dash(read):
    assert read("--", "-x", "-k")["query"] == ["-x", "-k"]
    assert read("x", "--not=-y")["disliked"] == ["-y"]
    assert read("x", "-k", "-1")["count"] == -1, "the engine says what is wrong with it"
    assert read("x", "-k3")["count"] == 3


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ([], "arguments are required: query"),
        (["x", "--quux"], "unrecognized arguments: --quux"),
        (["x", "-k", "two"], "'two' is not a whole number"),
        (["x", "--since"], "expected one argument"),
        (["x", "--since", "--json"], "expected one argument"),
        (["x", "--json=yes"], "ignored explicit argument 'yes'"),
    ],
)
def test_a_mistake_names_the_help(read, words, reason):
    with pytest.raises(UsageError) as raised:
        read(*words)
    assert reason in str(raised.value)
    assert str(raised.value).endswith("; see `rftsearch toy --help`")


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [("--cou", "--count"), ("--jsn", "--json"), ("--cat=x", "--category"), ("--sinse", "--since")],
)
def test_an_option_spelt_wrong_is_answered_with_the_closest(read, wrong, meant):
    with pytest.raises(UsageError, match=f"arguments: {wrong}; did you mean {meant}\\? "):
        read("x", wrong)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_summary_and_explains_its_options(name: str):
    found = find_command(name)
    assert isinstance(found, Command)
    assert found.summary.endswith(".")
    for action in found.parser(name)._actions:
        assert action.help, f"{name}: {action.dest}"


def test_an_unknown_command_is_answered_with_the_closest():
    with pytest.raises(UsageError, match=r"'serch'; did you mean search\? "):
        find_command("serch")
    with pytest.raises(UsageError, match="'xyz'; `rftsearch --help` lists the commands"):
        find_command("xyz")


def test_every_filter_is_an_option_and_a_field():
    assert [field.name for field in FILTER_FIELDS] == list(Filters.__dataclass_fields__)
    assert isinstance(options.FILTERS, OptionGroup)
    parser = find_command("list").parser("list")
    known = {name for action in parser._actions for name in action.option_strings}
    assert {f"--{field.one}" for field in FILTER_FIELDS} <= known


@pytest.mark.parametrize("name", ["build", "add"])
def test_a_source_is_read_as_it_is_written(name):
    """An address has two slashes, which a path would lose."""
    written = ["https://example.org//lists/a.md", "./b.md", "owner/name"]
    assert find_command(name).read(name, written)["sources"] == written
