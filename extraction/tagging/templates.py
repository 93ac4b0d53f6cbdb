"""Features: hashed combinations of attributes at offsets around a token.

A template is a tuple of (column, offset); its key in a text is one 64-bit number a token. Beyond the
ends of a line stand border tokens, whose columns all hold `BORDER`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from extraction.tagging.attributes import ATTRIBUTES, describe, shape_of, value, word_of
from extraction.tagging.context import CONTEXT, describe_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Template = tuple[tuple[str, int], ...]

REACH = 4
"""Tokens to each side that templates look at, and border tokens between lines."""

BORDER = value("border")
COLUMNS = {name: i for i, name in enumerate((*ATTRIBUTES, *CONTEXT))}


def _parse(text: str) -> tuple[Template, ...]:
    """Templates of lines such as `word/-1 word/0`; `a:b` after a column gives a range of offsets."""
    templates = []
    for line in text.split("\n"):
        parts = [part.split("/") for part in line.split()]
        if len(parts) == 1 and ":" in parts[0][1]:
            low, high = map(int, parts[0][1].split(":"))
            templates += [((parts[0][0], offset),) for offset in range(low, high + 1)]
        elif parts:
            templates.append(tuple((column, int(offset)) for column, offset in parts))
    return tuple(templates)


TEMPLATES = _parse("""
word/-4:4
cased/-2:2
bare/-1:1
shape/-3:3
head/0:0
tail/-1:1
coarse/-3:3
middle/-3:3
fine/-2:2
kind/-2:2
line/0:0
start/-1:1
quote/-1:1
trigger/0:0
place/-2:2
term/-2:2
seen/-1:1
word/-1 word/0
word/0 word/1
word/-2 word/-1
word/1 word/2
word/-1 word/1
cased/-1 cased/0
cased/0 cased/1
shape/-1 shape/0
shape/0 shape/1
shape/-1 shape/0 shape/1
shape/-2 shape/-1 shape/0
shape/0 shape/1 shape/2
word/0 shape/1
word/-1 shape/0
word/-2 shape/-1 shape/0
middle/-1 middle/0
middle/0 middle/1
middle/-1 middle/0 middle/1
coarse/-2 coarse/-1 coarse/0
coarse/0 coarse/1 coarse/2
word/-2 word/-1 word/0
word/-1 word/0 word/1
word/0 word/1 word/2
line/0 shape/0
line/0 word/0
line/0 start/0 shape/0
start/0 cased/0
quote/0 shape/0
quote/0 coarse/0
trigger/0 shape/0
trigger/0 word/0
trigger/0 middle/0
trigger/0 quote/0
place/0 word/-1
place/0 shape/1
place/0 term/-1
term/0 shape/1
term/0 place/1
term/-1 place/0
seen/0 shape/0
""")


def text_columns(
    text: str, spans: Sequence[tuple[int, int]]
) -> tuple[NDArray[np.uint64], list[int]]:
    """The column values of a text with `REACH` border rows around each line, and each line's length.

    `spans` are its tokens. Lines without a token have no row and no length.
    """
    lines = group_lines(text, spans)
    pairs = [([word_of(t) for t in tokens], [shape_of(t) for t in tokens]) for tokens in lines]
    border = (BORDER,) * len(COLUMNS)
    rows: list[tuple[int, ...]] = [border] * REACH
    for tokens, context in zip(lines, describe_lines(pairs), strict=True):
        rows.extend(describe(t) + c for t, c in zip(tokens, context, strict=True))
        rows.extend([border] * REACH)
    return np.array(rows, dtype=np.uint64), [len(tokens) for tokens in lines]


def group_lines(text: str, spans: Sequence[tuple[int, int]]) -> list[list[str]]:
    """The tokens of each line that has any."""
    lines: list[list[str]] = []
    end_before = -1
    for start, end in spans:
        if end_before < 0 or "\n" in text[end_before:start]:
            lines.append([])
        lines[-1].append(text[start:end])
        end_before = end
    return lines


def _spread(text: str) -> np.uint64:
    return np.uint64(value(text) | 1)


_SEEDS = [_spread(f"template {i}") for i in range(len(TEMPLATES))]
_FACTORS = [_spread(f"part {i}") for i in range(4)]
_SHIFT = np.uint64(29)


def keys(columns: NDArray[np.uint64], lengths: Sequence[int]) -> NDArray[np.uint64]:
    """The key of each template (second axis) at each token (first axis, borders left out)."""
    n = len(columns)
    kept = np.zeros(n, dtype=bool)
    at = REACH
    for length in lengths:
        kept[at : at + length] = True
        at += length + REACH
    (rows,) = kept.nonzero()
    by_column = np.ascontiguousarray(columns.T)
    out = np.empty((len(TEMPLATES), len(rows)), dtype=np.uint64)
    for t, template in enumerate(TEMPLATES):
        key = np.full(len(rows), _SEEDS[t])
        for (column, offset), factor in zip(template, _FACTORS, strict=False):
            key += by_column[COLUMNS[column]][rows + offset] * factor
            key ^= key >> _SHIFT
            key *= _FACTORS[3]
        out[t] = key ^ (key >> _SHIFT)
    return out.T
