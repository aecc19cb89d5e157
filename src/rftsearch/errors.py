"""The errors of rftsearch.

Every error that a user can cause is one of these. Its message is one line that names
the cure. The tree::

    RftsearchError
    ├── UsageError                the command or call itself is wrong
    │   ├── QueryError            an empty query, a k below one
    │   ├── FilterError           an unknown or ambiguous category, a malformed month
    │   └── UnknownPaperError     no such paper; carries the closest known names
    ├── SourceError               a list or a file of abstracts that cannot be read
    ├── FetchError                arXiv, or the address of a list, did not answer
    ├── OutputError               a file that cannot be written
    ├── ModelError                an embedding model that cannot be loaded or used
    └── IndexStateError           something about the index on disk
        ├── IndexMissingError     there is no index
        ├── IndexDamagedError     a file is missing, cut short or altered
        ├── IndexFormatError      written by another version, or by another program
        ├── ModelMismatchError    built with another embedding model
        ├── IndexLockedError      another build is writing
        ├── IndexReadError        no right to read, too many open files, a broken disk
        ├── IndexServerError      a server that does not answer, refuses, or is full
        └── IndexWriteError       a full disk, a folder without write permission

The command line ends with exit code 2 for a `UsageError` and 1 for the rest.
"""

from __future__ import annotations

__all__ = [
    "CONTRADICTED",
    "REPAIR",
    "FetchError",
    "FilterError",
    "IndexDamagedError",
    "IndexFormatError",
    "IndexLockedError",
    "IndexMissingError",
    "IndexReadError",
    "IndexServerError",
    "IndexStateError",
    "IndexWriteError",
    "ModelError",
    "ModelMismatchError",
    "OutputError",
    "QueryError",
    "RftsearchError",
    "SourceError",
    "UnknownPaperError",
    "UsageError",
]

REPAIR = "`rftsearch build --repair` writes it again from the store"
"""The cure for every damaged derived file."""


CONTRADICTED = (
    "a backup was restored in part: restore all of it, or run `rftsearch build --repair` to "
    "go on with what the store holds"
)
"""The cure where manifest and store do not belong together."""


class RftsearchError(Exception):
    """Base of every error this package raises on purpose."""


class UsageError(RftsearchError):
    """A mistake in what was asked."""


class QueryError(UsageError):
    """A query or a number of results that makes no sense."""


class FilterError(UsageError):
    """A filter that names something that does not exist."""


class UnknownPaperError(UsageError):
    """The index has no paper with this id or name.

    Attributes:
        asked: What was asked for.
        suggestions: The closest short names of the index, best first; may be empty.
        cure: What is known about it, or what to do; None to suggest names of the index.
    """

    def __init__(
        self, asked: str, suggestions: tuple[str, ...] = (), cure: str | None = None
    ) -> None:
        """Make the message from what was asked, and from the suggestions or the cure."""
        self.asked = asked
        self.suggestions = suggestions
        self.cure = cure
        cure = cure or (
            f"did you mean {', '.join(suggestions)}?"
            if suggestions
            else "`rftsearch list` names every paper"
        )
        super().__init__(f"no paper called {asked!r} in this index; {cure}")


class SourceError(RftsearchError):
    """A list or a file of abstracts that cannot be read.

    Attributes:
        problems: What was not understood of it, see `rftsearch.Problem`; may be empty.
    """

    def __init__(self, message: str, problems: tuple[object, ...] = ()) -> None:
        """Make it of a message that names the cure."""
        super().__init__(message)
        self.problems = problems


class FetchError(RftsearchError):
    """arXiv or the address of a list did not answer, or the answer cannot be used."""


class OutputError(RftsearchError):
    """A file that cannot be written."""


class ModelError(RftsearchError):
    """An embedding model that cannot be found, loaded or used."""


class IndexStateError(RftsearchError):
    """Base of the errors about the index on disk."""


class IndexMissingError(IndexStateError):
    """There is no index in this folder."""


class IndexDamagedError(IndexStateError):
    """A file of the index is missing, cut short or altered."""


class IndexFormatError(IndexStateError):
    """The index was written by another version of rftsearch, or by another program."""


class ModelMismatchError(IndexStateError):
    """The index was built with another embedding model than the one in use."""


class IndexLockedError(IndexStateError):
    """Another process is building this index."""


class IndexReadError(IndexStateError):
    """The system refuses to read the index; it may be intact."""


class IndexServerError(IndexStateError):
    """The server that holds an index does not answer, refuses what is asked, or is full."""


class IndexWriteError(IndexStateError):
    """The index cannot be written: a full disk, a folder without permission."""
