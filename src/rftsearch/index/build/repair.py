"""`build --repair`: publish what the store holds once more, as far as that can be proved.

Records that cannot be proved are taken from the sources again, vectors are made again,
and nothing that is lost by it is lost without a word.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rftsearch.encoders.base import Encoder
from rftsearch.errors import IndexDamagedError, IndexMissingError, IndexStateError, RftsearchError
from rftsearch.index.build.counts import PaperCounts
from rftsearch.index.build.embed import embed_members
from rftsearch.index.build.publish import publish, take_down
from rftsearch.index.build.reading.source_reader import SourceReader
from rftsearch.index.build.reading.streams import Fetching
from rftsearch.index.build.remote import publish_remotely
from rftsearch.index.build.stage import in_portions
from rftsearch.index.build.start import Standing, begin, open_for_writing
from rftsearch.index.generations.layout import ATTRIBUTES
from rftsearch.index.generations.lock import now
from rftsearch.index.generations.manifest import GIVEN_PAPERS, Manifest
from rftsearch.index.generations.models import check_model, no_export_note, open_encoder, remade
from rftsearch.index.generations.verify import digest_of_proof, named
from rftsearch.index.store.generation_rows import GenerationRow
from rftsearch.index.store.proof import Proof
from rftsearch.index.store.staging import Staging
from rftsearch.index.store.store import FILE_NAME
from rftsearch.index.tables.attributes import Attributes
from rftsearch.papers.documents import texts_of
from rftsearch.papers.paper import Paper
from rftsearch.settings import build_command
from rftsearch.text.plural import plural
from rftsearch.types import Progress

if TYPE_CHECKING:
    from rftsearch.index.remote.publish import Published

__all__ = ["RepairReport", "repair_index"]


@dataclass(frozen=True)
class RepairReport:
    """What a repair did."""

    manifest: Manifest
    restored: tuple[str, ...] = ()
    """Ids of papers whose records were damaged or gone, and came from the sources again."""
    lost: tuple[str, ...] = ()
    """Ids of papers that no source has any more; an integer id where nothing else is known."""
    embedded: int = 0
    """Documents whose vectors were missing or damaged, and were made again."""
    published: Published | None = None
    """What was published on a server; None if the index lies in its folder only."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What became of the index, one line each."""
        notes = list(no_export_note(self.manifest))
        if self.restored:
            papers = plural(len(self.restored), "paper")
            notes.append(f"{papers} read from the sources again: {named(self.restored)}")
        if self.embedded:
            notes.append(f"{plural(self.embedded, 'document')} embedded again")
        if self.lost:
            notes.append(f"{plural(len(self.lost), 'paper')} lost: {named(self.lost)}")
        return tuple(notes)


def repair_index(
    index: str | Path,
    progress: Progress | None = None,
    *,
    encoder: Encoder | None = None,
    force: bool = False,
) -> RepairReport:
    """Write the derived files of an index again from its store, in one piece.

    The store is proved first. If it is intact, neither a list nor the network nor the
    embedding model is needed, unless the exported model is damaged: that is exported
    once more, and if the model is not at hand the manifest says so.

    Args:
        index: Its folder.
        progress: Called with a stage of `STAGES` and how far it is.
        encoder: The index's model, if a program brought it; used if vectors are damaged.
        force: Go on without the papers that cannot be saved.

    Raises:
        IndexMissingError: The store holds no index to write.
        IndexLockedError, IndexWriteError: See errors.
        IndexDamagedError: The store cannot be read, or papers would be lost.
        ModelError, ModelMismatchError: Vectors are damaged, and the model is not at hand.
    """
    index = Path(index)
    tell: Progress = progress or (lambda *_: None)
    if not (index / FILE_NAME).exists():
        raise IndexMissingError(f"there is no index in {index}; `{build_command(index)}` makes one")
    with open_for_writing(index) as staging:
        _check_file(staging)
        standing = begin(index, staging, repairs=True, force=force)
        last = standing.last
        if last is None:
            raise IndexMissingError(
                f"the store in {index} is empty; `{build_command(index)}` fills it"
            )
        manifest = replace(
            last,
            generation=standing.number,
            previous=None,
            built=now(),
            files={},
            index_id=staging.store.index_id or "",
            generation_id=secrets.token_hex(16),
        )
        rows = {row.number: row for row in staging.store.generations()}
        proof = _prove(staging, last)
        row = rows.get(last.generation)
        restored, lost = _mend_records(index, staging, standing, last, row, proof, force=force)
        tell("export", 0, 0)
        manifest = replace(manifest, export=remade(index, manifest))
        embedded = _mend_vectors(index, staging, manifest, proof, encoder, tell)
        manifest = _recounted(staging, manifest)
        staging.describe(manifest.generation, manifest.describe())
        take_down(staging, standing, manifest)
        manifest = publish(index, staging, manifest, None, tell)
        published = publish_remotely(index, manifest, tell, force=force, rewrite=True)
        return RepairReport(manifest, restored, lost, embedded, published)


