r"""What each command of LaTeX does to a text, for those that are not signs or letters."""

from __future__ import annotations

import re
import unicodedata

from rftsearch.text.latex_symbols import ALPHABETS, MATH_ACCENTS, SIGNS, TEXT_SIGNS

__all__ = [
    "ALL_SIGNS",
    "BLANKS",
    "DELIMITED",
    "DROPPED_IN_TEXT",
    "DROPPED_WITH_GROUP",
    "ESCAPED",
    "FONTS",
    "FONTS_OF_MATH",
    "FONTS_OF_TEXT",
    "FRACTIONS",
    "LEFT_OUT",
    "OF_LAYOUT",
    "OVER_LETTERS",
    "SECOND_ARGUMENT",
    "SET_APART",
    "SWITCHES",
]

ESCAPED = frozenset("%&$#_{}")
"""Signs that a backslash makes ordinary."""

# As people write them who have a keyboard only.
ALL_SIGNS = {**TEXT_SIGNS, **SIGNS, "sim": "~", "thicksim": "~"}
"""Signs by their commands, without backslash."""

SET_APART = frozenset(
    sign
    for sign in SIGNS.values()
    if unicodedata.category(sign) == "Sm" and sign not in "∂∇∀∃∄∞¬√∑∏∐∫∮∬∭⋃⋂⋁⋀"
) | {"~"}
"""Relations and operators, which LaTeX sets apart from what stands before them."""

BLANKS = frozenset(
    ["\\ ", "\\,", "\\;", "\\:", "\\>", "\\\n", r"\quad", r"\qquad", r"\enspace", r"\thinspace"]
)

LEFT_OUT = frozenset(
    r"""
    \! \/ \@ \- \limits \nolimits \displaystyle \textstyle \scriptstyle \xspace \noindent \left
    \right \middle \big \Big \bigg \Bigg \bigl \bigr \Bigl \Bigr \biggl \biggr \Biggl \Biggr \bigm
    \Bigm \nonumber \relax \protect
    """.split()  # noqa: SIM905 - words read better than a list of them
)
"""Commands of formulas that show nothing."""

DROPPED_IN_TEXT = frozenset([r"\-", r"\/", r"\@", r"\!", r"\xspace", r"\noindent"])
"""Commands of running text that show nothing."""

DELIMITED = frozenset(name for name in LEFT_OUT if re.match(r"\\(left|right|[bB]ig)", name))
"""What makes the delimiter behind it grow; a dot stands for no delimiter."""

OF_LAYOUT = frozenset([r"\begin", r"\end", r"\vspace", r"\hspace", r"\par", r"\newline", r"\item"])
"""Commands that set pieces of text apart, some with an argument that is not shown."""

FONTS_OF_TEXT = frozenset(
    r"""
    \text \textbf \textit \textrm \textsf \texttt \textsc \textnormal \textsl \textmd \textup \emph
    \mbox \hbox \underline \uline \enquote
    """.split()  # noqa: SIM905 - words read better than a list of them
)
"""Commands whose argument is running text, in another font."""

FONTS_OF_MATH = frozenset(
    r"""
    \mathrm \mathnormal \operatorname \mathop \mathrel \mathbin \mathord \mathopen \mathclose
    \mathinner \ensuremath \smash \boxed \mathstrut
    """.split()  # noqa: SIM905 - words read better than a list of them
)
"""Commands whose argument is a formula that means the same without them."""

FONTS = {f"\\{name}": alphabet for name, alphabet in ALPHABETS.items()} | {
    r"\bm": "BOLD ITALIC", r"\pmb": "BOLD ITALIC", r"\mathbbm": "DOUBLE-STRUCK",
    r"\mathds": "DOUBLE-STRUCK", r"\Bbb": "DOUBLE-STRUCK", r"\frak": "FRAKTUR",
}  # fmt: skip
"""Commands for an alphabet of mathematics, and its name in Unicode."""

SWITCHES = dict.fromkeys(
    r"""
    \bf \it \em \rm \tt \sc \sl \sf \bfseries \itshape \rmfamily \ttfamily \scshape \boldmath
    \small \large \footnotesize
    """.split(),  # noqa: SIM905 - words read better than a list of them
    "",
) | {r"\cal": "SCRIPT"}
"""Fonts for the rest of a group, with their alphabets of mathematics."""

OVER_LETTERS = {f"\\{name}": mark for name, mark in MATH_ACCENTS.items()} | {
    r"\Tilde": "\u0303", r"\Hat": "\u0302", r"\Bar": "\u0304", r"\dddot": "\u20db",
}  # fmt: skip
"""Accents of formulas by their commands."""

FRACTIONS = frozenset([r"\frac", r"\tfrac", r"\dfrac", r"\cfrac", r"\nicefrac", r"\sfrac"])

SECOND_ARGUMENT = frozenset([r"\href", r"\hyperlink", r"\textcolor"])
"""Commands that show their second argument."""

DROPPED_WITH_GROUP = frozenset([r"\color", r"\phantom", r"\hphantom", r"\vphantom"])
"""Commands that show nothing, and whose argument is not shown."""
