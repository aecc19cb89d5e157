"""The end of every build: embed what is staged, write its files, make it the current one."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from rftsearch.encoders.base import Encoder, check_encoder
from rftsearch.encoders.kinds import Corpus
from rftsearch.encoders.model_files import DEFAULT_MODEL
from rftsearch.errors import IndexStateError, IndexWriteError
from rftsearch.files import sync_folder
from rftsearch.index.build.changes import MOST_NAMED, Change, list_changes, past_changes
from rftsearch.index.build.counts import PaperCounts
from rftsearch.index.build.embed import PORTION, embed_members
from rftsearch.index.build.reading.accounts import ReadReport, SourceReport
from rftsearch.index.build.remote import publish_remotely
from rftsearch.index.build.report import BuildReport
from rftsearch.index.build.start import Standing, models_of
from rftsearch.index.generations.lock import now
from rftsearch.index.generations.manifest import (
    ExportEntry,
    Manifest,
    ModelEntry,
)
from rftsearch.index.generations.models import (
    check_model,
    choose_encoder,
    document_encoder,
    export_for,
)
from rftsearch.index.generations.owned import (
    generation_numbers,
    remove_generations,
    remove_models,
)
from rftsearch.index.generations.write import write_generation
from rftsearch.index.store.history import PastGeneration
from rftsearch.index.store.staging import Staging
from rftsearch.index.store.store import Store
from rftsearch.papers.documents import Texts, texts_of
from rftsearch.sources.catalogue import CATALOGUE
from rftsearch.types import IdArray, Progress

__all__ = ["Plan", "complete", "past_generation", "publish", "take_down"]


@dataclass(frozen=True)
class Plan:
    """A generation whose papers are staged."""

    standing: Standing
    """What the index was before."""
    counts: PaperCounts
    sources: tuple[str, ...]
    excluded_ids: tuple[str, ...]
    whole: bool
    """Whether every paper was staged; otherwise those of the base have their vectors."""
    engine: str | None = None
    """Where to publish it, too; empty for nowhere, None for where the index was before."""

    @property
    def number(self) -> int:
        """The number of the generation."""
        return self.standing.number


def complete(
    index: Path,
    staging: Staging,
    plan: Plan,
    encoder: Encoder | str | None,
    outcome: ReadReport,
    tell: Progress,
    *,
    force: bool = False,
) -> BuildReport:
    """Embed what is staged and has no vector yet, and publish it.

    Args:
        index: The index folder.
        staging: Its store.
        plan: What is staged.
        encoder: What to embed with; None for the index's own model.
        outcome: What is known of the sources.
        tell: Called with the stages.
        force: Put it in the place of another index, where it is published on a server.

    Raises:
        ModelError, ModelMismatchError: The model cannot be loaded, or is another one.
        OSError, IndexWriteError, IndexDamagedError: It cannot be written.
        IndexServerError: It is published in its folder, but not on the server.
    """
    base = plan.standing.base
    encoder = _encoder_of(index, staging.store, plan, encoder, tell)
    # Before anything is exported: a model that is not there says so here.
    model = staging.embeddings.register_model(encoder.fingerprint, encoder.name)
    tell("export", 0, 0)
    export = export_for(index, plan.standing.last, encoder)
    changes = staging.store.changes(plan.number)
    encoded = _embed(index, staging.store, plan, encoder, model, export, changes[0], tell)
    manifest = _manifest(staging.store, plan, encoder, model, export, changes, outcome)
    staging.describe(plan.number, manifest.describe())
    take_down(staging, plan.standing, manifest, outcome.sources)
    same = base is not None and base.model.fingerprint == encoder.fingerprint
    manifest = publish(index, staging, manifest, base if same else None, tell)
    report = _report(index, staging.store, plan, manifest, encoded, outcome, changes)
    return replace(report, published=publish_remotely(index, manifest, tell, force=force))


def take_down(
    staging: Staging, standing: Standing, manifest: Manifest, sources: Sequence[SourceReport] = ()
) -> None:
    """Keep in the history what a staged generation changes.

    Args:
        staging: The store.
        standing: What the index was before.
        manifest: Of the generation.
        sources: What was read for it.
    """
    history, last = staging.store.history, standing.last
    known = {each.number: each for each in history.generations()}
    entries: dict[str, int] = {}
    if last is not None:
        before = known.get(last.generation)
        if before is None:  # It was built before there was a history, or by such an rftsearch.
            history.take_down(past_generation(last, None, {}), ())
        else:
            entries |= before.entries
    entries |= {source.key: source.entries for source in sources}
    names = manifest.sources or (CATALOGUE,)
    kept = {key: count for key, count in entries.items() if key in names}
    history.take_down(
        past_generation(manifest, last.generation if last else None, kept),
        past_changes(manifest.generation, history.differences(manifest.generation)) if last else (),
    )


def past_generation(
    manifest: Manifest, previous: int | None, entries: Mapping[str, int]
) -> PastGeneration:
    """Return what the history keeps of a generation."""
    papers = manifest.counts["papers"] + manifest.counts["projects"]
    return PastGeneration(manifest.generation, manifest.built, papers, previous, entries)


def _encoder_of(
    index: Path, store: Store, plan: Plan, encoder: Encoder | str | None, tell: Progress
) -> Encoder:
    """Return what a build embeds with: the encoder asked for, or the index's own model."""
    last = plan.standing.last
    if encoder is None or isinstance(encoder, str):
        name = encoder or (last.model.name if last else DEFAULT_MODEL)

        def sample(count: int) -> Iterator[Texts]:
            return map(texts_of, store.sample(plan.number, count))

        corpus = Corpus(plan.counts.papers, sample, tell)
        encoder = choose_encoder(name, index, last, corpus, keep=not plan.whole)
    check_encoder(encoder)
    if plan.standing.base is not None and not plan.whole:
        check_model(plan.standing.base, encoder)
    return encoder


