"""Writes a corpus of papers in the layout of arXiv's metadata snapshot, for benchmarks.

    python scripts/corpus_snapshot.py CORPUS.jsonl.xz SNAPSHOT.json.gz

A corpus is one JSON object a line, plain or compressed: `title`, `abstract` and `year`,
and where they are known `arxiv_id`, `published` and `categories`. What it lacks is made
up, the same in every run: a paper without arXiv id gets one of 2090, which arXiv has not
reached, or of the years before when those are used up, and one of no day the first of a
month of its year. A paper without categories has none in the snapshot either. The output
is packed as its name ends: .gz, .xz, .zst, or not at all.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import IO, Any, cast

from backports import zstd

from rftsearch.errors import SourceError
from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.sources.jsonl import LineError, LineReader, load_object

FIRST_YEAR, LAST_YEAR = 51, 90
"""Of made-up ids: from 2091 on they would be read as of the last century."""


def main() -> None:
    """Convert one file, as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("corpus", type=Path, help="JSON Lines, plain or compressed")
    parser.add_argument("snapshot", type=Path, help="the file to write")
    options = parser.parse_args()
    try:
        count = write(options.corpus, options.snapshot)
    except (SourceError, OSError, ValueError) as error:
        sys.exit(f"corpus_snapshot.py: {error}")
    print(f"{count:,} papers written to {options.snapshot}")


def write(corpus: Path, snapshot: Path) -> int:
    """Convert a corpus; where that fails, no half of a snapshot is left.

    Returns:
        How many papers were written.

    Raises:
        SourceError, OSError, ValueError: It cannot be read or written.
    """
    count = 0
    try:
        with _open(snapshot) as out:
            for record in convert(corpus):
                out.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
                count += 1
    except BaseException:
        snapshot.unlink(missing_ok=True)
        raise
    return count


def convert(corpus: Path) -> Iterator[dict[str, Any]]:
    """The papers of a corpus as records of a snapshot, in its order.

    Raises:
        SourceError, ValueError: It cannot be read, or is no such corpus.
    """
    with LineReader(corpus) as lines:
        for number, line in enumerate(lines):
            paper = _object(corpus, lines.line, line)
            if missing := {"title", "abstract", "year"} - paper.keys():
                raise ValueError(f"line {number + 1} of {corpus} has no {min(missing)}")
            day = date.fromisoformat(paper.get("published") or _day(paper, number))
            yield {
                "id": paper.get("arxiv_id") or made_up_id(number),
                "title": paper["title"],
                "abstract": paper["abstract"],
                "categories": " ".join(paper.get("categories") or ()),
                "comments": paper.get("venue"),
                "doi": None,
                "authors_parsed": [],
                # strftime would name days and months in the user's language.
                "versions": [{"version": "v1", "created": day.isoformat()}],
                "update_date": day.isoformat(),
            }


def _object(corpus: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        return load_object(line)
    except LineError as error:
        raise SourceError(f"line {number} of {corpus}: {error}") from error


def made_up_id(number: int) -> str:
    """An id that arXiv has not given out: `9001.00000`, a hundred thousand to a month."""
    month, rest = divmod(number, 100_000)
    before, month = divmod(month, 12)
    made = f"{LAST_YEAR - before:02}{month + 1:02}.{rest:05}"
    if LAST_YEAR - before < FIRST_YEAR or parse_arxiv_id(made) != made:
        raise ValueError("there are more papers than made-up ids: 48 million")
    return made


def _day(paper: dict[str, Any], number: int) -> str:
    """The month of its id where that is of its year; else months take turns."""
    arxiv_id = str(paper.get("arxiv_id") or "")
    month = int(arxiv_id[2:4]) if arxiv_id[:2] == str(paper["year"])[2:] else number % 12 + 1
    return f"{paper['year']}-{month:02}-01"


def _open(path: Path) -> IO[bytes]:
    if path.suffix == ".gz":
        return cast("IO[bytes]", gzip.open(path, "wb", compresslevel=6))
    if path.suffix == ".xz":
        return lzma.open(path, "wb", preset=1)
    if path.suffix == ".zst":
        return cast("IO[bytes]", zstd.open(path, "wb"))
    return path.open("wb")


if __name__ == "__main__":
    main()
