"""Every word of the page that does not come from the index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from rftsearch.index.generations.status import Status
from rftsearch.search.answer.overview import PaperMap, Timeline
from rftsearch.sources.registry import open_source
from rftsearch.text.plural import plural

__all__ = [
    "BUILDING",
    "EMPTY",
    "FITTING",
    "FURTHER",
    "GENERATIVE",
    "HEADING_BASKET",
    "HEADING_NEWEST",
    "HEADING_NOTICE",
    "HEADING_OLDEST",
    "HEADING_TEXT",
    "KINDS",
    "NAME",
    "NOTHING",
    "NOTHING_AT_ALL",
    "NOTHING_ELSE",
    "NOTHING_LIKED",
    "ORDER_BY_BASKET",
    "ORDER_BY_LIKENESS",
    "ORDER_BY_SCORE",
    "PARTS",
    "REPLACED",
    "RESOURCES",
    "SORTS",
    "TROUBLE",
    "UNREACHABLE",
    "about_map",
    "about_timeline",
    "counts_line",
    "download",
    "examples",
    "fitting",
    "heading_search",
    "heading_similar",
    "loosenings",
    "month",
    "not_here",
    "people",
    "sentence",
    "spoken",
    "tagline",
    "unknown",
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

RESOURCES = (
    ("code", "Code"),
    ("model", "Model"),
    ("dataset", "Dataset"),
    ("demo", "Demo"),
    ("project", "Project page"),
)
"""The released resources one can filter by: kind of link and its name here."""

KINDS = (("", "All"), ("paper", "Papers"), ("project", "Projects"))
GENERATIVE = (("", "All"), ("yes", "Generative"), ("no", "Others"))
"""Choices of which one is taken: value in the address and name."""

SORTS = (("relevance", "best first"), ("newest", "newest first"), ("oldest", "oldest first"))

PARTS = {
    "name": ("name", "The question names this work"),
    "words": ("words", "How many of the question's words it has; rare ones count for more"),
    "meaning": ("meaning", "How close title and abstract are in meaning"),
    "related": ("related words", "Words that the best works of this answer share"),
    "category": ("category", "It stands under the same category"),
    "liked": ("like what you like", "Its likeness to the nearest work you like, 0 to 1"),
    "disliked": ("like what you do not", "Its likeness to what you dislike"),
    "rerank": ("read closely", "What a second model says of question and abstract"),
}
"""The summands of a score: name here and what it is."""

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

ORDER_BY_BASKET = (
    "Every work you like is an interest of its own; a work counts by the one it is most like, "
    "less its likeness to what you dislike. The order then spreads them out, so that twins do "
    "not stand together and every interest is served. By date it is these works that are sorted."
)

FITTING = (
    " A work fits that has at least half the score of the best that is not named (and no less "
    "than 0.37), or every word of the question; only those are counted beside the filters and "
    "sorted by date."
)

HEADING_NEWEST = "Newest works"
HEADING_OLDEST = "Oldest works"
HEADING_TEXT = "Works like your text"
HEADING_BASKET = "Recommended from your basket"
HEADING_NOTICE = "Nothing to show"
NOTHING = "No work passes all of these filters. Without one of them:"
NOTHING_AT_ALL = "No work passes all of these filters."
NOTHING_ELSE = "There is nothing else in the list."
EMPTY = "The index holds no works yet; `rftsearch build` fills it."
TROUBLE = (
    "The server does not answer. What is on the page stays as it is, and the question is asked "
    "again by itself."
)
FURTHER = "Further away"
BUILDING = "the index is being built anew; until that is done the one before answers"
REPLACED = "the index was built anew while you were reading; this comes from the new one"
UNREACHABLE = "Paste its abstract instead"
NOTHING_LIKED = "nothing in the basket is liked; + on a card adds what more should be like"

_FIRST_AUTHORS = 3
_LONGEST_HEADING = 140
_TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Signs that turn the direction of all that follows them, beyond the words they came with."""


