"""What a list says of itself; what it does not say stays empty."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rftsearch.papers.about import ListAbout
from rftsearch.sources.base import Problem
from rftsearch.sources.markdown.list_file import MarkdownList
from rftsearch.sources.markdown.styles.any_list import parse_any_list

ENTRY = "\n\n## Broth\n\n- [Clear Broth for All](https://arxiv.org/abs/2402.00001)\n"
HOME = "https://github.com/ladle/awesome-soups"


def about(text: str) -> ListAbout:
    return parse_any_list(dedent(text).strip("\n") + ENTRY, "soups.md").about


def test_a_list_that_says_everything():
    found = about(
        f"""
        <div align="center">

        # \U0001f372 Awesome Soups :stew: [![Awesome](https://awesome.re/badge.svg)](https://awesome.re)

        [![License: MIT](https://img.shields.io/badge/License-MIT-green.svg)](LICENSE)
        ![stars](https://img.shields.io/github/stars/ladle/awesome-soups)
        ![](https://img.shields.io/badge/Last_Updated-2025--05--03-blue)

        </div>

        \U0001f525 News: our survey is out!

        A curated list of **papers** on [soups](https://soup.example). It grows every week.

        If you find it useful, please star it.

        ## News
        - We collect stews too.

        [![Stars](https://api.star-history.com/svg?repos=ladle/awesome-soups)]({HOME}/stargazers)
        """
    )
    assert found == ListAbout(
        title="Awesome Soups",
        description="A curated list of papers on soups. It grows every week.",
        home=HOME,
        licence="MIT",
        updated="2025-05-03",
    )


def test_a_list_that_says_nothing():
    assert about("Words of no use.\n\n## Contents\n- [Broth](#broth)") == ListAbout()
    assert parse_any_list("", "x.md").about == ListAbout()


def test_it_comes_with_the_papers_of_a_file(tmp_path):
    path = tmp_path / "soups.md"
    path.write_text("# Awesome Soups" + ENTRY, encoding="utf-8")
    *papers, last = MarkdownList(path).read(lambda *_: None)
    assert last == ListAbout(title="Awesome Soups")
    assert not any(isinstance(one, ListAbout | Problem) for one in papers)


# --- title -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "# Awesome Soups",
        "Awesome Soups\n=============",
        '<h1 align="center">Awesome Soups</h1>',
        '<p align="center">\n<h1><strong>Awesome Soups</strong></h1>\n</p>',
        "<div>\n\n# <a name='top'></a>Awesome Soups\n\n</div>",
        "# Awesome Soups [\U0001f51d](#top)\n\n# Papers",
        "---\ntitle: \"Awesome Soups\"\nlayout: page\n---\n",
        "\ufeff---\r\nlayout: page\r\nTitle: Awesome Soups\r\n---\r\n# Something else\n",
        "![logo](logo.png)\n\n## Awesome Soups",
    ],
)  # fmt: skip
def test_the_title_is_found_in_every_form(text):
    assert about(text).title == "Awesome Soups"


@pytest.mark.parametrize(
    "text",
    ["", "# News\n- x", "## Contents\n- x", "# Papers", "# ![](logo.png)"],
    ids=["nothing", "news", "contents", "papers", "image"],
)
def test_a_section_is_no_title(text):
    assert about(text).title == ""


def test_the_first_of_several_sections_of_one_level_is_no_title():
    text = "# Broth\n- [Clear Broth](https://arxiv.org/abs/2402.00001)\n# Stew\n"
    assert parse_any_list(text, "x.md").about.title == ""


def test_front_matter_that_is_no_yaml_is_left_alone():
    assert about("---\n: [\n---\n\n# Awesome Soups").title == "Awesome Soups"
    assert about(f"---\n{'[' * 9_000}\n---\n\n# Awesome Soups").title == "Awesome Soups"


CHINESE = "\u672c\u4ed3\u5e93\u6536\u96c6\u5173\u4e8e\u6c64\u7684\u8bba\u6587\u3002"

# --- description ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "description"),
    [
        ("> A reading list of papers on soups", "A reading list of papers on soups"),
        ("<p align='center'><b>Curated collection of soups and stews.</b></p>",
         "Curated collection of soups and stews."),
        ("Ann Bee, Carl Dew\n\nThis repository collects soups: the best of them:",
         "This repository collects soups: the best of them"),
        ("Soups were always cooked by many people. They are warm.\n\nThis is a list of soups.",
         "This is a list of soups."),
        ('"Soup is a lot like a family and a fire."\n\nWe collect papers on soups.',
         "We collect papers on soups."),
        ("Soups are warm and good for all people.", "Soups are warm and good for all people."),
        (f"[English](a.md) | [\u4e2d\u6587](b.md)\n\n{CHINESE}", CHINESE),
        ("## Introduction\n\nThis list is about soups and about nothing else.",
         "This list is about soups and about nothing else."),
        ("## Cooking\n\nThis list is about soups and about nothing else.", ""),
        ("[2025/03] This list of soups was updated with new ones.", ""),
        ("**If you find this list of soups helpful, please cite it.**", ""),
        ("Please send a pull request to this list of soups.", ""),
        ("- this is a list of soups in a list", ""),
        ("Contact: soups@soup.example for this list of soups", ""),
    ],
)  # fmt: skip
def test_the_description_is_the_paragraph_that_says_what_is_collected(text, description):
    assert about(f"# Awesome Soups\n\n{text}").description == description


def test_a_long_description_ends_with_a_sentence():
    text = "This is a list of soups. " + "It has soups of many kinds. " * 20
    found = about(f"# Soups\n\n{text}").description
    assert 250 < len(found) <= 300
    assert found.endswith("kinds.")
    found = about(f"# Soups\n\nThis is a list of {'soups and ' * 60}stews.").description
    assert len(found) <= 300
    assert found.endswith(" ...")


def test_front_matter_describes_a_list():
    assert about("---\ndescription: All of\n  the soups\n---\n").description == "All of the soups"


# --- address ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "![](https://api.star-history.com/svg?repos=ladle/awesome-soups&type=Date)",
        "[![x](y)](https://star-history.com/#ladle/awesome-soups&Date)",
        "![](https://img.shields.io/github/stars/ladle/awesome-soups?style=social)",
        "<img src='https://img.shields.io/github/last-commit/ladle/awesome-soups.svg'>",
        "![](https://visitor-badge.example/badge?page_id=ladle.awesome-soups)",
        "![](https://hits.example/?url=https%3A%2F%2Fgithub.com%2Fladle%2Fawesome-soups&x=1)",
        f"Send an [issue]({HOME}/issues/new) or fork it, see [{HOME}/network]({HOME}/network).",
        f"```\ngit clone {HOME}.git\n```",
        f"```bibtex\n@misc{{soup,\n  howpublished = {{\\url{{{HOME}}}}},\n}}\n```",
        "<img src='https://contrib.rocks/image?repo=ladle/awesome-soups' />",
        f"[![Awesome](https://awesome.example/badge.svg)]({HOME})",
        f"---\nhome: {HOME}\n---\n",
        "---\nrepository: ladle/awesome-soups\n---\n",
        f"# Awesome Soups\n\nSee [the list]({HOME}) and [pots](https://github.com/pot/pots).",
    ],
)
def test_the_address_is_that_to_which_only_the_list_itself_links(text):
    assert about(text).home == HOME


@pytest.mark.parametrize(
    "text",
    [
        "[![Awesome](https://awesome.example/b.svg)](https://github.com/sindresorhus/awesome)",
        "![](https://star-history.com/#ladle/awesome-soups&pot/awesome-pots&Date)",
        f"See [soups]({HOME}).",
        "![](https://img.shields.io/github/stars/a/b) ![](https://img.shields.io/github/stars/c/d)",
    ],
    ids=["badge", "two histories", "one link", "two badges"],
)
def test_an_address_that_is_not_clear_is_not_guessed(text):
    assert about(text).home == ""


def test_badges_of_entries_are_not_of_the_list():
    text = "\n".join(
        f"- [Broth {n}](https://arxiv.org/abs/2402.0000{n}) "
        "![](https://img.shields.io/github/stars/pot/pots)"
        for n in range(1, 9)
    )
    assert parse_any_list(f"# Soups\n\n## A\n\n{text}\n", "x.md").about.home == ""


# --- licence ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "licence"),
    [
        ("![License](https://img.shields.io/badge/license-CC%20BY--NC--SA%204.0-green)",
         "CC BY-NC-SA 4.0"),
        ("<img src='https://img.shields.io/github/license/a/b' alt='MIT License'>", "MIT"),
        ("![](https://img.shields.io/static/v1?label=license&message=Apache-2.0)", "Apache 2.0"),
        ("## License\n\nReleased under the [Apache 2.0 license](LICENSE).", "Apache 2.0"),
        ("## \U0001f4dc License\n\n[![CC0](x.png)](https://creativecommons.org/publicdomain/zero/1.0/)",
         "CC0 1.0"),
        ("<h2>License</h2>\n\nGNU General Public License v3.0", "GPL 3.0"),
        ("This list is licensed under a Creative Commons Attribution-ShareAlike 4.0 licence.",
         "CC BY-SA 4.0"),
        ("[x](https://creativecommons.org/licenses/by/4.0/)", "CC BY 4.0"),
        ("---\nlicense: mit\n---\n", "MIT"),
        ("---\nlicence: Soup Licence 2\n---\n", "Soup Licence 2"),
        ("![License](https://img.shields.io/github/license/a/b)", ""),
        ("Made at MIT.", ""),
        ("## License\n\nSee the file.", ""),
    ],
)  # fmt: skip
def test_the_licence_is_named_as_the_list_does(text, licence):
    assert about(text).licence == licence


# --- date ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "updated"),
    [
        ("Last updated: 2025-05-03", "2025-05-03"),
        ("*Last Update: May 3rd, 2025*", "2025-05-03"),
        ("**Last update** on 3 May 2025", "2025-05-03"),
        ("## Updated on 2024.12.10", "2024-12-10"),
        ("(last updated: Sept. 2024)", "2024-09"),
        ("\u6700\u540e\u66f4\u65b0\uff1a2025\u5e745\u67083\u65e5", "2025-05-03"),
        ("![](https://img.shields.io/badge/last%20updated-May%2021%2C%202025-blue)", "2025-05-21"),
        ("---\nlastmod: 2025-05-03T10:00:00Z\n---\n", "2025-05-03"),
        ("<!-- last updated: 2025-05-03 -->", ""),
        ("Last updated: 2025-13-03", ""),
        ("Last updated: 03/05/2025", ""),
        ("Last updated often, first in 2025-05-03", ""),
        ("[2025-05-03] New soups.", ""),
    ],
)
def test_the_date_is_the_stated_one(text, updated):
    assert about(text).updated == updated


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        st.sampled_from(
            [
                "# A",
                "<h1>",
                "---\n",
                "![a](b)",
                "github.com/a/b",
                "license",
                "\n\n",
                "last update: ",
            ]
        )
        | st.text(max_size=10)
    ).map("".join)
)
def test_any_text_may_be_asked(text):
    found = parse_any_list(text, "x.md").about
    assert len(found.description) <= 300
    assert "\n" not in found.title + found.description
