"""What a first reading of the whole article says about a token: the second reading's context.

Columns of small codes (`ECHO` names them), from the labels of the first reading:

- `own`: the label that the token got itself
- `echo`: the kind of name that these words are called elsewhere in the article, how often, and the
  part; the last syllable of a person's name counts as a name too
- `left`, `right`: the nearest name to either side in the line, and what lies between
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from extraction.tagging.attributes import Codes, encode
from extraction.tagging.phrases import Phrases

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Words = Sequence[str]
    Spans = Sequence[tuple[int, int, str]]

ECHO = ("own", "echo", "left", "right")
_FARTHEST = 12


_CODES = [Codes(name) for name in ECHO]


def runs(labels: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Half-open token ranges and the label of each span of a label sequence."""
    begin, kind = 0, ""
    for i, label in enumerate((*labels, "O")):
        if kind and not label.startswith("I-"):
            yield begin, i, kind
            kind = ""
        if label.startswith("B-"):
            begin, kind = i, label[2:]


def describe_echoes(
    lines: Sequence[tuple[Words, Words]], labels: Sequence[Sequence[str]]
) -> list[list[list[int]]]:
    """For each line (its words and shapes) the columns of `ECHO`, a code a token."""
    spans = [list(runs(line)) for line in labels]
    names = _names([words for words, _ in lines], spans)
    phrases = Phrases([(words, "") for words in names])
    out = []
    for (words, shapes), line, found in zip(lines, labels, spans, strict=True):
        echoes = _echoes(words, shapes, phrases, names)
        left = _neighbours(words, found)
        right = _neighbours(words[::-1], _mirrored(found, len(words)))[::-1]
        out.append(encode(_CODES, (line, echoes, left, right)))
    return out


def _names(lines: Sequence[Words], spans: Sequence[Spans]) -> dict[tuple[str, ...], Counter[str]]:
    names: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for words, found in zip(lines, spans, strict=True):
        for begin, end, kind in found:
            names[tuple(words[begin:end])][kind] += 1
            if kind == "PERSON" and end - begin > 1:
                names[(words[end - 1],)]["GIVEN"] += 1
    return names


def _echoes(
    words: Words,
    shapes: Words,
    phrases: Phrases,
    names: dict[tuple[str, ...], Counter[str]],
) -> list[str]:
    marks = ["-"] * len(words)
    for begin, end, _ in phrases.match(words):
        kinds = names[tuple(words[begin:end])]
        (kind, often), *others = kinds.most_common(2)
        case = "x" if shapes[begin] == "x" else "X"
        sure = f"{kind}{min(often, 3)}{'?' if others else ''}{case}"
        for i in range(begin, end):
            marks[i] = f"{'B' if i == begin else 'I'}{sure}{'.' if i == end - 1 else ''}"
    return marks


def _mirrored(spans: Spans, length: int) -> list[tuple[int, int, str]]:
    return [(length - end, length - begin, kind) for begin, end, kind in reversed(spans)]


def _neighbours(words: Words, spans: Spans) -> list[str]:
    """For each token the last name that ended before it in the line, and what lies between."""
    marks = ["-"] * len(words)
    for _, end, kind in spans:
        between = ""
        for i in range(end, min(end + _FARTHEST, len(words))):
            marks[i] = f"{kind}{between}" if i < end + 4 else f"{kind}{between[:1]}~"
            if len(between) < 3:
                between += words[i] if words[i] in _BETWEEN else "."
    return marks


_BETWEEN = frozenset({",", ";", "và", '"', "(", "-", ":"})
