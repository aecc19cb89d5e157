"""The walls of ARCHITECTURE.md: who may import what."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rftsearch.index.build import build_index
from support.exported import copy_exports
from support.library import write_list

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "rftsearch"

# A module may import from its own layer and from those before it.
LAYERS = ("base", "sources", "index", "search", "export", "evaluation", "front")
FRONT = {
    "__main__",
    "cli",
    "cli_answers",
    "cli_build",
    "cli_evaluate",
    "cli_export",
    "cli_options",
    "cli_overview",
    "cli_quick",
    "cli_search",
    "console",
    "ui",
}

# Each outside library has one owner, so that it can be replaced in one place; those of
# models have two, for vectors and for reading pairs are replaced one by one.
OWNERS = {
    "arxiv": "sources/arxiv_",
    "backports": "sources/compressed.py",
    "orjson": "sources/snapshot.py",
    "ftfy": "sources/text.py",
    "markdown_it": "sources/bullets.py",
    "requests": "sources/arxiv_",
    "sqlite3": "index/store",
    "faiss": "index/vectors.py",
    "sentence_transformers": (
        "index/sentence_encoder.py",
        "index/onnx_export.py",
        "index/rerankers.py",
    ),
    "transformers": "index/sentence_encoder.py",
    "torch": (
        "index/sentence_encoder.py",
        "index/onnx_export.py",
        "index/rerankers.py",
        "index/static_training.py",
    ),
    "onnxruntime": "index/sessions.py",
    "onnxscript": "index/onnx_fusion.py",
    "onnx_ir": "index/onnx_fusion.py",
    "tokenizers": ("index/light.py", "index/static_"),
    "safetensors": "index/static_encoder.py",
    "huggingface_hub": "index/model_files.py",
    "filelock": "index/locking.py",
    "platformdirs": "index/location.py",
    "bm25s": "evaluation/systems.py",
    "ir_measures": "evaluation/measures.py",
    "scipy": "evaluation/measures.py",
    "typer": "cli",
    "rich": "console.py",
    "gradio": "ui/",
    "starlette": "ui/",
    "anyio": "ui/plain.py",
    "jinja2": "ui/markup.py",
    "markupsafe": "ui/markup.py",
    "sklearn": "index/projection.py",
    "tantivy": "index/lexical.py",
    "threadpoolctl": "index/projection.py",
    "Stemmer": "index/tokens.py",
    "pylatexenc": "export/tex.py",
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


# What only builds, the page and sentence-transformers need, in an answer from an index.
ASK = """
import contextlib, io, sys
import rftsearch
from rftsearch import __main__
with rftsearch.Engine.open(sys.argv[1]) as engine:
    hits = engine.search("count the crowd", k=3)
    engine.explain("count the crowd", hits)
    engine.similar_to_text("a robot " * 60)
    engine.recommend(["CrowdSeer", "ClipMind"])
for words in (["search", "the", "video"], ["similar", "ClipMind"], ["search", "x", "--json"]):
    sys.argv = ["rftsearch", *words, "--index", str(engine.path)]
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        __main__.main()
    assert "ClipMind" in printed.getvalue() or "EarTest" in printed.getvalue()
print([module for module in %r if module in sys.modules])
"""
HEAVY = (
    "torch",
    "transformers",
    "sentence_transformers",
    "gradio",
    "onnx",
    "onnx_ir",
    "onnxscript",
    "arxiv",
)
SLOW = ("typer", "pydantic", "rich", "httpx", "requests", "markdown_it", "jinja2", "scipy")


def test_an_answer_from_an_index_loads_neither_torch_nor_gradio(causal, monkeypatch, tmp_path):
    copy_exports(monkeypatch, causal)
    index = tmp_path / "index"
    build_index(index, [write_list(tmp_path)], model=causal.original.name, offline=True)
    home = tmp_path / "home"
    home.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", ASK % (HEAVY + SLOW,), str(index)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={name: value for name, value in os.environ.items() if "TELEMETRY" not in name}
        | {"HOME": str(home), "XDG_CACHE_HOME": str(home / ".cache")},
    )
    assert done.stdout.strip() == "[]"
    assert list(home.iterdir()) == []  # as an onnxruntime that reports to its makers would leave


@pytest.mark.parametrize("statement", ["import rftsearch", "import rftsearch.cli"])
def test_cheap_things_stay_cheap(statement: str):
    heavy = ["torch", "sentence_transformers", "transformers", "gradio", "arxiv", "ftfy"]
    heavy += ["sklearn", "scipy", "ir_measures", "bm25s", "pylatexenc"]
    heavy += ["onnx", "onnxruntime", "onnxscript"]
    script = f"{statement}; import sys; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
