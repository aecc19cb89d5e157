from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.text.latex import latex_to_text
from rftsearch.text.latex_symbols import SIGNS


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        ("Nothing to do", "Nothing to do"),
        (r"VLM-R$^3$: Region", "VLM-R³: Region"),
        (r"\textbf{R}einforcement \emph{fine}-tuning", "Reinforcement fine-tuning"),
        (r"gains of \textbf{53.9\%} and $15.7\%$", "gains of 53.9% and 15.7%"),
        (r"$\textbf{Mix}$ing \texttt{a\_b} \& more", "Mixing a_b & more"),
        (r"the \textit{\textbf{inner} outer}", "the inner outer"),
        (r"$\pi_0$ and $\Delta$ and $\sim$5", "π₀ and Δ and ~5"),
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


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        # Commands whose meaning would be lost with their names.
        (r"An $O(\sqrt{T})$ bound", "An O(√T) bound"),
        (r"$\sqrt{a+b}$, $\sqrt{x^2}$, $\sqrt[3]{n}$, $\sqrt[k]{2}$", "√(a+b), √(x²), ∛n, √[k]2"),
        (r"a $\frac{1}{2}$-approximation", "a 1/2-approximation"),
        (r"$\frac{a+b}{2n}$, $\frac12$, ${1 \over \epsilon}$", "(a+b)/(2n), 1/2, 1/ϵ"),
        (r"$\frac{1}{\sqrt{n}}$, $\frac{n(n-1)}{x_1}$", "1/√n, n(n-1)/x₁"),
        (r"$\bar{\nu}$ beams, $\tilde{O}(n)$, $\hat\theta$", "ν̄ beams, Õ(n), θ̂"),
        (r"$\overline{AB}$, $\vec{x}$, $\hat{\imath}$", "A̅B̅, x⃗, î"),
        (r"$\mathcal{O}(n)$, ${\cal L}$, $\mathbb{R}^d$, $\mathfrak{g}$", "𝒪(n), ℒ, ℝ^d, 𝔤"),
        (r"$\mathbf{x}$, $\boldsymbol{\theta}$, $\mathbf{R}$einforcement", "𝐱, 𝜽, Reinforcement"),
        (r"$\boldsymbol{\mathcal{O}}$, $\mathsf{P}$, $\mathrm{d}x$", "𝓞, 𝖯, dx"),
        (r"$a \not= b$, $x \not\in A$, $\not\exists$", "a ≠ b, x ∉ A, ∄"),
        (r"$10^{-3}$, $90^\circ$, $f^{\prime}$, $x_{\mathrm{max}}$", "10⁻³, 90°, f′, x_{max}"),
        (r"$n\log\log n$, $\log^2 n$, $\operatorname*{arg\,max}_x f$",
         "n log log n, log² n, arg max_x f"),
        (r"$\left.$, $\left.\right.$", ", "),
        (r"$\left(\frac{1}{n}\right)$, $\big\{ x \big\}$, $\left. y \right|$",
         "(1/n), { x }, y |"),
        # What plain text cannot say stays as it was typed.
        (r"$\binom{n}{\alpha}$, $\hat{xy}$, $\norm{\frac12}$",
         r"\binom{n}{α}, \hat{xy}, \norm{1/2}"),
        (r"$\frac{1}$, $\frac$, $\sqrt$, $x^$", r"\frac{1}, \frac, \sqrt, x^"),
        (r"\ourmethod{} and \method", r"\ourmethod and \method"),
        # Outside of formulas, too.
        (r"O(\sqrt{T}), \alpha-divergence, 5 \times 5, \log n",
         "O(√T), α-divergence, 5 × 5, log n"),
        (r"10\textsuperscript{3}, 5\textsuperscript{th}, H\textsubscript{2}O", "10³, 5th, H₂O"),
        (r"{\em so}, {\bf on}, {\it and \tt on}, \em so", "so, on, and on, so"),
        (r"\textcolor{red}{Red}, 50\,\% vs.\ 20{\deg}, multi\-agent",
         "Red, 50 % vs. 20°, multiagent"),
        (r"\unicode{x2013} \href{https://example.org}, \LaTeX{}", "– https://example.org, LaTeX"),
        (r"\~{\^e}, \d{\^o}, \H{u}, \k{a}, {\'\i}, \v{\j}, \'{\ae}", "ễ, ộ, ű, ą, í, ǰ, ǽ"),
        (r"\b{d}, \.I, \={\.o}, \`{\~{e{}}}", r"ḏ, İ, ȱ, \`{\~{e{}}}"),
        # Formulas beside formulas, digits and money.
        (r"0.95$\pm$0.02 on 3$\times$4 grids", "0.95±0.02 on 3×4 grids"),
        (r"$\mathcal{A}$$\beta$, $$x^2$$, \(y\), \[z\], $ \alpha $", "𝒜β, x², y, z, α"),
        (r"$<$10 ms, $>$ 5, 2$-$3, $0.84 \pm $0.04", "<10 ms, > 5, 2-3, 0.84 ±0.04"),
        ("from $5 to $10, US$5-US$10, $5M/$x$", "from $5 to $10, US$5-US$10, $5M/x"),
    ],
)  # fmt: skip
def test_what_a_command_means_is_kept(latex, text):
    assert latex_to_text(latex) == text


