"""The plain routes: what a script sees with nothing but HTTP."""

from __future__ import annotations

import pytest
import requests

from rftsearch.errors import IndexDamagedError
from rftsearch.export import export
from rftsearch.export.lists import join_lists, name_lists
from rftsearch.tools.brief import brief_hit
from rftsearch.ui.rest.functions import in_words_of_routes


@pytest.fixture
def get(address):
    def get(query: str) -> requests.Response:
        return requests.get(f"{address}api/search?{query}", timeout=60)

    return get


def test_an_answer(get, engine):
    answer = get("q=crowd+count&k=3")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    found = engine.search("crowd count", 3)
    assert answer.json() == {
        "hits": [hit.to_dict() for hit in found],
        "facets": dict(found.facets),
        "notes": [in_words_of_routes(note) for note in found.notes],
        "understood": {"query": "crowd count", "text": "crowd count", "parts": []},
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("category=vision+(video)", {"ClipMind", "NoPreprint"}),
        ("category=audio&category=Vision+(Video)", {"ClipMind", "NoPreprint", "EarTest"}),
        ("since=2025-04&until=2025-04", {"DrawWell"}),
        ("has=code&has=model", {"CrowdSeer"}),
        ("kind=project", {"Robo-Kit"}),
        ("generative=true", {"DrawWell"}),
    ],
)
def test_filters(get, query, expected):
    hits = get(f"q=robot&{query}").json()["hits"]
    assert {hit["short_name"] for hit in hits} == expected


def test_answers_by_date(get):
    def names(query: str) -> list[str]:
        return [hit["short_name"] for hit in get(query).json()["hits"]]

    assert names("q=reward&sort=oldest") == ["ClipMind", "DrawWell", "CrowdSeer"]
    assert names("q=reward&sort=newest") == ["CrowdSeer", "DrawWell", "ClipMind"]
    assert names("q=reward&sort=relevance") == names("q=reward")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "q is missing; /api/search takes q, k, category, since"),
        ("q=", "the query is empty"),
        ("q=x&k=0", "ask for 1 to 200"),
        ("q=x&k=many", "k must be a whole number, not 'many'"),
        ("q=x&k=-1", "k is -1; ask for 1 to 200 papers"),
        ("q=x&k=99999999999999999999", "k must be a whole number"),
        ("q=x&kk=5", "/api/search has no parameter 'kk'; did you mean k?"),
        ("q=x&q=y", "q is given more than once"),
        ("q=x&category=Nope", "Nope"),
        ("q=x&since=soon", "is not a month"),
        ("q=x&sort=best", "cannot sort by 'best'; one of relevance, newest, oldest"),
        ("q=x&sort=newest&sort=oldest", "sort is given more than once"),
        ("q=x&generative=maybe", "generative must be true or false, not 'maybe'"),
        ("q=" + "x" * 4001, "q has 4001 characters"),
        ("q=x" + "&has=code" * 201, "has has 201 entries"),
    ],
)
def test_mistakes_are_one_line_of_json(get, query, words):
    answer = get(query)
    assert answer.status_code == 400
    assert list(answer.json()) == ["error"]
    assert words in answer.json()["error"]
    assert "\n" not in answer.json()["error"]


def test_other_failures_are_the_servers(get, engine, monkeypatch):
    def fail(*_, **__):
        raise IndexDamagedError("the index is damaged; rebuild it")

    monkeypatch.setattr(engine, "search", fail)
    answer = get("q=x")
    assert (answer.status_code, answer.json()) == (
        503,
        {"error": "the index is damaged; rebuild it"},
    )


