"""Schemas that clients accept: OpenAPI 3.0, and the tools of OpenAI, Gemini and Anthropic."""

from __future__ import annotations

import re
from collections.abc import Iterator

import jsonschema
import pytest
import requests
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from openapi_spec_validator import OpenAPIV30SpecValidator

from support.serving import in_a_loop

TYPES = {"string", "number", "integer", "boolean", "array", "object"}


@pytest.fixture(scope="module")
def tools(address):
    async def talk():
        async with (
            streamable_http_client(f"{address}gradio_api/mcp/") as streams,
            ClientSession(streams[0], streams[1]) as session,
        ):
            await session.initialize()
            return (await session.list_tools()).tools

    return in_a_loop(talk)


@pytest.fixture(scope="module")
def openapi(address):
    return requests.get(f"{address}gradio_api/openapi.json", timeout=60).json()


def within(value: object) -> Iterator[dict]:
    """Every object of a JSON value."""
    if isinstance(value, dict):
        yield value
    for one in value.values() if isinstance(value, dict) else value:
        if isinstance(one, dict | list):
            yield from within(one)


def schemas_of(schema: dict) -> Iterator[dict]:
    """A schema and those within it."""
    yield schema
    for one in schema.get("properties", {}).values():
        yield from schemas_of(one)
    if "items" in schema:
        yield from schemas_of(schema["items"])


def test_tools_are_what_all_three_accept(tools):
    assert len(tools) == 7
    for tool in tools:
        jsonschema.Draft202012Validator.check_schema(tool.inputSchema)
        assert re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", tool.name)
        assert len(tool.description) <= 1024
        assert tool.inputSchema["type"] == "object"
        assert set(tool.inputSchema.get("required", ())) <= set(tool.inputSchema["properties"])
        for name in tool.inputSchema["properties"]:
            assert re.fullmatch(r"[a-zA-Z0-9_.-]{1,64}", name)


# OpenAI and Anthropic refuse the first four at the top; Gemini knows none of these at all.
UNKNOWN = {
    "oneOf", "anyOf", "allOf", "not", "$ref", "$defs", "definitions", "const", "if", "then",
    "patternProperties", "additionalProperties", "exclusiveMinimum", "exclusiveMaximum",
    "prefixItems", "additional_description", "nullable",
}  # fmt: skip


def test_every_part_of_a_tools_schema_is_plain(tools):
    for tool in tools:
        for schema in schemas_of(tool.inputSchema):
            assert not UNKNOWN & schema.keys(), tool.name
            assert schema["type"] in TYPES
            assert (schema["type"] == "array") == ("items" in schema)
            if "enum" in schema:
                assert schema["type"] == "string"
                assert all(isinstance(one, str) and one for one in schema["enum"])
            if "default" in schema:
                jsonschema.validate(schema["default"], schema)


def test_every_tool_only_reads(tools):
    for tool in tools:
        assert tool.annotations.readOnlyHint is True
        assert tool.annotations.destructiveHint is False


def test_a_parameter_with_a_default_is_not_required(tools):
    for tool in tools:
        required = set(tool.inputSchema.get("required", ()))
        for name, schema in tool.inputSchema["properties"].items():
            assert not (name in required and "default" in schema)


def test_gradios_list_of_tools_has_the_same_schemas(address, tools):
    listed = requests.get(f"{address}gradio_api/mcp/schema", timeout=60).json()
    assert {one["name"]: one["inputSchema"] for one in listed} == {
        one.name: one.inputSchema for one in tools
    }


# What a schema of the document may have; OpenAPI allows more than all clients read.
SCHEMA_KEYS = {"type", "description", "default", "enum", "items", "properties", "required"}
SCHEMA_KEYS |= {"additionalProperties", "$ref", "nullable"}


def test_the_openapi_document_is_valid(openapi):
    assert openapi["openapi"].startswith("3.0.")
    assert list(OpenAPIV30SpecValidator(openapi).iter_errors()) == []
    for item in openapi["paths"].values():
        assert item.keys() <= {"get", "post"}


