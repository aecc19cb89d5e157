"""Questions that say more than their topic, made from papers: dates, people, places, resources."""

from __future__ import annotations

import random
from collections.abc import Sequence

from rftsearch.papers.asked.facts import VENUE, facts_of
from rftsearch.papers.paper import Paper
from rftsearch.text.latex import latex_to_text
from support.questions import part_of_title

MONTHS = ("January", "Feb", "march", "Apr.", "May", "june", "Jul", "August", "Sept", "Oct", "Dec")
DATES = (
    "since {when}",
    "from {when} on",
    "after {when}",
    "before {year}",
    "older than {when}",
    "until {when}",
    "up to {month} {year}",
    "from {month} to {month} {year}",
    "between {year} and 2026",
    "from {year}-01 to {year}-06",
    "last month",
    "in the last month",
    "of the last {count} months",
    "in the past {count} weeks",
    "last {count} days",
    "last year",
    "this year",
    "this month's",
    "in {month} {year}",
    "in may",
    "of march",
    "in {month}",
    "{year}",
    "published in {year}",
    "no older than {when}",
    "of 2000",
    "in 2000 steps",
)
ORDERS = ("newest papers on {topic}", "{topic} oldest first", "latest {topic} papers", "newest")
RESOURCES = (
    "with code",
    "with open code and model weights",
    "with public datasets",
    "code available",
    "that release their code",
    "with a demo",
    "with models",
    "with available checkpoints and data",
    "with a project page",
    "with code-switching",
    "with code for robots",
    "with benchmarks",
)
PRESENTED = (
    "survey of {topic}",
    "a survey on {topic} since {when}",
    "only surveys of {topic}",
    "{topic} surveys only",
    "dataset for {topic}",
    "benchmark for {topic}",
    "{topic} benchmark papers",
    "benchmarks only",
    "just datasets about {topic}",
    "find me some recent surveys about {topic}",
    "{topic} code projects",
    "projects only",
    "corpus of {topic}",
)
PLACES = (
    "{topic} accepted at {venue}",
    "{venue} papers",
    "{venue} {topic}",
    "papers at {venue} {year} on {topic}",
    "{topic} {venue} {year}",
    "{topic} {venue}",
    "{topic} in {lower}",
    "published at {lower} {year}",
    "accepted by {venue}'{short}",
    "images in nature",
    "{topic} accepted at FOOBAR",
    "NIPS papers about {topic}",
    "{topic} from Computer Vision",
)
PEOPLE = (
    "papers by {author}",
    "{author}",
    "{author} {year}",
    "{family}",
    "{lowfamily} {year}",
    "{lowfamily} et al {year}",
    "by {lowfamily}",
    "{topic} by {initial}. {family}",
    "{initial}. {family} {topic}",
    "{family}, {given}",
    "{topic} {author}",
    "work by {author} and {other} on {topic}",
    "authors: {author}, {other}",
    "{misspelt}",
    "by {misspelt} since {when}",
    "newest papers by {author} with code",
    "{lowauthor} {topic}",
    "papers from {family}",
)
ACRONYMS = (
    "SFT",
    "supervised fine-tuning",
    "CoT",
    "annotations",
    "reward models",
    "GRPO",
    "labels",
)
SPELT = ("{slip}", "{topic} {slip}", "{slip} {slip2}", "{slip} for {topic} since {when}")
WITHOUT = (
    "{topic} without {thing}",
    "{topic} without any {thing} or {word}",
    "{topic} without {word}, {word2} or {thing}",
    "{topic} without {acronym}",
    "{topic} but not {thing}",
    "{topic}, no {thing}",
    "{topic} with no {word} {word2} needed",
    "{topic} that don't need {thing} and {word2}",
    "{topic} that does not use {thing} for {word}",
    "{topic} not relying on {thing}",
    "{topic} instead of {thing}",
    "{topic} rather than {acronym} since {when}",
    "{topic} with or without {thing}",
    "{topic} without losing {thing}",
    "{topic} without the {word} alone",
    "{topic} without knowing which {word}",
    "{topic} free of {word} -{word2}",
    "without {thing}: {topic}",
    "papers by {author} without {thing}",
    "survey of {topic} excluding {acronym}",
)
OTHERS = (
    '"{topic}"',
    "{topic} -{word}",
    "apprentissage par renforcement sans {word}",
    "{topic} since {when} before 2020",
    "verstärkendes Lernen mit {word}",
    "what is {topic} and with code",
    "{word} {year} dataset",
    "{name} {year}",
    "{word} 2012",
)


