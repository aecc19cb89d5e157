from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rftsearch import __version__, settings
from rftsearch.cli import progress, render
from rftsearch.index.build.build import build_index, index_papers
from rftsearch.papers.paper import ArxivMetadata, Link, Paper
from rftsearch.papers.results import Hit, Results
from rftsearch.search.answer.overview import MapPoint, PaperMap
from support.arxiv_feed import ArxivFeed
from support.command_line import run_command
from support.encoder import WordEncoder
from support.library import build_library, write_list
from support.paths import ROOT
from support.snapshot import record, write_snapshot


@pytest.fixture(scope="module")
def index(tmp_path_factory, tiny_model) -> Path:
    return build_library(tmp_path_factory.mktemp("cli"), tiny_model)


@pytest.fixture
def run(monkeypatch, capsys, index):
    """Run a command in this process: exit code, standard output, standard error."""
    monkeypatch.setenv("RFTSEARCH_INDEX", str(index))

    def run(*arguments: object) -> tuple[int, str, str]:
        code = run_command(*arguments)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


class TestAnswers:
    def test_search_prints_hits_for_people(self, run):
        code, out, err = run("search", "crowd", "-k", 1)
        assert code == 0
        assert "CrowdSeer  Vision (Image)  2025-05" in out
        assert "https://arxiv.org/abs/2505.00001  code  model" in out
        assert err == ""

    def test_a_query_needs_no_quotes(self, run):
        quoted, bare = run("search", "count the crowd"), run("search", "count", "the", "crowd")
        assert quoted == bare

    def test_search_prints_json(self, run):
        code, out, _ = run("search", "video reward", "-k", 2, "--json")
        hits = json.loads(out)
        assert code == 0
        assert len(hits) == 2
        assert hits[0]["short_name"] == "ClipMind"
        wanted = "id short_name title category categories kind released arxiv_id links score"
        assert set(wanted.split()) <= hits[0].keys()
        assert hits[0]["links"] == [
            {"kind": "dataset", "url": "https://example.org/clips", "label": "Dataset"}
        ]

    def test_filters(self, run):
        options = ["--category", "vision (image)", "--category", "AUDIO", "--since", "2025-02"]
        options += ["--until", "2025-05", "--has", "code", "--kind", "paper", "--not-generative"]
        for command in (["search", "draw"], ["similar", "EarTest"], ["list"]):
            _, out, _ = run(*command, *options, "--json")
            assert [paper["short_name"] for paper in json.loads(out)] == ["CrowdSeer"]

    def test_answers_by_date(self, run):
        answers = (
            ["search", "reward"],
            ["similar", "ClipMind"],
            ["similar", "ClipMind", "EarTest", "--diversity", "0.5"],
            ["similar", "--text", "a reward for video"],
            ["list"],
        )
        for command in answers:
            found = json.loads(run(*command, "--json")[1])
            for order in ("newest", "oldest"):
                _, out, _ = run(*command, "--sort", order, "--json")
                papers = json.loads(out)
                months = [paper["released"] for paper in papers if paper["released"]]
                assert months == sorted(months, reverse=order == "newest"), command
                assert papers != found or (command, order) == (["list"], "newest"), command
        assert run("search", "reward", "--sort", "relevance") == run("search", "reward")

    def test_similar(self, run):
        code, out, _ = run("similar", "https://arxiv.org/pdf/2503.00003v2", "--json")
        assert code == 0
        assert "ClipMind" not in [hit["short_name"] for hit in json.loads(out)]

    def test_show(self, run):
        code, out, _ = run("show", "clipmind")
        assert code == 0
        assert "Author One, Author Two" in out
        assert "Dataset: https://example.org/clips" in out
        assert "A video is watched twice." in out
        _, out, _ = run("show", "clipmind", "--json")
        assert json.loads(out)[0]["arxiv_id"] == "2503.00003"

    def test_list(self, run):
        _, out, _ = run("list", "--json")
        assert [paper["released"] for paper in json.loads(out)] == [
            "2025-05",
            "2025-04",
            "2025-03",
            "2025-03",
            "2025-02",
            None,
        ]

    def test_categories(self, run):
        _, out, _ = run("categories")
        assert [line.split(maxsplit=1) for line in out.splitlines()] == [
            ["3", "Vision (Image)"],
            ["2", "Vision (Video)"],
            ["1", "Audio"],
        ]
        _, out, _ = run("categories", "--json")
        assert json.loads(out)[2] == {"category": "Audio", "count": 1}

    def test_map(self, run):
        code, out, err = run("map", "--category", "audio")
        assert code == 0
        header, line = out.splitlines()
        assert header == "id,short_name,title,category,kind,released,x,y"
        assert line.startswith("2502.00004,EarTest,EarTest: Audio Questions,Audio,paper,2502"[:-4])
        assert "drawn by PCA" in err
        drawn = json.loads(run("map", "--json")[1])
        assert len(drawn["points"]) == drawn["total"] == 6

    def test_no_cell_of_the_map_begins_like_a_formula(self, capsys):
        point = MapPoint("=1+1", "@name", "-title", "+x", "paper", None, -0.5, 0.25)
        render.show_map(PaperMap((point,), "PCA", 1, sampled=False), as_json=False)
        line = capsys.readouterr().out.splitlines()[1]
        assert line == "'=1+1,'@name,'-title,'+x,paper,,-0.5,0.25"

    def test_timeline(self, run):
        code, out, err = run("timeline", "--since", "2025-02")
        assert (code, err) == (0, "")
        lines = [line.split() for line in out.splitlines()]
        assert [line[:2] for line in lines] == [
            ["2025-02", "1"],
            ["2025-03", "2"],
            ["2025-04", "1"],
            ["2025-05", "1"],
        ]
        assert len(lines[1][2]) == 2 * len(lines[0][2])
        assert "not shown: 1 entry without a month" in run("timeline")[2]
        line = json.loads(run("timeline", "--cumulative", "--json")[1])
        assert line["categories"] == ["Vision (Image)", "Vision (Video)", "Audio"]
        assert line["counts"][-1] == [2, 2, 1]
        assert "No paper matches" in run("timeline", "--since", "2030-01")[2]

    def test_status(self, run, index):
        code, out, err = run("status", "--verify")
        assert code == 0
        assert "queries  encoded by sentence-transformers: " in out
        assert err == ""
        assert str(index) in out
        assert "5 papers and 1 project in 3 categories" in out
        assert "4 present, 0 not fetched yet, 0 unknown to arXiv, 2 entries without one" in out
        assert "every file is unchanged" in out
        _, out, _ = run("status", "--json")
        assert json.loads(out)["papers"] == 5

    def test_nothing_passes(self, run):
        code, out, err = run("search", "video", "--since", "2030-01")
        assert (code, out) == (0, "")
        assert "No paper matches." in err
        assert "1 entry has no date and is hidden" in err


