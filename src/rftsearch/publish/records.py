"""What a published page knows of each paper: `papers.json` and `texts.json`.

Every text is written without its LaTeX, so that a browser needs no reader of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rftsearch.look.cards import link_buttons
from rftsearch.look.templates import web_address
from rftsearch.papers.documents import is_described, name_keys
from rftsearch.papers.paper import Paper
from rftsearch.publish.reading import facts_of_record
from rftsearch.text.latex import latex_to_text
from rftsearch.text.sentences import find_sentences

__all__ = ["record_of", "texts_of_paper"]


def record_of(paper: Paper, categories: Mapping[str, int]) -> dict[str, Any]:
    """Return what is shown of a paper before its texts are there; what is not known is left out.

    Args:
        paper: The paper.
        categories: The numbers of the categories.
    """
    titles = dict.fromkeys((paper.title, paper.listed_title or ""))
    sentences = _sentences(latex_to_text(paper.title))
    record = {
        "id": paper.id,
        "name": latex_to_text(paper.short_name),
        "called": paper.short_name,
        "title": latex_to_text(paper.title),
        "titles": [latex_to_text(one) for one in titles if one],
        "sentences": sentences if len(sentences) > 2 else [],
        "keys": list(name_keys(paper)),
        "authors": list(paper.authors),
        "categories": [categories[one] for one in dict.fromkeys(paper.categories)],
        "files": _files(paper, categories),
        "kind": paper.kind,
        "month": paper.released,
        "arxiv": paper.arxiv_id,
        "url": _address(paper),
        "links": [
            [one.icon, latex_to_text(one.text), one.href] for one in link_buttons(paper.links)
        ],
        "has": sorted({link.kind for link in paper.links}),
        "generative": paper.generative,
        "venue": latex_to_text(paper.venue or ""),
        "described": is_described(paper),
        **facts_of_record(paper),
        "missing": paper.abstract_state if paper.abstract_state != "present" else None,
    }
    if record["titles"] == [record["title"]]:
        del record["titles"]
    if record["called"] == record["name"]:
        del record["called"]
    return {name: value for name, value in record.items() if value not in (None, "", [], {}, False)}


def _files(paper: Paper, categories: Mapping[str, int]) -> list[int]:
    """Return those of its categories that are names of files: filters, but not shown with it."""
    given = paper.given_categories
    return [categories[one] for one in dict.fromkeys(paper.categories) if one not in given]


def texts_of_paper(paper: Paper) -> list[Any]:
    """Return abstract and remark, each with the places of its sentences; empty ones as 0."""
    return [_with_sentences(latex_to_text(text)) for text in (paper.abstract, paper.description)]


def _with_sentences(text: str) -> Any:  # noqa: ANN401 - JSON
    """Return a text, and then start and end of each sentence, in the units of JavaScript."""
    if not text.strip():
        return 0
    return [text, *_sentences(text)]


def _sentences(text: str) -> list[int]:
    return _units(text, [place for span in find_sentences(text) for place in span])


def _units(text: str, places: Sequence[int]) -> list[int]:
    """Return places in a text as JavaScript counts them: signs beyond U+FFFF are two units."""
    if text.isascii() or max(text) <= "\uffff":
        return list(places)
    return [place + sum(sign > "\uffff" for sign in text[:place]) for place in places]


def _address(paper: Paper) -> str | None:
    urls = (paper.url, *(link.url for link in paper.links))
    return next(filter(None, map(web_address, urls)), None)
