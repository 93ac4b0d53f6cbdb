"""What stands around a token: its line, quotes, brackets, known phrases and trigger words.

Columns, one small code a token (`CONTEXT` names them):

- `line`: headline, lead, keyword list, item, short line without a full stop, or running text
- `start`: first of its line, after a full stop, after an opening quote or bracket, or inside
- `quote`: outside, or the kind of the trigger word before the quote, and how far in the token is
- `trigger`: the nearest trigger phrase to the left in the clause, and how far it is
- `theme`: the last trigger that names models, movements, titles or topics, and the list part
- `place`, `term`, `name`: match of the lexicons of places, of terms and of names found in the press, with the part (begin or inside)
- `bond`: how strongly the token clings to the one before, in the press at large
- `seen`: whether the form occurs capitalised inside a sentence elsewhere in the text
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from extraction.tagging.attributes import Codes, encode, read_table
from extraction.tagging.phrases import lexicon

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CONTEXT = (
    "line",
    "start",
    "quote",
    "trigger",
    "theme",
    "place",
    "term",
    "name",
    "bond",
    "seen",
)
_STOPS = {".", "!", "?", ";", ":"}
_ENDS = {".", "!", "?"}
_LIGHT = {'"', ":", "(", "-", "'"}
_PLURAL = {"các", "những", "nhiều", "một", "số", "mấy"}
_FAR = (0, 1, 2, 3, 4, 4, 5, 5, 5, 5, 6, 6, 6, 6, 6, 6)


@cache
def bonds() -> dict[tuple[str, str], str]:
    """Pairs of forms that cling together, with the strength."""
    return {(a, b): level for a, b, level in read_table("bonds")}


_CODES = [Codes(name) for name in CONTEXT]


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
    """For each token the last trigger phrase that ended before it in the sentence, and the distance.

    A trigger after a plural word (`các mô hình`) is another kind: it may govern a list.
    """
    found: list[tuple[str, int]] = [("-", 0)] * len(words)
    ends = {
        end: kind + ("s" if start and words[start - 1] in _PLURAL else "")
        for start, end, kind in lexicon("triggers").match(words)
    }
    kind, since = "-", 0
    for i, word in enumerate(words):
        if i in ends:
            kind, since = ends[i], 0
        if kind != "-":
            found[i] = (kind, since)
            since += word not in _LIGHT
            if word in _ENDS or since >= len(_FAR):
                kind = "-"
    return found


def _themes(words: Sequence[str], before: str) -> list[str]:
    """For each token the last naming trigger of the sentence, or the one that the line before left."""
    themes = []
    ends = {end: kind for _, end, kind in lexicon("triggers").match(words)}
    theme, parts = before, 0
    for i, word in enumerate(words):
        if ends.get(i, "honorific") != "honorific":
            theme, parts = ends[i], 0
        themes.append(f"{theme}{min(parts, 3)}")
        parts += word in {",", ";", "và"}
        if word in _ENDS:
            theme, parts = "-", 0
    return themes


def _quotes(words: Sequence[str], triggers: Sequence[tuple[str, int]]) -> list[str]:
    """For each token the state of the double quotes; a quote left open ends with its line."""
    marks = [i for i, word in enumerate(words) if word == '"']
    states = ["-"] * len(words)
    why, closed = "-", -9
    for opening, closing in zip(marks[::2], marks[1::2], strict=False):
        kind, since = triggers[opening]
        if kind != "-" and since < 8:
            why = kind + ("" if since < 3 else "~")
        elif opening - closed <= 3:
            why = why.rstrip("~&") + "&"
        else:
            why = "-"
        closed = closing
        length = closing - opening - 1
        size = "1" if length == 1 else "s" if length < 5 else "m" if length < 16 else "l"
        size += "." if any(word in _ENDS for word in words[opening:closing]) else ""
        for i in range(opening, closing + 1):
            states[i] = f"{why}{size}{'B' if i == opening + 1 else 'E' if i == closing - 1 else ''}"
        states[opening] = f"{why}{size}<"
        states[closing] = f"{why}{size}>"
    return states


def _bonds(words: Sequence[str]) -> list[str]:
    """For each token the strength of its bond to the token before."""
    at = bonds().get
    return ["-", *(at(pair, "0") for pair in pairwise(words))]


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
) -> list[list[list[int]]]:
    """For each line the columns of `CONTEXT`, a code a token; a line is its words and its shapes."""
    seen = capitals(lines)
    out = []
    theme = "-"
    for number, (words, shapes) in enumerate(lines):
        kind = line_kind(number, words)
        triggers = _triggers(words)
        themes = _themes(words, theme if kind == "item" else "-")
        theme = themes[-1].rstrip("0123^") + "^"
        texts: tuple[Iterable[str], ...] = (
            [kind] * len(words),
            _starts(words),
            _quotes(words, triggers),
            (f"{cue}{_FAR[since]}" if cue != "-" else "-" for cue, since in triggers),
            themes,
            _lexical("places", words, shapes),
            _lexical("terms", words, shapes),
            _lexical("names", words, shapes),
            _bonds(words),
            (seen.get(word, "-") for word in words),
        )
        out.append(encode(_CODES, texts))
    return out
