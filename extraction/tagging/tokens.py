"""Syllables, numbers and marks of a text, by their offsets.

A token is a run of letters, a run of digits, or one mark. Pages lose spaces, so a run of letters
is cut again where case shows a seam (`giảiĐược`, `TPBan`, `UBNDxã`) and where a run with accents is
no syllable but two of them (`họcgiai`). White space belongs to no token, nothing is altered.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile

from diembao.vietnamese.folding import split_tone

_TOKEN = re.compile(r"[^\W\d_](?:[^\W\d_]+|[\u0300-\u036f]+)*|\d+|\S")
_ONSET = r"(?:ngh|ng|nh|n|ch|c|kh|k|gh|gi|g|ph|p|th|tr|t|qu|b|d|đ|h|l|m|r|s|v|x)?"
_RIME = (
    r"(?:(?:[aăâeêioôơuưy]|oa|oă|oe|uâ|uê|uơ|uy|iê|yê|uô|ươ|uyê|oo)(?:ch|c|ng|nh|n|m|p|t)?"
    r"|(?:iê|yê|ê|â|ư|ươ|i)u|(?:a|e|oa|oe)o|(?:o|ô|ơ|u|a|oa|ư|ươ|uô)i|(?:a|â|oa|ua|uâ)y|au|ia|ya|ua|ưa|uya|uyu)"
)
_SYLLABLE = re.compile(_ONSET + _RIME)


@lru_cache(maxsize=65536)
def is_syllable(word: str) -> bool:
    """Whether the letters make a Vietnamese syllable, of any case and tone."""
    bare = "".join(split_tone(char)[0] for char in word.lower())
    return _SYLLABLE.fullmatch(bare) is not None


@lru_cache(maxsize=65536)
def _seams(word: str) -> tuple[int, ...]:
    """Where a run of letters is really several words."""
    seams: list[int] = []
    for i in range(1, len(word)):
        before, here = word[i - 1], word[i]
        if before.islower() and here.isupper():
            seams.append(i)
        elif here.islower() and i > 2 and word[i - 3 : i].isupper():
            rest = "".join(takewhile(str.islower, word[i:]))
            if is_syllable(before + rest):
                seams.append(i - 1)
            elif len(rest) > 1 and is_syllable(rest):
                seams.append(i)
    if not seams and len(word) > 3 and not word.isascii() and word[1:].islower():
        seams = _two_syllables(word)
    return tuple(seams)


def _two_syllables(word: str) -> list[int]:
    if is_syllable(word):
        return []
    for i in range(len(word) - 2, 1, -1):
        if is_syllable(word[:i]) and is_syllable(word[i:]):
            return [i]
    return []


def tokenize(text: str) -> list[tuple[int, int]]:
    """Half-open offsets of the tokens, in order."""
    spans: list[tuple[int, int]] = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if end - start > 3 and (seams := _seams(match[0])):
            for seam in seams:
                spans.append((start, match.start() + seam))
                start = match.start() + seam
        spans.append((start, end))
    return spans
