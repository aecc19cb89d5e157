"""From lists to a published index: read, fetch, encode, write, publish.

Whatever stops a build - an error, a full disk, Ctrl-C, a lost machine - the
index that was there goes on answering, and what was fetched and encoded so far
is kept for the next build.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import filelock

from rftsearch.errors import (
    IndexDamagedError,
    IndexFormatError,
    IndexLockedError,
    IndexMissingError,
    IndexStateError,
    IndexWriteError,
    SourceError,
)
from rftsearch.index.describe import Described, describe_papers
from rftsearch.index.documents import Texts, texts_of
from rftsearch.index.encoders import Encoder
from rftsearch.index.light_models import (
    choose_encoder,
    collect_models,
    document_encoder,
    light_form,
    remade,
)
from rftsearch.index.manifest import (
    GIVEN_PAPERS,
    Manifest,
    ModelEntry,
    generation_folder,
    sync_folder,
)
from rftsearch.index.model_files import DEFAULT_MODEL
from rftsearch.index.status import missing_abstracts
from rftsearch.index.store import Store, document_hash
from rftsearch.index.writing import write_generation
from rftsearch.records import Paper, Progress, merge_papers
from rftsearch.sources.arxiv_api import ArxivClient
from rftsearch.sources.awesome import Problem
from rftsearch.sources.catalogue import load_catalogue, read_list
from rftsearch.sources.snapshot import Snapshot, SnapshotReader

__all__ = [
    "BuildReport",
    "Source",
    "being_built",
    "build_index",
    "index_papers",
    "repair_index",
]

STAGES = (
    "read",
    "snapshot",
    "fetch",
    "learn",
    "export",
    "encode",
    "store",
    "write",
    "publish",
    "clean",
)
"""What `Progress` is called with, in order; "snapshot" counts bytes."""

Source = Path | Snapshot
"""A Markdown list, or a metadata snapshot of arXiv with what to take of it."""

ENCODE_AT_ONCE = 16
"""Texts encoded between two visits to the store: what a crash can cost, and a step of the bar."""
PORTION = 10_000
"""Papers that are embedded and staged together: what a build holds in memory."""


@dataclass(frozen=True)
class BuildReport:
    """What a build did."""

    index: Path
    manifest: Manifest
    encoded: int
    """Documents embedded in this build; the others' vectors were in the store."""
    fetched: int
    """Abstracts that came from arXiv or from a file in this build."""
    fetch_error: str | None
    """Why fetching stopped early, in one line."""
    problems: tuple[Problem, ...]
    """Entries of the lists, and lines of files, that could not be read."""
    more_problems: int = 0
    """Lines of snapshots that could not be read either, too many to name."""
    account: tuple[str, ...] = ()
    """What was read of snapshots, one line each."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What is missing from the index and how to complete it, one line each."""
        notes = list(missing_abstracts(self.manifest))
        if self.fetch_error:
            notes.append(f"fetching abstracts stopped early: {self.fetch_error}")
        notes += self.manifest.without_light_form
        if windowed := self.manifest.counts["windowed"]:
            notes.append(
                f"{windowed} documents are longer than {self.manifest.model.name} reads at "
                "once; none was truncated, each was embedded in windows"
            )
        return tuple(notes)


def build_index(
    index: Path,
    sources: Sequence[Source] = (),
    *,
    model: str | None = None,
    encoder: Encoder | None = None,
    abstracts: Path | None = None,
    client: ArxivClient | None = None,
    offline: bool = False,
    refresh: bool = False,
    progress: Progress | None = None,
) -> BuildReport:
    """Build or update an index.

    Args:
        index: Its folder, made when it is not there.
        sources: Markdown lists and snapshots; none for those the index was built from
            before, and for a new index the catalogue shipped with rftsearch.
        model: Name or path of the embedding model; None keeps the index's own,
            and for a new index takes the default.
        encoder: An encoder to use instead of `model`.
        abstracts: A JSONL file of abstracts to use before asking arXiv.
        client: How to reach arXiv; None for the public API.
        offline: Ask nobody for abstracts.
        refresh: Ask again for what was fetched before.
        progress: Called with a stage of `STAGES` and how far it is.

    Raises:
        SourceError: A list, a snapshot or the file of abstracts cannot be read.
        ModelError: The embedding model cannot be loaded.
        IndexLockedError: Another build is writing this index.
        IndexWriteError, IndexFormatError, IndexDamagedError: The folder cannot be
            used; whatever index was in it still answers.
    """
    tell: Progress = progress or (lambda *_: None)
    tell("read", 0, 0)
    sources = sources or _own_sources(index)
    read = _read_sources(sources, tell)

    def describe(store: Store) -> Described:
        return describe_papers(
            store,
            read.papers,
            abstracts=abstracts,
            client=None if offline else client or ArxivClient(),
            refresh=refresh,
            progress=tell,
        )

    report = _build(index, describe, tuple(map(_name_of, sources)), encoder or model, tell)
    return replace(
        report,
        problems=(*read.problems, *report.problems),
        more_problems=read.more_problems,
        account=read.account,
    )


