"""From lists to a published index: read, fetch, stage, encode, write, publish.

Whatever stops a build - an error, a full disk, Ctrl-C, a lost machine - the
index that was there goes on answering, and what was fetched and encoded so far
is kept for the next build. Papers pass through in portions: however many there
are, a build holds few of them at a time.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from rftsearch.encoders.base import Encoder, check_encoder
from rftsearch.encoders.kinds import Corpus
from rftsearch.encoders.model_files import DEFAULT_MODEL
from rftsearch.errors import (
    REPAIR,
    IndexDamagedError,
    IndexFormatError,
    IndexLockedError,
    IndexMissingError,
    IndexStateError,
    SourceError,
    UnknownPaperError,
)
from rftsearch.files import sync_folder
from rftsearch.index.build.changes import MOST_NAMED, changed_papers
from rftsearch.index.build.counts import PaperCounts
from rftsearch.index.build.embed import PORTION, embed_members
from rftsearch.index.build.read_sources import (
    Fetching,
    GivenPapers,
    PaperStream,
    ReadReport,
    SourceReader,
    own_sources,
    with_more,
)
from rftsearch.index.engines.registry import drop_vectors
from rftsearch.index.generations.generation import VECTORS
from rftsearch.index.generations.lock import now, writing
from rftsearch.index.generations.manifest import (
    GIVEN_PAPERS,
    Manifest,
    ModelEntry,
    generation_folder,
    missing_abstracts,
)
from rftsearch.index.generations.models import (
    check_model,
    choose_encoder,
    collect_models,
    document_encoder,
    export_for,
    no_export_note,
    remade,
)
from rftsearch.index.generations.write import write_generation
from rftsearch.index.store.store import FILE_NAME, Store
from rftsearch.papers.documents import Texts, texts_of
from rftsearch.papers.paper import Paper, merge_papers
from rftsearch.sources.arxiv.api import ArxivClient
from rftsearch.sources.base import Problem
from rftsearch.sources.catalogue import CATALOGUE
from rftsearch.sources.registry import SourceLike, open_source
from rftsearch.text.plural import plural
from rftsearch.types import Progress

__all__ = [
    "BuildReport",
    "build_index",
    "index_papers",
    "repair_index",
    "update_index",
]

STAGES = (
    "read",
    "snapshot",
    "fetch",
    "store",
    "learn",
    "export",
    "encode",
    "write",
    "publish",
    "clean",
)
"""What `Progress` is called with, in order; "snapshot" counts bytes."""


@dataclass(frozen=True)
class BuildReport:
    """What a build did."""

    index: Path
    manifest: Manifest
    encoded: int
    """Documents embedded in this build; the others' vectors were in the store."""
    outcome: ReadReport
    """What is known of the sources."""
    came: int = 0
    """Works that the generation before had not."""
    went: int = 0
    """Works that only the generation before had."""
    changed: int = 0
    """Works of both of which something is told otherwise, as an abstract that was fetched."""
    changes: tuple[str, ...] = ()
    """The papers that came, went or changed, one line each; none if they are too many to
    name, or there was no generation before. See `changed_papers`."""
    dropped: tuple[str, ...] = ()
    """Sources of the generation before that are no longer read."""

    @property
    def fetched(self) -> int:
        """Abstracts that came from arXiv or from a file in this build."""
        return self.outcome.fetched

    @property
    def fetch_error(self) -> str | None:
        """Why fetching stopped early, in one line."""
        return self.outcome.fetch_error

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Entries of the lists, and lines of files, that could not be read."""
        return self.outcome.problems

    @property
    def notes(self) -> tuple[str, ...]:
        """What is missing from the index and how to complete it, one line each."""
        notes: list[str] = list(missing_abstracts(self.manifest))
        if self.fetch_error:
            notes.append(f"fetching abstracts stopped early: {self.fetch_error}")
        notes += no_export_note(self.manifest)
        if windowed := self.manifest.counts["windowed"]:
            notes.append(
                f"{plural(windowed, 'document is', 'documents are')} longer than "
                f"{self.manifest.model.name} reads at once; nothing was cut off, for long "
                "documents are embedded in windows"
            )
        if self.dropped:
            notes.append(
                f"no longer read: {', '.join(self.dropped)}; `rftsearch add` keeps what an "
                "index was built from"
            )
        if left_out := len(self.manifest.left_out):
            notes.append(
                f"{left_out} removed by hand: builds pass over what was removed, until "
                "`rftsearch add` reads a list that names it"
            )
        return tuple(notes)


def build_index(
    index: str | Path,
    sources: Sequence[SourceLike] = (),
    *,
    model: str | None = None,
    encoder: Encoder | None = None,
    abstracts: str | Path | None = None,
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
        IndexLockedError: Another build is writing this index, or has changed what it is
            built from while the lists were read.
        IndexWriteError, IndexFormatError, IndexDamagedError: The folder cannot be
            used; whatever index was in it still answers.
    """
    index = Path(index)
    tell: Progress = progress or (lambda *_: None)
    tell("read", 0, 0)
    remembered = () if sources else own_sources(index)
    opened = [open_source(source) for source in sources or remembered]
    fetching = Fetching(abstracts, None if offline else client or ArxivClient(), refresh)
    supply = SourceReader.begun(fetching, tell)
    try:
        supply.read(opened)
    except SourceError as error:
        if not remembered:
            raise
        raise SourceError(
            f"{error}; the index was built from it: put it back, or name the lists to build from"
        ) from error
    names = tuple(source.key for source in opened)
    return _build(index, supply, names, encoder or model, tell, remembered or None)


