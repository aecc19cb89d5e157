"""What a paper presents, by its own words: a survey, a dataset, a benchmark."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rftsearch.papers.paper import Paper

__all__ = ["PRESENTED", "presented"]

PRESENTED = ("survey", "dataset", "benchmark")

_NEW = (
    r"\b(?:introduc|present|propos|construct|releas|contribut|curat|build|built|creat|collect"
    r"|develop|establish|provid|annotat|synthesi[sz]|compil)\w*\b"
)
_TITLES: Mapping[str, re.Pattern[str]] = {
    "survey": re.compile(r"\b(?:survey|review|overview|tutorial|roadmap)s?\b", re.IGNORECASE),
    "dataset": re.compile(r"\b(?:data\s?sets?|corpus|corpora)\b|\b\w+-\d+[KM]\b", re.IGNORECASE),
    "benchmark": re.compile(r"\bbenchmark\w*\b|\w-?bench\b", re.IGNORECASE),
}
_ABSTRACTS: Mapping[str, re.Pattern[str]] = {
    "survey": re.compile(
        r"\b(?:this|our|present)\s+(?:\w+\s+)?(?:survey|review|tutorial|overview|position paper)\b"
        r"|\bwe\s+(?:\w+ly\s+)?(?:survey|review)\b"
        r"|\b(?:comprehensive|systematic)\s+(?:survey|review|overview)\b",
        re.IGNORECASE,
    ),
    "dataset": re.compile(
        rf"{_NEW}[^.;:]{{0,90}}?\b(?:data\s?sets?|corpus|corpora)\b", re.IGNORECASE
    ),
    "benchmark": re.compile(
        rf"{_NEW}[^.;:]{{0,90}}?(?:\bbenchmarks?\b|\w-?bench\b)", re.IGNORECASE
    ),
}


def presented(paper: Paper) -> tuple[str, ...]:
    """Return what of `PRESENTED` a paper presents: its title, abstract or links say so."""
    found = {
        kind
        for kind in PRESENTED
        if _TITLES[kind].search(paper.title)
        or _ABSTRACTS[kind].search(paper.abstract)
        or paper.has(kind)
    }
    # A benchmark is made of data, and a new dataset is one to be measured on.
    if "benchmark" in found or _TITLES["dataset"].search(paper.title):
        found |= {"dataset", "benchmark"}
    return tuple(kind for kind in PRESENTED if kind in found)
