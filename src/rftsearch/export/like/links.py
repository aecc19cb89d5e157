"""The links and badges of an entry: what leads where, and how each is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.papers.paper import Paper
from rftsearch.sources.markdown.link_places import LinkPlace
from rftsearch.text.clean import repair, strip_emoji

__all__ = ["LABEL", "URL", "AddressForm", "Group", "LinkItem", "group_links", "remark_beside_links"]

LABEL, URL = "\x01", "\x02"
"""Stand in a template for a label and an address."""

_ARXIV_ID = re.compile(r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?")


@dataclass(frozen=True, slots=True)
class AddressForm:
    """How the address of a paper is written."""

    template: str
    """With `{id}` for the arXiv id; empty for an address that has none."""

    @classmethod
    def of(cls, target: str, paper: Paper) -> AddressForm:
        """Return the form of an address that leads to a paper."""
        if paper.arxiv_id is None:
            return cls("")
        return cls(_ARXIV_ID.sub("{id}", target, count=1) if _ARXIV_ID.search(target) else "")

    def write(self, paper: Paper) -> str | None:
        """Return the address of another paper in this form; None if it has none."""
        if paper.arxiv_id and self.template:
            return self.template.replace("{id}", paper.arxiv_id)
        return paper.url


@dataclass(frozen=True, slots=True)
class LinkItem:
    """One link of an entry."""

    kind: str
    """As in the record; `self` leads to the paper itself, and an empty one is in no record."""
    label: str
    """As the record has it."""
    raw_label: str
    template: str
    """How it is written, brackets around it included, with `LABEL` and `URL`."""
    address: AddressForm


@dataclass(frozen=True, slots=True)
class Group:
    """Links that stand beside each other."""

    start: int
    end: int
    items: tuple[LinkItem, ...]
    between: tuple[str, ...]
    """What stands between them."""


def remark_beside_links(paper: Paper) -> str:
    """Return a remark without what lines of links say again: `Dataset: TriviaQA, ELI5`."""
    remark = paper.description or ""
    labels = [re.escape(link.label) for link in paper.links if link.label]
    if not labels or ":" not in remark:
        return remark
    one = "|".join(sorted(labels, key=len, reverse=True))
    again = rf"(?:^|(?<=[\s.,;]))\w+\s*:\s*(?:{one})(?:\s*[,;|/]\s*(?:{one}))*(?=$|[\s.;])"
    return " ".join(re.sub(again, "", remark).split())


_BESIDE = re.compile(r"[ \t]*(?:\\?\r?\n[ \t]*|<br\s*/?>)?[ \t]*[,;|/\u00b7\u2022&]?[ \t]*\Z")
_PAIRS = {"[": "]", "(": ")"}


def group_links(text: str, links: Sequence[LinkPlace], paper: Paper, offset: int) -> list[Group]:
    """Return the links of an entry in groups, without badges, images and its title.

    Args:
        text: The entry.
        links: Those of its links that are looked at.
        paper: Its record.
        offset: Where the entry begins in the list.
    """
    groups: list[Group] = []
    for link in links:
        start, end = _with_brackets(text, link.start - offset, link.end - offset)
        item = _item(text, link, paper, offset, (start, end))
        last = groups[-1] if groups else None
        if (
            last is not None
            and _BESIDE.match(between := text[last.end : start])
            and start >= last.end
        ):
            groups[-1] = Group(last.start, end, (*last.items, item), (*last.between, between))
        elif last is None or start >= last.end:
            groups.append(Group(start, end, (item,), ()))
    return groups


def _with_brackets(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of a link with the brackets right around it."""
    while start > 0 and end < len(text) and _PAIRS.get(text[start - 1]) == text[end]:
        start, end = start - 1, end + 1
    return start, end


def _item(text: str, link: LinkPlace, paper: Paper, offset: int, span: tuple[int, int]) -> LinkItem:
    start, end = span
    first, last = link.target_start - offset, link.target_end - offset
    raw = text[start:end]
    template = raw[: first - start] + URL + raw[last - start :]
    if link.label:
        before, _, behind = template.partition(link.label)
        template = before + LABEL + behind
    kind, label = _kind(link, paper)
    return LinkItem(kind, label, link.label, template, AddressForm.of(link.target, paper))


def _kind(link: LinkPlace, paper: Paper) -> tuple[str, str]:
    for one in paper.links:
        if one.url == link.url:
            return one.kind, one.label
    own = parse_arxiv_id(link.url)
    if (own and own == paper.arxiv_id) or (link.url and link.url == paper.url):
        return "self", ""
    return "", strip_emoji(repair(link.label))
