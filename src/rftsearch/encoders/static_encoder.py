"""The static encoder: the vector of a text is the sum of its words' vectors, from a table.

No network is run: the cost of a text is that of looking up its words. There are few
words and many texts, so the tokenizer sees each distinct word once, and its pieces
are remembered.
"""

from __future__ import annotations

import json
import re
import shutil
from collections import ChainMap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from rftsearch.encoders.base import FileStamps
from rftsearch.encoders.chunking import readable
from rftsearch.encoders.model_files import STATIC_SETTINGS, ModelFiles
from rftsearch.errors import ModelError
from rftsearch.types import AnyArray, BoolArray, FloatArray, TokenArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = [
    "FILES",
    "MADE_FROM",
    "SHARED",
    "TOKENIZER",
    "StaticEncoder",
    "StaticModel",
    "WordReader",
    "copy_static",
    "words_of",
]


MADE_FROM = "made_from"
"""A field of the settings: how many papers the collection had."""

SHARED = "shared"
"""A field of the settings: the cosine that any two documents of the collection share."""

TABLE = "model.safetensors"
TOKENIZER = "tokenizer.json"
FILES = (STATIC_SETTINGS, TABLE, TOKENIZER)
FORMAT = 1

REMEMBERED = 250_000
"""Words whose pieces are kept: more than 200,000 abstracts have, in about 40 MB."""
LONGEST = 64
"""Letters of the longest of them: a visitor of the page could send thousands."""

