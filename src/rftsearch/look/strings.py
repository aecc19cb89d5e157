"""The sentences of the page that are made of values; their words are in `texts.json`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from rftsearch.index.generations.status import Status
from rftsearch.look.texts import TEXTS
from rftsearch.papers.paper import PredictedCategory
from rftsearch.search.answer.overview import PaperMap, Timeline
from rftsearch.text.clean import one_line
from rftsearch.text.plural import plural

__all__ = [
    "EMPTY",
    "GENERATIVE",
    "GOOD_MATCHES",
    "HEADING_ALL",
    "HEADING_BASKET",
    "HEADING_NEWEST",
    "HEADING_NOTICE",
    "HEADING_OLDEST",
    "HEADING_SAVED",
    "HEADING_TEXT",
    "KINDS",
    "LOGGED_OUT",
    "NAME",
    "NARROWED",
    "NOTHING",
    "NOTHING_AT_ALL",
    "NOTHING_ELSE",
    "NOTHING_LIKED",
    "NOTHING_SAVED",
    "ORDER_BY_BASKET",
    "ORDER_BY_LIKENESS",
    "ORDER_BY_SCORE",
    "OUT_OF_ORDER",
    "PARTS",
    "REPLACED",
    "RESOURCES",
    "SORTS",
    "TROUBLE",
    "UNREACHABLE",
    "WEAKER",
    "about_map",
    "about_timeline",
    "capital",
    "counts_line",
    "download",
    "examples",
    "good_matches",
    "guesses",
    "heading_search",
    "heading_similar",
    "loosenings",
    "month",
    "not_here",
    "people",
    "purpose",
    "sentence",
    "spoken",
    "subject",
    "unknown",
    "upright",
]


def _pairs(name: str) -> tuple[tuple[str, str], ...]:
    return tuple((value, words) for value, words in TEXTS[name])


NAME: str = TEXTS["name"]
_FOUNDING_EXAMPLES = (
    "rewarding a model for pointing at the right moment of a video",
    "chest x-ray reasoning",
    "GUI agents on phones",
    "sound question answering",
    "text to image generation with GRPO",
)

RESOURCES = _pairs("resources")
"""The released resources to filter by: kind of link and label."""

KINDS = _pairs("kinds")
GENERATIVE = _pairs("generative")
"""Choices; one is always selected. Value in the address, and label."""

SORTS = _pairs("sorts")

PARTS: Mapping[str, tuple[str, str]] = {
    name: (words, meaning) for name, (words, meaning) in TEXTS["parts"].items()
}
"""The parts of a score: the name on the page and a sentence about it."""

ORDER_BY_SCORE: str = TEXTS["order"]["score"]
ORDER_BY_LIKENESS: str = TEXTS["order"]["likeness"]
ORDER_BY_BASKET: str = TEXTS["order"]["basket"]
GOOD_MATCHES: str = TEXTS["order"]["good"]

HEADING_ALL: str = TEXTS["heading"]["all"]
HEADING_NEWEST: str = TEXTS["heading"]["newest"]
HEADING_OLDEST: str = TEXTS["heading"]["oldest"]
HEADING_TEXT: str = TEXTS["heading"]["text"]
HEADING_BASKET: str = TEXTS["heading"]["basket"]
HEADING_SAVED: str = TEXTS["basket"]["heading"]
NOTHING_SAVED: str = TEXTS["basket"]["empty"]
HEADING_NOTICE: str = TEXTS["heading"]["notice"]
NOTHING: str = TEXTS["notice"]["nothing"]
NOTHING_AT_ALL: str = TEXTS["notice"]["nothing_at_all"]
NOTHING_ELSE: str = TEXTS["notice"]["nothing_else"]
NARROWED: str = TEXTS["notice"]["narrowed"]
EMPTY: str = TEXTS["notice"]["empty"]
TROUBLE: str = TEXTS["notice"]["trouble"]
LOGGED_OUT: str = TEXTS["notice"]["logged_out"]
WEAKER: str = TEXTS["results"]["weaker"]
REPLACED: str = TEXTS["notice"]["replaced"]
OUT_OF_ORDER: str = TEXTS["notice"]["out_of_order"]
UNREACHABLE: str = TEXTS["notice"]["unreachable"]
NOTHING_LIKED: str = TEXTS["notice"]["nothing_liked"]

_FIRST_AUTHORS = 3
_LONGEST_HEADING = 140
_TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Control characters that would turn the direction of the text after them."""


def purpose(status: Status) -> str:
    """Return what the page is for; lists that describe themselves say it better."""
    total = status.papers + status.projects
    entries = plural(total, "entry", "entries") if status.projects else plural(total, "paper")
    return f"Search {entries} by topic, title or meaning."


def examples(status: Status, found: Sequence[str]) -> Sequence[str]:
    """Return queries to start from; for any list but the shipped one, those found in it."""
    return found if status.sources else _FOUNDING_EXAMPLES


