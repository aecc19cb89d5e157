"""Learn from written queries how the table of a static model should differ.

    python scripts/train_table.py --out FOLDER
    python scripts/train_table.py --out FOLDER --recipe "hot temperature=0.2" --keep hot

A table is made from papers alone, as a build makes it, for each of some collections: papers
by chance, and papers on one subject. The change is fitted on some of these tables. It is
judged on others, by the nDCG@10 of queries that were not trained on. A recipe is a name and
numbers as NAME=VALUE; `TableRecipe` has the others. `results.jsonl` gets a line for each;
recipes that have one are passed over. The change of the recipe to keep is written as
`change.safetensors`, with the figures of what the file holds in `report.json`. The judged
sets are not touched. It took 21 minutes on two cores that had other work.
"""

from __future__ import annotations

import json
import pickle
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from rftsearch.encoders.learning.change import LearnedChange
from rftsearch.encoders.learning.embeddings import token_embeddings
from rftsearch.encoders.learning.recipe import Recipe
from rftsearch.encoders.model_files import BASE_MODEL, DEFAULT_MODEL, find_model
from rftsearch.encoders.static_cache import teaching
from rftsearch.encoders.static_encoder import TOKENIZER, WordReader
from rftsearch.encoders.static_training import LearnedTable, Teacher, learned_table, sampled
from rftsearch.encoders.torch_encoder import SentenceTransformerEncoder
from rftsearch.papers.documents import Texts
from rftsearch.types import FloatArray
from train_encoder import AMONG, JUDGED
from training.data import STYLES, Pool, WrittenQuery, read_pool, read_queries
from training.loop import HeldOut, say
from training.recipes import asked_for, keep_result, means_of, recipe_arguments
from training.rows import Readings
from training.table import Begun, TableRecipe, fit_change, judge_change

FITTED: Mapping[str, int | None] = {
    "all": None,
    "subject of 150": 150,
    "subject of 300": 300,
    "another subject of 300": 300,
    "subject of 600": 600,
    "subject of 1200": 1200,
    "1000 by chance": -1000,
    "3000 by chance": -3000,
}
JUDGED_ON = {f"judged, subject of {size}": size for size in (300, 600, 1500)}
"""Collections, and how many papers each has: on one subject, or by chance where it is negative;
None: all of them. No held-out paper is in one, but for those of all."""
SHARES = (0.0, 0.6, 0.8, 1.0, 1.2, 1.4)
"""Shares of the change that are judged."""
RECIPES: Mapping[str, Sequence[str]] = {
    "usual": (),
    "one-table": ("tables=1",),
    "seed-2": ("seed=2",),
    **{f"without-{style}": (f"left_out={style}",) for style in STYLES},
}


@dataclass
class Remembering:
    """A teacher that reads each text once, for however many tables."""

    encoder: Teacher
    known: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        return self.encoder.dimension

    def encode_documents(self, texts: Sequence[str]) -> FloatArray:
        """Embed documents: (n, dimension) float32, rows of unit norm."""
        new = [text for text in dict.fromkeys(texts) if text not in self.known]
        if new:
            self.known |= zip(new, self.encoder.encode_documents(new), strict=True)
        return np.stack([self.known[text] for text in texts])


