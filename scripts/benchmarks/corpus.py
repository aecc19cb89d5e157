"""Make collections of any size: the real papers of a corpus, then papers mixed from them.

A corpus is a JSON Lines file as `scripts/corpus_snapshot.py` reads it. If more papers are
wanted than it has, the others are mixed from two real ones: the beginning of one title and
the end of the other, and the sentences of both abstracts in turn. So lengths, words and
their frequencies are those of real papers, but a mixed paper has no single topic. Each run
mixes the same papers, and a larger collection begins with the smaller one.
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
"""A paper as arXiv's snapshot has it."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


def real(corpus: Path, limit: int | None = None) -> list[Record]:
    """Return the papers of a corpus, or its first ones, as records of a snapshot.

    Raises:
        UsageError: It cannot be read, or is no corpus.
        SourceError: It cannot be read.
    """
    try:
        return list(islice(convert(corpus), limit))
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot read {corpus}: {error}") from error


def papers(found: Sequence[Record], count: int) -> Iterator[Record]:
    """Yield this many papers: the real ones first, then mixed ones."""
    yield from found[:count]
    for number in range(len(found), count):
        yield draw(found, number)


def draw(found: Sequence[Record], number: int) -> Record:
    """Return the mixed paper of a number, made from two real ones; always the same one."""
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
    """Write a snapshot, compressed with Zstandard, and return its path."""
    with zstd.open(path, "wb") as file:
        for record in records:
            file.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
    return path
