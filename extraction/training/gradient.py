"""The inner loop of training: a linear-chain CRF by stochastic gradients, compiled by numba.

One step reads one line: forward and backward in probabilities scaled by token, then AdaGrad on the
weights of the line's features, a share of which is dropped at random (so that no single one is
leant on). Rows of weights are padded to a whole number of cache lines; padding stays zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numba
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@numba.njit(cache=True, fastmath=True)
def epoch(
    features: NDArray[np.int32],
    labels: NDArray[np.int8],
    starts: NDArray[np.int64],
    order: NDArray[np.int64],
    weights: NDArray[np.float32],
    squares: NDArray[np.float32],
    transitions: NDArray[np.float32],
    transition_squares: NDArray[np.float32],
    rate: float,
    dropout: float,
    seed: int,
) -> float:
    """One pass over the lines in `order`, changing the weights in place; the loss."""
    n_labels = transitions.shape[0]
    columns = weights.shape[1]
    width = features.shape[1]
    loss = 0.0
    grown = np.zeros((n_labels, n_labels), np.float32)
    limit = np.uint64(dropout * 4294967296.0)
    state = np.uint64(seed * 2654435761 + 88172645463325252)
    scale = np.float32(1.0 / (1.0 - dropout))
    step = np.float32(rate)
    for line in order:
        begin, end = starts[line], starts[line + 1]
        n = end - begin
        kept = np.empty((n, width), np.int32)
        scores = np.zeros((n, columns), np.float32)
        for i in range(n):
            for f in range(width):
                state ^= state << np.uint64(13)
                state ^= state >> np.uint64(7)
                state ^= state << np.uint64(17)
                row = features[begin + i, f]
                if (state >> np.uint64(32)) < limit:
                    row = -1
                kept[i, f] = row
                if row >= 0:
                    for k in range(columns):
                        scores[i, k] += weights[row, k]
            for k in range(columns):
                scores[i, k] *= scale
        loss += _posterior(scores[:, :n_labels], labels, begin, n, transitions, grown)
        for a in range(n_labels):
            for b in range(n_labels):
                g = grown[a, b]
                transition_squares[a, b] += g * g
                transitions[a, b] -= step * g / np.sqrt(transition_squares[a, b] + 1e-8)
        for i in range(n):
            largest = np.float32(0.0)
            for k in range(n_labels):
                largest = max(largest, abs(scores[i, k]))
            if largest < 2e-3:
                continue
            for f in range(width):
                row = kept[i, f]
                if row >= 0:
                    for k in range(n_labels):
                        g = scores[i, k] * scale
                        squares[row, k] += g * g
                        weights[row, k] -= step * g / np.sqrt(squares[row, k] + np.float32(1e-8))
    return loss


@numba.njit(cache=True, fastmath=True)
def _posterior(
    scores: NDArray[np.float32],
    labels: NDArray[np.int8],
    begin: int,
    n: int,
    transitions: NDArray[np.float32],
    grown: NDArray[np.float32],
) -> float:
    """Turn `scores` into posterior minus truth, `grown` into the same for transitions; the loss."""
    n_labels = scores.shape[1]
    moves = np.exp(transitions)
    local = np.empty((n, n_labels), np.float32)
    forward = np.empty((n, n_labels), np.float32)
    backward = np.empty((n, n_labels), np.float32)
    loss = 0.0
    for i in range(n):
        top = scores[i].max()
        loss += top - scores[i, labels[begin + i]]
        total = np.float32(0.0)
        for k in range(n_labels):
            local[i, k] = np.exp(scores[i, k] - top)
            reach = np.float32(1.0)
            if i:
                reach = np.float32(0.0)
                for a in range(n_labels):
                    reach += forward[i - 1, a] * moves[a, k]
            forward[i, k] = reach * local[i, k]
            total += forward[i, k]
        for k in range(n_labels):
            forward[i, k] /= total
        loss += np.log(total)
        if i:
            loss -= transitions[labels[begin + i - 1], labels[begin + i]]
    grown[:] = 0.0
    backward[n - 1, :] = 1.0
    for i in range(n - 2, -1, -1):
        total = np.float32(0.0)
        for a in range(n_labels):
            reach = np.float32(0.0)
            for b in range(n_labels):
                reach += moves[a, b] * local[i + 1, b] * backward[i + 1, b]
            backward[i, a] = reach
            total += reach * forward[i, a]
        for a in range(n_labels):
            for b in range(n_labels):
                grown[a, b] += (
                    forward[i, a] * moves[a, b] * local[i + 1, b] * backward[i + 1, b] / total
                )
        grown[labels[begin + i], labels[begin + i + 1]] -= 1.0
        top = backward[i].max()
        for a in range(n_labels):
            backward[i, a] /= top
    for i in range(n):
        total = np.float32(0.0)
        for k in range(n_labels):
            scores[i, k] = forward[i, k] * backward[i, k]
            total += scores[i, k]
        for k in range(n_labels):
            scores[i, k] /= total
        scores[i, labels[begin + i]] -= 1.0
    return loss
