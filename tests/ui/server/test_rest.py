"""The plain route: what a script sees with nothing but HTTP."""

from __future__ import annotations

import pytest
import requests

from rftsearch.errors import IndexDamagedError


@pytest.fixture
def get(address):
    def get(query: str) -> requests.Response:
        return requests.get(f"{address}api/search?{query}", timeout=20)

    return get


def test_an_answer(get, engine):
    answer = get("q=crowd+count&k=3")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    found = engine.search("crowd count", 3)
    assert answer.json() == {
        "hits": [hit.to_dict() for hit in found],
        "facets": dict(found.facets),
        "notes": list(found.notes),
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
        ("", "say what to search for: /api/search?q="),
        ("q=", "the query is empty"),
        ("q=x&k=0", "ask for 1 to 200"),
        ("q=x&k=many", "k must be a whole number, not 'many'"),
        ("q=x&k=-1", "k is -1; ask for 1 to 200 papers"),
        ("q=x&k=99999999999999999999", "k must be a whole number"),
        ("q=x&kk=5", "no parameter is called 'kk'; one of q, k, since"),
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
    answer = requests.post(f"{address}api/search", json=asked, timeout=20)
    assert answer.status_code == 200
    asked["q"] = "crowd"
    answer = requests.post(f"{address}api/search", json=asked, timeout=20)
    found = get("q=crowd&k=3&category=vision+(image)&generative=false")
    assert answer.json() == found.json()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"k": 3}, "q is missing"),
        ({"q": "x", "k": "3"}, "k must be a whole number, not '3'"),
        ({"q": "x", "kk": 3}, "no parameter is called 'kk'"),
        ([], "must be a JSON object"),
    ],
)
def test_mistakes_in_json_are_one_line(address, sent, words):
    answer = requests.post(f"{address}api/search", json=sent, timeout=20)
    assert answer.status_code == 400
    assert words in answer.json()["error"]


def test_no_other_methods(address):
    assert requests.put(f"{address}api/search?q=x", timeout=20).status_code == 405
