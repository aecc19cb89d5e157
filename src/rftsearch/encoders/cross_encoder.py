"""Rerankers: models that read a query and a document together and score how well they match.

They are too slow for a whole collection, but judge a few dozen candidates better than
vectors do. rftsearch comes without one.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from rftsearch.encoders.model_files import find_model, first_line
from rftsearch.encoders.torch_encoder import quiet_loading
from rftsearch.errors import ModelError
from rftsearch.types import FloatArray

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

__all__ = ["CrossEncoderReranker", "Reranker"]

_BATCH = 16


class Reranker(Protocol):
    """A model that scores how well documents answer a query."""

    @property
    def name(self) -> str:
        """How a user names the model: an id or a path."""

    def score(self, query: str, texts: Sequence[str]) -> FloatArray:
        """Return how well each text answers the query, (n,) float32, 0 to 1."""


class CrossEncoderReranker:
    """A cross-encoder run by sentence-transformers, loaded when first needed.

    Several threads may share one; they take turns.
    """

    def __init__(self, name: str) -> None:
        """Name a model; nothing is read yet.

        Args:
            name: The path of a model's folder, or an id on the model hub.
        """
        self.name = name
        self._lock = threading.Lock()
        self._model: CrossEncoder | None = None

    def score(self, query: str, texts: Sequence[str]) -> FloatArray:
        """Return how well each text answers the query.

        Returns:
            (n,) float32: the logistic function of the model's score.

        Raises:
            ModelError: The model cannot be found, loaded or used.
        """
        if not texts:
            return np.empty(0, np.float32)
        with self._lock:
            if self._model is None:
                self._model = _load(self.name)
            from torch.nn import Identity  # noqa: PLC0415 - costs seconds

            scores = self._model.predict(
                [(query, text) for text in texts],
                batch_size=_BATCH,
                show_progress_bar=False,
                # Some models bring the logistic function with them, others do not.
                activation_fn=Identity(),
            )
        scores = np.asarray(scores, dtype=np.float64)
        if scores.shape != (len(texts),) or not np.isfinite(scores).all():
            raise ModelError(f"{self.name} gave a score that is not a number; use another reranker")
        return np.asarray(1 / (1 + np.exp(-np.clip(scores, -50, 50))), dtype=np.float32)


def _load(name: str) -> CrossEncoder:
    from sentence_transformers import CrossEncoder  # noqa: PLC0415 - costs seconds

    folder = find_model(name)
    if not (folder / "config.json").is_file():
        raise ModelError(f"{folder} holds no cross-encoder; give the folder of one, or an id")
    try:
        with quiet_loading():
            model = CrossEncoder(str(folder), local_files_only=True)
    except Exception as error:  # Whatever a foreign model provokes.
        raise ModelError(
            f"cannot load the reranker {name}: {first_line(error)}; "
            "give the id or the folder of a cross-encoder"
        ) from error
    return _checked(model, name)


def _checked(model: CrossEncoder, name: str) -> CrossEncoder:
    """Refuse a model that would load and then answer nonsense."""
    config: Any = model.config
    kinds = getattr(config, "architectures", None) or ["none"]
    if not kinds[0].endswith(("ForSequenceClassification", "ForCausalLM")):
        # sentence-transformers would add a last layer of random weights.
        raise ModelError(
            f"{name} is not a cross-encoder but a {kinds[0]}; give the id or folder of one"
        )
    if model.num_labels != 1:
        raise ModelError(f"{name} has {model.num_labels} scores; give one with a single score")
    return model
