"""Every word of the page that does not come from the index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from rftsearch.index.status import Status
from rftsearch.records import Filters

__all__ = [
    "EMPTY",
    "HEADING_NEWEST",
    "HEADING_NOTICE",
    "NAME",
    "NOTHING",
    "ORDER_BY_LIKENESS",
    "ORDER_BY_SCORE",
    "RESOURCES",
    "TABS",
    "TROUBLE",
    "count",
    "counts_line",
    "examples",
    "heading_search",
    "heading_similar",
    "loosenings",
    "month",
    "people",
    "sentence",
    "spoken",
    "tagline",
]

NAME = "rftsearch"
_FOUNDING_TAGLINE = (
    "Papers and projects on reinforcement fine-tuning of multimodal language models, "
    "searched by meaning and words."
)
_FOUNDING_EXAMPLES = (
    "rewarding a model for pointing at the right moment of a video",
    "chest x-ray reasoning",
    "GUI agents on phones",
    "sound question answering",
    "text to image generation with GRPO",
)

TABS = (("", "List"), ("map", "Map"), ("timeline", "Timeline"))
"""How an answer can be shown: value in the address and name."""

RESOURCES = (("code", "Code"), ("model", "Model"), ("dataset", "Dataset"), ("demo", "Demo"))
"""The released resources one can filter by: kind of link and its name here."""

ORDER_BY_SCORE = (
    "A work that the question names comes first. The others are ordered by score, a sum: "
    "how close the work is in meaning, which share of the question's words it has (rare words "
    "and neighbouring ones count for more), and what it has of the words that the best works "
    "share. Compare scores within one answer only."
)

ORDER_BY_LIKENESS = (
    "Works are ordered by score, a sum: how close they are to this one in meaning, how close "
    "their titles are, how many telling words they have in common, and a little for standing "
    "under the same category. Compare scores within one answer only."
)

HEADING_NEWEST = "Newest works"
HEADING_NOTICE = "Nothing to show"
NOTHING = "No work passes all of these filters. Take one off:"
EMPTY = "The index holds no works yet; `rftsearch build` fills it."
TROUBLE = "No answer came back. Ask once more; if it stays so, the server's log says why."

_FIRST_AUTHORS = 3


def tagline(status: Status) -> str:
    """What this is: the list's own subject is known of the shipped one only."""
    if not status.sources:
        return _FOUNDING_TAGLINE
    lists = ", ".join(Path(source).name for source in status.sources)
    return f"The works of {lists}, searched by meaning and words."


def examples(status: Status, categories: Mapping[str, int]) -> Sequence[str]:
    """Questions to start from; of a list that is not the shipped one, its largest categories."""
    if not status.sources:
        return _FOUNDING_EXAMPLES
    return sorted(categories, key=lambda name: -categories[name])[:5]


def count(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: `1 paper`, `3 papers`, `11 categories`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def counts_line(status: Status) -> str:
    """What the index holds, in one line."""
    works = count(status.papers + status.projects, "work")
    parts = f"{count(status.papers, 'paper')} and {count(status.projects, 'project')}"
    line = f"{works}: {parts} in {count(status.categories, 'category', 'categories')}"
    if status.without:
        line += f"; {count(status.without, 'has', 'have')} no abstract"
    return line


def month(released: str) -> str:
    """A month as people write it: `2025-03` is `Mar 2025`."""
    return date.fromisoformat(f"{released}-01").strftime("%b %Y")


def people(authors: tuple[str, ...]) -> str:
    """The first authors; more than that are "et al."."""
    if len(authors) <= _FIRST_AUTHORS:
        return ", ".join(authors)
    return ", ".join(authors[:_FIRST_AUTHORS]) + " et al."


def heading_search(query: str) -> str:
    """What stands above the answer to a question."""
    return f"Works on “{query}”"


def heading_similar(name: str) -> str:
    """What stands above the papers like one."""
    return f"Papers like {name}"


def loosenings(filters: Filters) -> list[tuple[str, str]]:
    """The filters that are set: a name for each, and what taking it off would mean."""
    offers = []
    if filters.categories:
        offers.append(("categories", "any category"))
    if filters.dated:
        offers.append(("months", "any month"))
    if filters.has:
        offers.append(("has", "with or without resources"))
    if filters.kind:
        offers.append(("kind", "papers and projects"))
    return offers


def sentence(words: str) -> str:
    """The words with a capital and a full stop, as notes and errors stand on the page."""
    words = words.strip()
    if not words:
        return ""
    return words[0].upper() + words[1:] + ("" if words[-1] in ".:?!" else ".")


def spoken(heading: str, cards: int, notice: str) -> str:
    """What a screen reader says when an answer has arrived."""
    if notice:
        return sentence(notice)
    return f"{heading}: {count(cards, 'work')} shown."
