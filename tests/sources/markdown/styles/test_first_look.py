"""Small lists of many styles, written before they were read: what a person reads in each."""

from __future__ import annotations

from textwrap import dedent

import pytest

from rftsearch.sources.base import ParsedList
from rftsearch.sources.markdown.styles.any_list import parse_any_list

A, B, C = (f"https://arxiv.org/abs/240{n}.0000{n}" for n in (1, 2, 3))
ID_A, ID_B, ID_C = (url[-10:] for url in (A, B, C))


def read(text: str) -> ParsedList:
    return parse_any_list(dedent(text).strip("\n"), "soups.md")


def titles(text: str) -> list[tuple[str, str | None]]:
    return [(paper.title, paper.arxiv_id) for paper in read(text).papers]


@pytest.mark.parametrize(
    ("entry", "title"),
    [
        (f"* <[Maximum Soup]({A})> by\tAnn Bee,\tCarl Dew, 2008.", "Maximum Soup"),
        (f"- Bowls and Spoons. Gus Hay. *arXiv preprint* 2022. [[Paper]]({A})", "Bowls and Spoons"),
        (f"- Dyeing Soup. Eve Fen. [arXiv]({A})", "Dyeing Soup"),
        (f"> **Bricks of Soup.** Ann Bee. 2023. [paper]({A})", "Bricks of Soup"),
        (f'1. Eve Fen et al., "Mugs," in Proc. ICML, 2022. [arXiv]({A})', "Mugs"),
        (f"- Hay, G. (2021). Doors: A history. In *ICML*. {A}", "Doors: A history"),
        (f"- **Re**-thinking *in-context* Soups with **Looms** [[paper]]({A})",
         "Re-thinking in-context Soups with Looms"),
        (f"- Dew & Fen, 2022, [Roots]({A})", "Roots"),
        (f"- **Hay 2021** Mulch for Models [arxiv]({A})", "Mulch for Models"),
        ("- [2401.00001] Folding Cranes with Policies", "Folding Cranes with Policies"),
        (f"- **Corks** (Fen Lab, 2023): *Floating Soups in Wine* [[arXiv]]({A})",
         "Floating Soups in Wine"),
        (f"- Md Ann Bee, Mohd. Carl Dew, Wm. Eve Fen Jr. **Nets of Names**. ICML 2023. [pdf]({A})",
         "Nets of Names"),
        (f"- Md. Gus Hay, St. John Ivy, and Ph. Jay. Names of Nets. arXiv 2022. [pdf]({A})",
         "Names of Nets"),
        (f"- Bee, Ann; Dew, Carl: *Shovels for Deep Soup*, 2023. [[arXiv]({A})]",
         "Shovels for Deep Soup"),
        (f"- `spoonlib` **Spoons: Stirring Tensors** [[paper]]({A})", "Spoons: Stirring Tensors"),
        (f"- [[{A}][Weeds in Soup]]", "Weeds in Soup"),
        (f"- \u7573\u306e\u5e7e\u4f55: [[\u8ad6\u6587]]({A})", "\u7573\u306e\u5e7e\u4f55"),
        (f"- [Mask Soup - ICCV - 2017]({A})", "Mask Soup"),
        (f"- CoRL 2023 workshop, **FMB**: a Functional Soup Benchmark, [arXiv]({A})",
         "FMB: a Functional Soup Benchmark"),
        (f"- ICML 2022, The **primacy bias** in deep soups, [arXiv]({A})",
         "The primacy bias in deep soups"),
        ("(1) Whisking Gradients, arXiv:2401.00001", "Whisking Gradients"),
        (f"* 2401.00001 [cs.CL] **Toasting Bread** {A}", "Toasting Bread"),
        (f"#### Juice: Squeezing\n| [Paper]({A}) | ICML 2023 |\n|---|---|", "Juice: Squeezing"),
        (f"- **Planning on SE(3)** [[paper]]({A})", "Planning on SE(3)"),
        (f"+ **StewNet** (ICLR 2025 Oral) - Stirring Without Spoons - [paper]({A})",
         "StewNet: Stirring Without Spoons"),
        (f"- 2019 - *Knives and Their Shadows* - Ann Bee - [PDF]({A})",
         "Knives and Their Shadows"),
        (f"- `2023.09` | `Spoon` | Whisking with Two Hands | [[arXiv]({A})]",
         "Whisking with Two Hands"),
    ],
)  # fmt: skip
def test_the_title_is_found(entry, title):
    assert titles(f"## Pots\n\n{entry}\n") == [(title, ID_A)]


