"""Publishing a generation on a server: whole or not at all.

Its collections are filled in the background, counted, and a sample is compared; then one
call leads the alias to them. The ones before stay until the next publication, which fills
them again: of what both have, nothing is written twice. A publication that was broken off
is gone on with.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from rftsearch.errors import IndexDamagedError, IndexServerError
from rftsearch.index.generations.generation import Generation
from rftsearch.index.generations.layout import (
    ACRONYMS,
    ATTRIBUTES,
    CENTRES,
    EXPECTATION,
    MAP,
    SPELLINGS,
)
from rftsearch.index.generations.manifest import MANIFEST, model_folder
from rftsearch.index.remote.address import Address
from rftsearch.index.remote.client import PATIENT, Remote
from rftsearch.index.remote.collections import Owned, answering, drop, make, owned, switch
from rftsearch.index.remote.drift import check_points, compare_sample, sampled, wait_until_indexed
from rftsearch.index.remote.keys import KeysWriter
from rftsearch.index.remote.layout import GenerationName, halves
from rftsearch.index.remote.lease import Lease
from rftsearch.index.remote.points import Point, points_of
from rftsearch.index.remote.tables import Mark, State, write_mark, write_tables
from rftsearch.index.remote.upload import fill
from rftsearch.text.plural import plural
from rftsearch.types import Progress

__all__ = ["MODEL", "Published", "upload_generation"]

GRACE = 60.0
"""Seconds after a publication in which the collection before it is not filled again: readers
that have not followed the alias yet may still ask it."""
MODEL = "model/"
"""What the names of the files of the exported model begin with among the small tables."""
_FILES = (ATTRIBUTES, CENTRES, EXPECTATION, MAP, ACRONYMS, SPELLINGS)


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication did."""

    address: str
    collection: str
    """That answers now."""
    papers: int
    written: int = 0
    """Papers that the server did not have like this."""
    removed: int = 0
    """Papers that were in the collection, and are no longer."""
    chunks: int = 0
    """Pieces of the small tables that were written."""
    dropped: tuple[str, ...] = ()
    """Collections that were deleted."""

    def __str__(self) -> str:
        """Say it in one sentence."""
        changed = f"{plural(self.written, 'paper')} written"
        changed += f", {self.removed:,} removed" if self.removed else ""
        return f"Published to {self.address}: {plural(self.papers, 'paper')}, {changed}."


def upload_generation(
    index: Path,
    address: Address | str,
    tell: Progress = lambda *_: None,
    *,
    force: bool = False,
    rewrite: bool = False,
    clock: Callable[[], float] = time.time,
    grace: float = GRACE,
) -> Published:
    """Publish the current generation of an index folder on a server.

    Args:
        index: The folder. Nobody may build in it meanwhile.
        address: Where to.
        tell: Called with the stage "upload".
        force: Take over a name under which another index was published.
        rewrite: Write every paper into a new collection, whatever the server says it has.
        clock: Returns seconds since 1970.
        grace: See `GRACE`.

    Raises:
        IndexMissingError, IndexDamagedError, IndexFormatError: The folder cannot be opened.
        IndexLockedError: Another build is publishing under the same name.
        IndexServerError: The server does not answer, refuses, or is full; or the name is
            another index's. What answered before still answers.
    """
    generation = Generation.open(index)
    try:
        with Remote.open(address, PATIENT) as remote:
            remote.check_version()
            with Lease(remote, clock) as lease:
                job = _Publication(remote, generation, lease, tell, clock, grace)
                return job.run(force=force, rewrite=rewrite)
    finally:
        generation.close()


