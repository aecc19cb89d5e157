"""Texts as vectors, in training and to choose negatives and recipes by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import AutoModel, PreTrainedModel

__all__ = ["QUERY_TOKENS", "TextModel", "mine", "ndcg_of_one", "ndcg_of_scores"]

ROUNDING = 1e-6
"""Scores that differ by less are equal: papers with the same words in another order have such."""
QUERY_TOKENS = 64
"""What is read of a query."""


@dataclass
class TextModel:
    """A transformer whose vectors are means over tokens, of length one."""

    transformer: PreTrainedModel
    tokenizer: Tokenizer

    @classmethod
    def load(cls, folder: Path) -> TextModel:
        """Load a model of sentence-transformers that pools by the mean."""
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.no_padding()
        transformer = AutoModel.from_pretrained(str(folder), dtype=torch.float32)
        return cls(transformer.eval(), tokenizer)

    def vectors(self, texts: Sequence[str], tokens: int) -> torch.Tensor:
        """Return a vector a text, (n, dimension), of its first tokens; gradients flow."""
        self.tokenizer.enable_truncation(tokens)
        encoded = [one.ids for one in self.tokenizer.encode_batch(list(texts))]
        longest = max(map(len, encoded))
        ids = torch.tensor([one + [0] * (longest - len(one)) for one in encoded])
        mask = (torch.arange(longest) < torch.tensor([[len(one)] for one in encoded])).long()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=_half_precision()):
            states = self.transformer(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).float()
        means = (states.float() * weights).sum(1) / weights.sum(1)
        return torch.nn.functional.normalize(means, dim=-1)

    def encode(self, texts: Sequence[str], tokens: int, batch: int = 64) -> np.ndarray:
        """Return vectors as an array, (n, dimension) float32, without gradients."""
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        found = np.empty((len(texts), self.transformer.config.hidden_size), np.float32)
        with torch.inference_mode():
            for start in range(0, len(order), batch):
                rows = order[start : start + batch]
                found[rows] = self.vectors([texts[row] for row in rows], tokens).numpy()
        return found


def mine(
    queries: np.ndarray,
    golds: np.ndarray,
    documents: np.ndarray,
    *,
    ranks: tuple[int, int],
    below: float,
) -> list[np.ndarray]:
    """Return rows of documents near each query that score clearly lower than its own.

    Args:
        queries: (n, dimension) unit rows.
        golds: (n,) the row of each query's own document.
        documents: (m, dimension) unit rows.
        ranks: First and last rank that is looked at.
        below: A negative scores less than this share of what the gold scores.

    Returns:
        One row of document numbers for each query. If no document scores low enough, it has
        the lowest of these ranks.
    """
    mined = []
    for start in range(0, len(queries), 256):
        scores = queries[start : start + 256] @ documents.T
        own = golds[start : start + 256]
        top = np.argpartition(-scores, ranks[1], axis=1)[:, : ranks[1]]
        for row, gold, near in zip(scores, own, top, strict=True):
            ranked = near[np.argsort(-row[near])][ranks[0] - 1 :]
            wrong = ranked[ranked != gold]
            lower = wrong[row[wrong] < below * row[gold]]
            mined.append(lower if len(lower) else wrong[-1:])
    return mined


def ndcg_of_one(queries: np.ndarray, golds: np.ndarray, documents: np.ndarray) -> np.ndarray:
    """Return nDCG@10 of each query with one right document, (n,)."""
    return ndcg_of_scores(queries @ documents.T, golds)


def ndcg_of_scores(scores: np.ndarray, golds: np.ndarray) -> np.ndarray:
    """Return the same of scores, (queries, documents)."""
    own = scores[np.arange(len(golds)), golds]
    ranks = (scores > own[:, None] + ROUNDING).sum(1)
    return np.where(ranks < 10, 1 / np.log2(ranks + 2.0), 0.0)


@cache
def _half_precision() -> bool:
    """Whether the processor computes with bfloat16.

    Where it imitates that, a step takes some ten times as long as in full precision.
    """
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
