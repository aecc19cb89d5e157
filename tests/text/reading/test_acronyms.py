"""Acronyms are read with their long forms, and nothing else in brackets is."""

from __future__ import annotations

import pytest

from rftsearch.text.reading.acronyms import find_definitions


@pytest.mark.parametrize(
    ("text", "acronym", "long"),
    [
        ("with Group Relative Policy (GRP) on", "GRP", "Group Relative Policy"),
        ("Proximal Policy Optimization (PPO)", "PPO", "Proximal Policy Optimization"),
        ("by supervised fine-tuning (SFT), then", "SFT", "supervised fine-tuning"),
        ("long Chain-of-Thought (CoT) traces", "CoT", "Chain-of-Thought"),
        ("for multi-modal talking models (MTMs) we", "MTM", "multi-modal talking models"),
        ("learning from human feedback (LHF)", "LHF", "learning from human feedback"),
        ("low-rank adaptation (LoRA)", "LoRA", "low-rank adaptation"),
        ("( see) Reinforcement Fine-Tuning ( RFT ) is", "RFT", "Reinforcement Fine-Tuning"),
        ("train LLMs (Large Language Models) to", "LLM", "Large Language Models"),
        ("generative pre-trained model (GPM, as usual)", "GPM", "generative pre-trained model"),
    ],
)  # fmt: skip
def test_a_definition_is_read(text, acronym, long):
    [found] = find_definitions(text)
    assert (found.acronym, found.long) == (acronym, long)


@pytest.mark.parametrize(
    "text",
    [
        "on four benchmarks (Table 2)",
        "a reward (e.g., IoU)",
        "we saw this before (GRPO)",
        "The end. Models (LLMs)",
        "in most cases (ours)",
        "the new GRPO (our own)",
        "GRPO (GRPO)",
        "",
    ],
)
def test_other_brackets_define_nothing(text):
    assert list(find_definitions(text)) == []
