"""The endpoints as programs see them: over HTTP, through Gradio's own client."""

from __future__ import annotations

import re

import bibtexparser
import pytest
import requests
from gradio_client import Client
from gradio_client.exceptions import AppError

from rftsearch.papers.filter_fields import FILTER_FIELDS

FIELDS = {
    "id", "short_name", "title", "category", "categories", "kind", "released", "arxiv_id", "links",
    "score",
}  # fmt: skip


@pytest.fixture(scope="module")
def client(address):
    client = Client(address, verbose=False, analytics_enabled=False)
    yield client
    client.close()


def names(hits) -> list[str]:
    return [hit["short_name"] for hit in hits]


ENDPOINTS = {"/search", "/similar", "/recommend", "/paper", "/list", "/categories", "/export"}
FILTERS = [field.name for field in FILTER_FIELDS]


def test_these_endpoints_are_all_there_is(client, address):
    public = client.view_api(return_format="dict")
    assert set(public["named_endpoints"]) == ENDPOINTS
    assert public["unnamed_endpoints"] == {}
    openapi = requests.get(f"{address}gradio_api/openapi.json", timeout=60).json()
    called = {name for name in ENDPOINTS if f"/gradio_api/call/v2{name}" in openapi["paths"]}
    assert called == ENDPOINTS


@pytest.mark.parametrize(
    ("endpoint", "parameters", "needed"),
    [
        ("/search", ["query", "k", *FILTERS, "sort", "ignore", "offset"], 1),
        ("/similar", ["paper", "k", *FILTERS, "fetch", "sort", "text", "offset"], 0),
        (
            "/recommend",
            ["liked", "disliked", "k", "diversity", *FILTERS, "fetch", "sort", "offset"],
            1,
        ),
        ("/paper", ["paper", "fetch"], 1),
        ("/list", [*FILTERS, "k", "offset", "sort"], 0),
        ("/categories", [], 0),
        ("/export", ["papers", "format"], 1),
    ],
)
def test_parameters_are_typed_and_described(client, endpoint, parameters, needed):
    found = client.view_api(return_format="dict")["named_endpoints"][endpoint]
    assert [parameter["parameter_name"] for parameter in found["parameters"]] == parameters
    without = [not parameter["parameter_has_default"] for parameter in found["parameters"]]
    assert without == [True] * needed + [False] * (len(parameters) - needed)
    assert found["description"].endswith(".")
    [returned] = found["returns"]
    assert returned["python_type"]["type"].startswith(("list[dict", "dict(", "str"))
    assert "hits" not in returned["python_type"]["type"]
    assert all(parameter["python_type"]["type"] != "Any" for parameter in found["parameters"])


def test_search(client):
    hits = client.predict("crowd", k=3, api_name="/search")
    assert len(hits) == 3
    assert hits[0]["short_name"] == "CrowdSeer"
    assert hits[0].keys() >= FIELDS
    assert hits[0]["score"] > hits[1]["score"]
    assert hits[0]["links"][0] == {
        "kind": "code", "url": "https://example.org/crowdseer", "label": "Code",
    }  # fmt: skip


def test_ten_hits_unless_asked_otherwise(client):
    assert len(client.predict("crowd", api_name="/search")) == 10


@pytest.mark.parametrize(
    "reference", ["2504.00002", "drawwell", "https://arxiv.org/pdf/2504.00002v3"]
)
def test_similar(client, reference):
    hits = client.predict(reference, k=20, api_name="/similar")
    assert len(hits) == 13
    assert "DrawWell" not in names(hits)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"categories": ["vision (video)"]}, {"ClipMind", "NoPreprint"}),
        ({"since": "2025-04", "until": "2025-04"}, {"DrawWell"}),
        ({"has": ["code", "model"]}, {"CrowdSeer"}),
        ({"kind": "project"}, {"Robo-Kit"}),
        ({"generative": True}, {"DrawWell"}),
    ],
)
def test_filters(client, filters, expected):
    for endpoint, asked in (("/search", "robot"), ("/similar", "EarTest")):
        assert set(names(client.predict(asked, api_name=endpoint, **filters))) == expected


def test_recommend(client):
    hits = client.predict(["CrowdSeer", "ClipMind"], ["EarTest"], k=20, api_name="/recommend")
    assert len(hits) == 11
    assert not {"CrowdSeer", "ClipMind", "EarTest"} & set(names(hits))
    assert hits[0]["parts"].keys() == {"liked", "disliked"}


@pytest.mark.parametrize(
    ("endpoint", "asked"),
    [("/search", "reward"), ("/similar", "DrawWell"), ("/recommend", ["DrawWell", "EarTest"])],
)
def test_answers_by_date(client, endpoint, asked):
    found = client.predict(asked, api_name=endpoint)
    assert client.predict(asked, sort="relevance", api_name=endpoint) == found
    for order in ("newest", "oldest"):
        hits = client.predict(asked, sort=order, api_name=endpoint)
        months = [hit["released"] for hit in hits if hit["released"]]
        assert months == sorted(months, reverse=order == "newest")
        assert hits != found


def test_paper(client):
    paper = client.predict("clipmind", api_name="/paper")
    assert (paper["arxiv_id"], paper["authors"][0]) == ("2503.00003", "Author One")
    assert "watched twice" in paper["abstract"]


def test_categories(client):
    counts = client.predict(api_name="/categories")
    assert counts[0] == {"category": "Vision (Image)", "count": 3}
    assert len(counts) == 4