def tagline(status: Status) -> str:
    """What this is: the list's own subject is known of the shipped one only."""
    if not status.sources:
        return _FOUNDING_TAGLINE
    lists = ", ".join(open_source(source).label for source in status.sources)
    return f"The works of {lists}, searched by meaning and words."


def examples(status: Status, found: Sequence[str]) -> Sequence[str]:
    """Questions to start from: of a list that is not the shipped one, those found in it."""
    return found if status.sources else _FOUNDING_EXAMPLES


def counts_line(status: Status) -> str:
    """What the index holds, in one line."""
    works = plural(status.papers + status.projects, "work")
    parts = f"{plural(status.papers, 'paper')} and {plural(status.projects, 'project')}"
    line = f"{works}: {parts} in {plural(status.categories, 'category', 'categories')}"
    if status.without:
        line += f"; {plural(status.without, 'has', 'have')} no abstract"
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
    """What stands above the answer to a question, of a long one its beginning."""
    words = query.translate(_TURNS)
    if len(words) > _LONGEST_HEADING:
        words = f"{words[:_LONGEST_HEADING].rstrip()}…"
    return f"Works on “{words}”"


def fitting(works: int) -> str:
    """How many works fit a question; see `FITTING`."""
    if not works:
        return "no work fits well; these come closest"
    return f"{plural(works, 'work')} {'fits' if works == 1 else 'fit'}"


def download(works: int, *, all_of_them: bool) -> str:
    """What is offered for download."""
    if works == 1:
        return "Download this one"
    return f"Download {'all' if all_of_them else 'these'} {works:,}"


def heading_similar(name: str) -> str:
    """What stands above the papers like one."""
    return f"Papers like {name}"


def not_here(arxiv_id: str) -> str:
    """What is said of a paper that was searched for by its id; its works are offered."""
    return f"{arxiv_id} is not in the list. Ask arXiv for it, and find works of the list like it:"


def unknown(asked: str, suggestions: Sequence[str]) -> str:
    """What is said where no work is called so; those that may be meant are offered."""
    if suggestions:
        return f"No work of the list is called “{asked.translate(_TURNS)}”. Did you mean:"
    return (
        f"No work of the list is called “{asked.translate(_TURNS)}”. Type a part of a name or "
        "title to choose from, an arXiv id, or paste a text."
    )


def loosenings(without: Mapping[str, int]) -> list[tuple[str, str]]:
    """The filters that can be taken off: a name for each, and what that would leave.

    The one that hides most comes first; those that alone would leave nothing, not at all.
    """
    words = {
        "categories": "any category",
        "months": "any month",
        "has": "with or without resources",
        "kind": "papers and projects",
        "generative": "generative or not",
    }
    most_first = sorted(without.items(), key=lambda item: -item[1])
    return [
        (name, f"{words[name]} ({plural(number, 'work')})") for name, number in most_first if number
    ]


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
    return f"{heading}: {plural(cards, 'work')} shown."


def about_map(drawn: PaperMap) -> str:
    """What is on the map and how it came to be."""
    if drawn.sampled:
        shown = f"{len(drawn.points):,} of {plural(drawn.total, 'work')}, an even sample,"
    else:
        shown = plural(drawn.total, "work")
    return (
        f"{shown} placed by what their titles and abstracts mean: those close to each other are "
        f"alike; directions and long distances say nothing. Drawn by {drawn.method}, each in the "
        "colour and shape of its first category."
    )


def about_timeline(line: Timeline, *, asked: bool = False) -> str:
    """What the bars count, and what they leave out.

    Args:
        line: What is drawn in colour.
        asked: Whether it is what fits a question.
    """
    words = plural(line.total, "work")
    if asked:
        words += f" that {'fits' if line.total == 1 else 'fit'} the question"
    words += " by month of release, each under its first category."
    if asked:
        words += " The pale part of a bar is the rest of the list."
    if line.undated:
        words += f" {plural(line.undated, 'work')} without a month {_are(line.undated)} left out."
    if line.earlier:
        words += f" {plural(line.earlier, 'work')} of earlier months {_are(line.earlier)} left out."
    return words


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