class TestReasons:
    def test_explain_shows_a_sentence_and_the_sum(self, run):
        code, out, _ = run("search", "count the crowd", "-k", 1, "--explain")
        assert code == 0
        sentence, total = out.splitlines()[-2:]
        assert sentence.strip() == "We count people in a crowd."
        assert re.fullmatch(r" +\d\.\d{3} = \w+ \d\.\d{3}( [+-] \w+ \d\.\d{3})*", total)

    def test_words_are_bold_in_a_terminal(self, run, monkeypatch):
        monkeypatch.setenv("FORCE_COLOR", "1")
        _, out, _ = run("search", "count the crowd", "-k", 1, "--explain")
        assert "We \x1b[1mcount\x1b[0m people in a \x1b[1mcrowd\x1b[0m." in out

    def test_explain_as_json(self, run):
        _, out, _ = run("search", "count the crowd", "-k", 2, "--explain", "--json")
        assert json.loads(out)[0]["explanation"] == {
            "field": "abstract",
            "start": 0,
            "end": 27,
            "sentence": "We count people in a crowd.",
            "marks": [[3, 8], [21, 26]],
        }
        _, out, _ = run("search", "count", "--json")
        assert "explanation" not in json.loads(out)[0]

    def test_similar_explains_by_the_words_of_its_seed(self, run):
        _, out, _ = run("similar", "ClipMind", "-k", 6, "--explain", "--json")
        by_name = {hit["short_name"]: hit["explanation"] for hit in json.loads(out)}
        drawn = by_name["DrawWell"]
        assert [drawn["sentence"][start:end] for start, end in drawn["marks"]] == ["reward"]

    def test_everything_in_one_object(self, run):
        code, out, err = run("search", "video", "--since", "2025-03", "--json-full")
        assert (code, err) == (0, "")
        answer = json.loads(out)
        assert len(answer["hits"]) == 4
        assert answer["facets"] == {"Vision (Image)": 0, "Vision (Video)": 2, "Audio": 0}
        assert answer["notes"] == ["1 entry has no date and is hidden by the date filter"]
        _, out, _ = run("similar", "ClipMind", "--json-full", "--explain")
        assert json.loads(out)["hits"][0]["explanation"]


