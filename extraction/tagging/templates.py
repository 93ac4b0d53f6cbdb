"""Features: hashed combinations of columns at offsets around a token.

A template is a tuple of (column, offset); its key is one 64-bit number a token.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from extraction.tagging.attributes import value
from extraction.tagging.compiled import hash_keys
from extraction.tagging.echo import ECHO
from extraction.tagging.page import FIRST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from extraction.tagging.page import Page

Template = tuple[tuple[str, int], ...]

COLUMNS = {name: i for i, name in enumerate((*FIRST, *ECHO))}


def _parse(text: str) -> tuple[Template, ...]:
    """Templates of lines such as `word/-1 word/0`; `a:b` after a column gives a range of offsets."""
    templates: list[Template] = []
    for line in text.split("\n"):
        parts = [part.split("/") for part in line.split()]
        if len(parts) == 1 and ":" in parts[0][1]:
            low, high = map(int, parts[0][1].split(":"))
            templates += [((parts[0][0], offset),) for offset in range(low, high + 1)]
        elif parts:
            templates.append(tuple((column, int(offset)) for column, offset in parts))
    return tuple(templates)


FIRST_TEMPLATES = _parse("""
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
theme/0:0
theme/0 shape/0
theme/0 word/-1
theme/0 quote/0
quote/0 word/-1
proper/-2:2
proper/0 shape/0
proper/0 start/0 shape/0
bond/-1:2
bond/0 bond/1
bond/0 shape/0
bond/1 shape/1
bond/0 shape/-1 shape/0
bond/1 bond/2 shape/0
gap/0:1
gap/0 word/0
gap/1 word/0
gap/0 gap/1 word/0
gap/0 word/-1
name/-1:1
name/0 shape/0
name/0 word/-1
name/0 word/1
name/0 place/0
name/0 term/0
""")
"""Templates of the first reading."""

SECOND_TEMPLATES = _parse("""
own/-2:2
own/0 own/1
own/-1 own/0
own/0 own/1 own/2
own/-2 own/-1 own/0
own/0 word/0
own/0 shape/0
own/0 word/1
own/-1 word/0
own/0 middle/0
echo/-1:1
echo/0 own/0
echo/0 own/1
echo/0 own/-1
echo/0 shape/0
echo/0 word/-1
left/0:0
left/0 shape/0
left/0 word/-1
left/0 own/0
left/0 echo/0
left/0 word/0
left/0 quote/0
right/0:0
right/0 shape/0
right/0 word/0
right/0 own/0
""")
"""Templates that a second reading adds."""


def keys(page: Page, templates: tuple[Template, ...]) -> NDArray[np.uint64]:
    """The key of each template (second axis) at each token (first axis)."""
    return hash_keys(page.columns, page.rows, *_numbers(templates), _FACTORS).T


@cache
def _numbers(
    templates: tuple[Template, ...],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint64]]:
    """Parts, sizes and seeds of templates."""
    parts = np.zeros((len(templates), max(map(len, templates)), 2), np.int64)
    for template, numbers in zip(templates, parts, strict=True):
        numbers[: len(template)] = [(COLUMNS[column], offset) for column, offset in template]
    seeds = np.array([_spread(str(template)) for template in templates], np.uint64)
    return parts, np.array([*map(len, templates)]), seeds


def _spread(text: str) -> int:
    return value(text) | 1


_FACTORS = np.array([_spread(f"part {i}") for i in range(4)], np.uint64)
