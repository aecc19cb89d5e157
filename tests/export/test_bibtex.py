"""BibTeX as two parsers read it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import bibtexparser
import pybtex.database
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text

from rftsearch.export import export
from rftsearch.export.citation import Citation
from rftsearch.export.tex import tex_text, tex_title
from rftsearch.export.tex_formulas import write_formula
from rftsearch.papers.paper import Link
from rftsearch.text.latex import latex_to_text
from support.citable import HOSTILE, PENDING, PROJECT, REPORT, paper


def parsed(*papers):
    """The entries as bibtexparser reads them; pybtex must read the same."""
    text = export(papers, "bibtex")
    library = bibtexparser.parse_string(text)
    assert library.failed_blocks == []
    assert len(library.blocks) == len(library.entries)
    other = pybtex.database.parse_string(text, "bibtex")
    assert list(other.entries) == [entry.key for entry in library.entries]
    for entry in library.entries:
        assert set(other.entries[entry.key].fields) | {"author"} >= {f.key for f in entry.fields}
    return library.entries


def fields(one) -> dict[str, str]:
    (entry,) = parsed(one)
    assert entry.entry_type == "misc"
    return {field.key: field.value for field in entry.fields}


def title(text: str) -> str:
    return fields(paper(text))["title"]


def people(*authors: str) -> list[str]:
    """The authors as pybtex takes them apart: von, last, suffix, first."""
    text = export([paper(authors=authors)], "bibtex")
    (entry,) = pybtex.database.parse_string(text, "bibtex").entries.values()
    return [
        "|".join(
            " ".join(part)
            for part in (
                one.prelast_names,
                one.last_names,
                one.lineage_names,
                [*one.first_names, *one.middle_names],
            )
        )
        for one in entry.persons["author"]
    ]


def test_a_paper_of_arxiv():
    assert fields(paper(authors=("Ada Example", "Jan van Sample"), doi="10.1000/182")) == {
        "title": "{Lantern}: Reading in the Dark",
        "author": "Example, Ada and van Sample, Jan",
        "year": "2025",
        "month": "may",
        "eprint": "2505.01234",
        "archivePrefix": "arXiv",
        "primaryClass": "cs.CV",
        "doi": "10.1000/182",
        "url": "https://arxiv.org/abs/2505.01234",
        "keywords": "Night Vision",
        "code": "https://example.org/lantern",
        "abstract": "We read in the dark.",
    }


def test_what_is_not_known_is_left_out():
    assert fields(PENDING) == {
        "title": "Lantern: Reading in the Dark",
        "key": "Later",
        "year": "2025",
        "month": "jun",
        "eprint": "2504.00009",
        "archivePrefix": "arXiv",
        "url": "https://arxiv.org/abs/2504.00009",
        "shorttitle": "Later",
        "keywords": "Night Vision",
        "code": "https://example.org/lantern",
    }
    assert "primaryClass" not in fields(paper(categories=()))
    assert "primaryClass" not in fields(paper(categories=("cs.CV} evil",)))
    assert "doi" not in fields(paper(doi="10.1000/a}b"))


def test_projects_and_reports():
    assert fields(PROJECT) == {
        "title": "{Robo-Kit}",
        "key": "Robo-Kit",
        "url": "https://github.com/example/robo-kit",
        "type": "software",
        "keywords": "Night Vision, Robots",
        "code": "https://github.com/example/robo-kit",
        "rftsearch": "example-robo-kit",
        "abstract": "A robot toolbox",
    }
    assert fields(REPORT)["url"] == "https://example.org/report.pdf"
    assert "eprint" not in fields(REPORT)


def test_old_ids_and_their_month():
    old = replace(paper(arxiv_id="cs/0501001", published=None), released=None, short_name="Old One")
    entry = fields(old)
    assert entry["eprint"] == "cs/0501001"
    assert "year" not in entry
    new = replace(paper(published="soon"), released=None)
    assert (fields(new)["year"], fields(new)["month"]) == ("2025", "may")


@pytest.mark.parametrize(
    ("venue", "kind", "field"),
    [
        ("CVPR 2026", "inproceedings", "booktitle"),
        ("NeurIPS'25", "inproceedings", "booktitle"),
        ("Proc. of the 3rd Workshop on R&D", "inproceedings", "booktitle"),
        ("Journal of Examples", "article", "journal"),
        ("IEEE Trans. on Examples", "article", "journal"),
        ("Proceedings of the National Academy of Examples", "article", "journal"),
        ("Somewhere", "misc", "howpublished"),
    ],
)
def test_a_venue_decides_the_type(venue, kind, field):
    (entry,) = parsed(replace(paper(), venue=venue))
    assert entry.entry_type == kind
    assert entry.fields_dict[field].value == venue.replace("&", r"\&")
    assert entry.fields_dict["eprint"].value == "2505.01234"


def test_links_have_their_labels_and_keywords_their_commas():
    links = [
        Link("code", "https://x.example/a_b", "Code"),
        Link("code", "https://y.example", "Old"),
    ]
    one = replace(paper(), links=tuple(links), categories=("Audio, Speech", "R&D"))
    assert fields(one)["code"] == "https://x.example/a_b; Old: https://y.example"
    assert fields(one)["keywords"] == r"{Audio, Speech}, R\&D"


def test_a_year_alone_is_written_alone():
    entry = fields(replace(REPORT, released="2024"))
    assert (entry["year"], "month" in entry) == ("2024", False)


def test_withdrawn_papers_say_so():
    assert fields(paper(withdrawn=True))["note"] == "Withdrawn"


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("Reading in the Dark", "Reading in the Dark"),
        ("Lantern Light & 5% #1 a_b", r"{Lantern} Light \& 5\% \#1 a\_b"),
        ("Grounding MLLMs with TimeSeer-R1", "Grounding {MLLMs} with {TimeSeer-R1}"),
        ("X-Ray A Survey of VLM-based Agents", "{X}-Ray A Survey of {VLM}-based Agents"),
        ("(GPT-4o), Qwen2.", "({GPT}-4o), {Qwen2}."),
        (r"VLM-R$^3$: O($N$)", r"{VLM-R}{$^3$}: {O}({$N$})"),
        (r"At $\mathcal{O}(\epsilon^{-1.5})$ cost", r"At {$\mathcal{O}(\epsilon^{-1.5})$} cost"),
        ("$ε$-Machines", r"{${\varepsilon}$}-Machines"),
        (r"Sets $\{a\}$", r"Sets {$\lbrace a\rbrace$}"),
        (r"A \$15 run, $10 to $20", r"A \$15 run, \$10 to \$20"),
        (r"\textbf{R}einforcement \& \emph{so} on", r"Reinforcement \& so on"),
        (r"Schr\"odinger and Lévy", r"Schr{\"o}dinger and L{\'e}vy"),
        ("LLMzSz{\\L}", r"{LLMzSz{\L}}"),
        ('Be "in" the \u201cdark\u201d \u2013 it\u2019s', "Be ``in'' the ``dark'' -- it's"),
        ("<think> a|b", r"{$<$}think{$>$} a{$|$}b"),
        ("a~b^", r"a{\textasciitilde}b{\textasciicircum}"),
        ("Чтение в 暗闇", "Чтение в 暗闇"),
        (r"$\input{x}$", r"{\textbackslash}input{$\lbrace$}x{$\rbrace$}"),
        (r"$^^5cinput x$", r"{\textasciicircum}{\textasciicircum}5cinput x"),
        (r"$a \input x$", r"a {\textbackslash}input x"),
        (r"}{", r"{$\rbrace$}{$\lbrace$}"),
        # Capitals that a style would lower.
        ("The Large N Limit", "The Large {N} Limit"),
        (r"R$^3$ Learning", r"{R}{$^3$} Learning"),
        (r"Net$_2$ and (R$^2$-Net)", r"{Net}{$_2$} and ({R}{$^2$}-Net)"),
        ("A Survey, a “A Survey” (A Survey)", "A Survey, a ``A Survey'' (A Survey)"),
        ("Vitamin A: Plan A", "Vitamin {A}: Plan {A}"),
        ("GPT--4o, Ab–—Cd, A---b", r"{GPT}--4o, Ab--{}---Cd, {A}---b"),
        ("The Bound (Dκ\u0302)", r"The Bound ({D{$\hat{\kappa}$}})"),
        ("A* and A/B", "{A}* and {A/B}"),
        ("What Should I Do With N's", "What Should {I} Do With {N's}"),
        ("В лесу", "В лесу"),
        ("{GRPO} for {B}ayesian {R$^3$}", r"{GRPO} for {B}ayesian {R{$^3$}}"),
        # Formulas, and dollars that are none.
        (r"0.95$\pm$0.02 on 3$\times$4 grids", r"0.95{$\pm$}0.02 on 3{$\times$}4 grids"),
        ("$5 and $10", r"\$5 and \$10"),
        (r"\textbf{VLM-R$^3$}: x", r"{VLM-R}{$^3$}: x"),
        (r"$$x$$ and \(y\)", r"{$x$} and {$y$}"),
        (r"$\bm{x}$, ${\cal L}$, $\argmax_x$",
         r"{$\boldsymbol{x}$}, {${\mathcal{L}}$}, {$\arg\max_x$}"),
        (r"$\operatorname*{arg\,max} f$", r"{$\arg\max f$}"),
        (r"$\text{a & b}$ and $é$", r"{$\text{a \& b}$} and {$\text{{\'e}}$}"),
        (r"$x^\frac12$", r"{$x^{\frac{1}{2}}$}"),
        (r"$90°$, $x²$", r"{$90^{\circ}$}, {$x{^2}$}"),
    ],
)  # fmt: skip
def test_titles(given, written):
    assert title(given) == written


@pytest.mark.parametrize(
    "source",
    [
        r"\frac{1}", r"\sqrt", "x^", "x_", "x^2^3", "x_1_2", "x'^2'", "x' '",
        r"x^2\displaystyle^3", "x' ^2",
        r"\left(x", r"\left(x]",
        r"\right)", r"\not x", "{x", "x}", r"\mathcal{o}", r"\mathbb{1}", r"\big x", "x & y",
        r"\begin{array}x", r"\input{x}", r"\def\x{y}", r"x \\ y", "\\", "^^5c", "",
        r"\unknown", "{" * 60 + "x" + "}" * 60, r"\operatorname{\x}", r"\sqrt[x", "%",
    ],
)  # fmt: skip
def test_a_formula_that_would_stop_latex_is_not_written(source):
    assert write_formula(source) is None


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("x'' + x'^2", "x'' + x'^2"),
        (r"x^\sum_\lim y_\alpha", r"x^{\sum}_{\lim} y_\alpha"),
        (r"a\ b\,c\ ", r"a~b\,c~"),
        (r"\left\{ x \right.", r"\left\lbrace  x \right."),
        (r"\nicefrac{1}{2} \Bbb{R} \mathscr L", r"\frac{1}{2} \mathbb{R} \mathcal{L}"),
        (r"\sum\limits_{i} \displaystyle x", r"\sum_{i}  x"),
        (r"{\rm max} \degree", r"{\mathrm{max}} ^{\circ}"),
        (r"\mbox{a $b$ \& c}", r"\text{a b \& c}"),
        (r"\not= \not\subset", r"\not= \not\subset"),
    ],
)  # fmt: skip
def test_formulas_are_written_again(source, written):
    assert write_formula(source) == written


@pytest.mark.parametrize(
    "text", ["A ", "`", "$", "{", "\\", "a$b", r"\frac{", "$x^{", '"', r"\(", "{A", "√", "é"]
)
def test_the_time_for_a_title_grows_with_its_length(text):
    long = text * 100_000  # by the square of it, hours: more than a test may take
    assert tex_title(long)
    assert tex_text(long)


def test_a_long_short_name_holds_no_capitals():
    one = paper("Reading in the Dark", short_name="Reading in the Dark")
    assert fields(one)["title"] == "Reading in the Dark"


def test_a_short_title_is_not_a_name():
    assert fields(paper("A Survey", short_name="A Survey"))["title"] == "A Survey"
    assert fields(paper("Lantern Survey", short_name="Lantern"))["title"] == "{Lantern} Survey"


def test_authors_are_complete_and_in_order():
    authors = ("Lantern Team", ":", "Jan van der Example", "Ada B. Sample Jr.", "Mono", "Zoë Ünlü")
    assert people(*authors) == [
        "|{Lantern Team}||",
        "van der|Example||Jan",
        "|Sample|Jr.|Ada B.",
        "|{Mono}||",
        r"|{\"U}nl{\"u}||Zo{\"e}",
    ]


def test_authors_are_taken_apart_as_their_source_does():
    split = (
        ("Lopez Moreno", "Iris", ""),
        ("Nimbus Robotics", "", ""),
        ("van der Example", "Jan", ""),
        ("Silva e Sample", "Rui", ""),
        ("Example", "Ada", "Jr."),
        ("Sample, III", "Ben", ""),
        (":", "", ""),
        ("Team", "Lantern", ""),
        (r"S\'anchez P\'erez", "Eva", ""),
        ("Example", "C., D.", ""),
    )
    shown = tuple(" ".join(filter(None, (given, last, end))) for last, given, end in split)
    one = paper(authors=shown, split_authors=split)
    written = fields(one)["author"]
    assert written.split(" and ") == [
        "Lopez Moreno, Iris",
        "{Nimbus Robotics}",
        "van der Example, Jan",
        "{Silva e Sample}, Rui",
        "Example, Jr., Ada",
        "Sample, III, Ben",
        "{Lantern Team}",
        r"S{\'a}nchez P{\'e}rez, Eva",
        "Example, {C., D.}",
    ]


def test_every_key_is_its_own_and_stays():
    papers = [paper(), PROJECT, REPORT, PENDING, paper(arxiv_id="2505.01235")]
    keys = [entry.key for entry in parsed(*papers)]
    assert keys == [
        "lantern:2505.01234",
        "example-robo-kit",
        "nopreprint-a-report",
        "later:2504.00009",
        "lantern:2505.01235",
    ]
    for one, key in zip(papers, keys, strict=True):
        assert [entry.key for entry in parsed(one)] == [key]
    # Neither authors nor a new title of arXiv's change it.
    assert parsed(replace(paper("Other", ("X Y",)), metadata=None))[0].key == keys[0]


ids = st.text(min_size=1) | st.sampled_from(
    ["lantern:2505.01234", "Lantern", "lantern", "a-b", "A b"]
)


@given(st.lists(ids, unique=True), st.sampled_from(["Lantern", "", "\u6697"]))
def test_no_two_ids_have_one_key(identities, name):
    papers = [replace(REPORT, id=one, short_name=name) for one in identities]
    keys = [entry.key for entry in parsed(*papers)]
    assert len(keys) == len({key.lower() for key in keys}) == len(identities)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9:./-]*", key) for key in keys)


def test_a_paper_given_twice_is_one_entry():
    assert len(parsed(paper(), paper("Other"))) == 1


def test_addresses_cannot_end_their_field():
    one = replace(REPORT, url="https://example.org/a b}{\\x^\u00e9%20#f")
    assert fields(one)["url"] == "https://example.org/a%20b%7D%7B%5Cx%5E%C3%A9%20#f"
    assert "url" not in fields(replace(REPORT, url="javascript:alert(1)"))


def everywhere(text: str):
    """A paper, a project and a report that hold a text in every field."""
    one = paper(text, (text, "Ada Example"), short_name=text, doi=text, comment=text)
    link = Link("code", f"https://x.example/{text}", text)
    one = replace(one, venue=text, categories=(text,), description=text, links=(link,))
    project = replace(
        PROJECT, id=f"p {text}", short_name=text, title=text, description=text, categories=(text,)
    )
    return (
        one,
        project,
        replace(REPORT, id=f"r {text}", title=text, url=f"https://x.example/{text}"),
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_ends_its_field(text):
    entries = parsed(*everywhere(text))
    assert len(entries) == 3
    known = {
        "title", "author", "key", "year", "month", "eprint", "archivePrefix", "primaryClass",
        "doi", "url", "type", "shorttitle", "keywords", "code", "rftsearch", "abstract", "remark",
        "rftsearch-categories",
        "journal", "booktitle", "howpublished",
    }  # fmt: skip
    for entry in entries:
        assert {field.key for field in entry.fields} <= known


@given(st.text())
def test_any_text_is_valid_and_harmless(text):
    assert len(parsed(*everywhere(text))) == 3
    written = export(everywhere(text), "bibtex")
    commands = re.findall(r"\\([A-Za-z]+)", written)
    forbidden = {"input", "include", "write", "immediate", "def", "let", "csname", "catcode"}
    assert not forbidden & set(commands)
    assert "^^" not in written


plain = st.text(st.sampled_from("abcXYZ éöłß&%#_~<>-.()"), min_size=1)


@given(plain)
def test_latex_reads_back_what_was_meant(text):
    flat = " ".join(text.split()).replace("--", "-")
    while "--" in flat:
        flat = flat.replace("--", "-")
    read = LatexNodes2Text().latex_to_text(title(flat or "x"))
    assert read == (flat or "x")


# --- texts and names of any letters, there and back -----------------------------------

ANY_LETTER = st.sampled_from(
    [
        one
        for start, end in [(0x21, 0x250), (0x370, 0x400), (0x1E00, 0x1F00), (0x2190, 0x2300),
                           (0x1D400, 0x1D800)]
        for one in map(chr, range(start, end))
        if unicodedata.is_normalized("NFC", one) and one not in "\"'`{}\\$-~^" and one.isprintable()
    ]
    + list("漢字Чтение𝒪²³₀ⁿ… ") * 20
)  # fmt: skip
ANY_TEXT = st.text(ANY_LETTER, min_size=1, max_size=30).map(lambda text: " ".join(text.split()))


def back(written: str) -> str:
    """What was written, as plain text; the braces of BibTeX show nothing."""
    shown = re.sub("[{}]", "", latex_to_text(written))
    return same(shown)


def same(text: str) -> str:
    """Signs that mean the same as one: a minus, letters of mathematics, a tilde."""
    alike = str.maketrans({"−": "-", "∼": "~", "∆": "Δ"})
    return unicodedata.normalize("NFKC", text.translate(alike))


@given(ANY_TEXT)
def test_any_title_comes_back(text):
    assert back(title(text)) == same(text)


@given(st.lists(st.tuples(ANY_TEXT, ANY_TEXT, st.sampled_from(["", "Jr.", "III"])), max_size=3))
def test_any_names_come_back(split):
    shown = tuple(" ".join(filter(None, (given, family, end))) for family, given, end in split)
    one = paper(authors=shown, split_authors=tuple(split))
    (entry,) = pybtex.database.parse_string(export([one], "bibtex"), "bibtex").entries.values()
    expected = Citation.of(one).authors
    read = entry.persons.get("author", [])
    assert len(read) == len(expected)
    for name, author in zip(read, expected, strict=True):
        family = " ".join(filter(None, (author.particle, author.family)))
        assert back(" ".join([*name.prelast_names, *name.last_names])) == same(family)
        assert back(" ".join([*name.first_names, *name.middle_names])) == same(author.given)
        assert back(" ".join(name.lineage_names)) == same(author.suffix)
