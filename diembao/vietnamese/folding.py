"""Forms of a text for matching. The printed text is never changed by these.

`nfc` first; on NFC text `fold` and `exact` give one code point for each code point, so offsets
found in a form hold in the text. Letters written as a base and a mark that has no composed form
keep the mark as its own code point, which `fold` turns into U+200B (a code point no index token holds).
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import groupby

TONES = "\u0300\u0301\u0303\u0309\u0323"
"""Grave, acute, tilde, hook above, dot below: the five written tones."""

_D_LIKE = {"đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "ɖ": "d", "Ɖ": "d"}
_VOWELS = "aăâeêioôơuưy"


def nfc(text: str) -> str:
    """The form in which every text is kept."""
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=4096)
def _fold_char(char: str) -> str:
    if char in _D_LIKE:
        return "d"
    bare = "".join(c for c in unicodedata.normalize("NFD", char) if not unicodedata.combining(c))
    low = bare.lower()
    if not low:
        return "\u200b"
    return low if len(low) == 1 else char


def fold(text: str) -> str:
    """Lower case, no accents, đ and Ð as d; one code point for each of the NFC text."""
    return "".join(map(_fold_char, nfc(text)))


@lru_cache(maxsize=4096)
def _lower_char(char: str) -> str:
    if char in "ÐƉð":
        return "đ"
    low = char.lower()
    return low if len(low) == 1 else char


def exact(text: str) -> str:
    """Lower case with accents, Ð as đ, the tone mark placed one way; one code point for each."""
    lowered = "".join(map(_lower_char, nfc(text)))
    return place_tones(lowered)


def split_tone(char: str) -> tuple[str, str]:
    """A letter without its tone and the tone's combining mark, or an empty string."""
    parts = unicodedata.normalize("NFD", char)
    tone = next((c for c in parts if c in TONES), "")
    return (unicodedata.normalize("NFC", parts.replace(tone, "")), tone) if tone else (char, "")


def _place_in_word(word: str) -> str:
    letters = [split_tone(char) for char in word]
    toned = [i for i, (_, tone) in enumerate(letters) if tone]
    if len(toned) != 1:
        return word
    bases = [base for base, _ in letters]
    low = [base.lower() for base in bases]
    start = first = next((i for i, base in enumerate(low) if base in _VOWELS), len(low))
    if low[:2] in (["q", "u"], ["g", "i"]) and len(low) > 2 and low[2] in _VOWELS:
        start = 2
    end = start
    while end < len(low) and low[end] in _VOWELS:
        end += 1
    group = low[start:end]
    if not group or not first <= toned[0] < end:
        return word
    marked = [i for i, vowel in enumerate(group) if vowel in "ăâêôơư"]
    if marked:
        seat = marked[-1]
    elif len(group) == 1:
        seat = 0
    elif len(group) == 3 or end < len(low) or group in (["o", "a"], ["o", "e"], ["u", "y"]):
        seat = 1
    else:
        seat = 0
    tone = letters[toned[0]][1]
    placed = list(bases)
    placed[start + seat] = unicodedata.normalize("NFC", placed[start + seat] + tone)
    return "".join(placed) if all(len(c) == 1 for c in placed) else word


@lru_cache(maxsize=65536)
def _place_in_chunk(chunk: str) -> str:
    runs = ((letters, "".join(run)) for letters, run in groupby(chunk, str.isalpha))
    return "".join(_place_in_word(run) if letters else run for letters, run in runs)


def place_tones(text: str) -> str:
    """Each syllable's tone mark on the letter that the new style puts it on (`hòa` → `hoà`).

    Words that are no Vietnamese syllable, or carry more than one tone, are left as they are.
    """
    return " ".join(map(_place_in_chunk, text.split(" ")))
