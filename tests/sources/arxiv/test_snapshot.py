from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.errors import FilterError, SourceError
from rftsearch.papers.paper import ArxivMetadata, Paper
from rftsearch.sources.arxiv.snapshot import Snapshot, SnapshotReader
from rftsearch.sources.base import PROBLEMS_KEPT
from rftsearch.sources.registry import open_source
from rftsearch.text.author_names import Name, split_name
from rftsearch.text.clean import one_line
from support.snapshot import PACKERS, record, write_snapshot


def read(path, categories=(), since=None):
    """The papers, and the reader with its account."""
    reader = SnapshotReader(Snapshot(path, tuple(categories), since))
    return list(reader), reader


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    """A folder for examples without number, which follow each other."""
    return tmp_path_factory.mktemp("scratch")


class TestALine:
    def test_becomes_a_paper(self, tmp_path):
        (paper,), _ = read(write_snapshot(tmp_path, record()))
        assert paper == Paper(
            id="2503.00003",
            short_name="ClipMind",
            title="ClipMind: Reasoning over Video",
            categories=("cs.CV",),
            released="2025-03",
            arxiv_id="2503.00003",
            url="https://arxiv.org/abs/2503.00003",
            metadata=ArxivMetadata(
                arxiv_id="2503.00003",
                title="ClipMind: Reasoning over Video",
                abstract="A video is watched twice. Video reward.",
                authors=("A. Author", "B. Other Jr"),
                published="2025-03-03",
                updated="2025-04-01",
                categories=("cs.CV", "cs.CL"),
                comment="12 pages",
                doi="10.1000/xyz",
            ),
        )

    def test_needs_little(self, tmp_path):
        path = write_snapshot(tmp_path, {"id": "2503.00001v2", "title": "A Title of no Name"})
        (paper,), _ = read(path)
        assert (paper.id, paper.short_name, paper.released) == (
            "2503.00001",
            "A Title of no Name",
            "2025-03",
        )
        assert (paper.category, paper.abstract_state, paper.authors) == ("arXiv", "none", ())

    @pytest.mark.parametrize(
        ("arxiv_id", "month"),
        [
            ("hep-th/9901001", "1999-01"),
            ("math.GT/0309136", "2003-09"),
            ("cs/0501001", "2005-01"),
            ("0704.0001", "2007-04"),
            ("1412.6980", "2014-12"),
            ("2503.13377", "2025-03"),
        ],
    )
    def test_of_no_version_is_released_in_the_month_of_its_id(self, tmp_path, arxiv_id, month):
        (paper,), _ = read(write_snapshot(tmp_path, record(arxiv_id, versions=[])))
        assert (paper.released, paper.metadata.published) == (month, None)
        assert paper.metadata.updated == "2025-04-02"

    def test_is_released_with_its_first_version_whatever_its_id(self, tmp_path):
        created = [{"version": "v1", "created": "Sun, 31 Dec 2023 23:59:59 GMT"}]
        (paper,), _ = read(write_snapshot(tmp_path, record("2401.00001", versions=created)))
        assert paper.released == "2023-12"

    @pytest.mark.parametrize(
        ("title", "name"),
        [
            ("VLM-R1: A Stable Model", "VLM-R1"),
            ("On the Many Uses of Colons: A Study", "On the Many Uses of Colons: A Study"),
            ("Ratios of 3:1", "Ratios of 3:1"),
        ],
    )
    def test_is_called_by_the_name_in_its_title(self, tmp_path, title, name):
        (paper,), _ = read(write_snapshot(tmp_path, record(title=title)))
        assert (paper.short_name, paper.title) == (name, title)

    def test_keeps_latex_and_folds_blanks(self, tmp_path):
        (paper,), _ = read(write_snapshot(tmp_path, record(abstract=" $\\alpha$\n \\'etale\t x ")))
        assert paper.abstract == "$\\alpha$ \\'etale x"

    @pytest.mark.parametrize(
        "changes",
        [
            {"comments": "This paper has been withdrawn by the author"},
            {"abstract": "  This paper has been withdrawn.\n"},
        ],
    )
    def test_may_be_withdrawn(self, tmp_path, changes):
        (paper,), _ = read(write_snapshot(tmp_path, record(**changes)))
        assert paper.metadata.withdrawn

    @pytest.mark.parametrize(
        ("authors", "names"),
        [
            ("A. Author", ("A. Author",)),
            ("A. Author, B. Other and C. Third", ("A. Author", "B. Other", "C. Third")),
            ("A. Author (1), B. Sandy (2) and\n C. X ((1) Here)", ("A. Author", "B. Sandy")),
        ],
    )
    def test_without_parsed_authors_has_them_from_the_text(self, tmp_path, authors, names):
        (paper,), _ = read(write_snapshot(tmp_path, record(authors=authors, authors_parsed=None)))
        assert paper.authors[: len(names)] == names

    def test_keeps_apart_what_the_names_alone_would_not_tell(self, tmp_path):
        names = [
            ["Lopez Moreno", "Iris", ""],
            ["Nimbus Robotics", "", ""],
            ["Doe", "A.", "Jr", "X"],
        ]
        (paper,), _ = read(write_snapshot(tmp_path, record(authors_parsed=names)))
        assert paper.authors == ("Iris Lopez Moreno", "Nimbus Robotics", "A. Doe Jr")
        assert paper.metadata.split_authors == tuple(tuple(name[:3]) for name in names)

    def test_leaves_out_parts_that_the_names_alone_tell(self, tmp_path):
        names = [["Example", "Ada B.", ""], ["Sample", "Ben", "III"]]
        (paper,), _ = read(write_snapshot(tmp_path, record(authors_parsed=names)))
        assert paper.metadata.split_authors == ()
        for (family, first, suffix), name in zip(names, paper.authors, strict=True):
            assert split_name(name) == Name(family, first, suffix=suffix)

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            (b"{", "not JSON in UTF-8"),
            (b"[" * 100_000, "not JSON in UTF-8"),
            (b'{"id": "\xff"}', "not JSON in UTF-8"),
            (b'{"id": "2503.00001", "title": "\\ud800"}', "title holds half a surrogate pair"),
            (b'["2503.00001"]', "not a JSON object"),
            ({"title": "A"}, "has no id"),
            ({}, "has no id and no title"),
            (record("2503.1"), "id is not an arXiv id"),
            (record(id=2503.00001), "id is not text"),
            (record(title=" \n"), "title is empty"),
            (record(abstract=[]), "abstract is not text"),
            (record(categories=["cs.CV"]), "categories is not text"),
            (record(authors_parsed=["A. Author"]), "authors_parsed is not a list of names"),
            (record(authors_parsed=[[]]), "authors_parsed is not a list of names"),
            (record(authors_parsed=7), "authors_parsed is not a list of names"),
            (record(authors_parsed=[["A", None]]), "authors_parsed is not a list of names"),
            (record(versions=[{"created": "soon"}]), "versions have no day of creation"),
            (record(versions=[{"created": "31 Feb 2025"}]), "versions have no day of creation"),
            (record(versions=[{}]), "versions have no day of creation"),
            (record(versions=[{"created": "9999-12-31"}]), "versions have no day of creation"),
            (record(versions=7), "versions have no day of creation"),
            (record(versions=[], update_date="soon"), "update_date is not a day like 2025-03-17"),
            (record("2503.00009"), "2503.00009 has a line already"),
            (record("2503.00009v3"), "2503.00009 has a line already"),
        ],
    )
    def test_that_cannot_be_read_is_named_and_left_out(self, tmp_path, line, reason):
        path = write_snapshot(tmp_path, record("2503.00009"), b"", line, record("2503.00010"))
        papers, reader = read(path)
        assert [paper.id for paper in papers] == ["2503.00009", "2503.00010"]
        assert [(each.line, each.reason) for each in reader.problems] == [(3, reason)]
        assert reader.account == ("snapshot.json: 2 of 3 papers taken, 1 could not be read",)

    def test_of_which_a_text_is_too_long_is_cut_and_named(self, tmp_path):
        long = record("2503.00001", abstract="word " * 5_000)
        papers, reader = read(write_snapshot(tmp_path, record(), long))
        assert [len(paper.abstract) for paper in papers][1:] == [19_999]
        assert [(each.line, each.reason) for each in reader.problems] == [
            (2, "its abstract is longer than 20,000 characters; the rest is left out")
        ]
        assert reader.account == ("snapshot.json: 2 of 2 papers taken",)

    def test_that_is_too_long_is_named_and_left_out(self, tmp_path, monkeypatch):
        monkeypatch.setattr("rftsearch.sources.jsonl.LONGEST_LINE", 2000)
        long = record("2503.00001", abstract="x" * 5000)
        path = write_snapshot(tmp_path, record(), long, record("2503.00002"), long)
        path.write_bytes(path.read_bytes().rstrip(b"\n"))
        papers, reader = read(path)
        assert [paper.id for paper in papers] == ["2503.00003", "2503.00002"]
        assert [problem.line for problem in reader.problems] == [2, 4]


