"""What a question excludes is found with its reach, and what only looks like it is left alone."""

from __future__ import annotations

import pytest

from rftsearch.text.reading.exclusions import find_exclusions


@pytest.mark.parametrize(
    ("question", "left", "things"),
    [
        ("video reasoning without SFT cold start", "video reasoning", ["SFT cold start"]),
        ("reasoning, no human annotations", "reasoning,", ["human annotations"]),
        ("medical images but not radiology", "medical images", ["radiology"]),
        ("agents that don't need labels", "agents", ["labels"]),
        ("agents that do not rely on labels for phones", "agents for phones", ["labels"]),
        ("no labels or human feedback", "", ["labels", "human feedback"]),
        ("RL without a critic for image generation", "RL for image generation", ["critic"]),
        ("RL w/o relying on any reward model", "RL", ["reward model"]),
        ("RL instead of supervised fine-tuning", "RL", ["supervised fine-tuning"]),
        ("learning without labels, rewards or tools", "learning", ["labels", "rewards", "tools"]),
        ("models not trained with distillation", "models", ["distillation"]),
        ("it does not use a parser and reads bytes", "it and reads bytes", ["parser"]),
        ("rewards with no annotations needed", "rewards", ["annotations"]),
        ("questions without depending on links", "questions", ["links"]),
    ],
)  # fmt: skip
def test_what_is_excluded(question, left, things):
    found = list(find_exclusions(question))
    rest = question
    for one in reversed(found):
        rest = rest[: one.start] + rest[one.end :]
    assert " ".join(rest.split()) == left
    assert [thing for one in found for thing in one.things] == things


@pytest.mark.parametrize(
    "question",
    [
        "rewards for steps, not just the final answer",
        "models with or without thinking",
        "no-reference image quality",
        "captions of objects which are not in the image",
        "why do models not think",
        "fast answers without losing accuracy",
        "scoring the reasoning rather than the final answer alone",
        "when not to use a tool",
        "learning without anybody marking what is correct",
        "without knowing which tool helps",
        "agents that act without you telling them how",
        "without",
        "",
    ],
)
def test_what_only_looks_like_it(question):
    assert list(find_exclusions(question)) == []
