"""What addresses of articles look like, guessed from some of them.

A shape is how an address ends: a number behind its last words (`-post12345.html`), a numbered folder
(`/202412/slug`), or, where there is neither, six words or more. A shape that only few of the
addresses have is none of the articles'.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

SHARE = 0.15
"""Share of the addresses that a shape has at least."""

_NUMBER = re.compile(r"([-_./])([a-z]{0,8})(\d{3,})((?:\.[a-z]{2,5})?/?)$", re.I)
_FOLDER = re.compile(r"/(\d{4,})/[^/]+/?$")
_WORDS = re.compile(r"/[a-z0-9]+(?:-[a-z0-9]+){5,}((?:\.[a-z]{2,5})?/?)$", re.I)


def guess(addresses: Iterable[str]) -> list[str]:
    """Regular expressions that find these articles, the most frequent first; none where none is plain."""
    widths: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for address in addresses:
        path = urlsplit(address).path
        if folder := _FOLDER.search(path):
            widths["folder",].append(len(folder[1]))
        elif found := _NUMBER.search(path):
            before, word, digits, end = found.groups()
            widths["number", before, word, end].append(len(digits))
        elif found := _WORDS.search(path):
            widths["words", found.group(1)].append(0)
    least = max(2, SHARE * sum(map(len, widths.values())))
    kept = sorted((item for item in widths.items() if len(item[1]) >= least), key=_frequent)
    return [_pattern(shape, lengths) for shape, lengths in kept]


def _frequent(item: tuple[tuple[str, ...], list[int]]) -> int:
    return -len(item[1])


def _pattern(shape: tuple[str, ...], lengths: list[int]) -> str:
    kind, *parts = shape
    if kind == "folder":
        return rf"/\d{{{min(lengths)},{max(lengths) + 1}}}/[^/]+/?$"
    if kind == "words":
        return rf"^(/[^/]+)*/[a-z0-9]+(-[a-z0-9]+){{5,}}{re.escape(parts[0])}$"
    before, word, end = parts
    shortest, longest = max(3, min(lengths) - 1), max(lengths) + 1
    lead = "/" if before == "/" else _plain(before)
    return rf"{lead}{word}\d{{{shortest},{longest}}}{re.escape(end)}$"


def _plain(mark: str) -> str:
    return mark if mark in "-_" else re.escape(mark)
