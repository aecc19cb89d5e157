"""`log`, `diff`, `news` and `--as-of` on an index that was changed on known days."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from rftsearch import build_index, sync_index
from rftsearch.index.build import publish
from support.command_line import run_command
from support.library import LIST, write_abstracts, write_list

MORE = "\n* [2506] [CountTwice] [CountTwice: A Crowd](https://arxiv.org/abs/2506.00001)\n"


@pytest.fixture(scope="module")
def index(tmp_path_factory, tiny_model) -> Path:
    folder = tmp_path_factory.mktemp("dated")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publish, "now", lambda: "2026-01-10T12:00:00+00:00")
        build_index(
            folder / "index",
            [write_list(folder)],
            model=str(tiny_model),
            abstracts=write_abstracts(folder),
            offline=True,
        )
        patch.setattr(publish, "now", lambda: "2026-03-05T12:00:00+00:00")
        write_list(folder, LIST.replace("[EarTest]", "[Ears]") + MORE)
        sync_index(folder / "index", offline=True)
    return folder / "index"


@pytest.fixture
def run(index, capsys):
    def run(*words):
        code = run_command(*words, "--index", index)
        return code, *capsys.readouterr()

    return run


def test_the_log(run):
    code, out, _ = run("log")
    assert code == 0
    assert out.splitlines() == [
        "    2  2026-03-05 12:00  7 entries  1 added, 1 changed",
        "         + CountTwice",
        "         ~ EarTest -> Ears",
        "    1  2026-01-10 12:00  6 entries  the history begins here",
    ]
    code, out, _ = run("log", "-k", 1, "--json")
    assert [entry["generation"] for entry in json.loads(out)] == [2]
    assert run("log", "-k", 0)[0] == 2


@pytest.mark.parametrize("words", [["1"], ["1", "2"], ["2026-02", "2026-03"]])
def test_a_difference(run, words):
    code, out, _ = run("diff", *words)
    assert code == 0
    assert out.splitlines() == [
        "From generation 1 (2026-01-10 12:00) to 2 (2026-03-05 12:00):",
        "  + CountTwice",
        "  ~ EarTest -> Ears",
    ]
    _, out, _ = run("diff", *words, "--json")
    assert [change["kind"] for change in json.loads(out)] == ["added", "renamed"]


def test_a_difference_of_nothing_and_of_what_is_not_there(run):
    assert run("diff", "2", "2")[1].endswith("  no paper changed\n")
    code, _, err = run("diff", "7")
    assert (code, len(err.splitlines())) == (2, 1)
    assert run("diff", "yesterday")[0] == 2


def test_news_end_as_grep_does(run):
    code, out, _ = run("news", "crowd", "--since", "2026-03")
    assert code == 0
    assert out.startswith("2026-03-05  ")
    assert "CountTwice" in out
    code, out, err = run("news", "crowd", "--since", "2026-03-06")
    assert (code, out) == (1, "")
    assert err == "Nothing new for this question; 0 papers are new since 2026-03-06.\n"
    assert run("news", "crowd", "--since", "soon")[0] == 2
    code, _, err = run("news", "crowd", "--since", "2026-01-01")
    assert "note: the history begins on 2026-01-10; what was there then is not new\n" in err


def test_news_as_json_and_as_a_feed(run):
    _, out, _ = run("news", "crowd", "--since", "2026-02", "--json")
    [item] = json.loads(out)
    assert (item["id"], item["listed"]) == ("2506.00001", "2026-03-05T12:00:00+00:00")
    code, out, _ = run("news", "crowd", "--since", "2026-02", "--atom")
    root = fromstring(out)  # noqa: S314 - our own
    assert root.findtext("{*}title") == "New papers: crowd"
    assert root.findtext("{*}entry/{*}id") == "https://arxiv.org/abs/2506.00001"
    code, out, _ = run("news", "crowd", "--since", "2027", "--atom")
    assert code == 1
    assert fromstring(out).findall("{*}entry") == []  # noqa: S314 - our own
    assert run("news", "crowd", "--atom", "--json")[0] == 2


def test_lists_and_answers_of_an_earlier_day(run):
    _, out, _ = run("list", "--as-of", "2026-02", "--json")
    assert {paper["short_name"] for paper in json.loads(out)} >= {"EarTest", "CrowdSeer"}
    assert len(json.loads(out)) == 6
    _, out, _ = run("search", "crowd", "--as-of", "2026-02", "--json")
    assert "CountTwice" not in {hit["short_name"] for hit in json.loads(out)}
    code, _, err = run("list", "--as-of", "2025")
    assert (code, "begins on 2026-01-10" in err) == (2, True)
