"""A generation: the derived files that answer, written whole and checked before use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from rftsearch.errors import REPAIR, IndexDamagedError, IndexStateError
from rftsearch.files import check_files, refused, system_error, verify_files
from rftsearch.index.engines.base import VectorIndex
from rftsearch.index.engines.registry import DEFAULT_ENGINE, open_vectors
from rftsearch.index.engines.tantivy_lexical import LexicalIndex
from rftsearch.index.generations.agreement import check_agreement
from rftsearch.index.generations.layout import (
    ACRONYMS,
    ATTRIBUTES,
    CENTRES,
    EXPECTATION,
    GONE,
    JOINED,
    LEXICAL,
    MAP,
    PAIRS,
    ROWS,
    SPELLINGS,
    TITLES,
    VECTORS,
    WORDS,
)
from rftsearch.index.generations.manifest import Manifest, model_folder
from rftsearch.index.generations.preload import answers_once
from rftsearch.index.store.store import Store
from rftsearch.index.tables.acronyms import Acronyms
from rftsearch.index.tables.attributes import Attributes
from rftsearch.index.tables.forward_index import ForwardIndex
from rftsearch.index.tables.meaning_scale import LEAST, SAMPLED, MeaningScale
from rftsearch.index.tables.npy import open_array
from rftsearch.index.tables.paper_map import Projection
from rftsearch.index.tables.rows import (
    BY_TERM,
    FileRows,
    Rows,
    Stacked,
    every_row,
    in_single,
    places_of,
    rows_of,
)
from rftsearch.index.tables.title_model import TitleToText
from rftsearch.types import BoolArray, FloatArray, IdArray, IndexArray

if TYPE_CHECKING:
    from rftsearch.index.engines.parts import Proposer, Records, WordIndex
    from rftsearch.index.tables.forward_index import TermTable
    from rftsearch.index.tables.spellings import Spellings

__all__ = ["Generation", "explained_failure"]

TOKENIZER = "tokenizer.json"
_ALWAYS = frozenset({ATTRIBUTES, TITLES, CENTRES, EXPECTATION, MAP})
"""Files that every generation has, besides those of its engines."""
MAPPED = 3 << 30
"""Up to this many bytes of titles and terms are held; beyond, rows are read when needed."""


@dataclass(frozen=True)
class Generation:
    """One published state of an index, opened: nothing of it ever changes."""

    manifest: Manifest
    store: Records
    attributes: Attributes
    vectors: VectorIndex
    """Of title and abstract, by id."""
    rows: IdArray
    """(r,) int64, ascending: whose the rows of the next three are; some may be of papers
    that are no longer here."""
    titles: Rows
    """Vectors of the titles, (r, dimension) float16."""
    unigrams: TermTable
    bigrams: TermTable
    """Of neighbouring words."""
    lexical: WordIndex
    map: Projection
    """Of all papers, or of a sample of them."""
    mean_vector: FloatArray
    """Mean of the vectors of papers with more than a title, (dimension,) float32."""
    title_mean_vector: FloatArray
    """Mean of the vectors of titles, (dimension,) float32."""
    title_to_text: TitleToText
    """Predicts the vector of a paper's text where only its title is known."""
    acronyms_file: bytes | None
    """What `acronyms` is read from; None for an index that was built without."""
    index: Path
    """The folder of the index; behind an address, the folder of its small files."""
    proposer: Proposer | None = None
    """Proposes candidates by vectors and words at once; None if `vectors` and `lexical` do."""

    @classmethod
    def open(cls, index: Path) -> Self:
        """Open the current generation of an index.

        Raises:
            IndexMissingError, IndexDamagedError, IndexFormatError: See errors.
        """
        for attempt in range(3):
            manifest = Manifest.read(index)
            try:
                return cls.of(index, manifest, current=True)
            except IndexDamagedError:
                # Builds may have published twice since the manifest was read and
                # taken its files away; then there is a newer one to open.
                if attempt == 2 or Manifest.read(index) == manifest:
                    raise
        raise AssertionError("unreachable")

    @classmethod
    def of(cls, index: Path, manifest: Manifest, *, current: bool = False) -> Self:
        """Open one generation of an index.

        Args:
            index: The index folder.
            manifest: Of the generation.
            current: Whether it must be the one that was published last.

        Raises:
            IndexDamagedError: A file is missing, altered, or does not belong to the others.
            IndexReadError: The system refuses to read one.
        """
        store = Store.open(index, held=not answers_once())
        try:
            if current:
                check_agreement(index, manifest, store)
            return cls._of(index, manifest, store)
        except BaseException as error:
            store.close()
            if isinstance(error, IndexStateError | KeyboardInterrupt | SystemExit):
                raise
            # Libraries have errors of their own for damage.
            raise explained_failure(index, manifest, error) from error

    @classmethod
    def _of(cls, index: Path, manifest: Manifest, store: Store) -> Self:
        folder = manifest.folder(index)
        if not manifest.files.keys() >= _ALWAYS:
            raise IndexDamagedError(f"the manifest of {index} lacks files; {REPAIR}")
        check_files(folder, manifest.files)
        lexical = LexicalIndex.open(folder / LEXICAL)
        attributes = Attributes.open(folder / ATTRIBUTES, manifest.categories, lexical)
        small = _read_here_and_there(manifest) <= MAPPED
        base = open_vectors(folder / VECTORS, manifest.vectors)
        own = (open_array if small else FileRows)(folder / TITLES)
        unigrams, bigrams = (
            ForwardIndex.open(folder / name, in_memory=small) for name in (WORDS, PAIRS)
        )
        vectors = base
        titles: Rows = own
        rows = attributes.sorted_ids
        if ROWS in manifest.files:
            rows, joined = open_array(folder / ROWS, np.int64, (None,)), folder / JOINED
            if not 0 < len(own) <= len(rows):
                raise IndexDamagedError(f"the files in {folder} do not belong together; {REPAIR}")
            from rftsearch.index.engines.segmented import (  # noqa: PLC0415 - few indexes need it
                SegmentedVectors,
            )

            vectors = SegmentedVectors(
                base,
                DEFAULT_ENGINE.open(joined / VECTORS, None),
                open_array(folder / GONE, np.int64, (None,)),
                int(rows[len(own) - 1]),
            )
            unigrams = ForwardIndex.stacked(unigrams, ForwardIndex.open(joined / WORDS))
            bigrams = ForwardIndex.stacked(bigrams, ForwardIndex.open(joined / PAIRS))
            titles = Stacked([own, open_array(joined / TITLES)])
        sizes = (
            {len(attributes), len(vectors), len(lexical)},
            {*map(len, (rows, titles, unigrams, bigrams))},
        )
        if any(len(each) > 1 for each in sizes) or vectors.dimension != manifest.model.dimension:
            raise IndexDamagedError(f"the files in {folder} do not belong together; {REPAIR}")
        means = open_array(folder / CENTRES, np.float32, (2, vectors.dimension))
        return cls(
            manifest=manifest,
            store=store,
            attributes=attributes,
            vectors=vectors,
            rows=rows,
            titles=titles,
            unigrams=unigrams,
            bigrams=bigrams,
            lexical=lexical,
            map=Projection.open(folder / MAP),
            mean_vector=means[0],
            title_mean_vector=means[1],
            acronyms_file=(folder / ACRONYMS).read_bytes() if ACRONYMS in manifest.files else None,
            index=index,
            title_to_text=TitleToText(*open_array(folder / EXPECTATION, np.float64, (2,)).tolist()),
        )

    @property
    def number(self) -> int:
        """Which generation this is."""
        return self.manifest.generation

    def places(self, ids: IdArray) -> IndexArray:
        """The rows of known ids in titles, unigrams and bigrams, (n,)."""
        return places_of(ids, self.rows)

    @cached_property
    def spellings(self) -> Spellings:
        """How words are spelt here; read when a question has a word that no paper has.

        Raises:
            IndexDamagedError: The file is damaged.
            OSError: It cannot be read; a newer generation may have taken it away.
        """
        from rftsearch.index.tables.spellings import Spellings  # noqa: PLC0415 - seldom needed

        if SPELLINGS not in self.manifest.files:
            return Spellings({})
        return Spellings.read(self.manifest.folder(self.index) / SPELLINGS)

    @property
    def tokenizer_file(self) -> Path | None:
        """Where the tokenizer of the model is; None if the index has no copy of the model."""
        export = self.manifest.export
        return None if export is None else model_folder(self.index, export) / TOKENIZER

    @cached_property
    def phrases(self) -> dict[str, BoolArray]:
        """Which rows of the attributes have a phrase, as far as it was looked up."""
        return {}

    @cached_property
    def named(self) -> dict[str, object]:
        """What the last questions name, for the room that looks it up."""
        return {}

    @cached_property
    def concepts(self) -> dict[str, FloatArray]:
        """How much each paper has of an acronym, as far as it was computed; of short lists."""
        return {}

    @cached_property
    def acronyms(self) -> Acronyms:
        """What the acronyms of its texts stand for."""
        return Acronyms() if self.acronyms_file is None else Acronyms.parse(self.acronyms_file)

    @cached_property
    def every_title(self) -> FloatArray:
        """All of `titles` in single precision; short lists ask for them often."""
        return in_single(every_row(self.titles))

    @cached_property
    def every_vector(self) -> FloatArray:
        """All of `vectors`, by ascending id, (n, dimension); for short lists too."""
        return self.vectors.vectors(self.attributes.sorted_ids)

    def meaning(self, ids: IdArray, vector: FloatArray, of_title: float) -> FloatArray:
        """The cosine of a question with text and title of some papers, their weighted mean.

        Where nothing but a title is known, its text is the one that titles let expect.

        Args:
            ids: (n,) int64, ascending.
            vector: (dimension,) float32, the question's, of unit norm.
            of_title: How much the title counts, where the text counts 1.

        Returns:
            (n,) float32.
        """
        # By `vecdot` here and elsewhere: `@` wakes the threads of BLAS, to wait for them.
        if len(ids) < len(self.vectors):
            texts, titles = self.texts_and_titles(ids)
            total = np.vecdot(texts, vector) + of_title * np.vecdot(titles, vector)
            return np.asarray(total / (1 + of_title), np.float32)
        # All there are, as in every short list: one product instead of two.
        found = self._meanings.get(of_title)
        if found is None:
            texts, titles = self.texts_and_titles(ids)
            found = np.asarray((texts + of_title * titles) / (1 + of_title), np.float32)
            self._meanings.clear()  # one is enough, unless weights are being compared
            self._meanings[of_title] = found
        return np.asarray(np.vecdot(found, vector))

    def meaning_scale(self, of_title: float) -> MeaningScale:
        """Return the scale of `meaning`, measured by an even sample of the papers.

        Args:
            of_title: As for `meaning`.
        """
        found = self._scales.get(of_title)
        if found is None:
            ids = self.attributes.sorted_ids
            known = self.attributes.described(self.attributes.rank(ids))
            described = int(known.sum()) >= LEAST
            some = ids[known] if described else ids
            some = some[np.linspace(0, len(some) - 1, min(SAMPLED, len(some))).astype(np.intp)]
            texts, titles = self.texts_and_titles(some)
            texts = np.asarray((texts + of_title * titles) / (1 + of_title), np.float32)
            found = MeaningScale.measure(titles, texts, described=described)
            self._scales[of_title] = found
        return found

    @cached_property
    def _scales(self) -> dict[float, MeaningScale]:
        return {}

    @cached_property
    def _meanings(self) -> dict[float, FloatArray]:
        return {}

    def texts_and_titles(self, ids: IdArray) -> tuple[FloatArray, FloatArray]:
        """Return what is compared in meaning: vectors of texts and titles, (n, dimension) each.

        Where nothing but a title is known, the vector of the text is predicted from it.

        Args:
            ids: (n,) int64, ascending.
        """
        titles = in_single(rows_of(self.titles, self.places(ids)))
        texts = self.vectors.vectors(ids)
        bare = ~self.attributes.described(self.attributes.rank(ids))
        texts[bare] = self.title_to_text.vectors(titles[bare], self.mean_vector)
        return texts, titles

    def close(self) -> None:
        """Close its files."""
        self.store.close()


def explained_failure(index: Path, manifest: Manifest, error: BaseException) -> IndexStateError:
    """Return what to raise for an unexpected error inside a generation.

    Its files are verified, so that damage is named.

    Args:
        index: The index folder.
        manifest: Of the generation.
        error: What a library raised.
    """
    folder = manifest.folder(index)
    if (reason := system_error(error)) is not None:
        return refused(reason, folder)
    try:
        verify_files(folder, manifest.files)
    except IndexStateError as found:
        return found
    said = " ".join(str(error).split())[:200] or type(error).__name__
    return IndexDamagedError(f"the files in {folder} cannot be used ({said}); {REPAIR}")


_RUNS = f"{WORDS}/{BY_TERM}"
"""Files that are read in a few long runs."""


def _read_here_and_there(manifest: Manifest) -> int:
    """Return the bytes of the files from which a question reads a few hundred rows."""
    return sum(
        entry.size
        for name, entry in manifest.files.items()
        if name == TITLES
        or (name.startswith((f"{WORDS}/", f"{PAIRS}/")) and not name.startswith(_RUNS))
    )
