"""A query is scored and encoded once, whatever is shown of its answer."""

from __future__ import annotations

import pytest

from rftsearch import Engine, Filters
from rftsearch.index.build.build import index_papers
from rftsearch.living.labels.predict import CategoryPredictor
from rftsearch.papers.paper import ArxivMetadata, Paper
from rftsearch.search import retriever
from rftsearch.search.ranking.numeric import Parameters
from rftsearch.sources.arxiv.fetch_job import Fetched
from rftsearch.ui.page.controller import PageController
from support.encoder import WordEncoder

CATEGORIES = ("Vision", "Audio", "Robots")
WORDS = ("crowd", "count", "video", "audio", "robot", "reward")
FILTERS = [
    Filters(),
    Filters(categories=("Audio",)),
    Filters(categories=("Audio",), since="2025-02", generative=False),
    Filters(kind="project"),
    Filters(since="2030"),
]
SIZES = [Parameters(), Parameters(candidates=4)]
"""With 60 papers: everything is a candidate, and a few are."""


class CountingEncoder(WordEncoder):
    """Counts the queries and documents it encodes."""

    queries = documents = calls = 0

    def encode_documents(self, texts):
        self.documents += len(texts)
        self.calls += 1
        return super().encode_documents(texts)

    def encode_queries(self, texts):
        self.queries += len(texts)
        return super().encode_queries(texts)


def paper(number: int) -> Paper:
    words = [WORDS[number * step % len(WORDS)] for step in (1, 2, 5, 7)]
    made = Paper(
        f"2501.{number:05}",
        f"N{number}",
        f"A {words[0]} for {words[1]}",
        (CATEGORIES[number % 3],),
        kind="project" if number % 5 == 0 else "paper",
        generative=number % 4 == 0,
        released=f"2025-0{number % 4 + 1}",
        arxiv_id=f"2501.{number:05}",
    )
    return made.with_metadata(ArxivMetadata(made.id, made.title, f"The {' '.join(words)}."))


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scoring") / "index"
    index_papers(folder, [paper(number) for number in range(60)], encoder=WordEncoder())
    return folder


@pytest.fixture(params=SIZES, ids=["short list", "large collection"])
def engine(index, request):
    with Engine.open(index, encoder=CountingEncoder(), parameters=request.param) as opened:
        yield opened


@pytest.fixture
def scorings(monkeypatch):
    """The names of the functions that scored candidates, in order."""
    calls: list[str] = []

    def counting(name):
        score = getattr(retriever, name)

        def counted(*arguments, **options):
            calls.append(name)
            return score(*arguments, **options)

        monkeypatch.setattr(retriever, name, counted)

    counting("score_query")
    counting("score_similar")
    return calls


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize("sort", ["relevance", "newest"])
@pytest.mark.parametrize("query", ["count the crowd", "N7", "N7 counts a crowd", "2401.99999"])
def test_one_scoring_gives_what_two_questions_give(engine, query, filters, sort):
    answer = engine.answer(query, 4, filters, sort=sort)
    assert answer.facets == engine.facets(filters, query)
    results = engine.search(query, 4, filters, sort=sort)
    assert [hit.paper for hit in answer.results] == [hit.paper for hit in results]
    assert [hit.score for hit in answer.results] == pytest.approx([hit.score for hit in results])
    assert (answer.results.notes, answer.results.facets) == (results.notes, results.facets)


@pytest.mark.parametrize("filters", FILTERS)
def test_the_engine_scores_an_answer_once(engine, scorings, filters):
    engine.answer("count the crowd", 5, filters)
    assert scorings == ["score_query"]
    scorings.clear()
    engine.answer("N7", 5, filters)
    assert scorings == ["score_similar"]


@pytest.mark.parametrize(
    "view",
    [{}, {"categories": ["Audio"], "kind": "paper"}, {"since": "2025-02", "sort": "newest"}],
)
def test_a_view_of_the_page_scores_and_encodes_a_query_once(index, scorings, view):
    encoder = CountingEncoder()
    for parameters in SIZES:
        with Engine.open(index, encoder=encoder, parameters=parameters) as engine:
            parts = PageController(engine).show({"query": "count the crowd", **view})
        assert "crowd" in parts.found
        assert scorings == ["score_query"]
        assert encoder.queries == 1
        scorings.clear()
        encoder.queries = 0


TEXT = "A robot counts the crowd in a video. It gives a reward."


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize("sort", ["relevance", "oldest"])
def test_a_seed_is_scored_once(engine, scorings, filters, sort):
    engine.similar_to_text(TEXT, 4, filters, sort=sort)
    engine.similar("N7", 4, filters, sort=sort)
    assert scorings == ["score_similar"] * 2


OUTSIDE = "2509.00001"


class Client:
    """arXiv, with one paper that no list has."""

    def fetch(self, ids):
        return Fetched({each: ArxivMetadata(each, "A robot", TEXT) for each in ids})


VIEWS = [
    {},
    {"categories": ["Audio"]},
    {"sort": "oldest"},
    {"kind": "paper", "since": "2025-02", "sort": "newest"},
]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(
    ("seed", "documents", "calls"),
    # A text and its two sentences, the title and the text of a paper, and nothing.
    [({"text": TEXT}, 3, 1), ({"seed": OUTSIDE}, 2, 2), ({"seed": "N7"}, 0, 0)],
)
def test_a_view_of_similar_papers_scores_and_encodes_once(
    index, scorings, view, seed, documents, calls
):
    encoder = CountingEncoder()
    for parameters in SIZES:
        with Engine.open(index, encoder=encoder, parameters=parameters, client=Client()) as engine:
            CategoryPredictor.of(engine)  # Once for each build: it encodes the categories' names.
            encoder.documents = encoder.calls = 0
            parts = PageController(engine).show({**seed, **view})
        assert ("Predicted" in parts.found) == bool(documents)
        assert scorings == ["score_similar"]
        assert (encoder.documents, encoder.calls) == (documents, calls)
        scorings.clear()
        encoder.documents = encoder.calls = 0