def counts_line(status: Status) -> str:
    """Return what the index holds, in one line."""
    papers, total = plural(status.papers, "paper"), status.papers + status.projects
    line = papers
    if status.projects:
        both = f"{papers} and {plural(status.projects, 'project')}"
        line = f"{plural(total, 'entry', 'entries')}: {both}"
    if status.categories > 1:
        line += f" in {plural(status.categories, 'category', 'categories')}"
    bare = total - status.with_abstract
    if not bare:
        return line
    number = "all" if bare == total > 1 else f"{bare:,}"
    if status.projects:
        return f"{line}; {number} {'has' if bare == 1 else 'have'} no abstract"
    return f"{line}; {number} {'is' if bare == 1 else 'are'} known by title only"


def month(released: str) -> str:
    """Return a month as people write it: `Mar 2025` for `2025-03`; a year alone stays."""
    if len(released) == len("2025"):
        return released
    return date.fromisoformat(f"{released}-01").strftime("%b %Y")


def people(authors: tuple[str, ...]) -> tuple[str, ...]:
    """Return the authors that are shown at first; a single further one is as short as a button."""
    return authors if len(authors) == _FIRST_AUTHORS + 1 else authors[:_FIRST_AUTHORS]


def heading_search(query: str) -> str:
    """Return the heading of the results of a query; a long query is cut."""
    words = subject(query)
    return str(TEXTS["heading"]["search"]).format(query=words)


def subject(query: str) -> str:
    """Return what a query asks, on one line and cut where it is long."""
    words = upright(one_line(query)).strip()
    return words if len(words) <= _LONGEST_HEADING else f"{words[:_LONGEST_HEADING].rstrip()}…"


def upright(text: str) -> str:
    """Return a text without the signs that would turn the direction of what stands after it."""
    return text.translate(_TURNS)


def good_matches(number: int) -> str:
    """Return how many results are good matches; see `GOOD_MATCHES`."""
    if not number:
        return str(TEXTS["results"]["no_good"])
    return plural(number, "good match", "good matches")


def download(number: int, *, all_of_them: bool) -> str:
    """Return the words of the download button."""
    if number == 1:
        return "Download this one"
    return f"Download {'all' if all_of_them else 'these'} {number:,}"


def guesses(predicted: Sequence[PredictedCategory]) -> str:
    """Return predicted categories in words, with what speaks for them; empty if there are none."""
    if not predicted:
        return ""
    first = predicted[0]
    names = " or ".join(one.category for one in predicted)
    sure = "" if first.sure else "unsure, "
    return f"{names} ({sure}{first.probability:.0%} likely): {first.reason}"


def heading_similar(name: str) -> str:
    """Return the heading of the papers that are like one paper."""
    return str(TEXTS["heading"]["similar"]).format(name=name)


def not_here(arxiv_id: str) -> str:
    """Return what to say about an arXiv id that the list lacks; a button asks arXiv for it."""
    return str(TEXTS["notice"]["not_here"]).format(id=arxiv_id)


def unknown(asked: str, suggestions: Sequence[str]) -> str:
    """Return what to say about a name that no paper has; buttons offer near names."""
    name = upright(asked)
    if suggestions:
        return f"No paper is called “{name}”. Did you mean:"
    return (
        f"No paper is called “{name}”. Type part of a name or title and choose from the list, "
        "type an arXiv id, or paste a text."
    )


def loosenings(without: Mapping[str, int]) -> list[tuple[str, str]]:
    """Return the filters that can be removed: the name of each, and how many papers that shows.

    The filter that hides most comes first. A filter is left out if removing it alone would
    still show no paper.
    """
    words = TEXTS["without"]
    most_first = sorted(without.items(), key=lambda item: -item[1])
    return [
        (name, f"{words[name]} ({plural(number, 'paper')})")
        for name, number in most_first
        if number
    ]


def sentence(words: str) -> str:
    """Return the words as a sentence: a capital first, a full stop last."""
    words = capital(words.strip())
    return words + ("" if not words or words[-1] in ".:?!" else ".")


def capital(words: str) -> str:
    """Return the words with a capital first."""
    return words[:1].upper() + words[1:]


def spoken(heading: str, cards: int, notice: str) -> str:
    """Return what a screen reader says when results have arrived."""
    if notice:
        return sentence(notice)
    return f"{heading}: {plural(cards, 'paper')} shown."


def about_map(drawn: PaperMap) -> str:
    """Return what the map shows and how it was made."""
    shown = plural(drawn.total, "paper")
    if drawn.sampled:
        shown = f"An even sample of {len(drawn.points):,} of {shown}"
    return f"{shown}. {TEXTS['map']['about'].format(method=drawn.method)}"


def about_timeline(line: Timeline, *, asked: bool = False) -> str:
    """Return what the bars count, and what they leave out.

    Args:
        line: What is drawn in colour.
        asked: Whether that is the good matches of a query.
    """
    if not line.months:
        return str(TEXTS["timeline"]["none"])
    if asked:
        shown = plural(line.total, "good match", "good matches")
    else:
        shown = plural(line.total, "paper")
    words = str(TEXTS["timeline"]["about"]).format(shown=shown)
    if line.undated:
        words += f" Not shown: {plural(line.undated, 'paper')} without a month."
    if line.earlier:
        words += f" Not shown: {plural(line.earlier, 'paper')} from earlier months."
    return words
