from __future__ import annotations

from rftsearch.index.build.build import build_index
from rftsearch.search.engine import Engine
from rftsearch.search.query.examples import typical_phrases
from support.encoder import WordEncoder
from support.library import write_list

TITLES = [
    ("Audio", "HearWell: Sound Question Answering with Rewards"),
    ("Audio", "Sound question answering, twice"),
    ("Audio", "A Survey of Sound"),
    ("GUI", "Clicks for GUI Agents"),
    ("GUI", "GUI agents on phones"),
    ("Maps", "Nothing like it"),
]


def test_each_category_gives_what_its_titles_share_as_they_write_it():
    # The name says no more than a name.
    assert typical_phrases(TITLES, 5) == ["sound question answering", "GUI agents"]


def test_words_that_nearly_always_stand_beside_a_phrase_complete_it():
    titles = [("A", f"Aligning large language models with {one}") for one in ("care", "maps")]
    titles += [("A", "On aligning large language models"), ("A", "Large kitchens")]
    assert typical_phrases(titles, 1) == ["aligning large language models"]
    # "fast" stands before one of them only, and "of" carries no meaning.
    titles = [
        ("A", f"{before} robot arms of {one}") for before, one in (("Fast", "tin"), ("", "wood"))
    ]
    assert typical_phrases(titles, 1) == ["robot arms"]


def test_a_title_for_a_name_is_no_example(tmp_path):
    lines = [
        "## A",
        "* [2504] [A whole title that stands for a name] [Robot legs](https://arxiv.org/abs/2504.00002)"
        " [[Code](https://example.org/c)]",
        "* [2505] [New] [Robot arms for all](https://arxiv.org/abs/2505.00001)"
        " [[Code](https://example.org/a)]",
    ]
    listed = write_list(tmp_path, "\n".join(lines))
    build_index(tmp_path / "i", [listed], encoder=WordEncoder(), offline=True)
    with Engine.open(tmp_path / "i", encoder=WordEncoder()) as engine:
        assert engine.examples(1) == ["New"]


def test_the_order_of_the_works_does_not_matter():
    assert typical_phrases(TITLES[::-1], 5) == typical_phrases(TITLES, 5)


def test_no_more_than_wanted_and_none_of_nothing():
    assert typical_phrases(TITLES, 1) == ["sound question answering"]
    assert typical_phrases([], 5) == []
    assert typical_phrases([("A", "..."), ("A", "")], 5) == []


def test_what_most_titles_say_tells_nothing():
    common = [("A", f"Deep learning of matter {n}") for n in range(60)]
    assert typical_phrases([*common, *TITLES], 5) == ["sound question answering", "GUI agents"]


def test_a_list_of_one_category_gives_several():
    titles = [("cs.CV", title) for _, title in TITLES]
    assert typical_phrases(titles, 5) == ["sound question answering", "GUI agents"]


def test_an_engine_adds_a_name_for_which_much_was_released(tmp_path):
    lines = [
        "## A",
        "* [2505] [New] [Robot arms for all](https://arxiv.org/abs/2505.00001)"
        " [[Code](https://example.org/a)] [[Model](https://example.org/b)]",
        "* [2504] [Old] [Robot arms](https://arxiv.org/abs/2504.00002)"
        " [[Code](https://example.org/c)] [[Model](https://example.org/d)]",
        "* [2503] [Bare] [Something else](https://arxiv.org/abs/2503.00003)",
    ]
    listed = write_list(tmp_path, "\n".join(lines))
    build_index(tmp_path / "i", [listed], encoder=WordEncoder(), offline=True)
    with Engine.open(tmp_path / "i", encoder=WordEncoder()) as engine:
        assert engine.examples() == ["robot arms", "Old"]
        assert engine.examples(1) == ["Old"]
        for example in engine.examples():
            assert len(engine.search(example, k=1)) == 1
