"""The numbers by which a static model is made."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["Recipe"]


@dataclass(frozen=True)
class Recipe:
    """The numbers of the training; one set serves every collection."""

    version: int = 4
    """Grows with changes of the training that no number here shows."""
    dimension: int = 255
    """Of the table; a vector has one number more, which all texts share."""
    papers: int = 20_000
    """At most this many papers are read."""
    documents: int = 500
    """The teacher reads the whole text of at most this many of them, and only the title of
    the others."""
    documents_share: float = 0.1
    """In a small collection it reads the whole text of this share."""
    least_documents: int = 100
    """But it reads the whole text of at least this many."""
    alone: int = 9_000
    """The teacher reads at least this many tokens alone. The vectors of the others are guessed."""
    alone_a_paper: int = 5
    """In a large collection it reads this many tokens for each paper."""
    words: int = 24_000
    """At most this many words get a row besides the teacher's own tokens."""
    word_count: int = 20
    """How often a word must occur to get one."""
    common: float = 1e-3
    """The share of all tokens at which a token weighs half: the `a` of a / (a + p)."""
    prior: int = 50_000
    """Tokens of ordinary English that are counted too, in Zipf's distribution."""
    least_steps: int = 60
    most_steps: int = 300
    texts_a_step: int = 64
    """Between the two, one step for this many texts: few papers are soon learned by heart."""
    batch: int = 512
    rate: float = 5e-3
    """Adam's learning rate, for rows with norms of about 1; falls to 0 over the steps."""
    contrast: float = 0.2
    """Weight of the contrast beside that of the regression, which is 1."""
    pairs: int = 256
    """Pairs of title and abstract that are contrasted in a step."""
    temperature: float = 0.05
    seed: int = 0

    def describe(self) -> dict[str, Any]:
        """Return the numbers by name."""
        return asdict(self)

    def documents_of(self, papers: int) -> int:
        """Return how many of some papers the teacher reads whole."""
        share = int(self.documents_share * papers)
        return min(self.documents, max(self.least_documents, share))

    def steps_for(self, texts: int) -> int:
        """Return how many steps of fitting a number of texts gets."""
        return min(self.most_steps, max(self.least_steps, texts // self.texts_a_step))
