from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from rftsearch.look.highlight import drop, marked
from rftsearch.papers.results import Explanation
from rftsearch.text.latex import latex_to_text

TEXT = r"First. We gain \textbf{R}$^3$ by \emph{looking} twice. Last."


def why(text: str, sentence: str, *words: str) -> Explanation:
    start = text.index(sentence)
    marks = tuple((sentence.index(word), sentence.index(word) + len(word)) for word in words)
    return Explanation("x", "abstract", start, start + len(sentence), sentence, marks)


def test_latex_becomes_plain_and_marks_stay_where_they_were():
    sentence = r"We gain \textbf{R}$^3$ by \emph{looking} twice."
    pieces = marked(TEXT, why(TEXT, sentence, r"\textbf{R}$^3$", "twice"))
    assert [one.text for one in pieces if one.marked] == ["R³", "twice"]
    assert "".join(one.text for one in pieces if one.answering) == "We gain R³ by looking twice."
    assert "".join(one.text for one in pieces) == latex_to_text(TEXT)


def test_a_mark_within_a_formula_leaves_no_latex():
    text = r"The sum $a \times b$ is large."
    assert "".join(one.text for one in marked(text, why(text, text, "$a", "b$"))) == latex_to_text(
        text
    )


def test_a_text_without_an_explanation_is_one_piece():
    [piece] = marked("Some words.", None)
    assert (piece.text, piece.marked, piece.answering) == ("Some words.", False, False)
    assert marked("", None) == ()


PIECES = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)


@given(PIECES, st.lists(st.integers(0, 40), min_size=6, max_size=6).map(sorted))
def test_no_text_is_lost_or_won(text, offsets):
    text = re.sub("[\ue0f0-\ue0f3\\\\$`]", "", text)
    start, a, b, c, d, end = (min(offset, len(text)) for offset in offsets)
    marks = ((a - start, b - start), (c - start, d - start))
    shown = marked(text, Explanation("x", "abstract", start, end, text[start:end], marks))
    assert "".join(one.text for one in shown) == text
    assert all(one.text for one in shown)


def test_signs_of_our_own_in_a_text_mark_nothing():
    [piece] = marked("a\ue0f2b\ue0f3c", None)
    assert (piece.text, piece.marked) == ("abc", False)


@given(PIECES, st.integers(0, 60))
def test_the_first_characters_can_be_dropped(text, count):
    pieces = marked(text, None)
    whole = "".join(one.text for one in pieces)
    assert "".join(one.text for one in drop(pieces, count)) == whole[count:]
