"""Papers that put an exporter to the test: invented, and none of them well behaved."""

from __future__ import annotations

from dataclasses import replace

from rftsearch.papers.paper import ArxivMetadata, Link, Paper


def paper(
    title: str = "Lantern: Reading in the Dark",
    authors: tuple[str, ...] = ("Author One",),
    arxiv_id: str = "2505.01234",
    short_name: str = "Lantern",
    **more: object,
) -> Paper:
    """A paper that arXiv has described; `more` are fields of its metadata."""
    facts: dict = {"published": "2025-05-17", "categories": ("cs.CV", "cs.LG"), **more}
    return Paper(
        id=arxiv_id,
        short_name=short_name,
        title=title,
        categories=("Night Vision",),
        released="2025-06",
        arxiv_id=arxiv_id,
        url=f"https://arxiv.org/abs/{arxiv_id}",
        links=(Link("code", "https://example.org/lantern", "Code"),),
        metadata=ArxivMetadata(arxiv_id, title, "We read in the dark.", authors, **facts),
    )


PROJECT = Paper(
    id="example-robo-kit",
    short_name="Robo-Kit",
    title="Robo-Kit",
    categories=("Night Vision", "Robots"),
    kind="project",
    url="https://github.com/example/robo-kit",
    description="A robot toolbox",
    links=(Link("code", "https://github.com/example/robo-kit", "Code"),),
)
REPORT = Paper(
    id="nopreprint-a-report",
    short_name="NoPreprint",
    title="NoPreprint: A Report",
    categories=("Robots",),
    released="2025-03",
    url="https://example.org/report.pdf",
)
PENDING = replace(paper(arxiv_id="2504.00009", short_name="Later"), metadata=None)

HOSTILE = (
    "}, note = {injected}",
    "@misc{evil, title = {x}}",
    "a\n@misc{evil,\n}",
    "a\r\nER  - \r\nTY  - JOUR",
    "a\x85ER  - \u2028TY  - JOUR\x1eER  -",
    r"\input{/etc/passwd} \immediate\write18{ls}",
    r"$\input{/etc/passwd}$ $^^5cinput{x}$ ^^5cinput{x} \(\def\x{y}\)",
    "{{{",
    "}}}",
    "\\",
    "\\}",
    "$",
    "$x",
    "$}{$",
    "100% #1 & co_op ~ ^",
    '=HYPERLINK("http://example.org","x")',
    "+1",
    "-1+2",
    "@SUM(A1)",
    "'quoted'",
    "\t=1",
    '"a","b"\n"c"',
    "<script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    "](javascript:alert(1))",
    "[x](javascript:alert(1))",
    "# not a heading",
    "a\n\n## Injected\n\n* [2505] [x] [y](https://example.org)",
    "\ud800 \x00 \x1b[2J \u202eesrever",
    "and",
    "others",
    "%",
)
"""Texts that end a field, a record or a file where they are taken at their word."""
