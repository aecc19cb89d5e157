"""Fit the table of words that the default model adds to its vectors, to written queries.

    python scripts/train_words.py --out FOLDER
    python scripts/train_words.py --out FOLDER --recipe "hot temperature=0.2" --keep hot

The table is to complete the transformer and the words that a query and a paper share, so both
are part of the score in the fit. The transformer with its adapter stays as it is: its vectors
of papers, queries and single tokens are computed once, and kept in the folder. They take 15 to
20 minutes on two cores; then a recipe takes two. A recipe is a name and numbers as NAME=VALUE;
`WordRecipe` has the others. `results.jsonl` gets a line for each, with the nDCG@10 of queries
that were not trained on, for several shares of the words, by the vectors alone and with BM25;
recipes that have a line are passed over. The table of the recipe to keep is written as
`words.safetensors`, with the figures of what the file holds in `report.json`. The judged sets
are not touched.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from rftsearch.encoders.adapter.low_rank import LowRankAdapter
from rftsearch.encoders.adapter.word_table import SHARE, WordTable
from rftsearch.encoders.model_files import ADAPTER, BASE_MODEL, find_model
from rftsearch.encoders.static_encoder import TOKENIZER
from train_encoder import AMONG, JUDGED
from training.coverage import Coverage
from training.data import STYLES, Pool, read_pool, read_queries
from training.loop import HeldOut, say
from training.recipes import asked_for, keep_result, means_of, recipe_arguments
from training.rows import Readings
from training.vectors import QUERY_TOKENS, TextModel
from training.words import WordRecipe, WordVectors, fit_words, judge_words

SHARES = (0.0, 0.2, 0.3, 0.4, 0.5, 0.7)
"""Shares of the words that are judged."""
DOCUMENT_TOKENS = 256
"""What is read of a paper."""
RECIPES: Mapping[str, Sequence[str]] = {
    "usual": (),
    "with-words": ("fits=1",),
    "alone": ("fits=1", "words=0"),
    "few-titles": ("titles=2500",),
    "cold": ("temperature=0.05",),
    "warm": ("temperature=0.2",),
    "half-the-directions": ("directions=128",),
    "seed-2": ("seed=2",),
    **{f"without-{style}": (f"left_out={style}",) for style in STYLES},
}


def main() -> None:
    """Embed once; fit, judge and write each recipe."""
    options = recipe_arguments(__doc__, WordRecipe.pool)
    torch.set_num_threads(options.threads)
    queries = read_queries(options.shared / "train/queries.jsonl")
    judged = [options.shared / "eval" / name for name in JUDGED]
    corpus = options.shared / "data/corpus-200k.jsonl.xz"
    pool = read_pool(corpus, {q.paper for q in queries}, options.pool, judged, WordRecipe.seed)
    queries = [query for query in queries if query.paper in pool.rows]
    say(f"{len(queries)} queries, {len(pool.ids)} papers")
    texts = list(dict.fromkeys([*(query.text for query in queries), *pool.titles]))
    tokenizer = Tokenizer.from_file(str(find_model(BASE_MODEL) / TOKENIZER))
    vectors = vectors_of(pool, texts, tokenizer, options.out)
    read = readings(pool, texts, tokenizer)
    coverage = Coverage.of(texts, pool.documents)
    held_out = HeldOut.of(queries, pool, AMONG, np.random.default_rng(WordRecipe.seed))
    results = options.out / "results.jsonl"
    for name, changes in asked_for(options.recipe, RECIPES, results):
        recipe = WordRecipe().changed(changes)
        axes = vectors.axes(recipe.directions)
        table = fit_words(vectors, pool, read, queries, recipe, coverage)
        stored = WordTable.of(table, axes, recipe.tokens, described(recipe))
        forms = {f"{share:g}": (table, share) for share in SHARES}
        forms["stored"] = (stored.rows(len(table)), recipe.share)
        asked = [query.text for query in held_out.queries]
        covered = coverage.between(asked, held_out.rows)
        found = {
            f"{form}{name_of}": judge_words(
                each, share, vectors, axes, held_out, read, np.float32(weight) * covered
            )
            for form, (each, share) in forms.items()
            for name_of, weight in ((" alone", 0.0), (" with words", WordRecipe.words))
        }
        for form, scores in found.items():
            say(f"{name}, {form}: {means_of(scores)}")
        keep_result(results, name, recipe, found)
        if name == options.keep:
            stored.save(options.out / "words.safetensors")
            report = {
                form: {style: round(float(each.mean()), 4) for style, each in scores.items()}
                for form, scores in found.items()
            }
            (options.out / "report.json").write_text(json.dumps(report, indent=1), "utf-8")


def described(recipe: WordRecipe) -> dict[str, str]:
    """Return what the file says of itself."""
    numbers = {name: value for name, value in recipe.describe().items() if value != ""}
    return {"base": BASE_MODEL, SHARE: f"{recipe.share:g}", "recipe": json.dumps(numbers)}


def readings(pool: Pool, texts: Sequence[str], tokenizer: Tokenizer) -> Readings:
    """Return the tokens of the papers and of the texts, without special ones such as `[PAD]`."""
    tokenizer.no_padding()

    def read(some: Sequence[str], most: int) -> list[np.ndarray]:
        tokenizer.enable_truncation(most)
        encodings = tokenizer.encode_batch(list(some), add_special_tokens=False)
        rows = [np.array(one.ids, np.int64) for one in encodings]
        return [row[~np.isin(row, special)] for row in rows]

    special = list(tokenizer.get_added_tokens_decoder())
    return Readings(
        read(pool.documents, DOCUMENT_TOKENS),
        dict(zip(texts, read(texts, QUERY_TOKENS), strict=True)),
        tokenizer.get_vocab_size(),
    )


def vectors_of(pool: Pool, texts: Sequence[str], tokenizer: Tokenizer, kept: Path) -> WordVectors:
    """Return the vectors of the transformer; read them if an earlier run kept them."""
    path = kept / "vectors.npz"
    if not path.is_file():
        kept.mkdir(parents=True, exist_ok=True)
        model = adapted_model()
        names = sorted(tokenizer.get_vocab().items(), key=lambda one: one[1])
        alone = model.encode([name.removeprefix("##") for name, _ in names], QUERY_TOKENS)
        asked = model.encode(texts, QUERY_TOKENS)
        say("texts embedded")
        documents = model.encode(pool.documents, DOCUMENT_TOKENS)
        np.savez(path, documents=documents, texts=asked, alone=alone)
    with np.load(path) as found:
        named = dict(zip(texts, found["texts"], strict=True))
        return WordVectors(found["documents"], named, found["alone"])


def adapted_model() -> TextModel:
    """Return the transformer of the default model, the update of the adapter in its weights."""
    model = TextModel.load(find_model(BASE_MODEL))
    with torch.no_grad():
        for name, update in LowRankAdapter.read(ADAPTER).updates():
            model.transformer.get_parameter(f"{name}.weight").add_(torch.from_numpy(update))
    return model


if __name__ == "__main__":
    main()
