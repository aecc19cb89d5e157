from __future__ import annotations

import random
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rftsearch
from rftsearch.errors import SourceError, UsageError
from rftsearch.export.like.compose import differences
from rftsearch.export.like.order import order_of, place_in
from rftsearch.export.like.writer import ListWriter, Written
from rftsearch.papers.paper import ArxivMetadata, Link, Paper
from rftsearch.sources.markdown.places import EntryPlace, ListPlaces, find_places
from support.styles import STYLES, lamp, write_styled

MONTHS = [f"{year}-{month:02}" for year in (2023, 2024, 2025) for month in (2, 5, 8, 11)]
NEWEST = [lamp(n, month, code=n % 2 == 0) for n, month in enumerate(reversed(MONTHS))]


def without(places: ListPlaces, gone: set[int]) -> str:
    """The text without the entries of some numbers."""
    text = places.text
    for number in sorted(gone, reverse=True):
        start, end = places.span(places.entries[number].first, places.entries[number].last)
        text = text[:start] + text[end:]
    return text


def undone(written: Written) -> str:
    """The list as it was before its insertions."""
    text, shift = written.text, 0
    for one in written.insertions:
        at = one.offset + shift
        assert text[at : at + len(one.text)] == one.text
        text = text[:at] + text[at + len(one.text) :]
    return text


def put(text: str, *papers: Paper) -> Written:
    written = ListWriter(text, "list.md").write(papers)
    assert undone(written) == text
    return written


def titles(text: str) -> list[str]:
    return [entry.paper.title for entry in find_places(text, "list.md").entries]


# --- there and back --------------------------------------------------------------------


def assert_written_back(text: str, gone: set[int]) -> None:
    """Take entries out of a list, write them back, and compare the records."""
    places = find_places(text, "list.md")
    papers = [places.entries[number].paper for number in sorted(gone)]
    written = put(without(places, gone), *papers)
    assert len(written.added) == len(papers)
    read = {one.paper.id: one.paper for one in find_places(written.text, "list.md").entries}
    assert read.keys() == {one.paper.id for one in places.entries}
    for entry in places.entries:
        assert differences(entry.paper, read[entry.paper.id]) == []
        assert read[entry.paper.id].categories == entry.paper.categories


@st.composite
def lists(draw: st.DrawFn) -> tuple[str, set[int]]:
    """A list in any style, and the numbers of entries that are taken out."""
    name = draw(st.sampled_from(list(STYLES)))
    months = sorted(draw(st.lists(st.sampled_from(MONTHS), min_size=8, max_size=16)))
    if draw(st.booleans()):
        months.reverse()
    generative = st.booleans() if name == "founding" else st.just(False)
    papers = [
        lamp(n, month, code=draw(st.booleans()), generative=draw(generative))
        for n, month in enumerate(months)
    ]
    # Each section has one paper with code and one without, which always stay.
    cut = draw(st.integers(4, len(papers) - 4))
    papers = [
        replace(p, links=(Link("code", f"https://github.com/example/lamp{n}", "Code"),))
        if n in {0, cut}
        else replace(p, links=())
        if n in {1, cut + 1}
        else p
        for n, p in enumerate(papers)
    ]
    text = write_styled(STYLES[name], [("Lanterns", papers[:cut]), ("Torches", papers[cut:])])
    free = [n for n in range(len(papers)) if n not in {0, 1, cut, cut + 1}]
    gone = draw(st.sets(st.sampled_from(free), max_size=4))
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return text, gone


@settings(max_examples=25)
@given(lists())
def test_entries_that_were_taken_out_are_written_back_as_they_were(drawn):
    assert_written_back(*drawn)


