"""What the documents say is true: their commands, code, links, paths and figures of length."""

from __future__ import annotations

import ast
import importlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

import rftsearch
from rftsearch.cli.app import COMMANDS, find_command
from support.arxiv_feed import ArxivFeed
from support.command_line import run_command
from support.documents import (
    PAGES,
    Block,
    anchors,
    blocks,
    command_lines,
    links,
    mentions,
    prose,
    read,
    resolve,
)
from support.exported import copy_exports
from support.paths import ROOT
from support.serving import served

PYTHON = blocks("python")


def options(name: str) -> set[str]:
    actions = find_command(name).parser(name)._actions
    return {option for action in actions for option in action.option_strings}


# --- commands ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "words"),
    [(where, words) for where, words in command_lines() if words[0] == "rftsearch"],
)
def test_every_command_line_can_be_parsed(where: str, words: list[str]):
    find_command(words[1]).read(words[1], words[2:])  # raises for unknown options and bad values


@pytest.mark.parametrize(
    ("where", "words"),
    [(where, words) for where, words in command_lines() if words[0].startswith("python")],
)
def test_every_script_exists_and_knows_its_options(where: str, words: list[str]):
    script = ROOT / words[1]
    assert script.exists(), where
    behind = [
        ROOT / "tests" / "support" / script.name,
        *(script.parent / "benchmarks").glob("*.py"),
        *(script.parent / "training").glob("*.py"),
    ]
    source = "".join(path.read_text("utf-8") for path in (script, *behind) if path.exists())
    for word in words[2:]:
        if word.startswith("--"):
            assert f'"{word}"' in source, f"{where}: no option {word}"


def test_shell_blocks_hold_nothing_that_is_not_checked():
    checked = {"rftsearch", "python", "python3", "curl"}
    known = {"pip", "docker", ".", "git", "cp"}
    assert {words[0] for _, words in command_lines()} <= checked | known


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_prose_mentions_exists(page: str):
    for mention in mentions(page):
        words = mention.split()
        if words[0] != "rftsearch" or len(words) < 2 or words[1].isupper():
            continue
        if words[1].startswith("-"):
            assert words[1] in {"--version", "--help", "-h"}
            continue
        assert words[1] in COMMANDS, f"{page}: {mention}"
        for word in words[2:]:
            if re.match("-+[a-z]", word):
                assert word in options(words[1]), f"{page}: {mention}"


def test_the_page_on_the_command_line_has_every_command_and_option():
    page = read("docs/command-line.md")
    for name in COMMANDS:
        assert f"rftsearch {name}" in page
        for option in options(name):
            if option.startswith("--"):
                assert re.search(rf"{option}(?![\w-])", page), f"{name} {option}"


def test_every_option_is_explained_by_help(capsys):
    for name in COMMANDS:
        assert run_command(name, "--help") == 0
        printed = capsys.readouterr().out
        for option in options(name):
            if option.startswith("--"):
                assert option in printed


# --- Python -----------------------------------------------------------------------------


