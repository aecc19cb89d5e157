from __future__ import annotations

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from rftsearch.errors import IndexDamagedError
from rftsearch.index.tables import paper_map
from rftsearch.index.tables.npy import save_array
from rftsearch.index.tables.paper_map import Entry, Projection, draw_map, sample

TOPICS = 6
COUNT = 120


def vectors_of(count: int, seed: int = 0) -> np.ndarray:
    """Unit vectors around a few topics; that of a paper does not depend on the others."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(TOPICS, 24))
    rows = [
        centres[n % TOPICS] + 0.4 * np.random.default_rng([seed, n]).normal(size=24)
        for n in range(count)
    ]
    rows = np.array(rows, np.float32).reshape(count, 24)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


VECTORS = vectors_of(2 * COUNT)


def drawn(numbers, before: Projection | None = None, *, body: bytes = b"text") -> Projection:
    """The map of the papers of these numbers."""
    numbers = list(numbers)
    return draw_map(
        [Entry(1000 + n, f"paper-{n}", body) for n in numbers], VECTORS[numbers], before
    )


def moved(after: Projection, before: Projection) -> np.ndarray:
    """How far the papers of both maps moved, in root mean square radii of the one before."""
    _, here, there = np.intersect1d(after.keys, before.keys, return_indices=True)
    middle = before.places.mean(axis=0)
    radius = np.sqrt(((before.places - middle) ** 2).sum(axis=1).mean())
    return np.linalg.norm(after.places[here] - before.places[there], axis=1) / radius


def same_topic(places: Projection, number: int, k: int = 5) -> float:
    """Share of the nearest papers on the map that are of the paper's topic."""
    place = places.ids.tolist().index(1000 + number)
    away = np.linalg.norm(places.places - places.places[place], axis=1)
    nearest = places.ids[np.argsort(away)[1 : k + 1]] - 1000
    return float(np.mean(nearest % TOPICS == number % TOPICS))


@pytest.fixture(scope="module")
def first() -> Projection:
    return drawn(range(COUNT))


class TestWhatIsAlikeLiesTogether:
    def test_topics_are_kept_together(self, first):
        assert first.method == "t-SNE (perplexity 30)"
        assert np.mean([same_topic(first, n) for n in range(COUNT)]) > 0.95
        assert not first.placed.any()

    def test_a_paper_that_is_put_among_others_lands_in_its_topic(self, first):
        more = drawn(range(COUNT + 10), first)
        assert more.placed.sum() == 10
        assert np.mean([same_topic(more, n) for n in range(COUNT, COUNT + 10)]) > 0.95

    def test_those_beyond_what_is_laid_out_are_put_among_them(self, monkeypatch):
        monkeypatch.setattr(paper_map, "MOST_TSNE", 60)
        split = drawn(range(COUNT))
        assert np.mean([same_topic(split, n) for n in range(COUNT)]) > 0.9
        assert np.isfinite(split.places).all()