@pytest.mark.parametrize("sign", sorted(set(SIGNS.values()) - {"∼"}))
def test_every_sign_is_read(sign):
    for command in (name for name, one in SIGNS.items() if one == sign):
        assert latex_to_text(rf"$\{command}$") == sign


@pytest.mark.parametrize("text", ["{" * 3000, "$" * 3000, r"\textbf{" * 3000, "$x_" * 3000,
                                  r"\sqrt{" * 2000 + "x" + "}" * 2000, r"$\frac" * 2000,
                                  r"$" + r"{\bf " * 2000 + "}" * 2000 + "$",
                                  "$" + r"\hat" * 3000 + " x$", r"\'" * 3000 + "e",
                                  r"\cal" * 3000, "$" + r"1 \over " * 3000 + "2$",
                                  "$" + r"\frac" * 3000 + "12$",
                                  "$" + r"\cal" * 3000 + " x$"])  # fmt: skip
def test_no_text_is_too_deep(text):
    assert isinstance(latex_to_text(text), str)


@given(st.text(alphabet=st.sampled_from(r"\${}^_`' abtextbf3[]|()"), max_size=60))
def test_any_text_is_taken(text):
    assert isinstance(latex_to_text(text), str)


COMMANDS = [r"\big", r"\|", r"\mathbf", r"\quad", r"\\", r"\{", r"\(", r"\)", "~", ".", r"\color",
            r"\textsuperscript", r"\begin", r"\item", "\ue0f0", "\u0303", r"\i", r"\~", r"\d",
            r"\frac", r"\sqrt", r"\bar", r"\mathcal", r"\text", r"\left", r"\right", r"\not", r"\'",
            r"\c", r"\over", r"\cal", r"\em", r"\log", r"\href", r"\operatorname", r"\unicode",
            "[", "]", "{", "}", "$", "^", "_", " ", "a", "1", "x2013", "."]  # fmt: skip


@given(st.lists(st.sampled_from(COMMANDS), max_size=25).map("".join))
def test_any_commands_are_taken(text):
    assert isinstance(latex_to_text(text), str)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{{GRPO}}~for {V}ideo", "GRPO for Video"),
        (r"{\'E}tude \{of\} {\_} {\&}", "Étude {of} _ &"),
        ("``one'' `two' \"three\"", '"one" \'two\' "three"'),
        ("1--2 --- 3--{}---4", "1\u20132 \u2014 3\u2013\u20144"),
        (r"{$\lbrace$}x{$\rbrace$} $f''$", "{x} f''"),
        (r"{\textasciitilde} {\textasciicircum} {\textbackslash}x", "~ ^ \\x"),
        ("}{", ""),
        ("{" * 100 + "deep" + "}" * 100, "deep"),
    ],
)
def test_text_that_is_latex_throughout_is_read_as_it_is_set(text, shown):
    assert latex_to_text(text, typeset=True) == shown


@given(st.text(alphabet=st.sampled_from(r"\${}^_`' abtextbf3[]|()~-"), max_size=60))
def test_any_text_is_taken_for_latex_throughout(text):
    assert isinstance(latex_to_text(text, typeset=True), str)


@given(st.text(alphabet=st.characters(exclude_characters="\\$`")))
def test_text_without_latex_is_left_alone(text):
    assert latex_to_text(text) == text
