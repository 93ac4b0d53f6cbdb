"""Boosted decision trees that were trained elsewhere and are kept as one JSON file.

All trees are complete and of one depth, so that a whole batch walks all of them at once in numpy.
The file holds `features` (names, in order), `bias`, `threshold` (the probability from which on the
answer is yes), `feature` and `cut` (a row of inner nodes a tree) and `leaf` (a row of leaves).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

WEIGHTS = Path(__file__).parent / "weights"


class Forest:
    """Gives a probability to each of a batch of feature rows."""

    def __init__(self, data: Mapping[str, object]) -> None:
        self.features: list[str] = list(data["features"])  # type: ignore[call-overload]
        self.threshold = float(data["threshold"])  # type: ignore[arg-type]
        self._column = {name: i for i, name in enumerate(self.features)}
        self._bias = float(data["bias"])  # type: ignore[arg-type]
        self._feature = np.asarray(data["feature"], dtype=np.int32)
        self._cut = np.asarray(data["cut"], dtype=np.float64)
        self._leaf = np.asarray(data["leaf"], dtype=np.float64)
        self._depth = int(np.log2(self._leaf.shape[1]))

    @classmethod
    def read(cls, name: str) -> Forest:
        """The forest kept under this name."""
        return cls(json.loads((WEIGHTS / f"{name}.json").read_text(encoding="utf-8")))

    def matrix(self, rows: Sequence[Mapping[str, float]]) -> NDArray[np.float64]:
        """Feature rows as numbers; unknown features are left out, absent ones are 0."""
        return tabulate(rows, self._column)

    def probabilities(self, rows: Sequence[Mapping[str, float]]) -> list[float]:
        """The probability of each row."""
        if not rows:
            return []
        values = self.matrix(rows)
        trees = np.arange(len(self._feature))
        at = np.zeros((len(values), len(trees)), dtype=np.int64)
        lines = np.arange(len(values))[:, None]
        for _ in range(self._depth):
            goes_right = values[lines, self._feature[trees, at]] > self._cut[trees, at]
            at = 2 * at + 1 + goes_right
        total = self._bias + self._leaf[trees, at - (2**self._depth - 1)].sum(axis=1)
        return [float(p) for p in 1 / (1 + np.exp(-total))]


def tabulate(rows: Sequence[Mapping[str, float]], column: Mapping[str, int]) -> NDArray[np.float64]:
    """Rows of named numbers as a matrix with these columns."""
    values = np.zeros((len(rows), len(column)))
    for line, row in zip(values, rows, strict=True):
        for name, value in row.items():
            if (place := column.get(name)) is not None:
                line[place] = value
    return values
