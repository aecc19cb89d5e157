"""What of a paper is embedded and matched: never more than a bound."""

from __future__ import annotations

from rftsearch.papers.documents import LONGEST_TEXT, paper_terms, texts_of
from rftsearch.papers.paper import ArxivMetadata, Paper


def test_a_text_without_end_is_read_as_far_as_the_bound():
    paper = Paper("slug:x", "X", "A Title", ("Things",))
    metadata = ArxivMetadata("slug:x", "A Title", "word " * 2_000_000, authors=("A. Author",))
    long = paper.with_metadata(metadata)
    assert len(texts_of(long).body) < LONGEST_TEXT + 100
    assert len(paper_terms(long).body) <= LONGEST_TEXT // 5