def index_papers(
    index: Path,
    papers: Sequence[Paper],
    *,
    encoder: Encoder | str | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Build or update an index of papers that are at hand, abstracts and all.

    Args:
        index: Its folder, made when it is not there.
        papers: The records; those of one id are merged.
        encoder: An encoder, or a model's name or path; None as in `build_index`.
        progress: Called with a stage of `STAGES` and how far it is.

    Raises:
        ModelError, IndexLockedError, IndexWriteError, IndexFormatError,
        IndexDamagedError: As `build_index`.
    """
    tell: Progress = progress or (lambda *_: None)
    given = Described(merge_papers(papers))
    return _build(index, lambda _: given, (GIVEN_PAPERS,), encoder, tell)


def _build(
    index: Path,
    describe: Callable[[Store], Described],
    sources: tuple[str, ...],
    encoder: Encoder | str | None,
    tell: Progress,
) -> BuildReport:
    """Describe, embed, stage and publish."""
    with _writing(index), Store.create(index) as store:
        base = _clean_start(index, store)
        described = describe(store)
        before = base or _last_staged(store)
        if encoder is None or isinstance(encoder, str):
            name = encoder or _model_of(store, base)
            encoder = choose_encoder(name, index, before, described.papers, tell)
        model = store.model(encoder.fingerprint, encoder.name)
        tell("export", 0, 0)
        light = light_form(index, before, encoder)

        def reader(count: int) -> Encoder:
            return document_encoder(index, light, encoder, count)

        number, encoded, tally = _next_number(store, base), 0, _Tally()
        store.begin_stage()
        for papers in _portions(described.papers):
            texts = [texts_of(paper) for paper in papers]
            encoded += _encode(store, model, reader, texts, tally.within(described.papers, tell))
            store.stage_some(number, papers, texts)
            tally.add(papers)
        tell("store", 0, tally.papers)
        store.end_stage(number)
        manifest = Manifest(
            generation=number,
            previous=base.generation if base else None,
            built=_now(),
            model=ModelEntry(
                encoder.name,
                encoder.fingerprint,
                store.dimension(model) or encoder.dimension,
                dict(encoder.stamps),
            ),
            light=light,
            categories=tuple(tally.categories),
            counts=tally.counts() | {"windowed": store.count_windowed(number, model)},
            sources=sources,
            files={},
        )
        store.describe(number, manifest.describe())
        manifest = _publish(index, store, manifest, tell)
    return BuildReport(
        index, manifest, encoded, described.fetched, described.error, described.problems
    )


def repair_index(index: Path, progress: Progress | None = None) -> Manifest:
    """Write the derived files of an index anew from its store.

    Neither a list nor the network nor the embedding model is needed, unless the
    model's light form is damaged: that is exported once more, and where the model is
    not at hand the manifest says that there is none.

    Raises:
        IndexMissingError: The store holds no index to write.
        IndexLockedError, IndexWriteError, IndexDamagedError: See errors.
    """
    tell: Progress = progress or (lambda *_: None)
    if not index.is_dir():
        raise IndexMissingError(f"there is no index in {index}; `rftsearch build` makes one")
    with _writing(index), Store.create(index) as store:
        with suppress(IndexStateError):
            # What was staged and never published does not count, as long as the
            # manifest can tell which that is.
            store.forget_unpublished(Manifest.read(index).generation)
        newest = store.newest_generation()
        if newest is None:
            raise IndexMissingError(f"the store in {index} is empty; `rftsearch build` fills it")
        number, description = newest
        manifest = replace(Manifest.parse(description), generation=number + 1, previous=None)
        tell("export", 0, 0)
        manifest = replace(manifest, light=remade(index, manifest))
        store.describe(manifest.generation, manifest.describe())
        return _publish(index, store, manifest, tell)


# --- the steps ---------------------------------------------------------------


def _own_sources(index: Path) -> tuple[Source, ...]:
    """What an index was built from; none for a new one, or one of the catalogue."""
    try:
        sources = Manifest.read(index).sources
    except IndexFormatError:
        raise  # Its lists are not to be forgotten for being of another version.
    except IndexStateError:
        return ()  # There is none, or none that can be read: start over.
    if GIVEN_PAPERS in sources:
        raise SourceError(
            f"the index in {index} was made from papers, not from a list; "
            "name a list, or another folder with --index"
        )
    return tuple(Snapshot.named(name) or Path(name) for name in sources)


def _name_of(source: Source) -> str:
    """A source as the manifest keeps it; `_own_sources` reads it."""
    return source.name if isinstance(source, Snapshot) else str(source.expanduser().resolve())


@dataclass(frozen=True)
class _Read:
    """What the sources hold; the other fields are those of `BuildReport`."""

    papers: list[Paper]
    problems: tuple[Problem, ...] = ()
    more_problems: int = 0
    account: tuple[str, ...] = ()


def _read_sources(sources: Sequence[Source], tell: Progress) -> _Read:
    if not sources:
        return _Read(load_catalogue())
    lists = [read_list(source) for source in sources if isinstance(source, Path)]
    listed = merge_papers(paper for parsed in lists for paper in parsed.papers)
    readers = [SnapshotReader(source, tell) for source in sources if isinstance(source, Snapshot)]
    papers = _join(listed, (paper for reader in readers for paper in reader))
    named = [problem for reader in readers for problem in reader.problems]
    return _Read(
        papers,
        (*(problem for parsed in lists for problem in parsed.problems), *named),
        sum(reader.unreadable for reader in readers) - len(named),
        tuple(line for reader in readers for line in reader.account),
    )


def _join(listed: Sequence[Paper], found: Iterable[Paper]) -> list[Paper]:
    """The papers of lists, with what a snapshot says of them, and then its others."""
    joined = {paper.id: paper for paper in listed}
    for paper in found:
        known = joined.setdefault(paper.id, paper)
        if known is not paper:
            (both,) = merge_papers((known, paper))
            joined[paper.id] = both.with_metadata(paper.metadata) if paper.metadata else both
    return list(joined.values())


def _clean_start(index: Path, store: Store) -> Manifest | None:
    """Undo what earlier builds left unfinished; the manifest that answers, if any."""
    try:
        base = Manifest.read(index)
    except IndexMissingError:
        base = None
    except (IndexDamagedError, IndexFormatError):
        # Whatever was published can no longer be told from what was not: leave it,
        # and let the new generation replace all of it.
        return None
    store.forget_unpublished(base.generation if base else 0)
    kept = {base.generation, base.previous} - {None} if base else set()
    _remove_generations(index, keep=kept)
    collect_models(index, _models_of(store, kept))
    return base


def _next_number(store: Store, base: Manifest | None) -> int:
    newest = store.newest_generation()
    return max(base.generation if base else 0, newest[0] if newest else 0) + 1


def _model_of(store: Store, base: Manifest | None) -> str:
    """The model of the index, even where its manifest is lost; the default for a new one."""
    if base is not None:
        return base.model.name
    newest = store.newest_generation()
    return str(newest[1]["model"]["name"]) if newest else DEFAULT_MODEL


def _last_staged(store: Store) -> Manifest | None:
    """What the store remembers where the manifest is lost; none where it makes no sense."""
    newest = store.newest_generation()
    with suppress(KeyError, TypeError, ValueError, AttributeError):
        return Manifest.parse(newest[1]) if newest else None
    return None


def _encode(
    store: Store,
    model: int,
    reader: Callable[[int], Encoder],
    texts: Sequence[Texts],
    tell: Progress,
) -> int:
    """Embed the texts that have no vector yet, with what `reader` gives for so many.

    Returns:
        How many documents were embedded; their titles come along uncounted.
    """
    bodies = {document_hash(text.body): text.body for text in texts}
    keyed = bodies | {document_hash(text.title): text.title for text in texts}
    missing = store.missing_embeddings(model, list(keyed))
    if missing:
        encoder = reader(len(missing))
    # Longest first: texts of one length share a batch, and memory peaks at once.
    todo = sorted(missing, key=lambda text_hash: (-len(keyed[text_hash]), text_hash))
    step = getattr(encoder, "texts_at_once", ENCODE_AT_ONCE) if missing else 1
    for start in range(0, len(todo), step):
        tell("encode", start, len(todo))
        portion = todo[start : start + step]
        batch = [keyed[text_hash] for text_hash in portion]
        vectors = encoder.encode_documents(batch)
        store.add_embeddings(model, portion, vectors, encoder.windowed(batch))
    tell("encode", len(todo), len(todo))
    return len(missing & bodies.keys())


def _publish(index: Path, store: Store, manifest: Manifest, tell: Progress) -> Manifest:
    """Write the files of a staged generation and make it the current one."""
    tell("write", 0, 0)
    try:
        manifest = write_generation(index, store, manifest, tell)
        tell("publish", 0, 0)
        manifest.publish(index)
    except BaseException:
        if not _is_current(index, manifest.generation):  # Ctrl-C may come just after.
            shutil.rmtree(generation_folder(index, manifest.generation), ignore_errors=True)
        raise
    sync_folder(index)
    tell("clean", 0, 0)
    kept = {manifest.generation, manifest.previous} - {None}
    _remove_generations(index, keep=kept)
    collect_models(index, _models_of(store, kept))
    store.collect([number for number in kept if number is not None])
    return manifest


def _is_current(index: Path, number: int) -> bool:
    with suppress(IndexStateError):
        return Manifest.read(index).generation == number
    return False


class _Tally:
    """What a build has seen of its papers."""

    def __init__(self) -> None:
        self.papers = 0
        self.categories: dict[str, None] = {}
        """In the order they came."""
        self._states: Counter[str] = Counter()
        self._kinds: Counter[str] = Counter()

    def add(self, papers: Sequence[Paper]) -> None:
        """Count papers that are staged."""
        self.papers += len(papers)
        self.categories |= dict.fromkeys(c for paper in papers for c in paper.categories)
        self._states.update(paper.abstract_state for paper in papers)
        self._kinds.update(paper.kind for paper in papers)

    def counts(self) -> dict[str, int]:
        """As the manifest has them."""
        return {
            "papers": self._kinds["paper"],
            "projects": self._kinds["project"],
            "with_abstract": self._states["present"],
            "pending": self._states["pending"],
            "unknown": self._states["unknown"],
            "without": self._states["none"],
        }

    def within(self, papers: Iterable[Paper], tell: Progress) -> Progress:
        """Tell how far a portion is as how far the whole is, where there is more than one."""
        total = len(papers) if isinstance(papers, Sequence) else 0
        if 0 < total <= PORTION:
            return tell
        before = self.papers

        def told(stage: str, done: int, of: int) -> None:
            share = done / of if of else 1.0
            tell(
                stage,
                before + int(share * min(PORTION, (total or before + PORTION) - before)),
                total,
            )

        return told


def _portions(papers: Iterable[Paper]) -> Iterator[list[Paper]]:
    remaining = iter(papers)
    while portion := list(islice(remaining, PORTION)):
        yield portion


def _remove_generations(index: Path, keep: Collection[int | None]) -> None:
    """Delete the folders of generations that nobody needs any more."""
    kept = {generation_folder(index, number) for number in keep if number is not None}
    folder = index / "generations"
    for found in list(folder.iterdir()) if folder.is_dir() else []:
        if found not in kept:
            shutil.rmtree(found, ignore_errors=True)


def _models_of(store: Store, generations: Collection[int | None]) -> set[str]:
    """The exported models that these generations name."""
    numbers = [number for number in generations if number is not None]
    lights = [said.get("light") for said in store.descriptions(numbers)]
    return {light["folder"] for light in lights if light}


@contextmanager
def _writing(index: Path) -> Iterator[None]:
    """Be the only writer of an index, and explain what the system refuses."""
    try:
        index.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(index / "write.lock")
        with lock.acquire(timeout=0):
            holder = {"process": os.getpid(), "host": socket.gethostname(), "since": _now()}
            (index / "writer.json").write_text(json.dumps(holder), "utf-8")
            try:
                yield
            finally:
                with suppress(OSError):
                    (index / "writer.json").unlink()
    except filelock.Timeout as error:
        raise IndexLockedError(
            f"another build is writing {index}{_holder(index)}; wait for it or stop it"
        ) from error
    except OSError as error:
        raise IndexWriteError(
            f"cannot write the index in {index}: {error.strerror or error}; the index that was "
            "there still answers; free some space, check the permissions, or name another "
            "folder with --index"
        ) from error


def being_built(index: Path) -> bool:
    """Whether a build is writing this index now, as far as its folder tells."""
    note = index / "writer.json"
    if not note.exists():
        return False
    try:
        with filelock.FileLock(index / "write.lock").acquire(timeout=0):
            note.unlink(missing_ok=True)  # a build that was killed left it
    except filelock.Timeout:
        return True
    except OSError:
        return False  # a folder that may not be written; nobody builds in it
    return False


def _holder(index: Path) -> str:
    """Who writes, as far as they said so."""
    try:
        holder = json.loads((index / "writer.json").read_text("utf-8"))
        return f" (process {holder['process']} on {holder['host']}, since {holder['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