class TestSimilar:
    def names(self, answer) -> list[str]:
        code, out, _ = answer
        assert code == 0
        return [hit["short_name"] for hit in json.loads(out)]

    def test_several_papers_and_some_not(self, run):
        found = self.names(run("similar", "ClipMind", "EarTest", "--not", "CrowdSeer", "--json"))
        assert set(found) == {"DrawWell", "NoPreprint", "Robo-Kit"}
        diverse = run("similar", "ClipMind", "--diversity", "0.9", "-k", 2, "--json")
        assert len(self.names(diverse)) == 2
        assert json.loads(diverse[1])[0]["parts"].keys() == {"liked"}

    def test_a_text(self, run):
        assert self.names(run("similar", "--text", "we draw", "--json", "-k", 1)) == ["DrawWell"]

    def test_a_file_or_the_input(self, run, monkeypatch, tmp_path):
        (tmp_path / "mine.txt").write_text("\ufeffA crowd is\ncounted: count.", "utf-8")
        arguments = ["--json", "-k", 1, "--explain"]
        found = self.names(run("similar", "--file", tmp_path / "mine.txt", *arguments))
        assert found == ["CrowdSeer"]
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"audio, audio")))
        assert self.names(run("similar", "--file", "-", *arguments)) == ["EarTest"]

    def test_a_paper_that_is_fetched(self, run, monkeypatch):
        paper = {"arxiv_id": "2506.00001", "title": "Drawing", "abstract": "We draw and draw."}
        with ArxivFeed([paper]) as feed:
            monkeypatch.setenv("RFTSEARCH_ARXIV_URL", feed.url)
            arguments = ["similar", "arxiv.org/abs/2506.00001", "-k", 1, "--json", "--explain"]
            answer = run(*arguments, "--fetch")
        assert self.names(answer) == ["DrawWell"]
        assert "2506.00001 is not in this index; it was fetched from arXiv" in answer[2]
        assert json.loads(answer[1])[0]["explanation"]["marks"]


# What a terminal obeys (C0, C1, DEL), ends a line, or shows in another order.
OBEYED = "\x00\x07\x1b[31m\x7f\x85\x9b2J\x9d\u202eevil\u2066\u2069\u200f\u061c\u2028\r\n\t"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Path:
    """An index of one paper whose every text has characters that a terminal obeys."""
    bad = OBEYED
    paper = Paper(
        "2501.00001",
        f"Bad{bad}",
        f"Bad{bad} title",
        (f"Audio{bad}",),
        arxiv_id="2501.00001",
        url="https://example.org/a",
        released="2025-01",
        description=f"Remark{bad}.",
        links=(Link("code", f"https://example.org/{bad}", f"Code{bad}"),),
        metadata=ArxivMetadata(
            "2501.00001",
            f"Bad{bad} title",
            f"We count{bad} people.",
            (f"Author{bad}",),
            comment=f"Comment{bad}",
            doi=f"10.1/{bad}",
        ),
    )
    folder = tmp_path_factory.mktemp("hostile") / "index"
    index_papers(folder, [paper], encoder=WordEncoder())
    return folder


