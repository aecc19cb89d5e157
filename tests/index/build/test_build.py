from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from rftsearch.errors import (
    IndexDamagedError,
    IndexFormatError,
    IndexLockedError,
    IndexMissingError,
    IndexWriteError,
    ModelMismatchError,
    SourceError,
)
from rftsearch.index.build.build import build_index, index_papers
from rftsearch.index.build.reading.source_reader import SourceReader
from rftsearch.index.build.repair import repair_index
from rftsearch.index.build.update import update_index
from rftsearch.index.generations.generation import Generation
from rftsearch.index.generations.manifest import FORMAT, Manifest
from rftsearch.index.generations.status import read_status
from rftsearch.index.generations.verify import verify_index
from rftsearch.papers.documents import texts_of
from rftsearch.papers.paper import Paper
from rftsearch.search.engine import Engine
from rftsearch.sources.arxiv.api import Fetched
from rftsearch.sources.arxiv.snapshot import Snapshot
from support.encoder import WordEncoder
from support.library import ABSTRACTS, LIST, metadata, write_abstracts, write_list
from support.snapshot import record, write_snapshot
from support.stores import opened_store


class Library:
    """Stands where arXiv would: answers from the invented papers, and counts."""

    def __init__(self, *, known=tuple(ABSTRACTS), error=None):
        self.known = set(known)
        self.error = error
        self.asked: list[list[str]] = []

    def fetch(self, ids, *, progress=None, on_batch=None):
        self.asked.append(list(ids))
        answers = {i: metadata(i) for i in ids if i in self.known}
        if on_batch:
            on_batch(list(answers.values()))
        absent = tuple(i for i in ids if i not in answers)
        if self.error:
            return Fetched(answers, unknown=(), missing=absent, error=self.error)
        return Fetched(answers, unknown=absent, missing=(), error=None)


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    return write_list(tmp_path)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def build(index, lists, **options):
    options.setdefault("encoder", WordEncoder())
    options.setdefault("client", Library())
    return build_index(index, [lists], **options)


class TestWhatIsBuilt:
    def test_a_list_becomes_an_index_that_answers(self, index, lists):
        report = build(index, lists)
        assert report.manifest.counts == {
            "papers": 5,
            "projects": 1,
            "with_abstract": 4,
            "pending": 0,
            "unknown": 0,
            "without": 2,
            "windowed": 0,
        }
        assert report.manifest.categories == ("Vision (Image)", "Vision (Video)", "Audio")
        assert report.notes == ()
        with Engine.open(index, encoder=WordEncoder()) as engine:
            assert engine.search("count the crowd", k=1)[0].paper.short_name == "CrowdSeer"

    def test_the_title_is_arxivs_and_the_lists_is_kept(self, index, lists):
        build(index, lists)
        with Engine.open(index, encoder=WordEncoder()) as engine:
            paper = engine.paper("ClipMind")
        assert paper.title == "ClipMind: Reasoning over Video"
        assert paper.listed_title == "ClipMind: Video Reasoning"
        assert paper.authors == ("Author One", "Author Two")

    def test_an_unchanged_list_encodes_and_fetches_nothing(self, index, lists):
        first = build(index, lists)
        encoder, arxiv = WordEncoder(), Library()
        second = build(index, lists, encoder=encoder, client=arxiv)
        assert first.encoded == 6
        assert second.encoded == 0
        assert encoder.encoded == []
        assert arxiv.asked == []
        assert second.manifest.generation == first.manifest.generation + 1

    def test_one_new_entry_encodes_one(self, index, lists):
        build(index, lists)
        lists.write_text(
            LIST + "\n* [2505] [Robo2] [Robo2: A Robot](https://example.org/robo2.pdf)\n", "utf-8"
        )
        encoder = WordEncoder()
        assert build(index, lists, encoder=encoder).encoded == 1
        assert encoder.encoded == ["Robo2: A Robot."]

    def test_a_removed_entry_is_gone(self, index, lists):
        build(index, lists)
        lists.write_text(LIST.partition("## Audio")[0], "utf-8")
        build(index, lists)
        with Engine.open(index, encoder=WordEncoder()) as engine:
            assert engine.categories() == {"Vision (Image)": 3, "Vision (Video)": 2}
            assert "EarTest" not in [paper.short_name for paper in engine.papers()]

    def test_two_lists_make_one_paper_of_one_id(self, index, lists, tmp_path):
        other = tmp_path / "other.md"
        other.write_text(
            "## Robots\n\n* [2505] [CrowdSeer] [CrowdSeer: Counting People]"
            "(https://arxiv.org/pdf/2505.00001v3) [[Demo](https://example.org/demo)]\n",
            "utf-8",
        )
        build_index(index, [lists, other], encoder=WordEncoder(), client=Library())
        with Engine.open(index, encoder=WordEncoder()) as engine:
            paper = engine.paper("CrowdSeer")
            assert paper.categories == ("Vision (Image)", "Robots")
            assert [link.kind for link in paper.links] == ["code", "model", "demo"]
            assert [place.source for place in paper.provenance] == ["invented.md", "other.md"]
            assert engine.categories()["Robots"] == 1

    def test_documents_longer_than_the_model_reads_are_counted(self, index, lists):
        report = build(index, lists, encoder=WordEncoder(limit=9))
        assert report.manifest.counts["windowed"] == 3
        assert "3 documents are longer than words reads at once" in report.notes[0]
        again = build(index, lists, encoder=WordEncoder(limit=9))
        assert again.manifest.counts["windowed"] == 3

    def test_entries_that_cannot_be_read_are_named(self, index, lists):
        lists.write_text(LIST + "\n* [2505] [Nameless]\n", "utf-8")
        report = build(index, lists)
        assert [problem.line for problem in report.problems] == [LIST.count("\n") + 2]

    def test_a_project_is_embedded_by_name_category_and_remark(self):
        project = Paper(
            "r", "Robo-Kit", "Robo-Kit", ("Robots",), kind="project", description="A toolbox"
        )
        assert texts_of(project).body == "Robo-Kit. Robots. A toolbox."


