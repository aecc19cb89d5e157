"""From lists to a published index: read, fetch, stage, encode, write, publish.

Whatever stops a build - an error, a full disk, Ctrl-C, a lost machine - the
index that was there goes on answering, and what was fetched and encoded so far
is kept for the next build. Papers pass through in portions: however many there
are, a build holds few of them at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rftsearch.encoders.base import Encoder
from rftsearch.errors import IndexDamagedError, IndexLockedError, SourceError
from rftsearch.index.build.counts import PaperCounts
from rftsearch.index.build.publish import Plan, complete
from rftsearch.index.build.reading.remembered import own_sources
from rftsearch.index.build.reading.source_reader import SourceReader
from rftsearch.index.build.reading.streams import Fetching, GivenPapers, PaperStream
from rftsearch.index.build.remote import chosen_address
from rftsearch.index.build.report import BuildReport
from rftsearch.index.build.stage import Excluded, stage_all
from rftsearch.index.build.start import Standing, begin, open_for_writing
from rftsearch.index.generations.manifest import GIVEN_PAPERS
from rftsearch.papers.paper import Paper
from rftsearch.sources.arxiv.api import ArxivClient
from rftsearch.sources.registry import SourceLike, as_list, open_source
from rftsearch.text.plural import plural
from rftsearch.types import Progress

__all__ = ["STAGES", "build_index", "index_papers"]

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
    "upload",
)
"""What `Progress` is called with, in order; "snapshot" counts bytes."""


def build_index(  # noqa: PLR0913 - each is an option
    index: str | Path,
    sources: SourceLike | Sequence[SourceLike] = (),
    *,
    model: str | None = None,
    encoder: Encoder | None = None,
    abstracts: str | Path | None = None,
    client: ArxivClient | None = None,
    offline: bool = False,
    refresh: bool = False,
    force: bool = False,
    engine: str | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Build or update an index.

    Args:
        index: Its folder, made when it is not there.
        sources: Markdown lists and snapshots, or a single one; none for those the index was
            built from before, and for a new index the catalogue shipped with rftsearch.
        model: Name or path of the embedding model; None keeps the index's own,
            and for a new index takes the default.
        encoder: An encoder to use instead of `model`.
        abstracts: A JSONL file of abstracts to use before asking arXiv.
        client: How to reach arXiv; None for the public API.
        offline: Ask nobody for abstracts, and fetch no list: of a web address the copy of
            the last time is read.
        refresh: Ask again for what was fetched before.
        force: Build even if that loses papers that no source holds, and put the index in the
            place of another one that was published under the same address.
        engine: Address of a server to publish the index on, too; "folder" for none; None for
            the one the index remembers.
        progress: Called with a stage of `STAGES` and how far it is.

    Raises:
        SourceError: A list, a snapshot or the file of abstracts cannot be read.
        FetchError: A web address of a list does not answer.
        ModelError: The embedding model cannot be loaded.
        IndexLockedError: Another build is writing this index, or has changed what it is
            built from while the lists were read.
        IndexFormatError: The folder holds something else than an index, or the index of
            another version.
        IndexDamagedError: Parts of the index do not belong together, or it would lose papers.
        IndexWriteError: The folder cannot be written; whatever index was in it still answers.
        IndexServerError: The server does not answer, refuses, or is full.
    """
    index = Path(index)
    address = chosen_address(engine)
    tell: Progress = progress or (lambda *_: None)
    tell("read", 0, 0)
    remembered = () if sources else own_sources(index)
    given: list[SourceLike] = as_list(sources or remembered)
    opened = [open_source(source, offline=offline) for source in given]
    fetching = Fetching(abstracts, None if offline else client or ArxivClient(), refresh)
    stream = SourceReader.begun(fetching, tell)
    try:
        stream.read(opened)
    except SourceError as error:
        if not remembered:
            raise
        raise SourceError(
            f"{error}; the index was built from it: put it back, or name the lists to build from",
            error.problems,
        ) from error
    names = tuple(dict.fromkeys(source.key for source in opened))
    return _build(
        index,
        stream,
        names,
        encoder or model,
        tell,
        remembered=remembered or None,
        force=force,
        address=address,
    )


def index_papers(
    index: str | Path,
    papers: Sequence[Paper],
    *,
    encoder: Encoder | str | None = None,
    force: bool = False,
    engine: str | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Build or update an index of papers that are at hand, abstracts and all.

    Args:
        index: Its folder, made when it is not there.
        papers: The records; those of one id are merged.
        encoder: An encoder, or a model's name or path; None as in `build_index`.
        force: As for `build_index`.
        engine: As for `build_index`.
        progress: Called with a stage of `STAGES` and how far it is.

    Raises:
        ModelError, IndexLockedError, IndexWriteError, IndexFormatError,
        IndexDamagedError, IndexServerError: As `build_index`.
    """
    index = Path(index)
    tell: Progress = progress or (lambda *_: None)
    address = chosen_address(engine)
    stream = GivenPapers(papers)
    return _build(index, stream, (GIVEN_PAPERS,), encoder, tell, force=force, address=address)


def _build(
    index: Path,
    stream: PaperStream,
    sources: tuple[str, ...],
    encoder: Encoder | str | None,
    tell: Progress,
    *,
    remembered: tuple[str, ...] | None = None,
    force: bool = False,
    address: str | None = None,
) -> BuildReport:
    """Stage, embed and publish all papers of a stream.

    Raises:
        IndexLockedError: The index is no longer built from what it `remembered`.
    """
    with open_for_writing(index) as staging:
        if remembered and own_sources(index) != remembered:
            raise IndexLockedError(
                f"another build has changed what {index} is built from; build once more"
            )
        standing = begin(index, staging, heals=True, force=force)
        if not force:
            _refuse_to_forget(index, standing, sources)
        number, counts = standing.number, PaperCounts(categories=stream.categories)
        last = standing.last
        # Papers that are at hand are meant as they are given.
        given = last is None or GIVEN_PAPERS in sources
        excluded = Excluded(() if given or last is None else last.excluded_ids, staging, stream)
        stage_all(staging, number, stream, excluded, counts, tell)
        plan = Plan(
            standing,
            counts,
            sources,
            tuple(sorted(excluded.ids)),
            whole=True,
            engine=address,
        )
        return complete(index, staging, plan, encoder, stream.outcome, tell, force=force)


def _refuse_to_forget(index: Path, standing: Standing, sources: tuple[str, ...]) -> None:
    """Refuse a build that would lose papers which no source can give again.

    Raises:
        IndexDamagedError: The index holds papers that a program gave it.
    """
    last = standing.last
    if last is None or GIVEN_PAPERS not in last.sources or GIVEN_PAPERS in sources:
        return
    papers = plural(last.counts["papers"] + last.counts["projects"], "paper")
    raise IndexDamagedError(
        f"{index} holds {papers}, some of them came from a program, not from a list: a build "
        "from lists would lose these; `rftsearch add` and `rftsearch sync` keep them, `--force` "
        "builds without them"
    )
