"""What one token is by itself: forms, shape, letters, word classes.

Forms are blind to tone-mark placement and to the style of quotes and dashes, so that neither moves
a figure. Values are 64-bit hashes of strings, stable between runs and machines.
"""

from __future__ import annotations

import gzip
import hashlib
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from diembao.vietnamese.folding import exact, fold, place_tones
from extraction.tagging.tokens import is_syllable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LEXICONS = Path(__file__).parent.parent / "lexicons"

ATTRIBUTES = (
    "word", "cased", "bare", "shape", "head", "tail", "coarse", "middle", "fine", "kind", "proper",
)  # fmt: skip
"""Columns of `describe`, in order."""

_QUOTES = dict.fromkeys('“”„‟″«»"', '"') | dict.fromkeys("‘’‚‛`´'", "'")
_MARKS = _QUOTES | dict.fromkeys("–—−‑‒", "-") | {"…": "."}


def value(text: str) -> int:
    """The stable 64-bit hash of an attribute's text."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest())


class Codes(dict[str, int]):
    """The hashed values of one column's texts."""

    def __init__(self, column: str) -> None:
        super().__init__()
        self._column = column

    def __missing__(self, text: str) -> int:
        code = self[text] = value(f"{self._column}={text}")
        return code


def encode(codes: Sequence[Codes], texts: Iterable[Iterable[str]]) -> list[list[int]]:
    """Columns of texts as columns of their values."""
    return [list(map(code.__getitem__, column)) for code, column in zip(codes, texts, strict=True)]


@lru_cache(maxsize=65536)
def word_of(token: str) -> str:
    """The form in which tokens are compared: lower case, tone placed one way, digits as 0."""
    if token in _MARKS:
        return _MARKS[token]
    if token.isdigit():
        return token if len(token) < 3 else "0" * min(len(token), 5)
    return exact(token)


@lru_cache(maxsize=65536)
def cased(token: str) -> str:
    """`word_of` with the case kept: first capital, all capitals or as printed."""
    if token in _MARKS or token.isdigit():
        return word_of(token)
    return place_tones(token)


def shape_of(token: str) -> str:
    """Case and kind of the characters: `x`, `Xx`, `X`, `XX`, `xX`, `0`, or the mark itself."""
    if token.isdigit():
        return "0" * min(len(token), 5)
    if not token[0].isalpha():
        return word_of(token)
    if token.islower():
        return "x"
    if token.isupper():
        return "X" if len(token) == 1 else "XX"
    return "Xx" if token[0].isupper() and token[1:].islower() else "xX"


def read_table(name: str) -> list[list[str]]:
    """The rows of `lexicons/NAME.tsv.gz`."""
    with gzip.open(LEXICONS / f"{name}.tsv.gz", "rt", encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file]


@cache
def casing() -> dict[str, tuple[int, int]]:
    """How often of ten a form is capitalised, and in capitals, inside the sentences of the press."""
    return {form: (int(upper), int(capitals)) for form, upper, capitals in read_table("casing")}


@cache
def _classes() -> dict[str, tuple[str, str, str]]:
    rows = read_table("clusters")
    return {form: (coarse, middle, fine) for form, coarse, middle, fine in rows}


def classes_of(token: str) -> tuple[str, str, str]:
    """Word classes, coarse to fine, of the form as printed, else of its other cases."""
    known = _classes()
    form = cased(token)
    for candidate in (form, form.capitalize(), form.lower()):
        if candidate in known:
            return known[candidate]
    return ("-", "-", "-")


@lru_cache(maxsize=200_000)
def describe(token: str) -> tuple[int, ...]:
    """The hashed attributes of a token, in the order of `ATTRIBUTES`."""
    word = word_of(token)
    bare = fold(word)
    shape = shape_of(token)
    kind = "s" if token.isalpha() and is_syllable(token) else shape
    upper, capitals = casing().get(word, (-1, -1))
    proper = f"{(upper + 2) // 3}{'C' if capitals > 4 else ''}"
    texts = (
        word,
        cased(token),
        bare,
        shape,
        bare[:2],
        bare[-3:],
        *classes_of(token),
        kind + shape,
        proper,
    )
    return tuple(value(f"{name}={text}") for name, text in zip(ATTRIBUTES, texts, strict=True))
