"""Publish an index: write the page, the papers and the index into a folder of static files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rftsearch.encoders.static_encoder import StaticModel
from rftsearch.errors import UsageError
from rftsearch.index.generations.generation import Generation
from rftsearch.index.generations.status import Status
from rftsearch.papers.about import ListAbout
from rftsearch.papers.paper import Paper
from rftsearch.publish.citations import citation_files
from rftsearch.publish.drawn import drawn_map
from rftsearch.publish.folder import check_folder, write_folder
from rftsearch.publish.meaning import published_generation
from rftsearch.publish.records import record_of, texts_of_paper
from rftsearch.publish.settings import about_page, index_settings
from rftsearch.publish.site_files import site_files, worker
from rftsearch.publish.tables import Table, table_of, vectors_of, words_of_papers
from rftsearch.search.generation_watcher import place_of
from rftsearch.search.scope import records
from rftsearch.types import Progress

__all__ = ["DATA", "Published", "publish"]

DATA = "data"
"""The folder of the papers and the index in a published folder."""
_LATER = ("texts.json", "spellings.json", "vectors.bin", "table.bin", "pieces.json")
"""Files that are loaded once the page stands."""


@dataclass(frozen=True, slots=True)
class Published:
    """What was published."""

    folder: Path
    papers: int
    size: int
    """Bytes of all files."""
    first: int
    """Bytes that are loaded before the first answer."""
    meaning: bool
    """Whether questions are compared in meaning too, not by words alone."""
    converted: bool
    """Whether a static model was made, since the index has another model."""


@dataclass(frozen=True, slots=True)
class _Page:
    """What the page says of itself, and of the index."""

    about: ListAbout
    address: str
    status: Status
    categories: tuple[str, ...]
    """In the order of the list: a generation that was made for the page has another one."""


def publish(
    index: Path,
    folder: Path,
    *,
    about: ListAbout | None = None,
    base_url: str = "",
    meaning: bool = True,
    progress: Progress | None = None,
) -> Published:
    """Write a search into a folder that any web server can serve.

    Args:
        index: The index; it stays as it is.
        folder: Where to: new, empty, or published before.
        about: What the page says of itself in place of what its lists say.
        base_url: The web address at which it will be read; empty if that is not known.
        meaning: Whether questions are compared in meaning too. If not, no table of a model is
            written, and words alone answer.
        progress: Called as for `build_index` while a static model is made.

    Raises:
        UsageError: The address is not a web address.
        OutputError: The folder cannot be written, or holds something that was not published.
        IndexStateError: The index cannot be read.
        ModelError: The static model cannot be made.
    """
    check_folder(folder)
    address = _checked_address(base_url)
    tell: Progress = progress or (lambda *_: None)
    place = place_of(index)
    generation = place.open()
    try:
        categories = generation.attributes.categories
        status = place.status()
        page = _Page(about_page(status, about or ListAbout()), address, status, categories)
        if not meaning:
            files = _files(generation, page, None)
            return _written(folder, files, generation, meaning=False, converted=False)
        papers = [paper for _, paper in generation.store.members(generation.number)]
        with published_generation(generation, papers, tell) as (published, model_folder):
            model = StaticModel.open(model_folder)
            files = _files(published, page, (model, table_of(model)))
            converted = published is not generation
            return _written(folder, files, published, meaning=True, converted=converted)
    finally:
        generation.close()


def _written(
    folder: Path,
    files: dict[str, bytes],
    generation: Generation,
    *,
    meaning: bool,
    converted: bool,
) -> Published:
    size = write_folder(folder, files.items())
    later = {f"{DATA}/{name}" for name in _LATER}
    first = sum(
        len(content)
        for name, content in files.items()
        if name not in later and not name.startswith("cite/")
    )
    return Published(folder, len(generation.attributes), size, first, meaning, converted)


def _files(
    generation: Generation, page: _Page, model: tuple[StaticModel, Table] | None
) -> dict[str, bytes]:
    """Return all files of the folder: names and contents."""
    files = dict(site_files(page.about, page.address))
    files |= {f"{DATA}/{name}": content for name, content in _data(generation, page, model)}
    files |= citation_files(_papers(generation), page.about)
    files["worker.js"] = worker(files)
    return files


def _papers(generation: Generation) -> list[Paper]:
    """Return all papers, newest first: the order that settles every tie."""
    return records(generation, generation.attributes.ids)


def _data(
    generation: Generation, page: _Page, model: tuple[StaticModel, Table] | None
) -> Iterator[tuple[str, bytes]]:
    papers = _papers(generation)
    numbers = {name: at for at, name in enumerate(page.categories)}
    words = words_of_papers(papers)
    settings = index_settings(
        generation,
        page.about,
        page.status,
        page.categories,
        words=words,
        model=model,
        drawn=drawn_map(generation),
    )
    yield "index.json", _json(settings)
    yield "papers.json", _json([record_of(paper, numbers) for paper in papers])
    yield "texts.json", _json([texts_of_paper(paper) for paper in papers])
    yield "words.bin", words.content
    if model is not None:
        # Without the words of a model nothing tells a slip from a right word.
        yield "spellings.json", _json(dict(generation.spellings.papers))
        yield "vectors.bin", vectors_of(generation, generation.attributes.ids)
        yield "table.bin", model[1].content
        yield "pieces.json", _json(model[1].pieces)


def _json(value: Any) -> bytes:  # noqa: ANN401 - JSON
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _checked_address(base_url: str) -> str:
    """Return the address with a slash at its end.

    Raises:
        UsageError: It is not a web address.
    """
    if not base_url:
        return ""
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise UsageError(
            f"the address of the page is {base_url!r}; "
            "give a web address like https://example.org/papers/"
        )
    return base_url if base_url.endswith("/") else f"{base_url}/"
