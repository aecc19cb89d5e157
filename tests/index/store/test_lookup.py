"""Papers are found by title, DOI and address, in a store of any age, damaged or not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rftsearch.index.store.lookup import LOOKUPS
from rftsearch.index.store.staging import Staging
from rftsearch.papers.documents import texts_of
from rftsearch.papers.paper import ArxivMetadata, Paper
from support.stores import opened_store

PAPER = Paper("2503.01234", "Lantern", "Lanterns at Night", ("Light",), arxiv_id="2503.01234")
SAID = ArxivMetadata("2503.01234", "Seeing", "Text.", ("A. B",), doi="https://doi.org/10.1000/X")
ASKED = Paper("asked", "Asked", "Asked", ("Light",))


@pytest.fixture
def staging(tmp_path: Path):
    with Staging.create(tmp_path) as staging:
        yield staging


def stage(staging: Staging, *papers: Paper) -> None:
    staging.begin_stage()
    staging.stage_some(1, papers, [texts_of(paper) for paper in papers])


@pytest.mark.parametrize(
    ("paper", "asked"),
    [
        (PAPER, replace(ASKED, id="2503.01234")),
        (PAPER, replace(ASKED, arxiv_id="2503.01234")),
        (PAPER, replace(ASKED, doi="10.48550/arXiv.2503.01234")),
        (PAPER, replace(ASKED, title="LANTERNS at night!")),
        (PAPER.with_metadata(SAID), replace(ASKED, title="Lanterns at Night")),
        (PAPER.with_metadata(SAID), replace(ASKED, title="seeing")),
        (PAPER.with_metadata(SAID), replace(ASKED, doi="10.1000/x")),
        (replace(PAPER, doi="10.1000/X"), replace(ASKED, doi="doi:10.1000/x")),
        (replace(PAPER, url="https://dx.doi.org/10.1000/X"), replace(ASKED, doi="10.1000/x")),
        (replace(PAPER, id="10.1000/x"), replace(ASKED, url="https://doi.org/10.1000/X")),
    ],
)
def test_what_may_be_the_same_paper_is_found(staging, paper, asked):
    stage(staging, paper, Paper("other", "Other", "Another Paper", ("Light",)))
    assert list(staging.lookup.alike([asked])) == [paper.id]


def test_what_was_removed_is_not_found(staging):
    stage(staging, PAPER)
    staging.remove(2, [identifier for identifier, _ in staging.store.live([PAPER.id]).values()])
    assert staging.lookup.alike([PAPER]) == {}


def test_a_store_from_before_gets_its_indexes_when_they_are_needed(tmp_path):
    with Staging.create(tmp_path) as staging:
        stage(staging, replace(PAPER, doi="10.1000/x"))
    with opened_store(tmp_path) as connection:
        for line in LOOKUPS.split("INDEX IF NOT EXISTS ")[1:]:
            connection.execute(f"DROP INDEX {line.split()[0]}")
    with Staging.create(tmp_path) as staging:
        assert list(staging.lookup.alike([replace(ASKED, doi="10.1000/x")])) == [PAPER.id]


def test_a_damaged_record_is_in_nobodys_way(tmp_path):
    with Staging.create(tmp_path) as staging:
        stage(staging, PAPER, Paper("other", "Other", "Another Paper", ("Light",)))
    with opened_store(tmp_path) as connection:
        connection.execute("UPDATE papers SET record = '{' WHERE paper_id = 'other'")
    with Staging.create(tmp_path) as staging:
        assert list(staging.lookup.alike([PAPER])) == [PAPER.id]