class TestForeignText:
    def test_neither_markup_nor_emoji_codes_nor_control_characters_work(self, run, tmp_path):
        listed = write_list(
            tmp_path,
            "## Audio\n\n* [2501] [:cat:[/red]] "
            "[A :dog: [bold]Title\x1b[2J](https://arxiv.org/abs/2501.00001)\n",
        )
        folder = tmp_path / "foreign"
        build_index(folder, [listed], encoder=WordEncoder(), offline=True)
        _, out, _ = run("list", "--index", folder)
        assert ":dog: [bold]Title" in out
        assert "\x1b" not in out

    @pytest.mark.parametrize("command", ["show 2501.00001", "list", "categories", "map", "status"])
    def test_no_character_that_a_terminal_obeys_is_printed(self, run, hostile, command):
        for words in (command.split(), [*command.split(), "--json"]):
            code, out, err = run(*words, "--index", hostile)
            assert code == 0
            assert set(out + err) & set(OBEYED) <= set("[31m2Jevil\n"), words

    def test_json_has_them_as_escapes(self, run, hostile):
        _, out, _ = run("show", "2501.00001", "--json", "--index", hostile)
        [shown] = json.loads(out)
        assert "\\u009b" in out
        assert "\x9b" in shown["abstract"]

    def test_an_error_names_them_as_spaces_or_escapes(self, run, hostile):
        code, out, err = run("show", OBEYED, "--index", hostile)
        assert (code, out) == (2, "")
        assert err.count("\n") == 1
        assert set(err) & set(OBEYED) <= set("[31m2Jevil\n")

    def test_withdrawn_papers_are_marked(self, run, tmp_path):
        paper = Paper(
            "2501.00001",
            "Gone",
            "Gone",
            ("Audio",),
            metadata=ArxivMetadata("2501.00001", "Gone", "", comment="withdrawn", withdrawn=True),
        )
        index_papers(tmp_path / "gone", [paper], encoder=WordEncoder())
        _, out, _ = run("show", "Gone", "--index", tmp_path / "gone")
        assert "WITHDRAWN" in out
        assert "comment: withdrawn" in out


