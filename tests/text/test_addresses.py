from __future__ import annotations

import pytest

from rftsearch.text.addresses import find_addresses, is_web_address


@pytest.mark.parametrize("url", ["https://example.org", "HTTP://example.org/a", "http://x?y"])
def test_a_web_address(url):
    assert is_web_address(url)


@pytest.mark.parametrize(
    "url", ["", "example.org", "//example.org", "javascript:alert(1)", "https:///a", "ftp://x.y"]
)
def test_what_is_no_web_address(url):
    assert not is_web_address(url)


def test_addresses_in_a_sentence_end_before_its_signs():
    text = "See https://a.org/x.pdf, (http://b.org/y) and <https://c.org/?q=1#z>."
    assert find_addresses(text) == ["https://a.org/x.pdf", "http://b.org/y", "https://c.org/?q=1#z"]