class TestListsOfOnesOwn:
    def test_a_build_that_names_none_reads_them_again(self, index, lists, monkeypatch, tmp_path):
        monkeypatch.chdir(tmp_path)
        build_index(index, [Path(lists.name)], encoder=WordEncoder(), offline=True)
        monkeypatch.chdir("/")
        lists.write_text(LIST.partition("## Audio")[0], "utf-8")
        report = build_index(index, encoder=WordEncoder(), offline=True)
        assert report.manifest.sources == (str(lists.resolve()),)
        assert report.manifest.counts["papers"] == 4

    def test_a_list_that_is_gone_is_named_and_nothing_is_lost(self, index, lists):
        build(index, lists)
        lists.unlink()
        with pytest.raises(SourceError, match=lists.name):
            build_index(index, encoder=WordEncoder(), offline=True)
        assert read_status(index).generation == 1

    def test_a_path_that_is_no_text_is_refused_before_anything_is_read(self, index, tmp_path):
        folder = tmp_path / os.fsdecode(b"donn\xe9es")
        folder.mkdir()
        with pytest.raises(SourceError, match=r"donn\?es/invented.md is not in UTF-8; rename"):
            build(index, write_list(folder))
        assert not index.exists()

    def test_papers_that_came_from_no_list_are_not_replaced(self, index):
        index_papers(index, [Paper("a", "A", "A", ("C",))], encoder=WordEncoder())
        with pytest.raises(SourceError, match="made from papers"):
            build_index(index, encoder=WordEncoder(), offline=True)

    def test_a_new_index_is_of_the_catalogue(self, index):
        report = build_index(index, encoder=WordEncoder(), offline=True)
        assert report.manifest.sources == ()
        assert report.manifest.counts["papers"] == 65