def sayings(papers: Sequence[Paper], count: int, seed: int = 2) -> list[str]:
    """Return so many different questions, the same for the same papers."""
    draw = random.Random(seed)  # noqa: S311 - examples, no secrets
    people = [name for one in papers for name in one.authors] or ["Ann Bee"]
    facts = [fact for one in papers for fact in facts_of(one)]
    places = [fact.removeprefix(VENUE).split()[0] for fact in facts if fact.startswith(VENUE)]
    kinds = (DATES, ORDERS, RESOURCES, PRESENTED, PLACES, PEOPLE, SPELT, WITHOUT, OTHERS)
    made: dict[str, None] = {}
    for number in range(20 * count):
        if len(made) == count:
            break
        words = kinds[number % len(kinds)]
        text = draw.choice(words)
        if words in {DATES, RESOURCES} and draw.random() < 0.8:
            text = draw.choice(("{topic} " + text, text + " {topic}", "papers " + text))
        asked = " ".join(text.format(**_known(draw, papers, people, places)).split())
        if not set(asked) & set("$\\`{"):
            made[asked] = None
    return list(made)


def _known(
    draw: random.Random, papers: Sequence[Paper], people: Sequence[str], places: Sequence[str]
) -> dict[str, str]:
    """Return what stands for the names in braces."""
    paper = draw.choice(papers)
    author, other = draw.choice(people), draw.choice(people)
    family, given = author.split()[-1], author.split()[0]
    venue = draw.choice([*places, "cvpr", "chi", "neurips"])
    year = draw.choice(("2023", "2024", "2025", "2025", "2026", "2019"))
    month = draw.choice(MONTHS)
    topic = part_of_title(draw, paper, papers).strip("?:.,")
    prose = latex_to_text(paper.abstract or paper.title).split()
    words = [one for one in prose if one.isalpha() and one.islower() and len(one) > 5] or ["reward"]
    written = {"neurips": "NeurIPS", "corl": "CoRL"}.get(venue, venue.upper())
    return {
        "topic": topic,
        "year": year,
        "short": year[2:],
        "month": month,
        "when": draw.choice((year, f"{month} {year}", f"{year}-0{draw.randint(1, 9)}")),
        "count": draw.choice(("two", "3", "few", "a", "couple of", "12")),
        "venue": written,
        "lower": venue,
        "author": author,
        "lowauthor": author.lower(),
        "other": other,
        "family": family,
        "lowfamily": family.lower(),
        "given": given,
        "initial": given[0],
        "misspelt": _slip(draw, author),
        "slip": _slip(draw, draw.choice(words)),
        "slip2": _slip(draw, draw.choice(words)),
        "word": draw.choice(words),
        "word2": draw.choice(words),
        "thing": _thing(draw, draw.choice(papers)),
        "acronym": draw.choice(ACRONYMS),
        "name": latex_to_text(paper.short_name),
    }


def _thing(draw: random.Random, paper: Paper) -> str:
    """Return a few neighbouring words of a paper, such as a question may leave out."""
    words = latex_to_text(paper.abstract or paper.title).split()
    start = draw.randrange(len(words))
    return " ".join(words[start : start + draw.randint(1, 3)]).strip(".,;:()")


def _slip(draw: random.Random, word: str) -> str:
    """Return a word with a slip: two letters changed places, one is missing, or one is another."""
    at = draw.randrange(1, max(2, len(word) - 1))
    kind = draw.randrange(3)
    if kind == 0:
        return word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]
    return word[:at] + ("" if kind == 1 else draw.choice("aeinst")) + word[at + 1 :]