TEXTS = st.text(st.characters(exclude_categories=("Cs",)))


@given(
    title=TEXTS.filter(one_line),
    abstract=TEXTS,
    comment=TEXTS,
    names=st.lists(st.tuples(TEXTS, TEXTS, TEXTS)),
    day=st.dates(max_value=datetime.date(2199, 12, 31)),
)
def test_what_is_written_is_read(scratch, title, abstract, comment, names, day):
    created = [{"version": "v1", "created": f"{day:%a}, {day.day} {day:%b} {day.year:04} 10:00:00"}]
    path = write_snapshot(
        scratch,
        record(title=title, abstract=abstract, comments=comment, versions=created)
        | {"authors_parsed": names},
    )
    (paper,), reader = read(path)
    assert not reader.problems
    metadata = paper.metadata
    assert (paper.title, paper.abstract) == (one_line(title), one_line(abstract))
    assert metadata.comment == (one_line(comment) or None)
    assert metadata.published == day.isoformat()
    whole = (one_line(f"{first} {last} {suffix}") for last, first, suffix in names)
    assert paper.authors == tuple(filter(None, whole))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(record(), JSON)))
def test_any_record_is_a_paper_that_can_be_stored_or_named(scratch, changes):
    path = write_snapshot(scratch, record(), record("2503.00001") | changes)
    papers, reader = read(path)
    assert len(papers) + len(reader.problems) == 2
    for paper in papers:
        for text in (paper.title, paper.abstract, paper.category, *paper.authors):
            assert one_line(text) == text
            text.encode()