class TestStable:
    def test_drawn_again_it_is_the_same(self, first):
        np.testing.assert_array_equal(drawn(range(COUNT)).places, first.places)

    def test_the_number_of_threads_does_not_matter(self, first):
        with threadpool_limits(1):
            np.testing.assert_array_equal(drawn(range(COUNT)).places, first.places)

    def test_an_unchanged_build_changes_nothing(self, first):
        np.testing.assert_array_equal(drawn(range(COUNT), first).places, first.places)

    @pytest.mark.parametrize("count", [COUNT + 5, COUNT - 5, COUNT - 40])
    def test_few_that_come_or_any_that_go_move_nobody(self, first, count):
        after = drawn(range(count), first)
        assert len(after) == count
        assert moved(after, first).max() == 0

    def test_many_that_come_move_the_others_a_little(self, first):
        after = drawn(range(COUNT + 24), first)
        assert not after.placed.any(), "all were improved together"
        assert np.median(moved(after, first)) < 0.25
        anew = drawn(range(COUNT + 24))
        assert np.median(moved(after, first)) < np.median(moved(anew, first))

    def test_those_put_among_the_others_add_up_until_all_are_improved(self, first):
        after = first
        for count in (COUNT + 6, COUNT + 12):
            after = drawn(range(count), after)
            assert moved(after, first).max() == 0
        assert after.placed.sum() == 12
        assert not drawn(range(COUNT + 15), after).placed.any()

    def test_a_map_of_others_is_no_start(self, first):
        after = drawn(range(COUNT, 2 * COUNT), first)
        np.testing.assert_array_equal(after.places, drawn(range(COUNT, 2 * COUNT)).places)

    def test_a_paper_whose_text_changed_finds_its_place_again(self, first):
        entries = [Entry(n, f"paper-{n}", b"new" if n == 0 else b"text") for n in range(COUNT)]
        changed = VECTORS[:COUNT].copy()
        changed[0] = changed[1]
        after = draw_map(entries, changed, first)
        assert after.placed.tolist() == [True] + [False] * (COUNT - 1)
        assert moved(after, first).max() == 0
        beside = np.linalg.norm(after.places - after.places[0], axis=1)
        assert 1 in np.argsort(beside)[1:6]

    def test_an_integer_id_may_change(self, first):
        entries = [Entry(n + 9000, f"paper-{n}", b"text") for n in range(COUNT)]
        after = draw_map(entries, VECTORS[:COUNT], first)
        np.testing.assert_array_equal(after.places, first.places)
        assert after.ids[0] == 9000


class TestFew:
    @pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 29, 30, 31, 40])
    def test_any_number_of_papers_has_a_map(self, count):
        places = drawn(range(count))
        assert places.places.shape == (count, 2)
        assert np.isfinite(places.places).all()
        assert places.method.startswith("PCA" if count < 30 else "t-SNE")

    @pytest.mark.parametrize(("count", "then"), [(0, 3), (3, 0), (28, 32), (32, 28), (10, 11)])
    def test_from_one_number_to_another(self, count, then):
        after = drawn(range(then), drawn(range(count)))
        assert after.places.shape == (then, 2)
        assert np.isfinite(after.places).all()
        np.testing.assert_array_equal(drawn(range(then), after).places, after.places)

    @pytest.mark.parametrize("count", [8, 60])
    def test_papers_of_one_text_lie_side_by_side(self, count):
        entries = [Entry(n, f"paper-{n}", b"text") for n in range(count)]
        places = draw_map(entries, np.tile(VECTORS[:1], (count, 1))).places
        assert np.isfinite(places).all()
        assert len(np.unique(places.round(6), axis=0)) == count


def named(number: int) -> Entry:
    return Entry(number, f"paper-{number}", b"")


class TestSample:
    def test_few_are_all_there(self):
        entries = [named(n) for n in range(20)]
        assert sorted(sample(entries), key=lambda entry: entry.id) == entries

    def test_many_are_sampled_evenly_and_the_same_way_again(self, monkeypatch):
        monkeypatch.setattr(paper_map, "MOST", 500)
        entries = [named(n) for n in range(3000)]
        chosen = sample(iter(entries))
        assert len(set(chosen)) == 500
        early = np.mean([entry.id < 1500 for entry in chosen])
        assert 0.4 < early < 0.6
        more = [*entries, *(Entry(n, f"other-{n}", b"") for n in range(3000, 3030))]
        kept = set(sample(more)) & set(chosen)
        assert len(kept) >= 485, "those that come push out few"


class TestFile:
    def test_reads_back(self, first, tmp_path):
        first.save(tmp_path / "map.npy")
        again = Projection.open(tmp_path / "map.npy")
        for name in ("ids", "keys", "places", "placed"):
            np.testing.assert_array_equal(getattr(again, name), getattr(first, name))

    def test_another_array_is_refused(self, tmp_path):
        save_array(tmp_path / "map.npy", np.zeros(3))
        with pytest.raises(IndexDamagedError, match="--repair"):
            Projection.open(tmp_path / "map.npy")
