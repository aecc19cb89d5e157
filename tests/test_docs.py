"""What the documents say is so."""

from __future__ import annotations

import re
import sys

import pytest
import typer.main

from rftsearch.cli import app
from support.paths import ROOT

README = (ROOT / "README.md").read_text("utf-8")
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text("utf-8")


def commands() -> dict[str, set[str]]:
    """Every command with the options it has."""
    group = typer.main.get_command(app.app)
    return {
        name: {option for param in command.params for option in param.opts + param.secondary_opts}
        for name, command in group.commands.items()
    }


@pytest.mark.parametrize(
    "path",
    sorted(
        path
        for path in set(re.findall(r"`([\w./-]+)`", ARCHITECTURE))
        if path.split("/")[0] in {"src", "scripts", "tests", "index", "app.py"}
    ),
)
def test_every_path_in_the_architecture_exists(path: str):
    assert (ROOT / path).exists()


def test_every_command_is_in_the_readme():
    for name in commands():
        assert f"rftsearch {name}" in README


@pytest.mark.parametrize("line", sorted(set(re.findall(r"^rftsearch .+$", README, re.MULTILINE))))
def test_every_command_line_in_the_readme_is_one(line: str):
    words = line.partition("#")[0].split()
    options = commands()[words[1]]
    for word in words[2:]:
        if word.startswith("-"):
            assert word in options, f"{line}: no option {word}"


def test_every_option_is_explained(capsys, monkeypatch):
    for name, options in commands().items():
        monkeypatch.setattr(sys, "argv", ["rftsearch", name, "--help"])
        with pytest.raises(SystemExit):
            app.main()
        printed = capsys.readouterr().out
        for option in options:
            if option.startswith("--"):
                assert option in printed


def test_a_space_can_run_this():
    front = dict(line.split(": ", 1) for line in README.split("---")[1].strip().splitlines())
    pins = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert front["sdk"] == "gradio"
    assert f"gradio=={front['sdk_version']}" in pins
    assert front["python_version"] == '"3.11"'
    assert (ROOT / front["app_file"]).exists()


def test_the_container_has_what_it_copies_and_no_rights():
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    allowed = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    for line in lines:
        if line.startswith("COPY "):
            for name in line.split()[1:-1]:
                assert (ROOT / name).exists()
                assert f"!{name}" in allowed
    assert "USER reader" in lines
    assert lines.index("USER reader") < next(n for n, x in enumerate(lines) if x.startswith("CMD "))


def test_links_in_the_readme_lead_somewhere():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), target
