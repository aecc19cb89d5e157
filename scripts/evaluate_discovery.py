"""Measure by time travel how well the later papers of real lists would have been discovered.

    RFTSEARCH_SHARED=... python scripts/evaluate_discovery.py

A part of a list is known. The papers that it added later are ranked among real papers that
are not in it; some of these belong all the same, so that the average precision is too low
for every system. Vectors are kept in the folder that --cache names: encoding 20,000 papers
takes half an hour.
"""

from __future__ import annotations

import argparse
import os
import random
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from labels.calibration import calibration_error
from labels.data import Encoded, Entry, Texts, read_entries, records
from rftsearch import read_list
from rftsearch.encoders.model_files import DEFAULT_MODEL
from rftsearch.living.discovery.backtest import BACKTEST_COUNTS, OURS, rank_systems
from rftsearch.living.discovery.border import Border, rank
from rftsearch.living.discovery.discover import expected_papers, recency
from rftsearch.papers.arxiv_id import month_of_id
from rftsearch.papers.paper import ArxivMetadata, Paper

FOUNDING = "seed/awesome-rft-mllm.md"
SUCCESSOR = "data/list-2026-05.md"
BACKGROUND = 20_000
LATE = 8_000
SINCE = "2025-05"
SHORTEST = 100
"""Characters of an abstract below which a paper is left out of the background."""
OTHERS = (
    "Awesome-Multimodal-Large-Language-Models",
    "Embodied_AI_Paper_List",
    "Awesome-Efficient-LLM",
    "Awesome-Diffusion-Models",
)
SHARE = 0.7
"""The share of the other lists that is known."""


def background(shared: Path) -> list[Entry]:
    """Return 20,000 papers of the corpus that neither list of the family names, drawn once."""
    ids, titles = set(), set()
    for record in records(shared / "data" / "abstracts.jsonl"):
        ids.add(record["arxiv_id"])
        titles.add(_fold(record["title"]))
    for path in (FOUNDING, SUCCESSOR):
        for paper in read_list(shared / path).papers:
            titles.add(_fold(paper.title))
            ids |= {paper.arxiv_id} - {None}
    pool = [
        record
        for record in records(shared / "data" / "corpus-200k.jsonl.xz")
        if record.get("arxiv_id") not in ids
        and _fold(record["title"]) not in titles
        and len(record["abstract"]) > SHORTEST
    ]
    random.Random(20250501).shuffle(pool)  # noqa: S311 - to repeat
    return [_entry(record) for record in pool[:BACKGROUND]]


def _fold(title: str) -> str:
    return re.sub(r"[^a-z0-9]", "", title.lower())


def measure(
    title: str,
    texts: Texts,
    known: Sequence[Entry],
    later: Sequence[Entry],
    others: Sequence[Entry],
) -> None:
    """Rank the later papers among others and print how well each system did."""
    listed = {entry.id for entry in (*known, *later)}
    others = [entry for entry in others if entry.id not in listed]
    papers = [entry.paper for entry in known]
    pool = [*later, *others]
    border = Border(texts.evidence(known), recency(papers))
    wanted = np.arange(len(pool)) < len(later)
    expected = expected_papers(papers, [entry.paper for entry in pool])
    rankings, scores = rank_systems(border, texts.evidence(pool), expected, wanted)
    print(f"\n{title}: {len(known)} known, {len(later)} later among {len(others):,} others")
    heads = " ".join(f"@{count:<4}" for count in BACKTEST_COUNTS)
    print(f"{'':20} AP    {heads} @5%")
    for one in rankings:
        shares = " ".join(f"{share:.3f}" for share in (*one.recall, one.recall_of_share))
        print(f"{one.system:20} {one.average_precision:.3f} {shares}", flush=True)
    likely = rank(border, texts.evidence(pool), expected).likely
    off = calibration_error(likely, wanted)
    print(f"probability: {likely.sum():.0f} expected to belong, ECE {off:.4f}")
    order = np.argsort(-scores[OURS])
    best = [pool[at].paper.title for at in order[:300] if not wanted[at]][:10]
    print("  best of the others: " + "; ".join(one[:70] for one in best))


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=os.environ.get("RFTSEARCH_SHARED"))
    parser.add_argument("--cache", type=Path, default=Path(".evaluation"))
    parser.add_argument("--model", default=DEFAULT_MODEL, help="model that encodes the papers")
    asked = parser.parse_args()
    shared = Path(asked.shared) if asked.shared else Path(__file__).parents[2] / "shared"
    texts = Texts(Encoded(asked.cache, asked.model))
    founding, _ = read_entries(shared, shared / FOUNDING)
    successor, _ = read_entries(shared, shared / SUCCESSOR)
    others = background(shared)
    late = [entry for entry in others if (entry.month or "") >= SINCE][:LATE]
    known = {entry.id for entry in founding}
    added = [entry for entry in successor if entry.id not in known]
    early = [*founding, *(one for one in added if (one.month or "9") <= SINCE)]
    after = [one for one in added if (one.month or "9") > SINCE]
    for name, pool in ((f"{LATE:,} from {SINCE} on", late), (f"{BACKGROUND:,}", others)):
        measure(f"founding list, {name}", texts, founding, added, pool)
        measure(f"entries up to {SINCE}, {name}", texts, early, after, pool)
    for name in OTHERS:
        entries, _ = read_entries(shared, shared / "data" / "awesome" / f"{name}.md")
        dated = sorted((one for one in entries if one.month), key=lambda one: one.month or "")
        cut = int(len(dated) * SHARE)
        measure(name, texts, dated[:cut], dated[cut:], others)


def _entry(record: Mapping[str, Any]) -> Entry:
    identity = record.get("arxiv_id") or record["id"]
    published, own = record.get("published"), record.get("arxiv_id")
    month = published[:7] if published else month_of_id(own) if own else None
    metadata = ArxivMetadata(identity, record["title"], record["abstract"], published=published)
    paper = Paper(
        identity,
        record["title"],
        record["title"],
        ("arXiv",),
        arxiv_id=own,
        released=month,
        metadata=metadata,
    )
    return Entry(identity, paper, (), month)


if __name__ == "__main__":
    main()
