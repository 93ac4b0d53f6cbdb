"""The words of a line, cut as underthesea's `word_tokenize` cuts them but many times faster.

underthesea's model is a chain of two labels (a token begins a word or goes on with one) whose
features are runs of one to three tokens near a token and what they are: as printed, in lower case,
a number, capitalised, in the dictionary. The weights are read once into tables by run.
"""

from __future__ import annotations

import re
import struct
from functools import lru_cache
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import joblib
import numpy as np
import underthesea
from underthesea.pipeline.text_normalize import token_normalize
from underthesea.pipeline.text_normalize.character_normalize import normalize_characters_in_text
from underthesea.pipeline.word_tokenize.regex_tokenize import patterns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

MODEL = Path(underthesea.__file__).parent / "pipeline/word_tokenize/models/ws_crf_vlsp2013_20230727"
REACH = 2
"""Tokens to each side that the features look at."""
FORMS = ("", "lower")
"""Features that name a run: as printed and in lower case."""
FACTS = ("isdigit", "istitle", "is_in_dict")
"""Features that say whether something holds of a run."""
BEFORE, BEHIND = "BOS", "EOS"
"""Values of the runs that reach over the ends of a line."""

_CHUNK = re.compile(r"\S+")
_TEMPLATE = re.compile(r"T\[(-?\d)(?:,(-?\d))?\](?:\.(\w+))?=")
_NUMBER = re.compile(r"[+-]?[0-9]{1,9}")

_normal = lru_cache(1 << 16)(token_normalize)


def tokens(line: str) -> Iterator[str]:
    """underthesea's tokens of a line; what is plainly a word is told apart from the rest first."""
    line = normalize_characters_in_text(line)
    for chunk in _CHUNK.finditer(line):
        word = chunk[0]
        if word.isalpha() and word[:2] != "Th":
            yield _normal(word)
            continue
        at, end = chunk.span()
        if word[-1] in ".,;" and word[:-1].isalpha() and word.islower():
            yield _normal(word[:-1])
            at = end - 1
        while at < end and (match := patterns.match(line, at)):
            yield _normal(match[0])
            at = match.end()


@lru_cache(1 << 16)
def _told(token: str) -> tuple[str, bool, bool]:
    """A token in lower case, whether it is a number, and whether it is capitalised."""
    return token.lower(), bool(_NUMBER.fullmatch(token)), token[0].upper() == token[0]


class _Line(NamedTuple):
    """The tokens of a line, `REACH` edges at either end, and what holds of each."""

    printed: Sequence[str]
    low: Sequence[str]
    numbers: NDArray[np.bool_]
    titles: NDArray[np.bool_]


class _Feature(NamedTuple):
    """What a run of `size` tokens whose first stands `place` tokens from here says for a word's
    beginning here.
    """

    place: int
    size: int
    kind: str
    value: str
    weight: float


class _Runs:
    """The weights of the runs of one length: by kind a row a value, a column a place."""

    def __init__(self, size: int, features: Sequence[_Feature]) -> None:
        self._size = size
        self._places = range(2 * REACH + 2 - size)
        self._rows = {form: {"": 0} for form in FORMS} | {
            fact: {"False": 0, "True": 1} for fact in FACTS
        }
        self._weights = {}
        for kind, rows in self._rows.items():
            mine = [f for f in features if f.size == size and f.kind == kind]
            at = [rows.setdefault(f.value, len(rows)) for f in mine]
            self._weights[kind] = np.zeros((len(rows), len(self._places)))
            self._weights[kind][at, [f.place + REACH for f in mine]] = [f.weight for f in mine]

    def said(self, line: _Line, dictionary: frozenset[str]) -> NDArray[np.float64]:
        """What the runs say, by token."""
        printed, low = list(self._joined(line.printed)), list(self._joined(line.low))
        titles = [line.titles[at : at + len(low)] for at in range(self._size)]
        found: dict[str, Iterable[int]] = {
            "": map(self._rows[""].get, printed, repeat(0)),
            "lower": map(self._rows["lower"].get, low, repeat(0)),
            "isdigit": line.numbers[: len(low)],
            "istitle": np.logical_and.reduce(titles),
            "is_in_dict": map(dictionary.__contains__, low),
        }
        weights = np.zeros((len(low), len(self._places)))
        for kind, values in found.items():
            rows = np.fromiter(values, np.intp, len(low))
            rows[-REACH:] = self._rows[kind].get(BEHIND, 0)
            rows[:REACH] = self._rows[kind].get(BEFORE, 0)
            weights += self._weights[kind][rows]
        count = len(line.printed) - 2 * REACH
        total = np.zeros(count)
        for at in self._places:
            total += weights[at : at + count, at]
        return total

    def _joined(self, forms: Sequence[str]) -> Iterable[str]:
        """The runs of these forms."""
        return map(" ".join, zip(*(forms[at:] for at in range(self._size)), strict=False))


