"""The words of a line, cut as underthesea's `word_tokenize` cuts them but many times faster.

underthesea's model is a chain of two labels (a token begins a word or goes on with one) whose
features are runs of one to three tokens near a token and what they are: as printed, in lower case,
a number, capitalised, in the dictionary. The weights are read once into tables by run.
"""

from __future__ import annotations

import re
import struct
from functools import lru_cache, reduce
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import joblib
import numpy as np
import underthesea
from underthesea.pipeline.text_normalize import token_normalize
from underthesea.pipeline.text_normalize.character_normalize import normalize_characters_in_text
from underthesea.pipeline.word_tokenize.regex_tokenize import patterns

from extraction.tagging.compiled import compiled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

MODEL = Path(underthesea.__file__).parent / "pipeline/word_tokenize/models/ws_crf_vlsp2013_20230727"
REACH = 2
"""Tokens to each side that the features look at."""
FORMS = ("", "lower")
"""Features that name a run: as printed and in lower case."""
FACTS = ("isdigit", "istitle", "is_in_dict")
"""Features that say whether something holds of a run."""
SIZES = (1, 2, 3)
"""Lengths of the runs."""
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


class _Feature(NamedTuple):
    """What a run of `size` tokens whose first stands `place` tokens from here says for a word's
    beginning here.
    """

    place: int
    size: int
    kind: str
    value: str
    weight: float


class _Vocabulary:
    """Numbers the tokens that the model knows; 0 is any other."""

    def __init__(self, known: Iterable[str]) -> None:
        self._numbers = {token: i for i, token in enumerate(sorted(set(known)), 1)}
        self._base = len(self._numbers) + 1
        self.facts = lru_cache(1 << 16)(self._facts)

    def _facts(self, token: str) -> tuple[int, int, bool, bool]:
        """The number of a token as printed and in lower case, whether it is a number, and whether
        it is capitalised.
        """
        low = token.lower()
        number = bool(_NUMBER.fullmatch(token))
        return self[token], self[low], number, token[0].upper() == token[0]

    def __getitem__(self, token: str) -> int:
        return self._numbers.get(token, 0)

    def run(self, tokens: Sequence[str]) -> int:
        """The number of one run."""
        return reduce(lambda number, token: number * self._base + self[token], tokens, 0)

    def runs(self, numbers: NDArray[np.int64], size: int) -> NDArray[np.int64]:
        """One number for each run of so many tokens; runs that differ in a known one differ."""
        count = len(numbers) - size + 1
        out = np.zeros(count, np.int64)
        for at in range(size):
            out = out * self._base + numbers[at : at + count]
        return out


_GUARD = np.iinfo(np.int64).max


class _Table:
    """Rows of numbers by key; zeros for any other key."""

    def __init__(self, rows: Mapping[int, NDArray[np.float64]], width: int) -> None:
        kept = sorted({**rows, _GUARD: np.zeros(width)}.items(), key=itemgetter(0))
        self._keys = np.array([key for key, _ in kept])
        self._rows = np.array([row for _, row in kept])

    def rows(self, keys: NDArray[np.int64]) -> NDArray[np.float64]:
        """The row of each key."""
        at = np.searchsorted(self._keys, keys)
        return self._rows[np.where(self._keys[at] == keys, at, -1)]


class _Lines(NamedTuple):
    """The tokens of lines, one line behind another, each with `REACH` edges at either end."""

    forms: Mapping[str, NDArray[np.int64]]
    numbers: NDArray[np.bool_]
    titles: NDArray[np.bool_]
    before: NDArray[np.bool_]
    behind: NDArray[np.bool_]