def test_the_validator_sees_what_was_wrong_once(openapi):
    [parameter, *_] = openapi["paths"]["/api/search"]["get"]["parameters"]
    wrong = {**openapi, "paths": {**openapi["paths"]}}
    broken = {**parameter, "schema": {"type": None}}
    operation = {**openapi["paths"]["/api/search"]["get"], "parameters": [broken]}
    wrong["paths"]["/api/search"] = {"get": operation}
    assert list(OpenAPIV30SpecValidator(wrong).iter_errors())


def test_every_schema_of_the_document_is_plain(openapi):
    found = [one["schema"] for one in within(openapi) if "schema" in one]
    found += openapi["components"]["schemas"].values()
    assert len(found) > 40
    for top in found:
        for schema in schemas_of(top):
            assert schema.keys() <= SCHEMA_KEYS
            if "$ref" in schema:
                place = openapi
                for step in schema["$ref"].removeprefix("#/").split("/"):
                    place = place[step]
                continue
            assert schema["type"] in TYPES
            assert (schema["type"] == "array") == ("items" in schema)
            assert schema.get("required", ["one"])  # 3.0 forbids an empty list
            assert set(schema.get("required", ())) <= schema.get("properties", {}).keys()


def test_the_document_says_what_is_required(openapi):
    def required(name: str) -> list[str]:
        operation = openapi["paths"][f"/gradio_api/call/v2/{name}"]["post"]
        body = operation["requestBody"]["content"]["application/json"]["schema"]
        return body.get("required", [])

    assert required("search") == ["query"]
    assert required("similar") == []
    assert required("recommend") == ["liked"]
    assert required("paper") == ["paper"]
    assert required("export") == ["papers"]
    assert required("categories") == []
    plain = {
        path: [one["name"] for one in item["get"]["parameters"] if one["required"]]
        for path, item in openapi["paths"].items()
        if path.startswith("/api/")
    }
    assert plain == {
        "/api/search": ["q"],
        "/api/search.atom": ["q"],
        "/api/similar": [],
        "/api/recommend": ["liked"],
        "/api/paper": ["paper"],
        "/api/list": [],
        "/api/list.atom": [],
        "/api/categories": [],
        "/api/export": ["paper"],
    }


def test_examples_follow_their_schemas(openapi):
    found = 0
    for item in within(openapi):
        if "schema" in item and "example" in item:
            schema = {**item["schema"], "components": openapi["components"]}
            jsonschema.validate(item["example"], schema)
            found += 1
    assert found > 50


def test_answers_follow_the_document(openapi, address):
    def answer(path: str) -> object:
        return requests.get(f"{address}api/{path}", timeout=60).json()

    for path in ("search?q=crowd", "search?q=crowd&detail=brief", "similar?paper=ClipMind"):
        check(openapi, "Hits", answer(path))
    check(openapi, "Hits", answer("recommend?liked=ClipMind&liked=DrawWell"))
    check(openapi, "Paper", answer("paper?paper=ClipMind"))
    check(openapi, "Papers", answer("list?k=20"))
    check(openapi, "Papers", answer("list?k=20&detail=brief"))
    check(openapi, "Categories", answer("categories"))


def check(openapi: dict, name: str, value: object) -> None:
    """Check a value with a schema of the document; `nullable` is what JSON schema lacks."""

    def plain(part):
        if isinstance(part, list):
            return [plain(one) for one in part]
        if not isinstance(part, dict):
            return part
        own = {key: plain(one) for key, one in part.items() if key != "nullable"}
        return {**own, "type": [own["type"], "null"]} if part.get("nullable") is True else own

    schemas = plain(openapi["components"]["schemas"])
    jsonschema.validate(value, {**schemas[name], "components": {"schemas": schemas}})
    [items] = [one for one in within(schemas["Paper"]) if "abstract_state" in one]
    papers = value.get("hits", value.get("papers", [])) if isinstance(value, dict) else []
    assert all(paper.keys() <= items.keys() | {"score", "parts", "sentence"} for paper in papers)


# --- missing and misspelt parameters, in both styles of Gradio's calls ---

FIRST = {"search": "query", "recommend": "liked", "paper": "paper"}
FIRST |= {"export": "papers"}


@pytest.mark.parametrize("name", FIRST)
@pytest.mark.parametrize("style", ["call", "call/v2", "run", "api"])
def test_a_missing_parameter_is_named(address, capfd, style, name):
    sent = {} if style == "call/v2" else {"data": []}
    answer = requests.post(f"{address}gradio_api/{style}/{name}", json=sent, timeout=60)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(f"{FIRST[name]} is missing; {name} takes ")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", [*FIRST, "similar", "categories"])
