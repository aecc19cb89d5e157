"""What a sentence says of a thing: done without, beaten, of others, or there."""

from __future__ import annotations

import pytest

from rftsearch.text.reading.negation import Stance, stance


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("We train by RL alone, without SFT.", Stance.WITHOUT),
        ("It needs no costly SFT at all.", Stance.WITHOUT),
        ("We skip the SFT step and go on.", Stance.WITHOUT),
        ("It learns without relying on tree search, SFT, or labels.", Stance.WITHOUT),
        ("This eliminates the need for SFT.", Stance.WITHOUT),
        ("An SFT-free recipe is given.", Stance.WITHOUT),
        ("We do not use SFT.", Stance.WITHOUT),
        ("SFT is not needed.", Stance.WITHOUT),
        ("On a small non-SFT model it works.", Stance.WITHOUT),
        ("RL outperforms standard SFT by far.", Stance.BEATEN),
        ("We compare RL to SFT.", Stance.BEATEN),
        ("It gains over SFT baselines.", Stance.BEATEN),
        ("Existing methods rely on SFT.", Stance.OTHERS),
        ("While earlier work depends on SFT, we use rewards.", Stance.OTHERS),
        ("SFT often overfits.", Stance.OTHERS),
        ("Do you really need SFT?", Stance.OTHERS),
        ("After an SFT cold start, RL follows.", Stance.WITH),
        ("We train with SFT and then RL.", Stance.WITH),
        ("Without bells, we train; SFT comes first.", Stance.WITH),
        ("It uses not only SFT but RL.", Stance.WITH),
        ("Replacing rewards with SFT works.", Stance.WITH),
        ("Earlier work is slow; we propose SFT on it.", Stance.WITH),
    ],
)
def test_stance(sentence, expected):
    start = sentence.index("SFT")
    assert stance(sentence, start, start + 3) is expected