def test_a_long_question_is_sent_as_json(get, address):
    asked = {"q": "crowd " * 600, "k": 3, "category": "vision (image)", "generative": False}
    answer = requests.post(f"{address}api/search", json=asked, timeout=60)
    assert answer.status_code == 200
    asked["q"] = "crowd"
    answer = requests.post(f"{address}api/search", json=asked, timeout=60)
    found = get("q=crowd&k=3&category=vision+(image)&generative=false")
    assert answer.json() == found.json()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"k": 3}, "q is missing"),
        ({"q": "x", "k": "3"}, "k must be a whole number, not '3'"),
        ({"q": "x", "kk": 3}, "no parameter 'kk'; did you mean k?"),
        ([], "must be a JSON object"),
    ],
)
def test_mistakes_in_json_are_one_line(address, sent, words):
    answer = requests.post(f"{address}api/search", json=sent, timeout=60)
    assert answer.status_code == 400
    assert words in answer.json()["error"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
def test_no_other_methods(address, method):
    answer = requests.request(method, f"{address}api/search?q=x", timeout=60)
    assert (answer.status_code, answer.json()) == (405, {"error": "use GET or POST"})
    assert answer.headers["allow"] == "GET, HEAD, POST"


# --- the other routes ---


@pytest.fixture
def ask(address):
    def ask(path: str, status: int = 200) -> requests.Response:
        answer = requests.get(f"{address}api/{path}", timeout=60)
        assert answer.status_code == status, answer.text
        return answer

    return ask


def names(answer: requests.Response) -> list[str]:
    return [hit["short_name"] for hit in answer.json()["hits"]]


def test_similar_to_a_paper_or_to_a_text(ask, address, engine):
    found = ask("similar?paper=ClipMind&k=3").json()
    assert found["hits"] == engine.similar("ClipMind", 3).to_dicts()
    assert found.keys() == {"hits", "facets", "notes"}
    text = "A video is watched twice. " * 30
    sent = requests.post(f"{address}api/similar", json={"text": text, "k": 3}, timeout=60)
    assert sent.json()["hits"] == engine.similar_to_text(text, 3).to_dicts()
    assert names(ask("similar?text=a+robot&k=1&kind=project")) == ["Robo-Kit"]


def test_recommendations(ask, engine):
    found = ask("recommend?liked=ClipMind&liked=DrawWell&disliked=EarTest&k=4&diversity=0")
    expected = engine.recommend(["ClipMind", "DrawWell"], ["EarTest"], 4, 0.0)
    assert found.json()["hits"] == expected.to_dicts()


def test_one_paper(ask, engine):
    assert ask("paper?paper=2505.00001").json() == engine.paper("CrowdSeer").to_dict()


def test_the_list(ask, engine):
    found = ask("list?k=3&offset=2&sort=oldest&has=code").json()
    everything = engine.papers(has=["code"], sort="oldest")
    assert found == {
        "papers": [one.to_dict() for one in everything[2:5]],
        "total": len(everything),
    }
    brief = ask("list?k=2&detail=brief").json()["papers"]
    assert all("abstract" not in one and "title" in one for one in brief)
    assert ask("categories").json()["categories"][0]["category"] == "Vision (Image)"


@pytest.mark.parametrize(
    ("form", "media"),
    [("bibtex", "application/x-bibtex"), ("csv", "text/csv"), ("markdown", "text/markdown")],
)
def test_exports_are_the_text_of_the_file(ask, engine, form, media):
    answer = ask(f"export?paper=ClipMind&papers=ClipMind&format={form}", 400)
    assert "paper and papers are the same parameter" in answer.json()["error"]
    answer = ask(f"export?paper=ClipMind&paper=DrawWell&format={form}")
    assert answer.headers["content-type"] == f"{media}; charset=utf-8"
    papers = [engine.paper("ClipMind"), engine.paper("DrawWell")]
    about = join_lists(name_lists(engine.status().lists))
    assert answer.content.decode() == export(papers, form, about=about).removeprefix("\ufeff")


def test_names_of_tools_are_accepted(ask, address):
    plain = ask("search?q=robot&category=audio&author=One").json()
    assert ask("search?query=robot&categories=audio&authors=One").json() == plain
    sent = {"query": "robot", "categories": ["audio"], "authors": "One"}
    assert requests.post(f"{address}api/search", json=sent, timeout=60).json() == plain


def test_short_answers(ask, engine):
    found = engine.search("crowd count", 3)
    why = engine.explain("crowd count", found)
    short = ask("search?q=crowd+count&k=3&detail=brief").json()
    assert short["hits"] == [brief_hit(*pair) for pair in zip(found, why, strict=True)]
    assert "abstract" not in short["hits"][0]


@pytest.mark.parametrize(
    "question", ["search?q=robot", "similar?paper=ClipMind", "recommend?liked=ClipMind&diversity=1"]
)
def test_pages_are_parts_of_one_answer(ask, question):
    whole = ask(f"{question}&k=9").json()["hits"]
    parts = [
        hit for start in (0, 3, 6) for hit in ask(f"{question}&k=3&offset={start}").json()["hits"]
    ]
    assert [one["id"] for one in parts] == [one["id"] for one in whole]
    assert ask(f"{question}&offset=300").json()["hits"] == []


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("paper?paper=Nope", 404, "no paper called 'Nope'"),
        ("similar?paper=qqqqqqqq", 404, "/api/search finds papers by topic"),
        ("export?paper=Nope", 404, "no paper called 'Nope'"),
        ("recommend?liked=Nope", 404, "no paper called 'Nope'"),
        ("similar", 400, "give paper or text"),
        ("recommend", 400, "liked is missing; /api/recommend takes liked"),
        ("recommend?liked=ClipMind&diversity=2", 400, "diversity is 2.0; it goes from 0 to 1"),
        ("recommend?liked=ClipMind&diversity=all", 400, "diversity must be a number"),
        ("recommend?liked=ClipMind&offset=5&sort=newest", 400, "leave it or sort out"),
        ("export?paper=ClipMind&format=pdf", 400, "no format is called 'pdf'"),
        ("list?sort=relevance", 400, "a list is newest or oldest first"),
        ("list?offset=-1", 400, "offset is -1; it goes from 0"),
        ("search?q=x&offset=995", 400, "with k=10 it goes from 0 to 990"),
        ("search?q=x&category=Nope", 400, "categories: unknown category 'Nope'"),
        ("search?q=x&detail=long", 400, "detail is 'long'; one of brief, full"),
        ("search?q=x&fetch=true", 400, "/api/search has no parameter 'fetch'"),
        ("export?query=x", 400, "/api/export has no parameter 'query'; /api/export takes paper"),
        ("serch?q=x", 404, "ask one of /api/search, /api/search.atom, /api/similar"),
        ("search/more?q=x", 404, "there is nothing at this address"),
    ],
)
def test_errors_name_the_cure(ask, path, status, words):
    answer = ask(path, status).json()
    assert list(answer) == ["error"]
    assert words in answer["error"]
    assert "\n" not in answer["error"]
    assert "`rftsearch" not in answer["error"]
    assert "_papers" not in answer["error"]


