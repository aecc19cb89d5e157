"""References as the programs read them that people typeset them with.

Pandoc with its citeproc, biber with biblatex and pdfLaTeX, and BibTeX with its plain
style read one bibliography that holds every letter and sign which we write by a command.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from rftsearch.export import export
from rftsearch.export.tex_letters import for_biber, write_letters
from rftsearch.papers.about import ListAbout
from rftsearch.papers.paper import Link
from support.citable import HOSTILE, paper

PACKAGES = "pandoc biber texlive-bibtex-extra texlive-latex-recommended lmodern"
"""Debian's, as .ci/run installs them; what they depend on suffices."""
DOCUMENT = r"""\documentclass{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{lmodern,amsmath,amssymb}
%s
\begin{document}
\nocite{*}
%s
\end{document}
"""
ABOUT = ListAbout(
    "The {Night @misc{x, title = {y}} \\ 50% #1",
    'All "lights" & }{ signs: äß漢',
    "https://example.org/@night/{list}",
)
"""What a list may say of itself, for the comment above the entries."""
BIBLATEX = r"\usepackage[backend=biber]{biblatex}\addbibresource{refs.bib}"

LETTERS = tuple(
    letter
    for letter in map(chr, range(0x80, sys.maxunicode + 1))
    if unicodedata.normalize("NFC", letter) == letter
    and for_biber(write_letters(letter)) != letter
    and letter not in "\u00a0‘’“”"  # What they are depends on their neighbours.
)
"""Every letter and sign that we write by a command."""

AS_PANDOC_READS = {
    "∗": "*", "√": r"$\surd$", "⩽": "≤", "⩾": "≥", "⪯": "≼", "⪰": "≽",
    "⟵": "←", "⟶": "→", "⟷": "↔", "⟸": "⇐", "⟹": "⇒", "⟺": "⇔", "⟼": "↦",
    "∆": "Δ", "ⁱ": "^(i)", "ⁿ": "^(n)",
}  # fmt: skip
"""Signs that pandoc shows otherwise: the same in another shape, but for a lone root."""

TITLES = {
    "The Large N Limit": "The large {N} limit",
    r"R$^3$ Learning": "{R}{$^3$} learning",
    "A Survey of Surveys, a Survey": "A survey of surveys, a survey",
    "{GRPO} for TimeZero-R1 and MLLMs": "{GRPO} for {TimeZero-R1} and {MLLMs}",
    "What Should I Do With Vitamin A": "What should {I} do with vitamin {A}",
    r"0.95$\pm$0.02 on 3$\times$4 Grids": r"0.95{$\pm$}0.02 on 3{$\times$}4 grids",
    "$5 and $10": r"\$5 and \$10",
    r"An $\mathcal{O}(\sqrt{T})$ Bound": r"An {$\mathcal{O}(\sqrt{T})$} bound",
    r"The $\frac{1}{2}$ and ${\cal L}$": r"The {$\frac{1}{2}$} and {${\mathcal{L}}$}",
    r"$\bm{x}$, $\argmax_x$ and $\operatorname*{arg\,max} f$": (
        r"{$\boldsymbol{x}$}, {$\arg\max_x$} and {$\arg\max f$}"
    ),
    r"$\left[\not\in\right)$ and $\text{naïve}$": (
        r"{$\left[\not\in\right)$} and {$\text{na{\"i}ve}$}"
    ),
}
"""Titles, and what the plain style makes of them."""

NAMES = ("Ana Pérez García", "Ádám Szűcs", "Văn Nguyễn", "Đặng Øster", 'Bob "Ray" Þór', "Ŋ Ĳssel")


def is_latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN")


@pytest.fixture(scope="module")
def programs() -> None:
    """Skip without the programs, or fail where they are required."""
    missing = [name for name in ("pandoc", "biber", "pdflatex", "bibtex") if not shutil.which(name)]
    styles = ("biblatex.sty", "lmodern.sty", "amssymb.sty")
    if not missing and len(run("kpsewhich", *styles, folder=Path()).split()) < len(styles):
        missing = [f"one of {', '.join(styles)}"]
    if missing:
        reason = f"no {', '.join(missing)}; of Debian's packages install {PACKAGES}"
        if os.environ.get("RFTSEARCH_REQUIRE_REFERENCES") == "1":
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture(scope="module")
def library(programs, tmp_path_factory) -> Path:
    """A folder with a bibliography of every letter and sign."""
    folder = tmp_path_factory.mktemp("references")
    text = export(letter_papers(LETTERS), "bibtex", about=ABOUT)
    (folder / "refs.bib").write_text(text, "utf-8")
    return folder


def letter_papers(letters):
    """Papers with some of the letters in each title, and the Latin ones in the authors."""
    groups = [letters[start : start + 20] for start in range(0, len(letters), 20)]
    return [
        paper(
            f"Signs {number} {' '.join(group)} End",
            tuple(f"X{letter}x, Ada" for letter in group if is_latin(letter)),
            arxiv_id=f"2505.{number:05}",
            short_name="Sign",
        )
        for number, group in enumerate(groups)
    ]


