"""`build` and `add` say what they read of each source, and write the rest to a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.command_line import run_command

LAMPS = "## Audio\n\n" + "".join(
    f"* [2501] [L{n}] [L{n}: Lamp {n}](https://arxiv.org/abs/2501.0000{n})\n" for n in range(3)
)
BAD = "".join(f"* [2501] [Bad{n}]\n" for n in range(7))


@pytest.fixture
def lists(tmp_path: Path) -> list[Path]:
    first, second = tmp_path / "a.md", tmp_path / "b.md"
    first.write_text(LAMPS + BAD, "utf-8")
    second.write_text(LAMPS.replace("Audio", "Sound"), "utf-8")
    return [first, second]


def run(capsys, tmp_path, *words):
    code = run_command(*words, "--offline", "--index", tmp_path / "index")
    return code, *capsys.readouterr()


def test_each_source_its_problems_and_its_merges(capsys, tmp_path, lists, tiny_model):
    text = tmp_path / "problems.txt"
    words = ["build", *lists, "--model", tiny_model, "--problems", text]
    code, out, err = run(capsys, tmp_path, *words)
    assert code == 0
    assert "a.md: 3 entries read, 3 with an arXiv id, 0 merged; 7 not understood.\n" in out
    assert "b.md: 3 entries read, 3 with an arXiv id, 3 merged; 0 not understood.\n" in out
    assert "2501.00000: a.md line 3 and b.md line 3 are one paper (same arXiv id).\n" in out
    named = [line for line in err.splitlines() if line.startswith("rftsearch: a.md, line ")]
    assert len(named) == 5
    assert named[0].endswith("[2501] [Bad0]")
    assert f"rftsearch: and 2 more lines with problems; {text} has them\n" in err
    written = text.read_text("utf-8").splitlines()
    assert len(written) == 7 + 3
    assert written[0].startswith("a.md, line 6: ")
    assert written[-1] == "2501.00002: a.md line 5 and b.md line 5 are one paper (same arXiv id)"


def test_problems_as_json_lines_also_of_what_is_refused(capsys, tmp_path, lists):
    path = tmp_path / "problems.jsonl"
    lists[0].write_text("## Audio\n\n" + BAD, "utf-8")
    code, _, err = run(capsys, tmp_path, "build", *lists, "--problems", path)
    assert (code, len(err.splitlines())) == (1, 1)
    records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [(record["kind"], record["line"]) for record in records] == [
        ("problem", 3 + n) for n in range(7)
    ]
    assert not (tmp_path / "index").exists()


def test_a_file_that_cannot_be_written_is_named_before_the_work(capsys, tmp_path, lists):
    path = tmp_path / "none" / "problems.txt"
    code, out, err = run(capsys, tmp_path, "build", *lists, "--problems", path)
    assert (code, out) == (1, "")
    assert "there is no folder" in err
    assert not (tmp_path / "index").exists()


def test_a_folder_is_no_file_for_problems(capsys, tmp_path, lists):
    code, out, err = run(capsys, tmp_path, "build", *lists, "--problems", tmp_path)
    assert (code, out) == (1, "")
    assert "it is a folder" in err
    assert not (tmp_path / "index").exists()