class _Runs:
    """The weights of the runs of one length."""

    def __init__(
        self,
        size: int,
        features: Sequence[_Feature],
        vocabulary: _Vocabulary,
        dictionary: Iterable[str],
    ) -> None:
        self._size = size
        self._vocabulary = vocabulary
        self._places = range(2 * REACH + 2 - size)
        self._edges: dict[str, list[NDArray[np.float64]]] = {}
        self._facts: dict[str, NDArray[np.float64]] = {}
        self._forms: dict[str, _Table] = {}
        for kind in (*FORMS, *FACTS):
            rows: dict[str, NDArray[np.float64]] = {}
            for feature in features:
                if feature.size == size and feature.kind == kind:
                    row = rows.setdefault(feature.value, np.zeros(len(self._places)))
                    row[feature.place + REACH] = feature.weight
            zeros = np.zeros(len(self._places))
            self._edges[kind] = [rows.get(edge, zeros) for edge in (BEFORE, BEHIND)]
            if kind in FACTS:
                self._facts[kind] = np.array([rows.get(str(fact), zeros) for fact in (False, True)])
            else:
                self._forms[kind] = self._table(rows, len(self._places))
        self._words = self._table(dict.fromkeys(dictionary, np.ones(1)), 1)

    def _table(self, rows: Mapping[str, NDArray[np.float64]], width: int) -> _Table:
        mine = {run: row for run, row in rows.items() if run.count(" ") == self._size - 1}
        return _Table(
            {self._vocabulary.run(run.split(" ")): row for run, row in mine.items()}, width
        )

    def said(self, lines: _Lines) -> NDArray[np.float64]:
        """What the runs say, by token."""
        keys = {kind: self._vocabulary.runs(lines.forms[kind], self._size) for kind in FORMS}
        count = len(keys["lower"])
        titles = [lines.titles[at : at + count] for at in range(self._size)]
        facts = {
            "isdigit": lines.numbers[:count],
            "istitle": np.logical_and.reduce(titles),
            "is_in_dict": self._words.rows(keys["lower"])[:, 0] > 0,
        }
        weights = np.zeros((count, len(self._places)))
        for kind, (before, behind) in self._edges.items():
            if kind in self._forms:
                found = self._forms[kind].rows(keys[kind])
            else:
                found = self._facts[kind][facts[kind].astype(np.intp)]
            found[lines.behind[self._size - 1 :]] = behind
            found[lines.before[:count]] = before
            weights += found
        total = np.zeros(len(lines.titles) - 2 * REACH)
        for at in self._places:
            total += weights[at : at + len(total), at]
        return total


class Words:
    """Cuts lines into words."""

    def __init__(self, folder: Path = MODEL) -> None:
        features, moves = _read((folder / "models.bin").read_bytes())
        dictionary = joblib.load(folder / "dictionary.bin")
        runs = [feature.value for feature in features if feature.kind in FORMS]
        runs += [word for word in dictionary if word.count(" ") < len(SIZES)]
        self._vocabulary = _Vocabulary(token for run in runs for token in run.split(" "))
        self._runs = [_Runs(size, features, self._vocabulary, dictionary) for size in SIZES]
        self._moves = np.array(moves)

    def cut(self, lines: Iterable[str]) -> list[list[str]]:
        """The words of each line, the syllables of each joined by spaces."""
        found = [list(tokens(line)) for line in lines]
        begins = iter(self._begins([line for line in found if line]))
        return [_joined(line, begins) for line in found]

    def _begins(self, lines: Sequence[Sequence[str]]) -> Sequence[bool]:
        """Whether each token of these lines, none of them empty, begins a word."""
        if not lines:
            return ()
        edges = [BEFORE] * REACH, [BEHIND] * REACH
        padded = [token for line in lines for token in (*edges[0], *line, *edges[1])]
        printed, low, numbers, titles = map(
            np.array, zip(*map(self._vocabulary.facts, padded), strict=True)
        )
        lengths = np.array([len(line) for line in lines])
        ends = np.cumsum(lengths + 2 * REACH)
        before, behind = np.zeros((2, len(padded)), np.bool_)
        for at in range(REACH):
            before[ends - lengths - 2 * REACH + at] = True
            behind[ends - 1 - at] = True
        told = _Lines({"": printed, "lower": low}, numbers, titles, before, behind)
        said = np.sum([runs.said(told) for runs in self._runs], axis=0)
        inner = slice(REACH, len(padded) - REACH)
        begins = _path(said[~(before | behind)[inner]], lengths, self._moves)
        return [bool(begin) for begin in begins]


def _joined(line: Sequence[str], begins: Iterator[bool]) -> list[str]:
    words: list[str] = []
    for token in line:
        if next(begins) or not words:
            words.append(token)
        else:
            words[-1] += " " + token
    return words


@compiled
def _path(
    said: NDArray[np.float64], lengths: NDArray[np.int64], moves: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Whether each token begins a word, on the best path through each line.

    Of the two labels' scores only the difference is carried along.
    """
    stay, end, begin, go_on = moves
    path = np.zeros(len(said), np.bool_)
    came = np.zeros((len(said), 2), np.bool_)
    first = 0
    for length in lengths:
        ahead = said[first]
        for at in range(first + 1, first + length):
            to_begin, to_go_on = ahead + stay, ahead + end
            came[at, 0], came[at, 1] = to_begin >= begin, to_go_on >= go_on
            ahead = max(to_begin, begin) - max(to_go_on, go_on) + said[at]
        path[first + length - 1] = ahead >= 0
        for at in range(first + length - 1, first, -1):
            path[at - 1] = came[at, 0] if path[at] else came[at, 1]
        first += length
    return path


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
