"""The training itself: pairs in, an adapted model out."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from training.data import STYLES, Pair, Pool, WrittenQuery, drawn
from training.lora import LowRank, adapt
from training.recipes import PairNumbers
from training.vectors import QUERY_TOKENS, TextModel, mine, ndcg_of_one

__all__ = ["HeldOut", "Recipe", "contrast", "say", "train"]


@dataclass(frozen=True)
class Recipe(PairNumbers):
    """The numbers of a training; the defaults made the adapter that is shipped."""

    rank: int = 24
    alpha: float = 32.0
    """The update is multiplied by alpha / rank."""
    share: float = 0.6
    """The part of the update that the product adds."""
    rate: float = 6e-4
    warm: float = 0.1
    """Share of the steps in which the rate rises; then it falls to 2% in a straight line."""
    decay: float = 0.01
    batch: int = 64
    tokens: int = 128
    """What is read of a document in training."""
    temperature: float = 0.05
    first_rank: int = 4
    last_rank: int = 60
    """Between these ranks of the base negatives are looked for."""
    below: float = 0.95
    """A negative scores less than this share of what the right document scores."""
    older: float = 0.6
    newer: int = 2


@dataclass(frozen=True)
class HeldOut:
    """Queries that are never trained on, and papers among which each has one to find."""

    queries: Sequence[WrittenQuery]
    rows: np.ndarray
    """Of the papers in the pool, ascending."""
    golds: np.ndarray
    """The place in `rows` of each query's paper."""

    @classmethod
    def of(
        cls, queries: Sequence[WrittenQuery], pool: Pool, others: int, draw: np.random.Generator
    ) -> HeldOut:
        """Take the held-out queries and their papers, and others by chance."""
        rows, kept = pool.rows, [query for query in queries if query.held_out]
        golds = np.array([rows[query.paper] for query in kept])
        more = draw.choice(len(pool.ids), min(others, len(pool.ids)), replace=False)
        among = np.union1d(golds, more)
        return cls(kept, among, np.searchsorted(among, golds))

    def judge(self, model: TextModel, pool: Pool, tokens: int) -> dict[str, float]:
        """Return the mean nDCG@10 by style."""
        found = self.scores(model, pool, tokens)
        return {style: round(float(scores.mean()), 4) for style, scores in found.items()}

    def scores(self, model: TextModel, pool: Pool, tokens: int) -> dict[str, np.ndarray]:
        """Return the nDCG@10 of each query, by style."""
        found = model.encode([pool.documents[row] for row in self.rows], tokens)
        asked = model.encode([query.text for query in self.queries], QUERY_TOKENS)
        return self.by_style(ndcg_of_one(asked, self.golds, found))

    def by_style(self, scores: np.ndarray) -> dict[str, np.ndarray]:
        """Return numbers of the queries, (queries,), apart by style."""
        styles = np.array([query.style for query in self.queries])
        return {style: scores[styles == style] for style in STYLES if (styles == style).any()}


def train(
    model: TextModel,
    pool: Pool,
    documents: np.ndarray,
    queries: Sequence[WrittenQuery],
    recipe: Recipe,
    draw: np.random.Generator,
) -> Mapping[str, LowRank]:
    """Train an adapter of a model, which has it afterwards.

    Args:
        model: The base.
        pool: The papers.
        documents: Their vectors by the base, (papers, dimension) of unit rows.
        queries: Written queries; those that are held out are left aside.
        recipe: The numbers.
        draw: Draws the negative of each pair.

    Returns:
        The layers that have an update, by name.
    """
    pairs = drawn(queries, pool, recipe)
    negatives = _negatives(model, documents, pairs, recipe)
    say(f"{len(pairs)} pairs, negatives mined")
    layers = adapt(model.transformer, recipe.rank, recipe.alpha)
    trained = [p for layer in layers.values() for p in (layer.down, layer.up)]
    optimizer = torch.optim.AdamW(trained, lr=recipe.rate, weight_decay=recipe.decay)
    steps = len(pairs) // recipe.batch
    schedule = _schedule(optimizer, steps, recipe.warm)
    began, mean = time.monotonic(), 0.0
    for step, (here, wrong) in enumerate(_batches(pairs, negatives, recipe.batch, draw)):
        rows = [pair.row for pair in here] + wrong
        asked = model.vectors([pair.text for pair in here], QUERY_TOKENS)
        found = model.vectors([pool.documents[row] for row in rows], recipe.tokens)
        loss = contrast(asked, found, [pair.row for pair in here], rows, recipe.temperature)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch's own
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        schedule.step()
        mean = loss.item() if step == 0 else 0.95 * mean + 0.05 * loss.item()
        if step == 0 or step % 10 == 9:
            say(f"step {step + 1}/{steps} loss {mean:.3f} {time.monotonic() - began:.0f} s")
    return layers


def contrast(
    asked: torch.Tensor,
    found: torch.Tensor,
    golds: Sequence[int],
    rows: Sequence[int],
    temperature: float,
    more: torch.Tensor | None = None,
) -> torch.Tensor:
    """Return the contrastive loss (InfoNCE) of a batch, from queries to documents and back.

    A document of the batch that is the same paper as the right one is no negative.

    Args:
        asked: (n, dimension) unit rows of queries.
        found: (m, dimension) unit rows of documents; the first n belong to the queries.
        golds: (n,) which papers the first n are.
        rows: (m,) which papers all of them are.
        temperature: Scores are divided by it.
        more: (n, m) what is added to the cosines; None: nothing.
    """
    scores = asked @ found.T
    scores = (scores if more is None else scores + more) / temperature
    own = torch.arange(len(golds))
    same = torch.tensor(golds)[:, None] == torch.tensor(rows)[None, :]
    same[own, own] = False
    scores = scores.masked_fill(same, float("-inf"))
    there = torch.nn.functional.cross_entropy(scores, own)
    back = torch.nn.functional.cross_entropy(scores[:, : len(golds)].T, own)
    return (there + back) / 2


def say(text: str) -> None:
    """Print a line with the time of day."""
    print(time.strftime("%H:%M:%S"), text, flush=True)


def _negatives(
    model: TextModel, documents: np.ndarray, pairs: Sequence[Pair], recipe: Recipe
) -> list[np.ndarray]:
    """Return rows of papers that the base takes for a pair's own, though they are not."""
    texts = sorted({pair.text for pair in pairs})
    vectors = model.encode(texts, QUERY_TOKENS)
    places = {text: row for row, text in enumerate(texts)}
    return mine(
        vectors[[places[pair.text] for pair in pairs]],
        np.array([pair.row for pair in pairs]),
        documents,
        ranks=(recipe.first_rank, recipe.last_rank),
        below=recipe.below,
    )


def _batches(
    pairs: Sequence[Pair],
    negatives: Sequence[np.ndarray],
    size: int,
    draw: np.random.Generator,
) -> Iterator[tuple[Sequence[Pair], list[int]]]:
    """Yield the pairs of each step, and the row of a negative for each."""
    for start in range(0, len(pairs) - size + 1, size):
        here = range(start, start + size)
        yield [pairs[at] for at in here], [int(draw.choice(negatives[at])) for at in here]


def _schedule(
    optimizer: torch.optim.Optimizer, steps: int, warm: float
) -> torch.optim.lr_scheduler.LRScheduler:
    rising = max(1, round(warm * steps))
    return torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: min((step + 1) / rising, max(0.02, (steps - step) / max(1, steps - rising))),
    )
