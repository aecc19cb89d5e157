"""Making a static model: what it learns, that it learns the same again, from however little."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from rftsearch.encoders.learning.guess import guessed
from rftsearch.encoders.learning.recipe import Recipe
from rftsearch.encoders.static_encoder import MADE_FROM, StaticEncoder, StaticModel
from rftsearch.encoders.static_training import _ask, make_static, sampled
from rftsearch.papers.documents import Texts
from support.encoder import WordEncoder
from support.static import library_texts
from support.tiny_transformer import tokenizer_of_pieces

RECIPE = Recipe(dimension=8, word_count=3, least_steps=40, most_steps=40)
TOKENIZER = tokenizer_of_pieces().to_str()


def make(texts, recipe: Recipe = RECIPE, **options) -> StaticModel:
    return make_static(*sampled(texts, recipe), WordEncoder(), TOKENIZER, recipe, **options)


def encoder(model: StaticModel, folder) -> StaticEncoder:
    folder.mkdir(exist_ok=True)
    model.save(folder)
    return StaticEncoder(folder, "static")


class TestLearning:
    def test_cosines_come_nearer_to_the_teachers(self, tmp_path):
        texts = library_texts()
        bodies = [text.body for text in texts]
        theirs = WordEncoder().encode_documents(bodies)

        def off(steps: int) -> float:
            recipe = replace(RECIPE, least_steps=steps, most_steps=steps, contrast=0.0)
            ours = encoder(make(texts, recipe), tmp_path / str(steps)).encode_documents(bodies)
            return float(np.abs(ours @ ours.T - theirs @ theirs.T).mean())

        assert off(200) < 0.5 * off(1)

    def test_a_text_is_read_once_however_often_it_comes(self):
        read = []

        class Teacher:
            dimension = 3

            def encode_documents(self, texts):
                read.extend(texts)
                return np.array([[len(text), 0, 1] for text in texts], np.float32)

        found = _ask(Teacher(), ["ing", "a", "ing"], ["a text", "a"], None)
        assert read == ["ing", "a", "a text"]
        assert found[:, 0].tolist() == [3, 1, 3, 6, 1]

    def test_texts_of_one_subject_lie_together(self, tmp_path):
        texts = library_texts()
        made = encoder(make(texts), tmp_path)
        [query] = made.encode_queries(["a video"])
        scores = made.encode_documents([text.body for text in texts]) @ query
        best = np.argsort(-scores)[:4]
        assert all("video" in texts[row].body for row in best)

    def test_contrast_brings_titles_to_their_own_abstracts(self, tmp_path):
        # The teacher knows none of these words, so only the pairs can teach them.
        names = ["zebu", "yak", "gnu", "okapi", "ibex", "lynx"]
        texts = [Texts(f"The {a}. Its {a} food {b}.", f"The {a}.") for a, b in pairwise(names)]

        def own(contrast: float) -> float:
            made = encoder(
                make(texts, replace(RECIPE, contrast=contrast)), tmp_path / f"{contrast}"
            )
            titles = made.encode_documents([text.title for text in texts])
            rest = made.encode_documents([text.body[len(text.title) :] for text in texts])
            near = titles[:, :-1] @ rest[:, :-1].T
            return float((np.diag(near).mean() - near.mean()) / near.max())

        assert own(2.0) > own(0.0) + 0.05

    def test_frequent_words_weigh_less(self):
        texts = [Texts(f"The crowd. The the the scan {n}.", "The crowd.") for n in range(30)]
        still = replace(RECIPE, least_steps=1, most_steps=1, rate=0.0)
        model = make(texts, still)
        norms = np.linalg.norm(model.vectors, axis=1)
        words = json.loads(model.tokenizer)["model"]["vocab"]
        assert norms[words["the"]] < norms[words["draw"]]


class TestVocabulary:
    def test_takes_up_what_the_collection_often_says(self):
        texts = [Texts(f"Grpo {n}. A grpo robot{n}.", f"Grpo {n}.") for n in range(5)]
        words = json.loads(make(texts).tokenizer)["model"]["vocab"]
        plain = json.loads(TOKENIZER)["model"]["vocab"]
        assert set(words) - set(plain) == {"grpo"}
        assert words["grpo"] == len(plain)
        assert make(texts, replace(RECIPE, words=0)).rows.shape == (len(plain), 8)

    def test_new_words_are_found_at_once(self, tmp_path):
        texts = [Texts(f"Grpo {n}. A grpo robot.", f"Grpo {n}.") for n in range(5)]
        made = encoder(make(texts), tmp_path)
        row = json.loads(StaticModel.open(tmp_path).tokenizer)["model"]["vocab"]["grpo"]
        vector = StaticModel.open(tmp_path).vectors[row]
        [found] = made.encode_queries(["GRPO!"])
        cosine = found[:-1] @ vector / np.linalg.norm(found[:-1]) / np.linalg.norm(vector)
        assert cosine > 1 - 1e-6


class TestSameAgain:
    def test_the_same_papers_in_any_order_give_the_same_bytes(self, tmp_path):
        texts = library_texts()
        for name, given in (("one", texts), ("two", [*reversed(texts), texts[3]][:24])):
            folder = tmp_path / name
            folder.mkdir()
            make(given).save(folder)
        for path in (tmp_path / "one").iterdir():
            assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()

    def test_other_papers_give_another_model(self):
        one, two = make(library_texts(24)), make(library_texts(23))
        assert not np.array_equal(one.rows, two.rows)

    def test_a_sample_is_the_same_in_any_order(self):
        texts = library_texts(100)
        few = replace(RECIPE, papers=7)
        sample, total = sampled(iter(texts), few)
        assert (len(sample), total) == (7, 100)
        assert sampled(reversed(texts), few)[0] == sample


class TestLittle:
    @pytest.mark.parametrize(
        "texts",
        [
            [],
            [Texts("", "")],
            [Texts("Crowd. A video.", "Crowd.")],
            [Texts("Crowd.", "Crowd."), Texts("Video.", "Video.")],
            [Texts("?!", "?!"), Texts("群衆。", "群衆。"), Texts("", "")],
            [Texts("Video tool, Code, a robot.", "Video tool."), Texts("Scan.", "Scan.")],
        ],
        ids=["none", "empty", "one", "titles", "unread", "projects"],
    )
    def test_is_enough(self, texts, tmp_path):
        made = encoder(make(texts), tmp_path)
        vectors = made.encode_queries(["crowd", "video", ""])
        assert np.isfinite(vectors).all()
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
        assert vectors[0] @ vectors[1] < 0.99

    def test_what_all_share_is_in_every_vector(self, tmp_path):
        texts = library_texts()
        made = encoder(make(texts), tmp_path)
        middle = WordEncoder().encode_documents([text.body for text in texts]).mean(axis=0)
        vectors = made.encode_documents([texts[0].body, "unheard of", ""])
        expected = [np.sqrt(middle @ middle)] * 2 + [1]
        np.testing.assert_allclose(vectors[:, -1], expected, atol=1e-3)

    def test_says_how_far_it_is_and_what_it_was_made_from(self):
        calls = []
        model = make(library_texts(), progress=lambda *now: calls.append(now))
        assert calls[0][:2] == ("learn", 0)
        assert model.settings[MADE_FROM] == 24
        assert model.rows.shape[1] == model.settings["dimension"] == 8


class TestGuessing:
    def test_a_token_that_nobody_asked_for_is_guessed_from_its_embedding(self):
        draw = np.random.default_rng(0)
        embeddings = draw.standard_normal((300, 12)).astype(np.float32)
        embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
        truth = embeddings @ draw.standard_normal((12, 8)).astype(np.float32) + 1
        asked = np.arange(300) < 200
        found = guessed(embeddings, np.where(asked[:, None], truth, 0), asked)
        np.testing.assert_array_equal(found[asked], truth[asked])
        off = [each - truth[asked].mean(axis=0) for each in (found[~asked], truth[~asked])]
        cosines = np.vecdot(*off) / np.prod([np.linalg.norm(one, axis=1) for one in off], axis=0)
        assert cosines.min() > 0.99

    def test_the_teacher_reads_what_the_collection_has_most_often(self):
        read: list[str] = []

        class Teacher(WordEncoder):
            def encode_documents(self, texts):
                read.extend(texts)
                return super().encode_documents(texts)

        texts = library_texts()
        vocabulary = json.loads(TOKENIZER)["model"]["vocab"]
        embeddings = np.random.default_rng(1).standard_normal((len(vocabulary), 6))
        recipe = replace(RECIPE, alone=3, alone_a_paper=0)
        sample, total = sampled(texts, recipe)
        model = make_static(
            sample, total, Teacher(), TOKENIZER, recipe, None, embeddings.astype(np.float32)
        )
        assert len(read) <= 3 + len(model.rows) - len(vocabulary) + 2 * len(texts)
        assert np.isfinite(model.vectors).all()

    @pytest.mark.parametrize("papers", [10, 2_000, 50_000])
    def test_of_few_papers_few_are_read_whole(self, papers):
        assert Recipe().documents_of(papers) == {10: 100, 2_000: 200, 50_000: 500}[papers]