@dataclass(frozen=True)
class _Publication:
    """One publication, while the lease is held."""

    remote: Remote
    generation: Generation
    lease: Lease
    tell: Progress
    clock: Callable[[], float]
    grace: float

    def run(self, *, force: bool, rewrite: bool) -> Published:
        """Do it; see `upload_generation`."""
        current = answering(self.remote)
        known = owned(self.remote)
        before = next((each for each in known if each.name == current), None)
        self._check_owner(current, before, force=force)
        mark = before.mark if before is not None else None
        if (
            not rewrite
            and current is not None
            and mark is not None
            and self._is_there(current, mark)
        ):
            return Published(self.remote.address.text, current, mark.papers)
        target = None if rewrite else self._target(before, known)
        if target is None:
            target = str(GenerationName.new(self.remote.address.collection, self.generation.number))
        # Also where an attempt was broken off between the two: what is there stays.
        papers = len(self.generation.attributes)
        make(self.remote, target, self._index_id, self.generation.vectors.dimension, papers)
        mark = self._mark()
        write_mark(self.remote, target, mark)
        keys, sample = KeysWriter(), _Sample(sampled(self.generation.attributes.sorted_ids, papers))
        self.tell("upload", 0, papers)
        points = sample.taken_of(points_of(self.generation, keys.add))
        filled = fill(self.remote, target, points, self._told(papers))
        self.lease.renew()
        files = {**self._files(), **keys.files(self.generation.lexical)}
        mark, chunks = write_tables(self.remote, target, files, mark)
        mark = replace(mark, proof=filled.proof)
        check_points(self.remote, target, mark)
        compare_sample(self.remote, target, sample.digests)
        wait_until_indexed(self.remote, target, self.lease.renew)
        mark = replace(mark, state=State.WHOLE, published=self.clock())
        write_mark(self.remote, target, mark)
        # Whoever lost the lease must not lead readers away from what its new holder wrote.
        self.lease.renew(now=True)
        switch(self.remote, target)
        kept = {target, current}
        ids = [self._index_id, *([before.index_id] if before is not None else [])]
        dropped = drop(self.remote, [o.name for o in known if o.name not in kept], ids)
        return Published(
            self.remote.address.text,
            target,
            filled.papers,
            filled.written,
            filled.removed,
            chunks,
            tuple(dropped),
        )

    @property
    def _index_id(self) -> str:
        return self.generation.manifest.index_id

    def _is_there(self, current: str, mark: Mark) -> bool:
        """Whether this generation answers already, as far as two requests show."""
        if mark.state is not State.WHOLE:
            return False
        if mark.generation_id != self.generation.manifest.generation_id:
            return False
        with suppress(IndexDamagedError):
            check_points(self.remote, current, mark)
            return True
        return False

    def _check_owner(self, current: str | None, before: Owned | None, *, force: bool) -> None:
        place = self.remote.address.text
        if not self._index_id:
            raise IndexServerError(
                "this index was built before indexes had ids; `rftsearch build --optimize` gives "
                "it one, and then it can be published"
            )
        if current is None or force:
            return
        if before is None:
            raise IndexServerError(
                f"{place} leads to {current}, which rftsearch did not make; name another collection"
            )
        if before.index_id != self._index_id:
            raise IndexServerError(
                f"another index was published at {place}; name another collection, or put this "
                "one in its place with --force"
            )

    def _target(self, before: Owned | None, known: list[Owned]) -> str | None:
        """Return the collection to fill: one that was begun, or the one before the last."""
        published = before.mark.published if before is not None and before.mark else 0.0
        rested = self.clock() - published >= self.grace
        for each in sorted(known, key=lambda one: GenerationName.parse(one.name) or ("",)):
            mark = each.mark
            if each is before or each.index_id != self._index_id or mark is None:
                continue
            fits = mark.dimension == self.generation.vectors.dimension
            fits = fits and halves(mark.papers) == halves(len(self.generation.attributes))
            if fits and (rested or mark.state is State.FILLING):
                return each.name
        return None

    def _mark(self) -> Mark:
        manifest = self.generation.manifest
        return Mark(
            state=State.FILLING,
            index_id=self._index_id,
            generation=manifest.generation,
            generation_id=manifest.generation_id,
            model=manifest.model.name,
            fingerprint=manifest.model.fingerprint,
            dimension=self.generation.vectors.dimension,
            papers=len(self.generation.attributes),
            built=manifest.built,
        )

    def _files(self) -> dict[str, bytes]:
        """Return the files of the generation that a reader holds itself."""
        manifest, index = self.generation.manifest, self.generation.index
        folder = manifest.folder(index)
        files = {name: (folder / name).read_bytes() for name in _FILES if name in manifest.files}
        files[MANIFEST] = (index / MANIFEST).read_bytes()
        if (export := manifest.export) is not None and export.folder:
            place = model_folder(index, export)
            files |= {f"{MODEL}{name}": (place / name).read_bytes() for name in export.files}
        return files

    def _told(self, papers: int) -> Callable[[int], object]:
        def told(done: int) -> None:
            self.lease.renew()
            self.tell("upload", done, papers)

        return told


@dataclass(frozen=True)
class _Sample:
    """Some of the points that are sent, to be compared with what arrived."""

    ids: set[int]
    digests: dict[int, str] = field(default_factory=dict)

    def taken_of(self, points: Iterable[list[Point]]) -> Iterator[list[Point]]:
        """Yield all points, and remember the digests of those of the sample."""
        for some in points:
            self.digests.update((each.id, each.digest) for each in some if each.id in self.ids)
            yield some
