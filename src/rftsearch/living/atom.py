"""Atom feeds of papers, which feed readers subscribe to (RFC 4287)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from rftsearch.papers.paper import Paper
from rftsearch.text.addresses import is_web_address
from rftsearch.text.clean import one_line
from rftsearch.text.latex import latex_to_text

__all__ = ["FeedEntry", "write_feed"]

_NAMESPACE = "http://www.w3.org/2005/Atom"
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_UNNAMED = "unknown"
"""An entry must have an author."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of a feed."""

    paper: Paper
    updated: str
    """When it was listed or proposed, ISO 8601 with a time zone."""
    summary: str = ""
    """Plain text; the abstract, if it is empty."""


def write_feed(
    title: str, feed_id: str, updated: str, entries: Iterable[FeedEntry], address: str = ""
) -> str:
    """Write an Atom feed.

    Args:
        title: In plain text.
        feed_id: A URI that stays the same for the same feed.
        updated: When it last changed, ISO 8601 with a time zone.
        entries: In the order in which they are shown.
        address: Where the feed itself is found, if it is on the web.

    Returns:
        The text of the file, which is to be written in UTF-8.
    """
    feed = Element("feed", xmlns=_NAMESPACE)
    _text(feed, "title", title)
    _text(feed, "id", feed_id)
    _text(feed, "updated", updated)
    if address:
        SubElement(feed, "link", rel="self", type="application/atom+xml", href=_clean(address))
    SubElement(feed, "generator").text = "rftsearch"
    for entry in entries:
        _add(feed, entry)
    indent(feed)
    body = tostring(feed, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'


def _add(feed: Element, entry: FeedEntry) -> None:
    paper = entry.paper
    item = SubElement(feed, "entry")
    _text(item, "title", latex_to_text(paper.title))
    url = paper.url if paper.url and is_web_address(paper.url) else None
    _text(item, "id", url or f"urn:rftsearch:{paper.id}")
    _text(item, "updated", entry.updated)
    for name in paper.authors or (_UNNAMED,):
        _text(SubElement(item, "author"), "name", name)
    if url:
        SubElement(item, "link", rel="alternate", href=_clean(url))
    for link in paper.links:
        if is_web_address(link.url):
            SubElement(item, "link", rel="related", href=_clean(link.url), title=_clean(link.label))
    for category in paper.given_categories:
        SubElement(item, "category", term=_clean(category))
    summary = latex_to_text(entry.summary or paper.abstract or paper.description)
    if summary:
        _text(item, "summary", summary)


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _clean(text)


def _clean(text: str) -> str:
    """Return a text on one line, without the characters that XML does not allow."""
    return one_line(_FORBIDDEN.sub(" ", text))
