"""The trained weights: which label each feature speaks for, and which label may follow which.

A file (`.npz`) holds `labels`, `keys` (sorted 64-bit), the non-zero weights as three flat arrays
(`row`, `column`, `weight`) and `transitions`.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np

from diembao.errors import ExtractError
from extraction.tagging.compiled import add_scores

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

FORBIDDEN = -1e4
"""Score of a label that may not follow another, or may not begin a line."""

_SLOT_BITS = 19
_SHIFT = np.uint64(64 - _SLOT_BITS)


@dataclass(frozen=True)
class Weights:
    """Weights in memory. `scores[0]` is the row of unknown features, all zero."""

    labels: tuple[str, ...]
    keys: NDArray[np.uint64]
    scores: NDArray[np.float32]
    transitions: NDArray[np.float32]
    slots: NDArray[np.int32]

    def emissions(self, *keys: NDArray[np.uint64]) -> NDArray[np.float32]:
        """The summed weights of each token's features, (tokens, labels), for blocks of keys."""
        total = np.zeros((len(keys[0]), len(self.labels)), np.float32)
        for block in keys:
            columns = np.ascontiguousarray(block.T)
            add_scores(columns, self.keys, self.slots, _SHIFT, self.scores, total)
        return total


def build(
    labels: tuple[str, ...],
    keys: NDArray[np.uint64],
    scores: NDArray[np.float32],
    transitions: NDArray[np.float32],
) -> Weights:
    """Weights of sorted keys and their rows of scores."""
    edges = np.arange(1 << _SLOT_BITS, dtype=np.uint64) << _SHIFT
    slots = np.searchsorted(keys, edges).astype(np.int32)
    guarded = np.append(keys, np.uint64(0xFFFFFFFFFFFFFFFF))
    padded = np.vstack(
        [
            np.zeros((1, len(labels)), np.float32),
            scores,
            np.zeros((1, len(labels)), np.float32),
        ]
    )
    return Weights(
        labels,
        guarded,
        padded.astype(np.float32),
        transitions.astype(np.float32),
        slots,
    )


def save(path: Path, weights: Weights) -> None:
    """Write the non-zero weights in half precision."""
    scores = weights.scores[1:-1].astype(np.float16)
    row, column = scores.nonzero()
    np.savez_compressed(
        path,
        labels=np.array(weights.labels),
        keys=weights.keys[:-1],
        counts=np.bincount(row, minlength=len(scores)).astype(np.uint8),
        column=column.astype(np.uint8),
        weight=scores[row, column],
        transitions=weights.transitions,
    )


def load(path: Path) -> Weights:
    """Read a file that `save` wrote. Raises ExtractError where it is missing or damaged."""
    try:
        with path.open("rb") as raw, np.load(raw) as file:
            labels = tuple(map(str, file["labels"]))
            keys, counts = file["keys"], file["counts"]
            scores = np.zeros((len(keys), len(labels)), np.float32)
            scores[np.repeat(np.arange(len(keys)), counts), file["column"]] = file["weight"]
            return build(labels, keys, scores, file["transitions"])
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error) as error:
        raise ExtractError(
            f"Tệp mô hình {path} thiếu hoặc hỏng, hãy cài lại diembao "
            f"(the model file is missing or damaged, install diembao again): {error}"
        ) from error
