r"""What LaTeX's commands stand for in Unicode: signs, letters, accents and alphabets.

`latex` reads LaTeX with these tables, `export.tex_letters` writes LaTeX with them. They
were compared, command by command, with what Pandoc and pylatexenc read; where those two
differ, Unicode's own name for the sign decided (unicode-math has the same table).
"""

from __future__ import annotations

import unicodedata
from types import MappingProxyType

__all__ = [
    "ACCENTS",
    "ALPHABETS",
    "FUNCTIONS",
    "LETTERS",
    "MATH_ACCENTS",
    "SIGNS",
    "TEXT_SIGNS",
    "styled",
]

_PAIRS = r"""
alpha α beta β gamma γ delta δ varepsilon ε epsilon ϵ zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ
varkappa ϰ lambda λ mu μ nu ν xi ξ pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ
varphi φ phi ϕ chi χ psi ψ omega ω digamma ϝ Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ
Upsilon Υ Phi Φ Psi Ψ Omega Ω
ell ℓ hbar ℏ hslash ℏ imath ı jmath ȷ Re ℜ Im ℑ aleph ℵ beth ℶ gimel ℷ daleth ℸ wp ℘ partial ∂
nabla ∇ mho ℧ complement ∁ Finv Ⅎ Game ⅁ Bbbk 𝕜 infty ∞ forall ∀ exists ∃ nexists ∄ emptyset ∅
varnothing ∅ angle ∠ measuredangle ∡ sphericalangle ∢ triangle △ triangledown ▿ Box □ square □
blacksquare ■ lozenge ◊ diamond ⋄ Diamond ◇ star ⋆ bigstar ★ sharp ♯ flat ♭ natural ♮ clubsuit ♣
spadesuit ♠ heartsuit ♡ diamondsuit ♢ dagger † ddagger ‡ prime ′ backprime ‵ top ⊤ bot ⊥ surd √
checkmark ✓ maltese ✠
times × div ÷ pm ± mp ∓ ast ∗ circ ∘ bullet • cdot ⋅ oplus ⊕ ominus ⊖ otimes ⊗ oslash ⊘ odot ⊙ cup ∪
cap ∩ smallsetminus ∖ setminus ∖ wedge ∧ land ∧ vee ∨ lor ∨ neg ¬ lnot ¬ sum ∑ prod ∏ coprod ∐ int ∫
oint ∮ iint ∬ iiint ∭ bigcup ⋃ bigcap ⋂ bigvee ⋁ bigwedge ⋀ bigoplus ⨁ bigotimes ⨂ bigodot ⨀
biguplus ⨄ bigsqcup ⨆ uplus ⊎ sqcup ⊔ sqcap ⊓ wr ≀ dotplus ∔ boxplus ⊞ boxminus ⊟ boxtimes ⊠
boxdot ⊡ ltimes ⋉ rtimes ⋊ leftthreetimes ⋋ rightthreetimes ⋌ bowtie ⋈ divideontimes ⋇ intercal ⊺
barwedge ⌅ veebar ⊻ curlywedge ⋏ curlyvee ⋎ Cap ⋒ Cup ⋓ circledast ⊛ circledcirc ⊚ circleddash ⊝
bigcirc ○ bigtriangledown ▽ triangleleft ◃ triangleright ▹ vartriangle ▵ blacktriangle ▴
blacktriangledown ▾
leq ≤ le ≤ geq ≥ ge ≥ ll ≪ gg ≫ lll ⋘ ggg ⋙ leqslant ⩽ geqslant ⩾ leqq ≦ geqq ≧ lesssim ≲ gtrsim ≳
lessgtr ≶ lessdot ⋖ gtrdot ⋗ neq ≠ ne ≠ equiv ≡ sim ∼ thicksim ∼ simeq ≃ approx ≈ thickapprox ≈
approxeq ≊ cong ≅ backsim ∽ backsimeq ⋍ propto ∝ varpropto ∝ asymp ≍ doteq ≐ doteqdot ≑ circeq ≗
triangleq ≜ bumpeq ≏ Bumpeq ≎ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ subsetneq ⊊ supsetneq ⊋
nsubseteq ⊈ nsupseteq ⊉ Subset ⋐ Supset ⋑ sqsubset ⊏ sqsupset ⊐ sqsubseteq ⊑ sqsupseteq ⊒ in ∈ ni ∋
owns ∋ notin ∉ mid ∣ shortmid ∣ nmid ∤ parallel ∥ shortparallel ∥ nparallel ∦ perp ⊥ vDash ⊨
models ⊨ vdash ⊢ Vdash ⊩ Vvdash ⊪ nvdash ⊬ nvDash ⊭ dashv ⊣ prec ≺ succ ≻ preccurlyeq ≼
succcurlyeq ≽ preceq ⪯ succeq ⪰ precsim ≾ succsim ≿ precapprox ⪷ succapprox ⪸ smile ⌣ frown ⌢
between ≬ pitchfork ⋔ trianglelefteq ⊴ trianglerighteq ⊵ vartriangleleft ⊲ vartriangleright ⊳
lhd ⊲ rhd ⊳ unlhd ⊴ unrhd ⊵ nless ≮ ngtr ≯ nleq ≰ ngeq ≱ nsim ≁ ncong ≇ nprec ⊀ nsucc ⊁ npreceq ⋠
nsucceq ⋡ ntriangleleft ⋪ ntriangleright ⋫ lneq ⪇ gneq ⪈ lneqq ≨ gneqq ≩ lnsim ⋦ gnsim ⋧
precnsim ⋨ succnsim ⋩
rightarrow → to → leftarrow ← gets ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔
mapsto ↦ longmapsto ⟼ longrightarrow ⟶ longleftarrow ⟵ longleftrightarrow ⟷ Longrightarrow ⟹
implies ⟹ Longleftarrow ⟸ impliedby ⟸ Longleftrightarrow ⟺ iff ⟺ uparrow ↑ downarrow ↓
updownarrow ↕ Uparrow ⇑ Downarrow ⇓ Updownarrow ⇕ nearrow ↗ searrow ↘ nwarrow ↖ swarrow ↙
hookrightarrow ↪ hookleftarrow ↩ nrightarrow ↛ nleftarrow ↚ nleftrightarrow ↮ nRightarrow ⇏
nLeftarrow ⇍ nLeftrightarrow ⇎ rightsquigarrow ⇝ leadsto ⇝ leftrightsquigarrow ↭
rightharpoonup ⇀ rightharpoondown ⇁ leftharpoonup ↼ leftharpoondown ↽ rightleftharpoons ⇌
leftrightharpoons ⇋ upharpoonright ↾ upharpoonleft ↿ downharpoonright ⇂ downharpoonleft ⇃
twoheadrightarrow ↠ rightarrowtail ↣ circlearrowleft ↺ circlearrowright ↻ curvearrowleft ↶
curvearrowright ↷ leftleftarrows ⇇ rightrightarrows ⇉ rightleftarrows ⇄ leftrightarrows ⇆
upuparrows ⇈ downdownarrows ⇊ Rrightarrow ⇛ Lleftarrow ⇚ Lsh ↰ Rsh ↱ looparrowleft ↫
looparrowright ↬ multimap ⊸
langle ⟨ rangle ⟩ lbrace { rbrace } lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ lbrack [ rbrack ] vert |
lvert | rvert | Vert ‖ lVert ‖ rVert ‖ backslash \ ulcorner ⌜ urcorner ⌝ llcorner ⌞ lrcorner ⌟
ldots … dots … dotsc … cdots ⋯ dotsb ⋯ vdots ⋮ ddots ⋱ therefore ∴ because ∵
"""


