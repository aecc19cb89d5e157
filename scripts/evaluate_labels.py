"""Measure how well categories are predicted, on real lists that are not in this repository.

    RFTSEARCH_SHARED=... python scripts/evaluate_labels.py

Two kinds of figures. First, the model learns from one list and predicts the papers that a
later version of it added. Then three other lists, by cross-validation in five parts. Papers
whose abstract is not known are left out; the coverage is printed. Vectors are kept in the
folder that --cache names, for encoding takes minutes.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from labels.calibration import calibration_error
from labels.data import Encoded, Entry, Texts, read_entries
from rftsearch.encoders.model_files import DEFAULT_MODEL
from rftsearch.living.labels.headings import own_words
from rftsearch.living.labels.model import LabelModel, categories_of

SAME = {"GUI Agent": "GUI", "3D & Metaverse": "Metaverse"}
"""Headings that the later list renamed."""
OTHERS = (
    "Awesome-Multimodal-Large-Language-Models",
    "Embodied_AI_Paper_List",
    "Awesome-Efficient-LLM",
    "Awesome-Diffusion-Models",
)
PARTS = 5


@dataclass(frozen=True)
class Guesses:
    """Predictions for some papers."""

    categories: Sequence[str]
    probabilities: np.ndarray
    wanted: Sequence[Sequence[str]]
    sure_from: float


def model_guesses(texts: Texts, known: Sequence[Entry], new: Sequence[Entry]) -> Guesses:
    """Predict with the model of rftsearch."""
    labels = [entry.labels for entry in known]
    names = texts.headings(own_words(categories_of(labels)))
    model = LabelModel.fit(texts.evidence(known), labels, names)
    found = model.probabilities(texts.evidence(new))
    return Guesses(model.categories, found, [entry.labels for entry in new], model.sure_from)


def logistic_guesses(texts: Texts, known: Sequence[Entry], new: Sequence[Entry]) -> Guesses:
    """Predict with the baseline: logistic regression on the vectors of the abstracts."""
    model = LogisticRegression(C=10, class_weight="balanced", max_iter=1000)
    model.fit(texts.evidence(known).texts, [entry.labels[0] for entry in known])
    found = model.predict_proba(texts.evidence(new).texts)
    return Guesses(list(model.classes_), found, [entry.labels for entry in new], 1.01)


def figures(parts: Sequence[Guesses]) -> dict[str, float]:
    """Return accuracy, macro-F1, calibration error, and how the sure ones are.

    "ECE by chance" is the error that probabilities without any fault would have on as many
    papers.
    """
    predicted, first, right, best, sure = [], [], [], [], []
    for part in parts:
        for row, wanted in zip(part.probabilities, part.wanted, strict=True):
            category = part.categories[int(row.argmax())]
            predicted.append(category)
            first.append(category if category in wanted else wanted[0])
            right.append(category in wanted)
            best.append(float(row.max()))
            sure.append(row.max() >= part.sure_from)
    hit, share, certain = np.array(right), np.array(best), np.array(sure)
    draw = np.random.default_rng(0)
    by_chance = [calibration_error(share, draw.random(len(share)) < share) for _ in range(200)]
    f1 = f1_score(first, predicted, average="macro", labels=sorted(set(first)), zero_division=0)
    return {
        "papers": len(hit),
        "accuracy": float(hit.mean()),
        "macro-F1": float(f1),
        "ECE": calibration_error(share, hit),
        "ECE by chance": float(np.mean(by_chance)),
        "sure": float(certain.mean()),
        "right if sure": float(hit[certain].mean()) if certain.any() else float("nan"),
    }


def show(name: str, found: Mapping[str, float]) -> None:
    """Print one row."""
    cells = [
        f"{key} {value:.3f}" if key != "papers" else f"{value}" for key, value in found.items()
    ]
    print(f"{name:44} {'  '.join(cells)}", flush=True)


def mistakes(part: Guesses) -> list[tuple[tuple[str, str], int]]:
    """Return what was taken for what, most frequent first."""
    pairs = (
        (wanted[0], part.categories[int(row.argmax())])
        for row, wanted in zip(part.probabilities, part.wanted, strict=True)
        if part.categories[int(row.argmax())] not in wanted
    )
    return Counter(pairs).most_common(8)


def split(entries: Sequence[Entry]) -> list[tuple[list[Entry], list[Entry]]]:
    """Return pairs of papers to learn from and papers to predict, each paper once."""
    order = np.random.default_rng(0).permutation(len(entries))
    parts = []
    for part in range(PARTS):
        held = set(order[part::PARTS].tolist())
        known = [entry for row, entry in enumerate(entries) if row not in held]
        having = set(categories_of([entry.labels for entry in known]))
        new = [entry for row, entry in enumerate(entries) if row in held]
        parts.append((known, [entry for entry in new if having & set(entry.labels)]))
    return parts


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=os.environ.get("RFTSEARCH_SHARED"))
    parser.add_argument("--cache", type=Path, default=Path(".evaluation"))
    parser.add_argument("--model", default=DEFAULT_MODEL, help="model that encodes the papers")
    asked = parser.parse_args()
    shared = Path(asked.shared) if asked.shared else Path(__file__).parents[2] / "shared"
    texts = Texts(Encoded(asked.cache, asked.model))
    founding, _ = read_entries(shared, shared / "seed" / "awesome-rft-mllm.md")
    later, _ = read_entries(shared, shared / "data" / "list-2026-05.md", same=SAME)
    known, having = {entry.id for entry in founding}, {c for e in founding for c in e.labels}
    new = [entry.only(having) for entry in later if entry.id not in known]
    new = [entry for entry in new if entry.labels]
    begun = time.perf_counter()
    found = model_guesses(texts, founding, new)
    print(f"learnt from {len(founding)} papers ({time.perf_counter() - begun:.2f} s with encoding)")
    show("founding list -> later papers, rftsearch", figures([found]))
    show(
        "founding list -> later papers, logistic", figures([logistic_guesses(texts, founding, new)])
    )
    for (wanted, taken), count in mistakes(found):
        print(f"    {count} x {wanted} taken for {taken}")
    for name in OTHERS:
        entries, listed = read_entries(shared, shared / "data" / "awesome" / f"{name}.md")
        print(f"{name}: abstracts of {len(entries)} of {listed} papers are known")
        parts = split(entries)
        for title, guess in (("rftsearch", model_guesses), ("logistic", logistic_guesses)):
            show(f"  {title}", figures([guess(texts, known, new) for known, new in parts]))


if __name__ == "__main__":
    main()
