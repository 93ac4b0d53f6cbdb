"""The tagger: text in, mentions out.

Mentions are flat, stay within a line, and begin and end with neither space, quote nor punctuation,
save a closing bracket or quote whose opening stands inside (`Liên đoàn Lao động (LĐLĐ)`).
A model or movement that begins right after a double quote ends where the quote ends, and a model named
once is a model wherever its name stands again. What follows a
unit by number alone (`Chi hội phụ nữ số 8, số 9`) has no head word and is left out.
Any text gives a result, in time linear in its length.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from diembao.records import Label, Mention
from extraction.tagging import decoder, templates, weights
from extraction.tagging.echo import runs
from extraction.tagging.page import Page, read_page
from extraction.tagging.repeats import repeated
from extraction.tagging.tokens import tokenize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

MODEL = Path(__file__).parent.parent / "model"
"""Folder of the trained model."""

WINDOW = 20_000
"""Code points that are read at once; a longer text is cut before a line near it."""

LONGEST_LINE = 400
"""Tokens that are decoded in one piece; a longer line is cut after a full stop before that."""

LONGEST_QUOTE = 160
"""Code points that the quoted name of a model or movement may have."""

_QUOTED = {Label.MODEL, Label.MOVEMENT}
_QUOTES = frozenset('“”„‟″«»"')
_QUOTE_END = re.compile(r'[“”„‟″«»"\n]|[.!?] ')
_HEADLESS = re.compile(r"(?:,| và) (?:số )?\d+$")
_EDGES = " “”\"'‘’.,;:()[]–-…/*•\u200b"
_STOPS = {".", "!", "?"}
_CLOSES = {")": "(", "”": "“", '"': '"', "’": "‘"}


class Reading:
    """One pass over a text with one set of weights."""

    def __init__(self, trained: weights.Weights) -> None:
        self._weights = trained
        self._transitions = decoder.constrain(trained.labels, trained.transitions)
        self._first = np.array(
            [weights.FORBIDDEN if label.startswith("I-") else 0.0 for label in trained.labels],
            dtype=np.float32,
        )

    def labels(self, pieces: Sequence[int], *keys: NDArray[np.uint64]) -> list[str]:
        """The label of each token; `pieces` are the lengths of what is decoded in one go."""
        emissions = self._weights.emissions(*keys)
        path = decoder.best_path(emissions, pieces, self._transitions, self._first)
        return [self._weights.labels[i] for i in path]


class Tagger:
    """A trained tagger: a first reading, and a second that knows what the first found."""

    def __init__(self, first: weights.Weights, second: weights.Weights | None = None) -> None:
        self._first = Reading(first)
        self._second = Reading(second) if second else None

    def tag(self, text: str) -> list[Mention]:
        """The mentions of an NFC text in order, offsets in its code points."""
        mentions: list[Mention] = []
        for begin, end in windows(text, WINDOW):
            part = text[begin:end]
            found = self._tag_part(part, tokenize(part))
            mentions += [Mention(m.start + begin, m.end + begin, m.label) for m in found]
        return mentions

    def _tag_part(self, text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Mention]:
        if not spans:
            return
        page = read_page(text, spans)
        pieces = list(cut(page))
        keys = templates.keys(page, templates.FIRST_TEMPLATES)
        labels = self._first.labels(pieces, keys)
        if self._second:
            more = templates.keys(page.again(labels), templates.SECOND_TEMPLATES)
            labels = self._second.labels(pieces, keys, more)
        labels = repeated(page.lines, labels)
        end_before = 0
        for first, last, label in runs(labels):
            if spans[first][0] < end_before:
                continue
            if trimmed := trim(text, spans[first][0], spans[last - 1][1]):
                start, end_before = trimmed
                if label in _QUOTED:
                    end_before = quote_end(text, start, end_before)
                elif label == Label.UNIT:
                    while headless := _HEADLESS.search(text, start, end_before):
                        end_before = headless.start()
                yield Mention(start, end_before, Label(label))


def windows(text: str, size: int) -> Iterator[tuple[int, int]]:
    """Half-open parts of the text of about `size`, cut after a line end or else a space."""
    begin = 0
    while len(text) - begin > size:
        half = begin + size // 2
        cut = max(text.rfind("\n", half, begin + size), 0) or text.rfind(" ", half, begin + size)
        end = cut + 1 if cut > 0 else begin + size
        yield begin, end
        begin = end
    yield begin, len(text)


def cut(page: Page) -> Iterator[int]:
    """The lengths of the lines, a long one cut after full stops."""
    for words, _ in page.lines:
        at = 0
        while len(words) - at > LONGEST_LINE:
            latest = at + LONGEST_LINE - 1
            stops = range(latest, at + LONGEST_LINE // 2, -1)
            after = next((i for i in stops if words[i] in _STOPS), latest) + 1
            yield after - at
            at = after
        yield len(words) - at


def trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span without what may not stand at its edges, and with the mark that closes one inside it.

    Nothing if nothing is left.
    """
    while start < end and text[start] in _EDGES:
        start += 1
    while start < end and text[end - 1] in _EDGES:
        opening = _CLOSES.get(text[end - 1])
        if opening and opening in text[start : end - 1]:
            break
        end -= 1
    if start == end:
        return None
    opening = _CLOSES.get(text[end : end + 1])
    inside = text[start:end]
    if opening and _left_open(inside, opening, text[end]):
        end += 1
    return start, end


def quote_end(text: str, start: int, end: int) -> int:
    """Where the double quote that opens right before `start` closes in its sentence, else `end`."""
    if text[max(start - 1, 0) : start] not in _QUOTES:
        return end
    closing = _QUOTE_END.search(text, start, start + LONGEST_QUOTE)
    if not closing or closing[0] not in _QUOTES:
        return end
    trimmed = trim(text, start, closing.start())
    return trimmed[1] if trimmed else end


def _left_open(inside: str, opening: str, closing: str) -> bool:
    """Whether the mark that would follow closes one that stands inside the span."""
    if opening == closing:
        return inside.count(opening) % 2 == 1
    return inside.count(opening) > inside.count(closing)


@lru_cache(maxsize=2)
def load_tagger(path: Path | None = None) -> Tagger:
    """The tagger in the package, or the one of another folder."""
    folder = path or MODEL
    return Tagger(weights.load(folder / "first.npz"), weights.load(folder / "second.npz"))