def index_papers(
    index: str | Path,
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
    index = Path(index)
    return _build(
        index, GivenPapers(papers), (GIVEN_PAPERS,), encoder, progress or (lambda *_: None)
    )


def update_index(
    index: str | Path,
    add: Sequence[SourceLike] | Sequence[Paper] = (),
    *,
    remove: Sequence[str] = (),
    encoder: Encoder | None = None,
    abstracts: str | Path | None = None,
    client: ArxivClient | None = None,
    offline: bool = False,
    progress: Progress | None = None,
) -> BuildReport:
    """Add papers to an index and remove others; nothing else of it is read again.

    Later builds read the sources that were added, too, and pass over what was removed,
    until it is added once more.

    Args:
        index: Its folder.
        add: Lists and snapshots, or papers that are at hand. What is in the index
            already is joined with what they say of it.
        remove: Ids of papers, as `Paper.id` has them.
        encoder: An encoder to use instead of the index's own model.
        abstracts: As for `build_index`.
        client: As for `build_index`.
        offline: As for `build_index`.
        progress: As for `build_index`.

    Raises:
        IndexMissingError: There is no index.
        UnknownPaperError: A paper that is to be removed is not there.
        ModelMismatchError: The encoder is not the one that the index was built with.
        SourceError, ModelError, IndexLockedError, IndexWriteError, IndexFormatError,
        IndexDamagedError: As `build_index`.
    """
    index = Path(index)
    tell: Progress = progress or (lambda *_: None)
    tell("read", 0, 0)
    Manifest.read(index)  # Before anything is read or made where there is no index.
    papers = [one for one in add if isinstance(one, Paper)]
    sources = [open_source(one) for one in add if not isinstance(one, Paper)]
    if papers and sources:
        raise ValueError("add papers or sources, not both at once")
    supply: PaperStream = GivenPapers(papers)
    if sources:
        fetching = Fetching(abstracts, None if offline else client or ArxivClient())
        supply = gathering = SourceReader.begun(fetching, tell)
        gathering.read(sources)
    with writing(index), Store.create(index) as store:
        base = _clean_start(index, store)
        if base is None:
            raise IndexDamagedError(f"the manifest of {index} cannot be read; {REPAIR}")
        if not store.descriptions([base.generation]):
            raise IndexDamagedError(
                f"{store.path} is not the store of this index; `rftsearch build` makes it anew"
            )
        names = base.sources
        if add:
            names = with_more(
                names, [*(source.key for source in sources), *[GIVEN_PAPERS] * bool(papers)]
            )
        number, tally = base.generation + 1, PaperCounts(base.counts, base.categories)
        store.begin_stage()
        count, returned = 0, set()
        for portion in _portions(supply.papers(store)):
            some = merge_papers(portion)
            known = {paper.id: paper for _, paper in store.live([p.id for p in some]).values()}
            joined = [_joined(known.get(paper.id), paper) for paper in some]
            store.stage_some(number, joined, [texts_of(paper) for paper in joined])
            tally.take(known.values())
            tally.add(joined)
            count += len(some)
            returned |= {paper.id for paper in some} & set(base.left_out)
        tell("store", count, count)
        gone = store.live(remove)
        if unknown := [paper_id for paper_id in remove if paper_id not in gone]:
            raise UnknownPaperError(unknown[0])
        store.remove(number, [identifier for identifier, _ in gone.values()])
        tally.take(paper for _, paper in gone.values())
        left_out = (set(base.left_out) - returned) | set(gone)
        plan = _Plan(number, base, tally, names, tuple(sorted(left_out)), whole=False)
        return _complete(index, store, plan, encoder, supply, tell)


def repair_index(index: Path, progress: Progress | None = None) -> Manifest:
    """Write the derived files of an index anew from its store, in one piece.

    Neither a list nor the network nor the embedding model is needed, unless the
    model's export is damaged: that is made once more, and where the model is
    not at hand the manifest says that there is none.

    Raises:
        IndexMissingError: The store holds no index to write.
        IndexLockedError, IndexWriteError, IndexDamagedError: See errors.
    """
    tell: Progress = progress or (lambda *_: None)
    if not (index / FILE_NAME).is_file():
        raise IndexMissingError(f"there is no index in {index}; `rftsearch build` makes one")
    with writing(index), Store.create(index) as store:
        _clean_start(index, store)
        newest = store.newest_generation()
        if newest is None:
            raise IndexMissingError(f"the store in {index} is empty; `rftsearch build` fills it")
        number, description = newest
        manifest = replace(Manifest.parse(description), generation=number + 1, previous=None)
        tell("export", 0, 0)
        manifest = replace(manifest, export=remade(index, manifest))
        store.describe(manifest.generation, manifest.describe())
        return _publish(index, store, manifest, None, tell)


# --- the steps ---------------------------------------------------------------


@dataclass(frozen=True)
class _Plan:
    """A generation whose papers are staged."""

    number: int
    base: Manifest | None
    """What answers by now."""
    tally: PaperCounts
    sources: tuple[str, ...]
    left_out: tuple[str, ...]
    whole: bool
    """Whether every paper was staged; else those of the base have their vectors."""


def _build(
    index: Path,
    supply: PaperStream,
    sources: tuple[str, ...],
    encoder: Encoder | str | None,
    tell: Progress,
    remembered: tuple[str, ...] | None = None,
) -> BuildReport:
    """Stage, embed and publish all papers of a supply.

    Raises:
        IndexLockedError: The index is no longer built from what it `remembered`.
    """
    with ExitStack() as held:
        held.enter_context(writing(index))
        if remembered and own_sources(index) != remembered:
            raise IndexLockedError(
                f"another build has changed what {index} is built from; build once more"
            )
        store = held.enter_context(Store.create(index))
        base = _clean_start(index, store)
        number, tally = _next_number(store, base), PaperCounts(categories=supply.categories)
        before = base or _last_staged(store)
        # Papers that are at hand are meant as they are given.
        given = before is None or GIVEN_PAPERS in sources
        left_out = frozenset(() if given or before is None else before.left_out)
        store.begin_stage()
        for papers in _portions(p for p in supply.papers(store) if p.id not in left_out):
            tally.take(store.stage_some(number, papers, [texts_of(paper) for paper in papers]))
            tally.add(papers)
        tell("store", tally.works, tally.works)
        store.end_stage(number)
        plan = _Plan(number, base, tally, sources, tuple(sorted(left_out)), whole=True)
        return _complete(index, store, plan, encoder, supply, tell)


def _complete(
    index: Path,
    store: Store,
    plan: _Plan,
    encoder: Encoder | str | None,
    supply: PaperStream,
    tell: Progress,
) -> BuildReport:
    """Embed what is staged and has no vector yet, and publish it."""
    number, base = plan.number, plan.base
    before = base or _last_staged(store)
    if encoder is None or isinstance(encoder, str):
        name = encoder or _model_of(store, base)

        def sample(count: int) -> Iterator[Texts]:
            return map(texts_of, store.sample(number, count))

        corpus = Corpus(plan.tally.works, sample, tell)
        encoder = choose_encoder(name, index, before, corpus, keep=not plan.whole)
    check_encoder(encoder)
    same = base is not None and base.model.fingerprint == encoder.fingerprint
    if base is not None and not plan.whole:
        check_model(base, encoder)
    model = store.model(encoder.fingerprint, encoder.name)
    tell("export", 0, 0)
    export = export_for(index, before, encoder)
    added, removed = store.changes(number)
    encoded = 0
    if plan.whole or len(added):
        encoded = embed_members(
            store,
            number,
            model,
            lambda count: document_encoder(index, export, encoder, count),
            tell,
            after=0 if plan.whole else int(added[0]) - 1,
        )
    known = base is not None and bool(store.descriptions([base.generation]))
    if base is not None and known and same and len(added) <= PORTION:
        windowed = base.counts["windowed"] + sum(
            sign * store.count_windowed_of(ids.tolist(), model)
            for sign, ids in ((1, added), (-1, removed))
        )
    else:
        windowed = store.count_windowed(number, model)
    manifest = Manifest(
        generation=number,
        previous=base.generation if base else None,
        built=now(),
        model=ModelEntry(
            encoder.name,
            encoder.fingerprint,
            store.dimension(model) or encoder.dimension,
            dict(encoder.stamps),
        ),
        export=export,
        categories=plan.tally.categories,
        counts=plan.tally.counts | {"windowed": windowed},
        sources=plan.sources,
        files={},
        left_out=plan.left_out,
    )
    store.describe(number, manifest.describe())
    manifest = _publish(index, store, manifest, base if same else None, tell)
    before_names = (base.sources or (CATALOGUE,)) if base is not None else ()
    names = plan.sources or (CATALOGUE,)
    dropped = tuple(name for name in before_names if name not in names)
    changed = store.count_replaced(number) if len(added) and len(removed) else 0
    came, went = len(added) - changed, len(removed) - changed
    lines: tuple[str, ...] = ()
    if base is not None and len(added) + len(removed) <= MOST_NAMED:
        old, new = (list(store.papers(ids.tolist()).values()) for ids in (removed, added))
        lines = changed_papers(old, new)
    return BuildReport(
        index, manifest, encoded, supply.outcome, came, went, changed, lines, dropped
    )


def _joined(known: Paper | None, paper: Paper) -> Paper:
    """A paper with what is known of it; its metadata are those that came now."""
    if known is None:
        return paper
    (both,) = merge_papers((known.read_again(paper.provenance), paper))
    return both.with_metadata(paper.metadata) if paper.metadata else both


def _clean_start(index: Path, store: Store) -> Manifest | None:
    """Undo what earlier builds left unfinished; the manifest that answers, if any."""
    try:
        base = Manifest.read(index)
    except (IndexMissingError, IndexDamagedError, IndexFormatError):
        # What was published can no longer be told from what was only described; the
        # rows of neither are undone, and the new generation replaces all of it.
        newest = store.newest_generation()
        store.forget_unpublished(newest[0] if newest else 0)
        if newest is None:
            _remove_generations(index, keep=())
        return None
    store.forget_unpublished(base.generation)
    kept = {base.generation, base.previous} - {None}
    _remove_generations(index, keep=kept)
    # Its own model whatever the store says: that may be another index's.
    own = {base.export.folder} if base.export else set()
    collect_models(index, _models_of(store, kept) | own)
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


def _publish(
    index: Path, store: Store, manifest: Manifest, base: Manifest | None, tell: Progress
) -> Manifest:
    """Write the files of a staged generation and make it the current one."""
    tell("write", 0, 0)
    try:
        manifest = write_generation(index, store, manifest, tell, base=base)
        tell("publish", 0, 0)
        manifest.publish(index)
    except BaseException:
        if not _is_current(index, manifest.generation):  # Ctrl-C may come just after.
            _remove_folders(index, [generation_folder(index, manifest.generation)])
        raise
    sync_folder(index)
    tell("clean", 0, 0)
    kept = {manifest.generation, manifest.previous} - {None}
    _remove_generations(index, keep=kept)
    collect_models(index, _models_of(store, kept))
    numbers = [number for number in kept if number is not None]
    store.collect(numbers, thoroughly=manifest.previous is None)
    return manifest


def _is_current(index: Path, number: int) -> bool:
    with suppress(IndexStateError):
        return Manifest.read(index).generation == number
    return False


def _portions(papers: Iterable[Paper]) -> Iterator[list[Paper]]:
    remaining = iter(papers)
    while portion := list(islice(remaining, PORTION)):
        yield portion


def _remove_generations(index: Path, keep: Collection[int | None]) -> None:
    """Delete the folders of generations that nobody needs any more."""
    kept = {generation_folder(index, number) for number in keep if number is not None}
    _remove_folders(index, [found for found in _generation_folders(index) if found not in kept])


def _generation_folders(index: Path) -> list[Path]:
    folder = index / "generations"
    return list(folder.iterdir()) if folder.is_dir() else []


def _remove_folders(index: Path, removed: Collection[Path]) -> None:
    """Delete folders of generations, and what their vector engines keep elsewhere."""
    kept = [found for found in _generation_folders(index) if found not in removed]
    drop_vectors(*([each / VECTORS for each in some] for some in (removed, kept)))
    for found in removed:
        shutil.rmtree(found, ignore_errors=True)


def _models_of(store: Store, generations: Collection[int | None]) -> set[str]:
    """The exported models that these generations name."""
    numbers = [number for number in generations if number is not None]
    lights = [said.get("light") for said in store.descriptions(numbers)]
    return {light["folder"] for light in lights if light}
