"""Make a static encoder from a sentence model, its teacher, and the texts of a collection.

Three steps of learning, the most useful first:

1. Distillation without texts, as model2vec does it: the vector of a token is the
   teacher's vector of that token alone, and frequent tokens weigh less (Arora, Liang and
   Ma, 2017: a / (a + p), where p is the token's share of all tokens).
2. Regression: the sums are fitted to the teacher's vectors of the collection's titles
   and of some of its documents, by cosine.
3. Contrast, at the same time: a title must be nearer to its own abstract than to the
   other abstracts of a batch (van den Oord, Li and Vinyals, 2018).

What written queries taught other tables is added at the end (`LearnedChange`).

The vectors themselves are fitted, so their lengths, and with them their weights, are
learned too. Random numbers come from fixed seeds, and papers are taken in the order of
a hash of their text: a collection gives the same model in whatever order its papers come.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

import numpy as np

from rftsearch.encoders.learning.change import LearnedChange
from rftsearch.encoders.learning.guess import guessed
from rftsearch.encoders.learning.recipe import Recipe
from rftsearch.encoders.static_encoder import (
    MADE_FROM,
    SHARED,
    StaticModel,
    WordReader,
    words_of,
)
from rftsearch.papers.documents import Texts
from rftsearch.types import BoolArray, DoubleArray, FloatArray, Progress, TokenArray

__all__ = ["LearnedTable", "Teacher", "learned_table", "make_static", "sampled"]


MOST_SHARED = 0.9
"""A single document shares everything with itself; what distinguishes others needs a part."""
_UNUSED = "[unused"
"""How tokens of BERT begin that are kept free for other uses."""
TEACH_AT_ONCE = 2_048
"""Texts between two steps of the progress bar. Of 256, tokens alone were two batches, which
are computed as a question is, and took 1.2 times as much processor time."""


class Teacher(Protocol):
    """What is asked of the model that a table imitates; each `Encoder` answers it."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def encode_documents(self, texts: Sequence[str]) -> FloatArray:
        """Embed texts: (n, dimension) float32, rows of unit norm."""


def sampled(texts: Iterable[Texts], recipe: Recipe) -> tuple[list[Texts], int]:
    """Return the papers that a model is made from, ordered by a hash, and how many came.

    At most twice as many papers as are taken are held in memory.
    """
    known: dict[bytes, Texts] = {}
    total = 0
    for text in texts:
        total += 1
        known[hashlib.sha256(text.body.encode()).digest()] = text
        if len(known) >= 2 * recipe.papers:
            known = {digest: known[digest] for digest in sorted(known)[: recipe.papers]}
    return [known[digest] for digest in sorted(known)[: recipe.papers]], total


def make_static(
    sample: Sequence[Texts],
    total: int,
    teacher: Teacher,
    tokenizer: str,
    recipe: Recipe | None = None,
    progress: Progress | None = None,
    embeddings: FloatArray | None = None,
    change: LearnedChange | None = None,
) -> StaticModel:
    """Make a static model.

    Args:
        sample: Papers of the collection, as `sampled` returns them; if there are none,
            only the teacher's tokens are distilled.
        total: How many papers the collection has.
        teacher: The model whose vectors are imitated.
        tokenizer: The teacher's, in JSON; of the kind of BERT's.
        recipe: The numbers; None for the default ones.
        progress: Called with `learn` and how many texts the teacher has read.
        embeddings: (tokens, d) float32, the teacher's own of its tokens, by which those that
            it does not read are guessed; None: it reads all of them.
        change: What written queries taught tables of this teacher; None: nothing.
    """
    table = learned_table(
        sample, teacher, tokenizer, recipe or Recipe(), progress=progress, embeddings=embeddings
    )
    vectors = table.vectors
    if change is not None:
        spelled = _spelled(table.names, tokenizer)
        if change.fits(len(table.axes), len(table.names) - len(spelled)):
            vectors = change.added(vectors, table.axes, spelled)
    settings = (recipe or Recipe()).describe() | {MADE_FROM: total, SHARED: table.shared}
    return StaticModel.of(vectors, table.tokenizer, settings)