class TestBuild:
    def test_builds_says_what_is_missing_and_repairs(self, run, tmp_path, tiny_model):
        listed = write_list(tmp_path)
        folder = tmp_path / "new"
        arguments = ["build", listed, "--model", tiny_model, "--offline", "--index", folder]
        code, out, err = run(*arguments)
        assert code == 0
        assert "Indexed 5 papers and 1 project in 3 categories" in out
        assert "note: 4 abstracts not fetched yet" in err
        code, _, err = run("status", "--index", folder)
        assert "not fetched: 2502.00004, 2503.00003, 2504.00002, 2505.00001" in err
        code, out, err = run("build", "--repair", "--index", folder)
        assert code == 0
        assert "is not exported" in err, "it tried to export once more"
        assert "generation 2" in out

    def test_names_the_lines_it_could_not_read(self, run, tmp_path, tiny_model):
        listed = write_list(
            tmp_path,
            "## Audio\n\n* [2501] [A] [A: B](https://arxiv.org/abs/2501.00001)\n* [2501] [Bad]\n",
        )
        arguments = ["build", listed, "--model", tiny_model, "--offline"]
        code, _, err = run(*arguments, "--index", tmp_path / "new")
        assert code == 0
        assert "invented.md, line 4: " in err

    def test_abstracts_of_another_form_publish_nothing(self, run, tmp_path, tiny_model):
        (tmp_path / "abstracts.csv").write_text("id,abstract\n2505.00001,Text\n", "utf-8")
        place = ["--index", tmp_path / "new"]
        arguments = ["build", write_list(tmp_path), "--model", tiny_model, "--offline"]
        code, out, err = run(*arguments, "--abstracts", tmp_path / "abstracts.csv", *place)
        assert (code, out) == (1, "")
        [line] = err.splitlines()
        assert "abstracts.csv (line 1: not JSON in UTF-8); give a JSON Lines file of papers" in line
        assert run("status", *place)[0] == 1

    def test_adds_removes_and_optimizes(self, run, tmp_path, tiny_model):
        place = ["--index", tmp_path / "new"]
        run("build", write_list(tmp_path), "--model", tiny_model, "--offline", *place)
        more = tmp_path / "more.md"
        more.write_text("## Audio\n\n* [2501] [A] [A: B](https://example.org/a.pdf)\n", "utf-8")
        code, out, _ = run("add", more, "--offline", *place)
        assert code == 0
        assert "Indexed 6 papers and 1 project" in out
        assert "Changes since the last build: 1 added." in out
        code, out, _ = run("add", more, "--offline", *place)
        assert "Changes since the last build: none." in out
        code, out, err = run("remove", "CrowdSeer", "EarTest", "2505.00001", *place)
        assert code == 0
        assert out.count("Removed ") == 2
        assert "Indexed 4 papers and 1 project" in out
        assert "Removed CrowdSeer (2505.00001)." in out
        assert "2 removed by hand" in err
        code, out, _ = run("status", *place)
        assert "by hand: 2502.00004, 2505.00001" in out
        for name in ("CrowdSeer", "2505.00001"):
            code, _, err = run("show", name, *place)
            assert code == 2
            [line] = err.splitlines()
            assert "it was removed by hand, and `rftsearch add LIST --index" in line
        code, _, err = run("build", more, "--offline", *place)
        assert "note: no longer read: " in err
        assert "invented.md" in err
        more.unlink()
        code, _, err = run("build", "--offline", *place)
        assert code == 1
        assert "the index was built from it: put it back, or name the lists" in err
        code, out, _ = run("build", "--optimize", *place)
        assert code == 0
        assert "Optimized" in out
        code, out, _ = run("list", *place)
        assert "CrowdSeer" not in out

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["add"], "name a list to add"),
            (["remove", "Nothing Like It"], "no paper called 'Nothing Like It'"),
            (["build", "--optimize", "list.md"], "--repair and --optimize read no sources"),
        ],
    )
    def test_refuses_in_one_line(self, run, index, arguments, said):
        code, out, err = run(*arguments, "--index", index)
        assert code == 2
        assert out == ""
        assert said in err
        assert err.count("\n") == 1

    def test_a_file_is_no_index_and_a_folder_without_one_stays_as_it_was(self, run, tmp_path):
        file = tmp_path / "index.txt"
        file.write_text("no index", "utf-8")
        for command in (["status"], ["build", write_list(tmp_path), "--offline"]):
            code, _, err = run(*command, "--index", file)
            assert code == 1
            assert "index.txt is a file; --index takes a folder" in err
        folder = tmp_path / "empty"
        folder.mkdir()
        code, _, err = run("build", "--optimize", "--index", folder)
        assert code == 1
        assert "there is no index in" in err
        assert list(folder.iterdir()) == []

    def test_builds_from_a_snapshot(self, run, tmp_path, tiny_model):
        snapshot = write_snapshot(
            tmp_path,
            record("2505.00001"),
            record("2504.00002", categories="cs.CL"),
            record("2503.00003", categories="math.GT"),
            b"{",
            suffix=".zst",
        )
        options = ["--arxiv-snapshot", snapshot, "--arxiv-category", "cs.CV,cs.CL"]
        place = ["--index", tmp_path / "new"]
        code, out, err = run("build", *options, "--since", "2025", "--model", tiny_model, *place)
        assert code == 0
        assert "Indexed 2 papers and 0 projects in 2 categories" in out
        assert "snapshot.json.zst: 2 of 4 papers taken, 1 could not be read" in out
        problems = [line for line in err.splitlines() if not line.startswith("note: ")]
        assert problems == ["rftsearch: snapshot.json.zst, line 4: not JSON in UTF-8: {"]
        _, out, _ = run("status", *place)
        assert "snapshot.json.zst?category=cs.CV,cs.CL&since=2025\n" in out
        _, out, _ = run("search", "count the crowd", "-k", 1, "--json", *place)
        assert json.loads(out)[0]["id"] == "2505.00001"
        _, out, _ = run("build", *place)
        assert "2 papers" in out
        assert "0 documents embedded" in out

    def test_counts_the_lines_that_are_too_many_to_name(self, run, tmp_path, tiny_model):
        snapshot = write_snapshot(tmp_path, record(), *[b"{"] * 150)
        options = ["--arxiv-snapshot", snapshot, "--model", tiny_model]
        _, out, err = run("build", *options, "--index", tmp_path / "new")
        assert "1 of 151 papers taken, 150 could not be read" in out
        problems = [line for line in err.splitlines() if not line.startswith("note: ")]
        assert len(problems) == 6
        more = "and 145 more lines with problems; --problems FILE writes 95 of them"
        assert problems[-1] == f"rftsearch: {more}"


