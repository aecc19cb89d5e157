"""Papers by their words, through tantivy.

One field holds the terms of a paper as `rftsearch.text.terms` makes them, so that
tantivy only splits at blanks. Another holds its names, run together without blanks or
case, for names that are typed in another way or with a slip.

tantivy maps its files. Small indexes are opened in a copy that is deleted at once, so
that nobody can overwrite or cut what is mapped; see `rftsearch.index.tables.npy`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
import tantivy

from rftsearch.errors import REPAIR, IndexDamagedError
from rftsearch.files import system_error
from rftsearch.types import FloatArray, IdArray

__all__ = ["LexicalDocument", "LexicalIndex", "LexicalWriter"]

_HEAP = 64_000_000
"""Bytes that writing may hold in memory."""
_LONGEST_BEGINNING = 256
"""Bytes of what a name or term may begin with; tantivy takes no expression of 1,000 states."""
_MOST_COPIED = 32 << 20
"""Indexes of up to this many bytes are opened in a copy: some 20,000 papers."""


@dataclass(frozen=True, slots=True)
class LexicalDocument:
    """One paper as it is indexed."""

    id: int
    terms: Sequence[str]
    """Of short name, title and abstract, each as often as it occurs."""
    keys: Sequence[str]
    """Its names, folded: letters and digits without blanks."""
    facts: Sequence[str] = ()
    """The keys of its authors and of where it was published."""


class LexicalWriter:
    """Takes the documents of an index that is being written."""

    def __init__(self, writer: tantivy.IndexWriter) -> None:
        """Write to tantivy."""
        self._writer = writer

    def add(self, document: LexicalDocument) -> None:
        """Index a document."""
        row = tantivy.Document()
        row.add_integer("id", document.id)
        row.add_text("terms", " ".join(document.terms))
        for field in ("keys", "facts"):
            for key in getattr(document, field):
                row.add_text(field, key)
        with _explained():
            self._writer.add_document(row)

    def remove(self, identifier: int) -> None:
        """Remove a document that an earlier writer indexed."""
        with _explained():
            self._writer.delete_documents_by_term("id", identifier)


class LexicalIndex:
    """The terms and names of papers, under stable integer ids.

    Searching is safe from several threads; an index never changes once it is made.
    """

    def __init__(self, index: tantivy.Index) -> None:
        """Wrap a tantivy index; use `writing` and `open`."""
        self._schema = index.schema
        self._searcher = index.searcher()
        # A question asks for each of its terms several times.
        self._frequency = lru_cache(1 << 12)(partial(self._searcher.doc_freq, "terms"))
        self._having_any = lru_cache(1 << 10)(self._count)
        self.has_facts = _has_facts(self._searcher)

    @staticmethod
    @contextmanager
    def writing(folder: Path) -> Iterator[LexicalWriter]:
        """Write an index into a folder, document by document, or continue the one there.

        Files that are there are replaced or deleted, never altered.

        Raises:
            OSError: It cannot be written; what is there is to be thrown away.
        """
        with _explained():
            index = _register(tantivy.Index(_schema(), path=str(folder)))
            # One thread: two would divide the documents in another way each time.
            writer = index.writer(heap_size=_HEAP, num_threads=1)
        yield LexicalWriter(writer)
        with _explained():
            writer.commit()
            writer.wait_merging_threads()
        for lock in folder.glob(".tantivy-*.lock"):
            lock.unlink()  # Nobody writes here any more.

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """Open an index that `writing` wrote and whose hashes were checked.

        Raises:
            IndexDamagedError: It is missing, or tantivy cannot read it.
            OSError: The system refuses to read it.
        """
        try:
            files = [path for path in folder.iterdir() if path.suffix != ".lock"]
            small = sum(path.stat().st_size for path in files) <= _MOST_COPIED
        except (FileNotFoundError, NotADirectoryError) as error:
            raise IndexDamagedError(f"cannot read {folder} ({error.strerror}); {REPAIR}") from error
        if small:
            try:
                return cls._open_elsewhere(folder, files, _copy)
            except OSError:
                pass  # There is no room for a copy, or no place: it is mapped where it is.
        try:
            return _open(folder)
        except (IndexDamagedError, OSError):
            # Opening makes a lock file, and in this folder it may not.
            return cls._open_elsewhere(folder, files, _link)

    @staticmethod
    def _open_elsewhere(
        folder: Path, files: Sequence[Path], bring: Callable[[Path, Path], object]
    ) -> LexicalIndex:
        """Open from a temporary folder, which is deleted once all files are mapped.

        Args:
            folder: The index, for errors.
            files: Its files.
            bring: Copies a file there, or links it.

        Raises:
            IndexDamagedError: As `open`.
            OSError: There is no room for the folder, or the system refuses to read.
        """
        with tempfile.TemporaryDirectory(prefix="rftsearch-", ignore_cleanup_errors=True) as place:
            for path in files:
                bring(path, Path(place, path.name))
            # The searcher maps every file at once, and keeps it when its name is gone.
            return _open(Path(place), folder)

    def __len__(self) -> int:
        """Return how many papers there are."""
        return int(self._searcher.num_docs)

    def frequency(self, term: str) -> int:
        """Return how many papers have a term."""
        return int(self._frequency(term))

    def frequency_of_any(self, forms: tuple[tuple[str, ...], ...]) -> int:
        """Return how many papers have each term of at least one of some forms, each 1 or more."""
        return self._having_any(forms)

    def is_name(self, key: str) -> bool:
        """Return whether a paper has this key; far cheaper than to find out which."""
        return bool(self._searcher.doc_freq("keys", key))

    def fact_count(self, key: str) -> int:
        """Return how many papers have the key of a fact."""
        return int(self._searcher.doc_freq("facts", key)) if self.has_facts else 0

    def having(self, key: str) -> IdArray:
        """Return all papers that have the key of a fact, (n,) int64 ids."""
        if not self.fact_count(key):
            return np.empty(0, np.int64)
        return self._find(self._term("facts", key), len(self), None)[1]

    def nearly(self, key: str) -> IdArray:
        """Return papers with the key of a fact that differs by one slip, (n,) int64 ids."""
        if not self.has_facts:
            return np.empty(0, np.int64)
        query = tantivy.Query.fuzzy_term_query(self._schema, "facts", key, distance=1)
        return self._find(query, len(self), None)[1]

    def facts_beginning(self, key: str, k: int = 100) -> IdArray:
        """Find at most k papers with the key of a fact that begins so, (r,) int64 ids."""
        if not self.has_facts or len(key.encode()) > _LONGEST_BEGINNING:
            return np.empty(0, np.int64)
        pattern = "".join(f"\\{sign}" if sign in ".=~ " else sign for sign in key)
        query = tantivy.Query.regex_query(self._schema, "facts", f"{pattern}.*")
        return self._find(query, k, None)[1]

    def search(
        self, terms: Sequence[str], k: int, allowed: IdArray | None = None
    ) -> tuple[FloatArray, IdArray]:
        """Find the k papers of greatest BM25 for some terms; see `WordIndex.search`."""
        wanted = [self._term("terms", term) for term in dict.fromkeys(terms)]
        return self._find(_any_of(wanted), k, allowed)

    def with_terms(self, terms: Sequence[str]) -> IdArray:
        """Find all papers that have each of some terms, (r,) int64 ids in no order."""
        wanted = [(tantivy.Occur.Must, self._term("terms", term)) for term in dict.fromkeys(terms)]
        return self._find(tantivy.Query.boolean_query(wanted), len(self), None)[1]

    def named(self, key: str, slips: int = 0) -> IdArray:
        """Find papers by a name that may have some slips; see `WordIndex.named`."""
        if not key or (not slips and not self.is_name(key)):
            return np.empty(0, np.int64)
        query = (
            tantivy.Query.fuzzy_term_query(self._schema, "keys", key, distance=slips)
            if slips
            else self._term("keys", key)
        )
        return self._find(query, 100, None)[1]

    def beginning(self, key: str, k: int = 100) -> IdArray:
        """Find at most k papers with a name that begins with letters or digits, (r,) int64 ids."""
        if not _begins_words(key):
            return np.empty(0, np.int64)
        return self._find(tantivy.Query.regex_query(self._schema, "keys", f"{key}.*"), k, None)[1]

    def completing(
        self, terms: Sequence[str], others: Sequence[str], beginning: str, k: int
    ) -> IdArray:
        """Find papers while a word is still being typed; see `WordIndex.completing`."""
        last = [self._term("terms", term) for term in dict.fromkeys(others)]
        if _begins_words(beginning):
            last.append(tantivy.Query.regex_query(self._schema, "terms", f"{beginning}.*"))
        every = [*(self._term("terms", term) for term in dict.fromkeys(terms)), _any_of(last)]
        query = tantivy.Query.boolean_query([(tantivy.Occur.Must, one) for one in every])
        return self._find(query, k, None)[1]

    def _count(self, forms: tuple[tuple[str, ...], ...]) -> int:
        every = [
            tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, self._term("terms", term)) for term in dict.fromkeys(form)]
            )
            for form in forms
        ]
        found = self._searcher.search(_any_of(every), 1, count=True)
        return int(found.count)  # type: ignore[attr-defined]  # its stubs lack it

    def _find(
        self, query: tantivy.Query, k: int, allowed: IdArray | None
    ) -> tuple[FloatArray, IdArray]:
        if allowed is None:
            return self._run(query, k)
        # Its answer is filtered: given the ids, tantivy compares all of them, which takes
        # longer than to read the words of few papers, as the ranking does.
        wanted = k
        while True:
            scores, ids = self._run(query, wanted)
            kept = np.isin(ids, allowed)
            if kept.sum() >= k or len(ids) < wanted:
                return scores[kept][:k], ids[kept][:k]
            wanted *= 4

    def _run(self, query: tantivy.Query, k: int) -> tuple[FloatArray, IdArray]:
        hits = self._searcher.search(query, max(1, min(k, len(self))), count=False).hits
        ids = self._searcher.fast_field_values("id", [address for _, address in hits])
        scores = np.array([score for score, _ in hits], dtype=np.float32)
        return scores, np.array(ids, dtype=np.int64)

    def _term(self, field: str, term: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, term, index_option="freq")


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except ValueError as error:  # tantivy reports every failure so, a full disk included.
        raise OSError(0, str(error)) from error


def _open(place: Path, folder: Path | None = None) -> LexicalIndex:
    """Open an index.

    Args:
        place: Where its files are.
        folder: What to call it in errors; None for the place itself.

    Raises:
        IndexDamagedError: tantivy cannot read it.
        OSError: The system refuses to read it.
    """
    try:
        return LexicalIndex(_register(tantivy.Index.open(str(place))))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # A panic of Rust is no Exception.
        if (reason := system_error(error)) is not None:
            raise reason from error
        raise IndexDamagedError(f"tantivy cannot read {folder or place}; {REPAIR}") from error


def _copy(path: Path, place: Path) -> None:
    place.write_bytes(path.read_bytes())


def _link(path: Path, place: Path) -> None:
    place.symlink_to(path.resolve())


def _begins_words(key: str) -> bool:
    """Whether a key may begin a name or term, and is no longer than tantivy takes."""
    return key.isalnum() and len(key.encode()) <= _LONGEST_BEGINNING


def _any_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", indexed=True, fast=True)
    builder.add_text_field("terms", tokenizer_name="blanks", index_option="freq")
    builder.add_text_field("keys", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("facts", tokenizer_name="raw", index_option="basic")
    return builder.build()


def _has_facts(searcher: tantivy.Searcher) -> bool:
    """Return whether an index has facts; one that was built before there were any has not."""
    try:
        searcher.doc_freq("facts", "")
    except ValueError:
        return False
    return True


def _register(index: tantivy.Index) -> tantivy.Index:
    blanks = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("blanks", blanks)
    return index