class TestSnapshots:
    @pytest.fixture
    def snapshot(self, tmp_path):
        return Snapshot(
            write_snapshot(
                tmp_path,
                record("2505.00001", comments="From the snapshot"),
                record("2503.00009", title="Fresh: A Video", categories="cs.CL"),
                record("2503.00010", categories="math.GT"),
                suffix=".gz",
            ),
            ("cs",),
            "2024-01",
        )

    def test_go_with_lists_and_describe_their_papers(self, index, lists, snapshot):
        arxiv = Library()
        report = build_index(index, [lists, snapshot], encoder=WordEncoder(), client=arxiv)
        assert report.manifest.counts["papers"] == 6
        assert report.manifest.categories[:3] == ("Vision (Image)", "Vision (Video)", "Audio")
        assert report.outcome.account == ("snapshot.json.gz: 2 of 3 papers taken",)
        assert arxiv.asked == [["2504.00002", "2503.00003", "2502.00004"]]
        with Engine.open(index, encoder=WordEncoder()) as engine:
            both, fresh = engine.paper("CrowdSeer"), engine.paper("Fresh")
        assert both.categories == ("Vision (Image)", "cs.CV")
        assert both.metadata.comment == "From the snapshot"
        assert [link.kind for link in both.links] == ["code", "model"]
        assert (fresh.id, fresh.category, fresh.provenance) == ("2503.00009", "cs.CL", ())

    def test_are_read_again_with_the_same_filters(self, index, lists, snapshot):
        first = build_index(index, [lists, snapshot], encoder=WordEncoder(), offline=True)
        encoder = WordEncoder()
        again = build_index(index, encoder=encoder, offline=True)
        assert again.manifest.sources == first.manifest.sources
        assert again.manifest.counts == first.manifest.counts
        assert encoder.encoded == []

    def test_that_are_cut_short_publish_nothing(self, index, snapshot):
        build_index(index, [snapshot], encoder=WordEncoder())
        snapshot.path.write_bytes(snapshot.path.read_bytes()[:-20])
        with pytest.raises(SourceError, match="ends too soon"):
            build_index(index, encoder=WordEncoder())
        assert read_status(index).generation == 1
        snapshot.path.unlink()
        with pytest.raises(SourceError, match="there is no file"):
            build_index(index, encoder=WordEncoder())


class TestAbstracts:
    def test_what_could_not_be_fetched_is_said_and_completed_later(self, index, lists):
        half = Library(known=["2505.00001", "2504.00002"], error="arXiv answered 503")
        report = build(index, lists, client=half)
        assert report.manifest.counts["pending"] == 2
        assert "2 abstracts not fetched yet" in report.notes[0]
        assert "arXiv answered 503" in report.notes[1]
        status = read_status(index)
        assert status.pending_ids == ("2502.00004", "2503.00003")
        with Engine.open(index, encoder=WordEncoder()) as engine:
            assert "2 abstracts not fetched yet" in engine.search("video").notes[0]
            assert engine.paper("EarTest").abstract_state == "pending"
            assert engine.paper("Robo-Kit").abstract_state == "none"

        arxiv = Library()
        report = build(index, lists, client=arxiv)
        assert arxiv.asked == [["2503.00003", "2502.00004"]]
        assert report.encoded == 2
        assert report.notes == ()

    def test_an_id_arxiv_does_not_have_is_counted_apart_and_not_asked_again(self, index, lists):
        arxiv = Library(known=["2505.00001", "2504.00002", "2503.00003"])
        report = build(index, lists, client=arxiv)
        assert report.manifest.counts["unknown"] == 1
        assert report.manifest.counts["pending"] == 0
        assert read_status(index).unknown_ids == ("2502.00004",)
        build(index, lists, client=arxiv)
        assert len(arxiv.asked) == 1
        build(index, lists, client=Library(), refresh=True)
        assert read_status(index).unknown == 0

    def test_refresh_keeps_what_does_not_come_again(self, index, lists):
        build(index, lists)
        arxiv = Library(known=[])
        report = build(index, lists, client=arxiv, refresh=True)
        assert len(arxiv.asked[0]) == 4
        assert report.manifest.counts["with_abstract"] == 4

    def test_offline_asks_nobody(self, index, lists):
        arxiv = Library()
        report = build(index, lists, client=arxiv, offline=True)
        assert arxiv.asked == []
        assert report.manifest.counts["pending"] == 4

    def test_a_file_is_read_instead_of_asking(self, index, lists, tmp_path):
        arxiv = Library()
        report = build(index, lists, client=arxiv, abstracts=write_abstracts(tmp_path))
        assert arxiv.asked == []
        assert report.fetched == 4
        assert report.manifest.counts["with_abstract"] == 4

    def test_a_file_that_is_not_there_changes_nothing(self, index, lists, tmp_path):
        build(index, lists)
        with pytest.raises(SourceError):
            build(index, lists, abstracts=tmp_path / "none.jsonl", refresh=True)
        assert read_status(index).generation == 1

    def test_a_wrong_file_is_found_before_anything_else_is_read(self, index, lists, tmp_path):
        snapshot = Snapshot(write_snapshot(tmp_path, record("2503.00003")))
        wrong, told = tmp_path / "wrong.jsonl", []
        wrong.write_text("no JSON\n", "utf-8")
        wanted = {"encoder": WordEncoder(), "abstracts": wrong}
        with pytest.raises(SourceError, match="no abstract can be read"):
            build_index(index, [lists, snapshot], **wanted, progress=lambda s, *_: told.append(s))
        assert told == ["read"]
        assert not index.exists()
        build(index, lists)
        with pytest.raises(SourceError) as caught:
            build_index(index, **wanted)
        assert "the index was built from it" not in str(caught.value), "that is said of lists"

    def test_abstracts_outlive_ctrl_c_while_fetching(self, index, lists):
        class Interrupted(Library):
            def fetch(self, ids, *, progress=None, on_batch=None):
                on_batch([metadata("2505.00001")])
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            build(index, lists, client=Interrupted())
        arxiv = Library()
        build(index, lists, client=arxiv)
        assert "2505.00001" not in arxiv.asked[0]


