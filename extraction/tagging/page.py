"""A text as the rows and columns that templates read.

Around each line stand `REACH` border rows, whose columns all hold `BORDER`. A line all in capitals
is read in the case that its words mostly have in the press. Lines without a token have no rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TYPE_CHECKING

import numpy as np

from extraction.tagging.attributes import (
    ATTRIBUTES,
    casing,
    describe,
    shape_of,
    value,
    word_of,
)
from extraction.tagging.context import CONTEXT, describe_lines
from extraction.tagging.echo import ECHO, describe_echoes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

REACH = 4
"""Tokens to each side that templates look at, and border rows between lines."""

BORDER = value("border")
FIRST = (*ATTRIBUTES, "gap", *CONTEXT)
"""Columns of a first reading; a second reading adds `ECHO`."""

_GAP = (value("gap=no"), value("gap=yes"))


@dataclass(frozen=True)
class Page:
    """A text for one reading. `lines` holds each line's words and shapes, `rows` where tokens stand."""

    lines: list[tuple[list[str], list[str]]]
    columns: NDArray[np.uint64]
    rows: NDArray[np.int64]

    @property
    def lengths(self) -> list[int]:
        """Tokens of each line."""
        return [len(words) for words, _ in self.lines]

    def again(self, labels: Sequence[str]) -> Page:
        """The page for a second reading, given the labels of the first, by token."""
        by_line, at = [], 0
        for length in self.lengths:
            by_line.append(labels[at : at + length])
            at += length
        echoes = np.full((len(ECHO), self.columns.shape[1]), BORDER, dtype=np.uint64)
        echoes[:, self.rows] = _joined(describe_echoes(self.lines, by_line))
        return Page(self.lines, np.vstack([self.columns, echoes]), self.rows)


def read_page(text: str, spans: Sequence[tuple[int, int]]) -> Page:
    """The page of a text, whose tokens are `spans`."""
    lines = list(group_lines(text, spans))
    tokens = [true_case([text[start:end] for start, end in line]) for line in lines]
    pairs = [([word_of(t) for t in line], [shape_of(t) for t in line]) for line in tokens]
    sizes = [len(line) for line in tokens]
    rows = np.arange(sum(sizes)) + REACH * (1 + np.repeat(np.arange(len(sizes)), sizes))
    columns = np.full((len(FIRST), len(rows) + REACH * (len(sizes) + 1)), BORDER, dtype=np.uint64)
    own = np.array([describe(token) for line in tokens for token in line], dtype=np.uint64).T
    gaps = [_GAP[gap] for line in lines for gap in _gaps(line)]
    columns[:, rows] = np.vstack([own, np.array([gaps], np.uint64), _joined(describe_lines(pairs))])
    return Page(pairs, columns, rows)


def _joined(lines: Sequence[Sequence[Sequence[int]]]) -> NDArray[np.uint64]:
    """Columns by line as columns of the whole text."""
    return np.array([list(chain(*parts)) for parts in zip(*lines, strict=True)], dtype=np.uint64)


def _gaps(line: Sequence[tuple[int, int]]) -> Iterator[bool]:
    """Whether white space stands before each token of a line."""
    yield False
    yield from (before[1] < here[0] for before, here in pairwise(line))


def group_lines(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """The tokens of each line that has any."""
    line: list[tuple[int, int]] = []
    for start, end in spans:
        if line and "\n" in text[line[-1][1] : start]:
            yield line
            line = []
        line.append((start, end))
    if line:
        yield line


def true_case(tokens: list[str]) -> list[str]:
    """A line all in capitals in the case that its words mostly have; any other line as it is."""
    words = [token for token in tokens if token.isalpha()]
    if len(words) < 4 or sum(map(str.isupper, words)) < 0.8 * len(words):
        return tokens
    return [_usual_case(token) if len(token) > 1 and token.isalpha() else token for token in tokens]


def _usual_case(token: str) -> str:
    upper, capitals = casing().get(word_of(token), (5, 10))
    if capitals > 4:
        return token
    return token.capitalize() if upper > 3 else token.lower()
