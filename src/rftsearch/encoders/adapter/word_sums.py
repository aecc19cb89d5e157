"""The words of a text added to its vector, as the last module of a model that torch runs."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn import functional

from rftsearch.encoders.adapter.word_table import WordTable

__all__ = ["WordSums"]


class WordSums(torch.nn.Module):
    """Adds the unit sum of the words' vectors, times the share, to the unit vector of a text.

    Tokens that no text has, those of padding among them, have no vector.
    """

    levels: torch.Tensor
    scales: torch.Tensor
    axes: torch.Tensor

    def __init__(self, words: WordTable, vocabulary: int) -> None:
        """Take a table for a vocabulary of this size.

        Raises:
            ModelError: The table does not say its share.
        """
        super().__init__()
        levels, scales = words.levels(vocabulary)
        self.register_buffer("levels", torch.from_numpy(levels), persistent=False)
        self.register_buffer("scales", torch.from_numpy(scales), persistent=False)
        self.register_buffer("axes", torch.from_numpy(words.way_back()), persistent=False)

    def forward(self, features: dict[str, Any]) -> dict[str, Any]:
        """Change `sentence_embedding`, (n, dimension), by `input_ids`, (n, tokens)."""
        tokens = features["input_ids"]
        flat = tokens.reshape(-1)  # By `index_select`, which is exported as a plain `Gather`.
        numbers = self.levels.index_select(0, flat).float()
        vectors = numbers * self.scales.index_select(0, flat).unsqueeze(-1)
        vectors = vectors.reshape(*tokens.shape, -1)
        added = functional.normalize(vectors.sum(1), dim=-1) @ self.axes
        unit = functional.normalize(features["sentence_embedding"], dim=-1)
        features["sentence_embedding"] = functional.normalize(unit + added, dim=-1)
        return features
