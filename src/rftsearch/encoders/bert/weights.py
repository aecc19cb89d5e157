"""The weights of a plain BERT as its graph takes them: (in, out), in single precision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from rftsearch.encoders.bert.plain_bert import NotPlainBertError, PlainBert
from rftsearch.types import FloatArray

if TYPE_CHECKING:
    from safetensors import safe_open

__all__ = ["read_weights"]

_PREFIX = "bert."
"""Stands before each name if the file was written with a head for another task."""
_LINEAR = {
    "attended": "attention.output.dense",
    "inner": "intermediate.dense",
    "outer": "output.dense",
}
_NORMS = {"attended": "attention.output.LayerNorm", "outer": "output.LayerNorm"}


def read_weights(
    bert: PlainBert, updates: Mapping[str, FloatArray]
) -> Iterator[tuple[str, FloatArray]]:
    """Yield each weight with its name in the graph, one after another: few lie in memory.

    `words` is (vocabulary, width) and `places` (positions, width); the latter hold the vector
    of the first type of token as well. Layer N has the maps `N.attention` (width, 3 * width),
    to queries, keys and values side by side, `N.attended` (width, width), `N.inner` (width,
    inner) and `N.outer` (inner, width). Each map has a `.bias`. A normalization with `.scale`
    and `.shift` follows `embedded`, `N.attended` and `N.outer`.

    Args:
        bert: The model.
        updates: What is added to the weights of a layer, (out, in) float32, by its name.

    Raises:
        NotPlainBertError: A tensor is missing or has another shape or type, or an update
            belongs to none of them.
    """
    from safetensors import SafetensorError, safe_open  # noqa: PLC0415 - for builds alone

    try:
        with safe_open(bert.weights, framework="np") as file:
            yield from _Weights(bert, file, updates).all()
    except (SafetensorError, OSError, TypeError) as error:
        raise NotPlainBertError(f"its weights cannot be read: {error}") from error


class _Weights:
    """An open file of weights."""

    def __init__(self, bert: PlainBert, file: safe_open, updates: Mapping[str, FloatArray]) -> None:
        self._bert = bert
        self._file: Any = file  # Its own types are missing.
        names: list[str] = file.keys()  # type: ignore[no-untyped-call]  # theirs
        headed = all(name.startswith(_PREFIX) for name in names)
        self._prefix = _PREFIX if headed else ""
        self._updates = dict(updates)

    def all(self) -> Iterator[tuple[str, FloatArray]]:
        width = self._bert.width
        yield (
            "words",
            self._tensor("embeddings.word_embeddings.weight", self._bert.vocabulary, width),
        )
        types = self._tensor(
            "embeddings.token_type_embeddings.weight", self._bert.token_types, width
        )
        places = self._tensor("embeddings.position_embeddings.weight", self._bert.positions, width)
        yield "places", places + types[0]
        yield from self._norm("embedded", "embeddings.LayerNorm")
        for number in range(self._bert.layers):
            yield from self._layer(f"{number}", f"encoder.layer.{number}")
        if self._updates:
            raise NotPlainBertError(f"it has no layer {min(self._updates)}")

    def _layer(self, number: str, layer: str) -> Iterator[tuple[str, FloatArray]]:
        width, inner = self._bert.width, self._bert.inner
        three = [
            self._linear(f"{layer}.attention.self.{part}", width, width)
            for part in ("query", "key", "value")
        ]
        yield f"{number}.attention", np.concatenate([map_ for map_, _ in three], axis=1)
        yield f"{number}.attention.bias", np.concatenate([bias for _, bias in three])
        sizes = {"attended": (width, width), "inner": (width, inner), "outer": (inner, width)}
        for name, module in _LINEAR.items():
            map_, bias = self._linear(f"{layer}.{module}", *sizes[name])
            yield f"{number}.{name}", map_
            yield f"{number}.{name}.bias", bias
            if name in _NORMS:
                yield from self._norm(f"{number}.{name}", f"{layer}.{_NORMS[name]}")

    def _linear(self, module: str, size: int, result: int) -> tuple[FloatArray, FloatArray]:
        weight = self._tensor(f"{module}.weight", result, size)
        if module in self._updates:
            update = self._updates.pop(module)
            if update.shape != weight.shape:
                raise NotPlainBertError(f"the update of {module} has another shape")
            weight = weight + update
        return weight.T, self._tensor(f"{module}.bias", result)

    def _norm(self, name: str, module: str) -> Iterator[tuple[str, FloatArray]]:
        yield f"{name}.scale", self._tensor(f"{module}.weight", self._bert.width)
        yield f"{name}.shift", self._tensor(f"{module}.bias", self._bert.width)

    def _tensor(self, name: str, *shape: int) -> FloatArray:
        found = np.asarray(self._file.get_tensor(self._prefix + name))
        if found.shape != shape or found.dtype.kind != "f" or found.itemsize > 4:
            raise NotPlainBertError(f"its {name} is {found.dtype} of shape {found.shape}")
        return found.astype(np.float32, copy=False)
