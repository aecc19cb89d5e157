from __future__ import annotations

from pathlib import Path

import pytest

from rftsearch.errors import UsageError
from rftsearch.index.remote.address import Address, is_address


@pytest.mark.parametrize(
    ("text", "url", "collection"),
    [
        ("qdrant://host:6333/rft", "http://host:6333", "rft"),
        ("qdrant://host/rft", "http://host:6333", "rft"),
        ("qdrant+https://host:443/rft.v2", "https://host:443", "rft.v2"),
        ("qdrant+https://host/behind/a/proxy/rft/", "https://host:6333/behind/a/proxy", "rft"),
        ("qdrant://[::1]:7/rft", "http://[::1]:7", "rft"),
    ],
)
def test_the_address_of_a_server(text, url, collection):
    address = Address.parse(text)
    assert (address.url, address.collection, address.is_local) == (url, collection, False)
    assert Address.parse(address.text) == address
    assert is_address(text)


def test_the_addresses_of_the_local_mode(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    address = Address.parse("qdrant+path:some folder")
    assert (address.folder, address.is_local) == (tmp_path / "some folder", True)
    assert Address.parse(address.text) == address  # whole: the working folder may change
    assert Address.parse("qdrant+memory:x").text == "qdrant+memory:x"
    assert Address.parse("qdrant+memory:").collection == "papers"


@pytest.mark.parametrize("text", ["index", "/a/b", Path("qdrant:x"), "C:\\x", "qdrants://x/y", ""])
def test_what_is_a_folder(text):
    assert not is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "qdrant:host",
        "qdrant://host",
        "qdrant://host/",
        "qdrant:///rft",
        "qdrant://host:port/rft",
        "qdrant://host:99999/rft",
        "qdrant://host/a b",
        "qdrant://host/rft@12",
        "qdrant+ftp://host/rft",
        "qdrant+path:",
        "qdrant+memory:a/b",
        "qdrant+memory",
    ],
)
def test_what_is_no_address_says_how_one_is_written(text):
    with pytest.raises(UsageError, match=r"is no address of an index; write .*qdrant://host:6333/"):
        Address.parse(text)


@pytest.mark.parametrize(
    "text",
    ["qdrant://:s3cret@host/rft", "qdrant://s3cret@host/rft", "qdrant://host/rft?api_key=s3cret"],
)
def test_an_address_holds_no_secret_and_its_error_shows_none(text):
    with pytest.raises(UsageError, match="RFTSEARCH_QDRANT_API_KEY") as raised:
        Address.parse(text)
    assert "s3cret" not in str(raised.value)
