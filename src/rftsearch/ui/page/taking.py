"""Files to take away: the papers of an answer or of the basket, named after what they are about."""

from __future__ import annotations

from collections.abc import Mapping

from rftsearch.errors import RftsearchError
from rftsearch.export import FORMATS, export
from rftsearch.living.labels.unlabelled import predicted
from rftsearch.look import strings
from rftsearch.look.cards import card
from rftsearch.papers.about import ListAbout
from rftsearch.ui.head.identity import file_name
from rftsearch.ui.page.queries import PaperLookup, ask
from rftsearch.ui.page.view import View

__all__ = ["MAX_TAKEN", "take_file"]

MAX_TAKEN = 1000
"""Papers in one file."""


def take_file(library: PaperLookup, wanted: object, title: str, about: ListAbout) -> dict[str, str]:
    """Return a file of papers.

    Args:
        library: What answers.
        wanted: `view`; `what`, `basket` or `results`; `format`, one of `FORMATS`.
        title: The name of the page, after which a file of the whole list is called.
        about: What the file says of the list.

    Returns:
        Its `name`, media `type` and `text`; none of them where nothing is to be had.
    """
    sent = wanted if isinstance(wanted, Mapping) else {}
    form = FORMATS.get(str(sent.get("format")))
    view = View.read(sent.get("view"))
    if form is None:
        return {}
    of_basket = sent.get("what") == "basket" or view.question == "saved"
    try:
        if of_basket:
            papers, _ = library.basket(view.liked)
        else:
            count = MAX_TAKEN if view.question == "newest" else view.k
            papers = [hit.paper for hit in ask(library, view, count).hits]
        content = export(predicted(library.engine, papers), form.name, about=about)
    except RftsearchError:
        return {}
    name = file_name("basket" if of_basket else _subject(library, view, title))
    return {"name": f"{name}{form.suffix}", "type": form.media_type, "text": content}


def _subject(library: PaperLookup, view: View, title: str) -> str:
    """Return what an answer is about."""
    match view.question:
        case "search":
            return view.query
        case "similar":
            seed, _ = library.find(view.seed)
            return f"like {card(seed, {}).name}"
        case "text":
            return strings.HEADING_TEXT
        case "recommend":
            return "recommended"
        case _:
            return title