@pytest.mark.parametrize("block", PYTHON, ids=str)
def test_every_name_in_python_blocks_is_public(block: Block):
    for node in ast.walk(ast.parse(block.code)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("rftsearch"):
            module = importlib.import_module(node.module)
            for alias in node.names:
                assert hasattr(module, alias.name), f"{block}: {alias.name}"
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == "rftsearch":
                assert node.attr in rftsearch.__all__, f"{block}: rftsearch.{node.attr}"
            elif node.value.id == "engine":
                assert hasattr(rftsearch.Engine, node.attr), f"{block}: engine.{node.attr}"


LIST = """\
## Audio

* [2503] [Name] [Title of the paper](https://arxiv.org/abs/2503.13377)
"""
OUTSIDE = {"arxiv_id": "2401.00001", "title": "A title", "abstract": "A reward for a model."}


@pytest.fixture(scope="module")
def index(minilm, tmp_path_factory) -> Path:
    """The shipped list under the default model, without abstracts."""
    with pytest.MonkeyPatch.context() as patch:
        copy_exports(patch, minilm)
        folder = tmp_path_factory.mktemp("documents") / "index"
        return rftsearch.build_index(folder, offline=True).index


@pytest.fixture
def reader(index, minilm, tmp_path, monkeypatch) -> Iterator[Path]:
    """Somebody who tries the code of a page: a copy of the index, a list, and arXiv."""
    copy_exports(monkeypatch, minilm)
    monkeypatch.setenv("RFTSEARCH_INDEX", str(shutil.copytree(index, tmp_path / "index")))
    monkeypatch.chdir(tmp_path)
    for name in ("my-list.md", "new.md"):
        Path(name).write_text(LIST, "utf-8")
    with ArxivFeed([OUTSIDE]) as feed:
        monkeypatch.setenv("RFTSEARCH_ARXIV_URL", feed.url)
        yield tmp_path


def run(page_blocks: list[Block], address: str = "") -> None:
    """Run the blocks of one page, one after another, as one session."""
    names: dict[str, object] = {}
    try:
        for block in page_blocks:
            code = block.code.replace("http://127.0.0.1:7860/", address)
            code = code.replace("http://127.0.0.1:7860", address.rstrip("/"))
            exec(compile(code, str(block), "exec"), names)  # noqa: S102 - our own documents
    finally:
        for value in names.values():
            if isinstance(value, rftsearch.Engine):
                value.close()


OVER_HTTP = "docs/programs.md"
SEAMS = "CONTRIBUTING.md"
USERS_PAGES = sorted({block.page for block in PYTHON} - {OVER_HTTP, SEAMS})


@pytest.mark.parametrize("page", USERS_PAGES)
def test_python_blocks_run(page: str, reader, capsys):
    run([block for block in PYTHON if block.page == page])


def test_programs_reach_a_running_page_as_written(reader, capsys):
    with rftsearch.Engine.open() as engine, served(engine) as address:
        # In a thread, for the page contains a call of asyncio.run.
        with ThreadPoolExecutor(1) as thread:
            page = [block for block in PYTHON if block.page == OVER_HTTP]
            thread.submit(run, page, address).result()
        for where, words in command_lines():
            if words[0] == "curl":
                url = words[-1].replace("http://127.0.0.1:7860/", address)
                assert httpx.get(url, timeout=60).status_code == 200, where


USE_OF_THE_SEAMS = """
from rftsearch.sources.registry import open_source

Path("mine.titles").write_text("A title\\n\\n", "utf-8")
source = open_source("mine.titles")
print(source.label, [type(one).__name__ for one in source.read(lambda *_: None)])

import rftsearch
from rftsearch.ui import build_page

index = Path("letters")
rftsearch.build_index(index, ["mine.titles"], model="letters", offline=True)
with rftsearch.Engine.open(index) as engine:
    print(engine.status().encoded_by, [hit.paper.title for hit in engine.search("letters")])
    page = build_page(engine, tabs)
    print(newest_tab.functions(engine)[0]({}), "newest_title" in str(page.get_config_file()))
    page.close(verbose=False)

os.environ["RFTSEARCH_VECTOR_ENGINE"] = "numpy"
rftsearch.build_index(Path("numbers"), ["mine.titles"], model="letters", offline=True)
with rftsearch.Engine.open("numbers") as engine:
    print([hit.paper.title for hit in engine.search("letters")])
print(list(Path("numbers").rglob("vectors.npz"))[0].parent.name)

greet("greet", ["you", "--times", "2"])
"""


def test_the_seams_work_as_contributing_shows_them(tmp_path):
    # In a process of its own, for what is registered stays.
    code = "".join(block.code for block in PYTHON if block.page == SEAMS) + USE_OF_THE_SEAMS
    code = f"import os; os.chdir({str(tmp_path)!r})\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=240, check=False
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "mine.titles ['Paper', 'Problem']",
        "counting letters ['A title']",
        "{'title': 'A title'} True",
        "['A title']",
        "vectors",
        "Hello you",
        "Hello you",
    ]


# --- links, paths, length ---------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str):
    for target in links(page):
        path, anchor = resolve(page, target)
        assert path.exists(), f"{page}: {target}"
        if anchor:
            assert anchor in anchors(path.read_text("utf-8")), f"{page}: {target}"


