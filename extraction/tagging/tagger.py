"""The tagger: text in, mentions out.

Mentions are flat, stay within a line, and begin and end with neither space, quote nor punctuation,
save a closing bracket or quote whose opening stands inside (`Liên đoàn Lao động (LĐLĐ)`).
Any text gives a result, in time linear in its length.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from diembao.records import Label, Mention
from extraction.tagging import decoder, templates, weights
from extraction.tagging.tokens import tokenize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MODEL = Path(__file__).parent.parent / "model" / "tagger.npz"

WINDOW = 60_000
"""Code points that are read at once; a longer text is cut before a line near it."""

LONGEST_LINE = 400
"""Tokens that are decoded in one piece; a longer line is cut after a full stop before that."""

_EDGES = " “”\"'‘’.,;:()[]–-…/*•\u200b"
_CLOSES = {")": "(", "”": "“", '"': '"', "’": "‘"}


class Tagger:
    """A trained tagger."""

    def __init__(self, trained: weights.Weights) -> None:
        self._weights = trained
        self._transitions = decoder.constrain(trained.labels, trained.transitions)
        self._first = np.array(
            [weights.FORBIDDEN if label.startswith("I-") else 0.0 for label in trained.labels],
            dtype=np.float32,
        )

    def tag(self, text: str) -> list[Mention]:
        """The mentions of an NFC text in order, offsets in its code points."""
        mentions: list[Mention] = []
        for begin, end in windows(text, WINDOW):
            part = text[begin:end]
            spans = tokenize(part)
            found = self._tag_tokens(part, spans)
            mentions += [Mention(m.start + begin, m.end + begin, m.label) for m in found]
        return mentions

    def _tag_tokens(self, text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Mention]:
        if not spans:
            return
        columns, lengths = templates.text_columns(text, spans)
        emissions = self._weights.emissions(templates.keys(columns, lengths))
        pieces = list(_pieces(text, spans, lengths))
        path = decoder.best_path(emissions, pieces, self._transitions, self._first)
        names = [self._weights.labels[i] for i in path]
        for first, last, label in runs(names):
            if trimmed := trim(text, spans[first][0], spans[last - 1][1]):
                yield Mention(*trimmed, Label(label))


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


def _pieces(text: str, spans: Sequence[tuple[int, int]], lengths: Sequence[int]) -> Iterator[int]:
    """The lengths of the lines, a long one cut after full stops."""
    at = 0
    for length in lengths:
        end = at + length
        while end - at > LONGEST_LINE:
            stops = range(at + LONGEST_LINE - 1, at + LONGEST_LINE // 2, -1)
            cut = next((i for i in stops if text[spans[i][0]] in ".!?"), at + LONGEST_LINE - 1)
            yield cut + 1 - at
            at = cut + 1
        yield end - at
        at = end


def runs(labels: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Half-open token ranges and the label of each span of a label sequence."""
    begin, kind = 0, ""
    for i, label in enumerate((*labels, "O")):
        if kind and not label.startswith("I-"):
            yield begin, i, kind
            kind = ""
        if label.startswith("B-"):
            begin, kind = i, label[2:]


def trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span without what may not stand at its edges, or nothing if nothing is left."""
    while start < end and text[start] in _EDGES:
        start += 1
    while start < end and text[end - 1] in _EDGES:
        opening = _CLOSES.get(text[end - 1])
        if opening and opening in text[start : end - 1]:
            break
        end -= 1
    return (start, end) if start < end else None


@lru_cache(maxsize=2)
def load_tagger(path: Path | None = None) -> Tagger:
    """The tagger in the package, or the one of a model file."""
    return Tagger(weights.load(path or MODEL))
