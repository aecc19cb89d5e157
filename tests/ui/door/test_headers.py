"""Which other sites may show the page in a frame."""

from __future__ import annotations

import pytest
import requests

from rftsearch.errors import UsageError
from rftsearch.ui.door.headers import framing_origins, policy
from support.serving import served


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://example.org", "https://example.org"),
        ("https://Example.org/", "https://example.org"),
        ("http://localhost:3000", "http://localhost:3000"),
        (" https://a-b.example.org ", "https://a-b.example.org"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_an_origin_is_a_scheme_and_a_host(given, origin):
    assert framing_origins([given]) == (origin,)


@pytest.mark.parametrize(
    "given",
    [
        "",
        "*",
        "example.org",
        "https://",
        "https://*",
        "https://example.org/page",
        "https://example.org;script-src *",
        "https://example.org https://other.example.org",
        "https://example.org\nx: y",
        "https://user@example.org",
        "https://example.org:0",
        "https://example.org:99999",
        "ftp://example.org",
        "javascript:alert(1)",
        "https://exämple.org",
        "'self'",
    ],
)
def test_what_is_no_origin_is_one_line(given):
    with pytest.raises(UsageError, match="is not an origin; write scheme and host alone") as error:
        framing_origins([given])
    assert "\n" not in str(error.value)


def test_the_variable_names_more(monkeypatch):
    monkeypatch.setenv(
        "RFTSEARCH_EMBED_FROM", "https://a.example, https://b.example https://a.example"
    )
    assert framing_origins(["https://c.example"]) == (
        "https://c.example",
        "https://a.example",
        "https://b.example",
    )


def test_without_it_no_other_site_may():
    assert framing_origins([]) == ()
    assert "frame-ancestors 'self'" in policy().split("; ")


def test_every_answer_names_the_origins(engine):
    with served(engine, embed_from=["https://lab.example.org"]) as address:
        for path in ("", "config", "nothing"):
            rules = requests.get(address + path, timeout=60).headers["content-security-policy"]
            assert "frame-ancestors 'self' https://lab.example.org" in rules.split("; ")