@given(st.binary().filter(lambda line: b"\n" not in line and line.strip()))
def test_any_bytes_are_a_paper_or_named(scratch, line):
    path = write_snapshot(scratch, record(), line)
    papers, reader = read(path)
    assert (len(papers), len(reader.problems)) == (1, 1)


class TestWhatIsTaken:
    RECORDS = (
        record("2312.00001", categories="cs.CV", versions=[]),
        record("2401.00002", categories="cs.LG cs.CV", versions=[]),
        record("2402.00003", categories="math.GT", versions=[]),
        record(
            "2403.00004",
            categories="cs.CL",
            versions=[{"created": "Tue, 5 Mar 2024 10:00:00 GMT"}],
        ),
        record("astro-ph/0501005", categories="astro-ph", versions=[]),
    )

    @pytest.mark.parametrize(
        ("categories", "since", "taken"),
        [
            ((), None, "12345"),
            (("cs.CV",), None, "12"),
            (("CS.cv",), None, "12"),
            (("cs",), None, "124"),
            (("cs.*",), None, "124"),
            (("cs.CV", "math"), None, "123"),
            (("astro-ph",), None, "5"),
            ((), "2024", "234"),
            ((), "2024-02", "34"),
            ((), "2024-02-20", "34"),  # of the third the month alone is known
            ((), "2024-03-05", "4"),
            (("cs.CV",), "2024-01", "2"),
        ],
    )
    def test_by_category_and_day(self, tmp_path, categories, since, taken):
        papers, reader = read(write_snapshot(tmp_path, *self.RECORDS), categories, since)
        assert "".join(paper.id[-1] for paper in papers) == taken
        assert (reader.taken, reader.lines) == (len(taken), 5)

    def test_what_is_not_wanted_is_no_problem(self, tmp_path):
        path = write_snapshot(tmp_path, record(), record("2503.1", categories="math.GT"))
        assert not read(path, ["cs"])[1].problems

    def test_a_category_that_nothing_is_in_is_named(self, tmp_path):
        _, reader = read(write_snapshot(tmp_path, *self.RECORDS), ["cs.CV", "cs.CW"])
        assert reader.account == (
            "snapshot.json: 2 of 5 papers taken",
            "snapshot.json: nothing was taken for cs.CW",
        )

    def test_nothing_at_all_is_an_error(self, tmp_path):
        path = write_snapshot(tmp_path, *self.RECORDS)
        with pytest.raises(SourceError, match=r"none of the 5 papers in .* is in cs\.CW since 20"):
            read(path, ["cs.CW"], "2024")

    @pytest.mark.parametrize("category", ["", "cs.", ".CV", "cs CV", "cs.C1", "computer vision"])
    def test_what_is_no_category_is_refused(self, category):
        with pytest.raises(FilterError, match=r"not an arXiv category; write it like cs\.CV"):
            Snapshot(Path("x"), (category,))

    @pytest.mark.parametrize(
        "since", ["24", "2024-1", "2024-13", "2024-02-30", "last year", "2024-", "٢٠٢٤", "0000"]
    )
    def test_what_is_no_day_is_refused(self, since):
        with pytest.raises(FilterError, match="not a day; write it like 2024"):
            Snapshot(Path("x"), (), since)

    @given(
        name=st.text(st.characters(exclude_characters="/\0", exclude_categories=("Cs",))).map(
            lambda name: f"x{name}"
        ),
        categories=st.lists(st.sampled_from(["cs", "cs.CV", "cond-mat.str-el"]), unique=True),
        since=st.none() | st.sampled_from(["2024", "2024-01", "2024-01-15"]),
    )
    def test_a_name_holds_path_and_filters(self, name, categories, since):
        snapshot = Snapshot(Path("/a folder", name), tuple(categories), since)
        assert open_source(snapshot.key) == snapshot
        assert not isinstance(open_source(snapshot.path), Snapshot)  # A path alone names none.

    def test_a_name_can_be_read(self):
        snapshot = Snapshot(Path("/data/arxiv.json.zst"), ("cs.CV", "cs.*"), "2024-01")
        assert snapshot.key == (
            "arxiv-snapshot:/data/arxiv.json.zst?category=cs.CV,cs&since=2024-01"
        )


