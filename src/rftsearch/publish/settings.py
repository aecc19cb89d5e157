"""What a published page has to know besides papers, words and vectors: `index.json`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rftsearch.encoders.static_encoder import StaticModel
from rftsearch.export.lists import join_lists, name_lists
from rftsearch.index.generations.generation import Generation
from rftsearch.index.generations.status import Status
from rftsearch.look.sheets import hues
from rftsearch.look.strings import counts_line, examples, purpose
from rftsearch.look.templates import web_address
from rftsearch.look.texts import TEXTS
from rftsearch.papers.about import ListAbout
from rftsearch.publish.citations import AT_ONCE, formats
from rftsearch.publish.reading import question_tables
from rftsearch.publish.tables import Table, Words
from rftsearch.search.query.examples import example_queries
from rftsearch.search.ranking.evidence import (
    COVERAGE_WEIGHT,
    FEW_WORDS,
    LEAST_BEST,
    LEAST_EVIDENCE,
    SHARE,
)
from rftsearch.search.ranking.numeric import FEEDBACK_PAPERS, FEEDBACK_TERMS, SERVED, Parameters
from rftsearch.search.ranking.recommend import DISLIKE, POOL
from rftsearch.search.ranking.score import CLOSEST_SENTENCES
from rftsearch.search.retriever import NAME_BONUS, NEAR_NAME_BONUS
from rftsearch.text.clean import one_line

__all__ = ["FORMAT", "about_page", "index_settings"]

FORMAT = 1
EXAMPLES = 5
"""Queries to start from, shown until something is asked."""


def about_page(status: Status, given: ListAbout) -> ListAbout:
    """Return what the page says of itself: what was given, else what its lists say."""
    said = join_lists(name_lists(status.lists)) if status.lists else ListAbout()
    return ListAbout(
        title=one_line(given.title or said.title).strip() or str(TEXTS["name"]),
        description=one_line(given.description or said.description).strip() or purpose(status),
        home=web_address(given.home or said.home) or "",
        licence=one_line(said.licence).strip(),
        updated=said.updated,
    )


def weights() -> dict[str, float]:
    """Return every number of the ranking, so that it is written down once."""
    own = Parameters()
    return {
        "words": own.words,
        "pairs": own.pairs,
        "title": own.title,
        "related": own.related,
        "preferred": own.preferred,
        "without": own.without,
        "similarWords": own.similar_words,
        "similarTitle": own.similar_title,
        "textSentences": own.text_sentences,
        "textRelated": own.text_related,
        "closestSentences": CLOSEST_SENTENCES,
        "similarCategory": own.similar_category,
        "feedbackPapers": FEEDBACK_PAPERS,
        "feedbackTerms": FEEDBACK_TERMS,
        "name": NAME_BONUS,
        "nearName": NEAR_NAME_BONUS,
        "evidenceWords": COVERAGE_WEIGHT,
        "fewWords": FEW_WORDS,
        "leastBest": LEAST_BEST,
        "least": LEAST_EVIDENCE,
        "share": SHARE,
        "disliked": DISLIKE,
        "pool": POOL,
        "served": SERVED,
    }


def index_settings(
    generation: Generation,
    about: ListAbout,
    status: Status,
    categories: Sequence[str],
    *,
    words: Words,
    model: tuple[StaticModel, Table] | None,
    drawn: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the content of `index.json`.

    Args:
        generation: What is published.
        about: What the page says of itself.
        status: Of the index.
        categories: In the order in which they are shown.
        words: The terms of the papers.
        model: The static model and its table; None for words alone.
        drawn: The map: see `rftsearch.publish.drawn`.
    """
    colours = hues(categories)
    mean = generation.mean_vector
    found: dict[str, Any] = {
        "format": FORMAT,
        "about": {
            "title": about.title,
            "description": about.description,
            "home": about.home,
            "licence": about.licence,
            "updated": about.updated,
            "built": status.built[:10],
            "counts": counts_line(status),
        },
        "examples": list(examples(status, example_queries(generation, EXAMPLES))),
        "papers": len(generation.attributes),
        "terms": words.terms,
        "twins": words.twins,
        "logarithms": words.logarithms,
        "acronyms": [
            [one.acronym, one.papers, one.small, list(one.longs)]
            for one in generation.acronyms.concepts
        ],
        "categories": list(categories),
        "hues": [colours[name] for name in categories],
        "weights": weights(),
        "reading": question_tables(generation),
        "common": float(mean @ mean),
        "formats": formats(),
        "citationsAtOnce": AT_ONCE,
        "map": dict(drawn),
    }
    if model is not None:
        of_title = Parameters().title
        strangers, kin = generation.meaning_scale(of_title)
        to_text = generation.title_to_text
        found["scale"] = {"strangers": strangers, "kin": kin}
        found["model"] = {
            **model[1].settings,
            "title": of_title,
            "ofTitle": to_text.of_title,
            "ofMean": to_text.of_mean,
        }
    return found
