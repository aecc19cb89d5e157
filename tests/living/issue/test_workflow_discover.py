"""The weekly workflow from end to end: a local repository, arXiv's feed, and GitHub's issues.

Its steps are run as the runner does; those of rftsearch within this process.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from rftsearch.export import export
from support.arxiv_feed import ArxivFeed
from support.command_line import run_command
from support.curated import listed, metadata_lines, new_papers
from support.github_issues import REPOSITORY, TOKEN, GitHubServer
from support.paths import ROOT
from support.static import save_static_model

WORKFLOW = yaml.safe_load((ROOT / "docs/workflows/discover-papers.yml").read_text("utf-8"))
STEPS = {one["name"]: one for one in WORKFLOW["jobs"]["discover"]["steps"] if "name" in one}
GIT = shutil.which("git") or "git"
BASH = shutil.which("bash") or "bash"


@pytest.fixture
def place(tmp_path) -> Path:
    """A bare repository with the list, and a checkout of it."""
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "origin.git")
    git(tmp_path, "clone", "-q", "origin.git", "checkout")
    checkout = tmp_path / "checkout"
    git(checkout, "switch", "-q", "-c", "main")
    (checkout / "README.md").write_text(f"# Papers\n\n{export(listed(), 'markdown')}", "utf-8")
    git(checkout, "add", "README.md")
    git(checkout, *AUTHOR, "commit", "-qm", "Begin")
    git(checkout, "push", "-q", "-u", "origin", "main")
    return tmp_path


AUTHOR = ("-c", "user.name=A curator", "-c", "user.email=curator@example.org")


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        [GIT, *words], cwd=folder, capture_output=True, text=True, check=True, timeout=240
    )
    return done.stdout


class Runner:
    """Runs steps of the workflow in the checkout."""

    def __init__(self, place: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
        self._capsys, self._monkeypatch = capsys, monkeypatch
        monkeypatch.chdir(place / "checkout")
        for name, value in WORKFLOW["env"].items():
            if "${{" not in str(value):
                monkeypatch.setenv(name, str(value))

    def run(self, name: str, *more: str) -> str:
        """Run a step, with more options behind its command; what it printed."""
        command = STEPS[name]["run"]
        given = STEPS[name].get("env", {})
        assert TOKEN not in command
        with self._monkeypatch.context() as patch:
            patch.delenv("GITHUB_TOKEN", raising=False)
            for key, value in given.items():
                patch.setenv(key, value.replace("${{ github.token }}", TOKEN))
            if not command.startswith("rftsearch "):
                subprocess.run([BASH, "-e", "-c", command], check=True, timeout=240)
                return ""
            words = [os.path.expandvars(word) for word in shlex.split(command)[1:]]
            code = run_command(*words, *more)
        shown = self._capsys.readouterr()
        assert code == 0, shown.err
        assert TOKEN not in shown.out + shown.err
        return shown.out


def test_candidates_are_ticked_noted_committed_and_not_proposed_again(place, monkeypatch, capsys):
    model = save_static_model(place / "model")
    today = ["--since", "2025-06"]  # The feed is of that month, whatever day it is.
    with ArxivFeed(metadata_lines([*listed(), *new_papers()])) as feed, GitHubServer() as github:
        monkeypatch.setenv("RFTSEARCH_INDEX", str(place / "index"))
        monkeypatch.setenv("RFTSEARCH_ARXIV_URL", feed.url)
        monkeypatch.setenv("GITHUB_REPOSITORY", REPOSITORY)
        monkeypatch.setenv("GITHUB_API_URL", github.url)
        runner = Runner(place, monkeypatch, capsys)
        assert "There is no open issue yet." in runner.run("Read the ticks")
        runner.run("Keep the decisions")
        runner.run("Build the index", "--model", str(model))
        assert "20 papers in issue 1" in runner.run("Discover", *today)
        ids = re.findall(r"accept `([^`]+)`", github.body)
        assert len(ids) == 20
        assert github.body.count("  ```md") == 20

        github.tick("accept", ids[0])
        github.tick("dismiss", ids[1])
        assert "1 accepted, 1 dismissed" in runner.run("Read the ticks")
        assert github.body.count("(noted)") == 2
        runner.run("Keep the decisions")
        kept = git(place / "origin.git", "show", "main:rftsearch-decisions.jsonl")
        decisions = {one["id"]: one for one in map(json.loads, kept.splitlines())}
        assert decisions[ids[0]]["decision"] == "accepted"
        assert decisions[ids[1]]["decision"] == "dismissed"
        assert all(one["abstract"] for one in decisions.values())
        # The event of our own change, and a run without news, change nothing.
        before = git(place / "origin.git", "rev-parse", "main")
        assert "0 accepted, 0 dismissed" in runner.run("Read the ticks")
        runner.run("Keep the decisions")
        assert git(place / "origin.git", "rev-parse", "main") == before

        # A week later: a tick that nobody read yet is read first; then the issue is new.
        github.tick("dismiss", ids[2])
        runner.run("Read the ticks")
        runner.run("Keep the decisions")
        runner.run("Discover", *today)
        [_] = github.issues
        again = set(re.findall(r"accept `([^`]+)`", github.body))
        assert again.isdisjoint(ids[:3])
        assert len(again) == 20
        assert ids[2] in git(place / "origin.git", "show", "main:rftsearch-decisions.jsonl")
        # Whatever was committed: the decisions of a run whose push failed are in the issue.
        (place / "checkout" / "rftsearch-decisions.jsonl").unlink()
        github.tick("accept", next(iter(again)))
        assert "1 accepted, 0 dismissed" in runner.run("Read the ticks")
    assert {method for method, _ in github.requests} == {"GET", "POST", "PATCH"}


def test_the_workflow_asks_for_no_more_than_it_needs():
    assert WORKFLOW["permissions"] == {"contents": "write", "issues": "write"}
    assert "token" not in "".join(one.get("run", "") for one in STEPS.values()).lower()
