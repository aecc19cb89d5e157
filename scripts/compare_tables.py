"""Fit the table of a static model to the written queries, in several ways, and compare them.

    python scripts/compare_tables.py --out FOLDER
    python scripts/compare_tables.py --out FOLDER --recipe "hot temperature=0.1" --keep hot

The table is first made from papers alone, as a build makes it, or is given by `--first`; each
recipe begins with that.
All are judged by the nDCG@10 of queries that were not trained on, for several shares of the
change. A recipe is a name and numbers as NAME=VALUE; `TableRecipe` has the others.
`results.jsonl` gets a line for each; recipes that have one are passed over. The judged sets
are not touched.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from rftsearch.encoders.static_cache import made_static
from rftsearch.encoders.static_encoder import StaticModel, WordReader
from rftsearch.papers.documents import Texts
from train_encoder import AMONG, JUDGED
from training.data import STYLES, Pool, WrittenQuery, read_pool, read_queries
from training.loop import HeldOut, say
from training.recipes import asked_for, keep_result, means_of
from training.table import Readings, TableRecipe, fit_table, judge_table

SHARES = (0.0, 0.4, 0.6, 0.8, 1.0)
"""Shares of the change that are judged."""
RECIPES: Mapping[str, Sequence[str]] = {
    "usual": (),
    "seed-2": ("seed=2",),
    "seed-3": ("seed=3",),
    **{f"without-{style}": (f"left_out={style}",) for style in STYLES},
    "sharp": ("temperature=0.02",),
    "soft": ("temperature=0.1",),
    "no-titles": ("titles=0",),
    "many-titles": ("titles=10000",),
    "none-mined": ("mined=0",),
    "few-to-mine": ("pool=5000",),
    "slow": ("rate=0.0005",),
    "fast": ("rate=0.005",),
    "one-epoch": ("epochs=1",),
    "ten-epochs": ("epochs=10",),
    "newer-twice": ("newer=2", "older=0.6"),
}


def main() -> None:
    """Make the first table; fit, judge and write each recipe."""
    options = arguments()
    torch.set_num_threads(options.threads)
    queries, pool = papers(options.shared, options.pool)
    first = options.first or made_table(pool, options.out / "first")
    model = StaticModel.open(first)
    say(f"{len(queries)} queries, {len(pool.ids)} papers, table in {first}")
    read = readings(model, pool, queries)
    held_out = HeldOut.of(queries, pool, AMONG, np.random.default_rng(TableRecipe.seed))
    results = options.out / "results.jsonl"
    for name, changes in asked_for(options.recipe, RECIPES, results):
        recipe = TableRecipe().changed(changes)
        table = model.vectors
        fitted = fit_table(table, pool, read, queries, recipe)
        found = {}
        for share in SHARES:
            mixed = table + np.float32(share) * (fitted - table)
            found[f"{share:g}"] = judge_table(mixed, held_out, read)
            say(f"{name}, share {share:g}: {means_of(found[f'{share:g}'])}")
        keep_result(results, name, recipe, found)
        if name in options.keep:
            folder = options.out / name
            folder.mkdir(exist_ok=True)
            mixed = table + np.float32(options.share) * (fitted - table)
            StaticModel.of(mixed, model.tokenizer, model.settings).save(folder)


def papers(shared: Path, size: int) -> tuple[list[WrittenQuery], Pool]:
    """Return the written queries, and the papers among which negatives are looked for."""
    queries = read_queries(shared / "train/queries.jsonl")
    judged = [shared / "eval" / name for name in JUDGED]
    corpus = shared / "data/corpus-200k.jsonl.xz"
    pool = read_pool(corpus, {q.paper for q in queries}, size, judged, TableRecipe.seed)
    return [query for query in queries if query.paper in pool.rows], pool


def made_table(pool: Pool, kept: Path) -> Path:
    """Return the folder of a table made from papers alone."""
    each = zip(pool.documents, pool.titles, strict=True)
    texts = [Texts(body, f"{title}.") for body, title in each]
    return made_static(texts, tell, cache=kept).folder


def readings(model: StaticModel, pool: Pool, queries: Sequence[WrittenQuery]) -> Readings:
    """Return what a table reads of the papers, of the queries and of titles."""
    reader = WordReader(Tokenizer.from_str(model.tokenizer))
    texts = list(dict.fromkeys([*(query.text for query in queries), *pool.titles]))
    rows = reader.rows(texts)
    return Readings(reader.rows(pool.documents), dict(zip(texts, rows, strict=True)))


def tell(stage: str, done: int, total: int | None) -> None:
    """Print how far the making of the first table is."""
    if done % 5120 == 0:
        say(f"{stage} {done}/{total}")


def arguments() -> argparse.Namespace:
    """Read the command line."""
    beside = Path(__file__).parents[2] / "shared"
    shared = Path(os.environ.get("RFTSEARCH_SHARED") or beside)
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for what is made")
    parser.add_argument("--shared", type=Path, default=shared)
    parser.add_argument("--first", type=Path, help="the folder of a table that was made before")
    parser.add_argument("--pool", type=int, default=TableRecipe.pool, help="papers")
    parser.add_argument("--recipe", action="append", help="'NAME NUMBER=VALUE ...'; repeatable")
    parser.add_argument("--keep", action="append", default=[], help="a recipe to keep the table of")
    parser.add_argument("--share", type=float, default=1.0, help="of the change, in tables kept")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    return parser.parse_args()


if __name__ == "__main__":
    main()
