from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.text.latex import latex_to_text


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        ("Nothing to do", "Nothing to do"),
        (r"VLM-R$^3$: Region", "VLM-R³: Region"),
        (r"\textbf{R}einforcement \emph{fine}-tuning", "Reinforcement fine-tuning"),
        (r"gains of \textbf{53.9\%} and $15.7\%$", "gains of 53.9% and 15.7%"),
        (r"$\textbf{Mix}$ing \texttt{a\_b} \& more", "Mixing a_b & more"),
        (r"the \textit{\textbf{inner} outer}", "the inner outer"),
        (r"$\pi_0$ and $\Delta$ and $\sim$5", "π₀ and Δ and $\\sim$5"),
        (r"$\times$ two, $x^{10}$", "\N{MULTIPLICATION SIGN} two, x¹⁰"),
        (r"see \href{https://example.org}{our page}", "see our page"),
        ("a ``quoted'' word", "a “quoted” word"),
        (
            r"Schr\"odinger, L{\'e}vy, avia\c{c}\~{a}o, \v S, na\"{\i}ve",
            "Schrödinger, Lévy, aviação, Š, naïve",
        ),
        (r"Gau{\ss} and {\L}ojasiewicz, Stra\ss e, \O{}re", "Gauß and Łojasiewicz, Straße, Øre"),
        (r"don\'t, \'q, \k{appa}, \left", r"don\'t, \'q, appa, \left"),
        ("from $5 to $10", "from $5 to $10"),
        (r"\method stays", r"\method stays"),
        (r"$x^{a+b}$", "x^{a+b}"),
    ],
)
def test_what_arxiv_gives(latex, text):
    assert latex_to_text(latex) == text


@given(st.text(alphabet=st.sampled_from(r"\${}^_`' abtextbf3"), max_size=60))
def test_any_text_is_taken(text):
    assert isinstance(latex_to_text(text), str)


@given(st.text(alphabet=st.characters(exclude_characters="\\$`")))
def test_text_without_latex_is_left_alone(text):
    assert latex_to_text(text) == text
