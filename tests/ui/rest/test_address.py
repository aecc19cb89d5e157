"""The page over an index on a server."""

from __future__ import annotations

import requests

from rftsearch import Engine
from rftsearch.index.remote.client import forget_memory
from rftsearch.index.remote.publish import upload_generation
from support.encoder import WordEncoder
from support.serving import served


def test_the_page_answers_from_a_server(index, engine, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    upload_generation(index, "qdrant+memory:page")
    with (
        Engine.open("qdrant+memory:page", encoder=WordEncoder()) as remote,
        served(remote) as address,
    ):
        assert "ClipMind" in requests.get(address, timeout=60).text
        answer = requests.get(f"{address}api/search?q=crowd+count&k=3", timeout=60).json()
        feed = requests.get(f"{address}api/search.atom?q=crowd", timeout=60)
    forget_memory("page")
    assert answer["hits"] == [hit.to_dict() for hit in engine.search("crowd count", 3)]
    assert feed.status_code == 200
