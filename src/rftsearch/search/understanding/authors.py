"""Authors in a question: "Ziwei Liu", "papers by Kaituo Feng", "feng 2025".

The danger is a family name that is also a word: Long, Young, Field, Chain. A name that is
led by "by" is taken at its word. A whole name of two words or more is taken if a paper has
it, unless its words are used together as words here. A family name alone is taken only if
nothing but a date or "papers" stands beside it, and no title or abstract uses it as a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from rftsearch.index.tables.facts import LEAST_NEAR, author_facts, near_authors, papers_by
from rftsearch.papers.asked.author_keys import name_key, name_words
from rftsearch.papers.asked.facts import AUTHOR, authors_with_keys
from rftsearch.papers.asked.understood import Part
from rftsearch.papers.filters import Filters
from rftsearch.search.understanding.reading import Reading, Word
from rftsearch.text.plural import plural
from rftsearch.text.terms import prose_terms

__all__ = ["TABLE", "read_authors"]

_LONGEST = 4
"""Words of a name."""
_MOST_WORDS = 12
"""In a longer question no name is looked for where nothing leads it: it is a text."""
_BY = re.compile(
    r"\b(?:(?:papers?|works?|articles?|publications?|research|stud(?:y|ies)|written|authored"
    r"|published)\s+)?by\s+(?=\w)|\bauthors?\s*:\s*",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"(?:papers?|works?|articles?|publications?|research|by|of|from|in|since|et|al|and|the|all"
    r"|newest|latest|oldest|(?:19|20)\d\d)",
    re.IGNORECASE,
)
_ET_AL = re.compile(
    r"\s*(?:et\s+al\b\.?|and\s+(?:colleagues|co-?authors|others)\b|'s\b)", re.IGNORECASE
)
_LOOKED_AT = 50
"""Papers of a family name whose authors are looked at."""
_MANY_PEOPLE = 4
"""More people of one family name are counted, not named."""

TABLE: Mapping[str, Any] = {
    "by": _BY,
    "beside": _BESIDE,
    "etAl": _ET_AL,
    "longest": _LONGEST,
    "mostWords": _MOST_WORDS,
    "lookedAt": _LOOKED_AT,
    "manyPeople": _MANY_PEOPLE,
    "leastNear": LEAST_NEAR,
}
"""What a browser needs to read such parts alike: see `rftsearch.publish.reading`."""


def read_authors(reading: Reading) -> Iterator[Part]:
    """Find authors; see the module for when a name is one."""
    if not reading.generation.lexical.has_facts:
        return
    taken: list[tuple[int, int]] = []
    for part in (*_led(reading), *_unled(reading)):
        if all(part.end <= start or end <= part.start for start, end in taken):
            taken.append((part.start, part.end))
            yield part


def _led(reading: Reading) -> Iterator[Part]:
    """Yield the names behind "by"; several may be joined by "and" or commas."""
    for match in reading.matches(_BY):
        start = match.start()
        behind = [word for word in reading.free_words() if word.start >= match.end()]
        while behind:
            found = _longest(reading, behind, sure=True)
            if found is None:
                break
            yield _part(reading, start, found)
            behind = behind[len(found) :]
            joint = reading.query[found[-1].end : behind[0].start] if behind else ""
            if behind and behind[0].text.casefold() == "and" and len(behind) > 1:
                start, behind = found[-1].end, behind[1:]
            elif joint.strip() == ",":
                start = found[-1].end
            else:
                break


def _unled(reading: Reading) -> Iterator[Part]:
    """Yield whole names anywhere in a short question, and a family name that stands alone."""
    words = reading.free_words()
    if not words or len(reading.words) > _MOST_WORDS:
        return
    facts = reading.generation.lexical
    # One look at the index for each word: most words are nobody's family name.
    family = [facts.fact_count(f"{AUTHOR}~{name_key(word.text)}") > 0 for word in words]
    misspelt = sum(not _BESIDE.fullmatch(word.text) for word in words) <= _LONGEST
    at = 0
    while at < len(words):
        found = None
        if misspelt or any(family[at : at + _LONGEST]):
            found = _longest(reading, words[at:], sure=False)
        if found is not None and len(found) > 1:
            yield _part(reading, found[0].start, found)
            at += len(found)
        else:
            at += 1
    names = [word for word in words if not _BESIDE.fullmatch(word.text)]
    if len(names) == 1 and _is_family_name(reading, names[0]):
        yield _part(reading, names[0].start, names)


def _longest(reading: Reading, words: Sequence[Word], *, sure: bool) -> list[Word] | None:
    """Return the words at the beginning that are a name, as many as possible."""
    for length in range(min(_LONGEST, len(words)), 0, -1):
        some = list(words[:length])
        if not _beside_each_other(reading, some):
            continue
        if _is_name(reading, some, sure=sure):
            return some
    return None


def _beside_each_other(reading: Reading, words: Sequence[Word]) -> bool:
    """Return whether nothing but blanks, full stops and one comma stands between words."""
    gaps = [reading.query[one.end : other.start] for one, other in pairwise(words)]
    return (
        all(re.fullmatch(r"\.?,?\s+", gap) for gap in gaps) and sum("," in gap for gap in gaps) < 2
    )


def _is_name(reading: Reading, words: Sequence[Word], *, sure: bool) -> bool:
    text = reading.query[words[0].start : words[-1].end]
    if any(letter.isdigit() for letter in text):
        return False
    facts = reading.generation.lexical
    keys = author_facts(facts, text)
    if len(words) == 1:
        led = sure and bool(keys) and not _BESIDE.fullmatch(text)
        return led and (text[:1].isupper() or _is_family_name(reading, words[0]))
    if any(key.startswith(f"{AUTHOR}=") for key in keys):
        return sure or not _is_phrase(reading, words)
    if keys:  # An initial and a family name, or a family name of several words.
        abbreviated = any(len(word) == 1 for word in name_words(text))
        return sure or (abbreviated and words[0].text[:1].isupper())
    # One typing error in a long name, if its words are none of the collection's.
    long = sum(map(len, name_words(text))) >= LEAST_NEAR
    return long and (sure or _unknown(reading, words)) and bool(len(near_authors(facts, text)))


def _is_family_name(reading: Reading, word: Word) -> bool:
    """Return whether a word is a family name here, and no word of titles and abstracts."""
    lexical = reading.generation.lexical
    count = sum(lexical.fact_count(key) for key in author_facts(lexical, word.text))
    if not count or len(word.text) < 2:
        return False
    return _used(reading, word) <= count // 20


def _used(reading: Reading, word: Word) -> int:
    """Return how many papers use a word in title or abstract."""
    terms = prose_terms(word.text)
    if not terms:  # A stop word: "an", "will", "her".
        return len(reading.generation.attributes)
    return max(reading.generation.lexical.frequency(term) for term in terms)


def _unknown(reading: Reading, words: Sequence[Word]) -> bool:
    return all(_used(reading, word) == 0 for word in words)


def _is_phrase(reading: Reading, words: Sequence[Word]) -> bool:
    """Return whether the words of a name are all used as words: "Long Chain", "Best Field".

    Written as a name, with capitals in a question that has others in small letters, they
    are one all the same unless they stand together in a text.
    """
    if any(_used(reading, word) == 0 for word in words):
        return False
    if not all(word.text[:1].isupper() for word in words):
        return True
    text = reading.query[words[0].start : words[-1].end]
    found = reading.generation.lexical.search(prose_terms(text), 20)[1]
    papers = reading.generation.store.papers([int(each) for each in found])
    return any(
        text.casefold() in f"{paper.title} {paper.abstract}".casefold() for paper in papers.values()
    )


def _part(reading: Reading, start: int, words: Sequence[Word]) -> Part:
    """Return the filter for a name, labelled with who is meant."""
    end = words[-1].end
    tail = _ET_AL.match(reading.query, end)
    name = reading.query[words[0].start : end].strip(" ,.")
    end = tail.end() if tail else end
    found = (start, end, reading.query[start:end])
    return Part(
        "authors", "filter", *found, _label(reading, name), filters=Filters(authors=(name,))
    )


def _label(reading: Reading, name: str) -> str:
    """Return who a name means: `by Ziwei Liu`, `by Feng: Kaituo Feng or Tao Feng`."""
    facts = reading.generation.lexical
    keys = author_facts(facts, name)
    ids = papers_by(facts, name)
    ids = ids[np.argsort(reading.generation.attributes.rank(ids))]  # The newest first.
    wanted = {key.removeprefix(AUTHOR) for key in keys}
    people: dict[str, int] = {}
    # A frequent family name: the first papers show that it has many people.
    first = ids[:_LOOKED_AT].tolist()
    papers = reading.generation.store.papers(first)
    for paper in (papers[one] for one in first if one in papers):
        for author, own in authors_with_keys(paper):
            near = not wanted and _near(own, name)
            if near or wanted.intersection(own):
                people[author] = people.get(author, 0) + 1
    if len(people) == 1:
        return f"by {next(iter(people))}"
    if not people:
        return f"by {name}"
    if len(people) > _MANY_PEOPLE:
        more = "at least " if len(ids) > _LOOKED_AT else ""
        return f"by {name}: {more}{plural(len(people), 'person', 'people')}"
    return f"by {name}: {' or '.join(people)}"


def _near(keys: Sequence[str], name: str) -> bool:
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - for names with a typing error alone

    wanted = "=" + "".join(name_words(name))
    return any(OSA.distance(key, wanted, score_cutoff=1) <= 1 for key in keys)