def test_parts_of_names_that_are_cut_short_stay_with_their_names():
    entry = f"- [Cold Soups]({A})\n  - Ann Bee, Md. Carl Dew, Wm. Eve Fen. ICML 2023"
    assert read(f"## Pots\n{entry}").papers[0].listed_authors == (
        "Ann Bee", "Md. Carl Dew", "Wm. Eve Fen",
    )  # fmt: skip


def test_a_date_below_an_entry_is_its_month():
    entry = "- [Trust in Soups](https://doi.org/10.1000/1)\n  - Ann Bee\n  - Date: May 08, 2026"
    assert read(f"## Pots\n{entry}").papers[0].released == "2026-05"


def test_the_pages_of_a_conference_are_no_papers():
    text = f"## Pots\n- [ICLR 2024](https://openreview.net/group?id=ICLR.cc/2024)\n- [Soup]({A})"
    assert titles(text) == [("Soup", ID_A)]


def test_a_footnote_is_the_link_of_what_refers_to_it():
    text = f"## Pots\n- Wind in Soup [^1]\n\n[^1]: Ann Bee. Wind in Soup. {A}\n"
    parsed = read(text)
    assert ([(p.title, p.arxiv_id, p.provenance[0].line) for p in parsed.papers]) == [
        ("Wind in Soup", ID_A, 2)
    ]
    assert parsed.problems == ()


def test_a_cell_over_several_rows_moves_no_column():
    row = "<td>{}</td><td>{}</td><td><a href='{}'>paper</a></td>"
    table = (
        "<table><tr><th>Year</th><th>Model</th><th>Title</th><th>Link</th></tr>"
        f"<tr><td rowspan=2>2023</td>{row.format('OwlNet', 'Hunting with Owls', A)}</tr>"
        f"<tr>{row.format('BatNet', 'Hunting with Bats', B)}</tr>"
        f"<tr><td>2024</td>{row.format('FoxNet', 'Hunting with Foxes', C)}</tr></table>"
    )
    assert titles(f"## Zoo\n\n{table}") == [
        ("Hunting with Owls", ID_A), ("Hunting with Bats", ID_B), ("Hunting with Foxes", ID_C),
    ]  # fmt: skip


def test_a_folded_abstract_belongs_to_the_title_above_it():
    text = f"""
        ## 2024
        ### 1. [CVPR '24] Pebbles: Fast Soups of Stones
        **Authors**: Ann Bee, Carl Dew
        <details span>
        <summary><b>Abstract</b></summary>
        We cook stones. As in [Rocks]({B}) they are small.
        </details>

        [Paper]({A}) | [Code](https://github.com/a/b)
        """
    parsed = read(text)
    assert [(p.title, p.arxiv_id) for p in parsed.papers] == [
        ("Pebbles: Fast Soups of Stones", ID_A)
    ]
    assert parsed.problems == ()


@pytest.mark.parametrize(
    ("entries", "found"),
    [
        (["SOUP: Ranking pots (ICDEW, 2008)", "Tuning pots with spoons (SIGMOD 2019)",
          "***One Pot to Rule Them All (CIDR 2019)***"], 3),
        (["\u3010VSM\u3011A bucket space of soups\uff081975\uff09"] * 5, 5),
        (["A history of soups (1975)", "Soups of the world (1980)"], 0),
        (["We added a list of soups (2024-05-01)"] * 6, 0),
    ],
)  # fmt: skip
def test_titles_without_links_are_papers_where_several_say_where_they_appeared(entries, found):
    papers = read("## Pots\n" + "\n".join(f"* {entry}" for entry in entries)).papers
    assert len(papers) == found
    assert not any("(" in paper.title or "\uff08" in paper.title for paper in papers)


