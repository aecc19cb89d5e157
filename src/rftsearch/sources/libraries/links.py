"""Links of an entry: what the addresses in its fields and remarks lead to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.papers.paper import Link
from rftsearch.sources.bounds import LONGEST_TITLE
from rftsearch.sources.link_kinds import kind_of_label, kind_of_link
from rftsearch.sources.markdown.unread import is_paper_page
from rftsearch.text.addresses import is_web_address

__all__ = ["Linked", "links_of", "web_addresses"]

Linked = tuple[str, str]
"""What stands before an address, and the address."""

_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_APART = re.compile(r"[;,.](?=\s)")
_ONE_LINK = re.compile(r"(?P<label>[^:;]{1,200}): (?P<url>https?://\S+)", re.IGNORECASE)
_LEADS_TO = re.compile(
    r"(?:\s*\b(?:is|are|available|released|at|on|in|from|under|see|here))+\W*$", re.IGNORECASE
)
"""What stands between the words for a thing and its address: `code is available at`."""
_LONGEST_REMARK = 20_000
# What stands at these addresses only lists papers, or leads on to one that is known.
_LEADS_ON = re.compile(
    r"https?://(?:[\w-]+\.)*(?:doi\.org|semanticscholar\.org|dblp\.(?:org|uni-trier\.de)"
    r"|adsabs\.harvard\.edu|inspirehep\.net|scholar\.google\.\w+|zotero\.org|mendeley\.com"
    r"|paperpile\.com|api\.[\w.-]+)/",
    re.IGNORECASE,
)


_WITHOUT_SCHEME = re.compile(r"(?:www\.[\w-]+|(?:[\w-]+\.){1,3}(?:org|com|net|io|edu))(?:/\S*)?")


def web_addresses(field: str) -> list[str]:
    """Return the addresses that a field for addresses holds; people leave out `https://`."""
    if found := _ADDRESS.findall(field):
        return found
    return [f"https://{one}" for one in field.split() if _WITHOUT_SCHEME.fullmatch(one)]


def addresses_in(text: str) -> Iterator[Linked]:
    """Yield the addresses of a remark: `Code: https://...; Data: https://...`."""
    text = text[:_LONGEST_REMARK]
    if whole := _ONE_LINK.fullmatch(text):
        yield whole["label"].strip(), whole["url"]
        return
    end = 0
    for found in _ADDRESS.finditer(text):
        label = _APART.split(text[end : found.start()])[-1]
        for opening, closing in ("()", "[]"):
            if label.count(opening) > label.count(closing):
                before, _, inside = label.rpartition(opening)
                label = _LEADS_TO.sub("", f" {inside}").strip() or before
        url = re.split(r"[;,](?:$|\s)", found[0])[0].rstrip(";,.)]>}\"'")
        if "(" in url and found[0][len(url) :].startswith(")"):
            url += ")"
        yield _LEADS_TO.sub("", label).strip(" :-\u2013"), url
        end = found.end()


def links_of(
    main: Iterable[str], named: Iterable[Linked], remarks: Iterable[str], arxiv_id: str | None
) -> tuple[Link, ...]:
    """Return the typed links of an entry.

    Args:
        main: Where its fields say that it can be read, the best first.
        named: Fields for one kind of link: the name of the field, and what stands there.
        remarks: Texts in which addresses may stand.
        arxiv_id: Its own, if it has one: links to that are none of these.
    """
    found: dict[tuple[str, str], Link] = {}
    for name, text in named:
        for label, url in chain.from_iterable(map(addresses_in, re.split(r";\s", text))):
            _add(found, kind_of_label(name) or kind_of_link(label, url), url, label, arxiv_id)
    for text in remarks:
        for label, url in addresses_in(text):
            _add(found, kind_of_link(label, url), url, label, arxiv_id)
    known = {kind for kind, _ in found}
    for number, url in enumerate(main):
        kind = None if url.lower().endswith(".pdf") else kind_of_link("", url)
        if kind is None and (number or arxiv_id) and not _LEADS_ON.match(url):
            kind = "paper" if arxiv_id or is_paper_page(url) else None
        # What is said of a kind of link outright says more than the address of the paper.
        if kind not in known:
            _add(found, kind, url, "", arxiv_id)
    return tuple(found.values())


def _add(
    found: dict[tuple[str, str], Link], kind: str | None, url: str, label: str, own: str | None
) -> None:
    other = parse_arxiv_id(url)
    if kind is None or not is_web_address(url) or (other is not None and other == own):
        return
    if _LEADS_ON.match(url) and kind != "demo":
        return
    if label.lower() in {"", kind}:
        label = kind.capitalize()
    label = label[-LONGEST_TITLE:]
    known = found.get((kind, url))
    if known is None or known.label == kind.capitalize():
        found[kind, url] = Link(kind, url, label)
