"""What written queries taught is added to the table of any collection, and only there."""

from __future__ import annotations

import json

import numpy as np
import pytest

from rftsearch.encoders.learning.change import CHANGE, LearnedChange
from rftsearch.encoders.learning.recipe import Recipe
from rftsearch.encoders.model_files import DEFAULT_MODEL, find_model
from rftsearch.encoders.static_training import learned_table, make_static, sampled
from rftsearch.errors import ModelError
from support.encoder import WordEncoder
from support.static import library_texts
from support.tiny_transformer import tokenizer_of_pieces

TOKENIZER = tokenizer_of_pieces().to_str()
VOCABULARY = json.loads(TOKENIZER)["model"]["vocab"]
RECIPE = Recipe(dimension=5, word_count=3, least_steps=2, most_steps=2)


def orthonormal(rows: int, columns: int, seed: int = 1) -> np.ndarray:
    draw = np.random.default_rng(seed)
    return np.linalg.qr(draw.standard_normal((rows, columns)))[0].astype(np.float32)


@pytest.fixture
def change() -> LearnedChange:
    """Of a teacher with seven dimensions, for two of three tokens of nine."""
    numbers = np.zeros((9, 5), np.float32)
    draw = np.random.default_rng(2)
    numbers[[2, 5]] = draw.standard_normal((2, 5))
    numbers[7] = 0.01
    return LearnedChange.of(numbers, orthonormal(7, 5), most=2)


def test_the_largest_changes_are_kept(change):
    assert change.tokens.tolist() == [2, 5]


def test_two_bits_keep_the_direction_of_a_change():
    rows = np.random.default_rng(3).standard_normal((200, 64)).astype(np.float32)
    kept = LearnedChange.of(rows, orthonormal(80, 64), most=200).rows(200)
    cosines = (rows * kept).sum(1) / np.linalg.norm(rows, axis=1) / np.linalg.norm(kept, axis=1)
    assert cosines.min() > 0.85


def test_tokens_that_did_not_change_are_not_kept():
    rows = np.zeros((9, 5), np.float32)
    rows[4] = 1
    assert LearnedChange.of(rows, orthonormal(7, 5), most=9).tokens.tolist() == [4]


@pytest.mark.parametrize("directions", [4, 5, 6, 7])
def test_a_file_gives_the_same_change_again(tmp_path, directions):
    rows = np.random.default_rng(directions).standard_normal((9, directions)).astype(np.float32)
    made = LearnedChange.of(rows, orthonormal(8, directions), most=6)
    made.save(tmp_path / "change")
    again = LearnedChange.read(tmp_path / "change")
    assert again.tokens.tolist() == made.tokens.tolist()
    assert (again.codes == made.codes).all()
    np.testing.assert_allclose(again.rows(9), made.rows(9), rtol=2e-3)


def test_axes_of_a_table_do_not_matter(change):
    vectors = np.random.default_rng(4).standard_normal((9, 5)).astype(np.float32)
    turn = orthonormal(5, 5, seed=8)
    plain = change.added(vectors, change.axes.astype(np.float64), [])
    turned = change.added(vectors @ turn, (change.axes @ turn).astype(np.float64), [])
    np.testing.assert_allclose(turned, plain @ turn, atol=1e-5)


def test_a_word_changes_as_the_tokens_that_spell_it(change):
    vectors = np.zeros((11, 5), np.float32)
    added = change.added(vectors, change.axes.astype(np.float64), [[2, 5], [0, 2]])
    np.testing.assert_allclose(added[9], added[2] + added[5], atol=1e-6)
    np.testing.assert_allclose(added[10], added[2], atol=1e-6)
    assert not added[[0, 1, 3, 4, 6, 7, 8]].any()


def test_a_model_is_the_learned_table_with_the_change():
    texts = library_texts()
    teacher = WordEncoder()
    size = len(VOCABULARY)
    numbers = np.random.default_rng(6).standard_normal((size, 4)).astype(np.float32)
    change = LearnedChange.of(numbers, orthonormal(teacher.dimension, 4), most=size)
    sample, total = sampled(texts, RECIPE)
    table = learned_table(sample, teacher, TOKENIZER, RECIPE)
    model = make_static(sample, total, teacher, TOKENIZER, RECIPE, change=change)
    moved = model.vectors - table.vectors
    expected = change.rows(size) @ change.axes.T @ table.axes
    assert len(table.names) > size  # Words of the collection have rows too.
    np.testing.assert_allclose(moved[:size], expected, atol=0.02 * np.abs(model.vectors).max())
    assert np.abs(moved[size:]).max() > 0.1


def test_another_teacher_is_left_as_it_is(change):
    texts = library_texts()
    sample, total = sampled(texts, RECIPE)
    assert WordEncoder().dimension != len(change.axes)
    plain = make_static(sample, total, WordEncoder(), TOKENIZER, RECIPE)
    given = make_static(sample, total, WordEncoder(), TOKENIZER, RECIPE, change=change)
    assert (plain.rows == given.rows).all()


def test_what_comes_with_the_program_fits_the_default_model():
    shipped = LearnedChange.read(CHANGE)
    tokenizer = json.loads((find_model(DEFAULT_MODEL) / "tokenizer.json").read_text("utf-8"))
    assert shipped.fits(384, len(tokenizer["model"]["vocab"]))
    products = shipped.axes.T @ shipped.axes
    np.testing.assert_allclose(products, np.eye(len(products)), atol=2e-3)
    assert CHANGE.stat().st_size < 2_000_000


@pytest.mark.parametrize("spoil", ["missing", "cut", "empty"])
def test_a_damaged_file_is_named_with_the_cure(change, tmp_path, spoil):
    path = tmp_path / "change.safetensors"
    change.save(path)
    if spoil == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[: 60 if spoil == "cut" else 0])
    with pytest.raises(ModelError, match=r"change\.safetensors.* reinstall rftsearch$"):
        LearnedChange.read(path)