def other_papers():
    papers = [paper(title, NAMES, f"2506.{n:05}", "T") for n, title in enumerate(TITLES)]
    # What only Unicode has is for LaTeX of another kind.
    hostile = [text.encode("ascii", "ignore").decode() for text in HOSTILE]
    papers += [paper(f"H {text}", (text,), f"2507.{n:05}") for n, text in enumerate(hostile)]
    return papers + [everywhere(text, f"2508.{n:05}") for n, text in enumerate(hostile)]


def everywhere(text: str, arxiv_id: str):
    """A paper with a text in every field that is written beside title and authors."""
    one = paper(arxiv_id=arxiv_id, short_name=f"N {text}")
    venue = f"{('Journal', 'Workshop', 'Place')[int(arxiv_id[-1]) % 3]} {text}"
    return replace(
        one,
        venue=venue,
        categories=(f"K {text}", "Plain"),
        description=text,
        links=(Link("code", f"https://example.org/{text}", text),),
        metadata=replace(one.metadata, abstract=f"{text} {text}"),
    )


def run(*command: str, folder: Path) -> str:
    """Run a program in a folder; what it printed, errors included."""
    done = subprocess.run(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    return done.stdout.decode("utf-8", "replace")


def typeset(folder: Path, preamble: str, bibliography: str, *processor: str) -> str:
    """Let LaTeX and a processor read `refs.bib`; returns the `.bbl`, once LaTeX has set it."""
    text = DOCUMENT % (preamble, bibliography)
    (folder / "refs.tex").write_text(text, "utf-8")
    latex = ("pdflatex", "-draftmode", "-interaction=nonstopmode", "refs")
    run(*latex, folder=folder)
    printed = run(*processor, "refs", folder=folder)
    assert not re.search("^(ERROR|WARN)|error message", printed, re.MULTILINE), printed[-2000:]
    run(*latex, folder=folder)
    log = (folder / "refs.log").read_text("utf-8", "replace")
    faults = re.findall(r"^!.*(?:\n.*){3}|^Missing character.*", log, re.MULTILINE)
    assert faults == []
    return (folder / "refs.bbl").read_text("utf-8")


def known_to_latex() -> set[str]:
    """The letters that pdfLaTeX takes as they are, as its own file for T1 lists them."""
    path = run("kpsewhich", "t1enc.dfu", folder=Path()).strip()
    codes = re.findall(r"\\DeclareUnicodeCharacter\{([0-9A-F]+)\}", Path(path).read_text("utf-8"))
    return {chr(int(code, 16)) for code in codes}


def out_of_reach(letter: str, known: set[str]) -> bool:
    r"""Whether biber makes of it what pdfLaTeX lacks, whatever is written: `\d{a}`."""
    written = for_biber(write_letters(letter))
    return letter not in known and (
        re.match(r"\{\\[uvHcdkrb]\{", written) is not None or written == letter
    )


def test_pandoc_reads_every_letter_in_names(library):
    items = json.loads(run("pandoc", "-f", "bibtex", "-t", "csljson", "refs.bib", folder=library))
    read = [author["family"] for item in items for author in item.get("author", ())]
    assert [unicodedata.normalize("NFC", family) for family in read] == [
        f"X{letter}x" for letter in LETTERS if is_latin(letter)
    ]


def test_pandoc_prints_every_sign(library):
    (library / "refs.md").write_text('---\nnocite: "@*"\n---\n')
    command = ("pandoc", "--citeproc", "--bibliography=refs.bib", "-t", "plain", "--wrap=none")
    printed = run(*command, "refs.md", folder=library)
    read = {
        int(number): signs.split()
        for number, signs in re.findall(r"Signs (\d+) (.*?) End", printed)
    }
    shown = [sign for number in sorted(read) for sign in read[number]]
    # Titles are set in capitals, and letters of mathematics in italics: both are fine.
    assert [unicodedata.normalize("NFKC", sign).casefold() for sign in shown] == [
        unicodedata.normalize("NFKC", AS_PANDOC_READS.get(letter, letter)).casefold()
        for letter in LETTERS
    ]


def test_biber_and_latex_set_every_letter(programs, tmp_path):
    known = known_to_latex()
    letters = [letter for letter in LETTERS if not out_of_reach(letter, known)]
    papers = [*letter_papers(letters), *other_papers()]
    (tmp_path / "refs.bib").write_text(export(papers, "bibtex"), "utf-8")
    written = typeset(tmp_path, BIBLATEX, r"\printbibliography", "biber")
    families = {re.sub("[{}]", "", one) for one in re.findall(r"family=\{(.*)\},", written)}
    for letter in letters:
        if is_latin(letter) and write_letters(letter) == for_biber(write_letters(letter)):
            assert f"X{letter}x" in families
    assert {"García", "Szűcs", r"Nguy\~ên", "Øster", "Þór", "Ĳssel"} <= families


def test_bibtex_and_latex_set_every_letter(programs, tmp_path):
    papers = [*letter_papers(LETTERS), *other_papers()]
    (tmp_path / "refs.bib").write_text(export(papers, "bibtex"), "utf-8")
    bibliography = r"\bibliographystyle{plain}\bibliography{refs}"
    written = typeset(tmp_path, "", bibliography, "bibtex")
    flat = " ".join(written.replace("\\newblock ", "").split())
    for expected in TITLES.values():
        assert f" {expected}, May 2025." in flat
