"""What ranking reads of a paper is packed, and read back to the last bit."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from rftsearch.index.remote.packed import Row
from rftsearch.index.tables.forward_index import BIGRAM_WEIGHTS, UNIGRAM_WEIGHTS

DIMENSION = 7


def row(words: int = 5, pairs: int = 3) -> Row:
    chance = np.random.default_rng(4)
    met = np.zeros(words, UNIGRAM_WEIGHTS)
    for name in UNIGRAM_WEIGHTS.names or ():
        met[name] = chance.random(words)
    told = np.zeros(pairs, BIGRAM_WEIGHTS)
    told["told"] = chance.random(pairs)
    text, title = chance.random((2, DIMENSION)).astype(np.float16).astype(np.float32)
    numbers = np.sort(chance.integers(0, 2**32, words + pairs, np.uint32))
    return Row(text, title, (numbers[:words], met), (numbers[words:], told))


def same(one: Row, other: Row) -> bool:
    return all(
        np.array_equal(first, second)
        for first, second in zip(
            (one.text, one.title, *one.unigrams, *one.bigrams),
            (other.text, other.title, *other.unigrams, *other.bigrams),
            strict=True,
        )
    )


@pytest.mark.parametrize("half", [True, False])
@pytest.mark.parametrize(("words", "pairs"), [(5, 3), (0, 0), (1, 0)])
def test_a_row_is_read_back_to_the_last_bit(words, pairs, half):
    whole = row(words, pairs)
    assert same(Row.unpacked(whole.packed(half=half), DIMENSION), whole)


def test_single_precision_is_kept_where_it_is_wanted():
    whole = row()
    exact = Row(whole.text + np.float32(1e-6), whole.title, whole.unigrams, whole.bigrams)
    assert same(Row.unpacked(exact.packed(half=False), DIMENSION), exact)
    assert not same(Row.unpacked(exact.packed(half=True), DIMENSION), exact)


def test_anything_else_is_refused():
    packed = row().packed(half=True)
    content = base64.b64decode(packed)
    for wrong in ("", "no base64!", packed[:-4], base64.b64encode(content + b"ab").decode()):
        with pytest.raises(ValueError, match=r".+"):
            Row.unpacked(wrong, DIMENSION)
    with pytest.raises(ValueError, match=r".+"):
        Row.unpacked(packed, DIMENSION + 1)
