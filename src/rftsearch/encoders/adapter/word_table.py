"""A table of words beside a transformer: what written queries taught of single words.

A text's vector is that of the transformer, and then the sum of its words' vectors is added,
both brought to length one and the sum multiplied by a share. A transformer of this size says
what a text is about; the sum says which of its words tell papers apart. The table is fitted
while the transformer stays as it is (`scripts/train_words.py`), so that the two complete each
other, as a ranker on words and one on vectors do in CLEAR (Gao et al. 2021). The sum lies in
the same space, so that vectors grow no longer.
"""

from __future__ import annotations

from rftsearch.encoders.learning.packed_rows import PackedRows
from rftsearch.errors import ModelError
from rftsearch.types import FloatArray

__all__ = ["WordTable"]

SHARE = "share"
"""What the file says beside its numbers: by how much the sum of the words counts."""


class WordTable(PackedRows):
    """Vectors of single tokens, which are added to those of a transformer."""

    @property
    def share(self) -> float:
        """Return the length of the sum that is added to a vector of length one.

        Raises:
            ModelError: The file does not say it.
        """
        try:
            share = float(self.about[SHARE])
        except (KeyError, ValueError):
            share = 0.0
        if not 0 < share < 10:
            raise ModelError("the table of words does not say its share; reinstall rftsearch")
        return share

    def way_back(self) -> FloatArray:
        """Return the map from a sum of unit length to what is added, (directions, dimension)."""
        return self.axes.T * self.share
