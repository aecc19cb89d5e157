"""Models exported once for all tests of the light path: an export costs seconds."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from rftsearch.encoders.model_files import DEFAULT_MODEL
from rftsearch.encoders.onnx_encoder import OnnxEncoder
from rftsearch.encoders.onnx_export import export_by_torch, export_model
from rftsearch.encoders.torch_encoder import SentenceTransformerEncoder
from support.tiny_transformer import save_tiny_transformer


@dataclass(frozen=True)
class Both:
    """The two forms of one model."""

    original: SentenceTransformerEncoder
    light: OnnxEncoder

    @classmethod
    def of(cls, name: str, folder: Path) -> Both:
        original = SentenceTransformerEncoder(name)
        folder.mkdir()
        export_model(original, folder)
        return cls(original, OnnxEncoder(folder, original.name, original.fingerprint))


def copy_exports(monkeypatch: pytest.MonkeyPatch, *models: Both) -> list[str]:
    """Have builds copy what was exported; gives the names of the models they ask for."""
    made = {both.original.name: both.light.folder for both in models}
    asked = []

    def copy(
        encoder: SentenceTransformerEncoder,
        folder: Path,
        *,
        rounded: bool = False,  # The usual form teaches as well.
    ) -> None:
        asked.append(encoder.name)
        for path in made[encoder.name].iterdir():
            shutil.copy(path, folder)

    monkeypatch.setattr("rftsearch.encoders.onnx_export.export_model", copy)
    return asked


POOLINGS = ("mean", "cls", "lasttoken", "max")
"""All in one model, whose vectors are theirs in a row: 32 numbers each."""


@pytest.fixture(scope="session")
def four_poolings(tmp_path_factory) -> Both:
    folder = tmp_path_factory.mktemp("four")
    prompts = {"query": "scan: ", "document": "draw the: "}
    model = save_tiny_transformer(folder / "model", POOLINGS, prompts=prompts)
    return Both.of(str(model), folder / "light")


@pytest.fixture(scope="session")
def causal(tmp_path_factory) -> Both:
    folder = tmp_path_factory.mktemp("causal")
    model = save_tiny_transformer(folder / "model", "lasttoken", causal=True)
    return Both.of(str(model), folder / "light")


@pytest.fixture(scope="session")
def minilm(tmp_path_factory) -> Both:
    return Both.of(DEFAULT_MODEL, tmp_path_factory.mktemp("minilm") / "light")


@pytest.fixture(scope="session")
def minilm_by_torch(minilm, tmp_path_factory) -> Both:
    """The same model, exported as models are whose graph is not known."""
    folder = tmp_path_factory.mktemp("minilm_by_torch")
    export_by_torch(minilm.original, folder)
    name, fingerprint = minilm.original.name, minilm.original.fingerprint
    return Both(minilm.original, OnnxEncoder(folder, name, fingerprint))
