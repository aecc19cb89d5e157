r"""Every letter that we write for LaTeX, read again from the parts it is written with.

Three readers that know nothing of our tables of letters: Unicode, which puts `{\~{\^e}}`
together from its parts; pylatexenc; and for mathematics the reader of arXiv's texts.
"""

from __future__ import annotations

import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text

from rftsearch.export.tex import tex_text
from rftsearch.export.tex_letters import for_biber, in_math, write_letters
from rftsearch.text.latex import latex_to_text

NFC = [one for one in map(chr, range(sys.maxunicode + 1)) if unicodedata.is_normalized("NFC", one)]
WRITTEN = [one for one in NFC if ord(one) > 0x7F and write_letters(one) != one]
LATIN = [one for one in WRITTEN if unicodedata.name(one).startswith("LATIN")]
GREEK = [one for one in WRITTEN if unicodedata.name(one).startswith("GREEK")]
MATHEMATICAL = [one for one in WRITTEN if unicodedata.name(one).startswith("MATHEMATICAL")]
# In this they differ: a dash or a quote is two signs in LaTeX, and a minus is a hyphen.
PUNCTUATION = {"\u00a0": "~", "–": "--", "—": "---", "‘": "`", "’": "'", "“": "``", "”": "''"}
SAME_SIGN = {"−": "-", "′": "'", "∼": "~", "∆": "Δ"}

# A second table, from LaTeX's own documentation (fntguide, "usrguide").
MARKS = {
    "`": "GRAVE ACCENT", "'": "ACUTE ACCENT", "^": "CIRCUMFLEX ACCENT", "~": "TILDE",
    "=": "MACRON", "u": "BREVE", ".": "DOT ABOVE", '"': "DIAERESIS", "r": "RING ABOVE",
    "H": "DOUBLE ACUTE ACCENT", "v": "CARON", "d": "DOT BELOW", "c": "CEDILLA", "k": "OGONEK",
    "b": "MACRON BELOW",
}  # fmt: skip
NAMED = {"ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł",
         "ss": "ß", "i": "ı", "j": "ȷ"}  # fmt: skip


def composed(written: str) -> str:
    r"""Put `{\~{\^e}}` together: commands from the outside in, marks from the inside out."""
    bare = re.sub(r"[{}]", "", written)
    commands, letter = [], bare
    while found := re.fullmatch(r"\\([`'^~=.\"]|[A-Za-z]+)\s*(.*)", letter):
        if found[1] in NAMED and not found[2]:
            letter = NAMED[found[1]]
            break
        name, rest = found[1], found[2]
        if name not in MARKS:  # `\ua` of `\u{a}`
            name, rest = name[0], name[1:] + rest
        commands.append(name)
        letter = rest
    marks = "".join(unicodedata.lookup(f"COMBINING {MARKS[one]}") for one in reversed(commands))
    return unicodedata.normalize("NFC", letter + marks)


def test_how_many_letters_there_are():
    # A table that loses its letters would pass every test below.
    assert len(LATIN) > 380
    assert len(GREEK) > 50
    assert len(MATHEMATICAL) > 400
    assert len(WRITTEN) > 1300


@pytest.mark.parametrize("letter", LATIN)
def test_a_latin_letter_is_put_together_from_its_parts(letter):
    written = write_letters(letter)
    assert written.isascii()
    assert composed(written) == letter
    assert LatexNodes2Text().latex_to_text(written) == letter
    assert latex_to_text(written) == letter
    guarded = for_biber(written)
    assert unicodedata.normalize("NFC", LatexNodes2Text().latex_to_text(guarded)) == letter
    assert latex_to_text(guarded) in {letter, guarded}