class TestModels:
    def test_another_model_encodes_all_and_the_first_is_remembered(self, index, lists):
        other = WordEncoder(("crowd", "video"), name="other")
        build(index, lists)
        assert build(index, lists, encoder=other).encoded == 6
        assert build(index, lists).encoded == 0

    def test_a_query_by_another_model_is_refused_and_both_are_named(self, index, lists):
        build(index, lists)
        other = WordEncoder(("crowd",), name="other")
        with pytest.raises(ModelMismatchError, match=r"words .* other .* --model other"):
            Engine.open(index, encoder=other)

    def test_a_running_engine_refuses_an_index_rebuilt_with_another_model(self, index, lists):
        build(index, lists)
        with Engine.open(index, encoder=WordEncoder()) as engine:
            build(index, lists, encoder=WordEncoder(("crowd",), name="other"))
            with pytest.raises(ModelMismatchError):
                engine.search("crowd")


class TestGenerations:
    def test_two_are_kept(self, index, lists):
        for _ in range(4):
            build(index, lists)
        assert sorted(p.name for p in (index / "generations").iterdir()) == ["000003", "000004"]

    def test_a_running_engine_answers_from_the_new_one(self, index, lists):
        build(index, lists)
        with Engine.open(index, encoder=WordEncoder()) as engine:
            assert len(engine.papers()) == 6
            lists.write_text(LIST.partition("## Audio")[0], "utf-8")
            build(index, lists)
            assert len(engine.papers()) == 5

    def test_readers_answer_all_through_many_builds(self, index, lists):
        build(index, lists)
        shorter = LIST.partition("## Audio")[0]
        stop = threading.Event()
        wrong: list[object] = []

        def ask(engine: Engine) -> None:
            while not stop.is_set():
                try:
                    found = {hit.paper.short_name for hit in engine.search("video", k=10)}
                    if len(found) not in (5, 6) or "ClipMind" not in found:
                        wrong.append(found)
                except Exception as error:  # noqa: BLE001 - any at all is what must not happen
                    wrong.append(error)

        with Engine.open(index, encoder=WordEncoder()) as engine:
            readers = [threading.Thread(target=ask, args=(engine,)) for _ in range(3)]
            for reader in readers:
                reader.start()
            for number in range(8):
                lists.write_text(shorter if number % 2 else LIST, "utf-8")
                build(index, lists)
            stop.set()
            for reader in readers:
                reader.join()
        assert wrong == []

    def test_a_second_build_says_who_holds_the_lock(self, index, lists):
        build(index, lists)
        caught: list[str] = []

        def meddle(stage: str, done: int, total: int) -> None:
            if stage == "write" and not caught:
                with pytest.raises(IndexLockedError) as refused:
                    build(index, lists)
                caught.append(str(refused.value))

        build(index, lists, progress=meddle)
        assert len(caught) == 1
        assert "process " in caught[0]
        assert "since " in caught[0]

    def test_lists_that_came_while_it_read_are_not_forgotten(self, index, lists, monkeypatch):
        build(index, lists)
        more = lists.with_name("more.md")
        more.write_text("## Audio\n\n* [2501] [A] [A: B](https://example.org/a.pdf)\n", "utf-8")
        read = SourceReader.read

        def meddle(gathering: SourceReader, sources: object) -> None:
            monkeypatch.setattr(SourceReader, "read", read)
            update_index(index, [more], encoder=WordEncoder(), offline=True)
            read(gathering, sources)

        monkeypatch.setattr(SourceReader, "read", meddle)
        with pytest.raises(IndexLockedError, match="another build has changed what"):
            build_index(index, encoder=WordEncoder(), offline=True)
        assert str(more) in " ".join(Manifest.read(index).sources)
        build_index(index, encoder=WordEncoder(), offline=True)
        assert str(more) in " ".join(Manifest.read(index).sources)


