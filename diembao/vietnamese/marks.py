"""Words of a text, and which written words a typed word finds.

A word is a run of letters and digits; marks without a composed letter belong to it, invisible
joiners inside it do not count. **A typed mark binds, a missing mark is free**: `duong` finds `đường`
and `dương`; `đuong` finds `đường` and `đương`, not `dương`; `đường` finds only itself. `=lan` finds
exactly `lan`. Case, NFC or NFD, `Ð` for `Đ` and the seat of the tone mark never matter.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from diembao.vietnamese.folding import TONES, exact, fold, nfc

_JOINERS = "\u00ad\u200c\u200d\u2060\ufeff"
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[\u0300-\u036f]|[{_JOINERS}]+(?=[^\W_]))*")
_INVISIBLE = str.maketrans("", "", _JOINERS)


class Token(NamedTuple):
    """A word: `text[start:end]`, with its form that keeps the accents and the one without."""

    start: int
    end: int
    exact: str
    folded: str


@lru_cache(maxsize=200_000)
def _forms(raw: str) -> tuple[str, str]:
    seen = raw.translate(_INVISIBLE)
    return exact(seen), fold(seen).replace("\u200b", "")


def tokens(text: str) -> list[Token]:
    """The words in order; offsets are code points of the text, which is NFC."""
    return [Token(m.start(), m.end(), *_forms(m.group())) for m in _WORD.finditer(text)]


@dataclass(frozen=True, slots=True)
class Typed:
    """A word as a searcher typed it; `only` for one that begins with `=`."""

    exact: str
    folded: str
    only: bool = False

    @property
    def is_plain(self) -> bool:
        """No mark was typed and none is excluded: the folded form says it all."""
        return self.exact == self.folded and not self.only

    def finds(self, written: str) -> bool:
        """Whether it finds a written word, given in its exact form."""
        if self.only:
            return self.exact == written
        return _allows(self.exact, written)


def typed(text: str) -> tuple[Typed, ...]:
    """The words of what was typed, in any normal form."""
    text = nfc(text)
    return tuple(
        Typed(token.exact, token.folded, only=_is_only(text, token.start)) for token in tokens(text)
    )


def _is_only(text: str, start: int) -> bool:
    before = text[max(0, start - 2) : start]
    return before.endswith("=") and not before[:-1].isalnum()


class _Letter(NamedTuple):
    base: str
    mark: str
    tone: str


@lru_cache(maxsize=65_536)
def _letters(word: str) -> tuple[_Letter, ...]:
    letters: list[_Letter] = []
    for char in unicodedata.normalize("NFD", word):
        if not unicodedata.combining(char) or not letters:
            letters.append(_Letter("d", "đ", "") if char == "đ" else _Letter(char, "", ""))
        elif char in TONES:
            letters[-1] = letters[-1]._replace(tone=letters[-1].tone + char)
        else:
            letters[-1] = letters[-1]._replace(mark=letters[-1].mark + char)
    return tuple(letters)


@lru_cache(maxsize=65_536)
def _allows(given: str, written: str) -> bool:
    pairs = list(zip(_letters(given), _letters(written), strict=False))
    if len(_letters(given)) != len(_letters(written)) or any(g.base != w.base for g, w in pairs):
        return False
    if any(g.mark and g.mark != w.mark for g, w in pairs):
        return False
    given_tones = [g.tone for g, _ in pairs if g.tone]
    written_tones = [w.tone for _, w in pairs if w.tone]
    if len(given_tones) <= 1 and len(written_tones) <= 1:  # one syllable: the seat does not matter
        return not given_tones or given_tones == written_tones
    return all(not g.tone or g.tone == w.tone for g, w in pairs)