def test_other_letters_and_signs_come_back():
    for letter in set(WRITTEN) - set(LATIN):
        written = write_letters(letter)
        assert written.isascii()
        if letter in PUNCTUATION:
            assert written == PUNCTUATION[letter]
            continue
        assert for_biber(written) == written
        read = unicodedata.normalize("NFKC", latex_to_text(written))
        assert read == SAME_SIGN.get(letter, unicodedata.normalize("NFKC", letter))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("García, Szűcs, Nguyễn", r"Garc{\'i}a, Sz{\H{u}}cs, Nguy{\~{\^e}}n"),
        ("ĵ ǰ ı ȷ ï", r"{\^j} {\v{j}} {\i} {\j} {\"i}"),
        ("Łódź, Øre, Æ, œuvre, Straße", r"{\L}{\'o}d{\'z}, {\O}re, {\AE}, {\oe}uvre, Stra{\ss}e"),
        ("ộ ǭ ậ ǽ ǿ", r"{\d{\^o}} {\k{\=o}} {\d{\^a}} {\'\ae} {\'\o}"),
        ("m\u0303 ν\u0304 𝒪\u0303 x\u20d7 A\u0305 θ\u0302\u0304",
         r"{\~m} {$\bar{\nu}$} {$\tilde{\mathcal{O}}$} {$\vec{x}$} {$\overline{A}$}"
         r" {$\bar{\hat{\theta}}$}"),
        # LaTeX has no form in T1, or pandoc passes over the command, or biber misreads it.
        ("đ ð þ ŋ ħ ơ ả ș ḗ ȱ ḹ ṩ ɛ ⅓ € ° №", "đ ð þ ŋ ħ ơ ả ș ḗ ȱ ḹ ṩ ɛ ⅓ € ° №"),
        ("Чтение 暗闇 ΰ", "Чтение 暗闇 ΰ"),
        ("♯ ℒ ℝ 𝔤 𝐱 𝜽", r"{$\sharp$} {$\mathcal{L}$} {$\mathbb{R}$} {$\mathfrak{g}$}"
                        r" {$\mathbf{x}$} {$\boldsymbol{\theta}$}"),
        ("ά ε ϵ φ ϕ", r"{$\acute{\alpha}$} {$\varepsilon$} {$\epsilon$} {$\varphi$} {$\phi$}"),
        ("x² 10⁻¹² H₂O ≢ ∌", r"x{$^2$} 10{$^{-12}$} H{$_2$}O {$\not\equiv$} {$\not\ni$}"),
        ("√n √12 √β √", r"{$\sqrt{n}$} {$\sqrt{12}$} {$\sqrt{\beta}$} {$\surd$}"),
        ("& % # _ $ { } \\ ~ ^ | < >",
         r"\& \% \# \_ \$ {$\lbrace$} {$\rbrace$} {\textbackslash} {\textasciitilde}"
         r" {\textasciicircum} {$|$} {$<$} {$>$}"),
        ('say "hi" ("so"), 5" disk', "say ``hi'' (``so''), 5\" disk"),
        ("a,,b ?` !`", "a,{},b ?{}` !{}`"),
        ("–— “‘a’ b” ’” c--d", "--{}--- ``{}`a' b'' '{}'' c--d"),
    ],
)  # fmt: skip
def test_texts(text, written):
    assert tex_text(text) == written


@pytest.mark.parametrize(
    ("written", "guarded"),
    [
        (r"Garc{\'i}a {\H{u}} {\v{c}}", r"Garc{\'i}a {\H{u}} {\v{c}}"),
        (r"{\~{\^e}} {\~e} {\'{\u{a}}}", r"{\~{\^e{}}} {\~{e{}}} {\'{\u{a}{}}}"),
        (r"{\d{\^o}} {\k{\=o}} {\d{a}}", r"{\d{ô}} {\k{ō}} {\d{a}}"),
        (r"{\'\ae}", r"{\'{\ae{}{}}}"),
        (r"{$\acute{\alpha}$} \'e", r"{$\acute{\alpha}$} \'e"),
    ],
)
def test_letters_for_biber(written, guarded):
    assert for_biber(written) == guarded


@pytest.mark.parametrize("mark", ["\u0303", "\u0323", "\u0338", "\u20d7"])
def test_a_mark_behind_a_sign_lets_no_sign_through(mark):
    for sign in "{}\\$%&#_^~|":
        assert write_letters(sign + mark) == write_letters(sign) + mark


def test_signs_within_a_formula():
    assert in_math("α") == r"\alpha"
    assert in_math("²") == "^2"
    assert in_math("é") is in_math("x") is in_math("漢") is None


@given(
    st.text(
        st.sampled_from("\u0303\u0323\u0338ab éőễộßŁøαℒ²⁻√&%$_{}\\~^|<>\"'`“”–,,!?"), max_size=20
    )
)
def test_any_text_is_balanced_and_ends_no_field(text):
    written = for_biber(tex_text(text))
    depth = 0
    for sign in written:
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0
    assert written.replace(r"\$", "").count("$") % 2 == 0
