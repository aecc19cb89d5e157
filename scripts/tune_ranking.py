"""Compare weights of the ranking by written queries that no adapter was trained on.

    python scripts/tune_ranking.py --cache FOLDER

Three collections are made of the papers that `train_encoder.py` searches for negatives: some
on one subject, some thousands by chance, and more. Each weight is tried at a few values, the
others at their defaults; then at the best ones in turn, as long as the mean over collections
and styles of query rises. The judged sets are not touched.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from rftsearch.encoders.model_files import BASE_MODEL, DEFAULT_MODEL, find_model
from rftsearch.search.ranking.numeric import Parameters
from train_encoder import JUDGED, pool_vectors
from training.data import read_pool, read_queries
from training.loop import Recipe, say
from training.ranking import Collection, collections, measure
from training.vectors import TextModel

SIZES = {"subject": (600, True), "thousand": (1500, False), "more": (4000, False)}
"""Papers of each collection, and whether they are on one subject."""
TRIED: Mapping[str, Sequence[float]] = {
    "words": (0.3, 0.4, 0.5, 0.6, 0.8),
    "title": (0.0, 0.15, 0.25, 0.4),
    "related": (0.0, 0.2, 0.4, 0.6, 0.8),
    "pairs": (0.0, 0.15, 0.3, 0.5),
}


def main() -> None:
    """Print what each value gives, and the best values."""
    options = arguments()
    recipe = Recipe()
    queries = read_queries(options.shared / "train/queries.jsonl")
    judged = [options.shared / "eval" / name for name in JUDGED]
    corpus = options.shared / "data/corpus-200k.jsonl.xz"
    pool = read_pool(corpus, {q.paper for q in queries}, recipe.pool, judged, recipe.seed)
    held_out = [query for query in queries if query.held_out and query.paper in pool.rows]
    base = TextModel.load(find_model(BASE_MODEL))
    vectors = pool_vectors(base, pool, recipe.tokens, options.cache)
    made = list(
        collections(options.cache, pool, vectors, held_out, SIZES, options.model, recipe.seed)
    )
    best = Parameters()
    top = compare(made, {"today": best})["today"]
    for weight, values in TRIED.items():
        tried = {f"{weight}={value:g}": changed(best, weight, value) for value in values}
        means = compare(made, tried)
        chosen = max(means, key=means.__getitem__)
        if means[chosen] > top:
            top, best = means[chosen], tried[chosen]
    say(f"best: {best} {top:.4f}")


def changed(parameters: Parameters, weight: str, value: float) -> Parameters:
    """Return the parameters with another value of one weight."""
    changes: dict[str, Any] = {weight: value}
    return replace(parameters, **changes)


def compare(made: Sequence[Collection], variants: Mapping[str, Parameters]) -> dict[str, float]:
    """Print the measures of some variants, and return their means over the collections."""
    found = {one.name: measure(one, variants) for one in made}
    means = {}
    for name in variants:
        means[name] = float(np.mean([found[one.name][name]["mean"] for one in made]))
        shown = " ".join(f"{one.name} {found[one.name][name]['mean']:.4f}" for one in made)
        say(f"{name:16} {means[name]:.4f}  {shown}")
    return means


def arguments() -> argparse.Namespace:
    """Read the command line."""
    shared = Path(os.environ.get("RFTSEARCH_SHARED") or Path(__file__).parents[2] / "shared")
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cache", type=Path, required=True, help="where the indexes are kept")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="the embedding model")
    parser.add_argument("--shared", type=Path, default=shared, help="folder of queries and papers")
    return parser.parse_args()


if __name__ == "__main__":
    main()
