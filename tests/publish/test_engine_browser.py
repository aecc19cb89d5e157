"""The engine of a published folder in a real browser, beside the Python engine."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rftsearch import Engine, build_index, index_papers
from rftsearch.evaluation.judged import read_corpus
from rftsearch.papers.paper import Paper
from rftsearch.publish.publish import publish
from rftsearch.search.answer.regions import name_regions
from rftsearch.text.sentences import find_sentences
from rftsearch.text.terms import prose_terms
from support.browser import served_folder
from support.paths import TESTS
from support.questions import pasted, questions
from support.sayings import sayings
from support.static import save_wordy_static_model

pytestmark = pytest.mark.browser

JUDGED = TESTS / "judged"
TODAY = date(2026, 3, 31)
PLAIN = ("without", "phrases", "authors", "venues", "dates", "resources", "language", "spelling")
"""With these left aside an answer has what the page's engine gives for acronyms alone."""
ANSWERS = """
async ({asked, seeds, likes, texts}) => {
  const { Engine } = await import("./engine/engine.js");
  const engine = await Engine.open("data/");
  await Promise.all([engine.loadMeaning(), engine.loadTexts()]);
  const ids = (rows) => rows.map((row) => engine.records[row].id);
  const rowOf = (id) => engine.records.findIndex((one) => one.id === id);
  const told = (answer) => ({
    ids: ids(answer.order), scores: answer.order.map((row) => answer.scores[row]),
    counts: answer.counts.categories,
  });
  return {
    literal: asked.map((text, at) => {
      const answer = engine.search(text, { literal: true });
      const why = at % 5 ? [] : engine.explain(answer.order, answer.terms);
      const marked = (one) => one.marks.map(([start, end]) => one.text.slice(start, end));
      return { ...told(answer), why: why.map((one) => [one.field, one.text, marked(one)]) };
    }),
    plain: asked.map((text) => told(engine.search(text))),
    newest: asked.slice(-60).map((text) =>
      told(engine.search(text, { sort: "newest", literal: true }))),
    texts: texts.map((text) => {
      const answer = engine.similarToText(text);
      const why = engine.explain(answer.order, answer.terms);
      const marked = (one) => one.marks.map(([start, end]) => one.text.slice(start, end));
      return { ...told(answer), why: why.map((one) => [one.field, one.text, marked(one)]) };
    }),
    similar: seeds.map((id) => told(engine.similar(rowOf(id)))),
    recommended: likes.map(([liked, disliked]) =>
      told(engine.recommend([rowOf(liked)], [rowOf(disliked)]))),
  };
}
"""


def _judged_texts() -> list[str]:
    return [*_texts_of("queries"), *_texts_of("asked")]


