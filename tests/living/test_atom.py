from __future__ import annotations

from dataclasses import replace
from xml.etree.ElementTree import fromstring

from hypothesis import given
from hypothesis import strategies as st

from rftsearch.living.atom import FeedEntry, write_feed
from rftsearch.papers.paper import ArxivMetadata, Link, Paper

NAMES = {"a": "http://www.w3.org/2005/Atom"}
DAY = "2026-03-01T12:00:00+00:00"
PAPER = Paper(
    "2503.01234",
    "Lantern",
    "Lantern: Seeing in the Dark",
    ("Light & Shade",),
    url="https://arxiv.org/abs/2503.01234",
    links=(Link("code", "https://example.org/?a=1&b=2", "Code"), Link("code", "javascript:x", "X")),
).with_metadata(ArxivMetadata("2503.01234", "Lantern: $\\alpha$ < 1", "We see.", ("Mina Okafor",)))


def feed(*entries: FeedEntry, title: str = "New papers"):
    return fromstring(write_feed(title, "urn:example:1", DAY, entries))  # noqa: S314 - our own


def test_an_entry_has_what_readers_show():
    root = feed(FeedEntry(PAPER, DAY))
    assert root.findtext("a:title", None, NAMES) == "New papers"
    assert root.findtext("a:updated", None, NAMES) == DAY
    [entry] = root.findall("a:entry", NAMES)
    assert entry.findtext("a:title", None, NAMES) == "Lantern: \u03b1 < 1"
    assert entry.findtext("a:id", None, NAMES) == PAPER.url
    assert entry.findtext("a:author/a:name", None, NAMES) == "Mina Okafor"
    assert entry.findtext("a:summary", None, NAMES) == "We see."
    assert [(link.get("rel"), link.get("href")) for link in entry.findall("a:link", NAMES)] == [
        ("alternate", PAPER.url),
        ("related", "https://example.org/?a=1&b=2"),
    ]
    assert [each.get("term") for each in entry.findall("a:category", NAMES)] == ["Light & Shade"]


def test_a_paper_without_an_address_has_an_id_all_the_same():
    [entry] = feed(FeedEntry(replace(PAPER, url=None, metadata=None), DAY)).findall(
        "a:entry", NAMES
    )
    assert entry.findtext("a:id", None, NAMES) == "urn:rftsearch:2503.01234"
    assert entry.findtext("a:author/a:name", None, NAMES) == "unknown"


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_any_text_makes_a_feed_that_can_be_read(title, name, summary):
    paper = replace(PAPER, title=title, metadata=None, id=name, url=None, categories=(name,))
    root = feed(FeedEntry(paper, DAY, summary), title=title)
    assert len(root.findall("a:entry", NAMES)) == 1
