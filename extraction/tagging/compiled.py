"""The inner loops of the tagger in machine code, by numba.

The code is kept beside this file or in the user's cache folder; where neither can be written each
process compiles anew, which takes a few seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast

import numba
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

Given = ParamSpec("Given")
Result = TypeVar("Result")


def compiled(function: Callable[Given, Result]) -> Callable[Given, Result]:
    """The function in machine code."""
    try:
        return cast("Callable[Given, Result]", numba.njit(cache=True)(function))
    except RuntimeError:  # no folder can be written
        return cast("Callable[Given, Result]", numba.njit(function))


@compiled
def hash_keys(
    columns: NDArray[np.uint64],
    rows: NDArray[np.int64],
    parts: NDArray[np.int64],
    sizes: NDArray[np.int64],
    seeds: NDArray[np.uint64],
    factors: NDArray[np.uint64],
) -> NDArray[np.uint64]:
    """The key of each template (first axis) at each of the rows (second axis).

    A template mixes into its seed the values of its `sizes` parts, each a column and an offset.
    """
    shift = np.uint64(29)
    out = np.empty((len(seeds), len(rows)), np.uint64)
    for template in range(len(seeds)):
        for token in range(len(rows)):
            key = seeds[template]
            for part in range(sizes[template]):
                column, offset = parts[template, part]
                key += columns[column, rows[token] + offset] * factors[part]
                key ^= key >> shift
                key *= factors[-1]
            out[template, token] = key ^ (key >> shift)
    return out


@compiled
def add_scores(
    keys: NDArray[np.uint64],
    known: NDArray[np.uint64],
    slots: NDArray[np.int32],
    shift: np.uint64,
    scores: NDArray[np.float32],
    total: NDArray[np.float32],
) -> None:
    """Add to each token's row of `total` the scores of its keys: (templates, tokens).

    `known` is sorted and ends with a guard; `slots` tells where the keys with the same first bits
    begin, and `scores[i + 1]` belongs to `known[i]`.
    """
    labels = total.shape[1]
    for template in range(keys.shape[0]):
        for token in range(keys.shape[1]):
            key = keys[template, token]
            place = slots[key >> shift]
            while known[place] < key:
                place += 1
            if known[place] == key:
                for label in range(labels):
                    total[token, label] += scores[place + 1, label]


@compiled
def best_labels(
    emissions: NDArray[np.float32],
    lengths: NDArray[np.int64],
    transitions: NDArray[np.float32],
    first: NDArray[np.float32],
) -> NDArray[np.int64]:
    """The best path through each stretch of tokens; the first of equals."""
    count = emissions.shape[1]
    out = np.zeros(len(emissions), np.int64)
    back = np.zeros((max(lengths) if len(lengths) else 0, count), np.int8)
    begin = 0
    for length in lengths:
        score = emissions[begin] + first
        for at in range(1, length):
            reached = np.empty(count, np.float32)
            for after in range(count):
                best = score[0] + transitions[0, after]
                came = 0
                for before in range(1, count):
                    through = score[before] + transitions[before, after]
                    if through > best:
                        best, came = through, before
                back[at, after] = came
                reached[after] = best + emissions[begin + at, after]
            score = reached
        label = np.argmax(score)
        for at in range(length - 1, 0, -1):
            out[begin + at] = label
            label = np.int64(back[at, label])
        if length:
            out[begin] = label
        begin += length
    return out