def test_every_page_can_be_reached_from_the_readme():
    reached, waiting = set(), ["README.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached and page.endswith(".md"):
            reached.add(page)
            found = (resolve(page, target)[0].resolve() for target in links(page))
            waiting += [path.relative_to(ROOT).as_posix() for path in found]
    assert reached >= set(PAGES) - {"index/README.md"}


def test_every_environment_variable_is_explained():
    files = [*(ROOT / "src").rglob("*.py"), *(ROOT / "tests").rglob("*.py"), ROOT / "app.py"]
    used = {name for path in files for name in re.findall(r"RFTSEARCH_[A-Z_]*[A-Z]", read(path))}
    for name in used:
        assert f"`{name}" in read("docs/installing.md"), name


@pytest.mark.parametrize("page", PAGES)
def test_every_path_that_a_page_names_exists(page: str):
    for mention in mentions(page):
        first = mention.split("/")[0]
        if "/" in mention and first in {"src", "scripts", "tests", "benchmarks"}:
            assert (ROOT / mention.split()[0]).exists(), f"{page}: {mention}"


def test_the_architecture_has_every_room():
    package = ROOT / "src" / "rftsearch"
    rooms = [
        path.parent for pattern in ("*", "index/*") for path in package.glob(f"{pattern}/*.py")
    ]
    page = read("ARCHITECTURE.md")
    for room in {path.relative_to(ROOT).as_posix() for path in rooms} - {"src/rftsearch/index"}:
        assert f"`{room}/`" in page


def test_the_drawing_has_the_rooms_in_the_order_that_the_borders_hold():
    borders = ast.parse(read("tests/test_borders.py"))
    [tiers] = [
        ast.literal_eval(node.value)
        for node in borders.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "ROOMS"
    ]
    drawing = read("ARCHITECTURE.md").split("```")[1]
    # Rooms stand in the left part of a line, and what they are in the right part.
    left = "\n".join(line[:46] for line in drawing.splitlines())
    named = re.findall(r"[a-z_]+(?:/[a-z]+)?", left)
    order = [name.replace("/", ".") for name in named]
    drawn = [name for name in order if any(name in rooms for rooms in tiers)]
    levels = [next(n for n, rooms in enumerate(tiers) if name in rooms) for name in drawn]
    assert levels == sorted(levels)
    assert set(drawn) == set().union(*tiers) - {"__main__"}


def test_the_readme_is_short_and_shows_the_product_at_once():
    readme = read("README.md")
    assert len(readme.split()) <= 1800
    first_screen = readme.partition("\n## ")[0]
    assert "](docs/page.png)" in first_screen
    assert "python3 scripts/start.py" in first_screen
    assert "python3 scripts/test.py" in first_screen
    [block] = [block for block in PYTHON if block.page == "README.md"][:1]
    assert block.code in first_screen
    assert len([line for line in block.code.splitlines() if line]) == 3


@pytest.mark.parametrize("page", PAGES)
def test_pages_avoid_the_words_that_readers_stumbled_over(page: str):
    found = re.findall(
        r"\btold\b|\banew\b|\bof which\b|\bat the most\b|\bwhose like\b|\b(?:where|that) is none\b"
        r"|\bso many\b.*\bas\b|\b(?:the|of|all|these|\d[\d,]*) works\b",
        prose(page),
        re.IGNORECASE,
    )
    assert found == []


def test_every_decision_has_its_parts_and_is_listed():
    folder = ROOT / "docs" / "decisions"
    pages = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert len({name[:4] for name in pages}) == len(pages)  # No number twice; gaps are allowed.
    listed = [target for target in links("docs/decisions/README.md") if target[0].isdigit()]
    assert sorted(listed) == pages
    for name in pages:
        text = (folder / name).read_text("utf-8")
        assert text.startswith(f"# {int(name[:4])}. ")
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == [
            "Context",
            "Decision",
            "Figures",
            "What was tried",
        ]


def test_the_newest_version_is_the_same_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == rftsearch.__version__
    changelog = read("CHANGELOG.md")
    versions = re.findall(r"^## \[(.+?)\](?: - (\d{4}-\d\d-\d\d))?$", changelog, re.MULTILINE)
    assert rftsearch.__version__ in [version for version, _ in versions][:2]
    kinds = set(re.findall(r"^### (.+)$", changelog, re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


# --- what hosts read --------------------------------------------------------------------


def test_a_space_can_run_this():
    readme = read("README.md")
    front = dict(line.split(": ", 1) for line in readme.split("---")[1].strip().splitlines())
    pins = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert front["sdk"] == "gradio"
    assert f"gradio=={front['sdk_version']}" in pins
    assert front["python_version"] == '"3.11"'
    assert (ROOT / front["app_file"]).exists()


def test_a_space_needs_only_what_the_guide_copies(tmp_path):
    [words] = [words for where, words in command_lines() if words[0] == "cp"]
    *_, target = words
    for name in words[2:-1]:
        if name == "my-list.md":
            continue
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, tmp_path / name)
    assert target == "my-space/"
    code = "import app, rftsearch.sources.catalogue as one; print(one.__file__)"
    code += "; print(len(one.load_catalogue()))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path / "src")},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.stderr == ""
    place, papers = done.stdout.split()
    assert Path(place).is_relative_to(tmp_path)
    assert papers == "79"


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
