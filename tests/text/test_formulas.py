"""Dollars: which of them are formulas, and which are money."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.text.formulas import find_formulas


def sources(text: str) -> list[str]:
    return [one.source for one in find_formulas(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (r"0.95$\pm$0.02 on 3$\times$4 grids", [r"\pm", r"\times"]),
        ("5$-$10, $<$10 ms, $>$ 90", ["-", "<", ">"]),
        ("R$^3$ with $N=$10 and $x$2", ["^3", "N=", "x"]),
        ("$n-$dimensional $k$-NN ($k$=5)", ["n-", "k", "k"]),
        ("$O(n)$, $10$, $p<0.05$, $128$GB, $[0, 1)$", ["O(n)", "10", "p<0.05", "128", "[0, 1)"]),
        ("$1.2$M to $2.4$M", ["1.2", "2.4"]),
        (r"$ \alpha $, $0.84 \pm $0.04", [r" \alpha ", r"0.84 \pm "]),
        (r"$$x^2$$, \(x\), \[y\], $a$$b$", ["x^2", "x", "y", "a", "b"]),
        (r"$p(x \text{ for all } x)$", [r"p(x \text{ for all } x)"]),
        # Beside money.
        ("from $5 for $x$-based to $10", ["x"]),
        ("costs $5, uses ($x^2$)", ["x^2"]),
        (r"$5/$\alpha$", [r"\alpha"]),
        ("$5 per $x_1$", ["x_1"]),
        ("$100 million vs $x$", ["x"]),
        ("$5M-$10M and $x$", ["x"]),
        ("$" + "5 and " + r"$\beta$", [r"\beta"]),
    ],
)
def test_formulas(text, found):
    assert sources(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "$5 and $10", "$5-$10", "US$5,US$10", "US$ 5 and US$ 10", "$5/$10", "$5M to $10M",
        r"A \$15 run, $10 to $20", "5$/hour and 10$/hour", "low ($), mid ($$), high ($$$)",
        "$HOME/$PATH", "Ke$ha and A$AP Rocky", "$x", "x$", "$$", "$$$$", "$5{$", "$}{$", r"\(x",
        r"\)x\(",
        "a $ b $ c", "",
    ],
)  # fmt: skip
def test_money_and_single_dollars(text):
    assert sources(text) == []


@given(st.text(alphabet=st.sampled_from(r"$\()[]{} x5,-/^a"), max_size=60))
def test_formulas_are_found_in_order_and_are_parts_of_the_text(text):
    end = 0
    for one in find_formulas(text):
        assert end <= one.start < one.end <= len(text)
        assert text[one.start + one.width : one.end - one.width] == one.source
        end = one.end
