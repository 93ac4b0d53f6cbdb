"""What changed between two versions of a text, word by word within the lines that changed."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Change = Literal["same", "added", "removed"]
_TOKENS = re.compile(r"\s+|\w+|[^\w\s]")


class Piece(NamedTuple):
    """A stretch of one line that stayed, came or went."""

    change: Change
    text: str


def _pieces(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for operation, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if operation == "equal":
            yield Piece("same", "".join(old[a:b]))
            continue
        if a < b:
            yield Piece("removed", "".join(old[a:b]))
        if c < d:
            yield Piece("added", "".join(new[c:d]))


def difference(old: str, new: str) -> list[list[Piece]]:
    """The lines of both texts in order, each as its pieces."""
    before, after = old.split("\n"), new.split("\n")
    lines: list[list[Piece]] = []
    for operation, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if operation == "equal":
            lines += [[Piece("same", line)] for line in before[a:b]]
            continue
        paired = min(b - a, d - c)
        lines += [
            list(_pieces(_TOKENS.findall(x), _TOKENS.findall(y)))
            for x, y in zip(before[a : a + paired], after[c : c + paired], strict=True)
        ]
        lines += [[Piece("removed", line)] for line in before[a + paired : b]]
        lines += [[Piece("added", line)] for line in after[c + paired : d]]
    return lines