@dataclass(frozen=True)
class LearnedTable:
    """A table as it was learned from a teacher and a collection, before it is stored."""

    vectors: FloatArray
    """(tokens, dimension) float32."""
    names: Sequence[str]
    """The tokens, by row."""
    tokenizer: str
    """In JSON."""
    axes: DoubleArray
    """(dimension of the teacher, dimension) float64: which of its directions are kept."""
    shared: float
    """The cosine that any two documents share."""


def learned_table(
    sample: Sequence[Texts],
    teacher: Teacher,
    tokenizer: str,
    recipe: Recipe,
    *,
    progress: Progress | None = None,
    embeddings: FloatArray | None = None,
) -> LearnedTable:
    """Learn a table; the arguments are those of `make_static`."""
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - for builds alone

    reader, names, extended = _vocabulary(tokenizer, sample, recipe)
    bodies = reader.rows([text.body for text in sample])
    titles = reader.rows([text.title for text in sample])
    read = sample[: recipe.documents_of(len(sample))]
    lessons = [text.title for text in sample] + [text.body for text in read]
    counts = _counts(bodies, len(names), recipe)
    asked = _asked(names, counts, embeddings, recipe, len(sample))
    tokens = [name.removeprefix("##") for name, ask in zip(names, asked, strict=True) if ask]
    said = _ask(teacher, tokens, lessons, progress)
    heard = said[len(tokens) :]
    # One thread: these products are small, and two threads mostly wait for each other,
    # and took 2.3 times as much processor time.
    with threadpool_limits(1):
        alone = np.zeros((len(names), said.shape[1]), np.float32)
        alone[asked] = said[: len(tokens)]
        if embeddings is not None:
            own = len(embeddings)  # The words that were added are all asked for.
            alone[:own] = guessed(embeddings, alone[:own], asked[:own])
        axes = _axes(heard if len(heard) >= recipe.dimension else said, recipe.dimension)
        # What all documents share distinguishes none of them: it is not learned.
        middle = (heard[len(titles) :] if len(heard) else said).mean(axis=0)
        vectors = _project(alone - alone.mean(axis=0), axes)
        vectors *= _weights(counts, recipe)[:, None]
        vectors /= max(float(np.linalg.norm(vectors, axis=1).mean()), 1e-12)
        if len(sample) > 1:
            abstracts = [_rest(body, title) for body, title in zip(bodies, titles, strict=True)]
            examples, targets = titles + bodies[: len(read)], _unit(_project(heard - middle, axes))
            from rftsearch.encoders.learning.fitting import fitted  # noqa: PLC0415 - loads scipy

            vectors = fitted(vectors, examples, targets, (titles, abstracts), recipe)
    shared = min(round(float(middle @ middle), 6), MOST_SHARED)
    return LearnedTable(vectors, names, extended, axes, shared)


def _vocabulary(
    tokenizer: str, sample: Sequence[Texts], recipe: Recipe
) -> tuple[WordReader, list[str], str]:
    """The teacher's tokens, and frequent words of the sample that its tokenizer splits.

    Returns:
        A reader, the tokens by row, and the tokenizer in JSON.
    """
    from tokenizers import Tokenizer  # noqa: PLC0415 - for builds alone

    state = json.loads(tokenizer) | {"padding": None, "truncation": None}
    plain: Tokenizer = Tokenizer.from_str(json.dumps(state))
    counts = Counter(chain.from_iterable(words_of(text.body) for text in sample))
    often = [word for word, count in counts.items() if count >= recipe.word_count]
    often.sort(key=lambda word: (-counts[word], word))
    pieces = plain.encode_batch(often, add_special_tokens=False)
    split = [word for word, its in zip(often, pieces, strict=True) if _deserves(word, its.tokens)]
    known: dict[str, int] = state["model"]["vocab"]
    known |= {word: len(known) + i for i, word in enumerate(split[: recipe.words])}
    extended = json.dumps(state, ensure_ascii=False, separators=(",", ":"))
    return WordReader(Tokenizer.from_str(extended)), sorted(known, key=known.__getitem__), extended


def _spelled(names: Sequence[str], tokenizer: str) -> list[list[int]]:
    """The tokens that spell each word which the teacher does not have, in the order of rows."""
    from tokenizers import Tokenizer  # noqa: PLC0415 - for builds alone

    plain: Tokenizer = Tokenizer.from_str(tokenizer)
    added = list(names[plain.get_vocab_size(with_added_tokens=False) :])
    return [each.ids for each in plain.encode_batch(added, add_special_tokens=False)]


