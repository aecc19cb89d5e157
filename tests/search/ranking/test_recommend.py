from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.errors import QueryError, UnknownPaperError
from rftsearch.index.build.build import build_index
from rftsearch.papers.filters import Filters
from rftsearch.search.engine import Engine
from rftsearch.search.ranking.numeric import spread
from support.encoder import WordEncoder
from support.library import write_list

# Four papers on each of three matters; C1 and C1 Twin are one paper twice.
PAPERS = """\
## Crowds

* [2505] [C1] [Count the crowd, crowd and crowd](https://arxiv.org/abs/2505.00001)
* [2505] [C1 Twin] [Count the crowd, crowd and crowd](https://arxiv.org/abs/2505.00002)
* [2504] [C2] [Crowd scan](https://arxiv.org/abs/2504.00003)
* [2504] [C3] [Crowd reward count](https://arxiv.org/abs/2504.00004)

## Video

* [2503] [V1] [Video of video](https://arxiv.org/abs/2503.00005)
* [2503] [V2] [Video reward](https://arxiv.org/abs/2503.00006) [[Code](https://example.org/v2)]
* [2503] [V3] [Video scan](https://arxiv.org/abs/2503.00007)
* [2503] [V4] [A video to draw](https://arxiv.org/abs/2503.00008)

## Robots

* [2502] [R1] [Robot of robots](https://arxiv.org/abs/2502.00009)
* [2502] [R2] [Robot reward](https://arxiv.org/abs/2502.00010)
* [2502] [R3] [Robot scan](https://arxiv.org/abs/2502.00011)
* [2502] [R4] [A robot to draw](https://arxiv.org/abs/2502.00012)
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recommend")
    build_index(folder / "i", [write_list(folder, PAPERS)], encoder=WordEncoder(), offline=True)
    with Engine.open(folder / "i", encoder=WordEncoder()) as opened:
        yield opened


def names(results) -> list[str]:
    return [hit.paper.short_name for hit in results]


def matters(results) -> set[str]:
    return {hit.paper.category for hit in results}


def test_one_interest_without_diversity_is_the_order_of_similar(engine):
    alike = names(engine.similar("V1", k=3))
    assert names(engine.recommend(["V1"], k=3, diversity=0)) == alike


@pytest.mark.parametrize("diversity", [0, 0.3])
def test_every_interest_is_served_rather_than_their_average(engine, diversity):
    found = engine.recommend(["C2", "V3", "R3"], k=3, diversity=diversity)
    assert matters(found) == {"Crowds", "Video", "Robots"}
    found = engine.recommend(["V1", "V2", "R1"], k=4, diversity=diversity)
    assert {"Video", "Robots"} <= matters(found)


def test_what_is_disliked_pushes_its_kin_down(engine):
    plain = names(engine.recommend(["C2"], k=11))
    assert plain.index("V3") < plain.index("R3")  # Both of scans; the newer stands first.
    found = engine.recommend(["C2"], ["V1"], k=10)
    assert names(found).index("R3") < names(found).index("V3")
    against = {hit.paper.short_name: hit.parts["disliked"] for hit in found}
    assert min(against.values()) >= -0.7
    assert against["V3"] < against["R3"]


def test_scores_are_the_sum_of_their_parts(engine):
    for hit in engine.recommend(["V1", "R1"], ["C1"], k=9):
        assert hit.score == pytest.approx(sum(hit.parts.values()), abs=1e-6)
        assert set(hit.parts) == {"liked", "disliked"}


def test_twins_do_not_stand_together(engine):
    alike = names(engine.recommend(["C3"], k=4, diversity=0))
    assert abs(alike.index("C1") - alike.index("C1 Twin")) == 1
    apart = names(engine.recommend(["C3"], k=10, diversity=0.6))
    assert abs(apart.index("C1") - apart.index("C1 Twin")) > 1


@pytest.mark.parametrize("diversity", [0, 0.3, 1])
def test_seeds_never_return(engine, diversity):
    found = names(engine.recommend(["C1", "V1"], ["R1"], k=50, diversity=diversity))
    assert len(found) == 9
    assert not {"C1", "V1", "R1"} & set(found)


def test_a_seed_named_twice_counts_once(engine):
    once = engine.recommend(["V1", "R1"], k=5)
    assert engine.recommend(["V1", "2503.00005v2", "R1", "v1"], k=5) == once


def test_the_best_comes_first_however_diverse(engine):
    for diversity in (0, 0.5, 1):
        found = engine.recommend(["V1"], k=5, diversity=diversity)
        assert found[0].paper.category == "Video"
    diverse, plain = (engine.recommend(["V1"], k=5, diversity=d) for d in (1, 0))
    assert len(matters(diverse)) >= len(matters(plain))


def test_filters(engine):
    only = Filters(categories=("robots",), since="2025-01")
    assert set(names(engine.recommend(["V1"], k=3, filters=only))) < {"R1", "R2", "R3", "R4"}
    assert names(engine.recommend(["R1"], filters=Filters(has=("code",)))) == ["V2"]
    assert names(engine.recommend(["V2"], filters=Filters(has=("code",)))) == []
    found = engine.recommend(["V1"], k=1, filters=only)
    assert found.facets == {"Crowds": 0, "Video": 0, "Robots": 4}


@pytest.mark.parametrize(
    ("liked", "options", "message"),
    [
        ([], {}, "nothing is liked"),
        (["V1"], {"k": 0}, "ask for 1 or more"),
        (["V1"], {"diversity": 1.1}, "goes from 0 to 1"),
        (["V1"], {"diversity": -0.1}, "goes from 0 to 1"),
        (["V1"], {"diversity": float("nan")}, "goes from 0 to 1"),
        (["V1", "R1"], {"disliked": ["2503.00005"]}, "V1 is both liked and disliked"),
        ([""], {}, "no paper was named"),
    ],
)
def test_what_makes_no_sense(engine, liked, options, message):
    with pytest.raises(QueryError, match=message):
        engine.recommend(liked, **options)


def test_an_unknown_paper(engine):
    with pytest.raises(UnknownPaperError, match="no paper called 'Nothing'"):
        engine.recommend(["V1", "Nothing"])


@given(
    st.integers(0, 12),
    st.integers(1, 4),
    st.integers(1, 15),
    st.floats(0, 1),
    st.integers(0, 2**32 - 1),
)
def test_spread_chooses_each_once_and_is_a_start_of_a_longer_choice(n, s, k, diversity, seed):
    random = np.random.default_rng(seed)
    interests = random.random((n, s), dtype=np.float32)
    vectors = random.standard_normal((n, 3)).astype(np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    chosen = spread(interests, vectors, k, diversity).tolist()
    assert len(set(chosen)) == len(chosen) == min(k, n)
    assert spread(interests, vectors, n + 1, diversity).tolist()[:k] == chosen


def test_spread_keeps_the_order_of_one_interest():
    interests = np.array([[0.2], [1.0], [0.0], [0.9], [1.0]], np.float32)
    vectors = np.eye(5, dtype=np.float32)
    assert spread(interests, vectors, 5, 0.0).tolist() == [1, 4, 3, 0, 2]


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_what_is_recommended_can_come_by_date(engine, order):
    chosen = engine.recommend(["V2", "R2"], ["C1"], k=5)
    found = engine.recommend(["V2", "R2"], ["C1"], k=5, sort=order)
    months = [hit.paper.released for hit in found]
    assert months == sorted(months, reverse=order == "newest")
    assert sorted(names(found)) == sorted(names(chosen))
    with pytest.raises(QueryError, match="cannot sort by 'size'"):
        engine.recommend(["V2"], sort="size")
