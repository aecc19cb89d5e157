"""Entries of real lists with their abstracts, and their vectors, encoded once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from rftsearch import read_list
from rftsearch.encoders.base import Encoder
from rftsearch.encoders.kinds import Corpus, kind_of_encoder, kind_of_export, kind_of_name
from rftsearch.living.labels.evidence import Evidence
from rftsearch.papers.documents import texts_of
from rftsearch.papers.paper import ArxivMetadata, Paper
from rftsearch.sources.jsonl import LineReader, load_object
from rftsearch.text.terms import fold_name
from rftsearch.types import FloatArray

AT_ONCE = 256


@dataclass(frozen=True)
class Entry:
    """A paper of a list, or of the background, whose abstract is known."""

    id: str
    paper: Paper
    labels: tuple[str, ...]
    month: str | None

    def only(self, categories: set[str]) -> Entry:
        """Return it with those of its labels that are among some categories."""
        return replace(self, labels=tuple(one for one in self.labels if one in categories))


class Encoded:
    """Vectors of texts, encoded with a model once and kept in a folder."""

    def __init__(self, folder: Path, model: str) -> None:
        """Open the folder; the model is loaded when a text is not there."""
        self._folder = folder
        self._model = model
        self._path = folder / f"{hashlib.sha256(model.encode()).hexdigest()[:12]}.npz"
        self._known: dict[str, int] = {}
        self._vectors = np.zeros((0, 0), np.float16)
        if self._path.exists():
            kept = np.load(self._path)
            self._known = {key: row for row, key in enumerate(kept["keys"].tolist())}
            self._vectors = kept["vectors"]
        self._encoder: Encoder | None = None

    def of(self, texts: Sequence[str]) -> FloatArray:
        """Return the vectors of texts, (n, dimension) float32."""
        keys = [hashlib.sha256(text.encode()).hexdigest()[:24] for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        waiting = list(new.items())
        for start in range(0, len(waiting), AT_ONCE * 8):
            self._add(waiting[start : start + AT_ONCE * 8])
        rows = [self._known[key] for key in keys]
        return self._vectors[rows].astype(np.float32)

    def _add(self, waiting: Sequence[tuple[str, str]]) -> None:
        if self._encoder is None:
            corpus = Corpus(0, lambda _: (), lambda *_: None)
            self._encoder = _exported(
                kind_of_name(self._model).open(self._model, corpus), self._folder
            )
        parts = [
            self._encoder.encode_documents([text for _, text in waiting[at : at + AT_ONCE]])
            for at in range(0, len(waiting), AT_ONCE)
        ]
        vectors = np.vstack(parts).astype(np.float16)
        self._vectors = np.vstack([self._vectors, vectors]) if len(self._known) else vectors
        self._known |= {key: len(self._known) + n for n, (key, _) in enumerate(waiting)}
        self._folder.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".draft.npz")
        np.savez(draft, keys=np.array(list(self._known)), vectors=self._vectors)
        draft.replace(self._path)
        print(f"  {len(self._known):,} vectors are kept in {self._path}", flush=True)


def _exported(encoder: Encoder, folder: Path) -> Encoder:
    """Return the export of an encoder, which is faster without an accelerator."""
    target = folder / "export"
    kind = kind_of_encoder(encoder)
    if kind is None:
        return encoder
    if not target.is_dir():
        target.mkdir(parents=True)
        kind.export(encoder, target)
    names = [path.name for path in target.iterdir()]
    found = kind_of_export(names)
    return found.open_export(target, encoder.name, encoder.fingerprint) if found else encoder


class Texts:
    """What is known of entries, from kept vectors."""

    def __init__(self, encoded: Encoded) -> None:
        """Keep nothing yet."""
        self.encoded = encoded

    def headings(self, names: Sequence[str]) -> FloatArray:
        """Return the vectors of headings."""
        return self.encoded.of(names)

    def evidence(self, entries: Sequence[Entry]) -> Evidence:
        """Return vectors and terms of entries."""
        papers = [entry.paper for entry in entries]
        texts = [texts_of(paper) for paper in papers]
        bodies = self.encoded.of([one.body for one in texts])
        return Evidence.of(papers, bodies, self.encoded.of([one.title for one in texts]))


def read_entries(
    shared: Path, path: Path, same: Mapping[str, str] | None = None
) -> tuple[list[Entry], int]:
    """Read the papers of a list whose abstracts are known.

    Args:
        shared: The folder of the files of abstracts.
        path: The list.
        same: Other names of categories.

    Returns:
        The papers, and how many the list has.
    """
    by_id, by_title = abstracts(shared)
    listed = [paper for paper in read_list(path).papers if paper.kind == "paper"]
    found = []
    for paper in listed:
        known = by_id.get(paper.arxiv_id or "") or by_title.get(fold_name(paper.title))
        if known is None:
            continue
        labels = tuple((same or {}).get(category, category) for category in paper.categories)
        full = paper.with_metadata(known)
        found.append(Entry(paper.id, full, labels, paper.released))
    return found, len(listed)


@lru_cache
def abstracts(shared: Path) -> tuple[dict[str, ArxivMetadata], dict[str, ArxivMetadata]]:
    """Return all known abstracts by arXiv id and by title."""
    by_id: dict[str, ArxivMetadata] = {}
    by_title: dict[str, ArxivMetadata] = {}
    for record in records(shared / "data" / "abstracts.jsonl"):
        by_id[record["arxiv_id"]] = _metadata(record)
    for record in records(shared / "data" / "corpus-200k.jsonl.xz"):
        known = _metadata(record)
        by_id.setdefault(known.arxiv_id, known)
        by_title.setdefault(fold_name(known.title), known)
    return by_id, by_title


def records(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a file of JSON Lines."""
    with LineReader(path) as reader:
        for line in reader:
            if line.strip():
                yield load_object(line)


def _metadata(record: Mapping[str, Any]) -> ArxivMetadata:
    return ArxivMetadata(
        record.get("arxiv_id") or record["id"],
        record["title"],
        record["abstract"],
        published=record.get("published"),
        categories=tuple(record.get("categories") or ()),
    )