def test_a_misspelt_parameter_is_named(address, capfd, name):
    at = f"{address}gradio_api/call/v2/{name}"
    answer = requests.post(at, json={"querry": "x", "paperss": "y"}, timeout=60)
    assert answer.status_code == 400
    assert f"{name} has no parameter 'querry'" in answer.json()["error"]
    assert "\n" not in answer.json()["error"]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("name", "sent", "meant"),
    [
        ("search", "max_results", "k"),
        ("search", "q", "query"),
        ("list", "year", "since"),
        ("similar", "arxiv_id", "paper"),
        ("export", "arxiv_id", "papers"),
        ("categories", "limit", None),
    ],
)
def test_names_of_other_servers_lead_to_ours(address, name, sent, meant):
    at = f"{address}gradio_api/call/v2/{name}"
    error = requests.post(at, json={sent: "x"}, timeout=60).json()["error"]
    hint = f"did you mean {meant}?" if meant else "categories takes nothing"
    assert error == f"{name} has no parameter {sent!r}; {hint}"


@pytest.mark.parametrize("style", ["call", "run", "api"])
@pytest.mark.parametrize("sent", [{}, {"data": "x"}, {"data": None}, {"dta": ["x"]}, [], "x"])
def test_a_body_of_another_form_is_one_line(address, capfd, style, sent):
    answer = requests.post(f"{address}gradio_api/{style}/search", json=sent, timeout=60)
    assert answer.status_code == 400
    assert list(answer.json()) == ["error"]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("style", ["call", "call/v2", "run"])
@pytest.mark.parametrize("body", ["", "{", "[" * 100_000, '{"data": ["x"', "\xff"])
def test_a_body_that_is_not_json_is_one_line(address, capfd, style, body):
    answer = requests.post(
        f"{address}gradio_api/{style}/search",
        data=body.encode("latin-1"),
        headers={"Content-Type": "application/json"},
        timeout=60,
    )
    assert answer.status_code == 400
    assert answer.json() == {"error": "the body of the request is not JSON"}
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("style", ["call", "run"])
def test_too_many_values_are_one_line(address, style):
    answer = requests.post(
        f"{address}gradio_api/{style}/search", json={"data": ["x"] * 15}, timeout=60
    )
    assert answer.status_code == 400
    assert "search takes at most 14 values, not 15: search takes query, k" in answer.json()["error"]


@pytest.mark.parametrize(
    ("style", "sent"),
    [
        ("run", {"data": ["x", "5"]}),
        ("call", {"data": ["x", "5"]}),
        ("call/v2", {"query": "x", "k": "5"}),
    ],
)
def test_a_value_of_another_type_is_named(address, style, sent):
    answer = requests.post(f"{address}gradio_api/{style}/search", json=sent, timeout=60)
    assert answer.status_code == 400
    assert answer.json() == {"error": "k must be a whole number, not '5'"}


@pytest.mark.parametrize("style", ["run", "call", "call/v2"])
def test_an_unknown_endpoint_is_one_line(address, style):
    answer = requests.post(f"{address}gradio_api/{style}/predict", json={"data": []}, timeout=60)
    assert answer.status_code == 400
    assert "no endpoint is called 'predict'; one of search, similar" in answer.json()["error"]


def test_both_styles_answer_the_same(address):
    at = f"{address}gradio_api"
    whole = requests.post(f"{at}/run/search", json={"data": ["crowd", 2]}, timeout=60).json()
    events = [
        requests.post(f"{at}/call/search", json={"data": ["crowd", 2]}, timeout=60),
        requests.post(f"{at}/call/v2/search", json={"query": "crowd", "k": 2}, timeout=60),
    ]
    for way, event in zip(("call", "call/v2"), events, strict=True):
        answer = requests.get(f"{at}/{way}/search/{event.json()['event_id']}", timeout=60)
        assert answer.headers["content-type"].startswith("text/event-stream")
        name, data = answer.text.strip().split("\n")
        assert name == "event: complete"
        assert requests.models.complexjson.loads(data.removeprefix("data: ")) == whole["data"]
