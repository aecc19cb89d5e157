"""Make collections of any size: the real papers of a corpus, then papers mixed from them.

A corpus is JSON Lines as `scripts/corpus_snapshot.py` reads them. Beyond its size a
paper is drawn: the beginning of one real title and the end of another, and the
sentences of both abstracts in turns. Lengths, words and how often each is used are
then those of real papers; what a drawn paper is about is not one thing. The same
papers are drawn in each run, and a larger collection begins with a smaller one.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

from backports import zstd

from corpus_snapshot import convert, made_up_id
from rftsearch.errors import UsageError

__all__ = ["Record", "draw", "papers", "real", "write_snapshot"]

Record = dict[str, Any]
"""A paper in the layout of arXiv's snapshot."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


def real(corpus: Path, limit: int | None = None) -> list[Record]:
    """The papers of a corpus, or its first ones, as records of a snapshot.

    Raises:
        UsageError: It cannot be read, or is no corpus.
        SourceError: It cannot be read.
    """
    try:
        return list(islice(convert(corpus), limit))
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot read {corpus}: {error}") from error


def papers(found: Sequence[Record], count: int) -> Iterator[Record]:
    """So many papers: the real ones first, then drawn ones."""
    yield from found[:count]
    for number in range(len(found), count):
        yield draw(found, number)


def draw(found: Sequence[Record], number: int) -> Record:
    """The paper of a number, put together of two real ones; the same one each time."""
    chance = random.Random(number)  # noqa: S311 - nothing secret
    one, other = chance.choice(found), chance.choice(found)
    begin, end = one["title"].split(), other["title"].split()
    sentences = zip_longest(_SENTENCE.split(one["abstract"]), _SENTENCE.split(other["abstract"]))
    mixed = [sentence for pair in sentences for sentence in pair if sentence]
    return {
        **one,
        "id": made_up_id(number),
        "title": " ".join([*begin[: -(-len(begin) // 2)], *end[len(end) // 2 :]]),
        "abstract": " ".join(mixed[: -(-len(mixed) // 2)]),
    }


def write_snapshot(path: Path, records: Iterator[Record]) -> Path:
    """Write a snapshot, packed by Zstandard; the file."""
    with zstd.open(path, "wb") as file:
        for record in records:
            file.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
    return path