def main() -> None:
    """Make the tables; fit, judge and write each recipe."""
    options = recipe_arguments(__doc__, TableRecipe.pool)
    torch.set_num_threads(options.threads)
    queries, pool = papers(options.shared, options.pool)
    say(f"{len(queries)} queries, {len(pool.ids)} papers")
    held_out = HeldOut.of(queries, pool, AMONG, np.random.default_rng(TableRecipe.seed))
    tokenizer = (find_model(BASE_MODEL) / TOKENIZER).read_text("utf-8")
    texts = list(dict.fromkeys([*(query.text for query in queries), *pool.titles]))
    plain = Tokenizer.from_str(tokenizer)
    reader = WordReader(plain)
    named = dict(zip(texts, reader.rows(texts), strict=True))
    read = Readings(reader.rows(pool.documents), named, plain.get_vocab_size())
    made = tables(pool, sorted({*held_out.rows[held_out.golds]}), tokenizer, options.out)
    axes = made["all"].axes
    begun = {name: begun_of(table, pool, texts, axes) for name, table in made.items()}
    results = options.out / "results.jsonl"
    for name, changes in asked_for(options.recipe, RECIPES, results):
        recipe = TableRecipe().changed(changes)
        used = [begun[each] for each in list(FITTED)[: recipe.tables]]
        change = fit_change(used, pool, read, queries, recipe)
        shared = np.float32(recipe.share) * change
        about = {"teacher": DEFAULT_MODEL, "recipe": json.dumps(recipe.describe())}
        stored = LearnedChange.of(shared, axes.astype(np.float32), recipe.tokens, about)
        forms = {f"{share:g}": np.float32(share) * change for share in SHARES}
        forms["stored"] = stored.rows(len(change))
        found = {
            f"{place}, {form}": judge_change(each, begun[place], held_out, read)
            for place in ["all", *JUDGED_ON]
            for form, each in forms.items()
        }
        for place, scores in found.items():
            say(f"{name}, {place}: {means_of(scores)}")
        keep_result(results, name, recipe, found)
        if name == options.keep:
            stored.save(options.out / "change.safetensors")
            report = {place: means_by_style(scores) for place, scores in found.items()}
            (options.out / "report.json").write_text(json.dumps(report, indent=1), "utf-8")


def means_by_style(scores: Mapping[str, np.ndarray]) -> dict[str, float]:
    """Return the mean nDCG@10 of each style."""
    return {style: round(float(each.mean()), 4) for style, each in scores.items()}


def papers(shared: Path, size: int) -> tuple[list[WrittenQuery], Pool]:
    """Return the written queries, and the papers among which negatives are looked for."""
    queries = read_queries(shared / "train/queries.jsonl")
    judged = [shared / "eval" / name for name in JUDGED]
    corpus = shared / "data/corpus-200k.jsonl.xz"
    pool = read_pool(corpus, {q.paper for q in queries}, size, judged, TableRecipe.seed)
    return [query for query in queries if query.paper in pool.rows], pool


def tables(
    pool: Pool, held_out: Sequence[int], tokenizer: str, kept: Path
) -> dict[str, LearnedTable]:
    """Return the table of each collection by name; read them if an earlier run kept them.

    Args:
        pool: The papers.
        held_out: Rows of those that are in no small collection.
        tokenizer: The teacher's, in JSON.
        kept: The folder where the tables are kept.
    """
    path = kept / "tables.pickle"
    if path.is_file():
        made: dict[str, LearnedTable] = pickle.loads(path.read_bytes())  # noqa: S301 - our own
        return made
    kept.mkdir(parents=True, exist_ok=True)
    teacher, made = SentenceTransformerEncoder(), {}
    embeddings = token_embeddings(teacher.files.folder, tokenizer)
    free = np.setdiff1d(np.arange(len(pool.ids)), held_out)
    draw = np.random.default_rng(TableRecipe.seed)
    with tempfile.TemporaryDirectory() as folder, teaching(teacher, Path(folder) / "t") as encoder:
        remembering = Remembering(encoder)
        titles = remembering.encode_documents([f"{title}." for title in pool.titles])
        for name, size in {**FITTED, **JUDGED_ON}.items():
            if size is None:
                rows = np.arange(len(pool.ids))
            elif size < 0:
                rows = draw.choice(free, min(-size, len(free)), replace=False)
            else:
                near = titles[free] @ titles[draw.choice(free)]
                rows = free[np.argsort(-near, kind="stable")[:size]]
            texts = [Texts(pool.documents[row], f"{pool.titles[row]}.") for row in rows.tolist()]
            sample, _ = sampled(texts, Recipe())
            made[name] = learned_table(
                sample, remembering, tokenizer, Recipe(), embeddings=embeddings
            )
            say(f"table of {name} made, of {len(rows)} papers")
    path.write_bytes(pickle.dumps(made))
    return made


def begun_of(table: LearnedTable, pool: Pool, texts: Sequence[str], axes: np.ndarray) -> Begun:
    """Return the sums that a table makes of the papers and the texts."""
    reader = WordReader(Tokenizer.from_str(table.tokenizer))
    named = dict(zip(texts, reader.rows(texts), strict=True))
    return Begun.of(table, reader.rows(pool.documents), named, axes)


if __name__ == "__main__":
    main()
