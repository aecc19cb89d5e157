"""Says that the model reads English, where a question is in another language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from rftsearch.papers.asked.understood import Part
from rftsearch.search.understanding.reading import Reading

__all__ = ["TABLE", "read_language"]

_SMALL_WORD = re.compile(
    r"\b(?:de|la|le|les|des|du|et|en|un|une|der|die|das|den|dem|und|mit|ohne|von|zu|par|eine?[rsm]?|nicht"
    r"|auf|con|sin|para|por|los|las|del|el|que|di|che|della|senza|com|sem|uma?|dos|het|een|van|met"
    r"|voor|sur|pour|avec|sans|dans|och|med|utan|jest|dla|bez|oraz|ile|bir|dan|yang|untuk|dengan"
    r"|tanpa)\b",
    re.IGNORECASE,
)
"""A cue that costs nothing: a small word of another language."""
_SAID = "the model of this index reads English; ask in English for better answers"

TABLE: Mapping[str, Any] = {"cue": _SMALL_WORD, "said": _SAID}
"""What a browser needs to read such parts alike: see `rftsearch.publish.reading`."""


def read_language(reading: Reading) -> Iterator[Part]:
    """Yield a note if the model cannot read the question."""
    free = " ".join(word.text for word in reading.free_words())  # Without names of people.
    if free.isascii() and not _SMALL_WORD.search(free):
        return
    from rftsearch.search.words.language import cannot_be_read  # noqa: PLC0415 - seldom

    if cannot_be_read(reading.generation, free):
        yield Part("language", "note", 0, 0, "", _SAID, instead=None)
