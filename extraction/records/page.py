"""A text with its names, as the record rules read it.

A page knows its lines and sentences, the names (mentions and counted groups) in printed order and
where each stands, and two forms of the text of the same length: `low`, for finding words whatever
their case and tone style, and `mask`, in which the inside of every name is blank and its first
code point is the label's initial, so that a word inside a name is never taken for a verb.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from diembao.records import Label, Mention
from diembao.vietnamese.folding import exact
from extraction.records import groups, pronouns

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GROUP = "GROUP"
"""Label of a counted group such as `15 tập thể`: no mention, but it can be awarded."""
PRONOUN = "PRONOUN"
"""Label of a word that stands for a person or unit named before; its entity is theirs."""

BLANK = "\x01"
_INITIALS = {
    Label.UNIT: "U",
    Label.PERSON: "P",
    Label.ROLE: "R",
    Label.MODEL: "M",
    Label.AWARD: "A",
    Label.MOVEMENT: "V",
    Label.PLACE: "L",
    GROUP: "G",
    PRONOUN: "N",
}
_SENTENCE_END = re.compile(r"(?:[.!?…]+[\"”’)]*(?=\s)|(?<=[^\W\d_]{2})[.!?…]+(?=[^\W\d_a-z]))")
_ITEM = re.compile(r"\s*(?:[-–+*•●▪]|\d{1,3}[.)/]|[a-hIVX]{1,4}[.)])\s*")


@lru_cache(maxsize=2)
def lowered(text: str) -> str:
    """The `exact` form of a whole text, for all that read the same article in turn."""
    return exact(text)


class Name(NamedTuple):
    """A mention or counted group: its place among the names, its span, line and sentence."""

    order: int
    start: int
    end: int
    label: str
    text: str
    entity: str
    line: int
    sentence: int


class Page:
    """Text, names and layout. Building it takes time linear in the text."""

    def __init__(
        self,
        text: str,
        mentions: Iterable[Mention],
        others: Iterable[tuple[int, int, str, str | None]] = (),
    ) -> None:
        self.text = text
        self.low = lowered(text)
        found = [(m.start, m.end, str(m.label), m.entity) for m in mentions]
        taken = bytearray(len(text))
        for start, end, _, _ in found:
            taken[start:end] = b"\x01" * (end - start)
        for other in others:
            start, end = other[:2]
            if not any(taken[start:end]):
                found.append(other)
                taken[start:end] = b"\x01" * (end - start)
        found.sort(key=lambda item: item[:2])
        self.mask = self._masked(found)
        self.lines = _spans(text, (m.start() for m in re.finditer("\n", text)))
        self.sentences = _spans(text, self._sentence_ends())
        line_starts = [start for start, _ in self.lines]
        sentence_starts = [start for start, _ in self.sentences]
        self.names = [
            Name(
                index,
                start,
                end,
                label,
                text[start:end],
                entity or f"{label}:{self.low[start:end]}",
                bisect_right(line_starts, start) - 1,
                bisect_right(sentence_starts, start) - 1,
            )
            for index, (start, end, label, entity) in enumerate(found)
        ]

    @classmethod
    def read(cls, text: str, mentions: Iterable[Mention]) -> Page:
        """The page of a text; groups and pronouns are looked for where an award or model is named."""
        mentions = tuple(mentions)
        if not any(mention.label in (Label.AWARD, Label.MODEL) for mention in mentions):
            return cls(text, mentions)
        low = lowered(text)
        counted = [(start, end, GROUP, None) for start, end in groups.find(low)]
        meant = [
            (start, end, PRONOUN, entity) for start, end, entity in pronouns.find(low, mentions)
        ]
        return cls(text, mentions, [*counted, *meant])

    def _masked(self, found: Sequence[tuple[int, int, str, str | None]]) -> str:
        parts, at = [], 0
        for start, end, label, _ in found:
            parts += [self.low[at:start], _INITIALS[label], BLANK * (end - start - 1)]
            at = end
        return "".join([*parts, self.low[at:]])

    def _sentence_ends(self) -> Iterable[int]:
        """Ends of lines and of sentences; the stop of `TP.` or `ThS.` ends none."""
        marks = re.finditer(r"\n|" + _SENTENCE_END.pattern, self._cased)
        for mark in marks:
            before = self._cased[max(0, mark.start() - 4) : mark.start()]
            if mark[0] == "\n" or not re.search(r"(?:^|[\s(.])[A-ZĐ][A-Za-z]{0,2}$", before):
                yield mark.end() - (mark[0] == "\n")

    @cached_property
    def _cased(self) -> str:
        """The mask with the letters' case as printed outside names."""
        return "".join(
            upper if low == upper.lower() else low
            for low, upper in zip(self.mask, self.text, strict=True)
        )

    def of(self, *labels: str) -> list[Name]:
        """The names of these labels, in printed order."""
        return [name for name in self.names if name.label in labels]

    @cached_property
    def item_lines(self) -> frozenset[int]:
        """Lines that begin with a bullet or a number."""
        return frozenset(
            i
            for i, (start, end) in enumerate(self.lines)
            if _ITEM.match(self.text[start : min(end, start + 12)])
        )

    def line(self, index: int) -> str:
        """The masked text of a line."""
        start, end = self.lines[index]
        return self.mask[start:end]

    def sentence(self, index: int) -> str:
        """The masked text of a sentence."""
        start, end = self.sentences[index]
        return self.mask[start:end]

    @cached_property
    def _by_sentence(self) -> dict[tuple[int, str], list[Name]]:
        found: dict[tuple[int, str], list[Name]] = {}
        for name in self.names:
            found.setdefault((name.sentence, name.label), []).append(name)
        return found

    def within(self, sentence: int, label: str) -> list[Name]:
        """The names of a label in one sentence."""
        return self._by_sentence.get((sentence, label), [])

    @cached_property
    def last_colons(self) -> list[int]:
        """For each line where its last colon stands, or -1."""
        return [self.mask.rfind(":", start, end) for start, end in self.lines]

    def neighbour(self, name: Name, step: int) -> Name | None:
        """The name before (-1) or after (+1), if there is one."""
        at = name.order + step
        return self.names[at] if 0 <= at < len(self.names) else None

    def gap(self, left: Name, right: Name) -> str:
        """The masked text between two names, left one first; empty where they touch."""
        return self.mask[left.end : right.start]


def _spans(text: str, ends: Iterable[int]) -> list[tuple[int, int]]:
    """The stretches of the text between these ends, in order; never empty as a whole."""
    cuts = sorted({0, len(text), *ends})
    return list(pairwise(cuts)) or [(0, 0)]
