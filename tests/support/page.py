"""A list made up for the page, and visits to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rftsearch.papers.paper import ArxivMetadata
from rftsearch.sources.arxiv.api import Fetched
from support.hostile import MARKUP, TEMPLATE


def entry(month: str, name: str, title: str, url: str, **links: str) -> str:
    """A line of the list."""
    released = "".join(f" [[{kind}]({address})]" for kind, address in links.items())
    return f"* [{month}] [{name}] [{title}]({url}){released}"


def arxiv(number: str) -> str:
    return f"https://arxiv.org/abs/{number}"


HERE = "https://example.org"
LIST = "\n".join(
    [
        "# Invented works",
        "## Vision (Image)",
        "### Papers",
        entry(
            "2505", "CrowdSeer", "CrowdSeer: Counting People", arxiv("2505.00001"),
            Code=f"{HERE}/crowdseer", Model=f"{HERE}/crowdseer-model",
        ),
        entry(
            "2504", "DrawWell (Gen)", "DrawWell: Learning to Draw", arxiv("2504.00002"),
            Code=f"{HERE}/drawwell",
        ),
        "### Open-Source Projects",
        f"* [[Robo-Kit]({HERE}/robo-kit)] [[Code]({HERE}/robo-kit)] (A robot toolbox)",
        "## Vision (Video)",
        "### Papers",
        entry(
            "2503", "ClipMind", "ClipMind: Video Reasoning", arxiv("2503.00003"),
            Dataset=f"{HERE}/clips",
        ),
        entry("2503", "NoPreprint", "NoPreprint: A Video Report", f"{HERE}/report.pdf"),
        "## Audio",
        "### Papers",
        entry("2502", "EarTest", "EarTest: Audio Questions", arxiv("2502.00004")),
        r"## Robots \<b onmouseover=window.ran=1\>",
        "### Papers",
        entry(
            "2501", r"\<i\>Trap\</i\>", "A Plain Title", arxiv("2501.00005"),
            Code=f'{HERE}/"onclick="window.ran=1',
        ),
        *(
            entry("2412", f"Arm-{n}", f"Arm-{n}: A robot of {n} joints", arxiv(f"2412.0001{n}"))
            for n in range(7)
        ),
    ]
)  # fmt: skip

ABSTRACTS = {
    "2505.00001": ("CrowdSeer: Counting People", "We count people in a crowd. Count and reward."),
    "2504.00002": ("DrawWell: Learning to Draw", "A reward teaches a model to draw and draw."),
    "2503.00003": ("ClipMind: Reasoning over Video", "A video is watched twice. Video reward."),
    "2502.00004": ("EarTest: Audio Questions", "Audio in, answers out."),
    "2501.00005": (f"Scan {MARKUP} {TEMPLATE}", f"A scan of a scan. {MARKUP} {TEMPLATE}"),
}
AUTHORS = ["Author One", "Author Two", "Author Three", "Author Four"]


OUTSIDE = "2506.00001"
"""An id that only arXiv has."""
SILENT = "2506.00503"
"""An id at which arXiv does not answer."""


class Arxiv:
    """An arXiv of one paper."""

    def fetch(self, ids) -> Fetched:
        paper = ArxivMetadata(
            OUTSIDE, "Outside: Drawing at Length", "We draw and draw.", ("Author Five",),
            published="2025-06-02", categories=("cs.CV",),
        )  # fmt: skip
        if SILENT in ids:
            return Fetched({}, error="arXiv did not answer")
        known = {OUTSIDE: paper} if OUTSIDE in ids else {}
        return Fetched(known, unknown=tuple(set(ids) - known.keys()))


@dataclass
class Visit:
    """A page in the browser, and all that must not have happened on it."""

    page: object
    address: str
    complaints: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def open(self, query: str = "") -> Visit:
        self.page.goto(self.address + query)
        return self.answered()

    def answered(self) -> Visit:
        """Wait until nothing is on its way any more."""
        self.page.wait_for_function(
            "() => document.querySelector('#spoken')?.textContent"
            " && !document.querySelector('#found').hasAttribute('aria-busy')"
        )
        return self

    def search(self, text: str) -> Visit:
        self.query.fill(text)
        self.query.press("Enter")
        return self.answered()

    def paste(self, text: str) -> Visit:
        """Put a text into the box, as its clipboard would."""
        self.page.evaluate(
            """text => {
              const data = new DataTransfer();
              data.setData('text', text);
              const paste = new ClipboardEvent(
                'paste', { clipboardData: data, bubbles: true, cancelable: true });
              document.querySelector('#query').dispatchEvent(paste);
            }""",
            text,
        )
        return self

    @property
    def query(self):
        """The search box."""
        return self.page.get_by_role("combobox", name="Search papers")

    @property
    def offers(self):
        """What a box offers."""
        return self.page.locator(".offers:not([hidden]) > li")

    def second(self) -> Visit:
        """Another window of the same browser; nobody checks it at the end."""
        return Visit(self.page.context.new_page(), self.address)

    @property
    def basket(self) -> list[str]:
        """What is in the basket, in order."""
        return [
            " ".join(words.split())
            for words in self.page.locator("#basket [data-action=inside]").all_inner_texts()
        ]

    def card(self, name: str):
        """The card of a paper among the results."""
        bold = self.page.locator(".name b", has_text=re.compile(f"^{re.escape(name)}$"))
        return self.page.locator("#found .cards .card", has=bold)

    def press(self, name: str, action: str) -> Visit:
        """Press a button of a card."""
        self.card(name).locator(f"[data-action={action}]").click()
        return self.answered()

    def until(self, heading: str) -> Visit:
        """Wait for an answer under a heading."""
        self.page.locator("#heading", has_text=heading).wait_for()
        return self.answered()

    @property
    def heading(self) -> str:
        return self.page.locator("#heading").inner_text()

    @property
    def names(self) -> list[str]:
        """Short names on the cards, in order."""
        return self.page.locator("#found .cards .name b").all_inner_texts()

    def ran(self) -> bool:
        """Whether a script of the catalogue's has run."""
        return self.page.evaluate("() => 'ran' in window")
