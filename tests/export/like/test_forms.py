from __future__ import annotations

import pytest

from rftsearch.export.like.forms import Form, Slot, take_apart
from rftsearch.export.like.spans import Folded, fold, with_signs
from rftsearch.sources.markdown.places import find_places
from support.styles import STYLES, lamp, write_styled

PAPERS = [lamp(n, f"2025-{n + 1:02}", code=n % 2 == 0) for n in range(6)]


def kinds(form: Form) -> list[list[str]]:
    return [[p.kind if isinstance(p, Slot) else p for p in part.pieces] for part in form.parts]


@pytest.mark.parametrize("name", STYLES)
def test_an_entry_taken_apart_is_whole_again(name):
    places = find_places(write_styled(STYLES[name], [("Lanterns", PAPERS)]), "list.md")
    assert len(places.entries) == len(PAPERS)
    for entry in places.entries:
        form = take_apart(places, entry)
        assert form is not None
        pieces = (
            part.before + "".join(p.raw if isinstance(p, Slot) else p for p in part.pieces)
            for part in form.parts
        )
        assert "".join(pieces) + form.end == places.text_of(entry)
        assert {"title", "links" if entry.paper.links else "title"} <= {s.kind for s in form.slots}


def test_the_parts_of_an_entry_are_named():
    places = find_places(write_styled(STYLES["paragraphs"], [("Lanterns", PAPERS)]), "list.md")
    form = take_apart(places, places.entries[0])
    assert form is not None
    assert kinds(form) == [
        ["**", "title", "**"],
        ["*", "authors", "*"],
        ["arXiv ", "date", ". ", "links"],
        ["date"],
    ]


def test_badges_comments_and_pictures_are_told_apart():
    row = (
        "| [![Star](https://img.shields.io/github/stars/example/lamp0.svg)]"
        "(https://github.com/example/lamp0) [![Where](https://img.shields.io/badge/Venue-ICLR'24-blue)]()"
        " <br> [Reading Old Maps by Lantern](https://arxiv.org/abs/2505.00001) | "
        '<img src="https://arxiv.org/html/2505.00001v1/x1.png"> | [//]: #05/12\n'
    )
    other = row.replace("0000", "0001").replace("Old", "New")
    text = f"## A\n\n| Title | Figure |\n|--|--|\n{row}{other}"
    places = find_places(text, "list.md")
    form = take_apart(places, places.entries[0])
    assert form is not None
    assert [slot.kind for slot in form.slots] == [
        "badge",
        "badge",
        "title",
        "address",
        "junk",
        "junk",
    ]


def test_a_phrase_is_found_although_reading_cleaned_it():
    text = r"see [\"Caf&eacute;: *Lamps* \& Light?\"](https://cafe-lamps-light.org)"
    folded = Folded(text, [(text.index("](") + 2, len(text))])
    (span,) = folded.find('"Caf\u00e9: Lamps & Light?"')
    start, end = with_signs(text, span, '"Caf\u00e9: Lamps & Light?"', (0, len(text)))
    assert text[start:end] == r"\"Caf&eacute;: *Lamps* \& Light?\""
    assert fold("\ufb01ne \u00dcber-Lamps") == "fine\u00fcberlamps"
