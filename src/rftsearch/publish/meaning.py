"""The generation that is published: the index itself, or one whose model a browser can run.

A browser can run a static model and no other. An index with another model is therefore
embedded once more, by a static model that is made from its own papers, in a folder that is
deleted afterwards; the index itself stays as it is.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rftsearch.encoders.model_files import STATIC, is_static
from rftsearch.errors import ModelError
from rftsearch.index.build.build import index_papers
from rftsearch.index.generations.generation import Generation
from rftsearch.index.generations.layout import ROWS
from rftsearch.index.generations.manifest import model_folder
from rftsearch.papers.paper import Paper
from rftsearch.types import Progress

__all__ = ["own_static_model", "published_generation"]


def own_static_model(index: Path, generation: Generation) -> Path | None:
    """Return the folder of the static model of an index; None if it has another model."""
    export = generation.manifest.export
    if export is None or not export.folder:
        return None
    folder = model_folder(index, export)
    return folder if is_static(folder) else None


@contextmanager
def published_generation(
    generation: Generation, papers: list[Paper], progress: Progress
) -> Iterator[tuple[Generation, Path]]:
    """Yield a generation of the papers with a static model, and the folder of that model.

    Args:
        generation: That of the index. It is the one that is published if its model is static
            and no papers were added since it was built as a whole: those that were added have
            weights that go with the papers of that time.
        papers: Its papers.
        progress: As for `build_index`.

    Raises:
        ModelError: The static model cannot be made.
    """
    own = own_static_model(generation.index, generation)
    if own is not None and ROWS not in generation.manifest.files:
        yield generation, own
        return
    with tempfile.TemporaryDirectory(prefix="rftsearch-publish-") as place:
        index = Path(place) / "index"
        index_papers(index, papers, encoder=str(own) if own else STATIC, progress=progress)
        made = Generation.open(index)
        try:
            model = own_static_model(index, made)
            if model is None:
                raise ModelError("no static model could be made; `--no-meaning` needs none")
            yield made, model
        finally:
            made.close()
