"""Lists of many styles: what is read of them, and that no paper goes unnoticed."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rftsearch.papers.paper import Link, Paper
from rftsearch.sources.base import ParsedList
from rftsearch.sources.markdown.awesome import parse_list
from rftsearch.sources.markdown.styles.any_list import parse_any_list


def read(text: str) -> ParsedList:
    return parse_any_list(dedent(text).strip("\n"), "soups.md")


def the_paper(text: str) -> Paper:
    parsed = read(text)
    assert parsed.problems == ()
    (paper,) = parsed.papers
    return paper


URL = "https://arxiv.org/abs/2402.00002"


@pytest.mark.parametrize(
    "entry",
    [
        f"- [Soups as Fields: A View]({URL})",
        f"+ **Soups as Fields: A View** [[Paper]({URL})]",
        f"1. **Soups as Fields: A View.** *Ann Bee, Carl Dew.* ICML 2024. [paper]({URL})",
        f"- Soups as Fields: A View, [[Paper]]({URL}), [[Project]](https://soup.example)",
        f"- [2024/02] **Soups as Fields: A View** *Ann Bee et al.* [[pdf]({URL})]",
        f'* **SoupNet**: "Soups as Fields: A View", *ICLR 2024* (Ann Bee). [[Paper]({URL})]',
        f"- Soups as Fields: A View. Ann Bee, Carl Dew. arXiv 2024. [[paper]]({URL})",
        f"- Ann Bee, Carl Dew. Soups as Fields: A View. In ICML 2024. [[paper]]({URL})",
        f"- Bee, A. and Dew, C. (2024). Soups as Fields: A View. [[paper]]({URL})",
        f"- [[CVPR]({URL})] Soups as Fields: A View. [[code](https://github.com/a/b)]",
        f"- [SoupNet](https://github.com/a/b): [Soups as Fields: A View]({URL})",
        f"- [Soups as Fields: A View] ({URL})",
        f"- Soups as Fields: A View <{URL}>",
        f"- `ICML 2024` [Soups as Fields: A View]({URL})",
        f"- **`[ICML 2024]`** Soups as Fields: A View [[paper]]({URL})",
        f"- ICCV2023 | Soups as Fields: A View [[paper]]({URL})",
        f"- [**[ICML 24]** Soups as Fields: A View]({URL})",
        f'- [SoupNet]({URL}) Ann Bee et al. "Soups as Fields: A View." ArXiv (2024).',
        f"- *Soups as Fields: A View*, Ann Bee and Carl Dew, ICML 2024. [[pdf]({URL})]",
        f"- 2024-02-09 | Soups as Fields: A View | Ann Bee | [link]({URL})",
        f"- \U0001f525 [arXiv 2402] **Soups as Fields: A View**, [pdf]({URL})",
        f"- Soups as Fields: A View \u2014 [arXiv]({URL}) \u2014 soups are better as fields.",
        f"- <details><summary><b>Soups as Fields: A View</b> <a href='{URL}'>[pdf]</a></summary>We"
        " cook.</details>",
        f"**Soups as Fields: A View**\n\n*Ann Bee, Carl Dew*\n\n[[Paper]({URL})] [[Code](x)]",
        f"- **Soups as Fields: A View**\n\n<div>[<a href='{URL}'>Paper</a>]</div>",
        "- **Soups as Fields: A View**, arXiv:2402.00002, 2024  \n  Ann Bee, Carl Dew",
        "- **Soups as Fields: A View**  \n  ICML 2024\n"
        f"  [![arXiv](https://img.shields.io/badge/a-b-red)]({URL})",
        f"- **Soups as Fields: A View**\n  - [Paper]({URL})\n  - [Code](https://github.com/a/b)",
        f"**Soups as Fields: A View** \\\n*Ann Bee, Carl Dew* \\\nICML 2024. [[Paper]({URL})]",
        f"**Soups as Fields: A View**\n\n- Paper: {URL}\n- Code: None",
        f"### Soups as Fields: A View\n\n**Authors**: Ann Bee\n\n[Paper]({URL}) | [Code](x)",
        "### 3. Soups as Fields: A View\n**Authors**: Ann Bee\n<details>\n"
        "<summary>Abstract</summary>\nWe cook.\n</details>\n\n"
        f" [\U0001f4c4 Paper]({URL}) | [Code (not yet)]() | [Talk](https://t.x)",
        f"### 2. [Soups as Fields: A View]({URL})\n\nWe cook.",
        f"|Title|Date|\n|-|-|\n|[**Soups as Fields: A View**]({URL})|2024-02-09|",
        f"|Date|Title|PDF|\n|-|-|-|\n|2024-02-09|Soups as Fields: A View|[link]({URL})|",
        f"Title | Venue\n- | -\n[Soups as Fields: A View]({URL}) | ICML",
        f"<ul><li><b>Soups as Fields: A View</b>, Ann Bee [<a href='{URL}'>pdf</a>]</li></ul>",
        f"<table><tr><td><a href='{URL}'>Soups as Fields: A View</a></td><td>x</td></tr></table>",
    ],
)
def test_the_title_is_found_in_every_style(entry):
    paper = the_paper(f"# Awesome Soups\n\n## Radiance\n\n{entry}\n")
    assert paper.title == "Soups as Fields: A View"
    assert (paper.id, paper.arxiv_id, paper.url) == ("2402.00002", "2402.00002", URL)
    assert paper.category == "Radiance"
    assert paper.released == "2024-02"


def test_links_have_their_kind_by_label_or_by_address():
    paper = the_paper(
        f"""
        ## Tools
        - [Soups as Fields]({URL}) [[here](https://github.com/a/b)] [[Data](https://d.example)]
          [![Star](https://img.shields.io/x.svg)](https://github.com/a/b)
        """
    )
    assert paper.links == (
        Link("code", "https://github.com/a/b", "here"),
        Link("dataset", "https://d.example", "Data"),
    )


def test_badges_alone_below_an_entry_are_its_links():
    paper = the_paper(
        f"""
        ## Tools
        1. [**Soups as Fields.**]({URL}) *Ann Bee, Carl Dew.*

        &nbsp;&nbsp; [![GitHub Repo stars](https://img.shields.io/x)](https://github.com/a/b)
        """
    )
    assert paper.links == (Link("code", "https://github.com/a/b", "Code"),)


@pytest.mark.parametrize(
    ("entry", "month"),
    [
        (f"- (ICRA 2023.11) Cold Soup for Robots, [[Paper]]({URL})", "2023-11"),
        (f"- [Cold Soup for Robots]({URL}) (Mar., 2024)", "2024-03"),
        (
            f"- [Cold Soup for Robots]({URL}) ![](https://img.shields.io/badge/abs-2024.04-red)",
            "2024-04",
        ),
        (f"- **Cold Soup for Robots** [[pdf]({URL})] 14 May 2024", "2024-05"),
        (f"- [Cold Soup for Robots]({URL})", "2024-02"),
        ("- [Cold Soup for Robots](https://openreview.net/forum?id=x1)", None),
    ],
)
def test_the_month_is_the_stated_one_else_that_of_the_id(entry, month):
    assert the_paper(entry).released == month


def test_a_month_in_a_heading_dates_papers_that_have_no_other():
    paper = the_paper("## Hot\n### May 2024\n- [Hot Soup](https://openreview.net/forum?id=x1)\n")
    assert (paper.category, paper.released) == ("Hot", "2024-05")


def test_a_paper_without_arxiv_id_has_its_link_and_a_stable_id():
    paper = the_paper(
        "## Law\n- **\u201cSoup as Code\u201d**. ACL 2023. [[paper](https://aclanthology.org/2023.x/)]"
    )
    assert (paper.id, paper.title) == ("soup-as-code", "Soup as Code")
    assert (paper.arxiv_id, paper.url) == (None, "https://aclanthology.org/2023.x/")


def test_a_neighbour_of_papers_with_a_project_page_is_one_too():
    parsed = read(
        f"## Pots\n- [Iron Pots of Old]({URL})\n- [Clay Pots for Young Cooks](https://clay.example)\n"
    )
    assert [paper.title for paper in parsed.papers] == [
        "Iron Pots of Old",
        "Clay Pots for Young Cooks",
    ]


def test_the_category_is_the_innermost_heading_that_names_a_subject():
    parsed = read(
        """
        # Awesome Soups
        ## Papers
        ### Broth
        #### 2024
        - [Clear Broth for All](https://arxiv.org/abs/2402.00001)
        ### Stew
        #### Generation
        - [Thick Stews Made Thin](https://arxiv.org/abs/2402.00002)
        ### Salad
        #### Generation
        - [Green Leaves Made Red](https://arxiv.org/abs/2402.00003)

        **Fruit**

        - [Apples Made of Pears](https://arxiv.org/abs/2402.00004)
        """
    )
    assert parsed.categories == ("Broth", "Stew: Generation", "Salad: Generation", "Fruit")


def test_headings_in_html_and_folded_parts_are_headings():
    parsed = read(
        """
        <h2 align="center">Broth</h2>

        - [Clear Broth for All](https://arxiv.org/abs/2402.00001)

        <details><summary><b>Stew</b></summary>

        - [Thick Stews Made Thin](https://arxiv.org/abs/2402.00002)

        </details>

        - [More Broth for All](https://arxiv.org/abs/2402.00003)
        """
    )
    assert [p.category for p in parsed.papers] == ["Broth", "Stew", "Broth"]


def test_several_papers_in_one_unit_are_several_records():
    parsed = read(
        """
        ## Retrieval
        - [HeronDPR](https://arxiv.org/abs/2004.00001) and [HeronDPR 2](https://arxiv.org/abs/2112.00002)

        [Loons at Night](https://arxiv.org/abs/2004.00003) Ann Bee
        [Loons by Day](https://arxiv.org/abs/2004.00004) Ann Bee
        """
    )
    assert [(p.title, p.arxiv_id) for p in parsed.papers] == [
        ("HeronDPR", "2004.00001"),
        ("HeronDPR 2", "2112.00002"),
        ("Loons at Night", "2004.00003"),
        ("Loons by Day", "2004.00004"),
    ]


def test_a_paper_that_a_remark_cites_is_no_entry_but_named():
    parsed = read(
        f"""
        ## Rewards
        - [Praise in Soups]({URL}), better than [Blame](https://arxiv.org/abs/2301.00009) was
        """
    )
    (paper,) = parsed.papers
    assert paper.arxiv_id == "2402.00002"
    assert paper.links == (Link("paper", "https://arxiv.org/abs/2301.00009", "Blame"),)
    assert [p.reason for p in parsed.problems] == [
        "it also cites 2301.00009, read as links of this paper"
    ]


def test_news_contents_and_introductions_are_no_papers():
    parsed = read(
        f"""
        # Awesome Soups
        [![arXiv](https://img.shields.io/badge/arXiv-2503.00001-red)](https://arxiv.org/abs/2503.00001)

        See [our survey](https://arxiv.org/abs/2503.00001).

        ## News
        - [2025-03] [Our Survey of Soups](https://arxiv.org/abs/2503.00001) is out!

        ## Contents
        - [Broth](#broth)

        ## Broth
        - [Clear Broth for All]({URL})
        """
    )
    assert [paper.arxiv_id for paper in parsed.papers] == ["2402.00002"]
    assert parsed.problems == ()


def test_running_text_that_cites_a_paper_is_a_problem_with_its_line():
    parsed = read(
        f"""
        ## Broth
        - [Clear Broth for All]({URL})

        Much of this goes back to what was said in https://arxiv.org/abs/2001.00007 long ago.
        """
    )
    assert [paper.arxiv_id for paper in parsed.papers] == ["2402.00002"]
    (problem,) = parsed.problems
    assert (problem.source, problem.line) == ("soups.md", 4)
    assert problem.reason.startswith("a paper in running text is not read")


def test_a_paper_twice_under_one_heading_is_named():
    parsed = read(f"## Broth\n- [Clear Broth for All]({URL})\n- [Clear Broth for All]({URL})\n")
    assert [p.reason for p in parsed.problems] == ["repeats line 2; the two are read as one paper"]


def test_an_entry_with_nothing_but_an_address_waits_for_the_title_of_arxiv():
    assert the_paper(f"## Broth\n- {URL}\n").title == "arXiv:2402.00002"


def test_names_and_summaries_of_a_table_are_kept():
    paper = the_paper(
        f"""
        ## Pots
        |Name|Title|Summary|Links|
        |-|-|-|-|
        |Pot|Pots of Gold: Cooking with Metals|We cook with gold.|[pdf]({URL})|
        """
    )
    assert (paper.short_name, paper.title) == ("Pot", "Pots of Gold: Cooking with Metals")
    assert paper.description == "We cook with gold."


def test_lines_are_counted_in_any_kind_of_text():
    text = (
        "---\ntitle: Soups\n---\n\n## A\n\n"
        "- [Clear Broth for All](https://arxiv.org/abs/2402.00001)\n\n"
        "<table>\n<tr>\n<td>\n<a href='https://arxiv.org/abs/2402.00002'>Thick Stews of Old</a>\n"
        "</td>\n</tr>\n</table>\n"
    )
    for ends in ("\n", "\r\n"):
        papers = parse_any_list(text.replace("\n", ends), "x.md").papers
        assert [paper.provenance[0].line for paper in papers] == [7, 10]


def test_entries_of_the_founding_form_are_read_as_ever():
    text = (
        "## Audio\n* [2505] [Lantern (Gen)] [Reading in the Dark](https://arxiv.org/abs/2505.01234)\n"
        "* [2505] [Match]\n"
    )
    assert parse_any_list(text, "x.md") == parse_list(text, "x.md")


def test_other_entries_beside_the_founding_form_are_read_too():
    parsed = read(
        f"""
        ## Audio
        * [2505] [Lantern] [Reading in the Dark](https://arxiv.org/abs/2505.01234)
        - **Listening in the Dark** [[Paper]({URL})]
        """
    )
    assert [paper.title for paper in parsed.papers] == [
        "Reading in the Dark",
        "Listening in the Dark",
    ]
    assert parsed.problems == ()


@pytest.mark.parametrize(
    "start",
    ["<div>" * 20_000, "<b>" * 50_000, ">" * 5_000, "[" * 100_000, "<ul><li>" * 3_000],
    ids=["divs", "bold", "quotes", "brackets", "items"],
)
def test_no_text_is_too_deep_and_no_paper_in_it_unnoticed(start):
    parsed = parse_any_list(f"{start}\n\n- [Clear Broth for All]({URL})\n", "x.md")
    assert [p.arxiv_id for p in parsed.papers] == ["2402.00002"] or len(parsed.problems) == 1


# --- every id of a generated list ---------------------------------------------------

WORDS = st.lists(
    st.sampled_from(
        ["Soup", "Learning", "for", "Robots", "with", "Cold", "Stew", "Models", "in", "2D", "Q*"]
    ),
    min_size=1,
    max_size=8,
).map(" ".join)
STYLES = (
    "- [{title}]({url})\n",
    "- **{title}** [[Paper]({url})] [[Code](https://github.com/a/b)]\n",
    "* {title}, [[Paper]]({url})\n",
    "1. **[{title}.]({url})**\n\n    *Ann Bee, Carl Dew.* Preprint'25\n",
    "**{title}** \\\n*Ann Bee, Carl Dew* \\\narXiv 2024. [[Paper]({url})]\n\n",
    "\n| Title | Date | Code |\n|-|-|-|\n| [{title}]({url}) | 2024-01 | - |\n\n",
    "\n| Date | Title | PDF |\n|-|-|-|\n| 2024-01 | {title} | [pdf]({url}) |\n\n",
    "\n<p><b>{title}</b><br>Ann Bee<br><a href='{url}'>Paper</a></p>\n\n",
    "- {url}\n",
    "\nIt is said that {title} was found in {url} by some.\n\n",
    "- **{title}**\n  - [Paper]({url})\n",
)
ENTRIES = st.lists(
    st.tuples(
        st.sampled_from(STYLES), WORDS, st.sampled_from(["", "## Broth\n\n", "### 2024\n\n"])
    ),
    min_size=1,
    max_size=12,
)


@settings(deadline=None, max_examples=60)
@given(ENTRIES)
def test_every_paper_of_a_list_of_any_style_is_read_once_or_named(entries):
    text, ids = "## Soups\n\n", []
    for number, (style, title, heading) in enumerate(entries):
        ids.append(f"2401.{number:05}")
        url = f"https://arxiv.org/abs/{ids[-1]}"
        text += f"\n{heading}" * bool(heading) + style.format(title=title, url=url)
    parsed = parse_any_list(text, "x.md")
    read_ids = [paper.arxiv_id for paper in parsed.papers]
    assert len(read_ids) == len(set(read_ids))
    lines = text.split("\n")
    named = {
        number
        for number, line in enumerate(lines, start=1)
        for p in parsed.problems
        if abs(p.line - number) <= 3
    }
    for found in ids:
        at = {number for number, line in enumerate(lines, start=1) if found in line}
        cited = any(found in p.reason for p in parsed.problems)
        assert found in read_ids or cited or at & named, (found, text)
