"""What an assistant is told of a catalogue comes from the catalogue."""

from __future__ import annotations

from rftsearch import Engine
from rftsearch.tools.instructions import instructions


def test_subject_size_span_and_limits_are_said(library):
    with Engine.open(library) as engine:
        text = instructions(engine)
    assert "one curated catalogue: Invented papers." in text
    assert "5 papers and 1 code project, released from 2025-02 to 2025-05" in text
    assert "video" in text.partition("Words that its titles share:")[2].partition(".")[0]
    assert "Vision (Image) (3), Vision (Video) (2), Audio (1)" in text
    assert "not arXiv" in text
    assert len(text) < 2_000
