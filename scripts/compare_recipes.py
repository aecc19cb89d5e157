"""Train adapters of the default model by several short recipes, and compare them.

    python scripts/compare_recipes.py --out FOLDER
    python scripts/compare_recipes.py --out FOLDER --recipe "hot temperature=0.1"
    python scripts/compare_recipes.py --out FOLDER --common older=0.6 newer=2 titles=2500

Each recipe is a name and the numbers that it changes, as NAME=VALUE; `--common` are numbers
of all of them, by default those of a short training. All are judged by the nDCG@10 of
the same queries that none was trained on, among the same papers, for several shares of the
update. `results.jsonl` gets a line for each recipe; those that have one are passed over, so
what was stopped goes on. Vectors and adapters are kept. The judged sets are not touched.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch

from rftsearch.encoders.model_files import BASE_MODEL, find_model
from train_encoder import JUDGED, pool_vectors
from training.data import STYLES, Pool, read_pool, read_queries
from training.loop import HeldOut, Recipe, say, train
from training.lora import factors, save_adapter, set_share
from training.recipes import asked_for, keep_result, means_of
from training.vectors import TextModel

SHORT = ("older=0.2", "newer=1", "titles=800", "pool=12000", "tokens=64")
"""Two fifths of the steps of the whole training, on texts half as long."""
SHARES = (0.4, 0.6, 0.8, 1.0)
"""Shares of the update that are judged."""
AMONG = 1500
"""Papers among which a held-out query looks for its own."""
BASE = "base"
"""The name under which the base is judged as it is."""
RECIPES: Mapping[str, Sequence[str]] = {
    BASE: (),
    "usual": (),
    "seed-2": ("seed=2",),
    "sharp": ("temperature=0.02",),
    "soft": ("temperature=0.1",),
    "no-titles": ("titles=0",),
    **{f"without-{style}": (f"left_out={style}",) for style in STYLES},
    "rank-8": ("rank=8",),
    "rank-16": ("rank=16",),
    "rank-32": ("rank=32",),
    "few-to-mine": ("pool=4800",),
    "two-epochs": ("epochs=2",),
}


def main() -> None:
    """Train, judge and write each recipe."""
    options = arguments()
    torch.set_num_threads(options.threads)
    common = Recipe().changed(options.common)
    queries = read_queries(options.shared / "train/queries.jsonl")
    judged = [options.shared / "eval" / name for name in JUDGED]
    corpus = options.shared / "data/corpus-200k.jsonl.xz"
    pool = read_pool(corpus, {q.paper for q in queries}, common.pool, judged, common.seed)
    queries = [query for query in queries if query.paper in pool.rows]
    base = TextModel.load(find_model(BASE_MODEL))
    vectors = pool_vectors(base, pool, common.tokens, options.out)
    held_out = HeldOut.of(queries, pool, options.among, np.random.default_rng(common.seed))
    say(f"{len(queries)} queries, {len(pool.ids)} papers, {len(held_out.queries)} held out")
    asked = {query.paper for query in queries}
    results = options.out / "results.jsonl"
    for name, changes in asked_for(options.recipe, RECIPES, results):
        recipe = common.changed(changes)
        if name == BASE:
            keep_result(results, name, recipe, {"0": held_out.scores(base, pool, recipe.tokens)})
            continue
        torch.manual_seed(recipe.seed)
        model = TextModel.load(find_model(BASE_MODEL))
        draw = np.random.default_rng(recipe.seed)
        part, theirs = part_of(pool, vectors, asked, recipe.pool)
        layers = train(model, part, theirs, queries, recipe, draw)
        found = {}
        for share in SHARES:
            set_share(layers, share)
            found[f"{share:g}"] = held_out.scores(model, pool, recipe.tokens)
            say(f"{name}, share {share:g}: {means_of(found[f'{share:g}'])}")
        about = {"base": BASE_MODEL, "share": f"{recipe.share:g}"}
        save_adapter(factors(layers), options.out / f"{name}.safetensors", about)
        keep_result(results, name, recipe, found)


def part_of(pool: Pool, vectors: np.ndarray, asked: set[str], size: int) -> tuple[Pool, np.ndarray]:
    """Return so many papers of a pool and their vectors, those with queries among them."""
    needed = [row for row, name in enumerate(pool.ids) if name in asked]
    others = [row for row, name in enumerate(pool.ids) if name not in asked]
    rows = sorted([*needed, *others[: max(0, size - len(needed))]])
    parts = (pool.ids, pool.titles, pool.abstracts, pool.documents)
    return Pool(*([part[row] for row in rows] for part in parts)), vectors[rows]


def arguments() -> argparse.Namespace:
    """Read the command line."""
    beside = Path(__file__).parents[2] / "shared"
    shared = Path(os.environ.get("RFTSEARCH_SHARED") or beside)
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for what is made")
    parser.add_argument("--shared", type=Path, default=shared)
    parser.add_argument("--common", nargs="*", default=SHORT, metavar="NUMBER=VALUE")
    parser.add_argument("--recipe", action="append", help="'NAME NUMBER=VALUE ...'; repeatable")
    parser.add_argument("--among", type=int, default=AMONG, help="papers that are searched")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    return parser.parse_args()


if __name__ == "__main__":
    main()