def test_a_request_that_is_too_large(address):
    def parts():
        for _ in range(70):
            yield b"x" * (1 << 14)

    head = {"Content-Type": "application/json"}
    at = f"{address}api/similar"
    whole = requests.post(at, data=b"x" * (1 << 21), headers=head, timeout=60)
    pieces = requests.post(at, data=parts(), headers=head, timeout=60)
    for answer in (whole, pieces):
        assert (answer.status_code, list(answer.json())) == (413, ["error"])


# --- what clients may keep ---


@pytest.mark.parametrize(
    "path",
    ["search?q=crowd", "similar?text=video", "list", "paper?paper=ClipMind", "search.atom?q=x"],
)
def test_an_answer_is_not_sent_twice(ask, address, path):
    first = ask(path)
    tag = first.headers["etag"]
    at = f"{address}api/{path}"
    for sent in (tag, tag.removeprefix("W/"), f'"other", {tag}'):
        again = requests.get(at, headers={"If-None-Match": sent}, timeout=60)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    for sent in ('"other"', "other", ""):
        again = requests.get(at, headers={"If-None-Match": sent}, timeout=60)
        assert (again.status_code, again.content) == (200, first.content)
    head = requests.head(at, timeout=60)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)
    assert head.headers["content-type"] == first.headers["content-type"]


def test_other_questions_have_other_tags(ask):
    paths = ("search?q=x", "search?q=y", "search?q=x&k=9", "search.atom?q=x", "similar?text=x")
    assert len({ask(path).headers["etag"] for path in paths}) == len(paths)
    assert "etag" not in ask("search?q=x&k=0", 400).headers
    assert "etag" not in ask("similar?paper=ClipMind&fetch=true").headers
