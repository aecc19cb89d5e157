"""The rule that a link leads to what its label says."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from rftsearch.living.check.findings import Finding, Severity
from rftsearch.living.check.subject import Subject
from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.sources.link_kinds import kind_of_label
from rftsearch.sources.markdown.link_places import LinkPlace
from rftsearch.sources.markdown.unread import is_paper_page
from rftsearch.sources.markdown.words.features import is_label
from rftsearch.text.clean import strip_emoji

__all__ = ["link_labels"]

# What an address surely leads to. A repository may hold anything, a collection too.
_TARGETS = (
    (re.compile(r"huggingface\.co/datasets/[\w.-]+/", re.IGNORECASE), "dataset"),
    (re.compile(r"huggingface\.co/spaces/[\w.-]+/", re.IGNORECASE), "demo"),
    (
        re.compile(
            r"huggingface\.co/(?!(?:datasets|spaces|collections|papers|blog|docs|posts|learn"
            r"|organizations|settings)/)[\w.-]+/(?!(?:models|datasets|spaces|collections|activity"
            r"|papers)\b)[\w.-]+",
            re.IGNORECASE,
        ),
        "model",
    ),
    (re.compile(r"(?:youtube\.com|youtu\.be|bilibili\.com)/", re.IGNORECASE), "video"),
    (re.compile(r"//[\w-]+\.github\.io\b", re.IGNORECASE), "project"),
    (re.compile(r"//(?:www\.)?github\.com/[\w.-]+/[\w.-]+/?(?:[?#]|$)", re.IGNORECASE), "code"),
)
_NAMES = {
    "paper": "a paper",
    "dataset": "a dataset",
    "demo": "a demo",
    "model": "a model",
    "video": "a video",
    "project": "a project page",
    "code": "a repository",
}
_CONTRADICTS: Mapping[str, Mapping[str, Severity]] = {
    "code": {"paper": "warning", "dataset": "warning", "video": "warning", "project": "note"},
    "dataset": {"paper": "warning", "model": "warning", "demo": "warning", "video": "warning"},
    "model": {"paper": "warning", "dataset": "warning", "demo": "note", "video": "warning"},
    "demo": {"paper": "warning", "dataset": "warning"},
    "project": {"paper": "warning", "dataset": "note", "model": "note"},
    "paper": {
        **{"dataset": "warning", "model": "warning", "demo": "warning", "video": "warning"},
        **{"project": "note", "code": "note"},
    },
}
"""By kind of label: what its link must not lead to."""
_FEW = 0.25
_ENOUGH = 3
"""Where a label leads to such a target more than this share of the times, and at least so
often, the list means that by it."""


def link_labels(subject: Subject) -> Iterator[Finding]:
    """Name links whose label says one thing and whose address is of another.

    Lists have habits: where "page" is what a list calls every paper, it contradicts nothing.
    """
    told: Mapping[str, list[tuple[LinkPlace, str | None]]] = defaultdict(list)
    for links in subject.links.values():
        for link in links:
            kind = _labelled(link)
            if kind is not None and link.target:
                told[kind].append((link, _leads_to(link.url)))
    for kind, found in told.items():
        for target, severity in _CONTRADICTS.get(kind, {}).items():
            wrong = [link for link, leads in found if leads == target]
            if len(wrong) >= _ENOUGH and len(wrong) > _FEW * len(found):
                continue
            for link in wrong:
                label = strip_emoji(link.label).strip(" []*_`")
                yield subject.at_link(
                    "link-label",
                    link,
                    f'The link "{label}" leads to {_NAMES[target]}: {link.url[:200]}',
                    severity=severity,
                )


def _labelled(link: LinkPlace) -> str | None:
    """Return the kind that the label of a link says; None for titles and other texts."""
    label = strip_emoji(link.label).strip(" []*_`")
    if link.only_image or not label or len(label) > 40 or not is_label(label):
        return None
    return kind_of_label(label)


def _leads_to(url: str) -> str | None:
    if parse_arxiv_id(url) or (is_paper_page(url) and "github.com" not in url):
        return "paper"
    return next((kind for form, kind in _TARGETS if form.search(url)), None)
