from __future__ import annotations

import gzip
import json
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rftsearch.errors import SourceError
from rftsearch.evaluation.judged import JudgedQuery, read_corpus, read_judged

QUERIES = [
    {"id": "q1", "text": "counting people", "type": "question"},
    {"id": "q2", "text": "robots", "type": "keyword"},
]
QRELS = "q1\td1\t2\nq1\td2\t0\nq2\td3\t1\n"


def jsonl(path: Path, records: list[dict]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return path


def text(path: Path, content: str) -> Path:
    path.write_text(content, "utf-8")
    return path


@pytest.fixture
def queries(tmp_path) -> Path:
    return jsonl(tmp_path / "queries.jsonl", QUERIES)


@pytest.fixture
def qrels(tmp_path) -> Path:
    return text(tmp_path / "qrels.tsv", QRELS)


class TestLayouts:
    def test_queries_in_words(self, queries, qrels):
        judged = read_judged(queries, qrels)
        assert judged.queries == (
            JudgedQuery("q1", text="counting people", kind="question"),
            JudgedQuery("q2", text="robots", kind="keyword"),
        )
        assert judged.qrels == {"q1": {"d1": 2, "d2": 0}, "q2": {"d3": 1}}
        assert judged.notes == ()

    def test_papers_as_queries(self, tmp_path, qrels):
        seeds = [{"id": "q1", "paper": "d9", "facet": "method"}, {"id": "q2", "paper": "d1"}]
        judged = read_judged(jsonl(tmp_path / "seeds.jsonl", seeds), qrels)
        assert judged.queries == (
            JudgedQuery("q1", paper="d9", kind="method"),
            JudgedQuery("q2", paper="d1"),
        )

    def test_beir(self, tmp_path):
        queries = [{"_id": 7, "text": "robots", "metadata": {}}, {"_id": "8", "text": "other"}]
        qrels = "query-id\tcorpus-id\tscore\n7\tdoc one\t1\n"
        judged = read_judged(
            jsonl(tmp_path / "queries.jsonl", queries), text(tmp_path / "test.tsv", qrels)
        )
        assert [query.id for query in judged.queries] == ["7"]
        assert judged.qrels == {"7": {"doc one": 1}}
        corpus = [{"_id": "doc one", "title": "", "text": "All of it.", "metadata": {}}]
        (paper,) = read_corpus(jsonl(tmp_path / "corpus.jsonl", corpus))
        assert (paper.id, paper.title, paper.abstract) == ("doc one", "", "All of it.")

    def test_trec(self, tmp_path):
        topics = text(tmp_path / "topics.tsv", "301\tinternational crime\n302\tpolio\n")
        judged = read_judged(
            topics, text(tmp_path / "qrels.txt", "301 0 FT-1 2\n301 0 FT-2 -2\n302\t0\tFT-3\t1\n")
        )
        assert [query.text for query in judged.queries] == ["international crime", "polio"]
        assert judged.qrels == {"301": {"FT-1": 2, "FT-2": 0}, "302": {"FT-3": 1}}

    @pytest.mark.parametrize(("suffix", "opened"), [(".xz", lzma.open), (".gz", gzip.open)])
    def test_packed_corpus(self, tmp_path, suffix, opened):
        path = tmp_path / f"corpus.jsonl{suffix}"
        with opened(path, "wt") as file:
            file.write('{"id": "d1", "title": "A title", "abstract": "Words."}\n')
        assert [paper.id for paper in read_corpus(path)] == ["d1"]

    def test_documents_become_papers(self, tmp_path):
        records = [
            {"id": "2505.00001", "title": "Seeing", "abstract": "We\nsee.", "category": "Vision"},
            {"id": "slug:seer", "short_name": "Seer", "title": "Seer", "abstract": ""},
        ]
        seeing, seer = read_corpus(jsonl(tmp_path / "corpus.jsonl", records))
        assert (seeing.id, seeing.arxiv_id) == ("2505.00001", "2505.00001")
        assert (seeing.category, seeing.abstract) == ("Vision", "We see.")
        assert seeing.abstract_state == "present"
        assert (seer.short_name, seer.arxiv_id, seer.category) == ("Seer", None, "Corpus")
        assert seer.abstract_state == "none"

    def test_arxiv_ids_are_compared_without_version_in_any_form(self, tmp_path):
        seeds = [{"id": "q1", "paper": "https://arxiv.org/abs/2505.00001v2"}]
        judged = read_judged(
            jsonl(tmp_path / "seeds.jsonl", seeds),
            text(tmp_path / "qrels.tsv", "q1\tarXiv:2505.00002v1\t1\n"),
        )
        assert judged.queries[0].paper == "2505.00001"
        assert judged.qrels == {"q1": {"2505.00002": 1}}

    def test_a_mark_at_the_start_blank_lines_and_windows_line_ends(self, tmp_path):
        path = tmp_path / "corpus.jsonl"
        path.write_bytes(b'\xef\xbb\xbf{"id": "d1"}\r\n\r\n{"id": "d2"}\r\n')
        assert [paper.id for paper in read_corpus(path)] == ["d1", "d2"]


class TestWhatIsLeftOut:
    def test_queries_without_a_relevant_document_are_counted(self, queries, tmp_path):
        qrels = text(tmp_path / "qrels.tsv", "q1\td1\t1\nq2\td1\t0\nq3\td1\t1\n")
        judged = read_judged(queries, qrels)
        assert list(judged.qrels) == ["q1"]
        assert judged.notes == (
            "1 of 2 queries has no relevant document and is left out",
            "1 of 3 judged queries is not in queries.jsonl",
        )

    def test_the_paper_that_is_the_query_is_not_judged(self, tmp_path):
        seeds = jsonl(tmp_path / "seeds.jsonl", [{"id": "q1", "paper": "d1"}])
        qrels = text(tmp_path / "qrels.tsv", "q1\td1\t3\nq1\td2\t1\n")
        assert read_judged(seeds, qrels).qrels == {"q1": {"d2": 1}}

    def test_files_that_do_not_belong_together(self, queries, tmp_path):
        other = text(tmp_path / "other.tsv", "x1\td1\t1\n")
        with pytest.raises(SourceError, match=r"no query of .* has a relevant document in"):
            read_judged(queries, other)


class TestErrors:
    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("{", "not JSON in UTF-8"),
            ("[]", "not a JSON object"),
            ('{"text": "x"}', "there is no id"),
            ('{"id": true, "text": "x"}', "id is not text"),
            ('{"id": "q9"}', "a query needs either text or paper"),
            ('{"id": "q9", "text": "x", "paper": "d1"}', "a query needs either text or paper"),
            ('{"id": "q9", "text": 3}', "text is not text"),
            ('{"id": "q9", "text": "\\ud800"}', "text holds half a surrogate pair"),
            ('{"id": "q1", "text": "x"}', "the id 'q1' has a line already"),
        ],
    )
    def test_queries(self, queries, qrels, line, reason):
        with queries.open("a") as file:
            file.write(line)
        with pytest.raises(SourceError) as error:
            read_judged(queries, qrels)
        assert str(error.value) == f"{queries}, line 3: {reason}; correct the line or take it out"

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("q1", "not query, document and grade"),
            ("q1 Q0 d1 2 run extra", "not query, document and grade"),
            ("q1\t\t2", "not query, document and grade"),
            ("q1\td5\tgood", "the grade 'good' is not a whole number"),
            ("q1\td5\t0.5", "the grade '0.5' is not a whole number"),
            ("q1\td5\t11", "the grade 11 is above 10"),
            ("q1\td1\t1", "'d1' was judged 2 for 'q1' before"),
        ],
    )
    def test_judgements(self, queries, qrels, line, reason):
        with qrels.open("a") as file:
            file.write(line)
        with pytest.raises(SourceError) as error:
            read_judged(queries, qrels)
        assert str(error.value) == f"{qrels}, line 4: {reason}; correct the line or take it out"

    def test_topics(self, tmp_path, qrels):
        with pytest.raises(SourceError, match=r"topics\.tsv, line 1: not an id and a text"):
            read_judged(text(tmp_path / "topics.tsv", "301\n"), qrels)

    def test_documents(self, tmp_path):
        twice = jsonl(tmp_path / "corpus.jsonl", [{"id": "2505.00001"}, {"id": "2505.00001v3"}])
        with pytest.raises(SourceError, match=r"line 2: the id '2505\.00001' has a line already"):
            read_corpus(twice)

    def test_no_documents(self, tmp_path):
        with pytest.raises(SourceError, match="holds no documents; give JSON Lines"):
            read_corpus(text(tmp_path / "corpus.jsonl", "\n"))

    def test_files_that_cannot_be_read(self, tmp_path):
        with pytest.raises(SourceError, match="there is no file"):
            read_corpus(tmp_path / "corpus.jsonl")
        with pytest.raises(SourceError, match="cannot read"):
            read_corpus(tmp_path)
        latin = tmp_path / "latin.jsonl"
        latin.write_bytes(b'{"id": "d1"}\n{"id": "caf\xe9"}\n')
        with pytest.raises(SourceError, match=r"latin\.jsonl, line 2: not JSON in UTF-8"):
            read_corpus(latin)

    @pytest.mark.parametrize("suffix", [".xz", ".gz"])
    def test_archives_cut_short(self, tmp_path, suffix):
        lines = b"".join(b'{"id": "d%d"}\n' % number for number in range(1000))
        packed = (lzma if suffix == ".xz" else gzip).compress(lines)
        path = tmp_path / f"corpus.jsonl{suffix}"
        path.write_bytes(packed[: len(packed) // 2])
        with pytest.raises(SourceError, match="ends too soon, after line"):
            read_corpus(path)


def complaint(read: Callable[[], object]) -> str:
    try:
        read()
    except SourceError as error:
        return str(error)
    return ""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(max_size=200),
        st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")),
        st.lists(
            st.dictionaries(
                st.sampled_from(["id", "_id", "text", "paper", "title", "type"]),
                st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
            ).map(json.dumps),
            max_size=4,
        ).map(lambda lines: "\n".join(lines).encode()),
    )
)
def test_any_file_is_read_or_refused_in_one_line(tmp_path, content):
    path = tmp_path / "any"
    path.write_bytes(content)
    good = jsonl(tmp_path / "queries.jsonl", QUERIES)
    for read in (
        lambda: read_corpus(path),
        lambda: read_judged(path, path),
        lambda: read_judged(good, path),
    ):
        assert len(complaint(read).splitlines()) <= 1
