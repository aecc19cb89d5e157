"""Cards: what the page shows of one paper, and in which words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from rftsearch.look.coins import coins
from rftsearch.look.highlight import Piece, drop, marked
from rftsearch.look.strings import PARTS, month, people
from rftsearch.look.templates import web_address
from rftsearch.look.texts import TEXTS
from rftsearch.papers.paper import Link, Paper
from rftsearch.papers.results import Explanation, Hit
from rftsearch.text.latex import latex_to_text

__all__ = ["Button", "Card", "Label", "Part", "card", "link_buttons"]

_MISSING: Mapping[str, str] = {name: TEXTS["card"][name] for name in ("pending", "unknown")}
# "Project" on a card already means the kind of entry.
_CLEARER = {"Project": "Project page"}
_LEAD = 320
"""Characters of an abstract shown if none of its sentences answers."""


@dataclass(frozen=True, slots=True)
class Label:
    """A category with its colour."""

    name: str
    hue: int
    guess: bool = False
    """Whether it was predicted, and nobody gave it to the paper."""


@dataclass(frozen=True, slots=True)
class Button:
    """A link to something that was released with the paper."""

    text: str
    href: str
    icon: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the score."""

    name: str
    value: str
    sign: str
    meaning: str
    """A sentence that explains the part."""


@dataclass(frozen=True, slots=True)
class Card:
    """One paper as its card shows it; plain texts, no markup yet."""

    id: str
    name: str
    title: tuple[Piece, ...]
    """The title without a leading short name; may be empty."""
    href: str | None
    labels: tuple[Label, ...]
    guessed: str
    """How sure the predicted ones are, and why; empty if there are none."""
    kind: str
    generative: bool
    released: str | None
    month: str
    authors: tuple[str, ...]
    """The first of them."""
    rest: tuple[str, ...]
    """The others."""
    venue: str
    arxiv_id: str
    pdf: str
    """Where its PDF is; empty if that is not known."""
    coins: str
    """What reference managers read on the page; see `rftsearch.look.coins`."""
    lead: tuple[Piece, ...]
    """The sentence of the abstract that answers, or its beginning."""
    inside: bool
    """Whether the abstract has text before the lead."""
    abstract: tuple[Piece, ...]
    remark: tuple[Piece, ...]
    missing: str
    """Why an abstract is missing; empty if the paper needs no abstract."""
    buttons: tuple[Button, ...]
    score: str | None
    parts: tuple[Part, ...]
    because: str = ""
    """The name of the paper of the basket for which it is recommended."""
    because_id: str = ""


def card(
    paper: Paper,
    hues: Mapping[str, int],
    hit: Hit | None = None,
    why: Explanation | None = None,
) -> Card:
    """Put a paper on a card.

    Args:
        paper: What to show, with its predicted categories if nobody gave it one.
        hues: The hue of each category.
        hit: Its score in an answer; None if nothing was asked.
        why: The sentence of it that answers.
    """
    name = latex_to_text(paper.short_name)
    abstract = marked(paper.abstract, _of(why, "abstract"))
    answering = tuple(one for one in abstract if one.answering)
    parts = _parts(hit) if hit else ()
    shown = people(paper.authors)
    return Card(
        id=paper.id,
        name=name,
        title=_title_after(name, marked(paper.title, _of(why, "title"))),
        href=_address(paper),
        labels=_labels(paper, hues),
        guessed=_guessed(paper, hues),
        kind="Project" if paper.kind == "project" else "",
        generative=paper.generative,
        released=paper.released,
        month=month(paper.released) if paper.released else "",
        authors=shown,
        rest=paper.authors[len(shown) :],
        venue=latex_to_text(paper.venue or ""),
        arxiv_id=paper.arxiv_id or "",
        pdf=_pdf(paper),
        coins=coins(paper),
        lead=answering or _beginning(abstract),
        inside=bool(answering) and not abstract[0].answering,
        abstract=abstract,
        remark=marked(paper.description, _of(why, "description")),
        missing=_MISSING.get(paper.abstract_state, ""),
        buttons=link_buttons(paper.links),
        score=f"{hit.score:.2f}" if parts and hit else None,
        parts=parts,
    )


def _of(why: Explanation | None, field: str) -> Explanation | None:
    return why if why is not None and why.field == field and why.sentence else None


def _beginning(abstract: Sequence[Piece]) -> tuple[Piece, ...]:
    text = "".join(one.text for one in abstract)
    return (Piece(text[:_LEAD]),) if text else ()


def _labels(paper: Paper, hues: Mapping[str, int]) -> tuple[Label, ...]:
    own = paper.given_categories if _is_listed(paper, hues) else ()
    return (
        *(Label(category, hues.get(category, 0)) for category in own),
        *(Label(one.category, hues.get(one.category, 0), guess=True) for one in paper.predicted),
    )


def _is_listed(paper: Paper, hues: Mapping[str, int]) -> bool:
    """Return whether its categories are those of a list; else they are arXiv's."""
    return not hues or bool(hues.keys() & set(paper.categories))


def _guessed(paper: Paper, hues: Mapping[str, int]) -> str:
    if not paper.predicted:
        return ""
    where = "" if _is_listed(paper, hues) else "; not in this list"
    first = paper.predicted[0]
    sure = "" if first.sure else "unsure, "
    likely = f"{sure}{first.probability:.0%} likely"
    return f"Category predicted from similar papers{where} ({likely}): {first.reason}."


def _title_after(name: str, title: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Return the title without the short name that many titles begin with."""
    whole = "".join(one.text for one in title)
    if whole.casefold() == name.casefold():
        return ()
    start, colon, rest = whole.partition(":")
    if colon and start.strip().casefold() == name.casefold():
        return drop(title, len(whole) - len(rest.lstrip()))
    return title


def _parts(hit: Hit) -> tuple[Part, ...]:
    """Return the parts that are not 0 at two digits; they sum to the score shown."""
    values = {name: round(value, 2) for name, value in hit.parts.items()}
    shown = {name: value for name, value in values.items() if value}
    if not shown:
        return ()
    # The rounding error goes to the largest part, where it shows least.
    largest = max(shown, key=lambda name: abs(shown[name]))
    shown[largest] += round(hit.score, 2) - sum(shown.values())
    return tuple(
        Part(
            PARTS.get(name, (name, ""))[0],
            f"{abs(value):.2f}",
            "\N{MINUS SIGN}" if value < 0 else "+",
            PARTS.get(name, (name, ""))[1],
        )
        for name, value in shown.items()
    )


def _address(paper: Paper) -> str | None:
    """Return the address of the paper; of a project without one, its first link."""
    urls = (paper.url, *(link.url for link in paper.links))
    return next(filter(None, map(web_address, urls)), None)


def _pdf(paper: Paper) -> str:
    """Return where the PDF of a paper is: on arXiv, or at an address that ends like one."""
    if paper.arxiv_id:
        return f"https://arxiv.org/pdf/{paper.arxiv_id}"
    address = _address(paper) or ""
    return address if urlsplit(address).path.lower().endswith(".pdf") else ""


def link_buttons(links: Sequence[Link]) -> tuple[Button, ...]:
    """Return one button for each web link, named by its label or else its kind."""
    return tuple(
        Button(_CLEARER.get(link.label, link.label) or link.kind.capitalize(), href, link.kind)
        for link in links
        if (href := web_address(link.url))
    )
