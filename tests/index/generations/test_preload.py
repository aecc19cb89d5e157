"""A model that is loaded beside everything else is the index's own, or none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rftsearch.encoders.onnx_encoder import GRAPH, OnnxEncoder
from rftsearch.errors import IndexDamagedError
from rftsearch.index.build.build import build_index
from rftsearch.index.generations.manifest import Manifest, model_folder
from rftsearch.index.generations.models import open_encoder
from rftsearch.index.generations.preload import preloaded, preloading
from support.encoder import WordEncoder
from support.exported import copy_exports
from support.library import write_abstracts, write_list


@pytest.fixture
def index(tmp_path, causal, monkeypatch):
    """An index with an exported model."""
    copy_exports(monkeypatch, causal)
    build_index(
        tmp_path / "index", [write_list(tmp_path)], model=causal.original.name, offline=True
    )
    return tmp_path / "index"


def test_what_was_preloaded_answers_for_its_index(index):
    manifest = Manifest.read(index)
    with preloading(index):
        encoder = open_encoder(index, manifest)
        assert encoder is preloaded(manifest.export)
        assert encoder.fingerprint == manifest.model.fingerprint
        found = encoder.encode_queries(["count the crowd"])
    assert preloaded(manifest.export) is None
    again = open_encoder(index, manifest)
    assert again is not encoder
    assert (again.encode_queries(["count the crowd"]) == found).all()


def test_another_model_is_not_taken_for_it(index):
    manifest = Manifest.read(index)
    with preloading(index):
        assert preloaded(replace(manifest.export, folder="another")) is None
        assert isinstance(preloaded(manifest.export), OnnxEncoder)


def test_a_damaged_model_is_reported_as_without_preloading(index):
    manifest = Manifest.read(index)
    graph = model_folder(index, manifest.export) / GRAPH
    graph.write_bytes(graph.read_bytes()[:-1])
    with preloading(index), pytest.raises(IndexDamagedError, match="--repair"):
        open_encoder(index, manifest)


@pytest.mark.parametrize("built", [False, True], ids=["no index", "no exported model"])
def test_where_there_is_no_such_model_nothing_is_loaded(tmp_path, built):
    index = tmp_path / "index"
    if built:
        abstracts = write_abstracts(tmp_path)
        build_index(index, [write_list(tmp_path)], encoder=WordEncoder(), abstracts=abstracts)
    with preloading(index):
        light = Manifest.read(index).export if built else None
        assert light is None or preloaded(light) is None
