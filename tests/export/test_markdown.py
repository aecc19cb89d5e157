"""The list's own lines, read back by the list's own reader."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rftsearch.export import export
from rftsearch.papers.merge import merge_papers
from rftsearch.papers.paper import Link, Paper
from rftsearch.sources.catalogue import load_catalogue
from rftsearch.sources.markdown.awesome import parse_list, split_generative
from rftsearch.text.clean import repair, slug, strip_emoji
from support.citable import HOSTILE, PENDING, PROJECT, REPORT, paper


def listed(one: Paper) -> Paper:
    """What a list says of a paper, but for the headings of another list above it."""
    return replace(
        one,
        provenance=(),
        metadata=None,
        listed_title=None,
        unknown_to_arxiv=False,
        heading_paths=(),
    )


def read(text: str) -> list[Paper]:
    return [listed(one) for one in merge_papers(parse_list(text, "list.md").papers)]


@pytest.mark.parametrize(
    ("released", "written"),
    [("2025-06", "2506"), ("2025", "2500"), ("1994", "9400"), ("1968", "0000"), (None, "0000")],
)
def test_a_year_without_a_month_is_written_and_read(released, written):
    one = replace(paper(), released=released)
    text = export([one], "markdown")
    assert f"* [{written}] [Lantern" in text
    assert read(text)[0].released == (None if written == "0000" else released)


def test_the_form_of_the_list():
    several = replace(paper(), categories=("Night Vision", "Robots"), generative=True)
    assert export([several, PROJECT], "markdown") == (
        "## Night Vision\n\n### Papers\n\n"
        "* [2506] [Lantern (Gen)] [Lantern: Reading in the Dark]"
        "(https://arxiv.org/abs/2505.01234) [[Code](https://example.org/lantern)]\n\n"
        "### Open-Source Projects\n\n"
        "* [[Robo-Kit](https://github.com/example/robo-kit)] "
        "[[Code](https://github.com/example/robo-kit)] (A robot toolbox)\n\n"
        "## Robots\n\n### Papers\n\n"
        "* [2506] [Lantern (Gen)] [Lantern: Reading in the Dark]"
        "(https://arxiv.org/abs/2505.01234) [[Code](https://example.org/lantern)]\n\n"
        "### Open-Source Projects\n\n"
        "* [[Robo-Kit](https://github.com/example/robo-kit)] "
        "[[Code](https://github.com/example/robo-kit)] (A robot toolbox)\n"
    )


def test_everything_comes_back():
    papers = [paper(), PROJECT, REPORT, PENDING]
    assert read(export(papers, "markdown")) == sorted(
        map(listed, papers), key=lambda one: (one.categories[0] != "Night Vision", one.kind)
    )


def test_the_catalogue_comes_back():
    papers = load_catalogue()
    back = {one.id: one for one in read(export(papers, "markdown"))}
    assert back == {one.id: listed(one) for one in papers}


@pytest.mark.shared
def test_real_lists_come_back(shared):
    for name in ("list-2026-05.md", "awesome/awesome-RLHF.md"):
        text = (shared / "data" / name).read_text("utf-8")
        papers = merge_papers(parse_list(text, name).papers)
        back = {one.id: one for one in read(export(papers, "markdown"))}
        assert back == {one.id: listed(one) for one in papers}


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_ends_its_line(text):
    papers = (
        paper(text, short_name=text),
        replace(PROJECT, short_name=text, title=text, description=text),
        replace(REPORT, title=text, links=(Link("code", f"https://example.org/{text}", text),)),
    )
    exported = export(papers, "markdown")
    assert len(re.findall(r"^\* ", exported, re.MULTILINE)) == 4
    assert len(re.findall(r"^#", exported, re.MULTILINE)) == 7
    for one in parse_list(exported, "list.md").papers:
        for address in (one.url, *(link.url for link in one.links)):
            assert address is None or address.startswith("http")


# --- any record that a list can make ---------------------------------------------------

words = st.text(
    st.sampled_from("abzAZ09 é-_*`#\\<>&;:.,!?'\"$^~|(){}[]%@+=/\u6697"), min_size=1, max_size=20
)


def settled(text: str) -> str:
    """A text as reading leaves it."""
    return strip_emoji(repair(text))


def balanced(text: str) -> bool:
    """Whether brackets in it can stand within brackets."""
    return re.fullmatch(r"(?:[^\[\]]|\[[^\[\]]*\](?!\())*", text) is not None


def unbracketed(text: str) -> str:
    return text.translate({91: None, 93: None})


# Most texts are mended rather than thrown away, so that hypothesis need not try often.
texts = words.map(lambda text: settled(settled(f"a{text}"))).filter(
    lambda text: slug(text) and settled(text) == text
)
names = texts.map(lambda text: text if balanced(text) else settled(unbracketed(text)))
remarks = texts.map(
    lambda text: unbracketed(text).strip(" -\u2013\u2014:;,/|\u00b7\u2022()")
).filter(lambda text: settled(text) == text)
labels = st.builds("{} {}".format, texts, st.sampled_from(["Code", "Models"])).map(settled)
paths = st.from_regex(r"[a-z0-9._~()&=*_-]{1,12}", fullmatch=True)
addresses = st.builds("https://example.org/{}".format, paths)
months = st.none() | st.dates().map(lambda day: f"{1991 + day.year % 99}-{day.month:02}")


categories = st.lists(st.sampled_from(["Robots", "A & B (c)", "*x*"]), min_size=1, unique=True)


@st.composite
def papers(draw) -> Paper:
    name, title = draw(names), draw(texts)
    assume(split_generative(name) == (name, False))
    arxiv_id = draw(st.none() | st.sampled_from(["2505.01234", "1105.0123", "cs/0501001"]))
    url = f"https://arxiv.org/abs/{arxiv_id}" if arxiv_id else draw(addresses)
    return Paper(
        id=arxiv_id or slug(title),
        short_name=name,
        title=title,
        categories=tuple(draw(categories)),
        released=draw(months),
        arxiv_id=arxiv_id,
        url=url,
        generative=draw(st.booleans()),
        description=draw(st.just("") | remarks),
        links=tuple(
            Link("code" if label.endswith("Code") else "model", address, label)
            for label, address in draw(st.lists(st.tuples(labels, addresses), max_size=3))
        ),
    )


@given(st.lists(papers(), unique_by=lambda one: one.id))
def test_what_a_list_can_say_comes_back_equal(some):
    back = {one.id: one for one in read(export(some, "markdown"))}
    assert back == {one.id: one for one in some}
