from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.errors import FilterError, IndexDamagedError
from rftsearch.index.tables.attributes import Attributes
from rftsearch.index.tables.facts import FactIndex
from rftsearch.papers.filters import Filters
from rftsearch.papers.paper import LINK_KINDS, Link, Paper

CATEGORIES = [f"Category {number}" for number in range(20)]
MONTHS = ["2024-11", "2025-01", "2025-03", "2025-12"]

papers = st.builds(
    Paper,
    id=st.uuids().map(str),
    short_name=st.just("X"),
    title=st.just("X"),
    categories=st.lists(st.sampled_from(CATEGORIES), min_size=1, max_size=3, unique=True).map(
        tuple
    ),
    kind=st.sampled_from(["paper", "project"]),
    released=st.sampled_from([None, *MONTHS]),
    generative=st.booleans(),
    links=st.lists(st.sampled_from(LINK_KINDS), max_size=3).map(
        lambda kinds: tuple(Link(kind, "https://example.org", kind) for kind in kinds)
    ),
)
filters = st.builds(
    lambda since, until, **rest: Filters(
        since=min(since, until) if since and until else since,
        until=max(since, until) if since and until else until,
        **rest,
    ),
    since=st.sampled_from([None, *MONTHS]),
    until=st.sampled_from([None, *MONTHS]),
    categories=st.lists(st.sampled_from(CATEGORIES[:4]), max_size=2).map(tuple),
    has=st.lists(st.sampled_from(LINK_KINDS), max_size=2).map(tuple),
    kind=st.sampled_from([None, "paper", "project"]),
    generative=st.sampled_from([None, True, False]),
)


def passes(paper: Paper, wanted: Filters) -> bool:
    """The same conditions, said plainly."""
    return (
        (not wanted.categories or bool(set(paper.categories) & set(wanted.categories)))
        and (not wanted.dated or paper.released is not None)
        and (wanted.since is None or (paper.released or "") >= wanted.since)
        and (wanted.until is None or (paper.released or "9") <= wanted.until)
        and all(paper.has(kind) for kind in wanted.has)
        and wanted.kind in (None, paper.kind)
        and wanted.generative in (None, paper.generative)
    )


@given(st.lists(papers, max_size=25), filters)
def test_a_mask_passes_what_the_conditions_pass(found, wanted):
    by_id = {100 + 7 * number: paper for number, paper in enumerate(found)}
    attributes = Attributes.build(by_id.items(), CATEGORIES)
    mask = attributes.mask(wanted)
    assert set(attributes.ids[mask]) == {i for i, paper in by_id.items() if passes(paper, wanted)}
    counts = attributes.count_categories(mask)
    for category in CATEGORIES:
        assert counts[category] == sum(
            category in paper.categories for paper in by_id.values() if passes(paper, wanted)
        )


@given(st.lists(papers, max_size=25))
def test_rows_stand_newest_first_and_undated_last(found):
    by_id = dict(enumerate(found))
    attributes = Attributes.build(by_id.items(), CATEGORIES)
    expected = sorted(
        by_id,
        key=lambda i: (by_id[i].released or "", by_id[i].id[0].isdigit(), by_id[i].id),
        reverse=True,
    )
    assert attributes.ids.tolist() == expected
    assert attributes.rank(attributes.ids).tolist() == list(range(len(found)))
    assert attributes.sorted_ids.tolist() == sorted(by_id)


def test_of_a_month_the_highest_number_of_arxiv_stands_first():
    ids = ["2503.00003", "my-project", "2503.13377", "2503.06749", "cs/0503001"]
    papers = {number: Paper(name, "X", "X", ("Audio",)) for number, name in enumerate(ids)}
    attributes = Attributes.build(papers.items(), ["Audio"])
    newest = [ids[number] for number in attributes.ids]
    assert newest[:3] == ["2503.13377", "2503.06749", "2503.00003"]


