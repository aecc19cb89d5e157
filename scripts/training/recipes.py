"""Recipes: the numbers of a training, how a command line changes them, and what each gave."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch

from rftsearch.evaluation.report import HEADLINE

__all__ = ["Numbers", "PairNumbers", "asked_for", "keep_result", "means_of", "recipe_arguments"]


@dataclass(frozen=True)
class Numbers:
    """What recipes have in common."""

    def describe(self) -> dict[str, object]:
        """Return the numbers by name."""
        return asdict(self)

    def changed(self, changes: Sequence[str]) -> Self:
        """Return the recipe with some numbers changed, each given as NAME=VALUE.

        Raises:
            SystemExit: The recipe has no such number.
        """
        kinds: dict[str, Any] = {name: type(value) for name, value in self.describe().items()}
        given: dict[str, Any] = {}
        for change in changes:
            name, _, value = change.partition("=")
            if name not in kinds:
                raise SystemExit(f"the recipe has no {name!r}; it has {', '.join(kinds)}")
            given[name] = kinds[name](value)
        return replace(self, **given)


@dataclass(frozen=True)
class PairNumbers(Numbers):
    """Which pairs of a query and its paper are trained on."""

    older: float = 1.0
    """Share of the queries of the older styles in an epoch."""
    newer: int = 1
    """How often a query of a newer style comes in an epoch."""
    titles: int = 2500
    """Pairs of a title and its paper."""
    pool: int = 24_000
    """Papers that are searched for negatives."""
    epochs: int = 1
    left_out: str = ""
    """A style of query that is not trained on, to see what the others bring it."""
    seed: int = 1


def asked_for(
    given: Sequence[str] | None, usual: Mapping[str, Sequence[str]], results: Path
) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the name and the changes of each recipe that has no result yet.

    Args:
        given: `NAME NUMBER=VALUE ...` each; None for the usual recipes.
        usual: Changes by name.
        results: Where the results are kept.
    """
    chosen: dict[str, Sequence[str]] = dict(usual)
    if given:
        chosen = {name: changes for name, *changes in map(str.split, given)}
    lines = results.read_text("utf-8").splitlines() if results.is_file() else []
    done = {json.loads(line)["name"] for line in lines}
    for name, changes in chosen.items():
        if name not in done:
            yield name, changes


def keep_result(
    results: Path, name: str, recipe: Numbers, found: Mapping[str, Mapping[str, np.ndarray]]
) -> None:
    """Add a line to the results: the nDCG@10 of each query, by share and by style."""
    scores = {
        share: {style: each.round(4).tolist() for style, each in by_style.items()}
        for share, by_style in found.items()
    }
    results.parent.mkdir(parents=True, exist_ok=True)
    with results.open("a", encoding="utf-8") as file:
        line = {"name": name, "recipe": recipe.describe(), HEADLINE: scores}
        file.write(json.dumps(line) + "\n")


def means_of(scores: Mapping[str, np.ndarray]) -> str:
    """Return the mean over the styles, and then of each, as they are printed."""
    means = {style: float(each.mean()) for style, each in scores.items()}
    shown = " ".join(f"{style} {mean:.3f}" for style, mean in means.items())
    return f"{sum(means.values()) / len(means):.4f} ({shown})"


def recipe_arguments(description: str | None, pool: int) -> argparse.Namespace:
    """Read the command line of a script that compares recipes.

    Args:
        description: What its help says.
        pool: Papers that are read, if no other number is given.
    """
    beside = Path(__file__).parents[3] / "shared"
    shared = Path(os.environ.get("RFTSEARCH_SHARED") or beside)
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for what is made")
    parser.add_argument("--shared", type=Path, default=shared)
    parser.add_argument("--pool", type=int, default=pool, help="papers")
    parser.add_argument("--recipe", action="append", help="'NAME NUMBER=VALUE ...'; repeatable")
    parser.add_argument("--keep", default="usual", help="the recipe that is written to a file")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    return parser.parse_args()
