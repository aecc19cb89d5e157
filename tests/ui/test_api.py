"""The endpoints as programs see them: over HTTP, through Gradio's own client."""

from __future__ import annotations

import pytest
import requests
from gradio_client import Client
from gradio_client.exceptions import AppError

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


def test_search_and_similar_are_all_there_is(client):
    public = client.view_api(return_format="dict")
    assert set(public["named_endpoints"]) == {"/search", "/similar"}
    assert public["unnamed_endpoints"] == {}


def test_parameters_are_described(client):
    search = client.view_api(return_format="dict")["named_endpoints"]["/search"]
    assert [parameter["parameter_name"] for parameter in search["parameters"]] == [
        "query", "k", "categories", "since", "until", "has", "kind", "generative",
    ]  # fmt: skip
    assert [parameter["parameter_has_default"] for parameter in search["parameters"]] == [
        False, *[True] * 7,
    ]  # fmt: skip
    assert "what they are about" in search["description"]
    assert search["returns"][0]["python_type"]["type"].startswith("list[dict")


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


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"query": "   "}, "the query is empty"),
        ({"query": "x", "k": 0}, "ask for 1 or more"),
        ({"query": "x", "since": "soon"}, "is not a month"),
        ({"query": "x", "categories": ["Nope"]}, "Nope"),
    ],
)
def test_mistakes_are_one_line(client, asked, words):
    with pytest.raises(AppError, match=words) as caught:
        client.predict(api_name="/search", **asked)
    assert "Traceback" not in str(caught.value)


def test_an_unknown_paper_names_what_comes_close(client):
    with pytest.raises(AppError, match="did you mean CrowdSeer"):
        client.predict("CrowdSear", api_name="/similar")


def test_plain_http_will_do(address):
    asked = {"data": ["crowd", 2, *[None] * 6]}
    answer = requests.post(f"{address}gradio_api/run/search", json=asked, timeout=20)
    [hits] = answer.json()["data"]
    assert names(hits)[0] == "CrowdSeer"
