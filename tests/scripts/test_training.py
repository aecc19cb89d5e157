"""The training of the default model's adapter, on a transformer small enough for a test."""

from __future__ import annotations

import json

import numpy as np
import pytest

from rftsearch.encoders.adapter.low_rank import LowRankAdapter
from support.paths import ROOT
from support.tiny_transformer import save_tiny_transformer

WORDS = ("crowd", "count", "video", "audio", "robot", "scan", "draw", "reward", "frame")


@pytest.fixture(scope="module", autouse=True)
def _scripts():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "scripts"))
        yield


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Queries and papers: each paper has three words of its own, and says them."""
    folder = tmp_path_factory.mktemp("training")
    draw = np.random.default_rng(3)
    papers, queries = [], []
    for number in range(120):
        own = " ".join(draw.choice(WORDS, 3, replace=False))
        papers.append({"id": f"p{number}", "title": f"{own} {number}", "abstract": f"the {own}"})
        if number < 60:
            styles = ("need", "keyword", "citation")
            queries += [{"id": f"p{number}", "type": style, "text": own} for style in styles]
    papers.append({"id": "judged", "title": "A Judged Paper!", "abstract": "the crowd"})
    write(folder / "queries.jsonl", queries)
    write(folder / "corpus.jsonl", papers)
    write(folder / "judged.jsonl", [{"title": "a judged paper"}])
    return folder


def write(path, records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")


@pytest.fixture(scope="module")
def pool(files):
    from training.data import read_pool, read_queries

    needed = {query.paper for query in read_queries(files / "queries.jsonl")}
    return read_pool(files / "corpus.jsonl", needed, 100, [files / "judged.jsonl"], 1)


def test_the_pool_has_the_papers_with_queries_and_no_judged_one(pool):
    assert len(pool.ids) == 100
    assert {f"p{number}" for number in range(60)} <= set(pool.ids)
    assert "judged" not in pool.ids


def test_all_queries_of_a_paper_are_on_one_side(files):
    from training.data import read_queries

    queries = read_queries(files / "queries.jsonl")
    sides = {(query.paper, query.held_out) for query in queries}
    assert len(sides) == 60
    assert 0 < sum(held_out for _, held_out in sides) < 20


def test_the_same_paper_is_no_negative():
    import torch

    from training.loop import contrast

    asked = torch.nn.functional.normalize(torch.tensor([[1.0, 0.2], [0.2, 1.0], [1.0, 0.3]]), dim=1)
    once = contrast(asked[:2], asked[:2], [5, 6], [5, 6], 0.1)
    # The third document is the paper of the first query: it would be its strongest negative.
    again = contrast(asked[:2], asked, [5, 6], [5, 6, 5], 0.1)
    other = contrast(asked[:2], asked, [5, 6], [5, 6, 7], 0.1)
    assert other > again + 0.1
    assert again >= once


def test_mined_negatives_score_lower_than_the_right_document():
    from training.vectors import mine

    angles = np.linspace(0, 1.5, 20)
    documents = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    [found] = mine(documents[:1], np.array([2]), documents, ranks=(2, 12), below=0.95)
    scores = documents[found] @ documents[0]
    assert 2 not in found
    assert (scores < 0.95 * documents[2] @ documents[0]).all()


def test_an_adapter_learns_repeats_and_is_what_the_product_adds(files, pool, tmp_path):
    import torch

    from training.data import read_queries
    from training.loop import HeldOut, Recipe, train
    from training.lora import factors, save_adapter, set_share
    from training.vectors import TextModel

    base = save_tiny_transformer(tmp_path / "base")
    queries = read_queries(files / "queries.jsonl")
    recipe = Recipe(
        rank=2, batch=8, titles=20, first_rank=2, last_rank=20, tokens=20, rate=5e-3, newer=1
    )

    def made():
        torch.manual_seed(recipe.seed)
        model = TextModel.load(base)
        documents, draw = model.encode(pool.documents, recipe.tokens), np.random.default_rng(1)
        held_out = HeldOut.of(queries, pool, 50, draw)
        before = held_out.judge(model, pool, recipe.tokens)
        layers = train(model, pool, documents, queries, recipe, draw)
        return layers, before, held_out.judge(model, pool, recipe.tokens)

    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # Threads that wait for each other cost more than these products.
    try:
        with torch.random.fork_rng():
            layers, before, after = made()
            again = made()[0]
    finally:
        torch.set_num_threads(threads)
    assert set(after) == {"need", "keyword", "citation"}
    assert np.mean(list(after.values())) > np.mean(list(before.values()))
    for name, layer in layers.items():
        assert torch.equal(layer.up, again[name].up)
    save_adapter(factors(layers), tmp_path / "a.safetensors", {"base": "tiny", "share": "0.5"})
    updates = dict(LowRankAdapter.read(tmp_path / "a.safetensors").updates())
    assert set(updates) == set(layers)
    set_share(layers, 0.5)
    for name, layer in layers.items():
        texts = torch.ones(1, layer.base.in_features)
        added = layer(texts) - layer.base(texts)
        expected = torch.from_numpy(updates[name]).sum(1)
        torch.testing.assert_close(added[0], expected, rtol=0.02, atol=1e-3)


def test_a_change_learned_on_one_table_serves_another(files, pool):
    import torch

    from rftsearch.encoders.static_training import LearnedTable
    from training.data import read_queries
    from training.loop import HeldOut
    from training.rows import Readings
    from training.table import Begun, TableRecipe, fit_change, judge_change

    queries = read_queries(files / "queries.jsonl")
    places = {word: row for row, word in enumerate((*WORDS, "the", "unread"))}

    def rows(text):
        return np.array([places[word] for word in text.split() if word in places], np.int32)

    texts = {text: rows(text) for text in [*(q.text for q in queries), *pool.titles]}
    documents = [rows(document.replace(".", "")) for document in pool.documents]
    read = Readings(documents, texts, len(places))
    vectors = np.random.default_rng(5).normal(size=(len(places), 4)).astype(np.float32)
    vectors[places["the"]] *= 20  # The word says nothing, and drowns the others.
    turn = np.linalg.qr(np.random.default_rng(6).normal(size=(4, 4)))[0]

    def begun(axes):
        table = LearnedTable((vectors @ axes).astype(np.float32), list(places), "", axes, 0.0)
        return Begun.of(table, documents, texts, np.eye(4))

    one, other = begun(np.eye(4)), begun(turn)  # The same table, turned.
    held_out = HeldOut.of(queries, pool, 50, np.random.default_rng(1))
    recipe = TableRecipe(
        batch=32, epochs=6, titles=20, rate=0.2, pool=100, temperature=0.05, decay=0.0
    )
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # Threads that wait for each other cost more than these products.
    try:
        change = fit_change([one], pool, read, queries, recipe)
    finally:
        torch.set_num_threads(threads)
    before, after, there = (
        np.concatenate([*judge_change(each, table, held_out, read).values()]).mean()
        for each, table in ((0 * change, one), (change, one), (change, other))
    )
    assert after > before + 0.1
    assert there == pytest.approx(after)
    assert not change[places["unread"]].any()


def test_recipes_with_a_result_are_passed_over(tmp_path):
    from training.loop import Recipe
    from training.recipes import asked_for, keep_result

    results, usual = tmp_path / "made" / "results.jsonl", {"sharp": ("temperature=0.02",)}
    [(name, changes)] = asked_for(None, usual, results)
    recipe = Recipe().changed(changes)
    assert (name, recipe.temperature, recipe.rank) == ("sharp", 0.02, Recipe.rank)
    keep_result(results, name, recipe, {"1": {"need": np.array([1.0, 0.5])}})
    [line] = map(json.loads, results.read_text("utf-8").splitlines())
    assert line["nDCG@10"] == {"1": {"need": [1.0, 0.5]}}
    assert not list(asked_for(None, usual, results))
    assert list(asked_for(["a rank=8", "sharp rank=2"], usual, results)) == [("a", ["rank=8"])]
    with pytest.raises(SystemExit, match="no 'heat'"):
        recipe.changed(["heat=3"])
