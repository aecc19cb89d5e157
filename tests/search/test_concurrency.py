"""Many threads, one engine: everyone gets what they would get alone."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from rftsearch import Engine, Filters
from rftsearch.index.build import publish
from rftsearch.index.build.build import build_index
from rftsearch.index.engines.faiss_engine import FaissEngine
from rftsearch.index.generations.manifest import Manifest
from rftsearch.search.ranking import candidates
from support.encoder import WordEncoder

THREADS = 32
PAPERS = 630
"""More than are all scored: both engines have to propose."""
WORDS = [
    one + other for one in ("ba", "ko", "mi", "ru", "te") for other in ("lan", "dor", "sop", "gim")
]


def write_many(folder: Path) -> Path:
    """A list of so many papers, each of a few words that others have too."""
    chance = random.Random(0)  # noqa: S311 - the same list each time
    lines = []
    for number in range(PAPERS):
        title = " ".join(chance.choice(WORDS) for _ in range(8)).capitalize()
        if number % (PAPERS // 3) == 0:
            lines.append(f"## Topic {len(lines)}\n\n### Papers\n")
        month = f"25{number % 12 + 1:02}"
        link = f"https://arxiv.org/abs/{month}.{number:05}"
        lines.append(f"* [{month}] [Name{number}] [Name{number}: {title}]({link})\n")
    path = folder / "many.md"
    path.write_text("# Invented papers\n\n" + "\n".join(lines), "utf-8")
    return path


@pytest.fixture(scope="module", params=[50_000, 100], ids=["compared with each", "in lists"])
def many(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("many")
    with pytest.MonkeyPatch.context() as patch:
        write = partial(publish.write_generation, engine=FaissEngine(exact=request.param))
        patch.setattr(publish, "write_generation", write)
        encoder = WordEncoder(WORDS)
        build_index(folder / "index", [write_many(folder)], encoder=encoder, offline=True)
    assert (Manifest.read(folder / "index").vectors is None) == (request.param > PAPERS)
    return folder / "index"


def questions(engine: Engine) -> list:
    """Questions of all kinds, each a function that gives ids and scores."""
    category = next(iter(engine.categories()))
    asked = []
    for number in range(40):
        query = f"{WORDS[number % 20]} {WORDS[number * 7 % 20]} {WORDS[number * 3 % 20]}"
        name = f"Name{number * 11}"
        asked += [
            partial(engine.search, query, 20),
            partial(engine.search, query, 20, Filters(categories=(category,))),
            partial(engine.search, f"{name} and {query}", 5),
            partial(engine.similar, name, 20),
            partial(engine.recommend, [name, f"Name{number + 10}"], ["Name7"], 10),
        ]
    return asked


def outcome(ask) -> list[tuple[str, float]]:
    return [(hit.paper.id, hit.score) for hit in ask()]


@pytest.mark.parametrize("alone", [50_000, 0], ids=["one after the other", "words beside"])
def test_many_threads_get_what_one_gets(many, monkeypatch, alone):
    with Engine.open(many, encoder=WordEncoder(WORDS)) as engine:
        asked = questions(engine)
        expected = [outcome(ask) for ask in asked]
    assert all(expected)
    monkeypatch.setattr(candidates, "ALONE", alone)
    # Anew, so that they also meet at everything that is made ready by the first question.
    with (
        Engine.open(many, encoder=WordEncoder(WORDS)) as engine,
        ThreadPoolExecutor(THREADS) as pool,
    ):
        found = list(pool.map(outcome, questions(engine)))
    assert found == expected


def test_words_are_looked_up_by_the_asker_where_no_other_thread_is_free():
    beside = candidates.LookupThreads(1)
    began, answered = threading.Event(), threading.Event()

    def slow():
        began.set()
        assert answered.wait(120), "nobody else could ask meanwhile"
        return threading.current_thread()

    first = beside.submit(slow)
    assert began.wait(120)
    assert beside.submit(threading.current_thread)() is threading.current_thread()
    answered.set()
    assert first() is not threading.current_thread()
    assert beside.submit(threading.current_thread)() is not threading.current_thread()


def test_one_thread_has_none_beside_it():
    assert candidates.lookup_threads(1) is None