class TestMistakes:
    @pytest.mark.parametrize(
        ("arguments", "code", "message"),
        [
            (["search", ""], 2, "the query is empty"),
            (["search", "x", "-k", "0"], 2, "ask for 1 or more"),
            (["list", "-k", "-1"], 2, "ask for 1 or more"),
            (["search", "x", "--category", "Smell"], 2, "unknown category 'Smell'"),
            (["list", "--category", "vision"], 2, "which of Vision (Image), Vision (Video)"),
            (["search", "x", "--since", "March"], 2, "'March' is not a month"),
            (["search", "x", "--since", "2025-13"], 2, "'2025-13' is not a month"),
            (["search", "x", "--since", "2025-05", "--until", "2025-01"], 2, "swap them"),
            (["search", "x", "--has", "money"], 2, "unknown resource 'money'"),
            (["search", "x", "--sort", "best"], 2, "cannot sort by 'best'; one of relevance"),
            (["list", "--sort", "relevance"], 2, "'relevance'; one of newest, oldest"),
            (["search", "x", "--kind", "novel"], 2, "unknown kind 'novel'"),
            (["similar", "CrowdSear"], 2, "did you mean CrowdSeer"),
            (["similar"], 2, "name a paper, or give a text"),
            (["similar", "EarTest", "--text", "x"], 2, "papers or a text, not both"),
            (["similar", "--text", "x", "--not", "EarTest"], 2, "papers or a text, not both"),
            (["similar", "--text", "x", "--file", "y"], 2, "--text or with --file"),
            (["similar", "--text", " "], 2, "the text is empty"),
            (["similar", "--file", "no-such.txt"], 1, "cannot read no-such.txt"),
            (["similar", "EarTest", "--diversity", "2"], 2, "it goes from 0 to 1"),
            (["similar", "EarTest", "--not", "eartest"], 2, "both liked and disliked"),
            (["similar", "2501.99999"], 2, "`--fetch` (in Python `fetch=True`) asks arXiv"),
            (["search", "x", "--rerank", "/no/model"], 1, "no model folder /no/model"),
            (["show", "2501.99999"], 2, "no paper called '2501.99999'"),
            (
                ["search", "x", "--index", "no-such-folder"],
                1,
                "--index {here}/no-such-folder` makes",
            ),
            (
                ["status", "--index", "no such"],
                1,
                "build --index '{here}/no such'` makes",
            ),
            (["build", "no-such-list.md"], 1, "no-such-list.md"),
            (["build", "--abstracts", "none.jsonl", "--index", "made"], 1, "none.jsonl"),
            (["build", "--arxiv-snapshot", "none.json", "--index", "made"], 1, "no file none.json"),
            (["build", "--since", "2024"], 2, "name its file with --arxiv-snapshot"),
            (["build", "--arxiv-category", "cs.CV"], 2, "name its file with --arxiv-snapshot"),
            (["build", "--arxiv-snapshot", "x", "--arxiv-category", "c v"], 2, "like cs.CV"),
            (["build", "--arxiv-snapshot", "x", "--arxiv-category", ","], 2, "names no category"),
            (["build", "--arxiv-snapshot", "x", "--since", "May"], 2, "like 2024"),
            (
                ["build", "--model", "/no/model", "--offline", "--index", "made"],
                1,
                "no model folder",
            ),
        ],
    )
    def test_end_in_one_line_and_a_code(self, run, monkeypatch, tmp_path, arguments, code, message):
        monkeypatch.chdir(tmp_path)
        ended, out, err = run(*arguments)
        assert (ended, out) == (code, "")
        assert message.replace("{here}", str(tmp_path)) in err
        assert err.count("\n") == 1
        assert err.startswith("rftsearch: ")

    @pytest.mark.parametrize("arguments", [["search"], ["serch", "x"], ["search", "x", "--nope"]])
    def test_a_command_that_makes_no_sense(self, run, arguments):
        code, _, err = run(*arguments)
        assert code == 2
        assert "Traceback" not in err


def test_version(run):
    code, out, _ = run("--version")
    assert (code, out) == (0, f"rftsearch {__version__}\n")


