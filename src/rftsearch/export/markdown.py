"""Write Markdown in the list's own line format; `rftsearch.sources.markdown.awesome` reads it.

What a list contains about a paper comes back equal: identity, names, title, categories,
kind, month, address, links and remark. A list has no abstracts and authors. Reading
repairs repeated blanks, emoji and curly quotes, so they may come back changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from rftsearch.export.citation import one_line, own_words, predictions
from rftsearch.papers.about import NOTHING_KNOWN, ListAbout
from rftsearch.papers.paper import Kind, Link, Paper
from rftsearch.sources.link_kinds import kind_of_label
from rftsearch.sources.markdown.awesome import split_generative

__all__ = ["write"]

_HEADINGS: dict[Kind, str] = {"paper": "Papers", "project": "Open-Source Projects"}


def write(papers: Sequence[Paper], about: ListAbout = NOTHING_KNOWN) -> str:
    """Write the papers under the headings of their categories and kinds.

    A paper with several categories is listed under each of them. All first categories
    come before all second ones, and so on, so that reading keeps their order.
    """
    blocks = list(_of_list(about)) if papers else []
    for nth in range(max((len(paper.categories) for paper in papers), default=0)):
        listed = [paper for paper in papers if len(paper.categories) > nth]
        order = list(dict.fromkeys(paper.categories[nth] for paper in listed))
        listed.sort(key=lambda paper: (order.index(paper.categories[nth]), paper.kind))
        for category, under in groupby(listed, key=lambda paper: paper.categories[nth]):
            blocks.append(f"## {_text(category)}")
            for kind, entries in groupby(under, key=lambda paper: paper.kind):
                blocks.append(f"### {_HEADINGS[kind]}")
                blocks += [_entry(paper) for paper in entries]
    return "\n\n".join(blocks) + "\n" if blocks else ""


def _of_list(about: ListAbout) -> Iterator[str]:
    """Yield what the list says of itself: its name as the title, the rest as front matter.

    Addresses inside of these are left out: they would be read as those of papers.
    """
    home = own_words(about)["list_url"]
    facts = {
        "description": _without_addresses(about.description),
        "home": home if home.count("://") == 1 else "",
        "licence": _without_addresses(about.licence),
        "updated": _without_addresses(about.updated),
    }
    # A text in quotation marks is the same in JSON and in YAML.
    known = {name: text for name, text in facts.items() if text}
    lines = [f"{name}: {json.dumps(text, ensure_ascii=False)}" for name, text in known.items()]
    if lines:
        yield "\n".join(["---", *lines, "---"])
    if title := _without_addresses(about.title):
        yield f"# {_text(title)}"


def _without_addresses(text: str) -> str:
    return " ".join(word for word in one_line(text).split() if "://" not in word)


def _entry(paper: Paper) -> str:
    parts = [_head(paper), *(_link(link) for link in paper.links)]
    if remark := one_line(_unbracketed(paper.description)):
        # Reading removes parentheses that enclose the whole remark.
        parts.append(f"({_text(remark)})" if _balanced(remark, "()") else _text(remark))
    if paper.predicted:  # A comment: it is no heading that somebody chose.
        guesses = one_line("; ".join(predictions(paper)))
        parts.append(f"<!-- predicted: {guesses.replace('--', '- -').replace('>', '')} -->")
    return f"* {' '.join(parts)}"


def _head(paper: Paper) -> str:
    month = _month(paper.released)
    title = one_line(paper.title)
    if paper.kind == "project" and paper.url and _is_name(title, paper):
        lead = f"[{month}] " if paper.released else ""
        return f"{lead}[[{_text(title)}]({_target(paper.url)})]"
    name = _bracketed(one_line(paper.short_name)) + (" (Gen)" if paper.generative else "")
    if paper.url:
        return f"[{month}] [{_text(name)}] [{_text(title)}]({_target(paper.url)})"
    return f"[{month}] [{_text(name)}] [{_text(_bracketed(title))}]"


def _is_name(title: str, paper: Paper) -> bool:
    """Return whether short name and title are the same, but for the mark "(Gen)"."""
    return split_generative(title) == (one_line(paper.short_name), paper.generative)


def _link(link: Link) -> str:
    label = one_line(link.label)
    if kind_of_label(label) != link.kind:
        label = f"{label} {link.kind.capitalize()}".strip()
    return f"[[{_text(label)}]({_target(link.url)})]"


def _month(released: str | None) -> str:
    """Return `2505` for `2025-05`, and `2500` for `2025`, whose month is not known.

    `0000` means that there is no date, or that two digits cannot give its year. The year 2000
    without a month is `0000` too.
    """
    if released and "1991" <= released <= "2090-12":
        return released[2:4] + (released[5:7] or "00")
    return "0000"


# --- text that Markdown must not read ----------------------------------------

_SPECIAL = re.compile(r"[\\`*_\[\]<>#!]|&(?=#?\w+;)")


_IN_ANGLES = re.compile(r"[<>&]|\\(?=[!-/:-@\[-`{-~])")


def _text(text: str) -> str:
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", one_line(text))


def _target(url: str) -> str:
    """Write the target of a link, in angle brackets if it could end too early."""
    flat = re.sub(r"\s", "%20", one_line(url))
    if re.fullmatch(r"[^\s()<>\\&*_`\[\]]+", flat):
        return flat
    escaped = _IN_ANGLES.sub(lambda found: f"\\{found[0]}", flat)
    return f"<{escaped}>"


def _bracketed(text: str) -> str:
    """Return the text; parentheses replace brackets that cannot stand in brackets."""
    sound = _balanced(text, "[]") and "](" not in text
    return text if sound else text.translate({91: "(", 93: ")"})


def _unbracketed(text: str) -> str:
    """Remove brackets: in a remark they would be read as those of links."""
    return text.translate({91: None, 93: None})


def _balanced(text: str, pair: str) -> bool:
    """Return whether the brackets of a text are paired and not nested."""
    depth = 0
    for letter in text:
        depth += (letter == pair[0]) - (letter == pair[1])
        if not 0 <= depth <= 1:
            return False
    return depth == 0
