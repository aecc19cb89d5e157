"""`sync` says what it found by name, and fails without a change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rftsearch import build_index
from rftsearch.index.generations.manifest import Manifest
from support.command_line import run_command
from support.library import LIST, write_list


@pytest.fixture
def index(tmp_path: Path, tiny_model: Path) -> Path:
    folder = tmp_path / "index"
    build_index(folder, [write_list(tmp_path)], model=str(tiny_model), offline=True)
    return folder


@pytest.fixture
def run(index, capsys):
    def run(*words):
        code = run_command("sync", *words, "--offline", "--index", index)
        return code, *capsys.readouterr()

    return run


EDITED = (
    LIST.replace("[CrowdSeer]", "[Crowd]")
    .replace("## Audio", "## Sound")
    .replace("* [2503] [NoPreprint] [NoPreprint: A Video Report]", "* [2503] [New] [A Report]")
)


def test_changes_are_named_by_kind(run, tmp_path, index):
    write_list(tmp_path, EDITED)
    code, out, err = run("--dry-run")
    assert code == 0
    assert out.splitlines()[:9] == [
        "Added: 1",
        "  + New",
        "Removed: 1",
        "  - NoPreprint",
        "Renamed: 1",
        "  ~ CrowdSeer -> Crowd",
        "Moved to another category: 1",
        "  ~ EarTest: Audio -> Sound",
        "invented.md: 6 entries read, 4 with an arXiv id, 0 merged; 0 not understood.",
    ]
    assert "note: this was a dry run: nothing is changed\n" in err
    assert Manifest.read(index).generation == 1
    _, again, _ = run()
    assert again.splitlines()[:9] == out.splitlines()[:9]
    assert f"Generation 2 of {index} in " in again
    _, out, _ = run()
    assert out.startswith("No paper changed.\n")
    assert f"{index} stays as it is: generation 2.\n" in out


def test_of_many_changes_some_are_named_and_the_log_has_all(run, tmp_path, monkeypatch):
    from rftsearch.cli.living import sync as command
    from rftsearch.index.build import sync as module

    monkeypatch.setattr(command, "_SHOWN", 1)
    monkeypatch.setattr(module, "MOST_NAMED", 2)
    text = LIST.replace("## Audio", "## Sound").replace("## Vision (Video)", "## Video")
    write_list(tmp_path, text)
    _, out, err = run("--dry-run")
    moved = int(out.splitlines()[0].removeprefix("Moved to another category: "))
    assert moved > 2
    assert [line[:4] for line in out.splitlines()[1:4]] == ["  ~ ", "  an", "inve"]
    assert f"\n  and {moved - 1} more\n" in out
    assert "note: --all names more of these papers\n" in err
    _, out, err = run("--all")
    assert out.count("  ~ ") == 2
    assert f"\n  and {moved - 2} more\n" in out
    assert "note: `rftsearch log -k 1 --all" in err


def test_json_has_it_all(run, tmp_path):
    write_list(tmp_path, EDITED)
    code, out, _ = run("--json")
    found = json.loads(out)
    assert (code, found["published"], found["generation"]) == (0, True, 2)
    assert found["counts"] == {"added": 1, "removed": 1, "renamed": 1, "moved": 1}
    assert {change["kind"] for change in found["changes"]} == set(found["counts"])
    assert found["sources"][0]["entries"] == 6


def test_a_source_that_fails_is_one_line_and_force_goes_on(run, tmp_path, index):
    (tmp_path / "invented.md").unlink()
    code, out, err = run()
    assert (code, out) == (1, "")
    [line] = err.splitlines()
    assert "there is no list at" in line
    assert "`rftsearch sync --force" in line
    code, out, err = run("--force")
    assert code == 0
    assert out.startswith("No paper changed.\n")
    assert "entries read" not in out
    assert "invented.md; check the path; its papers stay as they are\n" in err
    assert Manifest.read(index).generation == 1