@pytest.mark.parametrize("name", STYLES)
def test_writing_nothing_changes_nothing(name):
    text = write_styled(STYLES[name], [("Lanterns", NEWEST)])
    assert put(text).text == text
    again = put(text, *(one.paper for one in find_places(text, "list.md").entries))
    assert (again.text, len(again.known)) == (text, len(NEWEST))


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "share"),
    [
        ("data/list-2026-05.md", 1.0),
        # Its only remark cannot be learnt from the others.
        ("seed/awesome-rft-mllm.md", 0.9),
        ("data/awesome/Awesome-Efficient-LLM.md", 1.0),
        # Remarks of several lines are one remark in the record.
        ("data/awesome/awesome-RLHF.md", 0.8),
    ],
)
def test_entries_of_real_lists_are_written_back(shared, name, share):
    text = (shared / name).read_bytes().decode("utf-8-sig")
    places = find_places(text, "list.md")
    ids = [one.paper.id for one in places.entries]
    single = [n for n, one in enumerate(places.entries) if ids.count(one.paper.id) == 1]
    gone = set(random.Random(5).sample(single, 15))  # noqa: S311
    papers = [places.entries[number].paper for number in sorted(gone)]
    written = put(without(places, gone), *papers)
    read = {one.paper.id: one.paper for one in find_places(written.text, "list.md").entries}
    equal = [
        not differences(paper, read.get(paper.id)) and read[paper.id].categories == paper.categories
        for paper in papers
    ]
    assert sum(equal) >= share * len(papers)
    kept = [one.paper for n, one in enumerate(places.entries) if n not in gone]
    assert all(
        differences(paper, read[paper.id]) == [] for paper in kept if ids.count(paper.id) == 1
    )


# --- the style -------------------------------------------------------------------------

NEW = Paper(
    "2511.04321",
    "LampGPT",
    "LampGPT: Reading | Writing *Light* [with] Lamps",
    ("Lanterns",),
    released="2025-11",
    arxiv_id="2511.04321",
    url="https://arxiv.org/abs/2511.04321",
    links=(Link("code", "https://github.com/example/lampgpt", "Code"),),
    metadata=ArxivMetadata(
        "2511.04321", "", "", ("Gerda Ginster", "Hans Hasel"), published="2025-11-03"
    ),
)


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        (
            "founding",
            r"* [2511] [LampGPT] [LampGPT: Reading | Writing \*Light\* \[with\] Lamps]"
            "(https://arxiv.org/abs/2511.04321)"
            "  [[Code \U0001f4bb](https://github.com/example/lampgpt)] ",
        ),
        (
            "items below",
            r"- [LampGPT: Reading | Writing \*Light\* \[with\] Lamps](https://arxiv.org/abs/2511.04321)"
            "\n"
            "  - Gerda Ginster, Hans Hasel\n  - Code: [Code](https://github.com/example/lampgpt)",
        ),
        (
            "table",
            r"| [**LampGPT: Reading \| Writing \*Light\* \[with\] Lamps**]"
            "(https://arxiv.org/abs/2511.04321) "
            "| arXiv | 2025-11-03 | [Code](https://github.com/example/lampgpt) |",
        ),
    ],
)
def test_a_paper_with_everything_is_written_in_the_style_of_the_list(name, entry):
    text = write_styled(STYLES[name], [("Lanterns", NEWEST)])
    (added,) = put(text, NEW).added
    assert added.text == entry
    assert ListWriter(text, "list.md").entry(NEW) == entry


def test_what_a_paper_lacks_leaves_no_trace():
    bare = replace(NEW, links=(), metadata=None, title="Just a Title")
    for name, style in STYLES.items():
        (added,) = put(write_styled(style, [("Lanterns", NEWEST)]), bare).added
        assert "Ahorn" not in added.text
        assert "Cedrus" not in added.text
        assert "example/lamp" not in added.text
        assert not re.search(r"\[\s*\]|\(\s*\)|(?<!\w)(?<![.)\]])\*[ .,]*\*\s|Code:", added.text), (
            name,
            added.text,
        )


def test_marks_of_praise_and_remarks_of_others_are_not_copied():
    line = "- {}[{}](https://arxiv.org/abs/2505.0000{}){}\n"
    rest = ["", " A remark of one entry", " :star: recommended", ""]
    text = "## Lanterns\n\n" + "".join(
        line.format("\U0001f525 " if n == 3 else "", lamp(n, "2025-05").title, n, rest[n % 4])
        for n in range(8)
    )
    (added,) = put(text, replace(NEW, links=(), title="Just a Title")).added
    assert added.text == "- [Just a Title](https://arxiv.org/abs/2511.04321)"


