"""Train the adapter of the default model from queries that were written for papers.

    python scripts/train_encoder.py --out FOLDER
    python scripts/train_encoder.py --out FOLDER --set rank=16 --set left_out=need

Queries and papers are looked for in the folder that RFTSEARCH_SHARED names: lines of `id`,
`type` and `text` in `train/queries.jsonl`, the papers with those ids and many others in
`data/corpus-200k.jsonl.xz`. Papers of the judged sets are left out by title. The adapter is
written as `adapter.safetensors`; `report.json` has the recipe, and the nDCG@10 of queries
that were not trained on, for several shares of the update. About 25 minutes on two cores. The same
machine and libraries make the same adapter again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

import numpy as np
import torch

from rftsearch.encoders.model_files import BASE_MODEL, find_model
from training.data import Pool, read_pool, read_queries
from training.loop import HeldOut, Recipe, say, train
from training.lora import LowRank, factors, save_adapter, set_share
from training.vectors import TextModel

SHARES = (0.0, 0.6, 1.0)
"""Shares of the update that are judged by the held-out queries."""
AMONG = 3000
"""Papers among which a held-out query looks for its own."""
JUDGED = ("rft/corpus.jsonl", "litsearch/corpus.jsonl.xz", "csfcube/corpus.jsonl.xz")


def main() -> None:
    """Train, judge, write."""
    options = arguments()
    recipe = Recipe().changed(options.set)
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(options.threads)
    queries = read_queries(options.queries)
    asked = {query.paper for query in queries}
    pool = read_pool(options.corpus, asked, recipe.pool, options.judged, recipe.seed)
    queries = [query for query in queries if query.paper in pool.rows]
    model = TextModel.load(find_model(BASE_MODEL))
    say(f"{len(queries)} queries, {len(pool.ids)} papers")
    documents = pool_vectors(model, pool, recipe.tokens, options.cache)
    draw = np.random.default_rng(recipe.seed)
    held_out = HeldOut.of(queries, pool, AMONG, draw)
    layers = train(model, pool, documents, queries, recipe, draw)
    about = {"base": BASE_MODEL, "share": f"{recipe.share:g}"}
    told = {name: value for name, value in recipe.describe().items() if value != ""}
    about["recipe"] = json.dumps(told, separators=(",", ":"))
    save_adapter(factors(layers), options.out / "adapter.safetensors", about)
    say(f"written to {options.out}")
    report = {"recipe": told, "held out": judged(held_out, model, pool, layers, recipe)}
    (options.out / "report.json").write_text(json.dumps(report, indent=1), "utf-8")


def judged(
    held_out: HeldOut, model: TextModel, pool: Pool, layers: Mapping[str, LowRank], recipe: Recipe
) -> dict[str, dict[str, float]]:
    """Return the nDCG@10 of each style of held-out queries, by share of the update."""
    found = {}
    for share in SHARES:
        set_share(layers, share)
        found[f"{share:g}"] = held_out.judge(model, pool, recipe.tokens)
        say(f"share {share:g}: {found[f'{share:g}']}")
    return found


def pool_vectors(model: TextModel, pool: Pool, tokens: int, cache: Path | None) -> np.ndarray:
    """Return the vectors of the pool by the base; read them if an earlier run kept them."""
    if cache is None:
        return model.encode(pool.documents, tokens)
    key = hashlib.sha256("\n".join([str(tokens), *pool.documents]).encode()).hexdigest()[:16]
    path = cache / f"pool-{key}.npy"
    if not path.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        np.save(path, model.encode(pool.documents, tokens))
    return np.asarray(np.load(path))


def arguments() -> argparse.Namespace:
    """Read the command line."""
    shared = Path(os.environ.get("RFTSEARCH_SHARED") or Path(__file__).parents[2] / "shared")
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for what is made")
    parser.add_argument("--queries", type=Path, default=shared / "train/queries.jsonl")
    parser.add_argument("--corpus", type=Path, default=shared / "data/corpus-200k.jsonl.xz")
    parser.add_argument(
        "--judged",
        type=Path,
        nargs="*",
        default=[shared / "eval" / name for name in JUDGED],
        help="corpora whose papers are left out",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=f"change a number of the recipe: {', '.join(field.name for field in fields(Recipe))}",
    )
    parser.add_argument("--cache", type=Path, help="folder where the pool's vectors are kept")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    return parser.parse_args()


if __name__ == "__main__":
    main()
