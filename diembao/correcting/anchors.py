"""Where words stand: kept as the words, their sentence and which of their occurrences in it is meant.

In another version of a text they are looked for in the same sentence, else in the sentence most like
it, if at least LIKE of the words are the same. Words that stand in no such sentence stand no more. A
sentence is a stretch of one line that ends in `.`, `!`, `?` or `…` before a space.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from diembao.records import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

LIKE = 0.5
LOOKED_AT = 200
"""Sentences at most that are compared with one that is gone."""

REACH = 5000
"""Characters of a sentence that are kept before and after a place."""

LONGEST = 1000
"""Characters of words that can be anchored."""

_END = re.compile(r"[.!?…]+[\"”’')\]]*(?=\s)|\n")


class Anchor(BaseModel):
    """`nth`: the occurrence of the words in the sentence, from 0, among those that are like it.

    `whole`: words of their own, not glued to others.
    """

    model_config = ConfigDict(frozen=True)

    words: str = Field(min_length=1, max_length=LONGEST)
    sentence: str = Field(max_length=20_000)
    nth: int = 0
    whole: bool = True


def sentence_at(text: str, at: int) -> Span:
    """The sentence around a place, without outer white space; no more than REACH on either side."""
    line = max(text.rfind("\n", 0, at) + 1, at - REACH)
    start = line
    for end in _END.finditer(text, line):
        if end.end() > at:
            stop = end.start() if end.group() == "\n" else end.end()
            break
        start = end.end()
    else:
        stop = len(text)
    stop = max(min(stop, at + REACH), at)
    while start < stop and text[start].isspace():
        start += 1
    while stop > start and text[stop - 1].isspace():
        stop -= 1
    return Span(start, stop)


def anchored(text: str, start: int, end: int) -> Anchor:
    """The anchor of a stretch of the text."""
    sentence = sentence_at(text, start)
    words, whole = text[start:end], _is_whole(text, start, end)
    before = [at for at in _places(text, words, whole, sentence.start) if at < start]
    return Anchor(words=words, sentence=text[slice(*sentence)], nth=len(before), whole=whole)


def occurrences(text: str, words: str, start: int = 0, end: int | None = None) -> list[int]:
    """Where the words begin in a stretch: as words of their own if anywhere, else within others."""
    last = len(text) if end is None else end
    found = list(_found(text, words, start, last, len(words)))
    whole = [at for at in found if _is_whole(text, at, at + len(words))]
    return whole or found


def _found(text: str, words: str, start: int, end: int, step: int) -> Iterator[int]:
    at = text.find(words, start, end)
    while at >= 0:
        yield at
        at = text.find(words, at + step, end)


def _places(text: str, words: str, whole: bool, start: int = 0) -> list[int]:
    """Where such words begin; whole ones among all if there are any."""
    found = list(_found(text, words, start, len(text), 1))
    if not whole:
        return found
    return [at for at in found if _is_whole(text, at, at + len(words))] or found


def _is_whole(text: str, start: int, end: int) -> bool:
    before = start > 0 and text[start - 1].isalnum() and text[start].isalnum()
    after = end < len(text) and text[end].isalnum() and text[end - 1].isalnum()
    return not before and not after


def locate(text: str, anchor: Anchor) -> Span | None:
    """Where the words stand in a text; None where they stand no more."""
    places = _places(text, anchor.words, anchor.whole)
    if not places:
        return None
    by_sentence: dict[Span, list[int]] = {}
    reached = Span(0, -1)
    for at in places:
        if at >= reached.end:
            if len(by_sentence) == LOOKED_AT:
                break
            reached = sentence_at(text, at)
        by_sentence.setdefault(reached, []).append(at)
    best, likeness = None, LIKE
    for sentence in by_sentence:
        now = text[slice(*sentence)]
        same = 1.0 if now == anchor.sentence else _likeness(now, anchor.sentence)
        if same > likeness or (best is None and same == likeness):
            best, likeness = sentence, same
    if best is None:
        return None
    there = by_sentence[best]
    at = there[min(anchor.nth, len(there) - 1)]
    return Span(at, at + len(anchor.words))


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.split()[:200], other.split()[:200], autojunk=False).ratio()
