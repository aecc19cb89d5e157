from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.errors import QueryError
from rftsearch.papers.paper import ArxivMetadata, Paper
from rftsearch.papers.results import Explanation
from rftsearch.search.answer.explain import explain
from rftsearch.search.engine import Engine
from rftsearch.text.sentences import find_sentences
from rftsearch.text.terms import prose_terms

TEXTS = st.text(max_size=200) | st.text(st.sampled_from("aB .!?$\\{}é。数学1\n"), max_size=80)


def paper(abstract: str, title: str = "A Title", **more) -> Paper:
    metadata = ArxivMetadata("2501.00001", title, abstract)
    return Paper("2501.00001", "Name", title, ("Audio",), metadata=metadata, **more)


def explained(query: str, *papers: Paper) -> list[Explanation]:
    return explain(papers, prose_terms(query), lambda _: 1.0)


def marked(explanation: Explanation) -> list[str]:
    return [explanation.sentence[start:end] for start, end in explanation.marks]


class TestSentences:
    @pytest.mark.parametrize(
        "expected",
        [
            ["We count people.", "It works!", "Does it?", "Yes."],
            ["We follow Author et al. (2024), e.g. in Fig. 3, i.e. A. Author's. figure."],
            ["It was shown by Author et al.", "We disagree."],
            ["Words, pictures, etc.", "However, 3.5 times more at x.org/y."],
            ["It gains 4.2% vs. PPO.", "iGPT is asked.", "vLLM answers."],
            ["With $a. B$ in a formula.", r"\textbf{R}einforcement begins one."],
            ["It costs $5.", "And then $10."],
            ['He said "stop."', "(We did.)", "Then we went."],
            ["数える。", "報酬は?", "はい\uff01", "終わり"],
            ["No full stop"],
            [],
        ],
        ids=lambda parts: parts[0][:20] if parts else "none",
    )
    def test_end_where_a_reader_would_end_them(self, expected):
        text = "  " + "  ".join(expected) + "\n"
        assert [text[start:end] for start, end in find_sentences(text)] == expected

    @given(TEXTS)
    def test_hold_everything_in_order_without_blanks_around(self, text):
        found = find_sentences(text)
        offsets = [offset for span in found for offset in span]
        assert offsets == sorted(offsets)
        inside = {place for start, end in found for place in range(start, end)}
        assert all(letter.isspace() for i, letter in enumerate(text) if i not in inside)
        assert all(text[start:end] == text[start:end].strip() != "" for start, end in found)


class TestExplain:
    def test_the_sentence_with_the_querys_words(self):
        abstract = "Models are large. We count people in crowds, counted twice. Code is there."
        [found] = explained("crowd counting", paper(abstract))
        assert found.field == "abstract"
        assert found.sentence == "We count people in crowds, counted twice."
        assert abstract[found.start : found.end] == found.sentence
        assert marked(found) == ["count", "crowds", "counted"]

    def test_rare_words_count_more(self):
        rarity = {"model": 0.1, "crowd": 3.0}
        one = paper("A model of a model is a good model. Nothing but a crowd.")
        [found] = explain([one], ["model", "crowd"], lambda term: rarity[term])
        assert found.sentence == "Nothing but a crowd."

    def test_the_shorter_of_two_that_answer_alike(self):
        padding = "and so much else besides which nobody has ever asked about or will ask about"
        [found] = explained("crowd", paper(f"A crowd {padding}. Here is a crowd."))
        assert found.sentence == "Here is a crowd."

    def test_a_title_only_where_it_says_more(self):
        same = paper("It is said at length that a crowd can be counted.", title="Crowd Counting")
        more = paper("A crowd comes.", title="Crowd Counting")
        assert [found.field for found in explained("crowd counting", same, more)] == [
            "abstract",
            "title",
        ]

    def test_the_remark_on_a_project(self):
        project = Paper("x", "X", "X", ("Audio",), kind="project", description="A robot toolbox")
        [found] = explained("robots", project)
        assert (found.field, marked(found)) == ("description", ["robot"])

    def test_words_in_latex_and_compounds_are_marked_whole(self):
        [found] = explained("reinforcement r3", paper(r"\textbf{R}einforcement by (VLM-R$^3$)."))
        assert marked(found) == [r"\textbf{R}einforcement", "VLM-R$^3$"]
        [found] = explained("alpha versus", paper(r"So \(\alpha\), versus\ all."))
        assert marked(found) == [r"\(\alpha\)", "versus"]
        [found] = explained("vlmr1", paper("The VLM-R1, again."))
        assert marked(found) == ["VLM-R1"]

    def test_signs_without_blanks_are_marked_in_pairs(self):
        [found] = explained("強化", paper("これは強化学習である。"))
        assert marked(found) == ["強化"]

    def test_a_paraphrase_gets_what_the_hits_share_unmarked(self):
        found = explained(
            "look before speaking",
            paper("Nothing here. A grounded answer is good."),
            paper("It was grounded."),
            paper("First this. Then grounded."),
        )
        assert [one.sentence for one in found] == [
            "A grounded answer is good.",
            "It was grounded.",
            "Then grounded.",
        ]
        assert all(one.marks == () for one in found)

    def test_nothing_in_common_gets_the_first_sentence(self):
        [found] = explained("look", paper("First. Second."))
        assert (found.sentence, found.marks) == ("First.", ())
        [found] = explained("look", paper("", title="Only. A title"))
        assert (found.field, found.sentence) == ("title", "Only.")
        [found] = explained("look", paper("", title=""))
        assert (found.sentence, found.start, found.end) == ("", 0, 0)

    @given(TEXTS, TEXTS, TEXTS)
    def test_offsets_fit_whatever_the_texts(self, query, abstract, title):
        [found] = explained(query, paper(abstract, title=title))
        text = {"abstract": abstract, "title": title, "description": ""}[found.field]
        assert text[found.start : found.end] == found.sentence
        offsets = [offset for mark in found.marks for offset in mark]
        assert offsets == sorted(offsets)
        assert all(0 <= start < end <= len(found.sentence) for start, end in found.marks)
        wanted = set(prose_terms(query))
        assert found.marks or not wanted & set(prose_terms(found.sentence)) or "$" in text
        json.dumps(found.to_dict())


class TestEngine:
    def test_explains_every_hit_of_an_answer(self, invented_index, word_encoder):
        with Engine.open(invented_index, encoder=word_encoder) as engine:
            hits = engine.search("are there papers about counting a crowd?", k=6)
            found = engine.explain("are there papers about counting a crowd?", hits)
            assert [one.paper_id for one in found] == [hit.paper.id for hit in hits]
            assert found[0].sentence == "We count people in a crowd."
            assert marked(found[0]) == ["count", "crowd"]
            assert engine.explain("crowd", hits[:2])[1].paper_id == hits[1].paper.id
            assert engine.explain("crowd", []) == []
            with pytest.raises(QueryError, match="the query is empty"):
                engine.explain(" ", hits)
