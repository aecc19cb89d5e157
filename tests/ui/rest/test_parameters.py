"""Random parameters: whatever is sent, the answer is JSON and no failure of the server."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.datastructures import QueryParams
from starlette.routing import Router
from starlette.testclient import TestClient

from rftsearch.errors import UsageError
from rftsearch.ui.rest.address import of_address, one_name_each
from rftsearch.ui.rest.functions import plain_endpoints
from rftsearch.ui.rest.routes import rest_routes

WORDS = st.one_of(
    st.sampled_from(
        ["crowd", "ClipMind", "2025-03", "true", "5", "-1", "0.5", "audio", "code", "newest", ""]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
VALUES = st.one_of(WORDS, st.integers(), st.floats(), st.booleans(), st.none(), st.lists(WORDS))


@pytest.fixture(scope="module")
def plain(engine):
    return plain_endpoints(engine)


@pytest.fixture(scope="module")
def client(engine, plain):
    with TestClient(Router(rest_routes(engine, plain)), raise_server_exceptions=True) as client:
        yield client


@settings(max_examples=60)
@given(data=st.data())
def test_any_parameters_are_answered_in_json(client, plain, data):
    path, endpoint = data.draw(st.sampled_from(sorted(plain.items(), key=lambda one: one[0])))
    names = st.one_of(st.sampled_from([*endpoint.parameters, "query", "kk"]), WORDS)
    # Nothing may ask for another paper of arXiv than those that are there.
    sent = data.draw(st.lists(st.tuples(names, WORDS), max_size=6))
    sent = [pair for pair in sent if pair[0] != "fetch"]
    answer = client.get(f"{path}?{urlencode(sent)}")
    assert answer.status_code in {200, 400, 404}
    if answer.status_code != 200:
        [error] = answer.json().values()
        assert error
        assert "\n" not in error


@settings(max_examples=40)
@given(data=st.data())
def test_any_json_is_answered_in_json(client, plain, data):
    path, endpoint = data.draw(st.sampled_from(sorted(plain.items(), key=lambda one: one[0])))
    names = st.sampled_from([one for one in endpoint.parameters if one != "fetch"] or ["k"])
    sent = data.draw(st.dictionaries(names, VALUES, max_size=5))
    answer = client.post(path, content=_written(sent), headers={"Content-Type": "application/json"})
    assert answer.status_code in {200, 400, 404}
    if answer.status_code != 200:
        assert list(answer.json()) == ["error"]


def _written(sent: object) -> str:
    return json.dumps(sent)


@given(k=st.integers(1, 200), flag=st.booleans(), texts=st.lists(st.text(max_size=9), min_size=1))
def test_an_address_and_json_say_the_same(plain, k, flag, texts):
    endpoint = plain["/api/search"]
    value = {"q": "x", "k": k, "generative": flag, "ignore": texts}
    texts_of = [("q", "x"), ("k", str(k)), ("generative", str(flag).lower())]
    asked = QueryParams([*texts_of, *(("ignore", one) for one in texts)])
    assert of_address(endpoint, asked) == one_name_each(value, endpoint.parameters)


def test_a_name_given_twice(plain):
    with pytest.raises(UsageError, match="only category, has, author, venue, presents, ignore may"):
        of_address(plain["/api/search"], QueryParams([("k", "1"), ("k", "2")]))
    with pytest.raises(UsageError, match="give it once"):
        of_address(plain["/api/paper"], QueryParams([("paper", "1"), ("paper", "2")]))
    with pytest.raises(UsageError, match="q and query are the same parameter"):
        of_address(plain["/api/search"], QueryParams([("q", "1"), ("query", "2")]))