def test_export(client):
    bibtex = client.predict(["ClipMind", "2502.00004"], api_name="/export")
    entries = bibtexparser.parse_string(bibtex).entries
    assert [entry.key for entry in entries] == ["clipmind:2503.00003", "eartest:2502.00004"]
    assert "@comment" in bibtex.lower()  # It names the list; one paper alone does not.
    assert "@comment" not in client.predict(["ClipMind"], api_name="/export").lower()
    csv = client.predict(["ClipMind"], "csv", api_name="/export")
    assert csv.startswith("key,short_name,title,")


WRONG = [
    ("/search", {"query": "   "}, "the query is empty"),
    ("/search", {"query": "x", "k": 0}, "ask for 1 to 200"),
    ("/search", {"query": "x", "k": 201}, "ask for 1 to 200"),
    ("/search", {"query": "x", "k": "5"}, "k must be a whole number, not '5'"),
    ("/search", {"query": "x", "k": True}, "k must be a whole number"),
    ("/search", {"query": "x", "k": None}, "k must be a whole number"),
    ("/search", {"query": "x", "k": 1.5}, "k must be a whole number"),
    ("/search", {"query": 5}, "query must be text, not 5"),
    ("/search", {"query": None}, "query must be text"),
    ("/search", {"query": {"a": ["b"] * 99}}, "query must be text"),
    ("/search", {"query": "x" * 4001}, "query has 4001 characters; give at most 4000"),
    ("/search", {"query": "x", "since": "soon"}, "is not a month"),
    ("/search", {"query": "x", "since": 2025}, "since must be text"),
    ("/search", {"query": "x", "categories": ["Nope"]}, "Nope"),
    ("/search", {"query": "x", "categories": 5}, "categories must be a list of texts"),
    ("/search", {"query": "x", "categories": "Nope"}, "categories: unknown category 'Nope'"),
    ("/search", {"query": "x", "categories": [5]}, "each of categories must be text"),
    ("/search", {"query": "x", "has": ["code"] * 201}, "has has 201 entries"),
    ("/search", {"query": "x", "has": ["money"]}, "unknown resource 'money'"),
    ("/search", {"query": "x", "kind": "book"}, "unknown kind 'book'"),
    ("/search", {"query": "x", "kind": ["paper"]}, "kind must be text"),
    ("/search", {"query": "x", "generative": "yes"}, "generative must be true or false"),
    ("/search", {"query": "x", "sort": "best"}, "cannot sort by 'best'; one of relevance, newest"),
    ("/search", {"query": "x", "sort": None}, "sort must be text"),
    ("/similar", {"paper": "ClipMind", "sort": "best"}, "cannot sort by 'best'"),
    ("/recommend", {"liked": ["ClipMind"], "sort": ["newest"]}, "sort must be text"),
    ("/recommend", {"liked": ["ClipMind"], "sort": "best"}, "cannot sort by 'best'"),
    ("/similar", {"paper": ["ClipMind"]}, "paper must be text"),
    ("/similar", {"paper": "ClipMind", "fetch": 1}, "fetch must be true or false"),
    ("/recommend", {"liked": {"a": "ClipMind"}}, "liked must be a list of texts"),
    ("/recommend", {"liked": []}, "nothing is liked"),
    ("/recommend", {"liked": ["ClipMind"], "diversity": "much"}, "diversity must be a number"),
    ("/recommend", {"liked": ["ClipMind"], "diversity": 2}, "it goes from 0 to 1"),
    ("/paper", {"paper": ""}, "paper"),
    ("/export", {"papers": ["ClipMind"], "format": "word"}, "no format is called 'word'"),
    ("/export", {"papers": ["ClipMind"], "format": 1}, "format must be text"),
]


@pytest.mark.parametrize(("endpoint", "asked", "words"), WRONG)
def test_mistakes_are_one_line_and_none_in_the_log(client, capfd, endpoint, asked, words):
    with pytest.raises(AppError, match=re.escape(words)) as caught:
        client.predict(api_name=endpoint, **asked)
    assert "\n" not in str(caught.value.message)
    assert capfd.readouterr() == ("", "")


def test_an_unknown_paper_names_what_comes_close(client):
    with pytest.raises(AppError, match="did you mean CrowdSeer"):
        client.predict("CrowdSear", api_name="/similar")


def test_plain_http_will_do(address):
    asked = {"data": ["crowd", 2, *[None] * len(FILTERS), "relevance"]}
    answer = requests.post(f"{address}gradio_api/run/search", json=asked, timeout=60)
    [hits] = answer.json()["data"]
    assert names(hits)[0] == "CrowdSeer"


def test_a_failure_of_the_server_is_one_line_and_in_the_log_once(
    client, address, engine, monkeypatch, capfd
):
    def fail(*_, **__):
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(engine, "search", fail)
    line = "the server failed on this request; its log says why"
    for path in ("gradio_api/run/search", "api/search"):
        asked = {"data": ["crowd"]} if "run" in path else {"q": "crowd"}
        answer = requests.post(address + path, json=asked, timeout=60)
        assert (answer.status_code, answer.json()) == (500, {"error": line})
    with pytest.raises(AppError, match=line):
        client.predict("crowd", api_name="/search")
    assert capfd.readouterr().err.count("ZeroDivisionError: a fault of ours") <= 1
