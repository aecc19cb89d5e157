"""Ask an index on Qdrant and its folder the same questions, and compare the answers.

    python scripts/compare_places.py qdrant+memory:papers --index FOLDER
    python scripts/compare_places.py qdrant://host:6333/papers --questions queries.jsonl

The index is published at the address first, unless that holds it already. The questions are
phrases of its titles, words of its titles mixed, names, authors and ids, drawn the same way
in each run; a file adds others, one JSON object with `text` in each line. Two answers are
the same if the first ten papers, the parts of their scores and the notes are. Times are
seen from here: what the network takes is among them.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.questions import Phrases, Questions
from rftsearch.cli.progress import progress
from rftsearch.errors import RftsearchError
from rftsearch.index.remote.publish import upload_generation
from rftsearch.papers.paper import Paper
from rftsearch.papers.results import Results
from rftsearch.search.engine import Engine
from rftsearch.settings import index_path

Ask = Callable[[str], Results]


@dataclass
class Compared:
    """What the questions of one kind gave."""

    kind: str
    folder: list[float] = field(default_factory=list)
    """Seconds of each question."""
    server: list[float] = field(default_factory=list)
    different: list[str] = field(default_factory=list)
    """Questions whose two answers are not the same."""

    def ask(self, question: str, here: Ask, there: Ask) -> None:
        """Ask both the same question."""
        answers = []
        for ask, times in ((here, self.folder), (there, self.server)):
            began = time.perf_counter()
            answers.append(ask(question))
            times.append(time.perf_counter() - began)
        if shown(answers[0]) != shown(answers[1]):
            self.different.append(question)

    def row(self) -> str:
        """Return a row of the table."""
        asked = len(self.folder)
        here, there = (1000 * float(np.median(times)) for times in (self.folder, self.server))
        same = asked - len(self.different)
        return f"| {self.kind} | {asked} | {same} | {here:.1f} | {there:.1f} |"


def shown(answer: Results) -> tuple[object, object]:
    """Return what must be the same of two answers."""
    return [(hit.paper.id, hit.score, hit.parts) for hit in answer], answer.notes


def questions(papers: Sequence[Paper], count: int) -> dict[str, list[str]]:
    """Return questions by kind, about `count` of all."""
    titles = [paper.title for paper in papers]
    words = sorted({word for title in titles for word in title.split() if word.isalpha()})
    some = papers[:: max(1, 5 * len(papers) // count)]
    return {
        "phrases of titles": Phrases(titles).take(2 * count // 5),
        "words of titles": Questions(words).take(count // 5),
        "names": [paper.short_name for paper in some],
        "authors": [f"papers by {paper.authors[0]}" for paper in some if paper.authors],
        "ids": [paper.id for paper in some],
    }


def main() -> int:
    """Print a table; return 1 if an answer was not the same, else 0."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("address", metavar="ADDRESS")
    parser.add_argument("--index", type=Path, help="the folder; by default that of rftsearch")
    parser.add_argument("--count", type=int, default=500, help="questions, about; %(default)s")
    parser.add_argument("--questions", type=Path, metavar="FILE", help="further questions")
    arguments = parser.parse_args()
    folder = index_path(arguments.index)
    try:
        with progress() as show:
            print(upload_generation(folder, arguments.address, show))
        with Engine.open(folder) as here, Engine.open(arguments.address) as there:
            asked = questions(here.papers(), max(arguments.count, 5))
            if arguments.questions is not None:
                lines = arguments.questions.read_text("utf-8").splitlines()
                asked[arguments.questions.name] = [json.loads(line)["text"] for line in lines]
            found = [Compared(kind) for kind, texts in asked.items() if texts]
            for one, texts in zip(found, filter(None, asked.values()), strict=True):
                for text in texts:
                    one.ask(text, here.search, there.search)
    except (RftsearchError, OSError, ValueError, KeyError) as error:
        sys.exit(f"compare_places.py: {error}")
    print("\n| questions | asked | same | folder, p50 ms | address, p50 ms |")
    print("|---|---|---|---|---|")
    for one in found:
        print(one.row())
        for question in one.different[:5]:
            print(f"not the same: {question!r}", file=sys.stderr)
    return int(any(one.different for one in found))


if __name__ == "__main__":
    sys.exit(main())
