"""Questions made from papers, of the kinds that people type: names, ids, topics, sentences."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from rftsearch.papers.paper import Paper
from rftsearch.text.latex import latex_to_text


def questions(papers: Sequence[Paper], count: int, seed: int = 1) -> list[str]:
    """Return so many different questions, the same for the same papers."""
    draw = random.Random(seed)  # noqa: S311 - examples, no secrets
    found: dict[str, None] = {}
    for number in range(20 * count):
        if len(found) == count:
            break
        make = KINDS[number % len(KINDS)]
        asked = " ".join(make(draw, draw.choice(papers), papers).split())
        if asked and "$" not in asked and "\\" not in asked and "`" not in asked:
            found[asked] = None
    return list(found)


def pasted(papers: Sequence[Paper], count: int, seed: int = 2) -> list[str]:
    """Return so many texts of more than 40 words, each of one to three papers, as people paste."""
    draw = random.Random(seed)  # noqa: S311 - examples, no secrets
    found: dict[str, None] = {}
    for _ in range(20 * count):
        if len(found) == count:
            break
        some = draw.sample(papers, draw.randint(1, 3))
        text = "\n".join(_words(draw, _text(paper), 20, 120) for paper in some)
        if len(text.split()) > 40 and not set("$\\`") & set(text):
            found[text] = None
    return list(found)


def _text(paper: Paper) -> str:
    return latex_to_text(f"{paper.title}. {paper.abstract or paper.description}")


def _words(draw: random.Random, text: str, least: int, most: int) -> str:
    words = text.split()
    size = draw.randint(least, most)
    start = draw.randrange(max(1, len(words) - size))
    return " ".join(words[start : start + size])


def _title(_draw, paper, _papers):
    return latex_to_text(paper.title)


def part_of_title(draw, paper, _papers):
    return _words(draw, latex_to_text(paper.title), 2, 6)


def _name(_draw, paper, _papers):
    return latex_to_text(paper.short_name)


def _id(draw, paper, _papers):
    forms = ("{}", "arXiv:{}", "https://arxiv.org/abs/{}v2", "see {} please")
    return draw.choice(forms).format(paper.arxiv_id or paper.short_name)


def _phrase(draw, paper, _papers):
    return _words(draw, _text(paper), 3, 9)


def _sentence(draw, paper, _papers):
    return _words(draw, _text(paper), 14, 40)


def _topic(draw, paper, papers):
    words = [*_text(paper).split(), *_text(draw.choice(papers)).split()]
    return " ".join(draw.sample(words, min(len(words), draw.randint(1, 4)))).strip(".,")


def _asked(draw, paper, papers):
    asking = (
        "Are there any papers that investigate {}?",
        "papers on {}",
        "how to {}",
        "{} benchmark",
    )
    return draw.choice(asking).format(part_of_title(draw, paper, papers))


def _misspelt(draw, paper, _papers):
    name = latex_to_text(paper.short_name)
    at = draw.randrange(max(1, len(name)))
    return name[:at] + draw.choice("aeinst") + name[at + draw.randint(0, 1) :]


def _name_in_topic(draw, paper, papers):
    return f"{latex_to_text(paper.short_name)} {part_of_title(draw, draw.choice(papers), papers)}"


KINDS: tuple[Callable[[random.Random, Paper, Sequence[Paper]], str], ...] = (
    _title,
    part_of_title,
    _name,
    _id,
    _phrase,
    _sentence,
    _topic,
    _asked,
    _misspelt,
    _name_in_topic,
)
