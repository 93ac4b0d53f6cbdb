"""What stands around a token: its line, quotes, brackets, known phrases and trigger words.

Columns, one small code a token (`CONTEXT` names them):

- `line`: headline, lead, keyword list, item, short line without a full stop, or running text
- `start`: first of its line, after a full stop, after an opening quote or bracket, or inside
- `quote`: outside, or the kind of the trigger word before the quote, and how far in the token is
- `trigger`: the nearest trigger phrase to the left in the clause, and how far it is
- `place`, `term`: match of the place and the term lexicon, with the part (begin or inside)
- `seen`: whether the form occurs capitalised inside a sentence elsewhere in the text
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from extraction.tagging.attributes import value
from extraction.tagging.phrases import lexicon

if TYPE_CHECKING:
    from collections.abc import Sequence

CONTEXT = ("line", "start", "quote", "trigger", "place", "term", "seen")
_STOPS = {".", "!", "?", ";", ":"}
_FAR = (0, 1, 2, 3, 4, 4, 5, 5, 5, 5, 6, 6, 6, 6, 6, 6)


@lru_cache(maxsize=65536)
def _code(column: str, text: str) -> int:
    return value(f"{column}={text}")


def line_kind(number: int, words: Sequence[str]) -> str:
    """The kind of a line by its place and its marks."""
    if number == 0:
        return "headline"
    commas, last = words.count(","), words[-1]
    if commas >= 3 and last not in _STOPS and "." not in words:
        return "keywords"
    if words[0] in {"-", "+", "*", "•"} or (words[0].isdigit() and words[1:2] in ([")"], ["."])):
        return "item"
    if last not in _STOPS and last != '"' and len(words) < 30:
        return "short"
    return "lead" if number == 1 else "text"


def _starts(words: Sequence[str]) -> list[str]:
    starts = ["line"]
    for before in words[:-1]:
        if before in _STOPS:
            starts.append("stop")
        elif before in {'"', "(", "["}:
            starts.append("open")
        elif before == "-":
            starts.append("dash")
        else:
            starts.append("in")
    return starts


def _triggers(words: Sequence[str]) -> list[tuple[str, int]]:
    """For each token the last trigger phrase that ended before it in the clause, and the distance."""
    found: list[tuple[str, int]] = [("-", 0)] * len(words)
    ends = {end: kind for _, end, kind in lexicon("triggers").match(words)}
    kind, since = "-", 0
    for i, word in enumerate(words):
        if i in ends:
            kind, since = ends[i], 0
        if kind != "-":
            found[i] = (kind, since)
            since += 1
            if word in _STOPS or since >= len(_FAR):
                kind = "-"
    return found


def _quotes(words: Sequence[str], triggers: Sequence[tuple[str, int]]) -> list[str]:
    """For each token the state of the double quotes; a quote left open ends with its line."""
    marks = [i for i, word in enumerate(words) if word == '"']
    states = ["-"] * len(words)
    for opening, closing in zip(marks[::2], marks[1::2], strict=False):
        kind, since = triggers[opening]
        why = f"{kind}{'' if since < 3 else '~'}" if since < 8 else "-"
        length = closing - opening - 1
        size = "1" if length == 1 else "s" if length < 5 else "m" if length < 16 else "l"
        for i in range(opening, closing + 1):
            states[i] = f"{why}{size}{'B' if i == opening + 1 else 'E' if i == closing - 1 else ''}"
        states[opening] = f"{why}{size}<"
        states[closing] = f"{why}{size}>"
    return states


def _lexical(name: str, words: Sequence[str], shapes: Sequence[str]) -> list[str]:
    marks = ["-"] * len(words)
    for start, end, kind in lexicon(name).match(words):
        case = "x" if shapes[start] == "x" else "X"
        for i in range(start, end):
            marks[i] = f"{'B' if i == start else 'I'}{kind}{case}{'.' if i == end - 1 else ''}"
    return marks


def capitals(lines: Sequence[tuple[Sequence[str], Sequence[str]]]) -> dict[str, str]:
    """For each form how it is written inside the sentences of the text: capital, small or both."""
    upper: Counter[str] = Counter()
    lower: Counter[str] = Counter()
    for words, shapes in lines:
        for i in range(1, len(words)):
            if words[i - 1] not in _STOPS and words[i - 1] != '"':
                if shapes[i] == "x":
                    lower[words[i]] += 1
                elif shapes[i] == "Xx":
                    upper[words[i]] += 1
    forms = upper.keys() | lower.keys()
    return {form: f"{min(upper[form], 2)}{min(lower[form], 2)}" for form in forms}


def describe_lines(
    lines: Sequence[tuple[Sequence[str], Sequence[str]]],
) -> list[list[tuple[int, ...]]]:
    """The codes of `CONTEXT` for each token of each line; a line is its words and its shapes."""
    seen = capitals(lines)
    out = []
    for number, (words, shapes) in enumerate(lines):
        kind = _code("line", line_kind(number, words))
        triggers = _triggers(words)
        columns = zip(
            _starts(words),
            _quotes(words, triggers),
            (f"{kind}{_FAR[since]}" if kind != "-" else "-" for kind, since in triggers),
            _lexical("places", words, shapes),
            _lexical("terms", words, shapes),
            (seen.get(word, "-") for word in words),
            strict=True,
        )
        out.append(
            [
                (kind, *(_code(name, text) for name, text in zip(CONTEXT[1:], row, strict=True)))
                for row in columns
            ]
        )
    return out