def lose_manifest(index: Path, content: str | None) -> None:
    """Delete it, or leave so much of it."""
    if content is None:
        (index / "manifest.json").unlink()
    else:
        (index / "manifest.json").write_text(content)


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x01
    path.write_bytes(content)


def test_ctrl_c_just_after_publishing_leaves_the_new_generation(index, lists, monkeypatch):
    build(index, lists)
    publish = Manifest.publish

    def publish_and_interrupt(manifest: Manifest, folder: Path) -> None:
        publish(manifest, folder)
        raise KeyboardInterrupt

    monkeypatch.setattr(Manifest, "publish", publish_and_interrupt)
    with pytest.raises(KeyboardInterrupt):
        build(index, lists)
    monkeypatch.undo()
    assert read_status(index).generation == 2
    verify_index(index)
    with Engine.open(index, encoder=WordEncoder()) as engine:
        assert len(engine.papers()) == 6


def test_repair_publishes_nothing_that_a_dead_build_only_staged(index, lists, monkeypatch):
    build(index, lists)
    lists.write_text(LIST.partition("## Audio")[0], "utf-8")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Manifest, "publish", die)
    with pytest.raises(KeyboardInterrupt):
        build(index, lists)
    monkeypatch.undo()
    repair_index(index)
    with Engine.open(index, encoder=WordEncoder()) as engine:
        assert len(engine.papers()) == 6


def test_a_lost_manifest_does_not_change_the_model(index, lists, tiny_model):
    build_index(index, [lists], model=str(tiny_model), offline=True)
    (index / "manifest.json").write_text("{")
    report = build_index(index, [lists], offline=True)
    assert report.manifest.model.name == str(tiny_model.resolve())


class TestMap:
    def places(self, index) -> dict[str, tuple[float, ...]]:
        with Generation.open(index).store as store, Engine.open(index) as engine:
            drawn = engine._watcher.current().map
            papers = store.papers(drawn.ids.tolist())
            names = [papers[number].short_name for number in drawn.ids.tolist()]
        return dict(zip(names, map(tuple, drawn.places.tolist()), strict=True))

    def test_papers_keep_their_places_whatever_else_of_them_changes(self, index, lists):
        build(index, lists)
        before = self.places(index)
        lists.write_text(LIST.replace("/crowdseer)]", "/moved)]"), "utf-8")
        build(index, lists)
        assert self.places(index) == before

    def test_another_model_finds_other_papers_alike(self, index, lists, tmp_path):
        other = WordEncoder(("audio", "reward", "video"), name="other")
        build(index, lists)
        before = self.places(index)
        build(index, lists, encoder=other)
        build(tmp_path / "fresh", lists, encoder=other)
        assert self.places(index) == self.places(tmp_path / "fresh") != before

    def test_a_repair_keeps_them_too_and_draws_a_map_that_is_lost_again(self, index, lists):
        build(index, lists)
        before = self.places(index)
        repair_index(index)
        assert self.places(index) == before
        (index / "generations" / "000002" / "map.npy").unlink()
        repair_index(index)
        assert self.places(index).keys() == before.keys()


