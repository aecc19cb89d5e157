"""What is exported is read back as the same records."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch import Engine, build_index
from rftsearch.export import export, find_format
from rftsearch.export.citation import Citation, readable
from rftsearch.papers.arxiv_id import abstract_page, month_of_id
from rftsearch.papers.names import name_in_title
from rftsearch.papers.paper import KINDS, LINK_KINDS, ArxivMetadata, Link, Paper, Provenance
from rftsearch.sources.base import Problem
from rftsearch.sources.libraries.bibtex import BibtexFile
from rftsearch.sources.libraries.csl_json import CslJson
from rftsearch.sources.libraries.ris import RisFile
from rftsearch.sources.records_file import RecordsFile
from rftsearch.text.clean import slug
from support.citable import PENDING, PROJECT, REPORT, paper
from support.encoder import WordEncoder
from support.library import write_list

READERS = {"bibtex": BibtexFile, "ris": RisFile, "csl": CslJson}


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    return tmp_path_factory.mktemp("round")


def back(folder, format, papers):
    """What is read of an export, without the places."""
    path = folder / f"refs{find_format(format).suffix}"
    path.write_bytes(export(papers, format).encode())
    items = list(READERS[format](path).read(lambda *_: None))
    assert [item for item in items if isinstance(item, Problem)] == []
    return [replace(item, provenance=()) for item in items]


def held(one: Paper, format: str) -> Paper:
    """A record as far as these formats can hold it, which all of them do alike.

    They have one date, no arXiv classes but the primary one, no headings; and names of
    people in parts.
    """
    citation = Citation.of(one)
    parts = tuple(
        (name.family, "", "") if name.literal else
        (" ".join(filter(None, (name.particle, name.family))), name.given, name.suffix)
        for name in citation.authors
    )  # fmt: skip
    shown = tuple(" ".join(filter(None, (given, family, end))) for family, given, end in parts)
    title = readable(one.title)
    meta = one.metadata
    known = citation.date.parts if citation.date else []
    released = "-".join(f"{part:02}" for part in known[:2]) or None
    if one.arxiv_id and len(known) < 2:
        released = month_of_id(one.arxiv_id)
    day = "-".join(f"{part:02}" for part in known) if len(known) == 3 else None
    described = bool(meta and citation.abstract)
    links = dict.fromkeys(
        Link(link.kind, link.url, readable(link.label) or link.kind.capitalize())
        for link in citation.links
    )
    return replace(
        one,
        title=title,
        short_name=citation.own_name or name_in_title(title) or title,
        released=released,
        url=abstract_page(one.arxiv_id) if one.arxiv_id else citation.url,
        links=tuple(links),
        description=readable(one.description),
        venue=citation.venue or None,
        doi=citation.doi,
        listed_authors=() if described else shown,
        listed_parts=() if described else parts,
        generative=False,
        listed_title=None,
        provenance=(),
        heading_paths=(),
        unknown_to_arxiv=False,
        metadata=ArxivMetadata(
            one.id,
            title,
            citation.abstract,
            shown,
            published=None if format == "bibtex" else day,
            categories=(citation.subject_class,)
            if one.arxiv_id and citation.subject_class else (),
            withdrawn=citation.withdrawn,
            split_authors=parts,
        ) if described else None,
    )  # fmt: skip


_ALIKE = str.maketrans({
    "\u2018": "'", "\u2019": "'", "`": "'", "“": '"', "”": '"', "\u2212": "-", "\u223c": "~",
    "∆": "Δ", "\u2010": "-", "\u2013": "-", "—": "-", "\u2011": "-", "\u00a0": " ",
})  # fmt: skip


def same(value, format):
    """Signs that LaTeX does not tell apart are one; parts of names count where they are known."""
    if isinstance(value, str) and format == "bibtex":
        flat = value.translate(_ALIKE)
        flat = unicodedata.normalize("NFKC", flat)
        return " ".join(re.sub("-+", "-", flat.replace("''", '"')).split())
    if isinstance(value, tuple | list):
        return tuple(same(one, format) for one in value)
    if isinstance(value, Paper | ArxivMetadata | Link):
        return {
            name: same(getattr(value, name), format)
            for name in value.__dataclass_fields__
            if name not in {"split_authors", "listed_parts"}
        }
    return value


def names_in_parts(one: Paper):
    """The names as references write them, which is where their parts matter."""
    return [
        (name.family, name.given, name.particle, name.suffix) for name in Citation.of(one).authors
    ]


def check(folder, format, papers):
    read = back(folder, format, papers)
    for one, read_one in zip(papers, read, strict=True):
        assert same(read_one, format) == same(held(one, format), format)
    assert list(map(names_in_parts, read)) == list(map(names_in_parts, papers))
    # Once more, nothing changes at all. But what reads as LaTeX by chance, `$0$`, is LaTeX then.
    if not any(reads_as_latex(one) for one in read):
        assert back(folder, format, read) == read


def reads_as_latex(one: Paper) -> bool:
    texts = (one.title, one.short_name, one.description, one.venue or "", one.abstract)
    return any(readable(text) != text for text in texts)


WORDS = st.text(
    st.sampled_from(
        "abcdefgh ABCDE 0123 äöüéñßøŁžŐ ,.:;!?()[]&%#_$~^+=/|'*@<>-\"{}\\ αβλ∞≤→²₀ 漢字 Чт"
    ),
    min_size=1, max_size=40,
)  # fmt: skip
LETTERED = WORDS.map(lambda text: " ".join(f"The {text} End".split()))
FAMILIES = st.sampled_from(
    ["Sample", "Example", "Müller", "García Pérez", "O'Neil", "Łukasz", "Sánchez-Ruiz",
     "van der Sample", "de la Cruz", "Silva e Sousa", "Đặng", "王"]
)  # fmt: skip
GIVEN = st.sampled_from(["Ada", "J. B.", "Jean-Luc", "Zoë", "Md.", "Ben Cy", "小明"])
PERSON = st.tuples(FAMILIES, GIVEN, st.sampled_from(["", "", "Jr.", "III"])) | st.sampled_from(
    [("Lantern Team", "", ""), ("Lights and Shades Group", "", ""), ("Mono", "", "")]
)
VENUES = st.sampled_from(
    [None, "CVPR 2026", "Journal of Examples & More", "Proc. of the 3rd Workshop, Part B",
     "Somewhere"]
)  # fmt: skip
DAYS = st.dates(date(1000, 1, 1), date(2199, 12, 31))
MONTHS = DAYS.map(lambda day: f"{day:%Y-%m}") | st.none() | st.integers(1000, 2199).map(str)
URLS = st.sampled_from(
    ["https://example.org/a_b/~c?d=e%20f&g=1#h", "https://openreview.net/forum?id=aB-1",
     "http://example.org/paper.pdf"]
)  # fmt: skip
LINKS = st.builds(
    lambda kind, path, label: Link(kind, f"https://example.org/{path}", label or kind.capitalize()),
    st.sampled_from(LINK_KINDS),
    st.sampled_from(["a_b", "c/d?e=f&g=1", "h~i;j", "k(l)"]),
    st.sampled_from(["", "Training {}", "{} (7B)", "Ünder {}"]),
).map(lambda link: replace(link, label=link.label.format(link.kind.capitalize())))
CATEGORIES = st.lists(
    st.sampled_from(["Night Vision", "Audio, Speech", "R&D", "C++", "Éclairs", "100 % #1", "A: B",
                     "a_b"]),
    unique_by=str.casefold, min_size=1, max_size=4,
).map(tuple)  # fmt: skip
DOIS = st.sampled_from([None, "10.1000/182", "10.1007/978-3_1#a", "10.1000/A(b)c;d", "10.1000/<x>"])


@st.composite
def papers_like_any(draw):
    title = draw(LETTERED)
    people = tuple(draw(st.lists(PERSON, max_size=3)))
    shown = tuple(" ".join(filter(None, (given, family, end))) for family, given, end in people)
    arxiv_id = draw(st.sampled_from([None, "2503.01234", "hep-th/0101001"]))
    doi = draw(DOIS)
    names = [arxiv_id] if arxiv_id else [slug(title), "own-7", (doi or "").lower() or "own-8"]
    identity = draw(st.sampled_from(names))
    abstract = draw(st.just("") | LETTERED)
    links = draw(st.lists(LINKS, max_size=3, unique_by=lambda one: (one.kind, one.url)))
    links.sort(key=lambda one: LINK_KINDS.index(one.kind))
    url = draw(st.none() | URLS) or (f"https://doi.org/{doi}" if doi else None)
    one = Paper(
        id=identity,
        short_name=draw(st.sampled_from([title, name_in_title(title) or title, "R1 & Co"])),
        title=title,
        categories=draw(CATEGORIES),
        released=draw(MONTHS),
        arxiv_id=arxiv_id,
        url=abstract_page(arxiv_id) if arxiv_id else url,
        description=draw(st.just("") | LETTERED),
        links=tuple(links),
        venue=draw(VENUES),
        doi=doi,
        listed_authors=shown,
        listed_parts=people,
    )  # fmt: skip
    if not abstract:
        return one
    day = draw(st.none() | DAYS.map(str))
    metadata = ArxivMetadata(
        identity, title, abstract, shown, day, None, ("cs.CV",), withdrawn=draw(st.booleans()),
        split_authors=people,
    )  # fmt: skip
    return replace(one, metadata=metadata, listed_authors=(), listed_parts=())


@pytest.mark.parametrize("format", READERS)
@given(one=papers_like_any())
def test_a_paper_comes_back(scratch, format, one):
    check(scratch, format, [one])


@pytest.mark.parametrize("format", READERS)
def test_papers_of_all_kinds_come_back(scratch, format):
    check(scratch, format, [paper(doi="10.1000/182"), PROJECT, REPORT, PENDING])


# --- JSON Lines keep everything -----------------------------------------------------

FACT = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)
FACTS = st.lists(FACT, max_size=3).map(tuple)
PARTS = st.lists(st.tuples(FACT, st.just("") | FACT, st.just("")), max_size=2).map(tuple)
DAY = st.none() | DAYS.map(str)


@st.composite
def any_papers(draw):
    """Records with anything in every field that its type allows."""
    metadata = st.none() | st.builds(
        ArxivMetadata, FACT, FACT, st.just("") | FACT, FACTS, DAY, DAY, FACTS, st.none() | FACT,
        st.none() | FACT, st.booleans(), PARTS,
    )  # fmt: skip
    return Paper(
        id=draw(FACT),
        short_name=draw(FACT),
        title=draw(FACT),
        categories=draw(st.lists(FACT, min_size=1, max_size=3, unique=True).map(tuple)),
        kind=draw(st.sampled_from(KINDS)),
        released=draw(MONTHS),
        arxiv_id=draw(st.sampled_from([None, "2503.01234"])),
        url=draw(st.none() | URLS),
        generative=draw(st.booleans()),
        description=draw(st.just("") | FACT),
        links=tuple(draw(st.lists(LINKS, max_size=2))),
        provenance=tuple(
            draw(st.lists(st.builds(Provenance, FACT, st.integers(0, 99)), min_size=1, max_size=2))
        ),
        listed_title=draw(st.none() | FACT),
        metadata=draw(metadata),
        unknown_to_arxiv=draw(st.booleans()),
        heading_paths=tuple(draw(st.lists(FACTS.filter(bool), max_size=2))),
        venue=draw(st.none() | FACT),
        doi=draw(st.none() | FACT),
        listed_authors=draw(FACTS),
        listed_parts=draw(PARTS),
    )


def of_lines(folder, papers):
    path = folder / "papers.jsonl"
    path.write_bytes(export(papers, "jsonl").encode())
    items = list(RecordsFile(path).read(lambda *_: None))
    assert len(items) == len(papers) + 1
    return items[:-1]


@given(one=any_papers())
def test_any_record_comes_back_from_its_line(scratch, one):
    assert of_lines(scratch, [one]) == [one]


def test_records_of_all_kinds_come_back_from_their_lines(scratch):
    papers = [paper(doi="10.1000/182"), PROJECT, REPORT, PENDING]
    papers = [replace(one, provenance=(Provenance("list.md", 7),)) for one in papers]
    assert of_lines(scratch, papers) == papers
    # A record of no place is of the line on which it stands.
    assert of_lines(scratch, [PROJECT]) == [
        replace(PROJECT, provenance=(Provenance("papers.jsonl", 1),))
    ]


def test_an_index_made_of_its_own_lines_is_the_same(tmp_path):
    first = build_index(tmp_path / "a", [write_list(tmp_path)], encoder=WordEncoder(), offline=True)
    with Engine.open(tmp_path / "a", encoder=WordEncoder()) as engine:
        papers = engine.papers()
    lines = tmp_path / "papers.jsonl"
    lines.write_text(export(papers, "jsonl"), "utf-8")
    again = build_index(tmp_path / "b", [lines], encoder=WordEncoder(), offline=True)
    with Engine.open(tmp_path / "b", encoder=WordEncoder()) as engine:
        assert engine.papers() == papers
    assert again.manifest.counts == first.manifest.counts
