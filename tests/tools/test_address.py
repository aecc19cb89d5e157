"""The tools of assistants over an index on a server: as over its folder."""

from __future__ import annotations

import pytest

from rftsearch import Engine
from rftsearch.index.remote.client import forget_memory
from rftsearch.index.remote.publish import upload_generation
from rftsearch.tools.functions import engine_functions
from rftsearch.tools.instructions import instructions

CALLS = (
    ("search", {"query": "count people", "k": 3}),
    ("similar", {"paper": "ClipMind"}),
    ("recommend", {"liked": ["ClipMind"], "disliked": ["EarTest"]}),
    ("paper", {"paper": "CrowdSeer"}),
    ("list", {}),
    ("categories", {}),
    ("export", {"papers": ["CrowdSeer"], "format": "bibtex"}),
)


@pytest.fixture
def engines(library, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    upload_generation(library, "qdrant+memory:tools")
    with Engine.open(library) as folder, Engine.open("qdrant+memory:tools") as remote:
        yield folder, remote
    forget_memory("tools")


def test_tools_answer_the_same(engines):
    folder, remote = (engine_functions(engine) for engine in engines)
    for name, arguments in CALLS:
        assert remote[name](**arguments) == folder[name](**arguments), name
    assert instructions(engines[1]) == instructions(engines[0])
