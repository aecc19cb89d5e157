"""Other languages are told from English by their letters and small words."""

from __future__ import annotations

import pytest

from rftsearch.text.reading.language import is_foreign

KNOWN = {"video", "reasoning", "model", "models", "reward", "image", "generation", "human"}


@pytest.mark.parametrize(
    "text",
    [
        "视频推理的强化学习",
        "\u0432\u0438\u0434\u0435\u043e \u0438 \u0440\u0435\u0447\u044c",
        "映像推論のための強化学習",
        "التعلم المعزز للفيديو",
        "Videoverständnis ohne menschliche Annotationen",
        "modelos de recompensa para razonamiento visual",
        "génération d'images par apprentissage par renforcement",
        "modelli di ragionamento visivo con apprendimento per rinforzo",
        "redeneren over video zonder annotaties",
    ],
)
def test_another_language(text):
    assert is_foreign(text, KNOWN.__contains__)


@pytest.mark.parametrize(
    "text",
    [
        "video reasoning with rewards",
        "de novo protein design",
        "π0 and π0.5 for robots",
        "Schrödinger bridges for image generation",
        "Müller et al. on video models",
        "Las Vegas video",
        "naïve Bayes",
        "la carte model",
        "in-context learning en masse",
        "GRPO vs DPO",
        "das",
        "",
    ],
)
def test_english_with_a_foreign_word(text):
    assert not is_foreign(text, KNOWN.__contains__)
