"""Training of the tagger: a linear-chain CRF over the features that the tagger computes.

The same articles in the same order give the same weights: the order of lines and the dropped
features come from fixed seeds. The weights kept are the mean of the last passes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from extraction.tagging import weights
from extraction.training import gradient

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True)
class Recipe:
    """What training may be told."""

    passes: int = 22
    averaged: int = 10
    rate: float = 0.08
    pull: float = 1e-5
    dropout: float = 0.4
    least: int = 2
    seed: int = 5


@dataclass(frozen=True)
class Lines:
    """Articles as features: keys (tokens, templates), label names by token, line lengths."""

    keys: NDArray[np.uint64]
    labels: list[str]
    lengths: list[int]


def join(parts: Sequence[Lines]) -> Lines:
    """Lines one after the other."""
    return Lines(
        np.concatenate([part.keys for part in parts]),
        [label for part in parts for label in part.labels],
        [length for part in parts for length in part.lengths],
    )


def fit(lines: Lines, recipe: Recipe | None = None) -> weights.Weights:
    """The weights learned from the lines."""
    recipe = recipe or Recipe()
    names = tuple(sorted(set(lines.labels)))
    index = {name: i for i, name in enumerate(names)}
    labels = np.array([index[name] for name in lines.labels], np.int8)
    known, features = _numbered(lines.keys, recipe.least)
    starts = np.concatenate([[0], np.cumsum(lines.lengths)]).astype(np.int64)
    table = np.zeros((len(known), -(-len(names) // PADDED) * PADDED), np.float32)
    squares = np.zeros_like(table)
    moves = np.zeros((len(names), len(names)), np.float32)
    move_squares = np.zeros_like(moves)
    mean, mean_moves = np.zeros_like(table), np.zeros_like(moves)
    chance = np.random.default_rng(recipe.seed)
    for turn in range(recipe.passes):
        order = chance.permutation(len(lines.lengths))
        gradient.epoch(
            features, labels, starts, order, table, squares, moves, move_squares,
            recipe.rate, recipe.dropout, recipe.seed + turn,
        )  # fmt: skip
        shrink = recipe.pull * len(order) * recipe.rate / np.sqrt(squares + 1e-8)
        table = np.sign(table) * np.maximum(np.abs(table) - shrink, 0)
        if turn >= recipe.passes - recipe.averaged:
            mean += table / recipe.averaged
            mean_moves += moves / recipe.averaged
    mean = mean[:, : len(names)]
    mean[np.abs(mean) < PRUNED] = 0
    used = np.abs(mean).max(axis=1) > 0
    return weights.build(names, known[used], mean[used], mean_moves)


PADDED = 16
"""Floats of a cache line."""

PRUNED = 0.01
"""Weights nearer to zero than this are dropped."""


def _numbered(keys: NDArray[np.uint64], least: int) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """The keys that occur at least so often, sorted, and the number of each key or -1."""
    known, back, counts = np.unique(keys, return_inverse=True, return_counts=True)
    frequent = counts >= least
    numbers = np.where(frequent, np.cumsum(frequent) - 1, -1).astype(np.int32)
    return known[frequent], np.ascontiguousarray(numbers[back.reshape(keys.shape)])
