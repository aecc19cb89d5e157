from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.sources.markdown.link_places import find_links


def found(text: str) -> list[tuple[str, str, str]]:
    return [(link.form, link.label, link.target) for link in find_links(text)]


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("[Code](https://a.org/x)", [("inline", "Code", "https://a.org/x")]),
        ("[[Code \U0001f4bb](https://a.org)]", [("inline", "Code \U0001f4bb", "https://a.org")]),
        ("[a [b] c](https://a.org/(x)_y)", [("inline", "a [b] c", "https://a.org/(x)_y")]),
        ("[a](<https://a.org/x y>)", [("inline", "a", "https://a.org/x y")]),
        ('[a](https://a.org "A title")', [("inline", "a", "https://a.org")]),
        ("[a]( https://a.org )", [("inline", "a", "https://a.org")]),
        ("[a]() and [b]( )", [("inline", "a", ""), ("inline", "b", "")]),
        (
            "[![Star](https://a.org/i.svg)](https://a.org/x)",
            [
                ("inline", "![Star](https://a.org/i.svg)", "https://a.org/x"),
                ("image", "Star", "https://a.org/i.svg"),
            ],
        ),
        (
            "<a href=\"https://a.org\">A</a> <a class=x href='https://b.org'>B</a>",
            [("html", "A", "https://a.org"), ("html", "B", "https://b.org")],
        ),
        ('<img width=3 src="x.png">', [("html image", "", "x.png")]),
        ("see https://a.org/x, and (https://b.org).", None),
        ("[one]: https://a.org 'x'\n", [("reference", "one", "https://a.org")]),
        ("`[a](https://a.org)` <!-- [b](https://b.org) -->", []),
        ("```\n[a](https://a.org)\n```\n", []),
        ("[//]: #12/30", []),
        ("[1] (a remark)", []),
        (r"\[a](https://a.org)", None),
    ],
)
def test_links_are_found_as_they_are_written(text, links):
    if links is None:
        assert {form for form, _, _ in found(text)} == {"bare"}
    else:
        assert found(text) == links


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("[a](https://a.org/x", "https://a.org/x"),
        ("[a](https://a.org/x] [b](https://b.org)", "https://a.org/x"),
        ("| [a](https://a.org/x | b |", "https://a.org/x"),
    ],
)
def test_a_link_whose_parenthesis_is_missing_is_found_and_marked(text, target):
    first = next(iter(find_links(text)))
    assert (first.target, first.closed) == (target, False)


def test_a_blank_between_label_and_address_is_marked():
    (link,) = find_links("[a] (https://a.org/x)")
    assert (link.target, link.apart, link.closed) == ("https://a.org/x", True, True)


def test_escapes_and_entities_are_taken_out_of_the_address():
    (link,) = find_links(r"[a](https://a.org/x\_y?b=1&amp;c=2)")
    assert link.url == "https://a.org/x_y?b=1&c=2"


def test_a_badge_shows_only_an_image():
    badge, _ = find_links("[![Star](https://a.org/i.svg)](https://a.org)")
    assert badge.only_image
    assert not next(
        iter(find_links("[![Star](https://a.org/i.svg) Code](https://a.org)"))
    ).only_image


PARTS = st.sampled_from(
    [
        *("[", "]", "(", ")", "](", "!", "<a href=", '"', "'", ">", "</a>", "`", "```", "\\"),
        *("<!--", "-->", "|", "\u00e9", "&amp;", "[a]: ", "title", "https://a.org/x", " "),
        *("\n", "\r\n", "---\n"),
    ]
)


@given(st.lists(PARTS, max_size=40).map("".join))
def test_each_place_holds_its_target(text):
    before = -1
    for link in find_links(text):
        assert text[link.target_start : link.target_end] == link.target
        assert 0 <= link.start <= link.target_start <= link.target_end <= link.end <= len(text)
        assert link.start >= before
        before = link.start


@pytest.mark.parametrize(
    "part",
    ["[", "](", "[a](", "`", "` ``", "<a ", "<!-- ", "[a](x (", "[x]( " + " " * 300 + '"', "(("],
)
def test_hostile_text_takes_no_longer_than_its_length(part):
    text = part * (200_000 // len(part))
    start = time.process_time()
    list(find_links(text))
    assert time.process_time() - start < 5