def _table(pairs: str) -> dict[str, str]:
    words = pairs.split()
    return dict(zip(words[::2], words[1::2], strict=True))


SIGNS = MappingProxyType(_table(_PAIRS))
"""Signs of mathematics by their commands, without backslash: those of LaTeX, amsmath and
amssymb, and no other. Where several commands set one sign, the usual one comes first."""

TEXT_SIGNS = MappingProxyType(
    _table(
        r"""
        textbackslash \ textasciitilde ~ textasciicircum ^ textbar | textless < textgreater >
        textbraceleft { textbraceright } textdollar $ textunderscore _ textquotedbl "
        textquotesingle ' textasciigrave ` textquotedblleft “ textquotedblright ”
        textquoteleft ‘ textquoteright ’ quotedblbase „ quotesinglbase ‚ guillemotleft «
        guillemotright » guilsinglleft ‹ guilsinglright › textendash – textemdash — textellipsis …
        textbullet • textperiodcentered · textdegree ° degree ° deg ° textmu µ texttimes × textdiv ÷
        textpm ± textrightarrow → textleftarrow ← texteuro € euro € pounds £ textsterling £
        textyen ¥ S § textsection § P ¶ textparagraph ¶ dag † textdagger † ddag ‡ textdaggerdbl ‡
        copyright © textcopyright © textregistered ® texttrademark ™ textonehalf ½ percent %
        textquestiondown ¿ textexclamdown ¡ textonesuperior ¹ texttwosuperior ² textthreesuperior ³
        lt < gt > colon : LaTeX LaTeX TeX TeX BibTeX BibTeX
        """
    )
)
"""Signs of running text by their commands."""

