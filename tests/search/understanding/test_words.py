"""Questions with words to leave out, exact phrases and acronyms, asked of invented papers."""

from __future__ import annotations

import pytest

from rftsearch import Engine
from rftsearch.index.build.build import index_papers
from rftsearch.papers.paper import ArxivMetadata, Paper
from support.encoder import WordEncoder

LONG = "supervised parcel tuning"
TEXTS = {
    "With": f"A robot sorts parcels after {LONG} (SPT).",
    "Does": f"A robot sorts parcels without {LONG} (SPT).",
    "Beats": f"A robot sorts parcels. It outperforms {LONG} (SPT).",
    "Silent": "A robot sorts parcels in a hall.",
    "Twice": f"SPT for parcels: a robot learns by SPT. We use {LONG}.",
    "Other": "A video of a violin. The order of words in a short phrase.",
    "Phrase": "A video of a violin, with short word order.",
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    index = build(tmp_path_factory.mktemp("words") / "index", TEXTS)
    with Engine.open(index, encoder=WordEncoder()) as opened:
        yield opened


def build(index, texts):
    papers = []
    for number, (name, text) in enumerate(texts.items()):
        arxiv_id = f"2501.{number:05}"
        made = Paper(arxiv_id, f"{name}{number}", f"Title of {number}", ("All",), arxiv_id=arxiv_id)
        papers.append(made.with_metadata(ArxivMetadata(arxiv_id, made.title, text)))
    index_papers(index, papers, encoder=WordEncoder())
    return index


def names(hits) -> list[str]:
    return [hit.paper.short_name.rstrip("0123456789") for hit in hits]


@pytest.mark.parametrize("thing", ["SPT", LONG, "any SPT"])
def test_papers_that_do_without_come_first_and_one_that_has_it_last(engine, thing):
    found = engine.search(f"a robot for parcels without {thing}", k=5)
    parts = dict(zip(names(found), [hit.parts["without"] for hit in found], strict=True))
    assert parts["Does"] > parts["Beats"] > parts["Silent"] == 0 > parts["With"] > parts["Twice"]
    assert names(found)[0] == "Does"
    assert names(found)[-1] == "Twice"
    assert found.understood.text == "a robot for parcels"
    [part] = found.understood.parts
    assert (part.means, part.label) == ("exclusion", f"without {thing.removeprefix('any ')}")


def test_nothing_but_what_is_left_out_is_still_a_question(engine):
    found = engine.search("no SPT", k=1)
    assert (names(found), found.understood.text) == (["Does"], "no SPT")


def test_a_score_is_still_the_sum_of_its_parts(engine):
    for hit in engine.search("a robot without SPT", k=7):
        assert hit.score == pytest.approx(sum(hit.parts.values()))


def test_what_is_left_out_can_be_taken_back(engine):
    ignored = engine.search("a robot without SPT", ignore="without:without spt")
    assert all("without" not in hit.parts for hit in ignored)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('a robot "sorts parcels"', {"With", "Does", "Beats", "Silent"}),
        ('video "word order"', {"Phrase"}),
        ("video \u201cWORD order\u201d", {"Phrase"}),
        ('video -"word order"', {"Other", "With", "Does", "Beats", "Silent", "Twice"}),
        ("parcels -robot", {"Other", "Phrase"}),
        ("a robot -violin -SPT", {"Silent"}),
    ],
)
def test_phrases_and_refused_words_are_strict(engine, query, found):
    assert set(names(engine.search(query, k=7))) == found
    assert sum(engine.search(query, k=7).facets.values()) <= len(found)


JOINED = {
    "Joined": "Parcel-language models for halls.",
    "Apart": "Parcel language models for halls.",
    "Before": "Pre-trained parcels, language-models.",
    "Models": "Models of language, parcel by parcel.",
}


@pytest.mark.parametrize(
    ("phrase", "found"),
    [
        ("language models", {"Joined", "Apart", "Before"}),
        ("parcel language models", {"Joined", "Apart"}),
        ("parcel-language models", {"Joined"}),
        ("trained parcels", {"Before"}),
        ("language-models", {"Before"}),
    ],
)
def test_a_phrase_may_begin_or_end_inside_a_compound(tmp_path_factory, phrase, found):
    index = build(tmp_path_factory.mktemp("joined") / "index", JOINED)
    with Engine.open(index, encoder=WordEncoder()) as engine:
        assert set(names(engine.search(f'"{phrase}"', k=4))) == found


def test_of_many_papers_the_words_side_by_side_decide(tmp_path, monkeypatch):
    monkeypatch.setattr("rftsearch.search.words.phrases._READ", 0)
    with Engine.open(build(tmp_path / "index", JOINED), encoder=WordEncoder()) as engine:
        assert set(names(engine.search('"language models"', k=4))) == {"Apart", "Before"}


@pytest.mark.parametrize(
    ("query", "label"),
    [
        ('a "violin robot"', "no paper has exactly \u201cviolin robot\u201d"),
        ('a robot -"lost harbour"', "no paper mentions \u201clost harbour\u201d"),
        ("a robot -title", "every paper mentions \u201ctitle\u201d"),
    ],
)
def test_what_changes_nothing_is_said(engine, query, label):
    found = engine.search(query, k=7)
    assert [part.label for part in found.understood.parts] == [label]
    assert len(found) == 7


def test_a_dash_is_no_refusal(engine):
    assert engine.understand("- robot").parts == ()
    assert engine.understand("robot-violin").parts == ()


@pytest.mark.parametrize(("query", "text"), [("SPT", LONG), (LONG, "SPT"), ("spt robots", LONG)])
def test_acronyms_are_said(engine, query, text):
    [part] = engine.understand(query).parts
    assert (part.kind, part.text, part.label) == ("acronyms", text, f"SPT = {LONG}")
    literal = engine.search(query, ignore="acronyms")
    assert literal.understood.parts == ()
    assert [hit.parts for hit in literal] != [hit.parts for hit in engine.search(query)]