def _embed(
    index: Path,
    store: Store,
    plan: Plan,
    encoder: Encoder,
    model: int,
    export: ExportEntry | None,
    added: IdArray,
    tell: Progress,
) -> int:
    """Embed the texts that have no vector; return how many documents that were."""
    if not plan.whole and not len(added):
        return 0
    return embed_members(
        store,
        plan.number,
        model,
        lambda count: document_encoder(index, export, encoder, count),
        tell,
        after=0 if plan.whole else int(added[0]) - 1,
    )


def _manifest(
    store: Store,
    plan: Plan,
    encoder: Encoder,
    model: int,
    export: ExportEntry | None,
    changes: tuple[IdArray, IdArray],
    outcome: ReadReport,
) -> Manifest:
    """Return the manifest of the new generation, without its files."""
    said = {**(plan.standing.last.about if plan.standing.last else {}), **outcome.about}
    base, embeddings = plan.standing.base, store.embeddings
    same = base is not None and base.model.fingerprint == encoder.fingerprint
    if base is not None and same and len(changes[0]) <= PORTION:
        windowed = base.counts["windowed"] + sum(
            sign * embeddings.count_windowed_of(ids.tolist(), model)
            for sign, ids in zip((1, -1), changes, strict=True)
        )
    else:
        windowed = embeddings.count_windowed(plan.number, model)
    return Manifest(
        generation=plan.number,
        previous=base.generation if base else None,
        built=now(),
        model=ModelEntry(
            encoder.name,
            encoder.fingerprint,
            embeddings.dimension(model) or encoder.dimension,
            dict(encoder.stamps),
        ),
        export=export,
        categories=plan.counts.categories,
        counts=plan.counts.counts | {"windowed": windowed},
        sources=plan.sources,
        files={},
        excluded_ids=plan.excluded_ids,
        index_id=store.index_id or "",
        generation_id=secrets.token_hex(16),
        engine=_engine(plan),
        about={key: said[key] for key in plan.sources or (CATALOGUE,) if said.get(key)},
    )


def _engine(plan: Plan) -> str:
    """Return where a generation is published, too."""
    if plan.engine is not None:
        return plan.engine
    return plan.standing.last.engine if plan.standing.last else ""


def _report(
    index: Path,
    store: Store,
    plan: Plan,
    manifest: Manifest,
    encoded: int,
    outcome: ReadReport,
    changes: tuple[IdArray, IdArray],
) -> BuildReport:
    base = plan.standing.base
    before = (base.sources or (CATALOGUE,)) if base is not None else ()
    names = plan.sources or (CATALOGUE,)
    dropped = tuple(name for name in before if name not in names)
    added, removed = map(len, changes)
    updated = store.count_updated(plan.number) if added and removed else 0
    added, removed = added - updated, removed - updated
    named: list[Change] = []
    if base is not None and sum(map(len, changes)) <= MOST_NAMED:
        new, old = (list(store.papers(ids.tolist()).values()) for ids in changes)
        named = list_changes(old, new)
        kinds = Counter(change.kind for change in named)
        added, removed = kinds["added"], kinds["removed"]
        updated = len(named) - added - removed
    return BuildReport(
        index=index,
        manifest=manifest,
        encoded=encoded,
        outcome=outcome,
        added=added,
        removed=removed,
        updated=updated,
        changes=tuple(map(str, named)),
        dropped=dropped,
    )


def publish(
    index: Path, staging: Staging, manifest: Manifest, base: Manifest | None, tell: Progress
) -> Manifest:
    """Write the files of a staged generation and make it the current one.

    Args:
        index: The index folder.
        staging: Its store, with all papers and vectors of the generation.
        manifest: What the generation is, without its files.
        base: The generation that answers, if it has the same model.
        tell: Called with "write", "publish" and "clean".

    Returns:
        The manifest as it was published.

    Raises:
        OSError, IndexWriteError, IndexDamagedError: It cannot be written. A message that
            names the new generation says that this one answers already.
    """
    number = manifest.generation
    tell("write", 0, 0)
    try:
        manifest = write_generation(index, staging.store, manifest, tell, base=base)
        staging.seal(number, manifest.describe(), manifest.previous)
        tell("publish", 0, 0)
        manifest.publish(index)
    except BaseException:
        if not _is_current(index, manifest):  # Ctrl-C may come just after.
            remove_generations(index, generation_numbers(index).keys() - {number})
            with suppress(IndexStateError):
                staging.unseal(number)
        raise
    try:
        sync_folder(index)
        staging.confirm(number)
        tell("clean", 0, 0)
        _collect(index, staging, manifest)
    except (OSError, IndexWriteError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise IndexWriteError(
            f"generation {number} of {index} is published and answers, but not everything is "
            f"certain to be on the disk: {reason}; check the disk and build once more"
        ) from error
    return manifest


def _collect(index: Path, staging: Staging, manifest: Manifest) -> None:
    """Delete what neither this generation nor the previous one needs."""
    kept = [n for n in (manifest.generation, manifest.previous) if n is not None]
    remove_generations(index, kept)
    remove_models(index, models_of(staging.store.generations(), kept))
    staging.collect(kept, thoroughly=manifest.previous is None)


def _is_current(index: Path, manifest: Manifest) -> bool:
    with suppress(IndexStateError):
        found = Manifest.read(index)
        return found.generation_id == manifest.generation_id
    return False