def test_what_the_list_has_no_place_for_is_told():
    more = replace(
        NEW,
        links=(*NEW.links, Link("model", "https://huggingface.co/example/l", "Model")),
        venue="ICLR 2026",
    )
    (added,) = put(write_styled(STYLES["table"], [("Lanterns", NEWEST)]), more).added
    assert set(added.lost) >= {"authors", "model link"}


# --- section and order -------------------------------------------------------------------


@pytest.mark.parametrize("newest", [True, False], ids=["newest first", "oldest first"])
@pytest.mark.parametrize("month", ["2022-01", "2024-03", "2026-01"])
def test_an_entry_goes_to_its_place_in_the_order(newest, month):
    papers = NEWEST if newest else NEWEST[::-1]
    text = write_styled(STYLES["founding"], [("Lanterns", papers)])
    new = replace(NEW, released=month, arxiv_id=f"{month[2:4]}{month[5:]}.00001")
    months = [p.paper.released for p in find_places(put(text, new).text, "list.md").entries]
    assert months == sorted(months, reverse=newest)


def test_a_year_alone_does_not_hide_the_order_of_months():
    months = ["2025-12", "2025", "2025-04", "2024", "2024-08", "2024-02", "2023", "2023-05"]
    places = [
        EntryPlace((replace(lamp(n, "2025-01"), released=month, arxiv_id=None),), n, n, "item")
        for n, month in enumerate(months)
    ]
    assert order_of(places) == "newest"
    assert order_of(places[::-1]) == "oldest"
    assert place_in(places, replace(NEW, released="2024-05"), "newest") == 5
    assert place_in(places, replace(NEW, released="2024"), "newest") == 3