class Words:
    """Cuts lines into words."""

    def __init__(self, folder: Path = MODEL) -> None:
        features, moves = _read((folder / "models.bin").read_bytes())
        self._dictionary = frozenset(joblib.load(folder / "dictionary.bin"))
        self._runs = [_Runs(size, features) for size in (1, 2, 3)]
        self._stay, self._end, self._begin, self._go_on = moves

    def cut(self, line: str) -> list[str]:
        """The words of a line, the syllables of each joined by spaces."""
        found = list(tokens(line))
        if not found:
            return []
        printed = [BEFORE] * REACH + found + [BEHIND] * REACH
        low, numbers, titles = zip(*map(_told, printed), strict=True)
        told = _Line(printed, low, np.array(numbers), np.array(titles))
        said = np.sum([runs.said(told, self._dictionary) for runs in self._runs], axis=0)
        words: list[str] = []
        for token, begins in zip(found, self._path(said.tolist()), strict=True):
            if begins or not words:
                words.append(token)
            else:
                words[-1] += " " + token
        return words

    def _path(self, said: Sequence[float]) -> list[bool]:
        """Whether each token begins a word, on the best path.

        Of the two labels' scores only the difference is carried along.
        """
        ahead = said[0]
        came: list[tuple[bool, bool]] = []
        for more in said[1:]:
            begin, go_on = ahead + self._stay, ahead + self._end
            came.append((begin >= self._begin, go_on >= self._go_on))
            ahead = max(begin, self._begin) - max(go_on, self._go_on) + more
        path = [ahead >= 0]
        for to_begin, to_go_on in reversed(came):
            path.append(to_begin if path[-1] else to_go_on)
        return path[::-1]


def _read(model: bytes) -> tuple[list[_Feature], list[float]]:
    """The features of a model file of CRFsuite, and its four moves.

    The moves go from beginning a word to beginning the next, from beginning to going on, from going
    on to beginning, and from going on to going on.
    """
    (attributes,) = struct.unpack_from("<I", model, 36)
    (count,) = struct.unpack_from("<I", model, 56)
    record = np.dtype([("move", "<u4"), ("of", "<u4"), ("to", "<u4"), ("weight", "<f8")])
    table = np.frombuffer(model, record, count, 60)
    states, moves = table[table["move"] == 0], table[table["move"] == 1]
    names, links = struct.unpack_from("<II", model, attributes + 16)
    weights = np.zeros(names)
    np.add.at(weights, states["of"], np.where(states["to"] == 0, 1, -1) * states["weight"])
    features = []
    offsets = struct.unpack_from(f"<{names}I", model, attributes + links)
    for offset, weight in zip(offsets, weights.tolist(), strict=True):
        start = attributes + offset + 8
        name = model[start : model.index(0, start)].decode()
        if template := _TEMPLATE.match(name):
            first, last = int(template[1]), int(template[2] or template[1])
            value = name[template.end() :]
            features.append(_Feature(first, last - first + 1, template[3] or "", value, weight))
    return features, moves["weight"].tolist()
