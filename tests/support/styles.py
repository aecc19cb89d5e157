"""Invented lists in the styles that lists have, made of any papers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rftsearch.papers.paper import Link, Paper

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
Write = Callable[[Paper], str]


@dataclass(frozen=True)
class Style:
    """How a list is written."""

    entry: Write
    gap: str = "\n"
    head: str = ""
    """What stands above the first entry of each section, such as the head of a table."""
    heading: str = "## {}"
    has_authors: bool = False


def _links(paper: Paper, form: str, between: str) -> str:
    return between.join(form.format(label=one.label, url=one.url) for one in paper.links)


def _founding(paper: Paper) -> str:
    month = (paper.released or "0000-00")[2:].replace("-", "")
    mark = " (Gen)" if paper.generative else ""
    links = "".join(f"  [[{x.label} \U0001f4bb]({x.url})]" for x in paper.links)
    return f"* [{month}] [{paper.short_name}{mark}] [{paper.title}]({paper.url}){links} \n"


def _bullets(paper: Paper) -> str:
    links = f" {_links(paper, '[[{label}]({url})]', ' ')}" if paper.links else ""
    return f"- [{paper.title}]({paper.url}){links}\n"


def _below(paper: Paper) -> str:
    code = f"  - Code: {_links(paper, '[{label}]({url})', ', ')}\n" if paper.links else ""
    return f"- [{paper.title}]({paper.url})\n  - {', '.join(paper.authors)}\n{code}"


def _numbered(paper: Paper) -> str:
    links = f" {_links(paper, '[[{label}]({url})]', ' ')}" if paper.links else ""
    year = (paper.released or "")[2:4]
    return (
        f"1. **[{paper.title}.]({paper.url})**{links}\n\n"
        f"    *{', '.join(paper.authors)}.* Preprint'{year}\n"
    )


def _paragraph(paper: Paper) -> str:
    links = "".join(f" [[{x.label}]({x.url})]" for x in paper.links)
    released = paper.released or "2020-01"
    return (
        f"**{paper.title}** \\\n*{', '.join(paper.authors)}* \\\n"
        f"arXiv {released[:4]}. [[Paper]({paper.url})]{links} \\\n"
        f"{_MONTHS[int(released[5:]) - 1]} {released[:4]}\n"
    )


def _row(paper: Paper) -> str:
    code = _links(paper, "[{label}]({url})", " ") or "-"
    return f"| [**{paper.title}**]({paper.url}) | arXiv | {paper.released}-07 | {code} |\n"


def _bold(paper: Paper) -> str:
    links = "".join(f" [[{x.label}]({x.url})]" for x in paper.links)
    year = (paper.released or "")[:4]
    return (
        f"* **{paper.title}**, arXiv:{paper.arxiv_id}, {year}      \n"
        f"{', '.join(paper.authors)}.     \n[[Paper]({paper.url})]{links}\n"
    )


STYLES = {
    "founding": Style(_founding, heading="## {}\n\n### Papers"),
    "linked bullets": Style(_bullets, gap=""),
    "items below": Style(_below, has_authors=True),
    "numbered": Style(_numbered, has_authors=True),
    "paragraphs": Style(_paragraph, has_authors=True),
    "table": Style(_row, gap="", head="| Title | Venue | Date | Code |\n|:--|:-:|:-:|:-:|\n"),
    "bold titles": Style(_bold, has_authors=True),
}


def write_styled(style: Style, sections: Sequence[tuple[str, Sequence[Paper]]]) -> str:
    """A list of papers under their headings, with words before and behind it."""
    parts = ["# A list of lamps\n\nIt has what was read by lamps.\n"]
    for name, papers in sections:
        parts.append(f"\n{style.heading.format(name)}\n\n{style.head}")
        parts.append(style.gap.join(map(style.entry, papers)))
    return "".join([*parts, "\n## License\n\nCC0\n"])


TITLES = (
    *("Reading Old Maps by Lantern", "Lamps for the Long Night", "Counting Ships in Deep Fog"),
    *("A Study of Slow Rivers", "Learning to Mend Broken Nets", "Walking Robots on Wet Sand"),
    *("Whales That Sing Together", "Bright Paths through Dark Woods", "Soft Hands for Hard Fruit"),
    *("Bread from Ancient Grain", "Weaving Light into Cloth", "The Weather in Small Rooms"),
    *("Carving Stone with Water", "Birds above the Frozen Lake", "Clocks that Run on Tides"),
    *("Painting Glass in Winter", "Bells for Quiet Towns", "Roads under the Old Bridge"),
)
AUTHORS = (("Anna Ahorn", "Bert Birke"), ("Carla Cedrus", "Dora Distel", "Emil Efeu"))


def lamp(number: int, month: str, *, code: bool = False, generative: bool = False) -> Paper:
    """An invented paper; papers of one number have one title, and ids of their month."""
    title = TITLES[number % len(TITLES)]
    arxiv_id = f"{month[2:4]}{month[5:]}.{10_000 + number:05}"
    links = (Link("code", f"https://github.com/example/lamp{number}", "Code"),) if code else ()
    return Paper(
        arxiv_id,
        title,
        title,
        ("X",),
        released=month,
        arxiv_id=arxiv_id,
        url=f"https://arxiv.org/abs/{arxiv_id}",
        generative=generative,
        links=links,
        listed_authors=AUTHORS[number % 2],
    )