def test_a_venue_is_written_with_its_year_where_the_list_does_so():
    line = "* **{}**, {}, {}.    \nAnna Ahorn.    \n[[Paper](https://lamps.example/{}.pdf)]\n\n"
    text = "## Lanterns\n\n" + "".join(
        line.format(lamp(n, "2025-05").title, ("CVPR", "ICRA")[n % 2], 2025 - n // 3, n)
        for n in range(8)
    )
    new = replace(NEW, arxiv_id=None, url="https://new.example", links=(), released="2023")
    for venue in ("Journal of Lamps 2023", "Journal of Lamps"):
        (added,) = put(text, replace(new, venue=venue, metadata=None)).added
        assert "**, Journal of Lamps, 2023.    \n" in added.text
        assert not added.lost
    # When a preprint came out says nothing about the year of its venue.
    (added,) = put(text, replace(NEW, venue="Journal of Lamps", metadata=None)).added
    assert "**, Journal of Lamps.    \n" in added.text


def test_what_links_say_is_not_written_into_the_remark_too():
    text = "## Lanterns\n\n" + "".join(
        f"- [{lamp(n, '2025-05').title}](https://arxiv.org/abs/2505.0000{n})\n"
        f"  - Keyword: wick {n}, oil {n}\n"
        f"  - Code: [official](https://github.com/example/lamp{n})\n"
        + (f"  - Dataset: [Glow{n}](https://d.example/{n}), [Dim](https://d.example/)\n" * (n % 2))
        for n in range(8)
    )
    assert_written_back(text, {3})


def test_lists_by_title_and_lists_without_order():
    by_title = sorted(NEWEST, key=lambda paper: paper.title)
    text = write_styled(
        STYLES["linked bullets"], [("Lanterns", [replace(p, released=None) for p in by_title])]
    )
    mixed = titles(put(text, replace(NEW, title="Moths around a Lamp")).text)
    assert mixed == sorted(mixed)
    shuffled = [NEWEST[n] for n in (3, 0, 5, 1, 4, 2, 7, 6)]
    text = write_styled(STYLES["founding"], [("Lanterns", shuffled)])
    assert titles(put(text, NEW).text)[-1] == NEW.title


def test_several_entries_at_one_place_are_in_order_too():
    text = write_styled(STYLES["founding"], [("Lanterns", NEWEST)])
    new = [
        replace(NEW, released="2025-12", arxiv_id=f"2512.0000{n}", title=f"Lamp of Kind {n} by Day")
        for n in (2, 3, 1)
    ]
    assert titles(put(text, *new).text)[:3] == [f"Lamp of Kind {n} by Day" for n in (3, 2, 1)]


def test_each_category_and_each_year_has_its_section():
    parts = [
        (str(year), [p for p in NEWEST if p.released[:4] == str(year)]) for year in (2025, 2024)
    ]
    style = replace(STYLES["linked bullets"], heading="### {}")
    text = write_styled(style, parts).replace("### 2025", "## Lanterns\n\n### 2025")
    text += "\n## Torches\n\n" + "".join(style.entry(lamp(n, "2024-05")) for n in range(12, 16))
    new = replace(
        NEW, released="2024-06", arxiv_id="2406.00001", categories=("Lanterns", "Torches")
    )
    entries = find_places(put(text, new).text, "list.md").entries
    found = [one.paper.heading_paths[0] for one in entries if one.paper.arxiv_id == "2406.00001"]
    assert [path[-2:] for path in found] == [("Lanterns", "2024"), (path_of_torches(found))]


def path_of_torches(found: list[tuple[str, ...]]) -> tuple[str, ...]:
    assert found[1][-1] == "Torches"
    return found[1][-2:]


def test_a_category_that_is_missing_becomes_a_heading():
    text = write_styled(STYLES["founding"], [("Lanterns", NEWEST)])
    written = put(text, replace(NEW, categories=("Candles",)))
    assert written.added[0].new_heading
    assert "\n## Candles\n\n### Papers\n\n* [2511]" in written.text
    places = find_places(written.text, "list.md")
    assert [p.paper.categories for p in places.entries if p.paper.id == NEW.id] == [("Candles",)]
    table = put(
        write_styled(STYLES["table"], [("Lanterns", NEWEST)]), replace(NEW, categories=("Candles",))
    )
    assert "\n## Candles\n\n| Title | Venue | Date | Code |\n|:--|" in table.text


def test_a_heading_without_entries_is_used():
    text = write_styled(STYLES["founding"], [("Lanterns", NEWEST)])
    text = text.replace("## Lanterns", "## Candles\n\n### Papers\n\n## Lanterns")
    written = put(
        text, replace(NEW, categories=("Candles",), heading_paths=(("Candles", "Papers"),))
    )
    assert "## Candles\n\n### Papers\n\n* [2511]" in written.text
    assert written.text.count("Candles") == 1


def test_what_stands_elsewhere_is_not_written_under_a_new_heading():
    text = write_styled(STYLES["founding"], [("Lanterns", NEWEST)])
    known = replace(find_places(text, "list.md").entries[0].paper, categories=("Candles",))
    assert put(text, known).text == text


def test_numbers_go_on():
    items = "".join(
        f"{n}. [{lamp(n, '2025-05').title}](https://arxiv.org/abs/2505.0000{n})\n"
        for n in range(1, 6)
    )
    (added,) = put(f"## Lanterns\n\n{items}", replace(NEW, links=(), title="Just a Title")).added
    assert added.text == "6. [Just a Title](https://arxiv.org/abs/2511.04321)"


@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_a_list_that_ends_without_a_line_end_keeps_its_last_bytes(end):
    text = write_styled(STYLES["founding"], [("Lanterns", NEWEST[::-1])]).partition("\n## License")[
        0
    ]
    written = put(text.rstrip("\n") + end, replace(NEW, released="2026-01", arxiv_id="2601.00001"))
    assert titles(written.text)[-1] == NEW.title


# --- doors -------------------------------------------------------------------------------


def test_export_writes_like_a_list(tmp_path: Path):
    path = tmp_path / "list.md"
    path.write_text(write_styled(STYLES["founding"], [("Lanterns", NEWEST)]), "utf-8")
    text = rftsearch.export([NEW], "markdown", like=path)
    assert text == put(path.read_text("utf-8"), NEW).text
    with pytest.raises(UsageError, match="BibTeX is not written like a list"):
        rftsearch.export([NEW], "bibtex", like=path)
    path.write_text("# Nothing\n", "utf-8")
    with pytest.raises(SourceError, match=r"list\.md has no entries whose style could be followed"):
        rftsearch.export([NEW], "markdown", like=path)