# A word ends at white space and at ASCII punctuation, where the tokenizer of BERT splits
# too. Where else it splits, it splits within such a word.
_WORD = re.compile(r"[^\s!-/:-@\[-`{-~]+")


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case, without the punctuation between them."""
    return _WORD.findall(text.lower())


class WordReader:
    """Reads texts as rows of a table. Several threads may share one."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        """Use a tokenizer that first splits at white space and punctuation."""
        self._tokenizer = tokenizer
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._unknown = tokenizer.token_to_id("[UNK]")
        self._pieces: dict[str, tuple[int, ...]] = {}

    def rows(self, texts: Sequence[str]) -> list[TokenArray]:
        """Return the rows of each text in the order of its words; unknown words have none."""
        split = [words_of(text) for text in readable(texts)]
        pieces = self._pieces_of(set(chain.from_iterable(split)))
        return [
            np.fromiter(chain.from_iterable(map(pieces.__getitem__, words)), np.int32)
            for words in split
        ]

    def _pieces_of(self, words: set[str]) -> Mapping[str, tuple[int, ...]]:
        """The pieces of all remembered words, with these words among them."""
        if long := {word for word in words if len(word) > LONGEST}:
            return ChainMap(self._encoded(long), self._remembered(words - long))
        return self._remembered(words)

    def _remembered(self, words: set[str]) -> dict[str, tuple[int, ...]]:
        pieces = self._pieces
        # Not as a difference of sets, which would go through all remembered words.
        new = sorted(word for word in words if word not in pieces)
        if len(pieces) + len(new) > REMEMBERED:
            # Begin a new dictionary: other threads may still read the old one.
            pieces, new = {}, sorted(words)
        pieces |= self._encoded(new)
        self._pieces = pieces
        return pieces

    def _encoded(self, words: Iterable[str]) -> dict[str, tuple[int, ...]]:
        each = list(words)
        encodings = self._tokenizer.encode_batch_fast(each, add_special_tokens=False)
        return {
            word: tuple(row for row in encoding.ids if row != self._unknown)
            for word, encoding in zip(each, encodings, strict=True)
        }


@dataclass(frozen=True)
class StaticModel:
    """A table of vectors and the tokenizer that finds their rows."""

    rows: npt.NDArray[np.int8]
    """(tokens, dimension) int8: a row times its scale is the vector of a token."""
    scales: FloatArray
    """(tokens,) float32."""
    tokenizer: str
    """A tokenizer, in the JSON of its library."""
    settings: dict[str, Any]
    """How the model was made, for people to read."""

    @classmethod
    def of(cls, vectors: FloatArray, tokenizer: str, settings: dict[str, Any]) -> Self:
        """Make a model of vectors, (tokens, dimension) float32, with one byte for each number."""
        scales = np.maximum(np.abs(vectors).max(axis=1), 1e-12) / 127
        rows = np.rint(vectors / scales[:, None]).astype(np.int8)
        return cls(rows, scales.astype(np.float32), tokenizer, settings)

    @property
    def vectors(self) -> FloatArray:
        """(tokens, dimension) float32: the vector of a token, its weight included."""
        return np.multiply(self.rows, self.scales[:, None], dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write it into a folder, the same bytes for the same model.

        Raises:
            OSError: It cannot be written.
        """
        from safetensors.numpy import save  # noqa: PLC0415 - for builds alone

        tensors: dict[str, AnyArray] = {"rows": self.rows, "scales": self.scales}
        (folder / TABLE).write_bytes(save(tensors))
        (folder / TOKENIZER).write_text(self.tokenizer, "utf-8")
        # Last: a folder that has it holds a whole model.
        settings = {"format": FORMAT, **self.settings}
        (folder / STATIC_SETTINGS).write_text(json.dumps(settings, indent=2) + "\n", "utf-8")

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Read what `save` wrote.

        Raises:
            ModelError: It is not a static model, or one of another version.
        """
        from safetensors.numpy import load_file  # noqa: PLC0415 - only where words are encoded

        try:
            settings = json.loads((folder / STATIC_SETTINGS).read_text("utf-8"))
            if settings.pop("format") != FORMAT:
                raise ModelError(
                    f"{folder} was made by another version of rftsearch; "
                    "`rftsearch build --model static` makes a new one"
                )
            tensors = load_file(folder / TABLE)
            rows, scales = tensors["rows"], tensors["scales"]
            if not 0 <= settings[SHARED] < 1:
                raise ValueError("no cosine")
            if rows.dtype != np.int8 or rows.ndim != 2 or scales.shape != rows.shape[:1]:
                raise ValueError("another kind of table")
            tokenizer = (folder / TOKENIZER).read_text("utf-8")
        except ModelError:
            raise
        except Exception as error:  # safetensors raises a kind of its own.
            raise ModelError(
                f"{folder} cannot be read as a static model; "
                "`rftsearch build --model static` makes one"
            ) from error
        return cls(rows, scales, tokenizer, settings)


def copy_static(folder: Path, into: Path) -> None:
    """Copy the files of a static model into another folder.

    Raises:
        OSError: They cannot be copied.
    """
    for name in FILES:
        shutil.copyfile(folder / name, into / name)


class StaticEncoder:
    """A static model that encodes; several threads may share one, and none waits.

    Queries and documents are read alike, whatever their length. The last number of a
    vector is the same for every text: it stands for what all documents share, which the
    table leaves out, and makes cosines as large as those of the model that the table
    was made from, so that they count the same in a ranking. A text without a known
    word, such as an empty one, has only that number.
    """

    batch_size = 1024
    """Documents between two visits of a build to the store: to encode them takes no time."""

    def __init__(self, folder: Path, name: str, fingerprint: str | None = None) -> None:
        """Load a static model.

        Args:
            folder: Where it is.
            name: How the user calls it.
            fingerprint: The known one; None: hash the files.

        Raises:
            ModelError: It is missing or cannot be read.
        """
        from tokenizers import Tokenizer  # noqa: PLC0415 - only where words are encoded

        self.folder = folder
        self.name = name
        self.fingerprint = fingerprint or ModelFiles(folder).fingerprint()
        model = StaticModel.open(folder)
        try:
            self._reader = WordReader(Tokenizer.from_str(model.tokenizer))
        except Exception as error:  # tokenizers raises Exception itself.
            raise ModelError(
                f"the tokenizer in {folder} cannot be read; "
                "`rftsearch build --model static` makes another model"
            ) from error
        self.settings = model.settings
        self._vectors = model.vectors
        self._shared = float(model.settings[SHARED])

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        return int(self._vectors.shape[1]) + 1

    @property
    def stamps(self) -> FileStamps:
        """Return nothing: the index keeps a copy, and checks it itself."""
        return {}

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Embed queries: (n, dimension) float32, rows of unit norm."""
        return self._encode(texts)

    def encode_documents(self, texts: Sequence[str]) -> FloatArray:
        """Embed documents: (n, dimension) float32, rows of unit norm."""
        return self._encode(texts)

    def exceeds_limit(self, texts: Sequence[str]) -> BoolArray:
        """Return (n,) bool, all False: no text is too long."""
        return np.zeros(len(texts), np.bool_)

    def _encode(self, texts: Sequence[str]) -> FloatArray:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        own = vectors[:, :-1]
        # Text by text: the rows of one fit into the processor's cache, those of a batch do not
        # (np.add.reduceat over a batch took 12 times as long, a sparse product no less).
        for vector, rows in zip(own, self._reader.rows(texts), strict=True):
            self._vectors[rows].sum(axis=0, out=vector)
        norms = np.linalg.norm(own, axis=1, keepdims=True)
        own *= np.sqrt(1 - self._shared) / np.maximum(norms, 1e-12)
        vectors[:, -1] = np.where(norms[:, 0] > 0, np.sqrt(self._shared), 1)
        return vectors
