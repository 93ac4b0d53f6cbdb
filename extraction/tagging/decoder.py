"""The best sequence of labels for each line.

Labels are `O`, `B-X` and `I-X`; `I-X` only follows `B-X` or `I-X`, so spans never overlap and never
cross a line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from extraction.tagging.compiled import best_labels
from extraction.tagging.weights import FORBIDDEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def constrain(labels: Sequence[str], transitions: NDArray[np.float32]) -> NDArray[np.float32]:
    """The transitions (from, to) with what may not follow forbidden."""
    out = transitions.copy()
    for i, before in enumerate(labels):
        for j, after in enumerate(labels):
            if after.startswith("I-") and before[2:] != after[2:]:
                out[i, j] = FORBIDDEN
    return out


def best_path(
    emissions: NDArray[np.float32],
    lengths: Sequence[int],
    transitions: NDArray[np.float32],
    first: NDArray[np.float32],
) -> NDArray[np.int64]:
    """Label index of each token. `first` is added to the scores of each line's first token."""
    return best_labels(emissions, np.array(lengths, np.int64), transitions, first)