def _check_file(staging: Staging) -> None:
    """Have SQLite check its file; damage of its own indexes alone is mended.

    Raises:
        IndexDamagedError: More than those is damaged.
    """
    try:
        staging.store.check_file()
    except IndexDamagedError:
        with suppress(IndexStateError):
            staging.rebuild_file()
        staging.store.check_file()


def _prove(staging: Staging, manifest: Manifest) -> Proof:
    model = manifest.model
    return staging.store.prove(manifest.generation, model.fingerprint, model.dimension, texts_of)


def _mend_records(
    index: Path,
    staging: Staging,
    standing: Standing,
    last: Manifest,
    row: GenerationRow | None,
    proof: Proof,
    *,
    force: bool,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Replace the records that cannot be proved by those of the sources.

    Returns:
        Ids of the papers that were restored, and of those that are lost.

    Raises:
        IndexDamagedError: Papers would be lost, and that is not forced.
    """
    number = standing.number
    staging.forget_answers(proof.damaged_answers)
    missing, extra = _differences(index, staging, last, row, proof)
    staging.remove(number, extra)
    found: dict[str, Paper] = {}
    wanted = len(missing) + len(proof.unproved)
    if wanted:
        found = _from_sources(staging, last)
    lost: list[str] = []
    restored: list[str] = []
    for identifier, paper in proof.miskeyed.items():
        staging.replace(number, identifier, paper, texts_of(paper))
    for identifier, paper_id in proof.unproved.items():
        if paper_id in found:
            restored.append(paper_id)
            again = found[paper_id]
            staging.replace(number, identifier, again, texts_of(again))
        else:
            lost.append(paper_id)
            staging.remove(number, [identifier])
    back = _come_back(staging, found, last) if missing else []
    for portion in in_portions(back):
        staging.begin_stage()
        staging.stage_some(number, portion, [texts_of(paper) for paper in portion])
        restored += [paper.id for paper in portion]
    lost += [f"number {each}" for each in missing[len(back) :]]
    if lost and not force:
        raise IndexDamagedError(
            f"{staging.store.path} is damaged: {plural(len(lost), 'paper')} cannot be saved "
            f"({named(lost)}); restore a backup, or `--force` repairs the index without them"
        )
    return tuple(restored), tuple(lost)


def _differences(
    index: Path, staging: Staging, last: Manifest, row: GenerationRow | None, proof: Proof
) -> tuple[list[int], list[int]]:
    """Return which integer ids were published and are gone, and which came from nowhere.

    The derived files know what was published, if they are intact; else only how many.
    """
    if row is None or row.papers is None or row.digest == digest_of_proof(proof):
        return [], []
    ids = staging.store.member_ids(last.generation)
    with suppress(RftsearchError, OSError, ValueError, KeyError):
        attributes = Attributes.open(last.folder(index) / ATTRIBUTES, last.categories)
        if len(attributes.sorted_ids) == row.papers:
            published = attributes.sorted_ids
            return np.setdiff1d(published, ids).tolist(), np.setdiff1d(ids, published).tolist()
    return [0] * max(0, row.papers - len(ids)), []


def _from_sources(staging: Staging, manifest: Manifest) -> dict[str, Paper]:
    """Return the papers that the sources of an index have now, as far as they can be read."""
    names = [name for name in manifest.sources if name != GIVEN_PAPERS]
    if not names and manifest.sources:
        return {}
    reader = SourceReader.begun(Fetching(), lambda *_: None)
    reader.read_what_can_be(names)
    found: dict[str, Paper] = {}
    for paper in reader.papers(staging):
        found.setdefault(paper.id, paper)
    return found


def _come_back(staging: Staging, found: dict[str, Paper], manifest: Manifest) -> list[Paper]:
    """Return the papers of the sources that the store lacks."""
    excluded = set(manifest.excluded_ids)
    live = staging.store.live_ids()
    return [one for one in found.values() if one.id not in live and one.id not in excluded]


def _mend_vectors(
    index: Path,
    staging: Staging,
    manifest: Manifest,
    proof: Proof,
    encoder: Encoder | None,
    tell: Progress,
) -> int:
    """Embed again what has no vector that is proved; return how many documents that were.

    Raises:
        ModelError, ModelMismatchError: The model is not at hand.
    """
    embeddings, number = staging.embeddings, manifest.generation
    model = embeddings.register_model(manifest.model.fingerprint, manifest.model.name)
    if not proof.unproved_texts and not staging.store.count_unembedded(number, model):
        return 0
    own = encoder or open_encoder(index, manifest)
    check_model(manifest, own)
    staging.forget_vectors(model, proof.unproved_texts)
    return embed_members(staging.store, number, model, lambda _: own, tell)


def _recounted(staging: Staging, manifest: Manifest) -> Manifest:
    """Return a manifest with the counts and categories that the papers have."""
    counts = PaperCounts(categories=manifest.categories)
    counts.add(paper for _, paper in staging.store.members(manifest.generation))
    model = staging.embeddings.register_model(manifest.model.fingerprint, manifest.model.name)
    windowed = staging.embeddings.count_windowed(manifest.generation, model)
    return replace(
        manifest,
        categories=counts.categories,
        counts=counts.counts | {"windowed": windowed},
    )