LETTERS = MappingProxyType(
    _table(
        "ss ß SS ẞ o ø O Ø l ł L Ł ae æ AE Æ oe œ OE Œ aa å AA Å i ı j ȷ dj đ DJ Đ dh ð DH Ð th þ"
        " TH Þ ng ŋ NG Ŋ ij ĳ IJ Ĳ"
    )
)
"""Letters of the Latin alphabet by their commands."""

ACCENTS = MappingProxyType(
    {
        "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306",
        ".": "\u0307", '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323",
        "c": "\u0327", "k": "\u0328", "b": "\u0331",
    }
)  # fmt: skip
"""Accents of text: the command, and the mark that follows a letter in Unicode."""

MATH_ACCENTS = MappingProxyType(
    {
        "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303",
        "bar": "\u0304", "overline": "\u0305", "underline": "\u0332", "vec": "\u20d7",
        "dot": "\u0307", "ddot": "\u0308", "check": "\u030c", "breve": "\u0306",
        "acute": "\u0301", "grave": "\u0300", "mathring": "\u030a",
    }
)  # fmt: skip
"""Accents of mathematics, in the same way."""

ALPHABETS = MappingProxyType(
    {
        "mathcal": "SCRIPT", "mathscr": "SCRIPT", "mathbb": "DOUBLE-STRUCK",
        "mathfrak": "FRAKTUR", "mathbf": "BOLD", "boldsymbol": "BOLD ITALIC",
        "mathit": "ITALIC", "mathsf": "SANS-SERIF", "mathtt": "MONOSPACE",
    }
)  # fmt: skip
"""Alphabets of mathematics by their commands, with their names in Unicode."""

FUNCTIONS = frozenset(
    """
    sin cos tan cot sec csc sinh cosh tanh arcsin arccos arctan log ln lg exp min max sup inf lim
    limsup liminf arg det dim ker deg gcd Pr hom
    """.split()  # noqa: SIM905 - words read better than a list of them
)
"""Functions that LaTeX sets upright, by their commands, which are their names."""


def styled(letter: str, alphabet: str) -> str:
    """Return a letter or digit in an alphabet of mathematics; as it is where there is none.

    >>> styled("L", "SCRIPT"), styled("x", "BOLD"), styled("é", "BOLD")
    ('ℒ', '𝐱', 'é')
    """
    words = unicodedata.name(letter, "").split()
    if words[:2] in (["LATIN", "CAPITAL"], ["LATIN", "SMALL"], ["GREEK", "CAPITAL"],
                     ["GREEK", "SMALL"]) and len(words) == 4:  # fmt: skip
        if alphabet == "BOLD ITALIC" and words[:2] == ["GREEK", "CAPITAL"]:
            alphabet = "BOLD"  # as TeX has them
        tail = f"{words[1]} {words[3]}"
    elif words[:1] == ["DIGIT"]:
        alphabet = alphabet.removesuffix(" ITALIC")
        tail = " ".join(words)
    else:
        return letter
    # The oldest of these letters have names of their own, such as SCRIPT CAPITAL L.
    old = {"FRAKTUR": "BLACK-LETTER"}.get(alphabet, alphabet)
    for name in (f"MATHEMATICAL {alphabet} {tail}", f"{old} {tail}"):
        try:
            return unicodedata.lookup(name)
        except KeyError:
            continue
    return "ℎ" if (alphabet, letter) == ("ITALIC", "h") else letter