def test_a_bold_line_above_a_short_title_is_its_heading():
    text = f"**Dinner Plates (1)**\n* Flat Plates [[pdf]({A})]\n"
    (paper,) = read(text).papers
    assert (paper.title, paper.category) == ("Flat Plates", "Dinner Plates")


@pytest.mark.parametrize(
    "news", ["\u66f4\u65b0\u65e5\u5fd7", "\u6700\u65b0\u52a8\u6001", "\uc5c5\ub370\uc774\ud2b8"]
)
def test_news_in_other_languages_are_no_papers(news):
    text = f"# \u5c71\n## {news}\n- 2024.05 [Peaks]({A})\n## \u5761\n- [Steep Slopes]({B})\n"
    assert titles(text) == [("Steep Slopes", ID_B)]


def test_a_span_of_time_is_a_category_where_nothing_else_tells_entries_apart():
    text = f"""
        # Awesome Soups
        ## Papers
        ### 2024
        - [Soup Now]({A})
        ### 2020 and before
        - [Soup Then]({B})
        ## Datasets
        - [SoupSet: Bowls]({C})
        """
    assert [paper.category for paper in read(text).papers] == [
        "Papers: 2024", "Papers: 2020 and before", "Datasets",
    ]  # fmt: skip


# --- what is no paper --------------------------------------------------------------------


def test_what_leads_to_no_paper_is_counted_with_its_lines():
    text = f"""
        # Awesome Soups
        - [Pots](#pots)
        ## News
        - [We have a page](https://soups.example)
        ## Pots
        - [Cold Soups]({A})
        - [ladle](https://github.com/a/ladle) - a tool
        - [A Talk on Ladles and Pots](https://www.youtube.com/watch?v=x)
        - [More pots](https://github.com/a/soups/blob/main/more.md)
        ## Tools
        - [spoon](https://github.com/a/spoon)
        """
    parsed = read(text)
    assert [paper.title for paper in parsed.papers] == ["Cold Soups"]
    assert parsed.account == (
        'soups.md: 3 entries without a paper left out, such as "ladle", '
        '"A Talk on Ladles and Pots", "spoon"; lines 7-11',
    )


def test_a_list_of_papers_alone_leaves_nothing_out():
    assert read(f"## Pots\n- [Cold Soups]({A})\n- [Warm Soups]({B})").account == ()


def test_a_founding_entry_makes_no_other_style_a_problem():
    text = f"""
        ## Pots
        * [2401] [Ladle] [Ladle: Cold Soups]({A})

        **Warm Soups** \\
        *Ann Bee, Carl Dew* \\
        ICML 2024. [[Paper]({B})]
        """
    parsed = read(text)
    assert ([p.title for p in parsed.papers], parsed.problems) == (
        ["Ladle: Cold Soups", "Warm Soups"], (),
    )  # fmt: skip


def test_a_folded_part_may_be_one_entry_whose_title_it_is_called():
    text = f"""
        ## Pots
        <details><summary><b>Kettles in the Wild: Boiling</b></summary>

        *Ann Bee, Carl Dew* - NeurIPS 2023

        [Paper]({A}) [Website](https://kettles.example)

        </details>
        <details><summary>Pans</summary>

        - [Warm Soups]({B})

        </details>
        """
    first, second = read(text).papers
    assert (first.title, first.categories, first.venue, first.listed_authors) == (
        "Kettles in the Wild: Boiling", ("Pots",), "NeurIPS 2023", ("Ann Bee", "Carl Dew"),
    )  # fmt: skip
    assert (second.title, second.categories) == ("Warm Soups", ("Pans",))


@pytest.mark.parametrize(
    "entry",
    [
        f"**[Recipes as Programs]({A})** *(Ann Bee, Carl Dew)*  \nA compiler for cakes.",
        f"| [Recipes as Programs]({A}) | ![](r.png) | Ann Bee, Carl Dew |\n|---|---|---|",
    ],
)
def test_authors_stand_in_brackets_or_in_a_column_of_a_table_without_header(entry):
    (paper,) = read(f"## Pots\n{entry}").papers
    assert paper.listed_authors == ("Ann Bee", "Carl Dew")
