"""The workflow that docs/curating.md offers, tried on a local repository."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys

import yaml

from support.checking import HEAD, entry
from support.paths import ROOT

WORKFLOW = yaml.safe_load((ROOT / "docs/workflows/check-list.yml").read_text("utf-8"))
GIT = shutil.which("git") or "git"


def step(name: str) -> str:
    """The command of a step of the workflow."""
    steps = WORKFLOW["jobs"]["check"]["steps"]
    return next(one["run"] for one in steps if one.get("name") == name)


def run_step(folder, name: str) -> subprocess.CompletedProcess[str]:
    """Run a step as the runner does, with this rftsearch in place of the installed one."""
    command = step(name).replace("$LIST", WORKFLOW["env"]["LIST"])
    program, *words = shlex.split(command)
    assert program == "rftsearch"
    paths = {"PYTHONPATH": str(ROOT / "src"), "RFTSEARCH_INDEX": str(folder / "none")}
    return subprocess.run(
        [sys.executable, "-m", "rftsearch", *words],
        cwd=folder,
        env={**os.environ, **paths},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


def commit(folder, text: str) -> None:
    (folder / "README.md").write_text(text, "utf-8")
    for words in (["add", "README.md"], ["commit", "-qm", "Change the list"]):
        subprocess.run([GIT, *words], cwd=folder, check=True)


def test_a_bad_commit_is_annotated_and_a_good_one_passes(tmp_path, monkeypatch):
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "A curator")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "curator@example.org")
    subprocess.run([GIT, "init", "-q"], cwd=tmp_path, check=True)
    commit(tmp_path, HEAD + entry(1) + entry(2) + entry(1))
    bad = run_step(tmp_path, "Check")
    assert bad.returncode == 1
    assert bad.stdout.startswith("::warning file=README.md,line=7,endLine=7,col=1,")
    commit(tmp_path, HEAD + entry(1) + entry(2))
    good = run_step(tmp_path, "Check")
    assert (good.returncode, good.stdout) == (0, "Nothing was found in 2 entries.\n")
