"""How a build begins: what is there is read once, and nothing is undone that is not proved ours.

Manifest and store must belong together before anything is cleaned up. Where they do
not - a backup was restored in part - a build refuses, and says what it would lose.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rftsearch.errors import (
    CONTRADICTED,
    REPAIR,
    IndexDamagedError,
    IndexFormatError,
    IndexMissingError,
)
from rftsearch.index.generations.agreement import contradiction, newest_published
from rftsearch.index.generations.lock import writing
from rftsearch.index.generations.manifest import Manifest
from rftsearch.index.generations.owned import (
    check_folder,
    generation_numbers,
    published_folders,
    remove_drafts,
    remove_generations,
    remove_models,
)
from rftsearch.index.store.generation_rows import GenerationRow, GenerationState
from rftsearch.index.store.staging import Staging
from rftsearch.index.store.store import FILE_NAME

__all__ = ["Standing", "begin", "models_of", "open_for_writing", "unreadable_manifest"]


@dataclass(frozen=True)
class Standing:
    """What an index was when a build began."""

    base: Manifest | None
    """The manifest that answers; None if there is none, or it does not fit the store."""
    last: Manifest | None
    """What was published last as far as the store knows; `base`, if there is one."""
    number: int
    """For the next generation: above all that manifest, store and folders have."""


@contextmanager
def open_for_writing(index: Path) -> Iterator[Staging]:
    """Hold the lock of an index, and open its store.

    Raises:
        IndexFormatError: The folder is not ours to write in, or another version wrote it.
        IndexLockedError, IndexWriteError, IndexDamagedError: See errors.
    """
    with ExitStack() as held:
        # Before anything is made in the folder.
        check_folder(index, FILE_NAME)
        held.enter_context(writing(index))
        yield held.enter_context(Staging.create(index))


def begin(
    index: Path,
    staging: Staging,
    *,
    heals: bool = False,
    repairs: bool = False,
    force: bool = False,
) -> Standing:
    """Find out what an index is, and undo what earlier builds left unfinished.

    Args:
        index: The index folder.
        staging: Its store.
        heals: Whether the build brings all papers, so that a store without any is no loss.
        repairs: Whether the build goes on with what the store has published, if that is
            newer than the manifest.
        force: Go on with what the store holds, whatever the manifest says.

    Raises:
        IndexDamagedError: Manifest, store and files do not belong together.
    """
    rows = staging.store.generations()
    try:
        manifest = Manifest.read(index)
    except (IndexMissingError, IndexDamagedError, IndexFormatError):
        manifest = None
    published = newest_published(rows)
    reason = _contradiction(index, staging, manifest, rows)
    if reason is not None and not force:
        behind = manifest is not None and _goes_on(published, manifest, staging.store.index_id)
        if not (repairs and behind) and not (heals and published is None):
            advice = CONTRADICTED if behind else f"restore all of the backup; {_loss(published)}"
            raise IndexDamagedError(f"{index} is damaged: {reason}; {advice}")
    numbers = [row.number for row in rows] + list(generation_numbers(index))
    number = max([*numbers, manifest.generation if manifest else 0]) + 1
    if manifest is not None and reason is None:
        own = next((row for row in rows if row.number == manifest.generation), None)
        if own is not None and own.state != GenerationState.STAGED:
            manifest = _parsed(own) or manifest  # The store has a proved copy.
        _clean(index, staging, manifest, rows)
        return Standing(manifest, manifest, number)
    # What was staged and never published is of no generation that anybody has seen.
    staging.forget_unpublished(published.number if published else 0)
    last = _parsed(published)
    if last is None and manifest is not None and (heals or repairs):
        last = manifest  # Its sources and what was removed by hand are worth keeping.
    return Standing(None, last, number)


def _contradiction(
    index: Path, staging: Staging, manifest: Manifest | None, rows: list[GenerationRow]
) -> str | None:
    newest = rows[-1].number if rows else 0
    if manifest is None:
        if newest and (newer := [n for n in published_folders(index) if n > newest]):
            return f"the store is older than the files of generation {newer[-1]}"
        return None
    if (reason := contradiction(manifest, staging.store)) is not None:
        return reason
    if manifest.index_id or not any(row.number > manifest.generation for row in rows):
        return None
    # Built before the store took down what was published. A generation that died leaves
    # the one before the published one; a generation that was published does not.
    complete = set(published_folders(index))
    if any(row.number > manifest.generation and row.number in complete for row in rows):
        return (
            f"the manifest is of generation {manifest.generation}, and the store and the files "
            "have a newer one"
        )
    return None


def _goes_on(row: GenerationRow | None, manifest: Manifest, index_id: str | None) -> bool:
    """Return whether a published generation is the one of a manifest, or comes after it.

    Of the same one, a field may be damaged, but not both that name it.
    """
    if row is None or manifest.index_id not in {"", index_id}:
        return False
    if row.number != manifest.generation:
        return row.number > manifest.generation
    if row.description is None:
        return True
    same_build = row.description.get("built") == manifest.built
    return same_build or row.description.get("generation_id") == manifest.generation_id


def _loss(published: GenerationRow | None) -> str:
    if published is None:
        return "the store holds no papers, and `rftsearch build` with the lists makes a new index"
    return (
        f"`--force` goes on with generation {published.number} of the store, and loses the "
        "papers that came after it"
    )


def _clean(index: Path, staging: Staging, base: Manifest, rows: list[GenerationRow]) -> None:
    """Undo what earlier builds left unfinished; the store and the manifest agree."""
    row = next((row for row in rows if row.number == base.generation), None)
    if row is not None and row.state == GenerationState.SEALED:
        staging.confirm(base.generation)  # A build died just after it had published.
    kept = [number for number in (base.generation, base.previous) if number is not None]
    remove_generations(index, kept)
    staging.forget_unpublished(base.generation)
    remove_drafts(index)
    remove_models(index, models_of(rows, kept) | _model_of(base))


def models_of(rows: Iterable[GenerationRow], numbers: Iterable[int]) -> set[str]:
    """Return the exported models that these generations name."""
    kept = set(numbers)
    return {name for row in rows if row.number in kept for name in _model_of(_parsed(row))}


def _model_of(manifest: Manifest | None) -> set[str]:
    return {manifest.export.folder} if manifest is not None and manifest.export else set()


def _parsed(row: GenerationRow | None) -> Manifest | None:
    try:
        return None if row is None else Manifest.parse(row.description)
    except ValueError:
        return None


def unreadable_manifest(index: Path) -> IndexDamagedError:
    """Return the error for an index whose manifest is needed and cannot be read."""
    return IndexDamagedError(f"the manifest of {index} cannot be read; {REPAIR}")
