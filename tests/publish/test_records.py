"""What a published folder says of papers: texts and addresses, and the order of their terms."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.index.tables.forward_index import number_of
from rftsearch.papers.documents import paper_terms
from rftsearch.papers.paper import ArxivMetadata, Link, Paper, Provenance
from rftsearch.publish.citations import formats
from rftsearch.publish.records import record_of, texts_of_paper
from rftsearch.publish.tables import words_of_papers
from rftsearch.text.reading import exclusions, negation
from rftsearch.text.sentences import find_sentences


def paper(title: str = "A title", abstract: str = "", **more: object) -> Paper:
    metadata = ArxivMetadata("2501.00001", title, abstract) if abstract else None
    return Paper("2501.00001", "Name", title, ("Audio",), metadata=metadata, **more)


def test_addresses_that_are_none_are_left_out():
    links = (Link("code", "javascript:alert(1)", "Code"), Link("code", "https://example.org", "C"))
    record = record_of(paper(url="data:text/html,x", links=links), {"Audio": 0})
    assert record["url"] == "https://example.org"
    assert record["links"] == [["code", "C", "https://example.org"]]


def test_names_of_files_are_filters_that_no_card_shows():
    numbers = {"Audio": 0, "refs.bib": 1}
    place = (Provenance("other/refs.bib", 3),)
    one = replace(paper(), categories=("Audio", "refs.bib"), provenance=place)
    record = record_of(one, numbers)
    assert (record["categories"], record["files"]) == ([0, 1], [1])
    assert "files" not in record_of(paper(), numbers)


@given(st.text(alphabet="ab \U0001d4aa.é", max_size=40))
def test_sentences_are_where_javascript_counts_them(text):
    [own, _] = texts_of_paper(paper(abstract=text or "x"))
    if own == 0:
        return
    shown, *places = own
    units = shown.encode("utf-16-le")
    found = [
        units[2 * start : 2 * end].decode("utf-16-le")
        for start, end in zip(places[::2], places[1::2], strict=True)
    ]
    assert found == [shown[start:end] for start, end in find_sentences(shown)]


@given(st.lists(st.text(alphabet="abcde ", max_size=200), min_size=1, max_size=5))
def test_terms_are_read_back_as_they_were(abstracts):
    papers = [paper(abstract=text) for text in abstracts]
    words = words_of_papers(papers)
    numbers = np.frombuffer(words.content, "<u4", words.terms).tolist()
    rest = iter(words.content[4 * (words.terms + len(papers)) :])

    def number() -> int:
        value = shift = 0
        while True:
            byte = next(rest)
            value, shift = value | (byte & 127) << shift, shift + 7
            if byte < 128:
                return value

    for one in papers:
        lengths = number(), number()
        head, body = ([numbers[number()] for _ in range(length)] for length in lengths)
        own = paper_terms(one)
        assert head == list(map(number_of, own.head))
        assert body == list(map(number_of, own.body))
    assert list(rest) == []


def test_the_page_has_no_scripts_of_its_own_and_names_no_other_host(folder):
    page = (folder / "index.html").read_text("utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert re.findall(r"<script(?![^>]*src=)|style=|\son\w+=", page) == []
    shown = ("https://snowballstem.org", "https://arxiv.org/", "http://www.w3.org/2000/svg")
    for path in (*folder.glob("*/*.js"), folder / "worker.js", folder / "site.css"):
        addresses = re.findall(r"https?://[^\s\"'`]+", path.read_text("utf-8"))
        # Patterns of addresses that a reader may type are no addresses that are asked.
        assert path.name == "names.js" or all(one.startswith(shown) for one in addresses), path


def test_scripts_are_short_enough_to_read(folder):
    for path in folder.rglob("*.js"):
        assert len(path.read_text("utf-8").splitlines()) <= 350, path


def test_a_pattern_of_several_lines_is_written_without_its_layout(folder):
    tables = json.loads((folder / "data/index.json").read_text("utf-8"))["reading"]
    for written, own in (
        (tables["without"]["cue"], exclusions.TABLE["cue"]),
        (tables["without"]["said"]["before"], negation.TABLE["before"]),
    ):
        assert own.flags & re.VERBOSE
        assert "\n" not in written["pattern"]
        flags = re.IGNORECASE if written["small"] else 0
        for text in SENTENCES:
            found = re.search(written["pattern"], text, flags)
            assert (found and found.span()) == ((here := own.search(text)) and here.span()), text


SENTENCES = (
    "rewards, without any labels",
    "in place of labels, that reduces the need for labels",
    "does not rely on search; dispenses  with it",
    "nothing else",
)


def test_references_join_to_files(folder):
    for form in formats():
        [part] = folder.glob(f"cite/{form['name']}-*.json")
        entries = json.loads(part.read_text("utf-8"))
        whole = form["first"] + form["between"].join(entries) + form["last"]
        assert len(entries) == 7
        if form["name"] == "csl":
            assert len(json.loads(whole)) == len(entries)
        if form["name"] == "bibtex":
            assert whole.count("\n@") + whole.startswith("@") == len(entries)
