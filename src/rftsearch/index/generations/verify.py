"""Proof that an index is the one that was published: for `status --verify` and `--repair`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from rftsearch.errors import REPAIR, IndexDamagedError
from rftsearch.files import verify_files
from rftsearch.index.generations.agreement import check_agreement
from rftsearch.index.generations.generation import Generation
from rftsearch.index.generations.manifest import Manifest
from rftsearch.index.generations.models import verify_model
from rftsearch.index.store.digest import digest_sum
from rftsearch.index.store.generation_rows import GenerationRow
from rftsearch.index.store.proof import Proof
from rftsearch.index.store.store import Store
from rftsearch.papers.documents import texts_of
from rftsearch.text.plural import plural

__all__ = ["faults_of", "verify_index"]

_NAMED = 5
"""How many papers an error names."""
_ALIKE = 0.95
"""The least cosine of a vector that an engine keeps with the one it was made from."""
_COUNTED = {
    "paper": "papers",
    "project": "projects",
    "present": "with_abstract",
    "pending": "pending",
    "unknown": "unknown",
    "none": "without",
}


def verify_index(index: Path) -> None:
    """Prove that an index is as it was published: derived files, model, and store.

    Raises:
        IndexMissingError, IndexFormatError, IndexReadError: It cannot be read.
        IndexDamagedError: Something is not as it was written; the message names it.
    """
    manifest = Manifest.read(index)
    with Store.open(index) as store:
        store.check_file()
        check_agreement(index, manifest, store)
        verify_files(manifest.folder(index), manifest.files)
        if manifest.export is not None:
            verify_model(index, manifest.export)
        row = next((r for r in store.generations() if r.number == manifest.generation), None)
        model = manifest.model
        proof = store.prove(manifest.generation, model.fingerprint, model.dimension, texts_of)
        faults = [*faults_of(proof, row), *_contradicted(proof, row, manifest)]
        if faults:
            raise IndexDamagedError(f"{store.path} is damaged: {'; '.join(faults)}; {REPAIR}")
        _verify_opened(index, manifest, store)


def faults_of(proof: Proof, row: GenerationRow | None) -> Iterator[str]:
    """Yield what is wrong with the papers of a generation, as clauses.

    Args:
        proof: What was found.
        row: What the store took down when it was published.
    """
    if proof.unproved:
        yield (
            f"{plural(len(proof.unproved), 'record is', 'records are')} not as written "
            f"({named(proof.unproved.values())})"
        )
    if proof.miskeyed:
        papers = (paper.id for paper in proof.miskeyed.values())
        yield (
            f"{plural(len(proof.miskeyed), 'row does', 'rows do')} not match the record "
            f"({named(papers)})"
        )
    if proof.unproved_texts:
        texts = len(proof.unproved_texts)
        yield f"{plural(texts, 'vector is', 'vectors are')} missing or not as written"
    if proof.damaged_answers:
        yield (
            f"{plural(len(proof.damaged_answers), 'answer', 'answers')} of arXiv cannot be read "
            f"({named(proof.damaged_answers)})"
        )
    if row is not None and row.papers is not None and row.papers != proof.papers:
        yield f"it has {plural(proof.papers, 'paper')} of {row.papers:,} that were published"
    elif row is not None and row.digest is not None and row.digest != digest_of_proof(proof):
        yield "its papers are not the ones that were published"


def digest_of_proof(proof: Proof) -> bytes:
    """Return the digest over the rows that were found."""
    return digest_sum((proof.digest % (1 << 128)).to_bytes(16, "big"))


def named(ids: Iterable[str]) -> str:
    """Return the first few ids, and how many more there are."""
    known = list(ids)
    more = len(known) - _NAMED
    return ", ".join(known[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _contradicted(proof: Proof, row: GenerationRow | None, manifest: Manifest) -> Iterator[str]:
    """Yield where a manifest differs from what the store holds."""
    if not proof.unproved:
        for kind, name in _COUNTED.items():
            if proof.counts[kind] != manifest.counts[name]:
                yield (
                    f"the manifest counts {manifest.counts[name]:,} {name.replace('_', ' ')}, "
                    f"the store {proof.counts[kind]:,}"
                )
        if not proof.categories <= set(manifest.categories):
            yield "the manifest lacks categories of the store"
    if row is not None and row.papers is not None:
        described = json.loads(json.dumps(manifest.describe()))
        published_as = row.description or {}
        differing = [name for name in described if published_as.get(name) != described[name]]
        if differing:
            yield f"the manifest is not the one that was published ({', '.join(differing)})"


def _verify_opened(index: Path, manifest: Manifest, store: Store) -> None:
    """Open a generation as an engine does, and compare it with the store.

    Raises:
        IndexDamagedError: It does not hold the papers and vectors of the store.
    """
    generation = Generation.of(index, manifest)
    try:
        ids = store.member_ids(manifest.generation)
        same = np.array_equal(generation.attributes.sorted_ids, ids)
        if not same or not np.isin(ids, generation.rows).all():
            raise IndexDamagedError(
                f"the files in {manifest.folder(index)} are not of the papers of the store; "
                f"{REPAIR}"
            )
        model = store.embeddings.model(manifest.model.fingerprint)
        done = 0
        for bodies, _ in store.embeddings.of_members(
            manifest.generation, -1 if model is None else model, manifest.model.dimension
        ):
            own = generation.vectors.vectors(ids[done : done + len(bodies)])
            done += len(bodies)
            norms = np.linalg.norm(own, axis=1) * np.linalg.norm(bodies, axis=1)
            if (np.vecdot(own, bodies) < _ALIKE * norms).any():
                raise IndexDamagedError(
                    f"the vectors in {manifest.folder(index)} are not those of the store; {REPAIR}"
                )
    finally:
        generation.close()
