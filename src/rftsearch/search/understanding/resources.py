"""Resources and kinds in a question: "with code", "a survey of", "datasets for".

What a paper comes with is a filter, where the words say so: "with code", "code available".
Whoever writes that cannot use a paper without. That it presents a survey, a dataset or a
benchmark is guessed from its words, and a question that begins with "benchmark of" often means
its topic. So these are preferences: they move such papers up and hide none. "Only surveys"
is a filter. The words are searched for as well, for papers use them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from rftsearch.papers.asked.understood import Part
from rftsearch.papers.filters import Filters
from rftsearch.search.understanding.cues import RESOURCES
from rftsearch.search.understanding.reading import Reading

__all__ = ["TABLE", "read_resources"]

_WITH = (
    r"(?:with|having|that\s+(?:have|has|come\s+with|release[sd]?|provide[sd]?)|which\s+"
    r"(?:have|has|release[sd]?)|releasing|including)\s+(?:a\s+|an\s+|the\s+|their\s+)?"
    r"(?:(?:open|public|released|available|official|source|publicly|sourced)[\s-]+)*"
)
_KINDS = {
    "code": r"(?:(?:source\s+)?code|implementations?|(?:github\s+)?repo(?:sitory)?|github)",
    "model": r"(?:(?:model\s+)?weights|checkpoints?|models?)",
    "dataset": r"(?:datasets?|data)",
    "demo": r"demos?",
    "project": r"project\s+pages?",
    "benchmark": r"benchmarks?",
}
_AVAILABLE = (
    r"(?:\s+(?:is|are|that\s+(?:is|are)))?\s+(?:(?:publicly|openly)\s+)?"
    r"(?:available|released|open[\s-]sourced?|online|public)"
)
_ENDS = r"(?!-|\s+(?!and\b|or\b|on\b|for\b|in\b|since\b|from\b|by\b)\w)"
_RESOURCES = tuple(
    (
        kind,
        re.compile(
            # "With models" may mean much; with code and with a demo mean the link.
            rf"\b{_WITH if kind in {'code', 'demo', 'project'} else _OPENLY}{words}"
            rf"(?:{_AVAILABLE})?{_ENDS}|\b{words}{_AVAILABLE}(?=\W*$|\s*,|\s+since\b)",
            re.IGNORECASE,
        ),
    )
    for _OPENLY in (
        rf"{_WITH[:-2]}(?:open|public|released|available|official|publicly|sourced)[\s-]+)+",
    )
    for kind, words in _KINDS.items()
)
_SAID = {
    "code": "with a link to code",
    "model": "with a link to a model",
    "dataset": "with a link to a dataset",
    "demo": "with a link to a demo",
    "project": "with a project page",
    "benchmark": "with a link to a benchmark",
}
_PROJECTS = re.compile(
    r"\b(?:only\s+)?(?:code\s+projects?|open[\s-]source\s+projects?|projects?\s+only)\b",
    re.IGNORECASE,
)
_ASKING = r"(?:(?:find|show|list|give|me|us|a|an|the|any|some|recent|new|good|are|there|papers?) )*"
_ONLY = r"(?:only|just|nothing\s+but|exclusively)"
_PRESENTED = tuple(
    (
        kind,
        label,
        re.compile(
            rf"\b{_ONLY}\s+(?P<before>{words})(?:\s+papers?)?\b"
            rf"|\b(?P<after>{words})(?:\s+papers?)?,?\s+{_ONLY}\b",
            re.IGNORECASE,
        ),
        re.compile(
            rf"^{_ASKING}(?P<first>{words})(?=\s+(?:papers?|of|on|for|about|in|with|to|that)\b|$)"
            rf"|(?<=\s)(?P<last>{words})\s+papers?\W*$",
            re.IGNORECASE,
        ),
    )
    for kind, label, words in (
        ("survey", "surveys", r"(?:literature\s+)?(?:surveys?|reviews?)"),
        ("dataset", "papers that present a dataset", r"data\s?sets?|corpus|corpora"),
        ("benchmark", "papers that present a benchmark", r"benchmarks?"),
    )
)
_MOST_WORDS = 20
"""A longer question is a text: "we release code" in it asks for nothing."""

_MORE = {
    kind: re.compile(rf"\s*,?\s*\band\s+(?:the\s+)?{words}(?![-\w])", re.IGNORECASE)
    for kind, words in _KINDS.items()
}
"""What follows a resource: "with code and model weights"."""

TABLE: Mapping[str, Any] = {
    "links": _RESOURCES,
    "more": list(_MORE.items()),
    "said": _SAID,
    "projects": _PROJECTS,
    "presented": _PRESENTED,
    "mostWords": _MOST_WORDS,
}
"""What a browser needs to read such parts alike: see `rftsearch.publish.reading`."""


def _joined(reading: Reading, end: int, before: str) -> Iterator[Part]:
    """Yield what follows a resource with "and": "with code and model weights"."""
    for kind, more in _MORE.items():
        match, only = more.match(reading.query, end), Filters(has=(kind,))
        if match and kind != before and reading.generation.attributes.mask(only).any():
            yield Part("resources", "filter", *match.span(), match[0], _SAID[kind], filters=only)
            return


def read_resources(reading: Reading) -> Iterator[Part]:
    """Find what papers should come with or present, and whether projects are meant."""
    if RESOURCES.search(reading.query) is None or len(reading.words) > _MOST_WORDS:
        return
    attributes = reading.generation.attributes
    for kind, pattern in _RESOURCES:
        for match in reading.matches(pattern):
            only = Filters(has=(kind,))
            if not attributes.mask(only).any():
                label = f"no paper here has a link of the kind “{kind}”"
                yield Part("resources", "note", *match.span(), match[0], label, instead=None)
                continue
            found = (*match.span(), match[0], _SAID[kind])
            yield Part("resources", "filter", *found, filters=only)
            yield from _joined(reading, match.end(), kind)
    for match in reading.matches(_PROJECTS):
        only = Filters(kind="project")
        if attributes.mask(only).any():
            found = (*match.span(), match[0], "projects only")
            yield Part("resources", "filter", *found, filters=only)
    if reading.generation.lexical.has_facts:
        yield from _presented(reading)


def _presented(reading: Reading) -> Iterator[Part]:
    """Yield what papers should present: a must where the words say "only", else a wish."""
    for kind, label, only, wished in _PRESENTED:
        filters = Filters(presents=(kind,))
        musts = [(match.span(), f"{label} only") for match in reading.matches(only)]
        wishes = [
            (match.span("first" if match["first"] else "last"), f"{label} first")
            for match in reading.matches(wished)
        ]
        for number, ((start, end), said) in enumerate((*musts, *(() if musts else wishes))):
            words = reading.query[start:end]
            if not reading.generation.attributes.mask(filters).any():
                none = f"no paper here presents a {kind}"
                yield Part("resources", "note", start, end, words, none, instead=None)
            elif number < len(musts):
                # What is searched for in place of "only surveys": the kind, as papers name it.
                yield Part(
                    "resources", "filter", start, end, words, said, filters=filters, instead=kind
                )
            else:
                yield Part(
                    "resources",
                    "preference",
                    start,
                    end,
                    words,
                    said,
                    filters=filters,
                    instead=None,
                )
