"""A JSON file: the library of a reference manager, or a table of papers; its content tells."""

from __future__ import annotations

import json

from rftsearch.sources.base import ParsedList
from rftsearch.sources.libraries.csl_json import CslJson, is_csl_json
from rftsearch.sources.tables.table_file import TableFile
from rftsearch.sources.text_file import read_text

__all__ = ["JsonFile"]


class JsonFile(TableFile):
    """A JSON file of papers, of either kind."""

    __slots__ = ()

    def parse(self) -> ParsedList:
        """Read the file; a table without a single paper is no error.

        Raises:
            SourceError: It cannot be read, or is no JSON.
        """
        return CslJson(self.path).parse() if self._is_library() else super().parse()

    def _is_library(self) -> bool:
        try:
            return is_csl_json(json.loads(read_text(self.path)))
        except (ValueError, RecursionError):
            return False  # The reader of tables says on which line it is broken.
