"""Short answers for assistants: what a model needs to choose a paper, and no more.

An assistant pays for each word that it reads. Ten hits take less than 6,000 characters
here, and more than 25,000 with abstracts, authors and links. `detail="full"` brings those.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rftsearch.papers.paper import Paper
from rftsearch.papers.results import Explanation, Hit

__all__ = ["BRIEF_FIELDS", "CHARACTERS_OF_A_HIT", "brief_hit", "brief_paper"]

CHARACTERS_OF_A_HIT = 560
"""Of one short hit, written as JSON. Title and sentence take what the other fields leave."""
LONGEST_NAME = 40
LONGEST_CATEGORY = 60
LONGEST_URL = 120
LONGEST_TITLE = 180
SHORTEST_SENTENCE = 80
MORE = " ..."

BRIEF_FIELDS: Mapping[str, str] = {
    "id": "string",
    "short_name": "string",
    "title": "string",
    "released": "string",
    "category": "string",
    "predicted_category": "string",
    "url": "string",
    "score": "number",
    "sentence": "string",
}
"""The fields of a short hit, with their types in JSON; a paper of a list has no `score`, and
what is not known of a paper is left out."""


def brief_hit(hit: Hit, explanation: Explanation) -> dict[str, Any]:
    """Return a hit in short: at most `CHARACTERS_OF_A_HIT` characters of JSON.

    Args:
        hit: A paper of an answer.
        explanation: Why it is there; its sentence is cut around the words of the query.
    """
    found = {**_short(hit.paper, SHORTEST_SENTENCE), "score": round(hit.score, 3)}
    room = CHARACTERS_OF_A_HIT - _size({**found, "sentence": ""})
    sentence = _around_marks(explanation, room)
    return {**found, "sentence": sentence} if sentence else found


def brief_paper(paper: Paper) -> dict[str, Any]:
    """Return a paper of a list in short, without score and sentence."""
    return _short(paper, 0)


def _short(paper: Paper, left: int) -> dict[str, Any]:
    """Return the fields of a paper; the title leaves so many characters for a sentence."""
    values = {
        "id": paper.id,
        "short_name": _cut(paper.short_name or "", LONGEST_NAME),
        "title": "",
        "released": paper.released,
        "category": _cut(next(iter(paper.given_categories), ""), LONGEST_CATEGORY),
        "predicted_category": _guess(paper),
        "url": paper.url if paper.url and _size(paper.url) <= LONGEST_URL else None,
    }
    around = len('"score": -10.123, "sentence": "", ') + left
    room = CHARACTERS_OF_A_HIT - _size(values) - around
    values["title"] = _cut(paper.title, min(room, LONGEST_TITLE))
    return {name: value for name, value in values.items() if value}


def _guess(paper: Paper) -> str:
    """Return the category that is predicted for a paper that nobody gave one: `Video (93%)`."""
    if not paper.predicted:
        return ""
    first = paper.predicted[0]
    sure = "" if first.sure else ", unsure"
    return f"{_cut(first.category, LONGEST_NAME)} ({first.probability:.0%}{sure})"


def _size(value: object) -> int:
    """Return the number of characters of a value in JSON."""
    return len(json.dumps(value, ensure_ascii=False))


def _around_marks(explanation: Explanation, most: int) -> str:
    """Return a sentence, cut to a length, with as many of its marked words as fit."""
    sentence = " ".join(explanation.sentence.split())
    if len(sentence) <= most or not explanation.marks:
        return _cut(sentence, most)
    first = explanation.marks[0][0]
    if explanation.marks[-1][1] <= most - len(MORE):
        return _cut(sentence, most)
    begin = sentence.rfind(" ", 0, max(first - most // 4, 0)) + 1
    return _cut(sentence, most) if begin == 0 else _cut("... " + sentence[begin:], most)


def _cut(text: str, most: int) -> str:
    """Return a text of at most `most` characters in JSON, cut between words where it can be."""
    if _size(text) - 2 <= most:
        return text
    end, room = 0, most - len(MORE)
    for end, character in enumerate(text):  # noqa: B007 - the place is wanted
        room -= _size(character) - 2
        if room < 0:
            break
    kept = text[:end]
    return (kept.rpartition(" ")[0] or kept) + MORE