def _texts_of(name: str) -> list[str]:
    lines = (JUDGED / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


def _placed(number: int, paper: Paper) -> Paper:
    """Return a paper with what its list would say: who wrote it, and where it was published."""
    places = ("CVPR 2025", "NeurIPS 2024 Oral", None, "Journal of Examples", "NIPS 2016", "CHI")
    people = (
        "Ann Bee",
        "Dora van der Field",
        "Łukasz Long",
        "Bo Reward",
        "Carl-Eric Bee",
        "Team X",
    )
    by = (people[number % 6], people[number // 2 % 6])
    return replace(
        paper, venue=places[number % 6], metadata=None, listed_authors=tuple(dict.fromkeys(by))
    )


@pytest.fixture(scope="module")
def wordy_model(tmp_path_factory) -> Path:
    return save_wordy_static_model(tmp_path_factory.mktemp("wordy") / "model")


@pytest.fixture(
    scope="module",
    params=[
        "invented",
        pytest.param("seed/awesome-rft-mllm.md", marks=pytest.mark.shared),
        pytest.param("data/list-2026-05.md", marks=pytest.mark.shared),
    ],
)
def beside(request, tmp_path_factory, wordy_model):
    """An index, and the folder that was published from it."""
    place = tmp_path_factory.mktemp("beside")
    if request.param == "invented":
        papers = [_placed(*one) for one in enumerate(read_corpus(JUDGED / "corpus.jsonl"))]
        index_papers(place / "index", papers, encoder=str(wordy_model))
    else:
        shared = request.getfixturevalue("shared")
        build_index(
            place / "index",
            [shared / request.param],
            model=str(wordy_model),
            abstracts=shared / "data/abstracts.jsonl",
            offline=True,
        )
    publish(place / "index", place / "site")
    return place


def test_the_first_ten_are_those_of_the_python_engine(beside, chromium):
    with Engine.open(beside / "index") as engine:
        papers = engine.papers()
        # The invented papers are few: they have not as many different questions.
        asked = [*questions(papers, 500 if len(papers) > 50 else 200), *_judged_texts()]
        seeds = [paper.id for paper in papers[:20]]
        likes = list(zip(seeds, reversed(seeds), strict=True))[:8]
        texts = [*pasted(papers, 60), *_texts_of("own-texts/queries")]
        given = {"asked": asked, "seeds": seeds, "likes": likes, "texts": texts}
        there = _ask(chromium, beside / "site", **given)
        for at, (text, literal, plain) in enumerate(
            zip(asked, there["literal"], there["plain"], strict=True)
        ):
            here = engine.search(text, ignore="all")
            _assert_same(here, literal, text)
            _assert_same(engine.search(text, ignore=PLAIN), plain, text)
            assert literal["counts"] == {k: n for k, n in here.facets.items() if n}, text
            if at % 5 == 0:
                _assert_same_sentences(engine.explain(text, here.hits), literal["why"], text)
        for text, newest in zip(asked[-60:], there["newest"], strict=True):
            dated = engine.search(text, sort="newest", ignore="all")
            assert newest["ids"] == [hit.paper.id for hit in dated], text
        for seed, similar in zip(seeds, there["similar"], strict=True):
            _assert_same(engine.similar(seed), similar, seed)
        for text, similar in zip(texts, there["texts"], strict=True):
            here = engine.similar_to_text(text)
            _assert_same(here, similar, text)
            assert similar["counts"] == {k: n for k, n in here.facets.items() if n}, text
            _assert_same_sentences(engine.explain(text, here.hits), similar["why"], text)
        for (liked, disliked), recommended in zip(likes, there["recommended"], strict=True):
            _assert_same(engine.recommend([liked], [disliked]), recommended, liked)


ANSWERS_OF_THE_PAGE = """
async ({asked, today}) => {
  const { Engine } = await import("./engine/engine.js");
  const { answerOf } = await import("./page/results.js");
  const { EMPTY } = await import("./page/view.js");
  const engine = await Engine.open("data/");
  await Promise.all([engine.loadMeaning(), engine.loadTexts()]);
  const texts = await (await fetch("texts.json")).json();
  const page = { engine, texts, today, basket: { rows: () => [] } };
  return asked.map((query) => {
    const { answer } = answerOf(page, { ...EMPTY, query });
    const { text, parts } = engine.understand(query, { today });
    return [
      text, parts.map((one) => [one.id, one.means, one.label, one.applied]),
      answer.order.map((row) => engine.records[row].id),
      answer.order.map((row) => answer.scores?.[row] ?? null),
    ];
  });
}
"""


def test_what_the_page_understands_is_understood_alike(beside, chromium):
    with Engine.open(beside / "index", today=lambda: TODAY) as engine:
        asked = [*sayings(engine.papers(), 160), *_texts_of("without/queries")]
        day = {"year": TODAY.year, "month": TODAY.month, "day": TODAY.day}
        given = {"asked": asked, "today": day}
        found = _run(chromium, beside / "site", ANSWERS_OF_THE_PAGE, given)
        kinds = set()
        for query, (text, parts, ids, scores) in zip(asked, found, strict=True):
            here = engine.search(query)
            said = here.understood.parts
            kinds |= {(part.kind, part.means) for part in said}
            assert [[p.id, p.means, p.label, p.applied] for p in said] == parts, query
            assert (here.understood.text, [hit.paper.id for hit in here]) == (text, ids), query
            if scores and scores[0] is not None:
                assert scores == pytest.approx([hit.score for hit in here], abs=1e-3), query
        wanted = {("dates", "filter"), ("resources", "preference"), ("without", "exclusion")}
        wanted |= {("authors", "filter"), ("language", "note"), ("phrases", "refusal")}
        assert wanted <= kinds


def test_regions_of_the_map_have_the_names_and_places_that_the_engine_gives(beside):
    with Engine.open(beside / "index") as engine:
        points = engine.map().points
    named = name_regions(points)
    settings = json.loads((beside / "site/data/index.json").read_text("utf-8"))
    found = settings["map"]["regions"]
    assert [one["words"] for one in found] == [one.words for one in named] != []
    low, high = (choose(point.x for point in points) for choose in (min, max))
    for here, one in zip(named, found, strict=True):
        assert one["x"] == pytest.approx((here.x - low) / (high - low), abs=1e-3)


def _ask(chromium, folder: Path, **given: Sequence[object]):
    return _run(chromium, folder, ANSWERS, given)


def _run(chromium, folder: Path, script: str, given: object):
    with served_folder(folder) as address:
        page = chromium.new_page()
        try:
            page.goto(f"{address}index.html")
            return page.evaluate(script, given)
        finally:
            page.close()


def _assert_same(here, there, asked: str) -> None:
    assert there["ids"] == [hit.paper.id for hit in here], asked
    assert there["scores"] == pytest.approx([hit.score for hit in here], abs=1e-3), asked


def _assert_same_sentences(here, there, asked: str) -> None:
    for why, (field, sentence, marks) in zip(here, there, strict=True):
        if re.search(r"[\\$`]", why.sentence):
            continue  # It is shown without its LaTeX.
        assert (field, sentence) == (why.field, why.sentence), asked
        assert marks == [why.sentence[start:end] for start, end in why.marks], asked


BEGINNINGS = "reward hop gener organ communit past dy ski agr succ proc exc inn out y say bee fl"
ENDINGS = """
s es ed ing ly ies ied eed eedly ingly edly ational ization fulness ousness iveness tional biliti
lessli entli ation alism aliti ousli iviti fulli ogist enci anci abli izer ator alli bli ogi li
alize icate iciti ative ical ness ful ement ance ence able ible ment ant ent ism ate iti ous ive
ize ion al er ic e ll 's s' ying pping tting ss us
"""
WRITTEN = (
    "VLM-R1 and OpenVLThinker's GRPO++ at 3.5% of π0 or β-VAE; naïve ﬁne-tuning, ＲＬＨＦ, "
    "强化学习 x, e.g. U.S. state_of-the-art DeepSeek-R1-Zero’s R³ ÉCOLE "
    "straße MDPs iGPT v2.0 a/b-c ２０２５"
)


def test_terms_are_those_of_the_index(folder, chromium):
    words = [begin + end for begin in BEGINNINGS.split() for end in ["", *ENDINGS.split()]]
    texts = [*words, WRITTEN, *re.split(r"(?<=\.) ", WRITTEN)]
    script = """async (texts) => {
      const { proseTerms } = await import("./engine/terms.js");
      return texts.map(proseTerms);
    }"""
    found = _run(chromium, folder, script, texts)
    assert found == [prose_terms(text) for text in texts]


SENTENCES = """
We see, e.g. Fig. 3 and Sec. 2, what lamps do. However, J. Moth et al. The rest is dark! Is it? yes.
vLLM is fast. iGPT too. it stays one. Lamps etc. are old; wicks etc. They burn. At 3.5 % it ends.
他们看见灯。这是第二句！ And a third one (see App. B). "It ends." Or not... A. B. C. End
"""


def test_sentences_of_a_pasted_text_are_those_of_python(beside, folder, chromium):
    with Engine.open(beside / "index") as engine:
        texts = [SENTENCES, *SENTENCES.splitlines(), *(one.abstract for one in engine.papers())]
    # A full stop inside a formula is not known as such there.
    texts = [text for text in texts if not re.search(r"[\\$]", text)]
    script = """async (texts) => {
      const { sentencesOf } = await import("./engine/sentences.js");
      const { compiled } = await import("./understanding/patterns.js");
      const { reading } = await (await fetch("data/index.json")).json();
      return texts.map((text) => sentencesOf(text, compiled(reading.sentences)));
    }"""
    found = _run(chromium, folder, script, texts)
    assert found == [[text[start:end] for start, end in find_sentences(text)] for text in texts]
