"""The walls of ARCHITECTURE.md: who may import what."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "rftsearch"

# A module may import from its own layer and from those before it.
LAYERS = ("base", "sources", "index", "search", "evaluation", "front")
FRONT = {
    "__main__",
    "cli",
    "cli_answers",
    "cli_evaluate",
    "cli_options",
    "cli_quick",
    "cli_search",
    "console",
    "ui",
}

# Each outside library has one owner, so that it can be replaced in one place; those of
# models have two, for vectors and for reading pairs are replaced one by one.
OWNERS = {
    "arxiv": "sources/arxiv_",
    "ftfy": "sources/text.py",
    "markdown_it": "sources/bullets.py",
    "requests": "sources/arxiv_",
    "sqlite3": "index/store.py",
    "faiss": "index/vectors.py",
    "sentence_transformers": (
        "index/sentence_encoder.py",
        "index/onnx_export.py",
        "index/rerankers.py",
    ),
    "transformers": "index/sentence_encoder.py",
    "torch": ("index/sentence_encoder.py", "index/onnx_export.py", "index/rerankers.py"),
    "onnxruntime": "index/light.py",
    "tokenizers": "index/light.py",
    "huggingface_hub": "index/model_files.py",
    "filelock": "index/build.py",
    "platformdirs": "index/location.py",
    "bm25s": "evaluation/systems.py",
    "ir_measures": "evaluation/measures.py",
    "scipy": "evaluation/measures.py",
    "typer": "cli",
    "rich": "console.py",
    "gradio": "ui/",
    "jinja2": "ui/markup.py",
    "markupsafe": "ui/markup.py",
    "tantivy": "index/lexical.py",
    "Stemmer": "index/tokens.py",
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def layer(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if first in LAYERS:
        return first
    return "front" if first in FRONT else "base"


def imported(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_one_way(path: Path):
    if path == PACKAGE / "__init__.py":
        return  # The public names are gathered from everywhere.
    for name in imported(path):
        parts = name.split(".")
        if parts[0] != "rftsearch" or parts[1] == "__version__":
            continue
        target = PACKAGE / parts[1]
        target = target if target.is_dir() else target.with_suffix(".py")
        assert LAYERS.index(layer(target)) <= LAYERS.index(layer(path)), f"{path} imports {name}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_outside_library_has_one_owner(path: Path):
    for name in imported(path):
        owner = OWNERS.get(name.split(".")[0])
        if owner is not None:
            assert str(path.relative_to(PACKAGE)).startswith(owner), f"{path} imports {name}"


@pytest.mark.parametrize("statement", ["import rftsearch", "import rftsearch.cli"])
def test_cheap_things_stay_cheap(statement: str):
    heavy = ["torch", "sentence_transformers", "transformers", "gradio", "arxiv", "ftfy"]
    heavy += ["scipy", "ir_measures", "bm25s"]
    script = f"{statement}; import sys; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
