"""The walls of ARCHITECTURE.md: who may import what."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from rftsearch.index.build.build import build_index
from support.library import write_list
from support.long_files import LONG
from support.paths import ROOT
from support.tiny_transformer import save_tiny_transformer

PACKAGE = ROOT / "src" / "rftsearch"

# A module may import from its own room and from the rooms of the lines above. `index` is
# five rooms; every other folder or module right below the package is one.
ROOMS = (
    {"errors", "types"},
    {"files", "json_fields", "settings"},
    {"text"},
    {"papers"},
    {"sources", "encoders", "index.store", "index.tables"},
    {"export", "index.engines"},
    {"index.generations"},
    {"index.remote"},
    {"index.build", "search"},
    {"living", "evaluation"},
    {"tools", "look"},
    {"ui", "publish"},
    {"cli"},
    {"__main__"},
)
LINES = 380
"""No module is longer: it is read in one sitting."""
MODULES_IN_A_FOLDER = 14
STILL_TO_SPLIT: set[str] = set()

# Each outside library has one owner, so that it can be replaced in one place; those of
# models have two, for vectors and for reading pairs are replaced one by one.
OWNERS = {
    "arxiv": "sources/arxiv/",
    "backports": "sources/jsonl.py",
    "orjson": "sources/jsonl.py",
    "ftfy": "text/clean.py",
    "bibtexparser": "sources/libraries/",
    "rispy": "sources/libraries/",
    "pypdf": "sources/pdf/",
    "yaml": "sources/",
    "lxml": "sources/markdown/styles/html_tree.py",
    "markdown_it": (
        "sources/markdown/commonmark.py",
        "sources/markdown/bullets.py",
        "sources/markdown/styles/html_tree.py",
    ),
    "requests": ("sources/arxiv/", "sources/web/", "living/issue/github.py"),
    "sqlite3": "index/store/",
    "faiss": "index/engines/faiss_",
    "sentence_transformers": (
        "encoders/torch_encoder.py",
        "encoders/onnx_export.py",
        "encoders/cross_encoder.py",
    ),
    "transformers": "encoders/torch_encoder.py",
    "torch": (
        "encoders/torch_encoder.py",
        "encoders/onnx_export.py",
        "encoders/cross_encoder.py",
        "encoders/adapter/word_sums.py",
    ),
    "onnx": (
        "encoders/bert/graph.py",
        "encoders/bert/whole_numbers.py",
        "encoders/bert/word_sums.py",
    ),
    "onnxruntime": "encoders/onnx_sessions.py",
    "onnxscript": "encoders/onnx_fusion.py",
    "onnx_ir": "encoders/onnx_fusion.py",
    "tokenizers": ("encoders/onnx_encoder.py", "encoders/static_", "encoders/bert/word_pieces.py"),
    "safetensors": (
        "encoders/static_encoder.py",
        "encoders/learning/packed_rows.py",
        "encoders/learning/embeddings.py",
        "encoders/adapter/low_rank.py",
        "encoders/bert/weights.py",
    ),
    "huggingface_hub": "encoders/model_files.py",
    "filelock": "index/generations/lock.py",
    "platformdirs": "settings.py",
    "bm25s": "evaluation/systems.py",
    "ir_measures": "evaluation/measures.py",
    "scipy": (
        "evaluation/measures.py",
        "living/labels/",
        "living/discovery/border.py",
        "encoders/learning/descent.py",
    ),
    "rich": "cli/progress.py",
    "gradio": "ui/",
    "starlette": "ui/",
    "fastapi": "ui/server/serve.py",
    "uvicorn": ("ui/door/connections.py", "ui/server/running.py"),
    "h11": "ui/door/connections.py",
    "mcp": ("ui/server/tools.py", "tools/"),
    "anyio": ("ui/server/places.py", "tools/stdio.py"),
    "jinja2": "look/templates.py",
    "markupsafe": "look/templates.py",
    "sklearn": ("index/tables/paper_map.py", "living/discovery/border.py"),
    "qdrant_client": "index/remote/",
    "portalocker": "index/remote/client.py",
    "tantivy": "index/engines/tantivy_lexical.py",
    "threadpoolctl": ("encoders/static_training.py", "index/tables/paper_map.py"),
    "Stemmer": "text/terms.py",
}


@cache
def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room_of(module: str) -> str:
    """The room of a module named like `index.store.database`."""
    first, _, rest = module.partition(".")
    return f"index.{rest.partition('.')[0]}" if first == "index" and rest else first


def tier_of(room: str) -> int:
    return next(number for number, rooms in enumerate(ROOMS) if room in rooms)


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


@cache
def all_names() -> frozenset[str]:
    return frozenset(map(name_of, modules()))


@cache
def imported(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


@cache
def own_imports(path: Path) -> set[str]:
    """The modules of this package that a module imports, `index.store.database`."""
    names = all_names()
    found = set()
    for name in imported(path):
        inner = name.removeprefix("rftsearch.")
        if name != inner:
            found.add(inner if inner in names else inner.rpartition(".")[0])
    return found - {""}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_one_way(path: Path):
    if path == PACKAGE / "__init__.py":
        return  # It collects the public names from everywhere.
    room = room_of(name_of(path))
    for name in own_imports(path):
        other = room_of(name)
        assert other == room or tier_of(other) < tier_of(room), f"{path} imports {name}"


def test_no_module_imports_itself_through_others():
    graph = {name_of(path): own_imports(path) for path in modules() if name_of(path) != "__init__"}
    TopologicalSorter(graph).prepare()  # raises a CycleError that names the cycle


def test_folders_and_modules_are_small_enough_to_read():
    for folder in {path.parent for path in modules()}:
        count = sum(path.name != "__init__.py" for path in folder.glob("*.py"))
        assert count <= MODULES_IN_A_FOLDER, f"{folder} has {count} modules"
    long = {
        path.relative_to(PACKAGE).as_posix()
        for path in modules()
        if len(path.read_text("utf-8").splitlines()) > LINES
    }
    assert long == STILL_TO_SPLIT


def test_array_types_have_one_set_of_names():
    for path in modules():
        if path.name != "types.py":
            aliases = re.findall(r"^\w+ = (?:npt\.)?NDArray\[.*", path.read_text("utf-8"), re.M)
            assert not aliases, f"{path}: put it into types.py"


def test_the_tests_mirror_the_package():
    for folder in (ROOT / "tests").rglob("test_*.py"):
        place = folder.parent.relative_to(ROOT / "tests")
        assert (PACKAGE / place).is_dir() or place.parts[0] == "scripts", folder


def test_the_files_that_are_begun_first_are_there():
    assert [name for name in LONG if not (ROOT / "tests" / name).is_file()] == []


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_module_says_what_it_is_for(path: Path):
    first = (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split("\n")[0]
    assert first.endswith(".")
    assert len(first) > 20


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
SLOW = ("typer", "pydantic", "rich", "httpx", "requests", "markdown_it", "lxml", "jinja2", "scipy")


# What other commands, the page and builds need of the package, but no plain question.
COLD = """
import contextlib, io, sys
from rftsearch import __main__
sys.argv = ["rftsearch", "search", "the", "video", "--index", sys.argv[1]]
with contextlib.redirect_stdout(io.StringIO()) as printed:
    __main__.main()