def test_a_broken_pipe_is_quiet(index):
    process = subprocess.Popen(
        [sys.executable, "-c", "from rftsearch.__main__ import main; main()", "list", "--json"],
        env={**os.environ, "RFTSEARCH_INDEX": str(index), "PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.wait(timeout=240)
    process.stderr.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full is Linux's")
@pytest.mark.parametrize("command", [["list"], ["map"], ["search", "crowd", "--json"]])
def test_a_full_disk_is_one_line(index, command):
    with Path("/dev/full").open("wb") as full:
        process = subprocess.run(
            [sys.executable, "-m", "rftsearch", *command],
            env={**os.environ, "RFTSEARCH_INDEX": str(index), "PYTHONPATH": str(ROOT / "src")},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    [line] = process.stderr.splitlines()
    assert (process.returncode, "the disk is full" in line) == (1, True)


def test_one_of_each_is_counted_as_one(run, tmp_path, tiny_model):
    snapshot = write_snapshot(tmp_path, record(), *[b"{"] * 6)
    place = ["--index", tmp_path / "new"]
    _, out, err = run("build", "--arxiv-snapshot", snapshot, "--model", tiny_model, *place)
    assert "Indexed 1 paper and 0 projects in 1 category" in out
    assert "1 of 7 papers taken" in out
    assert "rftsearch: and 1 more line with problems; --problems FILE writes them\n" in err
    _, out, _ = run("status", *place)
    assert "1 paper and 0 projects in 1 category" in out
    assert repr(Results((Hit(Paper("a", "A", "A", ("Audio",)), 1.0),))) == "<Results: 1 hit: A>"
    built = datetime.now(UTC) - timedelta(minutes=70)
    assert render._age(built.isoformat()) == "1 hour ago"


@pytest.mark.parametrize(
    ("step", "shown"),
    [
        (("snapshot", 1_500_000, 3_000_000, 500_000.0), "1.5/3.0 MB  0.5 MB/s"),
        (("snapshot", 1_500_000, 0, None), "1.5 MB"),
        (("encode", 1200, 20_000, 85.4), "1,200/20,000  85/s"),
        (("fetch", 0, 0, None), ""),
    ],
)
def test_progress_shows_how_far_and_how_fast(step, shown):
    assert progress._figures(*step) == shown


def test_without_a_terminal_a_line_comes_now_and_then(capsys):
    now = 0.0
    tell = progress._lines(lambda: now)
    steps = [("read", 0, 0), *(("encode", done, 4400) for done in range(0, 4400, 100))]
    for step in [*steps, ("write", 0, 0), ("publish", 0, 0)]:
        tell(*step)
        now += 0.7
    assert capsys.readouterr().err.splitlines() == [
        "Embedding: 1,400/4,400",
        "Embedding: 2,900/4,400",
        "Writing the index",
    ]
    with progress.progress() as tell:
        tell("encode", 1, 2)
    assert capsys.readouterr() == ("", "")


def test_the_bar_says_what_goes_on(monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress.progress() as tell:
        tell("snapshot", 1_000_000, 2_000_000)
        tell("encode", 0, 0)
    shown = capsys.readouterr().err
    assert "Embedding" in shown


class TestWhereTheIndexIs:
    def test_the_variable_wins(self, monkeypatch, tmp_path):
        monkeypatch.setenv("RFTSEARCH_INDEX", str(tmp_path))
        assert settings.default_index() == tmp_path

    def test_a_checkout_uses_its_own(self, monkeypatch):
        monkeypatch.delenv("RFTSEARCH_INDEX", raising=False)
        assert settings.default_index() == ROOT / "index"

    def test_installed_elsewhere_it_is_the_users_data_folder(self, monkeypatch, tmp_path):
        monkeypatch.delenv("RFTSEARCH_INDEX", raising=False)
        monkeypatch.setattr(settings, "__file__", str(tmp_path / "a/b/settings.py"))
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
        monkeypatch.chdir(tmp_path)
        assert settings.default_index() == tmp_path / "data" / "rftsearch" / "index"
        monkeypatch.chdir(ROOT / "tests")
        assert settings.default_index() == ROOT / "index"