def test_survives_the_disk(tmp_path: Path):
    paper = Paper("a", "A", "A", ("Audio",), released="2025-03")
    Attributes.build([(5, paper)], ["Audio"]).save(tmp_path / "a.npy")
    attributes = Attributes.open(tmp_path / "a.npy", ["Audio"])
    assert attributes.ids.tolist() == [5]
    assert attributes.count_categories() == {"Audio": 1}


@pytest.mark.parametrize("damage", [b"", b"nothing of the kind"])
def test_a_damaged_file_is_refused(tmp_path: Path, damage: bytes):
    (tmp_path / "a.npy").write_bytes(damage)
    with pytest.raises(IndexDamagedError, match="--repair"):
        Attributes.open(tmp_path / "a.npy", [])


def test_categories_that_differ_in_case_are_one_to_a_filter():
    papers = {1: Paper("a", "A", "A", ("Audio",)), 2: Paper("b", "B", "B", ("audio",))}
    attributes = Attributes.build(papers.items(), ["Audio", "audio"])
    assert attributes.mask(Filters(categories=("AUDIO",))).all()
    named = {name: attributes.category(name) for name in ("Audio", "audio", "AUDIO", "udi")}
    assert named == {"Audio": "Audio", "audio": "audio", "AUDIO": "Audio", "udi": "Audio"}


def test_categories_forgive_case_and_name_the_known_ones():
    attributes = Attributes.build([(1, Paper("a", "A", "A", ("Audio",)))], ["Audio"])
    assert attributes.mask(Filters(categories=("aUDIO",))).all()
    with pytest.raises(FilterError, match="'Vision'; this index has Audio"):
        attributes.mask(Filters(categories=("Vision",)))


def test_a_category_may_be_named_by_a_part_that_no_other_has():
    names = ("Vision (Image)", "Vision (Video)", "GUI", "GUI Agent")
    papers = {n: Paper(name, name, name, (name,)) for n, name in enumerate(names, 1)}
    attributes = Attributes.build(papers.items(), names)

    def chosen(*categories: str) -> list[int]:
        return sorted(attributes.ids[attributes.mask(Filters(categories=categories))].tolist())

    assert chosen(" vIDEO ") == [2]
    assert chosen("(image)", "agent") == [1, 4]
    assert chosen("gui") == [3], "the name itself wins"
    said = r"'vision' is a part of several .* Vision \(Image\), Vision \(Video\)$"
    with pytest.raises(FilterError, match=said):
        chosen("vision")
    for nothing in ("", " "):
        with pytest.raises(FilterError, match="unknown category"):
            chosen(nothing)


def test_a_year_alone_counts_as_its_january():
    papers = [
        Paper(name, name, name, ("Audio",), released=released)
        for name, released in (("a", "2024-12"), ("b", "2025"), ("c", "2025-02"))
    ]
    found = Attributes.build(list(enumerate(papers)), ["Audio"])
    assert found.months() == ["2025-02", "2025-01", "2024-12"]
    passing = found.mask(Filters(since="2025"))
    assert sorted(found.ids[passing]) == [1, 2]
    assert sorted(found.ids[found.mask(Filters(until="2024"))]) == [0]


def test_a_month_beyond_all_reason_is_the_last_there_is():
    far = Paper("a", "A", "A", ("Audio",), released="9999-12")
    attributes = Attributes.build([(1, far)], ["Audio"])
    assert attributes.months() == ["2730-07"]
    assert attributes.mask(Filters(since="2025-01")).all()


@pytest.mark.parametrize(
    "wanted",
    [
        Filters(authors=("Ann Bee",)),
        Filters(venue=("CVPR",)),
        Filters(presents=("survey",)),
    ],
)
def test_an_index_from_before_authors_were_noted_says_so_and_not_that_there_are_none(wanted):
    paper = Paper("2501.00001", "One", "One Video", ("Audio",), released="2025-01")
    facts = FactIndex([(1, paper)])
    facts.has_facts = False
    attributes = Attributes.build([(1, paper)], ["Audio"]).with_facts(facts)
    with pytest.raises(FilterError, match=r"built before authors .* `rftsearch build` notes"):
        attributes.mask(wanted)
