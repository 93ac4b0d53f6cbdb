"""The best sequence of labels for each line, and how sure it is.

Lines are decoded together, padded to one length in groups of like length. Labels are `O`, `B-X`
and `I-X`; `I-X` only follows `B-X` or `I-X`, so spans never overlap and never cross a line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from extraction.tagging.weights import FORBIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

_GROUP = 64


def constrain(labels: Sequence[str], transitions: NDArray[np.float32]) -> NDArray[np.float32]:
    """The transitions (from, to) with what may not follow forbidden."""
    out = transitions.copy()
    for i, before in enumerate(labels):
        for j, after in enumerate(labels):
            if after.startswith("I-") and before[2:] != after[2:]:
                out[i, j] = FORBIDDEN
    return out


def groups(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Indices of the lines, in groups of like length."""
    order = sorted(range(len(lengths)), key=lengths.__getitem__)
    for begin in range(0, len(order), _GROUP):
        yield order[begin : begin + _GROUP]


def best_path(
    emissions: NDArray[np.float32],
    lengths: Sequence[int],
    transitions: NDArray[np.float32],
    first: NDArray[np.float32],
) -> NDArray[np.int64]:
    """Label index of each token. `first` is added to the scores of each line's first token."""
    out = np.zeros(len(emissions), dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    for group in groups(lengths):
        sizes = np.array([lengths[i] for i in group])
        longest = int(sizes.max())
        padded = np.zeros((longest, len(group), emissions.shape[1]), dtype=np.float32)
        for k, i in enumerate(group):
            padded[: lengths[i], k] = emissions[starts[i] : starts[i + 1]]
        paths = _viterbi(padded, sizes, transitions, first)
        for k, i in enumerate(group):
            out[starts[i] : starts[i + 1]] = paths[: lengths[i], k]
    return out


def _viterbi(
    padded: NDArray[np.float32],
    sizes: NDArray[np.int64],
    transitions: NDArray[np.float32],
    first: NDArray[np.float32],
) -> NDArray[np.int64]:
    longest, count, n = padded.shape
    back = np.zeros((longest, count, n), dtype=np.int8)
    score = padded[0] + first
    by_target = np.ascontiguousarray(transitions.T)
    for t in range(1, longest):
        live = int(np.searchsorted(sizes, t, side="right"))
        reach = score[live:, None, :] + by_target
        back[t, live:] = reach.argmax(axis=2)
        score[live:] = reach.max(axis=2) + padded[t, live:]
    paths = np.zeros((longest, count), dtype=np.int64)
    label = score.argmax(axis=1)
    lines = np.arange(count)
    for t in range(longest - 1, -1, -1):
        ended = t >= sizes
        paths[t] = np.where(ended, 0, label)
        if t:
            label = np.where(ended, label, back[t, lines, label])
    return paths
