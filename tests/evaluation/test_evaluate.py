"""Systems, evaluations and reports over a collection whose vectors are known."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rftsearch import Engine
from rftsearch.errors import SourceError
from rftsearch.evaluation.evaluate import evaluate, index_corpus
from rftsearch.evaluation.judged import JudgedQuery, JudgedSet, read_corpus
from rftsearch.evaluation.report import compare, to_dict, to_text
from rftsearch.evaluation.systems import Bench, Bm25, Dense, Fused, open_bench
from rftsearch.search.ranking.numeric import Parameters
from support.command_line import run_command
from support.encoder import WordEncoder

CORPUS = [
    {"id": "p1", "short_name": "CrowdSeer", "title": "Crowd", "abstract": "We count a crowd."},
    {"id": "p2", "short_name": "ClipMind", "title": "Video", "abstract": "Video and reward."},
    {"id": "p3", "short_name": "EarTest", "title": "Audio", "abstract": "Audio of a crowd."},
    {"id": "p4", "short_name": "ArmBot", "title": "Robot", "abstract": "A robot with a reward."},
]
QUERIES = [
    {"id": "q1", "text": "count the crowd", "type": "plain"},
    {"id": "q2", "text": "reward for a robot", "type": "plain"},
    {"id": "q3", "text": "ClipMind", "type": "name"},
]
QRELS = "q1\tp1\t2\nq1\tp3\t1\nq2\tp4\t2\nq2\tp2\t1\nq3\tp2\t2\nq3\tp1\t0\n"
ASKED = JudgedQuery("q", text="count the crowd")
LIKE = JudgedQuery("q", paper="p1")


class Fixed:
    """A system whose answers are given."""

    def __init__(self, name: str, answers: dict[str, list[str]]) -> None:
        self.name = name
        self.answers = answers

    def rank(self, query, depth, among=None):
        return [i for i in self.answers[query.id] if among is None or i in among][:depth]


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("judged")
    for name, records in (("corpus", CORPUS), ("queries", QUERIES)):
        lines = "".join(json.dumps(record) + "\n" for record in records)
        (folder / f"{name}.jsonl").write_text(lines, "utf-8")
    (folder / "qrels.tsv").write_text(QRELS, "utf-8")
    return folder


@pytest.fixture(scope="module")
def index(files, tiny_model) -> Path:
    return index_corpus(files / "corpus.jsonl", files / "cache", model=str(tiny_model))


@pytest.fixture(scope="module")
def papers(files):
    return read_corpus(files / "corpus.jsonl")


@pytest.fixture
def dense(papers) -> Dense:
    encoder = WordEncoder()
    vectors = encoder.encode_documents([f"{paper.title}. {paper.abstract}" for paper in papers])
    return Dense(papers, vectors, encoder)


class TestBaselines:
    def test_bm25_finds_the_papers_that_share_words(self, papers):
        assert Bm25(papers).rank(ASKED, 10) == ["p1", "p3"]
        assert Bm25(papers).rank(LIKE, 10) == ["p3"]

    @pytest.mark.parametrize("text", ["the of and", "zebra", "!?", "日本"])
    def test_bm25_finds_nothing_without_a_known_word(self, papers, text):
        assert Bm25(papers).rank(JudgedQuery("q", text=text), 10) == []

    def test_bm25_of_papers_without_a_word(self, papers):
        bare = [replace(paper, short_name="", title="", metadata=None) for paper in papers]
        assert Bm25(bare).rank(ASKED, 10) == []

    def test_vectors_alone_rank_by_cosine(self, dense):
        # "Crowd. We count a crowd": 2 of 3 words are crowd, 1 is count.
        assert dense.scores(ASKED)[0] == pytest.approx(3 / np.sqrt(5 * 2))
        assert dense.rank(ASKED, 2) == ["p1", "p3"]
        assert dense.rank(LIKE, 1) == ["p3"]

    def test_fusion_adds_one_over_sixty_and_the_rank(self, papers, dense):
        fused = Fused(papers, [Bm25(papers), dense])
        assert fused.scores(ASKED)[0] == pytest.approx(2 / 61)
        assert fused.scores(ASKED)[2] == pytest.approx(2 / 62)
        assert fused.rank(ASKED, 10)[:2] == ["p1", "p3"]

    def test_a_paper_is_not_like_itself_and_a_pool_is_all_there_is(self, papers, dense):
        for system in (Bm25(papers), dense, Fused(papers, [Bm25(papers), dense])):
            assert "p1" not in system.rank(LIKE, 10)
            assert set(system.rank(LIKE, 10, {"p3", "p1"})) <= {"p3"}
            assert len(system.rank(ASKED, 1)) == 1


class TestBench:
    def test_rftsearch_answers_as_its_engine_does(self, index):
        with open_bench(index) as bench, Engine.open(index) as engine:
            (ours,) = bench.systems
            searched = [hit.paper.id for hit in engine.search("count the crowd", 4)]
            assert ours.rank(ASKED, 4) == searched
            assert ours.rank(ASKED, 4, {"p3", "p4"}) == [i for i in searched if i in {"p3", "p4"}]
            assert ours.rank(LIKE, 4) == [hit.paper.id for hit in engine.similar("p1", 4)]
            assert bench.documents == {"p1", "p2", "p3", "p4"}

    def test_variants_and_baselines_stand_beside_it(self, index):
        variants = {"other": Parameters()}
        with open_bench(index, baselines=True, variants=variants) as bench:
            names = [system.name for system in bench.systems]
            assert names == ["rftsearch", "other", "BM25", "dense", "RRF"]
            assert bench.systems[0].rank(ASKED, 4) == bench.systems[1].rank(ASKED, 4)

    def test_a_corpus_is_indexed_once(self, files, index, tiny_model):
        stages = []
        again = index_corpus(
            files / "corpus.jsonl",
            files / "cache",
            model=str(tiny_model),
            progress=lambda *stage: stages.append(stage),
        )
        assert again == index
        assert ("encode", 0, 0) in stages

    def test_another_corpus_of_the_same_name_gets_a_folder_of_its_own(self, tmp_path, tiny_model):
        folders = set()
        for number in range(2):
            path = tmp_path / str(number) / "corpus.jsonl"
            path.parent.mkdir()
            path.write_text(json.dumps({"id": f"p{number}", "title": "Crowd"}) + "\n")
            folders.add(index_corpus(path, tmp_path / "cache", model=str(tiny_model)))
        assert len(folders) == 2


class TestEvaluation:
    JUDGED = JudgedSet(
        queries=(
            JudgedQuery("q1", text="one", kind="plain"),
            JudgedQuery("q2", text="two", kind="plain"),
            JudgedQuery("q3", paper="p4", kind="name"),
        ),
        qrels={"q1": {"p1": 2}, "q2": {"p2": 1, "p3": 0}, "q3": {"p3": 1}},
        notes=("a note",),
    )
    GOOD = Fixed("good", {"q1": ["p1"], "q2": ["p2", "p3"], "q3": ["p1", "p3"]})
    BAD = Fixed("bad", {"q1": ["p2", "p1"], "q2": ["p3"], "q3": ["p1", "p3"]})
    ALL = frozenset({"p1", "p2", "p3", "p4"})

    @pytest.fixture
    def evaluation(self):
        return evaluate(self.JUDGED, Bench([self.GOOD, self.BAD], self.ALL), cutoffs=(1,))

    def test_values_by_system_query_and_measure(self, evaluation):
        assert evaluation.measures == ("nDCG@10", "nDCG@20", "recall@1", "MRR", "judged@10")
        assert evaluation.of("good", "MRR").tolist() == [1, 1, 0.5]
        assert evaluation.of("bad", "MRR").tolist() == [0.5, 0, 0.5]
        assert evaluation.of("good", "recall@1").tolist() == [1, 1, 0]

    def test_parts_of_it(self, evaluation):
        assert evaluation.kinds() == {"plain": 2, "name": 1}
        assert evaluation.of_kind("plain").of("good", "MRR").tolist() == [1, 1]
        odd = evaluation.only([1])
        assert [query.id for query in odd.queries] == ["q2"]
        assert odd.kinds() == {}

    def test_only_the_pool(self):
        found = evaluate(self.JUDGED, Bench([self.GOOD], self.ALL), pool=True)
        assert found.rankings["good"]["q3"] == ["p3"]

    def test_missing_documents_are_counted_or_refused(self):
        found = evaluate(self.JUDGED, Bench([self.GOOD], self.ALL - {"p1"}))
        assert found.notes == (
            "a note",
            "1 of the 3 relevant documents is not in the collection",
        )
        with pytest.raises(SourceError, match="none of the relevant documents"):
            evaluate(self.JUDGED, Bench([self.GOOD], {"p4"}))
        with pytest.raises(SourceError, match="the paper p4 of query q3 is not in the collection"):
            evaluate(self.JUDGED, Bench([self.GOOD], self.ALL - {"p4"}))

    def test_comparison(self, evaluation):
        found = compare(evaluation, "bad")
        values = evaluation.of("bad", "nDCG@10") - evaluation.of("good", "nDCG@10")
        assert found["difference"] == pytest.approx(values.mean())
        assert found["low"] <= found["difference"] <= found["high"] <= 0
        assert found["p"] == pytest.approx(0.5)
        assert (found["better"], found["equal"], found["worse"]) == (0, 1, 2)

    def test_text(self, evaluation):
        text = to_text(evaluation, details=True)
        lines = text.splitlines()
        assert lines[0].startswith("queries: 3, papers: 4")
        assert lines[2].split() == ["good", "bad"]
        assert " ".join(lines[3].split()) == "nDCG@10 0.877 [0.631, 1.000] 0.421 [0.000, 0.631]"
        assert "plain (2)" in text
        assert [line.split()[0] for line in lines[-3:]] == ["q3", "q1", "q2"]
        assert "like p4" in text
        assert "q2  two" in text
        assert text.isascii()
        assert "by query" not in to_text(evaluation)

    def test_values_for_json(self, evaluation):
        report = json.loads(json.dumps(to_dict(evaluation, details=True)))
        assert (report["queries"], report["documents"], report["notes"]) == (3, 4, ["a note"])
        good, bad = report["systems"]
        assert (good["name"], bad["name"]) == ("good", "bad")
        assert good["measures"]["MRR"]["mean"] == pytest.approx(2.5 / 3)
        assert good["kinds"]["name"]["queries"] == 1
        assert good["kinds"]["name"]["low"] is None
        assert report["comparisons"][0]["system"] == "bad"
        third = report["details"][2]
        assert (third["query"], third["paper"], third["kind"]) == ("q3", "p4", "name")
        assert third["systems"]["good"]["top"] == ["p1", "p3"]
        assert third["systems"]["good"]["unjudged"] == ["p1"]
        assert "details" not in to_dict(evaluation)


class TestCommand:
    @pytest.fixture
    def run(self, capsys, files, tiny_model):
        def run(*arguments: object, qrels: Path = files / "qrels.tsv") -> tuple[int, str, str]:
            judged = ["--queries", files / "queries.jsonl", "--qrels", qrels]
            code = run_command("evaluate", *judged, *arguments)
            captured = capsys.readouterr()
            return code, captured.out, captured.err

        return run

    @pytest.fixture
    def corpus(self, files, tiny_model) -> list[object]:
        options = ["--corpus", files / "corpus.jsonl", "--cache", files / "cache"]
        return [*options, "--model", tiny_model]

    def test_a_corpus(self, run, corpus):
        code, out, err = run(*corpus, "--baselines", "-k", 1, "-k", 3, "--details")
        assert (code, err) == (0, "")
        assert out.startswith("queries: 3, papers: 4")
        for expected in (
            "recall@1",
            "recall@3",
            "BM25",
            "dense",
            "RRF",
            "plain (2)",
            "q3  ClipMind",
        ):
            assert expected in out

    def test_an_index_and_json(self, run, index, monkeypatch):
        code, out, _ = run("--index", index, "--json", "--details")
        report = json.loads(out)
        assert code == 0
        assert [system["name"] for system in report["systems"]] == ["rftsearch"]
        assert report["details"][2]["systems"]["rftsearch"]["top"][0] == "p2"
        monkeypatch.setenv("RFTSEARCH_INDEX", str(index))
        assert json.loads(run("--json", "--details")[1]) == report

    def test_the_users_cache_is_used_unless_another_is_named(
        self, run, files, tiny_model, monkeypatch, tmp_path
    ):
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        code, _, _ = run("--corpus", files / "corpus.jsonl", "--model", tiny_model, "--pool")
        assert code == 0
        (folder,) = (tmp_path / "rftsearch" / "evaluation").iterdir()
        assert folder.name.startswith("corpus-")

    def test_notes_go_to_standard_error(self, run, index, tmp_path):
        qrels = tmp_path / "qrels.tsv"
        qrels.write_text("q1\tp1\t2\n")
        code, out, err = run("--index", index, qrels=qrels)
        assert code == 0
        assert out.startswith("queries: 1, papers: 4")
        assert err == "note: 2 of 3 queries have no relevant document and are left out\n"

    def test_mistakes(self, run, corpus, index, tmp_path):
        malformed = tmp_path / "malformed.tsv"
        malformed.write_text("q1\tp1\t2\nq1 p2\n")
        code, out, err = run(*corpus, qrels=malformed)
        assert (code, out) == (1, "")
        assert err == (
            f"rftsearch: {malformed}, line 2: not query, document and grade; "
            "correct the line or take it out\n"
        )
        code, _, err = run(*corpus, "--index", index)
        assert code == 2
        assert "give --corpus or --index, not both" in err
        code, _, err = run("--index", index, "--model", "some-model")
        assert code == 2
        assert "give --model and --cache with --corpus" in err
        assert run(*corpus, "-k", 0)[0] == 2