assert "ClipMind" in printed.getvalue()
print(*sorted(name for name in sys.modules if name.startswith("rftsearch.")))
"""
NOT_FOR_A_QUESTION = {
    "encoders.bert.export",
    "encoders.cross_encoder",
    "encoders.static_encoder",
    "encoders.torch_encoder",
    "index.engines.segmented",
    "index.generations.owned",
    "index.generations.status",
    "index.generations.verify",
    "index.store.proof",
    "index.store.staging",
    "search.answer.explain",
    "search.answer.overview",
    "search.listing",
    "search.query.examples",
    "search.query.suggest",
    "search.ranking.recommend",
    "search.ranking.rerank",
    "search.ranking.without",
    "search.words.phrases",
    "search.words.spelling",
    "sources.arxiv.api",
    "sources.arxiv.paper",
    "sources.base",
    "text.formulas",
    "text.latex_reader",
    "text.reading.exclusions",
    "text.reading.language",
    "text.reading.negation",
    "text.sentences",
}
MODULES_OF_A_QUESTION = 123
"""Each takes about 0.3 ms of processor time to import; see docs/decisions/0040."""


@pytest.fixture(scope="module")
def small_index(tmp_path_factory) -> Path:
    """An index whose model is a BERT, as the default one is; both forms of it are there."""
    folder = tmp_path_factory.mktemp("small")
    model = save_tiny_transformer(folder / "model")
    report = build_index(folder / "index", [write_list(folder)], model=str(model), offline=True)
    assert report.manifest.export
    return folder / "index"


def test_a_cold_search_imports_no_more_than_it_needs(small_index):
    done = subprocess.run(
        [sys.executable, "-c", COLD, str(small_index)],
        capture_output=True,
        text=True,
        check=True,
        timeout=240,
    )
    loaded = {name.removeprefix("rftsearch.") for name in done.stdout.split()}
    known = {name_of(path) for path in modules()}
    assert known >= NOT_FOR_A_QUESTION
    assert loaded.isdisjoint(NOT_FOR_A_QUESTION)
    assert len(loaded) <= MODULES_OF_A_QUESTION


def test_an_answer_from_an_index_loads_neither_torch_nor_gradio(small_index, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", ASK % (HEAVY + SLOW,), str(small_index)],
        capture_output=True,
        text=True,
        check=True,
        timeout=240,
        env={name: value for name, value in os.environ.items() if "TELEMETRY" not in name}
        | {"HOME": str(home), "XDG_CACHE_HOME": str(home / ".cache")},
    )
    assert done.stdout.strip() == "[]"
    assert list(home.iterdir()) == []  # as an onnxruntime that reports to its makers would leave


@pytest.mark.parametrize("statement", ["import rftsearch", "import rftsearch.cli.app"])
def test_cheap_things_stay_cheap(statement: str):
    heavy = ["torch", "sentence_transformers", "transformers", "gradio", "arxiv", "ftfy"]
    heavy += ["sklearn", "scipy", "ir_measures", "bm25s"]
    heavy += ["onnx", "onnxruntime", "onnxscript"]
    script = f"{statement}; import sys; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=240
    )
    assert done.stdout.strip() == "[]"
