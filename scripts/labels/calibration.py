"""How far probabilities are from what happens."""

from __future__ import annotations

import numpy as np


def calibration_error(share: np.ndarray, hit: np.ndarray) -> float:
    """Return the expected calibration error of probabilities, in ten bins of equal width.

    Args:
        share: (n,) probabilities.
        hit: (n,) which predictions were right.
    """
    bins = np.minimum((share * 10).astype(int), 9)
    return float(
        sum(
            abs(share[bins == one].mean() - hit[bins == one].mean()) * (bins == one).mean()
            for one in set(bins.tolist())
        )
    )