class TestDamage:
    @pytest.fixture(autouse=True)
    def _built(self, index, lists):
        build(index, lists, encoder=WordEncoder(limit=5))

    @pytest.mark.parametrize("name", ["vectors/index.faiss", "attributes.npy", "map.npy"])
    @pytest.mark.parametrize("how", ["altered", "cut", "missing"])
    def test_a_derived_file_is_refused_and_repaired(self, index, name, how):
        path = index / "generations" / "000001" / name
        if how == "altered":
            damage(path)
        elif how == "cut":
            path.write_bytes(path.read_bytes()[:-1])
        else:
            path.unlink()
        with pytest.raises(IndexDamagedError, match=r"rftsearch build --repair"):
            Engine.open(index, encoder=WordEncoder())
        with pytest.raises(IndexDamagedError):
            verify_index(index)
        repair_index(index)
        verify_index(index)
        with Engine.open(index, encoder=WordEncoder()) as engine:
            assert engine.search("crowd", k=1)[0].paper.short_name == "CrowdSeer"

    def test_damage_after_the_first_opening_is_found_by_verify(self, index):
        Engine.open(index, encoder=WordEncoder()).close()
        damage(index / "generations" / "000001" / "vectors/index.faiss")
        with pytest.raises(IndexDamagedError):
            verify_index(index)

    def test_a_lost_manifest_loses_nothing_else(self, index, lists):
        (index / "manifest.json").unlink()
        assert repair_index(index).manifest.sources == (str(lists),)
        verify_index(index)
        assert build(index, lists).encoded == 0
        with Engine.open(index, encoder=WordEncoder()) as engine:
            assert len(engine.papers()) == 6

    @pytest.mark.parametrize("content", [None, "{"])
    def test_a_build_without_its_manifest_reads_the_same_lists(self, index, content):
        lose_manifest(index, content)
        report = build_index(index, encoder=WordEncoder(), offline=True)
        assert (report.encoded, report.manifest.counts["papers"]) == (0, 5)

    @pytest.mark.parametrize("content", [None, "{"])
    def test_a_build_does_not_replace_papers_that_came_from_no_list(self, tmp_path, content):
        index = tmp_path / "given"
        paper = Paper("slug:given", "GivenPapers", "A paper at hand", ("Audio",))
        index_papers(index, [paper], encoder=WordEncoder())
        lose_manifest(index, content)
        with pytest.raises(IndexDamagedError, match="--repair"):
            build_index(index, encoder=WordEncoder(), offline=True)
        repair_index(index)
        with Engine.open(index, encoder=WordEncoder()) as engine:
            assert [one.id for one in engine.papers()] == [paper.id]

    def test_a_store_that_remembers_no_lists_says_so(self, index):
        lose_manifest(index, None)
        with opened_store(index) as store:
            store.execute("UPDATE generations SET description = '{}'")
        with pytest.raises(IndexDamagedError, match="name the lists to build from"):
            build_index(index, encoder=WordEncoder(), offline=True)

    @pytest.mark.parametrize(
        "content",
        ["", "{", "[]", f'{{"format": {FORMAT}}}', f'{{"format": {FORMAT}, "files": []}}'],
    )
    def test_a_damaged_manifest_is_refused_and_repaired(self, index, content):
        (index / "manifest.json").write_text(content)
        with pytest.raises(IndexDamagedError, match="--repair"):
            Engine.open(index)
        repair_index(index)
        with Engine.open(index, encoder=WordEncoder()) as engine:
            assert len(engine.papers()) == 6

    def test_a_build_heals_a_damaged_manifest_without_encoding(self, index, lists):
        (index / "manifest.json").write_text("{")
        assert build(index, lists).encoded == 0
        with Engine.open(index, encoder=WordEncoder()) as engine:
            assert len(engine.papers()) == 6

    def test_another_version_is_refused(self, index, lists):
        path = index / "manifest.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 99}))
        with pytest.raises(IndexFormatError, match=r"index format 99.*update rftsearch"):
            Engine.open(index)
        build(index, lists)
        Engine.open(index, encoder=WordEncoder()).close()

    def test_an_older_version_is_repaired_and_its_lists_are_not_forgotten(self, index, lists):
        path = index / "manifest.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 1}))
        for use in (Engine.open, lambda folder: build_index(folder, offline=True)):
            with pytest.raises(IndexFormatError, match=r"index format 1,.*build --repair"):
                use(index)
        assert repair_index(index).manifest.sources == (str(lists),)
        Engine.open(index, encoder=WordEncoder()).close()

    def test_a_lost_store_says_so_and_a_build_makes_it_again(self, index, lists):
        for path in index.glob("store.sqlite3*"):
            path.unlink()
        with pytest.raises(IndexDamagedError, match="is missing"):
            Engine.open(index)
        counts = Manifest.read(index).counts
        assert build(index, lists, encoder=WordEncoder(limit=5)).manifest.counts == counts
        assert counts["windowed"] > 0
        Engine.open(index, encoder=WordEncoder()).close()

    def test_repair_needs_an_index(self, tmp_path):
        with pytest.raises(IndexMissingError):
            repair_index(tmp_path / "none")
        with pytest.raises(IndexMissingError):
            repair_index(tmp_path)


class TestWriting:
    def test_a_folder_that_cannot_be_made(self, lists, tmp_path):
        (tmp_path / "file").write_text("in the way")
        with pytest.raises(IndexWriteError, match="--index"):
            build(tmp_path / "file" / "index", lists)

    def test_no_index(self, tmp_path):
        with pytest.raises(IndexMissingError, match=r"`rftsearch build --index .*` makes one"):
            Manifest.read(tmp_path)