class TestTheFile:
    @pytest.mark.parametrize("suffix", PACKERS)
    def test_is_read_however_it_is_packed(self, tmp_path, suffix):
        records = [record(f"2503.{number:05}") for number in range(3000)]
        path = write_snapshot(tmp_path, *records, suffix=suffix)
        steps = []
        reader = SnapshotReader(Snapshot(path), lambda *step: steps.append(step))
        assert [paper.id for paper in reader] == [each["id"] for each in records]
        size = path.stat().st_size
        assert steps[-1] == ("snapshot", size, size)
        assert len(steps) == 2
        assert all(0 < done <= size for _, done, _ in steps)

    def test_may_begin_with_a_byte_order_mark(self, tmp_path):
        path = write_snapshot(tmp_path, b"\xef\xbb\xbf" + json.dumps(record()).encode())
        assert len(read(path)[0]) == 1

    def test_of_too_many_bad_lines_names_the_first(self, tmp_path):
        bad = [b"{"] * (PROBLEMS_KEPT + 50)
        _, reader = read(write_snapshot(tmp_path, record(), *bad))
        assert reader.unreadable == PROBLEMS_KEPT + 50
        assert [each.line for each in reader.problems] == list(range(2, PROBLEMS_KEPT + 2))

    @pytest.mark.parametrize(
        "content",
        [b"# A list\n", b"[\n", b"[{}]\n", b'{"_id": "1", "title": "A"}\n', b"\x89PNG\r\n\x1a\n"],
    )
    def test_that_is_no_snapshot_is_refused(self, tmp_path, content):
        path = tmp_path / "file"
        path.write_bytes(b"\n" + content)
        with pytest.raises(SourceError, match="not a metadata snapshot of arXiv: its line 2"):
            read(path)

    @pytest.mark.parametrize("suffix", PACKERS)
    def test_that_is_empty_is_refused(self, tmp_path, suffix):
        with pytest.raises(SourceError, match="is empty; give"):
            read(write_snapshot(tmp_path, suffix=suffix))

    def test_of_which_nothing_can_be_read_says_why(self, tmp_path):
        path = write_snapshot(tmp_path, record("2503.1"), record("2503.2"))
        with pytest.raises(
            SourceError, match=r"no readable papers in .* \(line 1: id is not an arXiv"
        ):
            read(path)

    def test_that_is_cut_short_is_refused_even_where_it_is_plain(self, tmp_path):
        path = write_snapshot(tmp_path, record("2503.00001"), record("2503.00002"))
        path.write_bytes(path.read_bytes()[:-20])
        with pytest.raises(SourceError, match="ends too soon, after line 2: it was cut short"):
            read(path)

    def test_needs_no_line_end_at_its_end(self, tmp_path):
        path = write_snapshot(tmp_path, record("2503.00001"), record("2503.00002"))
        path.write_bytes(path.read_bytes().rstrip(b"\n"))
        assert len(read(path)[0]) == 2