def _asked(
    names: Sequence[str],
    counts: DoubleArray,
    embeddings: FloatArray | None,
    recipe: Recipe,
    papers: int,
) -> BoolArray:
    """Choose the tokens that the teacher reads, (tokens,) bool: the most frequent ones.

    Args:
        names: The tokens.
        counts: (tokens,) float64, of `_counts`.
        embeddings: Those of the teacher's own tokens; None: it is asked for all.
        recipe: The numbers.
        papers: How many are read.
    """
    asked = np.ones(len(counts), np.bool_)
    if embeddings is not None:
        most = max(recipe.alone, recipe.alone_a_paper * papers)
        wanted = counts[: len(embeddings)].copy()
        # No text has these: what begins with a bracket is split there.
        wanted[[row for row, name in enumerate(names) if name.startswith(_UNUSED)]] = 0
        asked[np.argsort(-wanted, kind="stable")[most:]] = False
        asked[: len(wanted)][wanted == 0] = False
    return asked


def _deserves(word: str, pieces: Sequence[str]) -> bool:
    """Whether the tokenizer splits a word into pieces that spell it, so that it can have a row."""
    spelled = pieces[0] + "".join(piece.removeprefix("##") for piece in pieces[1:])
    return len(pieces) > 1 and spelled == word and any(map(str.isalpha, word))


def _ask(
    teacher: Teacher, tokens: Sequence[str], lessons: Sequence[str], progress: Progress | None
) -> FloatArray:
    """The teacher's vectors of tokens and of texts, (tokens + lessons, its dimension) float32.

    Many tokens are the same text, at the beginning of a word and inside; it is read once.
    """
    asked = [*tokens, *lessons]
    rows = {text: row for row, text in enumerate(dict.fromkeys(asked))}
    texts = list(rows)
    vectors = np.empty((len(texts), teacher.dimension), np.float32)
    for start in range(0, len(texts), TEACH_AT_ONCE):
        if progress is not None:
            progress("learn", start, len(texts))
        end = start + TEACH_AT_ONCE
        vectors[start:end] = teacher.encode_documents(texts[start:end])
    return vectors[[rows[text] for text in asked]]


def _rest(body: TokenArray, title: TokenArray) -> TokenArray:
    """What follows the title in a text; nothing if the text does not begin with it."""
    begins_so = np.array_equal(body[: len(title)], title)
    return body[len(title) :] if begins_so else body[:0]


def _axes(vectors: FloatArray, dimension: int) -> DoubleArray:
    """The directions in which vectors differ most, (their dimension, at most `dimension`)."""
    _, axes = np.linalg.eigh(np.cov(vectors.T.astype(np.float64)))
    axes = axes[:, ::-1][:, :dimension]
    # An axis may point either way: take the same one, whatever library computes it.
    largest = np.take_along_axis(axes, np.abs(axes).argmax(axis=0)[None], axis=0)
    return np.asarray(axes * np.sign(largest), np.float64)


def _project(vectors: FloatArray, axes: DoubleArray) -> FloatArray:
    return np.asarray(vectors @ axes, np.float32)


def _unit(vectors: FloatArray) -> FloatArray:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)


def _counts(bodies: Sequence[TokenArray], tokens: int, recipe: Recipe) -> DoubleArray:
    """How often each token is expected, in the collection and in ordinary English, (tokens,)."""
    # The vocabulary of BERT is roughly in the order of frequency, after a thousand places
    # for special tokens; Zipf's distribution over it stands for ordinary English.
    usual = 1 / np.maximum(np.arange(tokens) - 1000, 1000)
    counts = recipe.prior * usual / usual.sum()
    if bodies:
        counts += np.bincount(np.concatenate(bodies), minlength=tokens)
    return np.asarray(counts)


def _weights(counts: DoubleArray, recipe: Recipe) -> DoubleArray:
    """The weight of each token by how common it is, (tokens,) float64, 0 to 1."""
    return np.asarray(recipe.common / (recipe.common + counts / counts.sum()))
