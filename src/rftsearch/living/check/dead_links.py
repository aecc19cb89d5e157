"""The rules that ask the web: addresses that are dead, or have moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rftsearch.living.check.addresses import fault_of
from rftsearch.living.check.findings import Finding
from rftsearch.living.check.subject import Subject
from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.sources.markdown.link_places import LinkPlace
from rftsearch.text.addresses import is_web_address

if TYPE_CHECKING:
    from rftsearch.sources.web.link_status import LinkStatus

__all__ = ["addresses_of", "dead_links", "unsure_links"]

_NAMED = 3
"""Reasons that are named of addresses about which nothing is known."""


def addresses_of(subject: Subject) -> list[str]:
    """Return the addresses of a list that may be asked.

    Papers of arXiv are known by their ids, and arXiv asks programs to leave its pages to
    people. What is malformed has a rule of its own.
    """
    return list(dict.fromkeys(link.url for link in _asked(subject)))


def _asked(subject: Subject) -> Iterator[LinkPlace]:
    for link in subject.places.links:
        if link.is_image or not is_web_address(link.url) or fault_of(link) is not None:
            continue
        host = (urlsplit(link.url).hostname or "").lower()
        if parse_arxiv_id(link.url) is None and not f".{host}".endswith(".arxiv.org"):
            yield link


def dead_links(subject: Subject, asked: Mapping[str, LinkStatus]) -> Iterator[Finding]:
    """Name links whose address is dead, and those whose address has moved for good."""
    for link in _asked(subject):
        status = asked.get(link.url)
        if status is None:
            continue
        if status.verdict == "dead":
            message = f"The address does not answer ({status.said}): {link.url[:200]}"
            yield subject.at_link("dead-link", link, message)
        elif status.verdict == "moved":
            yield subject.at_link(
                "moved-link", link, f"The address has moved to {status.target[:200]}"
            )


def unsure_links(source: str, asked: Mapping[str, LinkStatus]) -> Iterator[str]:
    """Yield one sentence about the addresses of which nothing is known."""
    unsure = Counter(status.said for status in asked.values() if status.verdict == "unsure")
    if unsure:
        reasons = ", ".join(f"{said} ({count})" for said, count in unsure.most_common(_NAMED))
        more = ", ..." if len(unsure) > _NAMED else ""
        total = f"{unsure.total():,} of {len(asked):,}"
        yield f"{source}: dead-link for {total} addresses: {reasons}{more}"
