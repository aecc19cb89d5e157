"""The binary files of a published folder: words, vectors, and the table of the model.

All numbers are little-endian. `docs/publish.md` lists what is in each file.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from rftsearch.encoders.static_encoder import SHARED, StaticModel
from rftsearch.errors import ModelError
from rftsearch.index.generations.generation import Generation
from rftsearch.index.tables.bm25 import length_norms
from rftsearch.index.tables.forward_index import number_of, pair_numbers
from rftsearch.papers.documents import paper_terms
from rftsearch.papers.paper import Paper
from rftsearch.types import AnyArray, FloatArray, IdArray

__all__ = ["Table", "Words", "table_of", "vectors_of", "words_of_papers"]


@dataclass(frozen=True)
class Words:
    """The terms of all papers in their order: `words.bin`.

    How often a paper has a term, how rare it is, and which words are neighbours all follow
    from the order of the terms, so that nothing else has to be sent.
    """

    content: bytes
    """Numbers of the terms, uint32; norms of the lengths, float32; and for each paper the
    lengths of head and body and their terms, as numbers of seven bits a byte."""
    terms: int
    """How many different terms there are."""
    logarithms: list[float]
    """Of 1, 2, 3 and so on, up to the most that a paper has one term; in single precision, as
    the index has them, where libraries differ in the last digit."""
    twins: list[list[int]]
    """Pairs of terms that have one number in the index by chance: the places of four terms."""


def words_of_papers(papers: Sequence[Paper]) -> Words:
    """Write the terms of some papers."""
    read = [paper_terms(paper) for paper in papers]
    numbered = [
        ([number_of(term) for term in one.head], [number_of(term) for term in one.body])
        for one in read
    ]
    having = Counter(
        chain.from_iterable(dict.fromkeys(chain(head, body)) for head, body in numbered)
    )
    # Frequent terms first: their places take one byte.
    order = sorted(having, key=lambda number: (-having[number], number))
    place = {number: at for at, number in enumerate(order)}
    lengths = np.array([2 * len(one.head) + len(one.body) for one in read], np.float32)
    mean = float(lengths.sum()) / max(int((lengths > 0).sum()), 1)
    sequences = bytearray()
    for head, body in numbered:
        _append(sequences, (len(head), len(body)))
        _append(sequences, (place[number] for number in chain(head, body)))
    numbers = np.array(order, "<u4").tobytes()
    norms = length_norms(lengths, mean).astype("<f4").tobytes()
    most = max((max(Counter(one.words).values(), default=1) for one in read), default=1)
    logarithms = np.log(np.arange(1, most + 1, dtype=np.float32)).tolist()
    content = numbers + norms + bytes(sequences)
    return Words(content, len(order), logarithms, _twins(numbered, place))


def _twins(
    numbered: Sequence[tuple[Sequence[int], Sequence[int]]], place: Mapping[int, int]
) -> list[list[int]]:
    """Return pairs of neighbours whose numbers are the same by chance.

    Args:
        numbered: The numbers of the terms of each paper, of head and body.
        place: The place of each term.
    """
    parts = [np.array(part, np.uint32) for paper in numbered for part in paper if len(part) > 1]
    if not parts:
        return []
    pairs = np.concatenate([np.stack([part[:-1], part[1:]], axis=1) for part in parts])
    pairs = np.unique(pairs, axis=0)
    own = np.array([pair_numbers(pair)[0] for pair in pairs], np.uint32)
    order = np.argsort(own, kind="stable")
    same = np.flatnonzero(own[order][1:] == own[order][:-1])
    return [
        [place[int(number)] for at in (one, one + 1) for number in pairs[order[at]]]
        for one in same.tolist()
    ]


def _append(content: bytearray, numbers: Iterable[int]) -> None:
    """Append numbers, seven bits a byte, the lowest first; more bytes follow one above 127."""
    for given in numbers:
        number = given
        while number > 127:
            content.append(number & 127 | 128)
            number >>= 7
        content.append(number)


def vectors_of(generation: Generation, ids: IdArray) -> bytes:
    """Write the vectors of papers: `vectors.bin`.

    It holds the two mean vectors and the texts, float32, and the titles, float16, as the index
    has them. Texts of 16 bits a number were tried: of 1,000 questions two had papers in another
    order, whose scores differed by less than 0.00003.

    Args:
        generation: Where they are.
        ids: (n,) int64, in the order in which they are written.
    """
    order = np.argsort(ids, kind="stable")
    back = np.empty_like(order)
    back[order] = np.arange(len(ids))
    texts = np.asarray(generation.vectors.vectors(ids[order]), "<f4")[back]
    titles = np.asarray(generation.every_title[generation.places(ids[order])][back], "<f2")
    means = np.stack([generation.mean_vector, generation.title_mean_vector]).astype("<f4")
    return b"".join(each.tobytes() for each in (means, texts, titles))


@dataclass(frozen=True)
class Table:
    """The table by which a browser encodes questions: `table.bin` and `pieces.json`."""

    content: bytes
    """Scales, float32, and rows, int8."""
    pieces: list[str]
    """The pieces of words, by their rows."""
    settings: dict[str, Any]
    """What else is needed to encode: see `site/engine/encode.js`."""


def table_of(model: StaticModel) -> Table:
    """Write a static model.

    Raises:
        ModelError: Its tokenizer does not split words as that of BERT does.
    """
    state = json.loads(model.tokenizer)
    normalizer, reader = state.get("normalizer") or {}, state["model"]
    sound = (
        normalizer.get("type") == "BertNormalizer"
        and (state.get("pre_tokenizer") or {}).get("type") == "BertPreTokenizer"
        and reader.get("type") == "WordPiece"
        and reader.get("continuing_subword_prefix", "##") == "##"
    )
    if not sound:
        raise ModelError(
            "the tokenizer of this static model is not one that a browser can run; "
            "`rftsearch build --model static` makes another model, and `--no-meaning` publishes "
            "a search by words alone"
        )
    pieces = [""] * len(model.rows)
    for piece, row in reader["vocab"].items():
        if row < len(pieces):
            pieces[row] = piece
    lowercase = bool(normalizer.get("lowercase", True))
    accents = normalizer.get("strip_accents")
    return Table(
        _bytes(model.scales, "<f4") + _bytes(model.rows, "i1"),
        pieces,
        {
            "dimension": int(model.rows.shape[1]),
            "shared": float(model.settings[SHARED]),
            "unknown": reader["unk_token"],
            "longest": int(reader.get("max_input_chars_per_word", 100)),
            "special": [one["content"] for one in state.get("added_tokens", [])],
            "clean": bool(normalizer.get("clean_text", True)),
            "ideographs": bool(normalizer.get("handle_chinese_chars", True)),
            "lowercase": lowercase,
            "accents": lowercase if accents is None else bool(accents),
        },
    )


def _bytes(array: AnyArray | FloatArray, kind: str) -> bytes:
    return np.ascontiguousarray(array, kind).tobytes()
